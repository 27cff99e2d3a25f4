/* test_modes.c - what each tunnel mode wants of the system. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/tunnel/plan_text.h"
#include "core/tunnel/planner.h"
#include "tests/unit/unit.h"
#include <gw6c/plugin.h>
#include <stdlib.h>

extern const struct gw6c_plugin tunnel_v6v4_LTX_gw6c_plugin;
extern const struct gw6c_plugin tunnel_v6udpv4_LTX_gw6c_plugin;
extern const struct gw6c_plugin tunnel_v4v6_LTX_gw6c_plugin;
extern const struct gw6c_plugin tunnel_v6anyv4_LTX_gw6c_plugin;

#define V6V4 &tunnel_v6v4_LTX_gw6c_plugin
#define V6UDPV4 &tunnel_v6udpv4_LTX_gw6c_plugin
#define V4V6 &tunnel_v4v6_LTX_gw6c_plugin

static struct gw6c_addr addr(const char *text, uint8_t bits)
{
	struct gw6c_addr out = { 0 };

	gw6c_addr_parse(text, &out);
	out.bits = bits;
	return out;
}

static struct gw6c_lease lease6(void)
{
	struct gw6c_lease lease = { .size = sizeof(lease),
				    .mtu = 1280,
				    .metric = 2048,
				    .default_route = true };

	lease.local = addr("192.0.2.7", 32);
	lease.remote = addr("198.51.100.2", 32);
	lease.inner = addr("2001:db8:1::2", 128);
	lease.peer = addr("2001:db8:1::1", 128);
	return lease;
}

static struct gw6c_lease lease4(void)
{
	struct gw6c_lease lease = lease6();

	lease.local = addr("2001:db8:6::2", 128);
	lease.remote = addr("2001:db8:a::2", 128);
	lease.inner = addr("192.0.2.130", 32);
	lease.peer = addr("192.0.2.129", 32);
	return lease;
}

/* The plan in words, a line each; free() it. */
static char *plan_of(const struct gw6c_plugin *mode,
		     const struct gw6c_lease *lease)
{
	struct gw6c_plan plan = { .size = sizeof(plan), .fd = -1 };
	struct gw6c_err err = { 0 };
	char *text = calloc(1, 8192);

	CU_ASSERT_EQUAL_FATAL(mode->tunnel->plan(lease, &plan, &err), GW6C_OK);
	for (uint32_t i = 0; i < plan.n; i++) {
		size_t used = strlen(text);

		plan_step_text(&plan, &plan.step[i], text + used, 8190 - used);
		strcat(text, "\n");
	}
	return text;
}

static void check_plan(const struct gw6c_plugin *mode,
		       const struct gw6c_lease *lease, const char *want)
{
	char *got = plan_of(mode, lease);

	CU_ASSERT_STRING_EQUAL(got, want);
	if (strcmp(got, want) != 0)
		printf("\ngot:\n%swanted:\n%s", got, want);
	free(got);
}

static void v6v4_asks_for_a_sit_interface(void)
{
	struct gw6c_lease lease = lease6();

	check_plan(V6V4, &lease,
		   "create sit the tunnel local 192.0.2.7 remote 198.51.100.2 "
		   "ttl 64\n"
		   "mtu 1280 dev the tunnel\n"
		   "up dev the tunnel\n"
		   "address 2001:db8:1::2 peer 2001:db8:1::1 dev the tunnel\n"
		   "route ::/0 dev the tunnel metric 2048\n");
}

static void v6udpv4_asks_for_a_packet_device(void)
{
	struct gw6c_lease lease = lease6();

	lease.mtu = 1400;
	lease.metric = 7;
	check_plan(V6UDPV4, &lease,
		   "create tun the tunnel\n"
		   "mtu 1400 dev the tunnel\n"
		   "up dev the tunnel\n"
		   "address 2001:db8:1::2 peer 2001:db8:1::1 dev the tunnel\n"
		   "route ::/0 dev the tunnel metric 7\n");
}

/* Else the tunnel would be sent through itself. */
static void through_a_translator_the_broker_is_pinned(void)
{
	struct gw6c_lease lease = lease6();
	char *text;

	lease.remote = addr("64:ff9b::198.51.100.2", 128);
	check_plan(V6UDPV4, &lease,
		   "create tun the tunnel\n"
		   "mtu 1280 dev the tunnel\n"
		   "up dev the tunnel\n"
		   "address 2001:db8:1::2 peer 2001:db8:1::1 dev the tunnel\n"
		   "pin the current route to 64:ff9b::c633:6402\n"
		   "route ::/0 dev the tunnel metric 2048\n");
	lease.default_route = false;
	text = plan_of(V6UDPV4, &lease);
	CU_ASSERT_PTR_NULL(strstr(text, "64:ff9b"));
	free(text);
}

static void v4v6_asks_for_an_ip6tnl_interface(void)
{
	struct gw6c_lease lease = lease4();

	check_plan(V4V6, &lease,
		   "create ip6tnl the tunnel local 2001:db8:6::2 remote "
		   "2001:db8:a::2 ttl 64\n"
		   "mtu 1280 dev the tunnel\n"
		   "up dev the tunnel\n"
		   "address 192.0.2.130 peer 192.0.2.129 dev the tunnel\n"
		   "route 0.0.0.0/0 dev the tunnel metric 2048\n");
}

