/* test_broker_modes.c - which tunnel a request gets. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "broker/dialog/dialog_mode.h"
#include "tests/unit/unit.h"

#define PUBLIC "203.0.113.2"
#define PRIVATE "192.168.1.2"
#define ROUTER "198.51.100.77"
#define SIX "2001:db8:6::2"

extern const struct gw6c_plugin tunnel_v6udpv4_LTX_gw6c_plugin;
extern const struct gw6c_plugin tunnel_v6v4_LTX_gw6c_plugin;
extern const struct gw6c_plugin tunnel_v4v6_LTX_gw6c_plugin;
extern const struct gw6c_plugin tunnel_v6anyv4_LTX_gw6c_plugin;
#define V6UDPV4 &tunnel_v6udpv4_LTX_gw6c_plugin
#define V6V4 &tunnel_v6v4_LTX_gw6c_plugin
#define V4V6 &tunnel_v4v6_LTX_gw6c_plugin

static struct modes modes;
static struct dialog_env env;
static struct endpoint client;
static struct mode_asker asker;
static struct grant grant;
static struct refusal why;

static void offer_only(const struct gw6c_plugin *mode)
{
	modes.offer[0] = mode;
	modes.offer[1] = NULL;
}

/* Who asks: from there, over UDP or TCP. */
static void from(const char *addr, bool tcp)
{
	modes = (struct modes){ .offer = { V6UDPV4, V6V4, V4V6 },
				.ask = { &tunnel_v6anyv4_LTX_gw6c_plugin } };
	env = (struct dialog_env){ .modes = &modes,
				   .pool6 = (struct pool *)&env,
				   .pool4 = (struct pool *)&env };
	client = (struct endpoint){ .tcp = tcp };
	gw6c_addr_parse(addr, &client.addr);
	asker = (struct mode_asker){ .from = &client, .user = "ann" };
}

/* The status, 0: granted. */
static int ask(const char *type, const char *claimed, bool proxy)
{
	struct tsp_tunnel request;
	struct gw6c_addr addr;

	tsp_tunnel_init(&request);
	snprintf(request.type, sizeof(request.type), "%s", type);
	snprintf(request.proxy, sizeof(request.proxy), "%s",
		 proxy ? "yes" : "no");
	request.clients = 1;
	snprintf(request.client[0].type, sizeof(request.client[0].type), "%s",
		 strchr(claimed, ':') ? "ipv6" : "ipv4");
	snprintf(request.client[0].text, sizeof(request.client[0].text), "%s",
		 claimed);
	grant = (struct grant){ .mode = NULL };
	why.text[0] = 0;
	return mode_choose(&env, &asker, &request, &grant, &addr, &why);
}

static bool outer_is(const char *text)
{
	char room[GW6C_ADDR_TEXT];

	return strcmp(gw6c_addr_text(&grant.outer, room), text) == 0;
}

static void any_is_v6v4_without_a_nat_and_v6udpv4_behind_one(void)
{
	from(PUBLIC, false);
	CU_ASSERT_EQUAL(ask("v6anyv4", PUBLIC, false), 0);
	CU_ASSERT_PTR_EQUAL(grant.mode, V6V4);
	CU_ASSERT_FALSE(grant.nat);
	CU_ASSERT_TRUE(outer_is(PUBLIC));
	CU_ASSERT_EQUAL(ask("v6anyv4", PRIVATE, false), 0);
	CU_ASSERT_PTR_EQUAL(grant.mode, V6UDPV4);
	CU_ASSERT_TRUE(grant.nat);
	CU_ASSERT_TRUE(outer_is(PUBLIC));
}

static void any_takes_what_is_left(void)
{
	from(PUBLIC, false);
	offer_only(V6UDPV4);
	CU_ASSERT_EQUAL(ask("v6anyv4", PUBLIC, false), 0);
	CU_ASSERT_PTR_EQUAL(grant.mode, V6UDPV4);
	from(PUBLIC, false);
	offer_only(V6V4);
	CU_ASSERT_EQUAL(ask("v6anyv4", PUBLIC, false), 0);
	CU_ASSERT_PTR_EQUAL(grant.mode, V6V4);
	CU_ASSERT_EQUAL(ask("v6anyv4", PRIVATE, false), 303);
}

