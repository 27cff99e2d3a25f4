/* test_entries.c - what of a list is in force, and the addresses that devices
 * get. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "plugins/features/home_access.h"
#include "tests/unit/unit.h"
#include <stdlib.h>

static struct access_lists lists;
static struct access_entries *entries;
static struct gw6c_lease lease;
static struct gw6c_plan plan;
static struct target_world world;
static struct access_place place;
static struct gw6c_addr resolved[2];
static int n_resolved;

/* Of the devices that are named; and of the plan. */
int access_resolved(const struct access_resolver *resolver, const char *name,
		    const struct gw6c_addr **addrs, const char **why)
{
	CU_ASSERT_PTR_NULL(resolver);
	CU_ASSERT_STRING_EQUAL(name, "nas.lan");
	*addrs = resolved;
	*why = "no such name";
	return n_resolved;
}

static const char *listed = "";

static void no_mistake(void *arg, const char *text)
{
	(void)arg;
	CU_FAIL(text);
}

void access_lists_look(const struct gw6c_host *host, struct access_lists *out,
		       access_mistake call, void *arg)
{
	(void)host;
	(void)call;
	(void)arg;
	access_list_read(&out->list, "list", gw6c_text(listed), '\n',
			 no_mistake, NULL);
}

void access_lists_free(struct access_lists *out)
{
	access_list_free(&out->list);
}

static void begin(void)
{
	lease = (struct gw6c_lease){ .size = sizeof(lease) };
	plan = (struct gw6c_plan){ .size = sizeof(plan) };
	world = (struct target_world){ .n = 1 };
	gw6c_addr_parse("192.168.1.2", &world.net[0].addr);
	world.net[0].addr.bits = 24;
	world.net[0].shared = true;
	n_resolved = 0;
	place = (struct access_place){ .lease = &lease,
				       .plan = &plan,
				       .world = &world,
				       .domain = "x.org",
				       .has_certificate = true };
}

static void router(const char *prefix, int bits)
{
	lease.router = true;
	gw6c_addr_parse(prefix, &lease.prefix);
	lease.prefix.bits = (uint8_t)bits;
	world.prefix = lease.prefix;
}

static void make(const char *text)
{
	listed = text;
	access_list_free(&lists.list);
	access_lists_look(NULL, &lists, NULL, NULL);
	access_entries_make(entries, &lists, &place);
}

static bool is_off(int i, int k, const char *why)
{
	return !entries->item[i].on[k] &&
	       strstr(entries->why[i][k], why) != NULL;
}

static bool is_on(int i, int k)
{
	return entries->item[i].on[k] && !entries->why[i][k][0] &&
	       entries->item[i].target.family == 4;
}

static void nothing_without_a_rule(void)
{
	begin();
	make("a=192.168.1.20\nb=192.168.1.20 public\nc=192.168.1.20 "
	     "allow=fd00::/8\nd=192.168.1.20 password\ne=192.168.1.2 public");
	CU_ASSERT_EQUAL(entries->n, 5);
	CU_ASSERT_TRUE(is_off(0, 0, "nobody may come"));
	CU_ASSERT_TRUE(is_on(1, 0));
	CU_ASSERT_TRUE(is_on(2, 0));
	CU_ASSERT_TRUE(is_off(3, 0, "there are no users"));
	CU_ASSERT_TRUE(is_off(4, 0, "an address of this machine"));
	CU_ASSERT_EQUAL(entries->item[4].target.family, 0);
	CU_ASSERT_FALSE(entries->item[1].on[1]);
}

static void passwords_need_their_users(void)
{
	begin();
	lists.users.n = 1;
	strcpy(lists.users.item[0].name, "ann");
	make("a=192.168.1.20 password\nb=192.168.1.20 password=ann\n"
	     "c=192.168.1.20 password=ann,bob");
	CU_ASSERT_TRUE(is_on(0, 0));
	CU_ASSERT_TRUE(is_on(1, 0));
	CU_ASSERT_TRUE(is_off(2, 0, "is not in the file"));
	lists.users.n = 0;
}

static void what_a_service_needs(void)
{
	begin();
	place.domain = "";
	place.has_certificate = false;
	make("a=192.168.1.20 public http https tls tcp:5");
	CU_ASSERT_TRUE(is_off(0, 0, "there is no domain"));
	CU_ASSERT_TRUE(is_off(0, 2, "there is no domain"));
	CU_ASSERT_TRUE(is_off(0, 3, "host_type=router"));
	place.domain = "x.org";
	make("a=192.168.1.20 public http https tls");
	CU_ASSERT_TRUE(is_on(0, 0));
	CU_ASSERT_TRUE(is_off(0, 1, "no certificate"));
	CU_ASSERT_TRUE(is_on(0, 2));
}

/* Also when a name has another address than before. */
static void names_lead_to_neighbours_only(void)
{
	begin();
	make("a=nas.lan public");
	CU_ASSERT_TRUE(is_off(0, 0, "nas.lan: no such name"));
	n_resolved = 2;
	gw6c_addr_parse("127.0.0.1", &resolved[0]);
	gw6c_addr_parse("192.168.1.9", &resolved[1]);
	make("a=nas.lan public");
	CU_ASSERT_TRUE(is_on(0, 0));
	CU_ASSERT_EQUAL(entries->item[0].target.octets[3], 9);
	gw6c_addr_parse("8.8.8.8", &resolved[1]);
	make("a=nas.lan public");
	CU_ASSERT_FALSE(entries->item[0].on[0]);
	CU_ASSERT_TRUE(is_off(0, 0, "127.0.0.1 is a loopback address"));
	CU_ASSERT_EQUAL(entries->item[0].target.family, 0);
}

