/* test_life.c - how long a tunnel stays that is not heard. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "broker/data/life.h"
#include "tests/unit/unit.h"

#define BEGIN_MS 1000000
#define KEEPALIVE_S 30

static const struct life life = { .anonymous_ms = 300000, .most_ms = 3600000 };
static struct tunnel_entry entry;
static char why[LIFE_WHY];

static void begin(enum quota_class class)
{
	entry = (struct tunnel_entry){
		.grant = { .class = class,
			   .anonymous = class != QUOTA_ACCOUNT,
			   .keepalive_s = KEEPALIVE_S },
		.since_ms = BEGIN_MS,
		.heard_ms = BEGIN_MS,
		.place_ms = BEGIN_MS,
	};
}

static bool is_over(uint64_t after_ms)
{
	return life_is_over(&life, &entry, BEGIN_MS + after_ms, why);
}

static void silence_ends_it(void)
{
	static const struct {
		enum quota_class class;
		uint32_t keepalive_s;
		uint64_t ms;
	} cases[] = {
		{ QUOTA_ACCOUNT, KEEPALIVE_S, 150000 },
		{ QUOTA_ACCOUNT, 100, 500000 },
		{ QUOTA_ACCOUNT, 0, 3600000 },
		{ QUOTA_ANONYMOUS, KEEPALIVE_S, 150000 },
		{ QUOTA_ANONYMOUS, 100, 300000 },
		{ QUOTA_ANONYMOUS, 0, 300000 },
		{ QUOTA_UNPROVEN, KEEPALIVE_S, LIFE_UNPROVEN_MS },
		{ QUOTA_PATIENT, KEEPALIVE_S, LIFE_UNPROVEN_MS },
		{ QUOTA_NONE, 0, 300000 },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		begin(cases[i].class);
		entry.grant.keepalive_s = cases[i].keepalive_s;
		CU_ASSERT_EQUAL(life_patience_ms(&life, &entry), cases[i].ms);
		CU_ASSERT_FALSE(is_over(cases[i].ms - 1));
		CU_ASSERT_TRUE(is_over(cases[i].ms));
		CU_ASSERT_PTR_NOT_NULL(strstr(why, "no packets received for "));
	}
}

static void a_lease_ends_it(void)
{
	begin(QUOTA_ACCOUNT);
	entry.grant.lifetime_s = 60;
	entry.heard_ms = BEGIN_MS + 59999;
	CU_ASSERT_FALSE(is_over(59999));
	CU_ASSERT_TRUE(is_over(60000));
	CU_ASSERT_STRING_EQUAL(why, "its lease of 60 s was not renewed");
}

/* Packets can be forged, and so can whole sessions, which set it up anew. */
static void packets_do_not_keep_the_place_of_an_unproven_one(void)
{
	static const enum quota_class classes[] = { QUOTA_UNPROVEN,
						    QUOTA_PATIENT };

	for (int i = 0; i < 2; i++) {
		begin(classes[i]);
		entry.heard_ms = entry.since_ms =
			BEGIN_MS + LIFE_PLACE_MS - 1;
		CU_ASSERT_FALSE(is_over(LIFE_PLACE_MS - 1));
		CU_ASSERT_TRUE(is_over(LIFE_PLACE_MS));
		CU_ASSERT_STRING_EQUAL(why, "its address has proven nothing");
		entry.proven = true;
		CU_ASSERT_FALSE(is_over(LIFE_PLACE_MS - 1));
		CU_ASSERT_TRUE(is_over(LIFE_PLACE_MS));
		CU_ASSERT_STRING_EQUAL(why, "no place for it became free");
		entry.grant.class = QUOTA_ANONYMOUS;
		CU_ASSERT_FALSE(is_over(LIFE_PLACE_MS));
	}
	begin(QUOTA_ACCOUNT);
	entry.heard_ms = BEGIN_MS + LIFE_PLACE_MS;
	CU_ASSERT_FALSE(is_over(LIFE_PLACE_MS));
}

int main(void)
{
	static const struct unit_test tests[] = {
		UNIT_TEST(silence_ends_it),
		UNIT_TEST(a_lease_ends_it),
		UNIT_TEST(packets_do_not_keep_the_place_of_an_unproven_one),
	};

	return UNIT_RUN("broker: life", tests);
}
