/* test_sessions.c - whose place a new tunnel of an account takes. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "broker/data/probe.h"
#include "broker/data/sessions.h"
#include "tests/unit/unit.h"
#include <stdlib.h>

#define START_MS 1000000

static struct tunnels *tunnels;
static struct sessions_ask ask;
static int probes;
static const struct tunnel_entry *probed, *rival;
static unsigned number;

static void on_gone(void *arg, const struct tunnel_entry *entry)
{
	(void)arg;
	(void)entry;
}

static void on_probe(void *arg, const struct tunnel_entry *entry)
{
	CU_ASSERT_PTR_EQUAL(arg, &probes);
	probes++;
	probed = entry;
}

static struct endpoint end_at(const char *addr, uint16_t port, uint8_t protocol)
{
	struct endpoint at = { .port = port, .protocol = protocol };

	gw6c_addr_parse(addr, &at.addr);
	return at;
}

static struct tunnel_entry *add(const char *user, unsigned n,
				struct endpoint to, const char *inner)
{
	struct grant grant = { .keepalive_s = 10 };

	sessions_key(grant.key, user, n);
	gw6c_addr_parse(inner, &grant.inner);
	return tunnels_add(tunnels, &to, &grant, START_MS);
}

static void begin(void)
{
	tunnels = tunnels_new(on_gone, NULL);
	probes = 0;
	ask = (struct sessions_ask){ .user = "ann",
				     .to = end_at("192.0.2.9", 4000, 0),
				     .inner = 6,
				     .limit = 1,
				     .now_ms = START_MS + 1000,
				     .probe = on_probe,
				     .arg = &probes };
}

static enum sessions_verdict choose(void)
{
	return sessions_choose(tunnels, &ask, &number, &rival);
}

static void the_first_takes_what_is_free(void)
{
	begin();
	add("ann2", 1, end_at("192.0.2.1", 1, 0), "2001:db8::1");
	add("an", 1, end_at("192.0.2.2", 1, 0), "2001:db8::2");
	add("ann", 1, end_at("192.0.2.3", 1, 0), "10.0.0.1"); /* family */
	CU_ASSERT_EQUAL(choose(), SESSIONS_TAKE);
	CU_ASSERT_EQUAL(number, 1);
	CU_ASSERT_EQUAL(probes, 0);
	tunnels_free(tunnels);
}

static void a_living_one_is_asked_and_stays(void)
{
	struct tunnel_entry *old;

	begin();
	old = add("ann", 1, end_at("192.0.2.1", 4000, 0), "2001:db8::1");
	CU_ASSERT_EQUAL(choose(), SESSIONS_WAIT);
	CU_ASSERT_EQUAL(probes, 1);
	CU_ASSERT_PTR_EQUAL(probed, old);
	ask.probed_ms = ask.now_ms;
	ask.now_ms += 300;
	CU_ASSERT_EQUAL(choose(), SESSIONS_WAIT);
	CU_ASSERT_EQUAL(probes, 2);
	old->heard_ms = ask.probed_ms + 1;
	CU_ASSERT_EQUAL(choose(), SESSIONS_FULL);
	CU_ASSERT_EQUAL(probes, 2);
	CU_ASSERT_PTR_EQUAL(rival, old);
	tunnels_free(tunnels);
}

static void one_that_does_not_answer_is_replaced(void)
{
	struct tunnel_entry *old;

	begin();
	old = add("ann", 1, end_at("192.0.2.1", 4000, 0), "2001:db8::1");
	old->heard_ms = ask.probed_ms = ask.now_ms;
	ask.final = true;
	CU_ASSERT_EQUAL(choose(), SESSIONS_TAKE);
	CU_ASSERT_EQUAL(number, 1);
	tunnels_free(tunnels);
}

