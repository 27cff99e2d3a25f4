/* test_linux_better.c - default routes that are used in the place of ours, in
 * the log and in the status. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "linux_lab.h"

static struct gw6c_step ours;

static void begin(const char *prefix)
{
	lab_begin(true);
	ours = lab_step(GW6C_ROUTE, prefix);
	ours.value = LAB_METRIC;
}

/* What the log says of it, once all has settled; it is empty then. */
static bool told(const char *want)
{
	bool is;

	lab_settle();
	is = strcmp(lab_host.log, want) == 0;
	if (!is)
		printf("\nnot \"%s\" but \"%s\"\n", want, lab_host.log);
	lab_host.log[0] = 0;
	return is;
}
#define TOLD(want) CU_ASSERT_TRUE(told(want))
#define STATUS(want) CU_ASSERT_STRING_EQUAL(lab_status, "default_route " want)
#define IP(command) CU_ASSERT_TRUE(lab_ip(command))
#define AGAIN "3 default route in use again\n"
#define NOWHERE                                                                \
	"a better one or a rule of another program makes every destination "   \
	"unreachable"

static void a_better_one_is_told_when_it_comes_and_goes(void)
{
	begin("::/0");
	CU_ASSERT_EQUAL(lab_do(&ours), GW6C_OK);
	TOLD("");
	STATUS("used");
	IP("-6 route add default dev lan0 metric 7");
	TOLD("3 default route not used: lan0 has a better one (metric 7)\n");
	STATUS("not used: lan0 has a better one (metric 7)");
	IP("-6 route add default dev wan0 metric 4000");
	TOLD(""); /* makes no difference */
	IP("-6 route add default dev wan0 metric 6");
	TOLD("3 default route not used: wan0 has a better one (metric 6)\n");
	IP("-6 route delete default dev wan0 metric 6");
	TOLD("3 default route not used: lan0 has a better one (metric 7)\n");
	IP("-6 route delete default dev lan0 metric 7");
	TOLD(AGAIN);
	STATUS("used");
	CU_ASSERT_EQUAL(lab_host.damaged, 0);
	lab_end();
}

static void a_better_one_is_told_at_the_start(void)
{
	begin("0.0.0.0/0");
	IP("-4 route add default dev wan0 metric 100");
	TOLD("");
	CU_ASSERT_EQUAL(lab_do(&ours), GW6C_OK);
	TOLD("3 default route not used: wan0 has a better one (metric 100)\n");
	STATUS("not used: wan0 has a better one (metric 100)");
	CU_ASSERT_EQUAL(lab_undo(&ours), GW6C_OK);
	STATUS("-");
	lab_end();
}

/* Where ours would not be used, nobody need be told. */
static void without_a_default_route_nothing_is_told(void)
{
	begin("2001:db8::/32");
	CU_ASSERT_EQUAL(lab_do(&ours), GW6C_OK);
	IP("-6 route add default dev lan0 metric 7");
	TOLD("");
	CU_ASSERT_STRING_EQUAL(lab_status, "");
	CU_ASSERT_EQUAL(lab_undo(&ours), GW6C_OK);
	CU_ASSERT_STRING_EQUAL(lab_status, "");
	lab_end();
}

