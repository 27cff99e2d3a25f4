/* test_linux_ra.c - whose router advertisements a router takes, on interfaces
 * that are made up here; and how all that is restored, also by another run. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "plugins/os/linux.h"
#include "tests/fake/fake_host.h"
#include "tests/unit/unit.h"
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#define DEVS 8

static struct dev {
	unsigned index; /* 0: not there */
	char name[IF_NAMESIZE];
	char accept_ra[4], forwarding[4];
} devs[DEVS];
static bool read_only;

static struct dev *dev_named(const char *name)
{
	for (int i = 0; i < DEVS; i++)
		if (devs[i].index && strcmp(devs[i].name, name) == 0)
			return &devs[i];
	return NULL;
}

/* --- the system, instead of the C library and linux_sysctl.c ------------- */

unsigned if_nametoindex(const char *name)
{
	const struct dev *dev = dev_named(name);

	return dev ? dev->index : 0;
}

char *if_indextoname(unsigned index, char name[IF_NAMESIZE])
{
	for (int i = 0; i < DEVS; i++)
		if (index && devs[i].index == index)
			return strcpy(name, devs[i].name);
	return NULL;
}

static struct if_nameindex list[DEVS + 1];

struct if_nameindex *if_nameindex(void)
{
	int n = 0;

	for (int i = 0; i < DEVS; i++)
		if (devs[i].index)
			list[n++] = (struct if_nameindex){ devs[i].index,
							   devs[i].name };
	list[n] = (struct if_nameindex){ 0, NULL };
	return list;
}

void if_freenameindex(struct if_nameindex *given)
{
	(void)given;
}

static char *value_of(const char *name, const char *key)
{
	struct dev *dev = dev_named(name);

	if (!dev)
		return NULL;
	return strcmp(key, "accept_ra") == 0 ? dev->accept_ra : dev->forwarding;
}

bool linux_conf_get(const char *dev, const char *key, char *room, size_t len)
{
	const char *value = value_of(dev, key);

	if (value)
		snprintf(room, len, "%s", value);
	return value != NULL;
}

bool linux_conf_set(const char *dev, const char *key, const char *value)
{
	char *at = value_of(dev, key);

	errno = EROFS;
	if (at && !read_only)
		snprintf(at, sizeof(devs[0].accept_ra), "%s", value);
	return at && !read_only;
}

bool linux_conf_is(const char *dev, const char *key, const char *want)
{
	const char *value = value_of(dev, key);

	return value && strcmp(value, want) == 0;
}

/* --- what the tests begin with ------------------------------------------- */

static struct fake_host fake;
static struct linux_os os;
static struct gw6c_plan plan;
static struct gw6c_err err;
static char dir[] = "/tmp/test_linux_ra.XXXXXX", file[64];

static void dev_add(int at, unsigned index, const char *name,
		    const char *accept_ra, const char *forwarding)
{
	devs[at].index = index;
	snprintf(devs[at].name, IF_NAMESIZE, "%s", name);
	snprintf(devs[at].accept_ra, sizeof(devs[at].accept_ra), "%s",
		 accept_ra);
	snprintf(devs[at].forwarding, sizeof(devs[at].forwarding), "%s",
		 forwarding);
}

static void begin(void)
{
	memset(devs, 0, sizeof(devs));
	dev_add(0, 1, "lo", "1", "0");
	dev_add(1, 2, "wan", "1", "0");
	dev_add(2, 3, "lan0", "1", "0");
	dev_add(3, 4, "lan1", "2", "1");
	dev_add(4, 5, "still", "0", "0");
	dev_add(5, 6, "own", "2", "0");
	dev_add(6, 7, "router", "1", "1");
	read_only = false;
	fake_host_init(&fake);
	fake.host.run_dir = dir;
	os = (struct linux_os){ .host = &fake.host };
	plan = (struct gw6c_plan){ .size = sizeof(plan), .dev = "gw6c0" };
	gw6c_plan_add(&plan, GW6C_ADDR); /* of the tunnel */
	snprintf(gw6c_plan_add(&plan, GW6C_ADDR)->dev, GW6C_DEV, "lan0");
	snprintf(gw6c_plan_add(&plan, GW6C_KEEP)->dev, GW6C_DEV, "lan1");
	snprintf(gw6c_plan_add(&plan, GW6C_ROUTE)->dev, GW6C_DEV, "wan");
	snprintf(gw6c_plan_add(&plan, GW6C_ADDR)->dev, GW6C_DEV, "gw6c0");
	unlink(file);
}

