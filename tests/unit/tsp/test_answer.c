/* test_answer.c - what is believed of an answer, and what is not. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/tsp/answer.h"
#include "tests/data/tsp_vectors.h"
#include "tests/fake/fake_modes.h"
#include "tests/unit/unit.h"
#include <stdio.h>
#include <stdlib.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* One case: an answer, as the vectors or the test has it. */
struct trial {
	struct settings settings;
	struct answer_context context;
	struct tsp_tunnel tunnel;
	struct gw6c_lease lease;
	struct gw6c_err err;
	int notes;
};

static void note(void *arg, const char *text)
{
	struct trial *trial = arg;

	CU_ASSERT_TRUE(strlen(text) > 10);
	trial->notes++;
}

static struct trial *trial_new(const char *name)
{
	struct trial *trial = calloc(1, sizeof(*trial));

	trial->settings.tunnel_mode = "v6anyv4";
	trial->settings.keepalive = true;
	trial->settings.keepalive_interval = 30;
	trial->settings.prefixlen = 48;
	snprintf(trial->settings.lan[0].dev, GW6C_DEV, "lan0");
	trial->settings.metric = 99;
	trial->context.settings = &trial->settings;
	trial->context.asked = &any_ops;
	trial->context.mode = find_mode;
	trial->context.version = TSP_V202;
	trial->context.udp = true;
	gw6c_addr_parse("10.0.0.7", &trial->context.local);
	gw6c_addr_parse("192.0.2.6", &trial->context.remote);
	trial->context.local_port = 4000;
	trial->context.remote_port = 3653;
	snprintf(trial->context.broker.host, GW6C_NAME, "broker.example");
	for (size_t i = 0; i < COUNT(message_vectors); i++) {
		const char *xml = strstr(message_vectors[i].text, "<tunnel");

		if (strcmp(message_vectors[i].name, name) == 0)
			CU_ASSERT_EQUAL_FATAL(tsp_parse_xml(gw6c_text(xml),
							    &trial->tunnel,
							    &trial->err),
					      GW6C_OK);
	}
	return trial;
}

static int run(struct trial *trial)
{
	return answer_lease(&trial->tunnel, &trial->context, &trial->lease,
			    note, trial, &trial->err);
}

static void is_addr(const struct gw6c_addr *addr, const char *want)
{
	char room[GW6C_ADDR_TEXT];

	CU_ASSERT_STRING_EQUAL(gw6c_addr_text(addr, room), want);
}

static void set(struct tsp_address *list, int n, const char *type,
		const char *text)
{
	for (int i = 0; i < n; i++)
		if (strcmp(list[i].type, type) == 0)
			snprintf(list[i].text, GW6C_NAME, "%s", text);
}

static void a_udp_answer_becomes_a_lease(void)
{
	struct trial *trial = trial_new("s_v6udpv4");

	CU_ASSERT_EQUAL(run(trial), GW6C_OK);
	CU_ASSERT_STRING_EQUAL(trial->lease.mode, "v6udpv4");
	CU_ASSERT_STRING_EQUAL(trial->lease.asked, "v6anyv4");
	CU_ASSERT_STRING_EQUAL(trial->lease.broker, "broker.example");
	CU_ASSERT_STRING_EQUAL(trial->lease.dev, "tun7");
	CU_ASSERT_STRING_EQUAL(trial->lease.name, "alice.broker.example.net");
	is_addr(&trial->lease.local, "10.0.0.7");
	is_addr(&trial->lease.remote, "192.0.2.6");
	is_addr(&trial->lease.inner, "2001:db8:4000::11");
	is_addr(&trial->lease.peer, "2001:db8:4000::10");
	is_addr(&trial->lease.keepalive, "2001:db8:4000::10");
	is_addr(&trial->lease.prefix, "-");
	CU_ASSERT_EQUAL(trial->lease.local_port, 4000);
	CU_ASSERT_EQUAL(trial->lease.remote_port, 3653);
	CU_ASSERT_EQUAL(trial->lease.keepalive_s, 30);
	CU_ASSERT_EQUAL(trial->lease.lifetime_s, 0);
	CU_ASSERT_EQUAL(trial->lease.mtu, 1280);
	CU_ASSERT_EQUAL(trial->lease.metric, 99);
	CU_ASSERT_EQUAL(trial->lease.size, sizeof(trial->lease));
	free(trial);
}