static void what_is_asked_for_is_given_or_nothing(void)
{
	from(PUBLIC, false);
	CU_ASSERT_EQUAL(ask("v6v4", PUBLIC, false), 0);
	CU_ASSERT_PTR_EQUAL(grant.mode, V6V4);
	CU_ASSERT_EQUAL(ask("v6udpv4", PUBLIC, false), 0);
	CU_ASSERT_PTR_EQUAL(grant.mode, V6UDPV4);
	CU_ASSERT_EQUAL(ask("v6v4", PRIVATE, false), 303);
	CU_ASSERT_STRING_EQUAL(why.text, "v6v4 cannot traverse your NAT; "
					 "request v6anyv4");
	CU_ASSERT_EQUAL(ask("v6v4v6", PUBLIC, false), 303);
	CU_ASSERT_EQUAL(ask("", PUBLIC, false), 303);
	offer_only(V6UDPV4);
	CU_ASSERT_EQUAL(ask("v6v4", PUBLIC, false), 303);
	CU_ASSERT_STRING_EQUAL(why.text, "Unsupported tunnel type");
	offer_only(V4V6);
	CU_ASSERT_EQUAL(ask("v6udpv4", PUBLIC, false), 303);
	CU_ASSERT_EQUAL(ask("v6anyv4", PUBLIC, false), 303);
}

static void tcp_carries_no_v6udpv4(void)
{
	from(PUBLIC, true);
	CU_ASSERT_EQUAL(ask("v6udpv4", PUBLIC, false), 303);
	CU_ASSERT_EQUAL(ask("v6anyv4", PUBLIC, false), 0);
	CU_ASSERT_PTR_EQUAL(grant.mode, V6V4);
	CU_ASSERT_EQUAL(ask("v6anyv4", PRIVATE, false), 303);
	CU_ASSERT_STRING_EQUAL(why.text, "v6v4 cannot traverse your NAT; "
					 "request v6udpv4 over UDP");
}

static void v4v6_is_asked_for_over_ipv6(void)
{
	from(SIX, false);
	CU_ASSERT_EQUAL(ask("v4v6", SIX, false), 0);
	CU_ASSERT_PTR_EQUAL(grant.mode, V4V6);
	CU_ASSERT_TRUE(outer_is(SIX));
	CU_ASSERT_EQUAL(ask("v4v6", "2001:db8:6::3", false), 502);
	CU_ASSERT_EQUAL(ask("v4v6", PUBLIC, false), 502);
	CU_ASSERT_EQUAL(ask("v6v4", PUBLIC, false), 303);
	CU_ASSERT_EQUAL(ask("v6anyv4", PUBLIC, false), 303);
	env.pool4 = NULL;
	CU_ASSERT_EQUAL(ask("v4v6", SIX, false), 303);
	from(PUBLIC, false);
	CU_ASSERT_EQUAL(ask("v4v6", SIX, false), 303);
}

static void a_proxy_names_the_far_end(void)
{
	from(PUBLIC, false);
	CU_ASSERT_EQUAL(ask("v6v4", ROUTER, true), 0);
	CU_ASSERT_PTR_EQUAL(grant.mode, V6V4);
	CU_ASSERT_TRUE(outer_is(ROUTER));
	CU_ASSERT_FALSE(grant.nat);
	CU_ASSERT_EQUAL(ask("v6anyv4", ROUTER, true), 0);
	CU_ASSERT_PTR_EQUAL(grant.mode, V6V4);
	CU_ASSERT_EQUAL(ask("v6udpv4", ROUTER, true), 303);
	CU_ASSERT_STRING_EQUAL(why.text, "v6udpv4 tunnels cannot be proxied");
	from(SIX, false);
	CU_ASSERT_EQUAL(ask("v4v6", "2001:db8:99::1", true), 0);
	CU_ASSERT_TRUE(outer_is("2001:db8:99::1"));
}

static void a_proxy_names_no_group_and_nobody(void)
{
	static const char *const bad[] = { "224.0.0.1", "255.255.255.255",
					   "127.0.0.1", "0.0.0.0" };

	from(PUBLIC, false);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		CU_ASSERT_EQUAL(ask("v6v4", bad[i], true), 501);
	from(SIX, false);
	CU_ASSERT_EQUAL(ask("v4v6", "ff02::1", true), 502);
	CU_ASSERT_EQUAL(ask("v4v6", "::1", true), 502);
	CU_ASSERT_EQUAL(ask("v4v6", "::", true), 502);
}

static bool taken_by_bob(void *arg, const struct endpoint *to, const char *key)
{
	char room[GW6C_ADDR_TEXT];

	(void)arg;
	CU_ASSERT_STRING_EQUAL(gw6c_addr_text(&to->addr, room), ROUTER);
	CU_ASSERT_EQUAL(to->port, 0);
	CU_ASSERT_EQUAL(to->protocol, 41);
	return strcmp(key, "bob") != 0;
}

/* Else anybody could send tunnel packets to anybody. */
static void a_proxy_is_known_and_takes_nobodys_tunnel(void)
{
	from(PUBLIC, false);
	asker.user = NULL;
	CU_ASSERT_EQUAL(ask("v6v4", ROUTER, true), 300);
	from(PUBLIC, false);
	env.taken = taken_by_bob;
	CU_ASSERT_EQUAL(ask("v6v4", ROUTER, true), 506);
	asker.user = "bob";
	CU_ASSERT_EQUAL(ask("v6v4", ROUTER, true), 0);
}

