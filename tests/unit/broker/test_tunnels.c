/* test_tunnels.c - tunnels are found by either end, and make way. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "broker/data/tunnels.h"
#include "tests/unit/unit.h"

static struct tunnels *tunnels;
static int gone;
static char gone_key[POOL_KEY];

static void on_gone(void *arg, const struct tunnel_entry *entry)
{
	CU_ASSERT_PTR_EQUAL(arg, &gone);
	gone++;
	snprintf(gone_key, sizeof(gone_key), "%s", entry->grant.key);
}

static void begin(void)
{
	gone = 0;
	tunnels = tunnels_new(on_gone, &gone);
}

static struct endpoint end_at(const char *addr, uint16_t port, uint8_t protocol)
{
	struct endpoint at = { .port = port, .protocol = protocol };

	gw6c_addr_parse(addr, &at.addr);
	return at;
}

static struct tunnel_entry *add(const char *key, struct endpoint to,
				const char *inner, const char *prefix, int bits)
{
	struct grant grant = { .nat = true };

	snprintf(grant.key, sizeof(grant.key), "%s", key);
	gw6c_addr_parse(inner, &grant.inner);
	if (prefix) {
		gw6c_addr_parse(prefix, &grant.prefix);
		grant.prefix.bits = (uint8_t)bits;
	}
	return tunnels_add(tunnels, &to, &grant, 77);
}

static struct tunnel_entry *by_outer(const char *addr, uint16_t port,
				     uint8_t protocol)
{
	struct endpoint at = end_at(addr, port, protocol);

	return tunnels_by_outer(tunnels, &at);
}

static struct tunnel_entry *route(const char *text)
{
	struct gw6c_addr addr;

	gw6c_addr_parse(text, &addr);
	return tunnels_route(tunnels, addr.octets);
}

#define OUT "203.0.113.2"

static void an_end_is_address_port_and_protocol(void)
{
	struct tunnel_entry *udp, *raw, *other;

	begin();
	udp = add("udp", end_at(OUT, 4000, 0), "2001:db8::2", NULL, 0);
	raw = add("raw", end_at(OUT, 0, 41), "2001:db8::3", NULL, 0);
	other = add("other", end_at(OUT, 0, 253), "2001:db8::4", NULL, 0);
	CU_ASSERT_EQUAL(gone, 0);
	CU_ASSERT_EQUAL(tunnels_count(tunnels), 3);
	CU_ASSERT_PTR_EQUAL(by_outer(OUT, 4000, 0), udp);
	CU_ASSERT_PTR_EQUAL(by_outer(OUT, 0, 41), raw);
	CU_ASSERT_PTR_EQUAL(by_outer(OUT, 0, 253), other);
	CU_ASSERT_PTR_NULL(by_outer(OUT, 0, 0));
	CU_ASSERT_PTR_NULL(by_outer(OUT, 4001, 0));
	CU_ASSERT_PTR_NULL(by_outer(OUT, 4000, 41));
	CU_ASSERT_PTR_NULL(by_outer("203.0.113.3", 4000, 0));
	CU_ASSERT_EQUAL(udp->since_ms, 77);
	CU_ASSERT_EQUAL(udp->heard_ms, 77);
	CU_ASSERT_TRUE(udp->grant.nat);
	tunnels_free(tunnels);
	CU_ASSERT_EQUAL(gone, 3);
}

static void who_comes_to_the_same_end_is_the_only_one(void)
{
	struct tunnel_entry *ann;

	begin();
	add("ann", end_at(OUT, 0, 41), "2001:db8::2", "2001:db8:1::", 48);
	add("bob", end_at(OUT, 0, 41), "2001:db8::3", NULL, 0);
	CU_ASSERT_EQUAL(gone, 1);
	CU_ASSERT_STRING_EQUAL(gone_key, "ann");
	CU_ASSERT_EQUAL(tunnels_count(tunnels), 1);
	CU_ASSERT_PTR_NULL(route("2001:db8::2"));
	CU_ASSERT_PTR_NULL(route("2001:db8:1::2"));
	/* The same inner address, from elsewhere. */
	ann = add("ann", end_at("203.0.113.9", 9, 0), "2001:db8::3", NULL, 0);
	CU_ASSERT_EQUAL(gone, 2);
	CU_ASSERT_STRING_EQUAL(gone_key, "bob");
	CU_ASSERT_PTR_NULL(by_outer(OUT, 0, 41));
	CU_ASSERT_PTR_EQUAL(route("2001:db8::3"), ann);
	CU_ASSERT_EQUAL(tunnels_count(tunnels), 1);
	tunnels_free(tunnels);
	CU_ASSERT_EQUAL(gone, 3);
}