static void a_router_gets_its_prefix_a_host_none(void)
{
	struct trial *trial = trial_new("s_router48");

	trial->settings.router = true;
	CU_ASSERT_EQUAL(run(trial), GW6C_OK);
	is_addr(&trial->lease.prefix, "2001:db8:1234::/48");
	CU_ASSERT_STRING_EQUAL(trial->lease.lans[0].dev, "lan0");
	CU_ASSERT_STRING_EQUAL(trial->lease.lans[0].dev, "lan0");
	is_addr(&trial->lease.lans[0].prefix, "2001:db8:1234::/64");
	CU_ASSERT_EQUAL(trial->notes, 0);
	trial->settings.router = false;
	CU_ASSERT_EQUAL(run(trial), GW6C_OK);
	is_addr(&trial->lease.prefix, "-");
	CU_ASSERT_STRING_EQUAL(trial->lease.lans[0].dev, "");
	free(trial);
}

static void host_bits_of_a_prefix_are_cleared(void)
{
	struct trial *trial = trial_new("s_router48");

	trial->settings.router = true;
	trial->tunnel.prefix_length = 60;
	snprintf(trial->tunnel.prefix, GW6C_NAME, "2001:db8:1:2fff::1");
	CU_ASSERT_EQUAL(run(trial), GW6C_OK);
	is_addr(&trial->lease.prefix, "2001:db8:1:2ff0::/60");
	CU_ASSERT_TRUE(trial->notes >= 1);
	free(trial);
}

/* The broker gave a /60: there is a subnet 15, and none of number 16. */
static void each_network_gets_its_own_subnet(void)
{
	struct trial *trial = trial_new("s_router48");

	trial->settings.router = true;
	trial->tunnel.prefix_length = 60;
	snprintf(trial->settings.lan[0].dev, GW6C_DEV, "a");
	snprintf(trial->settings.lan[1].dev, GW6C_DEV, "b");
	trial->settings.lan[1].subnet = 15;
	snprintf(trial->settings.lan[2].dev, GW6C_DEV, "c");
	trial->settings.lan[2].subnet = 16;
	snprintf(trial->tunnel.prefix, GW6C_NAME, "2001:db8:1:2ff0::");
	CU_ASSERT_EQUAL(run(trial), GW6C_OK);
	is_addr(&trial->lease.lans[0].prefix, "2001:db8:1:2ff0::/64");
	is_addr(&trial->lease.lans[1].prefix, "2001:db8:1:2fff::/64");
	CU_ASSERT_STRING_EQUAL(trial->lease.lans[2].dev, "c");
	CU_ASSERT_EQUAL(trial->lease.lans[2].prefix.family, 0);
	CU_ASSERT_STRING_EQUAL(trial->lease.lans[3].dev, "");
	CU_ASSERT_EQUAL(trial->notes, 2); /* of the length, of c */
	free(trial);
}

static void hostile_prefixes_are_refused(void)
{
	static const struct {
		const char *text;
		long bits;
	} cases[] = { { "::", 1 },
		      { "fe80::", 10 },
		      { "ff00::", 8 },
		      { "::1", 64 },
		      { "2001:db8::", 0 },
		      { "2001:db8::", 65 },
		      { "2001:db8::", 128 },
		      { "2000::", 3 },
		      { "192.0.2.0", 24 },
		      { "2001:db8::/48", 48 },
		      { "", 48 },
		      { "2001:db8::", 8 },
		      { "2001::", 16 },
		      { "2001:db8::", 31 },
		      { "64::", 48 },
		      { "64:ff9b::", 48 },
		      { "4000::", 48 },
		      { "1fff::", 48 },
		      { "fe00::", 48 },
		      { "2001:db8::; rm -rf /", 48 } };
	struct trial *trial = trial_new("s_router48");

	trial->settings.router = true;
	for (size_t i = 0; i < COUNT(cases); i++) {
		snprintf(trial->tunnel.prefix, GW6C_NAME, "%s", cases[i].text);
		trial->tunnel.prefix_length = cases[i].bits;
		CU_ASSERT_EQUAL(run(trial), GW6C_EPEER);
	}
	free(trial);
}

/* A provider's block is the most. */
static void a_prefix_is_no_larger_than_a_provider_has(void)
{
	static const struct {
		int asked;
		long bits;
		int rc;
	} cases[] = { { 48, 48, GW6C_OK },
		      { 48, 64, GW6C_OK },
		      { 32, 32, GW6C_OK },
		      { 20, 32, GW6C_OK },
		      { 20, 31, GW6C_EPEER } };
	struct trial *trial = trial_new("s_router48");

	trial->settings.router = true;
	snprintf(trial->tunnel.prefix, GW6C_NAME, "fd00:1234::");
	for (size_t i = 0; i < COUNT(cases); i++) {
		trial->settings.prefixlen = cases[i].asked;
		trial->tunnel.prefix_length = cases[i].bits;
		CU_ASSERT_EQUAL(run(trial), cases[i].rc);
		if (cases[i].rc)
			CU_ASSERT_PTR_NOT_NULL(
				strstr(trial->err.text, "far too large"));
	}
	free(trial);
}

