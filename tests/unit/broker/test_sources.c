/* test_sources.c - what the addresses that send to us may cause. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "broker/dialog/sources.h"
#include "tests/unit/unit.h"

static struct sources *sources;
static struct gw6c_addr addr;
static uint64_t now_ms;

static void begin(void)
{
	sources = sources_new();
	gw6c_addr_parse("203.0.113.7", &addr);
	now_ms = 1000000;
}

static bool say(size_t octets)
{
	return sources_may_say(sources, &addr, octets, now_ms);
}

static void as_much_as_came_and_a_little_more(void)
{
	begin();
	CU_ASSERT_FALSE(say(SOURCES_ADVANCE + 1));
	sources_hear(sources, &addr, 100, now_ms);
	CU_ASSERT_FALSE(say(SOURCES_ADVANCE + 101));
	CU_ASSERT_TRUE(say(SOURCES_ADVANCE + 100));
	CU_ASSERT_FALSE(say(1));
	sources_hear(sources, &addr, 50, now_ms);
	CU_ASSERT_FALSE(say(51));
	CU_ASSERT_TRUE(say(50));
	now_ms += 1000;
	CU_ASSERT_FALSE(say(SOURCES_ADVANCE_S + 1));
	CU_ASSERT_TRUE(say(SOURCES_ADVANCE_S));
	now_ms += 3600000;
	CU_ASSERT_FALSE(say(SOURCES_ADVANCE + 1));
	CU_ASSERT_TRUE(say(SOURCES_ADVANCE));
	sources_free(sources);
}

/* What came is not kept for ever. */
static void credit_has_an_end(void)
{
	begin();
	for (int i = 0; i < 1000; i++)
		sources_hear(sources, &addr, 1000, now_ms);
	CU_ASSERT_FALSE(say(2048 + SOURCES_ADVANCE + 1));
	CU_ASSERT_TRUE(say(2048 + SOURCES_ADVANCE));
	sources_free(sources);
}

/* Forged addresses of one network share what is sent in advance; and so do all
 * there are. */
static void networks_and_the_world_have_a_limit(void)
{
	size_t network = 0, all = 0;

	begin();
	for (int i = 0; i < 256; i++) {
		addr.octets[3] = (uint8_t)i;
		network += say(100) ? 100 : 0;
	}
	CU_ASSERT_TRUE(network <= SOURCES_NETWORK);
	CU_ASSERT_TRUE(network > SOURCES_NETWORK - 100);
	for (int i = 0; i < 2000; i++) {
		addr.octets[0] = (uint8_t)(i >> 8);
		addr.octets[1] = (uint8_t)i;
		all += say(100) ? 100 : 0;
	}
	CU_ASSERT_TRUE(network + all <= SOURCES_ALL);
	CU_ASSERT_TRUE(network + all > SOURCES_ALL - 100);
	now_ms += 1000;
	all = 0;
	for (int i = 0; i < 2000; i++) {
		addr.octets[0] = (uint8_t)(100 + (i >> 8));
		addr.octets[1] = (uint8_t)i;
		all += say(100) ? 100 : 0;
	}
	CU_ASSERT_TRUE(all <= SOURCES_ALL_S + 100);
	CU_ASSERT_TRUE(all > SOURCES_ALL_S - 100);
	sources_free(sources);
}

static void the_proven_have_a_limit_of_their_own(void)
{
	struct gw6c_addr proven;

	begin();
	proven = addr;
	CU_ASSERT_FALSE(say(SOURCES_ADVANCE + 1));
	sources_prove(sources, &addr, now_ms);
	/* Whatever is done in the name of others, also of neighbours */
	for (int i = 0; i < 4000; i++) {
		addr.octets[2] = (uint8_t)(i % 7);
		addr.octets[3] = (uint8_t)i;
		if (memcmp(&addr, &proven, sizeof(addr)) != 0)
			say(100);
	}
	addr = proven;
	CU_ASSERT_FALSE(say(SOURCES_PROVEN + 1));
	CU_ASSERT_TRUE(say(SOURCES_PROVEN));
	now_ms += 1000;
	sources_prove(sources, &addr, now_ms); /* fills nothing */
	CU_ASSERT_FALSE(say(SOURCES_PROVEN_S + 1));
	CU_ASSERT_TRUE(say(SOURCES_PROVEN_S));
	now_ms += SOURCES_PROVEN_MS - 1;
	CU_ASSERT_FALSE(say(SOURCES_PROVEN + 1));
	CU_ASSERT_TRUE(say(SOURCES_ADVANCE + 1));
	now_ms++;
	CU_ASSERT_FALSE(say(SOURCES_ADVANCE + 1));
	sources_free(sources);
}

