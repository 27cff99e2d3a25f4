/* test_linux_onlink.c - the networks that this machine reaches directly, by
 * routes of the kernel. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "linux_lab.h"

static char told[2000]; /* "DEV NETWORK;" of each, in some order */

static void tell(void *arg, const char *dev, const struct gw6c_addr *network)
{
	char text[GW6C_ADDR_TEXT];
	size_t len = strlen(told);

	CU_ASSERT_PTR_EQUAL(arg, &told);
	snprintf(told + len, sizeof(told) - len, "%s %s;", dev,
		 gw6c_addr_text(network, text));
}

static bool tells(const char *text)
{
	told[0] = 0;
	lab_ops()->networks(lab_self(), tell, &told);
	return strstr(told, text) != NULL;
}

static void route(const char *what)
{
	char text[200];

	snprintf(text, sizeof(text), "route add %s", what);
	CU_ASSERT_TRUE_FATAL(lab_ip(text));
}

static void networks_without_a_next_hop_are_told(void)
{
	static const struct {
		const char *route, *told;
	} cases[] = {
		{ "2001:db8:2:5::/64 dev wan0", "wan0 2001:db8:2:5::/64;" },
		{ "2001:db8:2::77/128 dev lan0", "lan0 2001:db8:2::77;" },
		{ "2001:db8::/32 dev x", "x 2001:db8::/32;" },
		{ "2002::/16 dev x", "x 2002::/16;" },
		{ "10.7.0.0/16 dev x", "x 10.7.0.0/16;" },
		{ "10.0.0.0/8 dev x", "x 10.0.0.0/8;" },
		{ "198.51.100.7/32 dev lan0", "lan0 198.51.100.7;" },
	};

	lab_begin(false);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		CU_ASSERT_FALSE(tells(cases[i].told));
		route(cases[i].route);
		CU_ASSERT_TRUE(tells(cases[i].told));
	}
	lab_end();
}

/* What is behind a next hop or in the place of a default route, what is
 * rejected, and what is our own. */
static void others_are_no_networks(void)
{
	static const struct {
		const char *route, *told;
	} cases[] = {
		{ "2001:db8:3::/48 via fe80::1 dev wan0", "2001:db8:3::" },
		{ "2000::/3 dev wan0", "2000::" },
		{ "2000::/15 dev wan0", "2000::" },
		{ "unreachable 2001:db8:4::/48", "2001:db8:4::" },
		{ "2001:db8:5::/48 dev gw6c0", "2001:db8:5::" },
		{ "2001:db8:6::/48 dev lo", "2001:db8:6::" },
		{ "128.0.0.0/1 dev wan0", "128.0.0.0" },
		{ "10.0.0.0/7 dev wan0", "10.0.0.0" },
		{ "10.9.0.0/16 dev gw6c0", "10.9.0.0" },
		{ "unreachable 10.10.0.0/16", "10.10.0.0" },
	};

	lab_begin(true);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		route(cases[i].route);
		CU_ASSERT_FALSE(tells(cases[i].told));
	}
	CU_ASSERT_TRUE(lab_ip("addr add 10.11.0.1/24 dev wan0"));
	route("10.12.0.0/16 via 10.11.0.9");
	CU_ASSERT_FALSE(tells("10.12.0.0"));
	lab_end();
}

/* Two clients of one broker have the same peer. */
static void the_broker_of_another_client_is_no_network(void)
{
	lab_begin(false);
	route("2001:db8:1::1/128 dev x");
	route("10.8.0.1/32 dev x");
	route("2001:db8:1::/64 dev x");
	CU_ASSERT_TRUE(tells("x 2001:db8:1::1;"));
	CU_ASSERT_TRUE(tells("x 10.8.0.1;"));
	CU_ASSERT_TRUE(lab_ip("link set x alias gw6c"));
	CU_ASSERT_FALSE(tells("x 2001:db8:1::1;"));
	CU_ASSERT_FALSE(tells("x 10.8.0.1;"));
	CU_ASSERT_TRUE(tells("x 2001:db8:1::/64;"));
	lab_end();
}

int main(void)
{
	static const struct unit_test tests[] = {
		UNIT_TEST(networks_without_a_next_hop_are_told),
		UNIT_TEST(others_are_no_networks),
		UNIT_TEST(the_broker_of_another_client_is_no_network),
	};

	return lab_works() ? UNIT_RUN("linux_onlink", tests) : LAB_SKIPPED;
}