static void hostile_addresses_are_refused(void)
{
	static const char *const inner[] = { "::",	  "::1",
					     "ff02::1",	  "fe80::1",
					     "192.0.2.1", "2001:db8::1/64",
					     "",	  "64:ff9b::1",
					     "4000::1",	  "1fff::1",
					     "fec0::1",	  "2001:db8:4000::10" };
	struct trial *trial;

	for (size_t i = 0; i < COUNT(inner); i++) {
		trial = trial_new("s_v6udpv4");
		set(trial->tunnel.client, trial->tunnel.clients, "ipv6",
		    inner[i]);
		CU_ASSERT_EQUAL(run(trial), GW6C_EPEER);
		free(trial);
		trial = trial_new("s_v6udpv4");
		set(trial->tunnel.server, trial->tunnel.servers, "ipv6",
		    i == COUNT(inner) - 1 ? "2001:db8:4000::11" : inner[i]);
		CU_ASSERT_EQUAL(run(trial), GW6C_EPEER);
		free(trial);
	}
}

static void hostile_tunnel_ends_are_refused(void)
{
	static const char *const outer[] = { "0.0.0.0",	  "127.0.0.1",
					     "224.0.0.1", "255.255.255.255",
					     "010.0.0.1", "2001:db8::1",
					     "" };

	for (size_t i = 0; i < COUNT(outer); i++) {
		struct trial *trial = trial_new("s_v6v4");

		set(trial->tunnel.server, trial->tunnel.servers, "ipv4",
		    outer[i]);
		CU_ASSERT_EQUAL(run(trial), GW6C_EPEER);
		free(trial);
	}
}

static void only_what_was_asked_for_is_taken(void)
{
	struct trial *trial = trial_new("s_v6udpv4");

	trial->context.udp = false;
	CU_ASSERT_EQUAL(run(trial), GW6C_EPEER);
	trial->context.udp = true;
	trial->context.asked = &v4v6_ops;
	CU_ASSERT_EQUAL(run(trial), GW6C_EPEER);
	trial->context.asked = &any_ops;
	trial->tunnel.type[0] = 0;
	CU_ASSERT_EQUAL(run(trial), GW6C_EPEER);
	/* Some brokers echo the request; over UDP that means v6udpv4. */
	snprintf(trial->tunnel.type, GW6C_MODE, "v6anyv4");
	CU_ASSERT_EQUAL(run(trial), GW6C_OK);
	CU_ASSERT_STRING_EQUAL(trial->lease.mode, "v6udpv4");
	free(trial);
}

static void the_interval_is_the_brokers_within_bounds(void)
{
	static const struct {
		long given;
		uint32_t want;
	} cases[] = { { 110, 110 },   { 0, 30 },	 { 1, 5 },  { 5, 5 },
		      { 3600, 3600 }, { 9999999, 3600 }, { -1, 30 } };
	struct trial *trial = trial_new("s_v6udpv4");

	for (size_t i = 0; i < COUNT(cases); i++) {
		trial->tunnel.keepalive = cases[i].given;
		CU_ASSERT_EQUAL(run(trial), GW6C_OK);
		CU_ASSERT_EQUAL(trial->lease.keepalive_s, cases[i].want);
	}
	trial->settings.keepalive = false;
	CU_ASSERT_EQUAL(run(trial), GW6C_OK);
	CU_ASSERT_EQUAL(trial->lease.keepalive_s, 0);
	free(trial);
}

static void keepalives_never_go_to_third_parties_of_no_use(void)
{
	static const char *const bad[] = { "::",      "::1",	   "ff02::1",
					   "fe80::1", "127.0.0.1", "nonsense",
					   "" };
	struct trial *trial = trial_new("s_v6udpv4");

	for (size_t i = 0; i < COUNT(bad); i++) {
		snprintf(trial->tunnel.keepalive_address.text, GW6C_NAME, "%s",
			 bad[i]);
		CU_ASSERT_EQUAL(run(trial), GW6C_OK);
		is_addr(&trial->lease.keepalive, "2001:db8:4000::10");
	}
	free(trial);
}

