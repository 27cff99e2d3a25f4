/* fake_host.c - host services under a test's control. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "fake_host.h"
#include <stdlib.h>

static struct fake_host *fake_of(const struct gw6c_host *host)
{
	return host->priv;
}

GW6C_PRINTF(3, 4)
static void fake_log(const struct gw6c_host *host, enum gw6c_level level,
		     const char *fmt, ...)
{
	struct fake_host *fake = fake_of(host);
	size_t used = strlen(fake->log), room = sizeof(fake->log) - used;
	int n = snprintf(fake->log + used, room, "%d ", level);
	va_list args;

	if (n < 0 || (size_t)n >= room)
		return;
	used += (size_t)n;
	va_start(args, fmt);
	vsnprintf(fake->log + used, sizeof(fake->log) - used, fmt, args);
	va_end(args);
	used = strlen(fake->log);
	if (used + 1 < sizeof(fake->log))
		memcpy(fake->log + used, "\n", 2);
}

static const char *fake_str(const struct gw6c_host *host, const char *key)
{
	struct fake_host *fake = fake_of(host);

	for (int i = 0; i < FAKE_OPTIONS && fake->option[i].key; i++)
		if (strcmp(fake->option[i].key, key) == 0)
			return fake->option[i].value;
	return "";
}

static long fake_num(const struct gw6c_host *host, const char *key)
{
	return strtol(fake_str(host, key), NULL, 10);
}

static bool fake_yes(const struct gw6c_host *host, const char *key)
{
	return strcmp(fake_str(host, key), "yes") == 0;
}

static void fake_random(const struct gw6c_host *host, void *at, size_t len)
{
	struct fake_host *fake = fake_of(host);
	size_t n = fake->random_text ? strlen(fake->random_text) : 0;
	uint8_t *octet = at;

	for (size_t i = 0; i < len; i++)
		octet[i] =
			n ? (uint8_t)fake->random_text[i % n] : fake->random++;
}

static uint64_t fake_now_ms(const struct gw6c_host *host)
{
	return fake_of(host)->now_ms;
}

static int fake_slot(struct fake_host *fake)
{
	for (int i = 0; i < FAKE_WATCHES; i++)
		if (!fake->watch[i].used)
			return i;
	return -1;
}

static struct gw6c_watch *fake_on_fd(const struct gw6c_host *host, int fd,
				     int ready,
				     void (*call)(void *arg, int ready),
				     void *arg)
{
	struct fake_host *fake = fake_of(host);
	int at = fake_slot(fake);

	if (at < 0)
		return NULL;
	fake->watch[at].used = true;
	fake->watch[at].fd = fd;
	fake->watch[at].ready = ready;
	fake->watch[at].on_fd = call;
	fake->watch[at].arg = arg;
	return (struct gw6c_watch *)&fake->watch[at];
}

static struct gw6c_watch *fake_on_timer(const struct gw6c_host *host,
					uint32_t ms, void (*call)(void *arg),
					void *arg)
{
	struct fake_host *fake = fake_of(host);
	int at = fake_slot(fake);

	if (at < 0)
		return NULL;
	fake->watch[at].used = true;
	fake->watch[at].fd = -1;
	fake->watch[at].at_ms = fake->now_ms + ms;
	fake->watch[at].on_timer = call;
	fake->watch[at].arg = arg;
	return (struct gw6c_watch *)&fake->watch[at];
}

static void fake_forget(const struct gw6c_host *host, struct gw6c_watch *watch)
{
	struct fake_host *fake = fake_of(host);

	for (int i = 0; i < FAKE_WATCHES; i++)
		if (watch == (struct gw6c_watch *)&fake->watch[i])
			fake->watch[i].used = false;
}

static void fake_changed(const struct gw6c_host *host)
{
	fake_of(host)->changed++;
}

static void fake_control(const struct gw6c_host *host, struct gw6c_bytes in)
{
	struct fake_host *fake = fake_of(host);

	fake->control_len =
		in.len < sizeof(fake->control) ? in.len : sizeof(fake->control);
	memcpy(fake->control, in.at, fake->control_len);
}

static void fake_broken(const struct gw6c_host *host,
			const struct gw6c_err *err)
{
	fake_log(host, GW6C_ERROR, "broken: %s", err->text);
	fake_of(host)->broken++;
}

static void fake_damaged(const struct gw6c_host *host, const char *what)
{
	fake_log(host, GW6C_NOTICE, "damaged: %s", what);
	fake_of(host)->damaged++;
}

/* Nothing is run; what would have been is written down. */
static int fake_run_wait(const struct gw6c_host *host,
			 const struct gw6c_run *run, uint32_t limit_ms,
			 struct gw6c_err *err)
{
	struct fake_host *fake = fake_of(host);

