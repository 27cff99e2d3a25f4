/* test_router_adv.c - when our radvd is started, restarted and ended. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "tests/fake/fake_host.h"
#include "tests/unit/unit.h"
#include <fcntl.h>
#include <gw6c/plugin.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

extern const struct gw6c_plugin feature_router_adv_LTX_gw6c_plugin;
static const struct gw6c_feature_ops *ops;

static char dir[] = "/tmp/gw6c-router-adv-XXXXXX";
static struct fake_host fake;
static struct gw6c_lease lease;
static void *self;
static int runs, ends, fail;
static bool running;
static char command[256]; /* that was run */
static char conf[8192]; /* what it was given to read */
static char shown[256]; /* "key=value " of the last status */
static void (*ended)(void *arg, int status);
static void *ended_arg;

static char *path_of(const char *name)
{
	static char path[256];

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	return path;
}

static bool is_there(const char *name)
{
	return access(path_of(name), F_OK) == 0;
}

static struct gw6c_child *run(const struct gw6c_host *host,
			      const struct gw6c_run *what, struct gw6c_err *err)
{
	FILE *file = fopen(path_of("router-adv.conf"), "r");

	(void)host;
	CU_ASSERT_FALSE(running);
	CU_ASSERT_EQUAL(what->size, sizeof(*what));
	CU_ASSERT_EQUAL(what->flags, GW6C_RUN_AGAIN);
	command[0] = 0;
	for (int i = 0; what->argv[i]; i++) {
		strcat(command, what->argv[i]);
		strcat(command, " ");
	}
	CU_ASSERT_PTR_NOT_NULL_FATAL(file);
	conf[fread(conf, 1, sizeof(conf) - 1, file)] = 0;
	fclose(file);
	runs++;
	if (fail) {
		gw6c_fail(err, GW6C_EOS, "cannot run radvd: no such file");
		return NULL;
	}
	running = true;
	ended = what->ended;
	ended_arg = what->arg;
	return (struct gw6c_child *)&running;
}

/* Its file is there until it has ended. */
static void end(const struct gw6c_host *host, struct gw6c_child *child)
{
	(void)host;
	if (!child)
		return;
	CU_ASSERT_TRUE(running);
	CU_ASSERT_TRUE(is_there("router-adv.conf"));
	running = false;
	ends++;
}

GW6C_PRINTF(3, 4)
static void status(const struct gw6c_host *host, const char *key,
		   const char *fmt, ...)
{
	size_t used = strcmp(key, "advertising") ? strlen(shown) : 0;
	va_list args;

	(void)host;
	used += (size_t)snprintf(shown + used, sizeof(shown) - used,
				 "%s=", key);
	va_start(args, fmt);
	used += (size_t)vsnprintf(shown + used, sizeof(shown) - used, fmt,
				  args);
	va_end(args);
	snprintf(shown + used, sizeof(shown) - used, " ");
}

static void add_lan(int i, const char *dev, const char *prefix)
{
	struct gw6c_lan *lan = &lease.lans[i];

	memset(lan, 0, sizeof(*lan));
	snprintf(lan->dev, sizeof(lan->dev), "%s", dev);
	if (prefix && gw6c_addr_parse(prefix, &lan->prefix))
		lan->prefix.bits = 64;
}

static void begin(const char *by)
{
	struct gw6c_err err = { 0 };

	fake_host_init(&fake);
	fake_host_option(&fake, "by", by);
	fake_host_option(&fake, "program", "radvd");
	fake_host_option(&fake, "dns", "no");
	fake.host.run_dir = dir;
	fake.host.run = run;
	fake.host.end = end;
	fake.host.status = status;
	runs = ends = fail = 0;
	shown[0] = 0;
	lease = (struct gw6c_lease){ .size = sizeof(lease), .mtu = 1280 };
	add_lan(0, "lan0", "2001:db8:1::");
	CU_ASSERT_EQUAL_FATAL(ops->open(&fake.host, &self, &err), GW6C_OK);
}