static void names_that_are_none_are_dropped(void)
{
	static const char *const bad[] = { "a b", "$(reboot)", "a\nb", "x;y",
					   "" };
	struct trial *trial = trial_new("s_v6udpv4");

	for (size_t i = 0; i < COUNT(bad); i++) {
		set(trial->tunnel.client, trial->tunnel.clients, "dn", bad[i]);
		CU_ASSERT_EQUAL(run(trial), GW6C_OK);
		CU_ASSERT_STRING_EQUAL(trial->lease.name, "");
	}
	free(trial);
}

static void a_name_has_253_octets_at_most(void)
{
	struct trial *trial = trial_new("s_v6udpv4");
	char name[GW6C_NAME];

	for (size_t len = 252; len <= 254; len++) {
		snprintf(
			name, sizeof(name), "%.*s", (int)len,
			"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
			"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
			"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
			"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
			"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa");
		CU_ASSERT_EQUAL_FATAL(strlen(name), len);
		set(trial->tunnel.client, trial->tunnel.clients, "dn", name);
		memset(trial->lease.name, 0, sizeof(trial->lease.name));
		CU_ASSERT_EQUAL(run(trial), GW6C_OK);
		CU_ASSERT_STRING_EQUAL(trial->lease.name,
				       len <= 253 ? name : "");
	}
	free(trial);
}

/* Every octet counts, the first and the last included. */
static void a_name_is_letters_digits_and_few_others(void)
{
	static const struct {
		const char *name;
		bool good;
	} cases[] = {
		{ "a", true },	       { "A-b_c.9", true }, { "9", true },
		{ "!abc", false },     { "abc!", false },   { "a!c", false },
		{ " abc", false },     { "\nabc", false },  { "abc\n", false },
		{ "\xc3\xa4", false },
	};
	struct trial *trial = trial_new("s_v6udpv4");

	for (size_t i = 0; i < COUNT(cases); i++) {
		set(trial->tunnel.client, trial->tunnel.clients, "dn",
		    cases[i].name);
		trial->notes = 0;
		CU_ASSERT_EQUAL(run(trial), GW6C_OK);
		CU_ASSERT_STRING_EQUAL(trial->lease.name,
				       cases[i].good ? cases[i].name : "");
		CU_ASSERT_EQUAL(trial->notes, !cases[i].good);
	}
	free(trial);
}

static void resolvers_are_ipv6_and_of_use(void)
{
	static const char *const given[] = { "192.0.2.53", "2001:db8:53::1",
					     "::1",	   "nonsense",
					     "ff02::53",   "fe80::53",
					     "fd00::53" };
	struct trial *trial = trial_new("s_v6udpv4");

	trial->tunnel.resolvers = COUNT(given);
	for (size_t i = 0; i < COUNT(given); i++)
		snprintf(trial->tunnel.resolver[i].text, GW6C_NAME, "%s",
			 given[i]);
	CU_ASSERT_EQUAL(run(trial), GW6C_OK);
	is_addr(&trial->lease.resolver[0], "2001:db8:53::1");
	is_addr(&trial->lease.resolver[1], "fd00::53");
	is_addr(&trial->lease.resolver[2], "-");
	/* No more than there is room for. */
	trial->tunnel.resolvers = GW6C_RESOLVERS + 1;
	for (int i = 0; i <= GW6C_RESOLVERS; i++)
		snprintf(trial->tunnel.resolver[i].text, GW6C_NAME,
			 "2001:db8::%d", i + 1);
	CU_ASSERT_EQUAL(run(trial), GW6C_OK);
	is_addr(&trial->lease.resolver[0], "2001:db8::1");
	is_addr(&trial->lease.resolver[2], "2001:db8::3");
	CU_ASSERT_STRING_EQUAL(trial->lease.name, "alice.broker.example.net");
	free(trial);
}

static void a_v4v6_lease_has_a_lifetime(void)
{
	static const struct {
		long given;
		uint32_t want;
	} cases[] = { { 7200, 7200 },	    { 0, 0 },	   { -1, 0 }, { 1, 60 },
		      { 2678400, 2678400 }, { 2678401, 0 } };
	struct trial *trial = trial_new("s_v4v6");

	trial->context.asked = &v4v6_ops;
	trial->settings.tunnel_mode = "v4v6";
	gw6c_addr_parse("2001:db8:99::20", &trial->context.local);
	gw6c_addr_parse("2001:db8:6::1", &trial->context.remote);
	for (size_t i = 0; i < COUNT(cases); i++) {
		trial->tunnel.lifetime = cases[i].given;
		CU_ASSERT_EQUAL(run(trial), GW6C_OK);
		CU_ASSERT_EQUAL(trial->lease.lifetime_s, cases[i].want);
	}
	is_addr(&trial->lease.inner, "203.0.113.77");
	is_addr(&trial->lease.keepalive, "203.0.113.1");
	is_addr(&trial->lease.remote, "2001:db8:6::1");
	free(trial);
}