/* A route of their own for halves of the Internet, as VPNs set them. */
static void halves_are_told(void)
{
	static const struct {
		const char *all, *first, *second, *half, *both;
	} cases[] = {
		{ "::/0", "-6 route add 2000::/4 dev lan0 metric 50",
		  "-6 route add 3000::/4 dev lan0 metric 50",
		  "3 default route used in part: lan0 has a better one (metric "
		  "50)\n",
		  "3 default route not used: lan0 has a better one (metric "
		  "50)\n" },
		{ "0.0.0.0/0", "-4 route add 128.0.0.0/1 dev wan0",
		  "-4 route add 0.0.0.0/1 dev wan0",
		  "3 default route used in part: wan0 has a better one (metric "
		  "0)\n",
		  "3 default route not used: wan0 has a better one (metric "
		  "0)\n" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		begin(cases[i].all);
		CU_ASSERT_EQUAL(lab_do(&ours), GW6C_OK);
		IP(cases[i].first);
		TOLD(cases[i].half);
		CU_ASSERT_EQUAL(strncmp(lab_status,
					"default_route used in part: ", 28),
				0);
		IP(cases[i].second);
		TOLD(cases[i].both);
		lab_end();
	}
}

static void each_quarter_of_ipv4_counts(void)
{
	static const char *const quarters[] = { "0.0.0.0/2", "64.0.0.0/2",
						"128.0.0.0/2", "192.0.0.0/2" };
	char add[64], delete[64];

	begin("0.0.0.0/0");
	CU_ASSERT_EQUAL(lab_do(&ours), GW6C_OK);
	for (int i = 0; i < 4; i++) {
		snprintf(add, sizeof(add), "route add %s dev lan0 metric %d",
			 quarters[i], i + 3);
		IP(add);
		lab_settle();
		CU_ASSERT_PTR_NOT_NULL(strstr(lab_host.log, "used in part"));
		lab_host.log[0] = 0;
		snprintf(delete, sizeof(delete), "route delete %s",
			 quarters[i]);
		IP(delete);
		TOLD(AGAIN);
	}
	lab_end();
}

static void routes_that_discard_are_told(void)
{
	static const char *const types[] = { "unreachable", "blackhole",
					     "prohibit" };
	static const struct {
		const char *all, *family;
	} families[] = { { "::/0", "-6" }, { "0.0.0.0/0", "-4" } };
	char change[64];

	for (size_t i = 0; i < 2; i++) {
		begin(families[i].all);
		CU_ASSERT_EQUAL(lab_do(&ours), GW6C_OK);
		for (size_t k = 0; k < 3; k++) {
			snprintf(change, sizeof(change),
				 "%s route add %s default metric 9",
				 families[i].family, types[k]);
			IP(change);
			TOLD("3 default route not used: " NOWHERE "\n");
			STATUS("not used: " NOWHERE);
			snprintf(change, sizeof(change),
				 "%s route delete %s default metric 9",
				 families[i].family, types[k]);
			IP(change);
			TOLD(AGAIN);
		}
		lab_end();
	}
}

static void rules_are_told(void)
{
	begin("::/0");
	CU_ASSERT_EQUAL(lab_do(&ours), GW6C_OK);
	IP("-6 route add default dev lan0 table 77");
	TOLD("");
	IP("-6 rule add priority 500 lookup 77");
	TOLD("3 default route not used: lan0 has a better one (metric 1024)\n");
	IP("-6 rule delete priority 500");
	TOLD(AGAIN);
	IP("-6 rule add priority 500 prohibit");
	TOLD("3 default route not used: " NOWHERE "\n");
	IP("-6 rule delete priority 500");
	TOLD(AGAIN);
	IP("-6 rule delete lookup main"); /* the one that leads to ours */
	TOLD("3 default route not used: " NOWHERE "\n");
	IP("-6 rule add priority 32766 lookup main");
	TOLD(AGAIN);
	lab_end();
}

static void accept_lease(const char *inner, const char *prefix)
{
	struct gw6c_lease lease = { .size = sizeof(lease) };

	lease.inner = lab_step(GW6C_ADDR, inner).dst;
	if (prefix)
		lease.prefix = lab_step(GW6C_ADDR, prefix).dst;
	CU_ASSERT_EQUAL(lab_ops()->lease(lab_self(), &lease, &lab_err),
			GW6C_OK);
}

#define LEADS(from, dev)                                                       \
	"used in part: a rule or route of another program leads packets "      \
	"from " from " to " dev
#define REFUSES(from)                                                          \
	"used in part: a rule or route of another program refuses packets "    \
	"from " from

/* For packets of ours alone, of the prefix, or of a network behind us. */
static void rules_for_our_packets_are_told(void)
{
	static const struct {
		const char *rule, *told;
	} cases[] = {
		{ "from 2001:db8:1::2 lookup 77",
		  LEADS("2001:db8:1::2", "wan0") },
		{ "from 2001:db8:2::/48 lookup 77",
		  LEADS("2001:db8:2::/48", "wan0") },
		{ "from 2001:db8:2:1::/64 lookup 77", LEADS("lan0", "wan0") },
		{ "iif lan0 lookup 77", LEADS("lan0", "wan0") },
		{ "from 2001:db8::/32 lookup 77",
		  LEADS("2001:db8:1::2", "wan0") },
		{ "from 2001:db8:1::2 prohibit", REFUSES("2001:db8:1::2") },
		{ "from 2001:db8:2::/48 blackhole",
		  REFUSES("2001:db8:2::/48") },
		{ "iif lan0 unreachable", REFUSES("lan0") },
		{ "from 2001:db8:1::2 to 2000::/4 lookup 77",
		  LEADS("2001:db8:1::2", "wan0") },
	};
	struct gw6c_step lan = lab_step(GW6C_ADDR, "2001:db8:2:1::1/64");
	struct gw6c_step addr = lab_step(GW6C_ADDR, "2001:db8:1::2");
	char command[128], status[200];

	begin("::/0");
	accept_lease("2001:db8:1::2", "2001:db8:2::/48");
	snprintf(lan.dev, sizeof(lan.dev), "lan0");
	CU_ASSERT_EQUAL(lab_do(&addr), GW6C_OK);
	CU_ASSERT_EQUAL(lab_do(&lan), GW6C_OK);
	CU_ASSERT_EQUAL(lab_do(&ours), GW6C_OK);
	IP("-6 route add default dev wan0 table 77");
	lab_settle();
	lab_host.log[0] = 0;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		snprintf(command, sizeof(command),
			 "-6 rule add priority 500 %s", cases[i].rule);
		IP(command);
		snprintf(status, sizeof(status), "3 default route %s\n",
			 cases[i].told);
		TOLD(status);
		snprintf(status, sizeof(status), "default_route %s",
			 cases[i].told);
		CU_ASSERT_STRING_EQUAL(lab_status, status);
		IP("-6 rule delete priority 500");
		TOLD(AGAIN);
		STATUS("used");
	}
	/* Rules for others, and for other networks, are none of our business. */
	IP("-6 rule add priority 500 from 2001:db8:3::/48 lookup 77");
	IP("-6 rule add priority 501 iif x lookup 77");
	TOLD("");
	lab_end();
}