static void no_default_route_if_none_is_wanted(void)
{
	struct gw6c_lease six = lease6(), four = lease4();
	char *text;

	six.default_route = four.default_route = false;
	text = plan_of(V6V4, &six);
	CU_ASSERT_PTR_NULL(strstr(text, "route"));
	free(text);
	text = plan_of(V4V6, &four);
	CU_ASSERT_PTR_NULL(strstr(text, "route"));
	free(text);
}

static void a_router_serves_its_network(void)
{
	struct gw6c_lease lease = lease6();

	lease.router = true;
	lease.prefix = addr("2001:db8:aa::", 48);
	snprintf(lease.lans[0].dev, GW6C_DEV, "lan0");
	lease.lans[0].prefix = addr("2001:db8:aa::", 64);
	snprintf(lease.lans[1].dev, GW6C_DEV, "lan1");
	snprintf(lease.lans[2].dev, GW6C_DEV, "lan2");
	lease.lans[2].prefix = addr("2001:db8:aa:7::", 64);
	check_plan(V6V4, &lease,
		   "create sit the tunnel local 192.0.2.7 remote 198.51.100.2 "
		   "ttl 64\n"
		   "mtu 1280 dev the tunnel\n"
		   "up dev the tunnel\n"
		   "address 2001:db8:1::2 peer 2001:db8:1::1 dev the tunnel\n"
		   "forward IPv6\n"
		   "route 2001:db8:aa::/48 unreachable metric 4096\n"
		   "address 2001:db8:aa::1/64 dev lan0\n"
		   "address 2001:db8:aa:7::1/64 dev lan2\n"
		   "route ::/0 dev the tunnel metric 2048\n");
}

static void a_router_of_ipv4_takes_the_first_host(void)
{
	struct gw6c_lease lease = lease4();

	lease.router = true;
	lease.prefix = addr("192.0.2.192", 28);
	snprintf(lease.lans[0].dev, sizeof(lease.lans[0].dev), "lan0");
	check_plan(V4V6, &lease,
		   "create ip6tnl the tunnel local 2001:db8:6::2 remote "
		   "2001:db8:a::2 ttl 64\n"
		   "mtu 1280 dev the tunnel\n"
		   "up dev the tunnel\n"
		   "address 192.0.2.130 peer 192.0.2.129 dev the tunnel\n"
		   "forward IPv4\n"
		   "address 192.0.2.193/28 dev lan0\n"
		   "route 0.0.0.0/0 dev the tunnel metric 2048\n");
}

static void each_mode_says_what_it_needs(void)
{
	const struct gw6c_tunnel_ops *any =
		tunnel_v6anyv4_LTX_gw6c_plugin.tunnel;

	CU_ASSERT_EQUAL((V6V4)->tunnel->protocol, 41);
	CU_ASSERT_EQUAL((V6V4)->tunnel->inner, 6);
	CU_ASSERT_EQUAL((V6V4)->tunnel->outer, 4);
	CU_ASSERT_EQUAL((V6V4)->tunnel->overhead, 20);
	CU_ASSERT_EQUAL((V6V4)->tunnel->flags, 0);
	CU_ASSERT_EQUAL((V6UDPV4)->tunnel->protocol, 0);
	CU_ASSERT_EQUAL((V6UDPV4)->tunnel->over, GW6C_OVER_UDP);
	CU_ASSERT_EQUAL((V6UDPV4)->tunnel->overhead, 28);
	CU_ASSERT_EQUAL((V6UDPV4)->tunnel->keepalive_s, 30);
	CU_ASSERT_EQUAL((V6UDPV4)->tunnel->flags, GW6C_TUNNEL_NAT);
	CU_ASSERT_EQUAL((V4V6)->tunnel->protocol, 4);
	CU_ASSERT_EQUAL((V4V6)->tunnel->inner, 4);
	CU_ASSERT_EQUAL((V4V6)->tunnel->outer, 6);
	CU_ASSERT_EQUAL((V4V6)->tunnel->overhead, 40);
	CU_ASSERT_EQUAL((V4V6)->tunnel->flags, GW6C_TUNNEL_LEASED);
	CU_ASSERT_EQUAL((V4V6)->tunnel->prefix_usual, 24);
	CU_ASSERT_PTR_NULL(any->plan);
	CU_ASSERT_STRING_EQUAL(any->grants[0].type, "v6v4");
	CU_ASSERT_STRING_EQUAL(any->grants[1].type, "v6udpv4");
	CU_ASSERT_EQUAL(any->grants[1].over, GW6C_OVER_UDP);
	CU_ASSERT_STRING_EQUAL(any->grants[2].mode, "v6udpv4");
	CU_ASSERT_PTR_NULL(any->grants[3].type);
}

int main(void)
{
	static const struct unit_test tests[] = {
		UNIT_TEST(v6v4_asks_for_a_sit_interface),
		UNIT_TEST(v6udpv4_asks_for_a_packet_device),
		UNIT_TEST(v4v6_asks_for_an_ip6tnl_interface),
		UNIT_TEST(through_a_translator_the_broker_is_pinned),
		UNIT_TEST(no_default_route_if_none_is_wanted),
		UNIT_TEST(a_router_serves_its_network),
		UNIT_TEST(a_router_of_ipv4_takes_the_first_host),
		UNIT_TEST(each_mode_says_what_it_needs),
	};

	return UNIT_RUN("modes", tests);
}
