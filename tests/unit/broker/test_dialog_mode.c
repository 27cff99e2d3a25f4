/* test_broker_modes.c - which tunnel a request gets. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "broker/dialog/dialog_mode.h"
#include "tests/unit/unit.h"

#define PUBLIC "203.0.113.2"
#define PRIVATE "192.168.1.2"
#define ROUTER "198.51.100.77"
#define SIX "2001:db8:6::2"

static struct options options;
static struct dialog_env env;
static struct dialog dialog;
static const char *why;

/* Who asks: from there, over UDP or TCP. */
static void from(const char *addr, bool tcp)
{
	for (int i = 0; i < MODES; i++)
		options.mode[i] = true;
	env = (struct dialog_env){ .options = &options,
				   .pool6 = (struct pool *)&env,
				   .pool4 = (struct pool *)&env };
	dialog = (struct dialog){ .env = &env };
	gw6c_addr_parse(addr, &dialog.from.addr);
	dialog.from.tcp = tcp;
	snprintf(dialog.user, sizeof(dialog.user), "ann");
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
	why = "";
	return modes_choose(&dialog, &request, &addr, &why);
}

static bool outer_is(const char *text)
{
	char room[GW6C_ADDR_TEXT];

	return strcmp(gw6c_addr_text(&dialog.grant.outer, room), text) == 0;
}

static void any_is_v6v4_without_a_nat_and_v6udpv4_behind_one(void)
{
	from(PUBLIC, false);
	CU_ASSERT_EQUAL(ask("v6anyv4", PUBLIC, false), 0);
	CU_ASSERT_EQUAL(dialog.grant.mode, MODE_V6V4);
	CU_ASSERT_FALSE(dialog.grant.nat);
	CU_ASSERT_TRUE(outer_is(PUBLIC));
	CU_ASSERT_EQUAL(ask("v6anyv4", PRIVATE, false), 0);
	CU_ASSERT_EQUAL(dialog.grant.mode, MODE_V6UDPV4);
	CU_ASSERT_TRUE(dialog.grant.nat);
	CU_ASSERT_TRUE(outer_is(PUBLIC));
}

static void any_takes_what_is_left(void)
{
	from(PUBLIC, false);
	options.mode[MODE_V6V4] = false;
	CU_ASSERT_EQUAL(ask("v6anyv4", PUBLIC, false), 0);
	CU_ASSERT_EQUAL(dialog.grant.mode, MODE_V6UDPV4);
	from(PUBLIC, false);
	options.mode[MODE_V6UDPV4] = false;
	CU_ASSERT_EQUAL(ask("v6anyv4", PUBLIC, false), 0);
	CU_ASSERT_EQUAL(dialog.grant.mode, MODE_V6V4);
	CU_ASSERT_EQUAL(ask("v6anyv4", PRIVATE, false), 303);
}

static void what_is_asked_for_is_given_or_nothing(void)
{
	from(PUBLIC, false);
	CU_ASSERT_EQUAL(ask("v6v4", PUBLIC, false), 0);
	CU_ASSERT_EQUAL(dialog.grant.mode, MODE_V6V4);
	CU_ASSERT_EQUAL(ask("v6udpv4", PUBLIC, false), 0);
	CU_ASSERT_EQUAL(dialog.grant.mode, MODE_V6UDPV4);
	CU_ASSERT_EQUAL(ask("v6v4", PRIVATE, false), 303);
	CU_ASSERT_PTR_NOT_NULL(strstr(why, "request v6anyv4"));
	CU_ASSERT_EQUAL(ask("v6v4v6", PUBLIC, false), 303);
	CU_ASSERT_EQUAL(ask("", PUBLIC, false), 303);
	options.mode[MODE_V6V4] = false;
	CU_ASSERT_EQUAL(ask("v6v4", PUBLIC, false), 303);
	options.mode[MODE_V6UDPV4] = false;
	CU_ASSERT_EQUAL(ask("v6udpv4", PUBLIC, false), 303);
}

static void tcp_carries_no_v6udpv4(void)
{
	from(PUBLIC, true);
	CU_ASSERT_EQUAL(ask("v6udpv4", PUBLIC, false), 303);
	CU_ASSERT_EQUAL(ask("v6anyv4", PUBLIC, false), 0);
	CU_ASSERT_EQUAL(dialog.grant.mode, MODE_V6V4);
	CU_ASSERT_EQUAL(ask("v6anyv4", PRIVATE, false), 303);
	CU_ASSERT_PTR_NOT_NULL(strstr(why, "over UDP"));
}

static void v4v6_is_asked_for_over_ipv6(void)
{
	from(SIX, false);
	CU_ASSERT_EQUAL(ask("v4v6", SIX, false), 0);
	CU_ASSERT_EQUAL(dialog.grant.mode, MODE_V4V6);
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
	CU_ASSERT_EQUAL(dialog.grant.mode, MODE_V6V4);
	CU_ASSERT_TRUE(outer_is(ROUTER));
	CU_ASSERT_FALSE(dialog.grant.nat);
	CU_ASSERT_EQUAL(ask("v6anyv4", ROUTER, true), 0);
	CU_ASSERT_EQUAL(dialog.grant.mode, MODE_V6V4);
	CU_ASSERT_EQUAL(ask("v6udpv4", ROUTER, true), 303);
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

static bool taken_by_bob(void *arg, const struct gw6c_addr *outer,
			 const char *key)
{
	(void)arg;
	(void)outer;
	return strcmp(key, "bob") != 0;
}

/* Else anybody could send tunnel packets to anybody. */
static void a_proxy_is_known_and_takes_nobodys_tunnel(void)
{
	from(PUBLIC, false);
	dialog.anonymous = true;
	CU_ASSERT_EQUAL(ask("v6v4", ROUTER, true), 300);
	from(PUBLIC, false);
	env.taken = taken_by_bob;
	CU_ASSERT_EQUAL(ask("v6v4", ROUTER, true), 506);
	snprintf(dialog.user, sizeof(dialog.user), "bob");
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
	};

	return UNIT_RUN("modes of the broker", tests);
}
