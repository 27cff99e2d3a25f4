/* test_address_file.c - the feature with a host of this test. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "feature_address_file.c"

static char path[] = "/tmp/gw6c-example-XXXXXX";

static void on_log(const struct gw6c_host *host, enum gw6c_level level,
		   const char *fmt, ...)
{
	(void)host;
	(void)level;
	(void)fmt;
}

static const char *on_str(const struct gw6c_host *host, const char *key)
{
	(void)host;
	return strcmp(key, "path") == 0 ? path : "";
}

static bool file_is(const char *want)
{
	char line[100] = "";
	FILE *file = fopen(path, "r");

	if (!file)
		return want == NULL;
	if (!fgets(line, sizeof(line), file))
		line[0] = 0;
	fclose(file);
	return want && strcmp(line, want) == 0;
}

int main(void)
{
	const struct gw6c_host host = { .size = sizeof(host),
					.log = on_log,
					.str = on_str };
	struct gw6c_lease lease = { .size = sizeof(lease) };
	struct gw6c_plan plan = { .size = sizeof(plan), .dev = "tun7" };
	struct gw6c_news news = {
		.size = sizeof(news), .why = "", .lease = &lease, .plan = &plan
	};
	struct gw6c_err err = { 0 };
	void *self;
	int fd = mkstemp(path);

	if (fd < 0 || ops.open(&host, &self, &err))
		return 1;
	close(fd);
	gw6c_addr_parse("2001:db8::1", &lease.inner);
	news.fact = GW6C_READY;
	ops.tell(self, &news);
	if (!file_is("2001:db8::1 tun7\n"))
		return 1;
	news.fact = GW6C_DOWN;
	ops.tell(self, &news);
	if (!file_is(NULL))
		return 1;
	news.fact = GW6C_READY;
	ops.tell(self, &news);
	ops.close(self);
	return !file_is(NULL);
}