/* A flood of forged addresses does not make us forget who has proven what. */
static void a_proof_survives_a_flood(void)
{
	struct gw6c_addr proven;

	begin();
	proven = addr;
	sources_prove(sources, &addr, now_ms);
	for (int i = 0; i < 200000; i++) {
		addr.octets[0] = (uint8_t)(i >> 16);
		addr.octets[1] = (uint8_t)(i >> 8);
		addr.octets[2] = (uint8_t)i;
		sources_hear(sources, &addr, 36, now_ms + (uint64_t)i);
	}
	addr = proven;
	now_ms += 200000;
	CU_ASSERT_TRUE(say(SOURCES_PROVEN));
	sources_free(sources);
}

static void who_begins_again_is_known(void)
{
	begin();
	CU_ASSERT_EQUAL(sources_first_ms(sources, &addr, 4000, now_ms), now_ms);
	CU_ASSERT_EQUAL(sources_first_ms(sources, &addr, 4001, now_ms + 50),
			now_ms + 50);
	CU_ASSERT_EQUAL(sources_first_ms(sources, &addr, 4000, now_ms + 2000),
			now_ms);
	CU_ASSERT_EQUAL(sources_first_ms(sources, &addr, 4000, now_ms + 10000),
			now_ms);
	CU_ASSERT_EQUAL(sources_first_ms(sources, &addr, 4000, now_ms + 10001),
			now_ms + 10001);
	addr.octets[3]++;
	CU_ASSERT_EQUAL(sources_first_ms(sources, &addr, 4000, now_ms + 10001),
			now_ms + 10001);
	sources_free(sources);
}

static void there_is_a_little_for_them(void)
{
	size_t sum = 0;

	begin();
	CU_ASSERT_TRUE(say(SOURCES_ADVANCE));
	CU_ASSERT_FALSE(say(100));
	while (sources_may_say_again(sources, &addr, 100, now_ms))
		sum += 100;
	CU_ASSERT_TRUE(sum <= SOURCES_AGAIN && sum > SOURCES_AGAIN - 100);
	/* at all addresses together */
	addr.octets[0]++;
	CU_ASSERT_TRUE(say(SOURCES_ADVANCE));
	CU_ASSERT_FALSE(sources_may_say_again(sources, &addr, 100, now_ms));
	now_ms += 100;
	CU_ASSERT_TRUE(sources_may_say_again(sources, &addr,
					     SOURCES_AGAIN_S / 10, now_ms));
	CU_ASSERT_FALSE(sources_may_say_again(sources, &addr, 100, now_ms));
	sources_free(sources);
}

static void stray_answers_are_few(void)
{
	int n = 0;

	begin();
	while (n < 1000 && sources_may_stray(sources, &addr, 10, now_ms))
		n++;
	CU_ASSERT_EQUAL(n, SOURCES_STRAY);
	CU_ASSERT_FALSE(say(SOURCES_ADVANCE - 10 * SOURCES_STRAY + 1));
	CU_ASSERT_TRUE(say(SOURCES_ADVANCE - 10 * SOURCES_STRAY - 20));
	now_ms += 100;
	CU_ASSERT_TRUE(sources_may_stray(sources, &addr, 10, now_ms));
	addr.octets[3]++;
	CU_ASSERT_TRUE(sources_may_stray(sources, &addr, 10, now_ms));
	sources_free(sources);
}