static void a_request_says_what_is_configured(void)
{
	struct trial *trial = trial_new("s_v6v4");
	struct gw6c_addr client;

	trial->settings.router = true;
	trial->settings.dns_server[0] = "ns1.example.org";
	trial->settings.dns_server[1] = "ns2.example.org";
	gw6c_addr_parse("198.51.100.20", &client);
	for (int again = 0; again < 2; again++) {
		uint8_t room[2048];
		struct gw6c_buf out = GW6C_BUF(room);

		answer_request(&trial->settings, trial->context.asked, &client,
			       &trial->tunnel);
		tsp_put_message(&out, 0, NULL, &trial->tunnel);
		for (size_t i = 0; i < COUNT(message_vectors); i++)
			if (strcmp(message_vectors[i].name, "c_router48") == 0)
				CU_ASSERT_EQUAL(memcmp(room,
						       message_vectors[i].text,
						       out.len),
						0);
	}
	free(trial);
}

/* What is left of an answer before counts no more. */
static void addresses_that_are_not_counted_are_none(void)
{
	struct trial *trial = trial_new("s_v6v4");

	CU_ASSERT_EQUAL(run(trial), GW6C_OK);
	while (trial->tunnel.servers &&
	       strcmp(trial->tunnel.server[trial->tunnel.servers - 1].type,
		      "ipv6") != 0)
		trial->tunnel.servers--;
	CU_ASSERT_TRUE_FATAL(trial->tunnel.servers > 0);
	CU_ASSERT_EQUAL(run(trial), GW6C_OK);
	trial->tunnel.servers--;
	CU_ASSERT_EQUAL(run(trial), GW6C_EPEER);
	free(trial);
}

static void a_request_has_room_for_eight_name_servers(void)
{
	static const struct gw6c_tunnel_ops four = { .size = sizeof(four),
						     .inner = 4 };
	struct trial *trial = trial_new("s_v6v4");
	struct gw6c_addr client;

	trial->settings.router = true;
	for (int i = 0; i < SETTINGS_LIST; i++)
		trial->settings.dns_server[i] = "ns.example.org";
	gw6c_addr_parse("2001:db8::20", &client);
	answer_request(&trial->settings, &four, &client, &trial->tunnel);
	CU_ASSERT_EQUAL(trial->tunnel.router_dns, 8);
	CU_ASSERT_EQUAL(trial->tunnel.resolvers, 0);
	CU_ASSERT_STRING_EQUAL(trial->tunnel.keepalive_address.type, "ipv4");
	CU_ASSERT_STRING_EQUAL(trial->tunnel.keepalive_address.text,
			       "127.0.0.1");
	CU_ASSERT_STRING_EQUAL(trial->tunnel.client[0].type, "ipv6");
	free(trial);
}

int main(void)
{
	static const struct unit_test tests[] = {
		UNIT_TEST(a_udp_answer_becomes_a_lease),
		UNIT_TEST(a_router_gets_its_prefix_a_host_none),
		UNIT_TEST(host_bits_of_a_prefix_are_cleared),
		UNIT_TEST(each_network_gets_its_own_subnet),
		UNIT_TEST(hostile_prefixes_are_refused),
		UNIT_TEST(a_prefix_is_no_larger_than_a_provider_has),
		UNIT_TEST(hostile_addresses_are_refused),
		UNIT_TEST(hostile_tunnel_ends_are_refused),
		UNIT_TEST(only_what_was_asked_for_is_taken),
		UNIT_TEST(the_interval_is_the_brokers_within_bounds),
		UNIT_TEST(keepalives_never_go_to_third_parties_of_no_use),
		UNIT_TEST(names_that_are_none_are_dropped),
		UNIT_TEST(a_name_has_253_octets_at_most),
		UNIT_TEST(a_name_is_letters_digits_and_few_others),
		UNIT_TEST(resolvers_are_ipv6_and_of_use),
		UNIT_TEST(a_v4v6_lease_has_a_lifetime),
		UNIT_TEST(a_request_says_what_is_configured),
		UNIT_TEST(addresses_that_are_not_counted_are_none),
		UNIT_TEST(a_request_has_room_for_eight_name_servers),
	};

	return UNIT_RUN("answer", tests);
}