static void tell(enum gw6c_fact fact)
{
	const struct gw6c_plan plan = { .size = sizeof(plan) };
	const struct gw6c_news news = { .size = sizeof(news),
					.fact = fact,
					.why = "",
					.lease = &lease,
					.plan = &plan };

	CU_ASSERT_EQUAL(ops->tell(self, &news), GW6C_OK);
}

static void leave(void)
{
	ops->close(self);
	CU_ASSERT_FALSE(running);
	CU_ASSERT_FALSE(is_there("router-adv.conf"));
}

static void it_advertises_while_packets_pass(void)
{
	char want[256];

	begin("radvd");
	CU_ASSERT_STRING_EQUAL(shown, "advertising=no networks=0 restarts=0 ");
	tell(GW6C_READY);
	CU_ASSERT_EQUAL(runs, 1);
	snprintf(want, sizeof(want),
		 "radvd --nodaemon --config %s/router-adv.conf --pidfile "
		 "%s/router-adv.pid --logmethod stderr_clean ",
		 dir, dir);
	CU_ASSERT_STRING_EQUAL(command, want);
	CU_ASSERT_PTR_NOT_NULL(strstr(conf, "prefix 2001:db8:1::/64 {"));
	CU_ASSERT_STRING_EQUAL(shown, "advertising=yes networks=1 restarts=0 ");
	CU_ASSERT_STRING_EQUAL(fake.log, "3 advertising the prefix on lan0\n");
	tell(GW6C_LEAVING);
	CU_ASSERT_EQUAL(ends, 1);
	CU_ASSERT_FALSE(is_there("router-adv.conf"));
	CU_ASSERT_STRING_EQUAL(shown, "advertising=no networks=0 restarts=0 ");
	tell(GW6C_DOWN);
	tell(GW6C_READY);
	CU_ASSERT_EQUAL(runs, 2);
	tell(GW6C_DOWN);
	CU_ASSERT_EQUAL(ends, 2);
	tell(GW6C_READY);
	leave();
	CU_ASSERT_EQUAL(ends, 3);
}

/* Hosts are not told the same again. */
static void only_what_changes_restarts_it(void)
{
	begin("radvd");
	tell(GW6C_READY);
	tell(GW6C_CHANGED);
	lease.lifetime_s = 77;
	tell(GW6C_CHANGED);
	CU_ASSERT_EQUAL(runs, 1);
	add_lan(1, "lan1", NULL);
	add_lan(2, "lan2", "2001:db8:2::");
	tell(GW6C_CHANGED);
	CU_ASSERT_EQUAL(runs, 2);
	CU_ASSERT_EQUAL(ends, 1);
	CU_ASSERT_PTR_NOT_NULL(strstr(conf, "prefix 2001:db8:2::/64 {"));
	CU_ASSERT_PTR_NOT_NULL(strstr(fake.log, "on lan0 and others\n"));
	CU_ASSERT_STRING_EQUAL(shown, "advertising=yes networks=2 restarts=0 ");
	add_lan(0, "lan0", NULL);
	tell(GW6C_CHANGED);
	CU_ASSERT_EQUAL(runs, 3);
	CU_ASSERT_PTR_NOT_NULL(strstr(fake.log, "the prefix on lan2\n"));
	add_lan(2, "lan2", NULL);
	tell(GW6C_CHANGED);
	CU_ASSERT_EQUAL(runs, 3);
	CU_ASSERT_FALSE(running);
	CU_ASSERT_STRING_EQUAL(shown, "advertising=no networks=0 restarts=0 ");
	leave();
}

static void restarts_are_counted(void)
{
	begin("radvd");
	tell(GW6C_READY);
	ended(ended_arg, 0);
	ended(ended_arg, 0);
	CU_ASSERT_STRING_EQUAL(shown, "advertising=yes networks=1 restarts=2 ");
	leave();
}

