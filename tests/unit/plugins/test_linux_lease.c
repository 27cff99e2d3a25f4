/* test_linux_lease.c - the leases that take over no network that this machine
 * reaches directly, by routes of the kernel. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "linux_lab.h"

static struct gw6c_lease lease;

static void set(struct gw6c_addr *addr, const char *prefix)
{
	*addr = lab_step(GW6C_ADDR, prefix).dst;
}

static int asked(void)
{
	lab_err = (struct gw6c_err){ 0 };
	return lab_ops()->lease(lab_self(), &lease, &lab_err);
}

static bool says(const char *text)
{
	return strstr(lab_err.text, text) != NULL;
}

/* lan0 gets the first network of the prefix. */
static void begin(void)
{
	lab_begin(false);
	lease = (struct gw6c_lease){ .size = sizeof(lease),
				     .lans = { { .dev = "lan0" } } };
	set(&lease.inner, "2001:db8:1::2");
	set(&lease.peer, "2001:db8:1::1");
	set(&lease.prefix, "2001:db8:2::/48");
	set(&lease.lans[0].prefix, "2001:db8:2::/64");
}

static void route(const char *dst, const char *dev)
{
	char text[100];

	snprintf(text, sizeof(text), "-6 route add %s dev %s", dst, dev);
	CU_ASSERT_TRUE_FATAL(lab_ip(text));
}

static void a_network_is_not_taken_over_by_a_first_grant(void)
{
	static const struct {
		const char *dst, *dev;
		bool fits;
	} cases[] = {
		{ "2001:db8:2:5::/64", "wan0", false },
		{ "2001:db8:2:5::/64", "lan0", false },
		{ "2001:db8:2::/64", "wan0", false },
		{ "2001:db8:2::77/128", "wan0", false },
		{ "2001:db8:2::/47", "lan0", false },
		{ "2001:db8:2::/48", "lan0", false },
		{ "2001:db8:1::2/128", "lan0", false },
		{ "2001:db8:1::/64", "lan0", false },
		/* What lan0 is to get. */
		{ "2001:db8:2::/64", "lan0", true },
		{ "2001:db8:2::77/128", "lan0", true },
		{ "2001:db8:3::/48", "wan0", true },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		begin();
		route(cases[i].dst, cases[i].dev);
		CU_ASSERT_EQUAL(asked(), cases[i].fits ? GW6C_OK : GW6C_EPEER);
		CU_ASSERT_EQUAL(says("reaches directly by "), !cases[i].fits);
		lab_end();
	}
}

/* The core lets an address of ours in it pass if it knows the prefix. */
static void parts_of_a_prefix_with_an_address_of_ours_are_no_collision(void)
{
	begin();
	CU_ASSERT_TRUE(lab_ip("addr add 2001:db8:2:5::1/64 dev wan0 nodad"));
	CU_ASSERT_EQUAL(asked(), GW6C_OK);
	route("2001:db8:2:7::8/128", "x");
	CU_ASSERT_EQUAL(asked(), GW6C_OK);
	lab_end();
	/* But for what is no part of it. */
	begin();
	CU_ASSERT_TRUE(lab_ip("addr add 2001:db8:2:5::1/64 dev wan0 nodad"));
	route("2001:db8:2::/47", "x");
	CU_ASSERT_EQUAL(asked(), GW6C_EPEER);
	CU_ASSERT_TRUE(says("the prefix 2001:db8:2::/48 collides with "
			    "2001:db8:2::/47"));
	lab_end();
	begin();
	CU_ASSERT_TRUE(lab_ip("addr add 2001:db8:3::1/64 dev wan0 nodad"));
	route("2001:db8:2:7::8/128", "x");
	CU_ASSERT_EQUAL(asked(), GW6C_EPEER);
	lab_end();
	/* Nor for our own address. */
	begin();
	CU_ASSERT_TRUE(lab_ip("addr add 2001:db8:2:5::1/64 dev wan0 nodad"));
	set(&lease.inner, "2001:db8:2:7::8");
	route("2001:db8:2:7::8/128", "x");
	CU_ASSERT_EQUAL(asked(), GW6C_EPEER);
	CU_ASSERT_TRUE(says("our address in the tunnel, 2001:db8:2:7::8"));
	lab_end();
}

static void the_prefix_of_the_lease_before_is_known(void)
{
	begin();
	CU_ASSERT_EQUAL(asked(), GW6C_OK);
	route("2001:db8:2:7::8/128", "x");
	CU_ASSERT_EQUAL(asked(), GW6C_OK);
	set(&lease.prefix, "2001:db8:2::/47");
	CU_ASSERT_EQUAL(asked(), GW6C_EPEER);
	CU_ASSERT_EQUAL(asked(), GW6C_EPEER); /* what is refused is not known */
	set(&lease.prefix, "2001:db8:2::/48");
	CU_ASSERT_EQUAL(asked(), GW6C_OK);
	lab_end();
}

static void an_address_of_the_tunnel_tells_nothing(void)
{
	begin();
	lab_end();
	lab_begin(true);
	CU_ASSERT_TRUE(lab_ip("addr add 2001:db8:2:5::1/64 dev gw6c0 nodad"));
	route("2001:db8:2:7::8/128", "x");
	CU_ASSERT_EQUAL(asked(), GW6C_EPEER);
	lab_end();
}

/* A route for half of the world is no network, nor is one through a router, or
 * one that leads nowhere. */
static void each_family_has_its_networks(void)
{
	static const struct {
		const char *inner, *route;
		bool fits;
	} cases[] = {
		{ "203.0.113.2", "-4 route add 203.0.113.0/24 dev wan0",
		  false },
		{ "203.0.113.2", "-4 route add 203.0.113.2/32 dev lan0",
		  false },
		{ "203.0.113.2", "-4 route add 203.0.112.0/24 dev wan0", true },
		{ "203.0.113.2", "-4 route add 203.0.0.0/8 dev wan0", false },
		{ "203.0.113.2", "-4 route add 202.0.0.0/7 dev wan0", true },
		{ "203.0.113.2", "-4 route add unreachable 203.0.113.0/24",
		  true },
		{ "203.0.113.2",
		  "-4 route add 203.0.113.0/24 via 192.0.2.1 dev wan0", true },
		{ "2001:db8:1::2", "-6 route add 2001::/16 dev wan0", false },
		{ "2001:db8:1::2", "-6 route add 2000::/15 dev wan0", true },
		{ "2001:db8:1::2",
		  "-6 route add 2001:db8:1::/64 via fe80::1 "
		  "dev wan0",
		  true },
		{ "2001:db8:1::2", "-6 route add unreachable 2001:db8:1::/64",
		  true },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		begin();
		lab_ip("-4 addr add 192.0.2.9/24 dev wan0");
		set(&lease.inner, cases[i].inner);
		lease.prefix = (struct gw6c_addr){ 0 };
		CU_ASSERT_TRUE(lab_ip(cases[i].route));
		CU_ASSERT_EQUAL(asked(), cases[i].fits ? GW6C_OK : GW6C_EPEER);
		lab_end();
	}
}

int main(void)
{
	static const struct unit_test tests[] = {
		UNIT_TEST(a_network_is_not_taken_over_by_a_first_grant),
		UNIT_TEST(
			parts_of_a_prefix_with_an_address_of_ours_are_no_collision),
		UNIT_TEST(the_prefix_of_the_lease_before_is_known),
		UNIT_TEST(each_family_has_its_networks),
		UNIT_TEST(an_address_of_the_tunnel_tells_nothing),
	};

	return lab_works() ? UNIT_RUN("linux_lease", tests) : LAB_SKIPPED;
}