static void an_address_must_be_one(void)
{
	from(PUBLIC, false);
	CU_ASSERT_EQUAL(ask("v6v4", "203.0.113.2.1", false), 501);
	CU_ASSERT_EQUAL(ask("v6v4", SIX, false), 501);
	from(SIX, false);
	CU_ASSERT_EQUAL(ask("v4v6", "2001:db8::zz", false), 502);
}

/* --- modes of others --------------------------------------------------- */

static int no_plan(const struct gw6c_lease *lease, struct gw6c_plan *plan,
		   struct gw6c_err *err)
{
	(void)lease;
	(void)plan;
	(void)err;
	return GW6C_OK;
}

/* Its answers are called "odd-ball", and only over TCP. */
static const struct gw6c_granted odd_grants[] = {
	{ "odd-ball", "odd", GW6C_OVER_TCP },
	{ .type = NULL },
};
static const struct gw6c_tunnel_ops odd_ops = {
	.size = sizeof(odd_ops),
	.inner = 6,
	.outer = 4,
	.protocol = 253,
	.over = GW6C_OVER_UDP | GW6C_OVER_TCP,
	.grants = odd_grants,
	.plan = no_plan,
};
static const struct gw6c_plugin odd = { GW6C_HEAD(GW6C_TUNNEL, "odd", ""),
					.tunnel = &odd_ops };

static void a_mode_is_what_its_descriptor_says(void)
{
	from(PUBLIC, true);
	offer_only(&odd);
	CU_ASSERT_EQUAL(ask("odd", PUBLIC, false), 0);
	CU_ASSERT_PTR_EQUAL(grant.mode, &odd);
	CU_ASSERT_STRING_EQUAL(grant.type, "odd-ball");
	CU_ASSERT_EQUAL(ask("odd", PRIVATE, false), 303);
	CU_ASSERT_STRING_EQUAL(why.text, "odd cannot traverse your NAT");
	client.tcp = false;
	CU_ASSERT_EQUAL(ask("odd", PUBLIC, false), 303);
	CU_ASSERT_STRING_EQUAL(why.text, "Unsupported tunnel type");
}

/* Whatever it says, there are no datagrams over TCP. */
static void the_sessions_socket_is_udp(void)
{
	static const struct gw6c_tunnel_ops ops = {
		.size = sizeof(ops),
		.inner = 6,
		.outer = 4,
		.over = GW6C_OVER_UDP | GW6C_OVER_TCP,
		.grants = odd_grants,
		.plan = no_plan,
	};
	static const struct gw6c_plugin bold = {
		GW6C_HEAD(GW6C_TUNNEL, "odd", ""), .tunnel = &ops
	};

	from(PUBLIC, true);
	CU_ASSERT_FALSE(mode_reaches(&env, &client, &bold));
	client.tcp = false;
	CU_ASSERT_TRUE(mode_reaches(&env, &client, &bold));
	env.pool6 = NULL;
	CU_ASSERT_FALSE(mode_reaches(&env, &client, &bold));
}

/* There is a tunnel without ports at that address. */
static void at_a_crowded_address_a_port_is_needed(void)
{
	from(PUBLIC, false);
	asker.crowded = true;
	CU_ASSERT_EQUAL(ask("v6anyv4", PUBLIC, false), 0);
	CU_ASSERT_PTR_EQUAL(grant.mode, V6UDPV4);
	CU_ASSERT_NOT_EQUAL(ask("v6v4", PUBLIC, false), 0);
	from(PUBLIC, true);
	asker.crowded = true;
	CU_ASSERT_NOT_EQUAL(ask("v6anyv4", PUBLIC, false), 0);
}

int main(void)
{
	static const struct unit_test tests[] = {
		UNIT_TEST(any_is_v6v4_without_a_nat_and_v6udpv4_behind_one),
		UNIT_TEST(any_takes_what_is_left),
		UNIT_TEST(what_is_asked_for_is_given_or_nothing),
		UNIT_TEST(tcp_carries_no_v6udpv4),
		UNIT_TEST(v4v6_is_asked_for_over_ipv6),
		UNIT_TEST(a_proxy_names_the_far_end),
		UNIT_TEST(a_proxy_names_no_group_and_nobody),
		UNIT_TEST(a_proxy_is_known_and_takes_nobodys_tunnel),
		UNIT_TEST(an_address_must_be_one),
		UNIT_TEST(a_mode_is_what_its_descriptor_says),
		UNIT_TEST(the_sessions_socket_is_udp),
		UNIT_TEST(at_a_crowded_address_a_port_is_needed),
	};

	return UNIT_RUN("modes of the broker", tests);
}