/* Two intervals of 10 s. */
static void one_that_was_silent_is_not_asked(void)
{
	begin();
	add("ann", 1, end_at("192.0.2.1", 4000, 0), "2001:db8::1");
	ask.now_ms = START_MS + 19999;
	CU_ASSERT_EQUAL(choose(), SESSIONS_WAIT);
	ask.now_ms = START_MS + 20000;
	CU_ASSERT_EQUAL(choose(), SESSIONS_TAKE);
	CU_ASSERT_EQUAL(probes, 1);
	tunnels_free(tunnels);
}

static void without_keepalives_silence_proves_nothing(void)
{
	begin();
	add("ann", 1, end_at("192.0.2.1", 4000, 0), "2001:db8::1")
		->grant.keepalive_s = 0;
	ask.now_ms = START_MS + 1000000;
	CU_ASSERT_EQUAL(choose(), SESSIONS_WAIT);
	tunnels_free(tunnels);
}

static void the_same_end_is_the_same_client(void)
{
	static const struct {
		struct endpoint old;
		bool leased, same;
	} cases[] = {
		{ { .port = 4000 }, false, true },
		{ { .port = 4001 }, false, false },
		{ { .port = 4001 }, true, true },
		{ { .protocol = 41 }, false, true },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct endpoint old = cases[i].old;

		begin();
		old.addr = ask.to.addr;
		add("ann", 1, old, "2001:db8::1");
		ask.leased = cases[i].leased;
		CU_ASSERT_EQUAL(choose(),
				cases[i].same ? SESSIONS_TAKE : SESSIONS_WAIT);
		CU_ASSERT_EQUAL(number, cases[i].same ? 1 : 0);
		tunnels_free(tunnels);
	}
}

static void another_address_is_another_client(void)
{
	begin();
	add("ann", 1, end_at("192.0.2.1", 4000, 0), "2001:db8::1");
	ask.leased = true;
	CU_ASSERT_EQUAL(choose(), SESSIONS_WAIT);
	tunnels_free(tunnels);
}

/* The silent one first: a client that has moved keeps its address. */
static void several_have_a_place_each(void)
{
	struct tunnel_entry *one, *two;

	begin();
	ask.limit = 3;
	one = add("ann", 1, end_at("192.0.2.1", 1, 0), "2001:db8::1");
	two = add("ann", 2, end_at("192.0.2.2", 1, 0), "2001:db8::2");
	CU_ASSERT_EQUAL(choose(), SESSIONS_WAIT);
	CU_ASSERT_EQUAL(probes, 2);
	ask.probed_ms = ask.now_ms;
	ask.now_ms += 300;
	ask.final = true;
	one->heard_ms = ask.probed_ms + 1;
	CU_ASSERT_EQUAL(choose(), SESSIONS_TAKE);
	CU_ASSERT_EQUAL(number, 2);
	two->heard_ms = ask.probed_ms + 1;
	CU_ASSERT_EQUAL(choose(), SESSIONS_TAKE);
	CU_ASSERT_EQUAL(number, 3);
	ask.limit = 2;
	CU_ASSERT_EQUAL(choose(), SESSIONS_FULL);
	tunnels_free(tunnels);
}

static const uint8_t secret[PROBE_SECRET] = { 1, 2, 3, 4, 5, 6, 7, 8 };

/* Sums by another implementation. */
static void a_probe_is_a_whole_packet(void)
{
	struct gw6c_addr from, to;
	uint8_t out[PROBE_MAX], want[PROBE_MAX];
	size_t len;

	gw6c_addr_parse("2001:db8::1", &from);
	gw6c_addr_parse("2001:db8::2", &to);
	len = unit_hex("6000000000103a4020010db800000000"
		       "000000000000000120010db800000000"
		       "00000000000000028000142c00000000"
		       "0102030405060708",
		       want, sizeof(want));
	CU_ASSERT_EQUAL(probe_packet(&from, &to, secret, out), 56);
	CU_ASSERT_EQUAL(len, 56);
	CU_ASSERT_EQUAL(memcmp(out, want, 56), 0);
	gw6c_addr_parse("100.64.1.1", &from);
	gw6c_addr_parse("100.64.1.2", &to);
	len = unit_hex("45000024000000004001b05664400101"
		       "644001020800e7eb0000000001020304"
		       "05060708",
		       want, sizeof(want));
	CU_ASSERT_EQUAL(probe_packet(&from, &to, secret, out), 36);
	CU_ASSERT_EQUAL(len, 36);
	CU_ASSERT_EQUAL(memcmp(out, want, 36), 0);
}