static void devices_of_ipv6_are_only_named(void)
{
	begin();
	router("2001:db8:7::", 48);
	make("a=2001:db8:7:1::5\nb=2001:db8:8::5 public");
	CU_ASSERT_TRUE(entries->direct[0]);
	CU_ASSERT_FALSE(entries->item[0].on[0]);
	CU_ASSERT_EQUAL(entries->item[0].own.octets[15], 5);
	CU_ASSERT_FALSE(entries->direct[1]);
	CU_ASSERT_TRUE(is_off(1, 0, "not in our prefix 2001:db8:7::/48"));
}

static const char *own(const char *name)
{
	static char text[GW6C_ADDR_TEXT];
	struct gw6c_addr addr = access_own_address(&lease, name);

	return gw6c_addr_text(&addr, text);
}

static void addresses_depend_on_prefix_and_name(void)
{
	char first[GW6C_ADDR_TEXT];
	struct gw6c_addr addr;

	begin();
	CU_ASSERT_STRING_EQUAL(own("cam"), "-");
	router("2001:db8:7::", 56);
	snprintf(first, sizeof(first), "%s", own("cam"));
	CU_ASSERT_PTR_EQUAL(strstr(first, "2001:db8:7:ff:"), first);
	CU_ASSERT_STRING_EQUAL(own("cam"), first);
	CU_ASSERT_STRING_NOT_EQUAL(own("can"), first);
	addr = access_own_address(&lease, "cam");
	CU_ASSERT_EQUAL(addr.bits, 128);
	CU_ASSERT_EQUAL(addr.octets[8] & 2, 0);
	/* The last network is one of ours already. */
	strcpy(lease.lans[0].dev, "lan0");
	gw6c_addr_parse("2001:db8:7:ff::", &lease.lans[0].prefix);
	lease.lans[0].prefix.bits = 64;
	CU_ASSERT_PTR_NOT_NULL(strstr(own("cam"), "2001:db8:7:0:"));
	router("2001:db8:9::", 64);
	CU_ASSERT_PTR_NOT_NULL(strstr(own("cam"), "2001:db8:9:0:"));
	router("2001:db8:9::", 96);
	CU_ASSERT_STRING_EQUAL(own("cam"), "-");
}

static void by_address_needs_a_step_of_the_plan(void)
{
	begin();
	router("2001:db8:7::", 56);
	make("a=192.168.1.20 public tcp:5 http");
	CU_ASSERT_TRUE(is_off(0, 0, "no address for it"));
	CU_ASSERT_TRUE(is_on(0, 1));
	CU_ASSERT_EQUAL(entries->item[0].own.family, 0);
	CU_ASSERT_EQUAL(access_plan(NULL, &lease, &plan, NULL), GW6C_OK);
	CU_ASSERT_EQUAL(plan.n, 1);
	CU_ASSERT_EQUAL(plan.step[0].verb, GW6C_ADDR);
	CU_ASSERT_STRING_EQUAL(plan.step[0].dev, "");
	make("a=192.168.1.20 public tcp:5 http");
	CU_ASSERT_TRUE(is_on(0, 0));
	CU_ASSERT_EQUAL(memcmp(&entries->item[0].own, &plan.step[0].dst,
			       sizeof(plan.step[0].dst)),
			0);
}

static int planned(const char *text)
{
	plan.n = 0;
	listed = text;
	CU_ASSERT_EQUAL(access_plan(NULL, &lease, &plan, NULL), GW6C_OK);
	return (int)plan.n;
}

static void only_what_is_published_gets_an_address(void)
{
	char many[2000] = "";

	begin();
	CU_ASSERT_EQUAL(planned("a=192.168.1.20 public tcp:5"), 0);
	router("2001:db8:7::", 56);
	CU_ASSERT_EQUAL(planned("a=192.168.1.20 tcp:5"), 0);
	CU_ASSERT_EQUAL(planned("a=192.168.1.20 http public"), 0);
	CU_ASSERT_EQUAL(planned("a=2001:db8:7::5 tcp:5 public"), 0);
	CU_ASSERT_EQUAL(planned("a=nas.lan tcp:5 allow=fd00::/8"), 1);
	lease.router = false;
	CU_ASSERT_EQUAL(planned("a=192.168.1.20 public tcp:5"), 0);
	lease.router = true;
	for (int i = 0; i < 20; i++)
		sprintf(many + strlen(many), "d%d=192.168.1.20 public tcp:5\n",
			i);
	CU_ASSERT_EQUAL(planned(many), ACCESS_OWN);
	plan.n = GW6C_STEPS - 4;
	access_plan(NULL, &lease, &plan, NULL);
	CU_ASSERT_EQUAL(plan.n, GW6C_STEPS - 2);
}

int main(void)
{
	static const struct unit_test tests[] = {
		UNIT_TEST(nothing_without_a_rule),
		UNIT_TEST(passwords_need_their_users),
		UNIT_TEST(what_a_service_needs),
		UNIT_TEST(names_lead_to_neighbours_only),
		UNIT_TEST(devices_of_ipv6_are_only_named),
		UNIT_TEST(addresses_depend_on_prefix_and_name),
		UNIT_TEST(by_address_needs_a_step_of_the_plan),
		UNIT_TEST(only_what_is_published_gets_an_address),
	};
	int rc;

	entries = calloc(1, sizeof(*entries));
	rc = UNIT_RUN("home-access: entries", tests);
	free(entries);
	access_list_free(&lists.list);
	return rc;
}