/* Nor are they more than came, like all else. */
static void stray_answers_are_counted(void)
{
	begin();
	CU_ASSERT_TRUE(say(SOURCES_ADVANCE));
	CU_ASSERT_FALSE(sources_may_stray(sources, &addr, 40, now_ms));
	sources_hear(sources, &addr, 50, now_ms);
	CU_ASSERT_TRUE(sources_may_stray(sources, &addr, 40, now_ms));
	CU_ASSERT_FALSE(say(11));
	CU_ASSERT_TRUE(say(10));
	sources_free(sources);
}

/* A flood of short messages, each worth a question: what is sent in advance and
 * to those that say the same again is less than what was not answered. */
static void a_flood_gets_no_more_than_it_has(void)
{
	size_t came = 0, went = 0;

	begin();
	for (int i = 0; i < 5000; i++) {
		now_ms++;
		sources_hear(sources, &addr, 51, now_ms);
		came += 51;
		if (sources_may_say_again(sources, &addr, 186, now_ms))
			went += 186;
		else if (say(44))
			went += 44;
	}
	CU_ASSERT_TRUE(went <= came);
	CU_ASSERT_TRUE(went > came * 8 / 10); /* and each is asked */
	sources_free(sources);
}

/* Who says the same again and sends little else has a limit of its own. */
static void the_patient_owe_little(void)
{
	size_t sum = 0;

	begin();
	for (int i = 0; i < 60; i++) {
		now_ms += 1000;
		sources_hear(sources, &addr, 51, now_ms);
		for (int j = 0; j < 4; j++)
			if (sources_may_say_again(sources, &addr, 400, now_ms))
				sum += 400;
	}
	CU_ASSERT_TRUE(sum <= SOURCES_DEBT + 60 * (51 + SOURCES_ADVANCE_S));
	CU_ASSERT_TRUE(sum > SOURCES_DEBT);
	/* What came and was not answered pays for it. */
	CU_ASSERT_FALSE(sources_may_say_again(sources, &addr, 800, now_ms));
	sources_hear(sources, &addr, 1000, now_ms);
	sources_hear(sources, &addr, 0, now_ms);
	CU_ASSERT_TRUE(sources_may_say_again(sources, &addr, 800, now_ms));
	sources_free(sources);
}

static int work(bool proven)
{
	int n = 0;

	while (n < 10000 && sources_may_work(sources, &addr, proven, now_ms))
		n++;
	return n;
}

static void work_is_bounded_for_each_kind(void)
{
	int all = 0;

	begin();
	CU_ASSERT_EQUAL(work(false), SOURCES_WORK_BURST);
	addr.octets[3]++;
	CU_ASSERT_EQUAL(work(false), 0);
	for (int i = 0; i < 20; i++) {
		int one;

		addr.octets[2] = (uint8_t)i;
		one = work(true);
		CU_ASSERT_TRUE(one <= SOURCES_WORK_ONE_BURST);
		all += one;
	}
	CU_ASSERT_EQUAL(all, SOURCES_WORK_PROVEN_BURST);
	now_ms += 100;
	CU_ASSERT_EQUAL(work(false), SOURCES_WORK / 10);
	addr.octets[2] = 0;
	CU_ASSERT_EQUAL(work(true), SOURCES_WORK_ONE / 10);
	addr.octets[2] = 77;
	/* Half of it is for those who have asked for little. */
	all = SOURCES_WORK_PROVEN / 10 - SOURCES_WORK_ONE / 10;
	CU_ASSERT_EQUAL(work(true), all - SOURCES_WORK_PROVEN_BURST / 2);
	all = SOURCES_WORK_PROVEN_BURST / 2;
	addr.octets[2] = 78;
	CU_ASSERT_EQUAL(work(true), SOURCES_LIGHT_BURST);
	all -= SOURCES_LIGHT_BURST;
	addr.octets[2] = 79;
	CU_ASSERT_EQUAL(work(true), all);
	sources_free(sources);
}

/* Of 20 ms: those ask once each, address by address. */
static void ask_often(int octet, int others)
{
	for (int i = 0; i < others; i++) {
		addr.octets[octet] = (uint8_t)i;
		sources_may_work(sources, &addr, true, now_ms);
	}
}