/* What the far end makes of a probe, and what it could make of it. */
static void an_answer_brings_the_secret_back(void)
{
	static const char *const ends[][2] = { { "2001:db8::1", "2001:db8::2" },
					       { "100.64.1.1", "100.64.1.2" } };

	for (int k = 0; k < 2; k++) {
		size_t header = k ? 20 : 40;
		struct gw6c_addr from, to;
		uint8_t octets[PROBE_MAX];
		struct gw6c_bytes packet = { octets, 0 };

		gw6c_addr_parse(ends[k][0], &from);
		gw6c_addr_parse(ends[k][1], &to);
		packet.len = probe_packet(&from, &to, secret, octets);
		CU_ASSERT_FALSE(probe_is_answer(packet, secret));
		octets[header] = k ? 0 : 129;
		CU_ASSERT_TRUE(probe_is_answer(packet, secret));
		for (size_t i = 0; i < PROBE_SECRET; i++) {
			octets[header + 8 + i] ^= 1;
			CU_ASSERT_FALSE(probe_is_answer(packet, secret));
			octets[header + 8 + i] ^= 1;
		}
		octets[k ? 9 : 6] ^= 1; /* the protocol */
		CU_ASSERT_FALSE(probe_is_answer(packet, secret));
		octets[k ? 9 : 6] ^= 1;
		for (size_t len = 0; len < packet.len; len++) {
			uint8_t *cut = malloc(len ? len : 1);

			memcpy(cut, octets, len);
			CU_ASSERT_FALSE(
				probe_is_answer((struct gw6c_bytes){ cut, len },
						secret));
			free(cut);
		}
	}
}

/* --- somebody else at the same outer end -------------------------------- */

static struct tunnel_entry *add_foreign(void)
{
	struct endpoint to;
	struct tunnel_entry *old;

	begin();
	ask.to = to = end_at("192.0.2.9", 0, 41);
	ask.proven = true;
	old = add("bob", 1, to, "2001:db8::1");
	old->proven = true;
	return old;
}

static void nobody_is_displaced_who_answers(void)
{
	struct tunnel_entry *old = add_foreign();

	old->answers = true;
	CU_ASSERT_EQUAL(sessions_displace(old, &ask), SESSIONS_WAIT);
	CU_ASSERT_PTR_EQUAL(probed, old);
	ask.probed_ms = ask.now_ms;
	ask.now_ms += 300;
	CU_ASSERT_EQUAL(sessions_displace(old, &ask), SESSIONS_WAIT);
	CU_ASSERT_EQUAL(probes, 2);
	old->heard_ms = ask.probed_ms + 1;
	CU_ASSERT_EQUAL(sessions_displace(old, &ask), SESSIONS_FULL);
	ask.final = true;
	CU_ASSERT_EQUAL(sessions_displace(old, &ask), SESSIONS_FULL);
	CU_ASSERT_EQUAL(probes, 2);
	tunnels_free(tunnels);
}

static void one_that_used_to_answer_is_gone_if_it_does_not(void)
{
	struct tunnel_entry *old = add_foreign();

	old->answers = true;
	ask.probed_ms = ask.now_ms;
	ask.final = true;
	CU_ASSERT_EQUAL(sessions_displace(old, &ask), SESSIONS_TAKE);
	tunnels_free(tunnels);
}