/* The rule may have been there before the route that it leads to. */
static void routes_of_other_tables_are_told(void)
{
	begin("::/0");
	accept_lease("2001:db8:1::2", NULL);
	CU_ASSERT_EQUAL(lab_do(&ours), GW6C_OK);
	IP("-6 rule add priority 500 from 2001:db8:1::2 lookup 77");
	TOLD("");
	lab_host.changed = 0;
	IP("-6 route add default dev wan0 table 77");
	TOLD("3 default route " LEADS("2001:db8:1::2", "wan0") "\n");
	IP("-6 route delete default dev wan0 table 77");
	TOLD(AGAIN);
	CU_ASSERT_EQUAL(lab_host.changed, 0); /* no network has */
	/* A route may be for a source, too. */
	IP("-6 route add default from 2001:db8:1::2 dev lan0");
	TOLD("3 default route " LEADS("2001:db8:1::2", "lan0") "\n");
	lab_end();
}

static void rules_for_our_address_of_ipv4_are_told(void)
{
	struct gw6c_step addr = lab_step(GW6C_ADDR, "203.0.113.2");

	begin("0.0.0.0/0");
	accept_lease("203.0.113.2", "2001:db8:2::/48");
	CU_ASSERT_EQUAL(lab_do(&ours), GW6C_OK);
	TOLD(""); /* the address is not there yet */
	CU_ASSERT_EQUAL(lab_do(&addr), GW6C_OK);
	IP("-4 route add default dev wan0 table 77");
	IP("-4 rule add priority 500 from 203.0.113.2 lookup 77");
	TOLD("3 default route " LEADS("203.0.113.2", "wan0") "\n");
	IP("-4 rule delete priority 500");
	TOLD(AGAIN);
	IP("-4 rule add priority 500 from 203.0.113.2 prohibit");
	TOLD("3 default route " REFUSES("203.0.113.2") "\n");
	lab_end();
}

static void several_next_hops_are_no_single_interface(void)
{
	begin("0.0.0.0/0");
	IP("address add 192.0.2.9/24 dev lan0");
	IP("address add 198.51.100.9/24 dev wan0");
	CU_ASSERT_EQUAL(lab_do(&ours), GW6C_OK);
	TOLD("");
	IP("route add default metric 5 nexthop via 192.0.2.1 nexthop via "
	   "198.51.100.1");
	TOLD("3 default route not used: another interface has a better one "
	     "(metric 5)\n");
	lab_end();
}

/* One that knows no status, and one that has none. */
static void a_host_may_have_no_status(void)
{
	begin("::/0");
	lab_host.host.size = offsetof(struct gw6c_host, status);
	CU_ASSERT_EQUAL(lab_do(&ours), GW6C_OK);
	CU_ASSERT_EQUAL(lab_undo(&ours), GW6C_OK);
	CU_ASSERT_STRING_EQUAL(lab_status, "");
	lab_host.host.size = sizeof(lab_host.host);
	lab_host.host.status = NULL;
	CU_ASSERT_EQUAL(lab_do(&ours), GW6C_OK);
	CU_ASSERT_EQUAL(lab_undo(&ours), GW6C_OK);
	lab_end();
}

int main(void)
{
	static const struct unit_test tests[] = {
		UNIT_TEST(a_better_one_is_told_when_it_comes_and_goes),
		UNIT_TEST(a_better_one_is_told_at_the_start),
		UNIT_TEST(without_a_default_route_nothing_is_told),
		UNIT_TEST(halves_are_told),
		UNIT_TEST(each_quarter_of_ipv4_counts),
		UNIT_TEST(routes_that_discard_are_told),
		UNIT_TEST(rules_are_told),
		UNIT_TEST(rules_for_our_packets_are_told),
		UNIT_TEST(routes_of_other_tables_are_told),
		UNIT_TEST(rules_for_our_address_of_ipv4_are_told),
		UNIT_TEST(a_host_may_have_no_status),
		UNIT_TEST(several_next_hops_are_no_single_interface),
	};

	return lab_works() ? UNIT_RUN("linux_better", tests) : LAB_SKIPPED;
}
