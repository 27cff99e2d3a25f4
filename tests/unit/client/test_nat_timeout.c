/* test_natlife.c - which deaths of a tunnel shorten the keepalive interval. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/client/nat_timeout.h"
#include "tests/unit/unit.h"

/* A tunnel dies after up_s and is replaced at once. */
static bool dies(struct natlife *natlife, uint64_t up_s, uint32_t interval_s)
{
	natlife_lost(natlife, up_s, natlife_interval(natlife, interval_s));
	return natlife_back(natlife, interval_s);
}

static void two_deaths_in_a_row_halve_the_interval(void)
{
	struct natlife natlife = { 0 };

	CU_ASSERT_EQUAL(natlife_interval(&natlife, 30), 30);
	CU_ASSERT_FALSE(dies(&natlife, 30, 30));
	CU_ASSERT_EQUAL(natlife_interval(&natlife, 30), 30);
	CU_ASSERT_TRUE(dies(&natlife, 30, 30));
	CU_ASSERT_EQUAL(natlife_interval(&natlife, 30), 15);
	CU_ASSERT_FALSE(dies(&natlife, 20, 30));
	CU_ASSERT_TRUE(dies(&natlife, 20, 30));
	CU_ASSERT_EQUAL(natlife_interval(&natlife, 30), 7);
}

static void there_is_a_least_interval(void)
{
	struct natlife natlife = { 0 };

	CU_ASSERT_FALSE(dies(&natlife, 8, 8));
	CU_ASSERT_TRUE(dies(&natlife, 8, 8));
	CU_ASSERT_EQUAL(natlife_interval(&natlife, 8), NATLIFE_MIN_S);
	CU_ASSERT_FALSE(dies(&natlife, 5, 8));
	CU_ASSERT_FALSE(dies(&natlife, 5, 8));
	CU_ASSERT_FALSE(dies(&natlife, 5, 8));
	CU_ASSERT_EQUAL(natlife_interval(&natlife, 8), NATLIFE_MIN_S);
	CU_ASSERT_EQUAL(natlife_interval(&natlife, 3), 3);
	CU_ASSERT_EQUAL(natlife_interval(&natlife, 0), 0);
}

static void a_tunnel_that_lived_on_keepalives_counts_for_nothing(void)
{
	struct natlife natlife = { 0 };

	CU_ASSERT_FALSE(dies(&natlife, 30, 30));
	CU_ASSERT_FALSE(dies(&natlife, 106, 30)); /* 3 intervals, and 15 s */
	CU_ASSERT_FALSE(dies(&natlife, 105, 30));
	CU_ASSERT_TRUE(dies(&natlife, 105, 30));
}

static void a_broker_that_was_away_is_not_the_nat(void)
{
	struct natlife natlife = { 0 };

	CU_ASSERT_FALSE(dies(&natlife, 30, 30));
	natlife_lost(&natlife, 30, 30);
	natlife_excuse(&natlife);
	CU_ASSERT_FALSE(natlife_back(&natlife, 30));
	CU_ASSERT_FALSE(dies(&natlife, 30, 30));
	CU_ASSERT_TRUE(dies(&natlife, 30, 30));
	/* A tunnel that did not die, but was renewed. */
	CU_ASSERT_FALSE(natlife_back(&natlife, 30));
	CU_ASSERT_FALSE(natlife_back(&natlife, 30));
	CU_ASSERT_EQUAL(natlife_interval(&natlife, 30), 15);
}

int main(void)
{
	static const struct unit_test tests[] = {
		UNIT_TEST(two_deaths_in_a_row_halve_the_interval),
		UNIT_TEST(there_is_a_least_interval),
		UNIT_TEST(a_tunnel_that_lived_on_keepalives_counts_for_nothing),
		UNIT_TEST(a_broker_that_was_away_is_not_the_nat),
	};

	return UNIT_RUN("natlife", tests);
}