static void accepts_are(const char *lo, const char *wan, const char *lan0,
			const char *lan1, const char *router)
{
	CU_ASSERT_STRING_EQUAL(devs[0].accept_ra, lo);
	CU_ASSERT_STRING_EQUAL(devs[1].accept_ra, wan);
	CU_ASSERT_STRING_EQUAL(devs[2].accept_ra, lan0);
	CU_ASSERT_STRING_EQUAL(devs[3].accept_ra, lan1);
	CU_ASSERT_STRING_EQUAL(devs[4].accept_ra, "0");
	CU_ASSERT_STRING_EQUAL(devs[5].accept_ra, "2");
	CU_ASSERT_STRING_EQUAL(devs[6].accept_ra, router);
}

/* As the kernel does when all of forwarding goes off. */
static void all_off(void)
{
	for (int i = 0; i < DEVS; i++)
		snprintf(devs[i].forwarding, sizeof(devs[i].forwarding), "0");
}

static bool is_restored(void)
{
	return strcmp(devs[3].forwarding, "1") == 0 &&
	       strcmp(devs[6].forwarding, "1") == 0 &&
	       strcmp(devs[1].forwarding, "0") == 0 && access(file, F_OK) < 0;
}

/* --- tests ---------------------------------------------------------------- */

static void uplinks_listen_and_lans_do_not(void)
{
	begin();
	CU_ASSERT_EQUAL(linux_ra_begin(&os, &plan, true, &err), GW6C_OK);
	accepts_are("1", "2", "0", "0", "1");
	CU_ASSERT_TRUE(linux_is_lan(&os, "lan0"));
	CU_ASSERT_FALSE(linux_is_lan(&os, "wan"));
	CU_ASSERT_FALSE(linux_is_lan(&os, "gw6c0"));
	all_off();
	linux_ra_end(&os);
	accepts_are("1", "1", "1", "2", "1");
	CU_ASSERT_TRUE(is_restored());
	CU_ASSERT_FALSE(linux_is_lan(&os, "lan0"));
}

static void where_it_forwarded_only_lans_change(void)
{
	begin();
	CU_ASSERT_EQUAL(linux_ra_begin(&os, &plan, false, &err), GW6C_OK);
	accepts_are("1", "1", "0", "0", "1");
	dev_add(7, 9, "usb0", "1", "1");
	linux_ra_link(&os, 9);
	CU_ASSERT_STRING_EQUAL(devs[7].accept_ra, "1");
	linux_ra_end(&os);
	accepts_are("1", "1", "1", "2", "1");
}

static void what_comes_later_is_treated_alike(void)
{
	begin();
	linux_ra_begin(&os, &plan, true, &err);
	dev_add(7, 9, "usb0", "1", "1");
	linux_ra_link(&os, 9);
	CU_ASSERT_STRING_EQUAL(devs[7].accept_ra, "2");
	snprintf(devs[7].name, IF_NAMESIZE, "renamed");
	dev_add(2, 10, "lan0", "2", "1"); /* another one of this name */
	linux_ra_link(&os, 10);
	CU_ASSERT_STRING_EQUAL(devs[2].accept_ra, "0");
	linux_ra_link(&os, 77); /* gone already */
	linux_ra_end(&os);
	CU_ASSERT_STRING_EQUAL(devs[7].accept_ra, "1");
	CU_ASSERT_STRING_EQUAL(devs[2].accept_ra, "2");
	dev_add(7, 11, "late", "1", "1");
	linux_ra_link(&os, 11);
	CU_ASSERT_STRING_EQUAL(devs[7].accept_ra, "1");
	CU_ASSERT_STRING_EQUAL(fake.log, "");
}

static void what_others_set_is_theirs(void)
{
	begin();
	linux_ra_begin(&os, &plan, true, &err);
	linux_conf_set("wan", "accept_ra", "0");
	linux_conf_set("lan0", "accept_ra", "2");
	linux_conf_set("router", "accept_ra", "1");
	linux_ra_link(&os, 2);
	linux_ra_link(&os, 3);
	linux_ra_link(&os, 7);
	accepts_are("1", "0", "2", "0", "1");
	linux_ra_end(&os);
	accepts_are("1", "0", "2", "2", "1");
}

static void only_steps_of_the_plan_make_a_lan(void)
{
	begin();
	snprintf(gw6c_plan_add(&plan, GW6C_ADDR)->dev, GW6C_DEV, "x");
	linux_ra_begin(&os, &plan, true, &err);
	CU_ASSERT_TRUE(linux_is_lan(&os, "x"));
	linux_ra_end(&os);
	plan.n--; /* the step is still there, and none of the plan */
	linux_ra_begin(&os, &plan, true, &err);
	CU_ASSERT_FALSE(linux_is_lan(&os, "x"));
	linux_ra_end(&os);
}