/* Its firewall may drop probes: only long silence tells. */
static void one_that_never_answered_must_be_silent(void)
{
	static const struct {
		uint32_t keepalive_s;
		uint64_t silent_ms;
	} cases[] = { { 10, 20000 }, { 0, 60000 } };

	for (int i = 0; i < 2; i++) {
		struct tunnel_entry *old = add_foreign();

		old->grant.keepalive_s = cases[i].keepalive_s;
		ask.final = true;
		ask.now_ms = old->heard_ms + cases[i].silent_ms - 1;
		ask.probed_ms = ask.now_ms - 900;
		CU_ASSERT_EQUAL(sessions_displace(old, &ask), SESSIONS_FULL);
		ask.now_ms++;
		CU_ASSERT_EQUAL(sessions_displace(old, &ask), SESSIONS_TAKE);
		tunnels_free(tunnels);
	}
}

/* An address that may be forged displaces nobody, and asks nobody. */
static void who_has_proven_nothing_displaces_nobody(void)
{
	struct tunnel_entry *old = add_foreign();

	ask.proven = false;
	old->answers = true;
	ask.probed_ms = ask.now_ms;
	ask.final = true;
	CU_ASSERT_EQUAL(sessions_displace(old, &ask), SESSIONS_FULL);
	CU_ASSERT_EQUAL(probes, 0);
	tunnels_free(tunnels);
}

/* Nor does it keep those out who have proven more. */
static void a_tunnel_that_may_be_forged_gives_way(void)
{
	struct tunnel_entry *old = add_foreign();

	old->proven = false;
	CU_ASSERT_EQUAL(sessions_displace(old, &ask), SESSIONS_TAKE);
	/* Nor one that an account has claimed for somebody else. */
	old->grant.proxy = true;
	CU_ASSERT_EQUAL(sessions_displace(old, &ask), SESSIONS_TAKE);
	old->grant.proxy = false;
	ask.proven = false;
	ask.now_ms = old->heard_ms + 2999;
	CU_ASSERT_EQUAL(sessions_displace(old, &ask), SESSIONS_FULL);
	ask.now_ms++;
	CU_ASSERT_EQUAL(sessions_displace(old, &ask), SESSIONS_TAKE);
	tunnels_free(tunnels);
}

static void ones_own_and_none_are_no_rivals(void)
{
	struct tunnel_entry *old = add_foreign();

	ask.user = "bob";
	CU_ASSERT_EQUAL(sessions_displace(old, &ask), SESSIONS_TAKE);
	CU_ASSERT_EQUAL(sessions_displace(NULL, &ask), SESSIONS_TAKE);
	CU_ASSERT_EQUAL(probes, 0);
	tunnels_free(tunnels);
}

/* A neighbour behind the same NAT may have it. */
static void a_weak_key_is_asked_at_the_same_end(void)
{
	struct tunnel_entry *old;

	begin();
	ask.weak = true;
	old = add("ann", 1, ask.to, "2001:db8::1");
	CU_ASSERT_EQUAL(choose(), SESSIONS_WAIT);
	CU_ASSERT_PTR_EQUAL(probed, old);
	tunnels_free(tunnels);
}

int main(void)
{
	static const struct unit_test tests[] = {
		UNIT_TEST(the_first_takes_what_is_free),
		UNIT_TEST(a_living_one_is_asked_and_stays),
		UNIT_TEST(one_that_does_not_answer_is_replaced),
		UNIT_TEST(one_that_was_silent_is_not_asked),
		UNIT_TEST(without_keepalives_silence_proves_nothing),
		UNIT_TEST(the_same_end_is_the_same_client),
		UNIT_TEST(another_address_is_another_client),
		UNIT_TEST(several_have_a_place_each),
		UNIT_TEST(a_probe_is_a_whole_packet),
		UNIT_TEST(an_answer_brings_the_secret_back),
		UNIT_TEST(nobody_is_displaced_who_answers),
		UNIT_TEST(one_that_used_to_answer_is_gone_if_it_does_not),
		UNIT_TEST(one_that_never_answered_must_be_silent),
		UNIT_TEST(who_has_proven_nothing_displaces_nobody),
		UNIT_TEST(a_tunnel_that_may_be_forged_gives_way),
		UNIT_TEST(ones_own_and_none_are_no_rivals),
		UNIT_TEST(a_weak_key_is_asked_at_the_same_end),
	};

	return UNIT_RUN("broker: sessions", tests);
}