	for (const char *const *word = run->argv; *word; word++) {
		size_t used = strlen(fake->ran);

		snprintf(fake->ran + used, sizeof(fake->ran) - used, "%s%s",
			 *word, word[1] ? " " : "\n");
	}
	fake->limit_ms = limit_ms;
	if (++fake->runs == fake->fail_run)
		return gw6c_fail(err, GW6C_EOS, "%s: exit status 1",
				 run->argv[0]);
	return GW6C_OK;
}

void fake_host_init(struct fake_host *fake)
{
	memset(fake, 0, sizeof(*fake));
	fake->host = (struct gw6c_host){
		.size = sizeof(struct gw6c_host),
		.priv = fake,
		.log = fake_log,
		.str = fake_str,
		.num = fake_num,
		.yes = fake_yes,
		.random = fake_random,
		.now_ms = fake_now_ms,
		.on_fd = fake_on_fd,
		.on_timer = fake_on_timer,
		.forget = fake_forget,
		.network_changed = fake_changed,
		.control = fake_control,
		.broken = fake_broken,
		.damaged = fake_damaged,
		.run_dir = "/nonexistent",
		.run_wait = fake_run_wait,
	};
}

void fake_host_option(struct fake_host *fake, const char *key,
		      const char *value)
{
	for (int i = 0; i < FAKE_OPTIONS; i++) {
		if (fake->option[i].key)
			continue;
		fake->option[i].key = key;
		fake->option[i].value = value;
		return;
	}
	abort();
}

static int fake_next_timer(const struct fake_host *fake, uint64_t until_ms)
{
	int next = -1;

	for (int i = 0; i < FAKE_WATCHES; i++) {
		if (!fake->watch[i].used || fake->watch[i].fd >= 0 ||
		    fake->watch[i].at_ms > until_ms)
			continue;
		if (next < 0 || fake->watch[i].at_ms < fake->watch[next].at_ms)
			next = i;
	}
	return next;
}

void fake_host_pass(struct fake_host *fake, uint32_t ms)
{
	uint64_t until_ms = fake->now_ms + ms;
	int at;

	while ((at = fake_next_timer(fake, until_ms)) >= 0) {
		fake->now_ms = fake->watch[at].at_ms;
		fake->watch[at].used = false;
		fake->watch[at].on_timer(fake->watch[at].arg);
	}
	fake->now_ms = until_ms;
}

int fake_host_ready(struct fake_host *fake, int fd, int ready)
{
	int calls = 0;

	for (int i = 0; i < FAKE_WATCHES; i++) {
		if (!fake->watch[i].used || fake->watch[i].fd != fd ||
		    !(fake->watch[i].ready & ready))
			continue;
		fake->watch[i].on_fd(fake->watch[i].arg, ready);
		calls++;
	}
	return calls;
}

int fake_host_left(const struct fake_host *fake)
{
	int left = 0;

	for (int i = 0; i < FAKE_WATCHES; i++)
		left += fake->watch[i].used;
	return left;
}