static void a_packet_goes_to_the_address_or_the_prefix_it_is_in(void)
{
	struct tunnel_entry *a, *b, *c;

	begin();
	a = add("a", end_at(OUT, 1, 0), "2001:db8::2", "2001:db8:1::", 48);
	b = add("b", end_at(OUT, 2, 0), "2001:db8::3", "2001:db8:2:100::", 56);
	/* An inner address within the prefix of another. */
	c = add("c", end_at(OUT, 3, 0), "2001:db8:1::7", NULL, 0);
	CU_ASSERT_PTR_EQUAL(route("2001:db8::2"), a);
	CU_ASSERT_PTR_EQUAL(route("2001:db8:1:ffff::1"), a);
	CU_ASSERT_PTR_EQUAL(route("2001:db8:1::7"), c);
	CU_ASSERT_PTR_EQUAL(route("2001:db8:2:1ff::1"), b);
	CU_ASSERT_PTR_NULL(route("2001:db8:2:200::1"));
	CU_ASSERT_PTR_NULL(route("2001:db8::4"));
	tunnels_remove(tunnels, b);
	CU_ASSERT_PTR_NULL(route("2001:db8:2:1ff::1"));
	CU_ASSERT_PTR_EQUAL(route("2001:db8:1:ffff::1"), a);
	CU_ASSERT_EQUAL(tunnels_count(tunnels), 2);
	tunnels_free(tunnels);
}

static void the_shortest_and_the_longest_prefix_are_routed(void)
{
	struct tunnel_entry *one, *all;

	begin();
	one = add("one", end_at(OUT, 1, 0), "2001:db8::2", "8000::", 1);
	all = add("all", end_at(OUT, 2, 0), "2001:db8::3", "2001:db8:5::9",
		  128);
	CU_ASSERT_PTR_EQUAL(route("fd00::1"), one);
	CU_ASSERT_PTR_EQUAL(route("2001:db8:5::9"), all);
	CU_ASSERT_PTR_NULL(route("2001:db8:5::8"));
	tunnels_free(tunnels);
}

#define MANY 6000 /* more than there are buckets: chains */

static void remove_odd(void *arg, struct tunnel_entry *entry)
{
	int *seen = arg;

	(*seen)++;
	if (entry->to.port % 2)
		tunnels_remove(tunnels, entry);
}

static void many_are_found_and_can_go_while_they_are_walked(void)
{
	int seen = 0, found = 0;

	begin();
	for (int i = 0; i < MANY; i++) {
		char inner[64], prefix[64];

		snprintf(inner, sizeof(inner), "2001:db8::1:%x", i);
		snprintf(prefix, sizeof(prefix), "2001:db8:1:%x::", i);
		add("many", end_at(OUT, (uint16_t)(i + 1), 0), inner, prefix,
		    64);
	}
	CU_ASSERT_EQUAL(tunnels_count(tunnels), MANY);
	tunnels_each(tunnels, remove_odd, &seen);
	CU_ASSERT_EQUAL(seen, MANY);
	CU_ASSERT_EQUAL(gone, MANY / 2);
	CU_ASSERT_EQUAL(tunnels_count(tunnels), MANY / 2);
	for (int i = 0; i < MANY; i++) {
		struct tunnel_entry *entry =
			by_outer(OUT, (uint16_t)(i + 1), 0);
		char inner[64];

		snprintf(inner, sizeof(inner), "2001:db8::1:%x", i);
		CU_ASSERT_PTR_EQUAL(route(inner), entry);
		snprintf(inner, sizeof(inner), "2001:db8:1:%x::80", i);
		CU_ASSERT_PTR_EQUAL(route(inner), entry);
		found += entry && entry->to.port == i + 1;
	}
	CU_ASSERT_EQUAL(found, MANY / 2);
	tunnels_free(tunnels);
	CU_ASSERT_EQUAL(gone, MANY);
}