/* No program, no file, no name: told, and the tunnel is not troubled. */
static void what_is_amiss_is_told(void)
{
	begin("radvd");
	fail = 1;
	tell(GW6C_READY);
	CU_ASSERT_STRING_EQUAL(
		fake.log,
		"2 cannot run radvd: no such file; hosts behind this router "
		"get no router advertisements: install radvd, or set "
		"ra=none\n");
	CU_ASSERT_STRING_EQUAL(shown, "advertising=no networks=0 restarts=0 ");
	fail = 0;
	tell(GW6C_CHANGED);
	CU_ASSERT_TRUE(running);
	add_lan(0, "la{n", "2001:db8:1::");
	tell(GW6C_CHANGED);
	CU_ASSERT_PTR_NOT_NULL(strstr(fake.log, "2 no advertisements: "));
	CU_ASSERT_FALSE(running);
	add_lan(0, "lan0", "2001:db8:1::");
	CU_ASSERT_EQUAL(mkdir(path_of("router-adv.conf"), 0700), 0);
	runs = 0;
	tell(GW6C_CHANGED);
	CU_ASSERT_PTR_NOT_NULL(strstr(fake.log, "/router-adv.conf: File exists"
						"\n"));
	CU_ASSERT_EQUAL(runs, 0);
	rmdir(path_of("router-adv.conf"));
	leave();
}

static void by_none_is_idle(void)
{
	struct gw6c_plan plan = { .size = sizeof(plan) };
	struct gw6c_err err = { 0 };

	begin("none");
	tell(GW6C_READY);
	tell(GW6C_CHANGED);
	CU_ASSERT_EQUAL(runs, 0);
	CU_ASSERT_EQUAL(ops->plan(&fake.host, &lease, &plan, &err), GW6C_OK);
	CU_ASSERT_EQUAL(plan.n, 0);
	leave();
}

static void what_radvd_changes_is_kept(void)
{
	struct gw6c_plan plan = { .size = sizeof(plan) };
	struct gw6c_err err = { 0 };

	begin("radvd");
	add_lan(1, "lan1", NULL);
	add_lan(2, "lan2", "2001:db8:2::");
	CU_ASSERT_EQUAL(ops->plan(&fake.host, &lease, &plan, &err), GW6C_OK);
	CU_ASSERT_EQUAL(plan.n, 2);
	CU_ASSERT_EQUAL(plan.step[0].verb, GW6C_KEEP);
	CU_ASSERT_STRING_EQUAL(plan.step[0].dev, "lan0");
	CU_ASSERT_EQUAL(plan.step[1].verb, GW6C_KEEP);
	CU_ASSERT_STRING_EQUAL(plan.step[1].dev, "lan2");
	leave();
}

/* What a killed run left; and opening it takes nothing away. */
static void its_files_are_swept(void)
{
	close(open(path_of("router-adv.conf"), O_CREAT | O_WRONLY, 0600));
	close(open(path_of("router-adv.pid"), O_CREAT | O_WRONLY, 0600));
	begin("radvd");
	CU_ASSERT_TRUE(is_there("router-adv.conf"));
	ops->sweep(&fake.host);
	CU_ASSERT_FALSE(is_there("router-adv.conf"));
	CU_ASSERT_FALSE(is_there("router-adv.pid"));
	leave();
}

int main(void)
{
	static const struct unit_test tests[] = {
		UNIT_TEST(it_advertises_while_packets_pass),
		UNIT_TEST(only_what_changes_restarts_it),
		UNIT_TEST(restarts_are_counted),
		UNIT_TEST(what_is_amiss_is_told),
		UNIT_TEST(by_none_is_idle),
		UNIT_TEST(what_radvd_changes_is_kept),
		UNIT_TEST(its_files_are_swept),
	};
	int rc;

	ops = feature_router_adv_LTX_gw6c_plugin.feature;
	if (!mkdtemp(dir))
		return 1;
	rc = UNIT_RUN("router_adv", tests);
	return rmdir(dir) == 0 ? rc : 1;
}