static void without_a_lan_uplinks_listen(void)
{
	begin();
	plan.n = 1;
	linux_ra_begin(&os, &plan, true, &err);
	accepts_are("1", "2", "2", "2", "1");
	dev_add(7, 9, "usb0", "1", "1");
	linux_ra_link(&os, 9);
	CU_ASSERT_STRING_EQUAL(devs[7].accept_ra, "2");
	all_off();
	linux_ra_end(&os);
	accepts_are("1", "1", "1", "2", "1");
}

static void another_run_restores_it(void)
{
	begin();
	linux_ra_begin(&os, &plan, true, &err);
	linux_settings_forget(&os); /* killed */
	CU_ASSERT_EQUAL(access(file, F_OK), 0);
	all_off();
	os = (struct linux_os){ .host = &fake.host };
	linux_settings_restore(&os);
	accepts_are("1", "1", "1", "2", "1");
	CU_ASSERT_TRUE(is_restored());
}

/* A sweep knew nothing of it: the next begin does. */
static void a_begin_restores_first(void)
{
	begin();
	linux_ra_begin(&os, &plan, true, &err);
	linux_settings_forget(&os);
	os = (struct linux_os){ .host = &fake.host };
	linux_ra_begin(&os, &plan, true, &err);
	accepts_are("1", "2", "0", "0", "1");
	linux_ra_end(&os);
	accepts_are("1", "1", "1", "2", "1");
}

static void nothing_is_changed_that_cannot_be_restored(void)
{
	begin();
	fake.host.run_dir = "/nonexistent";
	CU_ASSERT_EQUAL(linux_ra_begin(&os, &plan, true, &err), GW6C_EOS);
	CU_ASSERT_PTR_NOT_NULL(strstr(err.text, "/nonexistent/linux.settings"));
	accepts_are("1", "1", "1", "2", "1");
	linux_ra_end(&os);
}

/* As on a disk that is full. */
static void nothing_is_changed_that_cannot_be_noted(void)
{
	struct rlimit was, none;

	begin();
	getrlimit(RLIMIT_FSIZE, &was);
	none = (struct rlimit){ .rlim_max = was.rlim_max };
	signal(SIGXFSZ, SIG_IGN);
	setrlimit(RLIMIT_FSIZE, &none);
	CU_ASSERT_EQUAL(linux_ra_begin(&os, &plan, true, &err), GW6C_EOS);
	setrlimit(RLIMIT_FSIZE, &was);
	CU_ASSERT_PTR_NOT_NULL(strstr(err.text, "File too large"));
	accepts_are("1", "1", "1", "2", "1");
	linux_ra_end(&os);
}

static void a_setting_that_cannot_be_changed_is_told(void)
{
	begin();
	read_only = true;
	CU_ASSERT_EQUAL(linux_ra_begin(&os, &plan, true, &err), GW6C_EOS);
	CU_ASSERT_PTR_NOT_NULL(
		strstr(err.text, "net.ipv6.conf.wan.accept_ra=2"));
	linux_ra_end(&os);
	/* With 1 on a LAN nothing is wrong, with 2 there is. */
	CU_ASSERT_EQUAL(linux_ra_begin(&os, &plan, false, &err), GW6C_EOS);
	CU_ASSERT_PTR_NOT_NULL(
		strstr(err.text, "net.ipv6.conf.lan1.accept_ra=0"));
	linux_ra_end(&os);
	snprintf(devs[3].accept_ra, sizeof(devs[3].accept_ra), "1");
	CU_ASSERT_EQUAL(linux_ra_begin(&os, &plan, false, &err), GW6C_OK);
	dev_add(7, 9, "usb0", "1", "1");
	os.ra_uplinks = true;
	linux_ra_link(&os, 9);
	CU_ASSERT_PTR_NOT_NULL(strstr(fake.log, "2 cannot set net.ipv6.conf."
						"usb0.accept_ra=2: Read-only"));
	linux_ra_end(&os);
	read_only = false;
}

int main(void)
{
	static const struct unit_test tests[] = {
		UNIT_TEST(uplinks_listen_and_lans_do_not),
		UNIT_TEST(where_it_forwarded_only_lans_change),
		UNIT_TEST(what_comes_later_is_treated_alike),
		UNIT_TEST(what_others_set_is_theirs),
		UNIT_TEST(only_steps_of_the_plan_make_a_lan),
		UNIT_TEST(without_a_lan_uplinks_listen),
		UNIT_TEST(another_run_restores_it),
		UNIT_TEST(a_begin_restores_first),
		UNIT_TEST(nothing_is_changed_that_cannot_be_restored),
		UNIT_TEST(nothing_is_changed_that_cannot_be_noted),
		UNIT_TEST(a_setting_that_cannot_be_changed_is_told),
	};
	int failed;

	if (!mkdtemp(dir))
		return 1;
	snprintf(file, sizeof(file), "%s/linux.settings", dir);
	failed = UNIT_RUN("linux_ra", tests);
	unlink(file);
	rmdir(dir);
	return failed;
}
