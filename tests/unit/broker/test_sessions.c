/* test_sessions.c - whose place a new tunnel of an account takes. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "broker/data/probe.h"
#include "broker/data/sessions.h"
#include "tests/unit/unit.h"

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

/* Sums by another implementation. */
static void a_probe_is_a_whole_packet(void)
{
	struct gw6c_addr from, to;
	uint8_t out[PROBE_MAX], want[PROBE_MAX];
	size_t len;

	gw6c_addr_parse("2001:db8::1", &from);
	gw6c_addr_parse("2001:db8::2", &to);
	len = unit_hex("6000000000083a40"
		       "20010db8000000000000000000000001"
		       "20010db8000000000000000000000002"
		       "80002448"
		       "00000000",
		       want, sizeof(want));
	CU_ASSERT_EQUAL(probe_packet(&from, &to, out), 48);
	CU_ASSERT_EQUAL(len, 48);
	CU_ASSERT_EQUAL(memcmp(out, want, 48), 0);
	gw6c_addr_parse("100.64.1.1", &from);
	gw6c_addr_parse("100.64.1.2", &to);
	len = unit_hex("4500001c000000004001b05e"
		       "64400101"
		       "64400102"
		       "0800f7ff"
		       "00000000",
		       want, sizeof(want));
	CU_ASSERT_EQUAL(probe_packet(&from, &to, out), 28);
	CU_ASSERT_EQUAL(len, 28);
	CU_ASSERT_EQUAL(memcmp(out, want, 28), 0);
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
	};

	return UNIT_RUN("broker: sessions", tests);
}