/* Who has shown nothing gets a little more than it sends. */
static void a_stranger_is_sent_little(void)
{
	struct tunnel_entry entry = { .grant.anonymous = true,
				      .in_octets = 100 };

	CU_ASSERT_TRUE(tunnels_may_send(&entry, TUNNELS_ADVANCE + 100));
	CU_ASSERT_FALSE(tunnels_may_send(&entry, TUNNELS_ADVANCE + 101));
	entry.out_octets = TUNNELS_ADVANCE;
	CU_ASSERT_TRUE(tunnels_may_send(&entry, 100));
	CU_ASSERT_FALSE(tunnels_may_send(&entry, 101));
	entry.proven = true;
	CU_ASSERT_TRUE(tunnels_may_send(&entry, 1280));
	/* An account is no proof of an address. */
	entry.proven = entry.grant.anonymous = false;
	CU_ASSERT_TRUE(tunnels_may_send(&entry, 100));
	CU_ASSERT_FALSE(tunnels_may_send(&entry, 101));
}

static void a_proxy_says_nothing_of_the_far_end(void)
{
	struct endpoint to = end_at(OUT, 0, 41);
	struct grant grant = { .proven = true };

	begin();
	gw6c_addr_parse("2001:db8::2", &grant.inner);
	CU_ASSERT_TRUE(tunnels_add(tunnels, &to, &grant, 77)->proven);
	grant.proxy = true;
	CU_ASSERT_FALSE(tunnels_add(tunnels, &to, &grant, 77)->proven);
	grant.proven = false;
	CU_ASSERT_FALSE(tunnels_add(tunnels, &to, &grant, 77)->proven);
	tunnels_free(tunnels);
}

/* Whoever sets up a tunnel to an end again and again does not get more for
 * it. */
static void what_is_sent_in_advance_is_sent_once(void)
{
	struct tunnel_entry *entry;

	begin();
	entry = add("a", end_at(OUT, 1, 0), "2001:db8::2", NULL, 0);
	entry->in_packets = 1;
	entry->in_octets = 100;
	entry->out_packets = 5;
	entry->out_octets = 4000;
	entry->place_ms = 5;
	entry = add("b", end_at(OUT, 1, 0), "2001:db8::3", NULL, 0);
	CU_ASSERT_EQUAL(entry->place_ms, 5);
	CU_ASSERT_EQUAL(entry->since_ms, 77);
	CU_ASSERT_EQUAL(entry->in_packets, 1);
	CU_ASSERT_EQUAL(entry->in_octets, 100);
	CU_ASSERT_EQUAL(entry->out_packets, 5);
	CU_ASSERT_EQUAL(entry->out_octets, 4000);
	/* Another end, or one that has proven itself, begins anew. */
	entry = add("b", end_at(OUT, 2, 0), "2001:db8::3", NULL, 0);
	CU_ASSERT_EQUAL(entry->out_octets, 0);
	CU_ASSERT_EQUAL(entry->place_ms, 77);
	entry->out_octets = 4000;
	entry->proven = true;
	entry = add("b", end_at(OUT, 2, 0), "2001:db8::3", NULL, 0);
	CU_ASSERT_EQUAL(entry->out_octets, 0);
	tunnels_free(tunnels);
}

int main(void)
{
	static const struct unit_test tests[] = {
		UNIT_TEST(an_end_is_address_port_and_protocol),
		UNIT_TEST(who_comes_to_the_same_end_is_the_only_one),
		UNIT_TEST(a_packet_goes_to_the_address_or_the_prefix_it_is_in),
		UNIT_TEST(the_shortest_and_the_longest_prefix_are_routed),
		UNIT_TEST(many_are_found_and_can_go_while_they_are_walked),
		UNIT_TEST(a_stranger_is_sent_little),
		UNIT_TEST(a_proxy_says_nothing_of_the_far_end),
		UNIT_TEST(what_is_sent_in_advance_is_sent_once),
	};

	return UNIT_RUN("broker: tunnels", tests);
}