/* However many ask for a little less than one may, or have a network for it:
 * who logs in now and then is worked for each time. */
static void who_asks_for_little_goes_first(void)
{
	static const struct {
		const char *bad;
		int octet, others;
	} cases[] = {
		{ "198.18.0.1", 2, 15 }, /* networks of their own */
		{ "198.18.0.1", 3, 200 }, /* addresses of one network */
		{ "2001:db8:5::1", 7, 200 }, /* /64s of one /56 */
		{ "2001:db8:5::1", 5, 15 }, /* /48s */
	};

	for (int k = 0; k < 4; k++) {
		int refused = 0;

		begin();
		for (int step = 0; step < 1500; step++) {
			now_ms += 20;
			gw6c_addr_parse(cases[k].bad, &addr);
			ask_often(cases[k].octet, cases[k].others);
			if (step < 150 || step % 200 > 3)
				continue;
			gw6c_addr_parse("203.0.113.7", &addr);
			refused +=
				!sources_may_work(sources, &addr, true, now_ms);
		}
		CU_ASSERT_EQUAL(refused, 0);
		sources_free(sources);
	}
}

/* And again as soon as it asks for little. */
static void to_ask_for_much_is_forgotten(void)
{
	begin();
	CU_ASSERT_EQUAL(work(true), SOURCES_WORK_ONE_BURST);
	addr.octets[2]++; /* two others leave nothing but what is one's own */
	CU_ASSERT_EQUAL(work(true), SOURCES_LIGHT_BURST);
	addr.octets[2]--;
	now_ms += 20; /* 16 of all, and one of its own */
	CU_ASSERT_EQUAL(work(true), 0);
	now_ms += 980;
	addr.octets[2]++;
	CU_ASSERT_EQUAL(work(true), SOURCES_WORK_ONE_BURST);
	addr.octets[2]++;
	CU_ASSERT_EQUAL(work(true), SOURCES_LIGHT_BURST);
	addr.octets[2] -= 2;
	CU_ASSERT_EQUAL(work(true), SOURCES_LIGHT);
	sources_free(sources);
}

/* A clock that was looked at before that of the last caller fills nothing. */
static void an_earlier_time_fills_nothing(void)
{
	begin();
	CU_ASSERT_TRUE(say(SOURCES_ADVANCE));
	CU_ASSERT_EQUAL(work(true), SOURCES_WORK_ONE_BURST);
	CU_ASSERT_EQUAL(work(false), SOURCES_WORK_BURST);
	now_ms -= 1;
	CU_ASSERT_FALSE(say(1));
	CU_ASSERT_EQUAL(work(true), 0);
	CU_ASSERT_EQUAL(work(false), 0);
	/* Nor is what was counted before counted twice. */
	now_ms += 1;
	CU_ASSERT_FALSE(say(1));
	CU_ASSERT_EQUAL(work(false), 0);
	now_ms += 1000;
	CU_ASSERT_FALSE(say(SOURCES_ADVANCE_S + 1));
	CU_ASSERT_TRUE(say(SOURCES_ADVANCE_S));
	sources_free(sources);
}

int main(void)
{
	static const struct unit_test tests[] = {
		UNIT_TEST(as_much_as_came_and_a_little_more),
		UNIT_TEST(credit_has_an_end),
		UNIT_TEST(networks_and_the_world_have_a_limit),
		UNIT_TEST(the_proven_have_a_limit_of_their_own),
		UNIT_TEST(a_proof_survives_a_flood),
		UNIT_TEST(who_begins_again_is_known),
		UNIT_TEST(there_is_a_little_for_them),
		UNIT_TEST(stray_answers_are_few),
		UNIT_TEST(stray_answers_are_counted),
		UNIT_TEST(a_flood_gets_no_more_than_it_has),
		UNIT_TEST(the_patient_owe_little),
		UNIT_TEST(work_is_bounded_for_each_kind),
		UNIT_TEST(who_asks_for_little_goes_first),
		UNIT_TEST(to_ask_for_much_is_forgotten),
		UNIT_TEST(an_earlier_time_fills_nothing),
	};

	return UNIT_RUN("broker: sources", tests);
}
