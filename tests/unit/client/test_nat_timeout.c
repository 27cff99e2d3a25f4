/* test_natlife.c - which deaths of a tunnel shorten the keepalive interval. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/client/nat_timeout.h"
#include "tests/unit/unit.h"

/* A tunnel dies after up_s and is replaced at once. */
static bool dies(struct nat_timeout *nat_timeout, uint64_t up_s,
		 uint32_t interval_s)
{
	nat_timeout_lost(nat_timeout, up_s,
			 nat_timeout_interval(nat_timeout, interval_s));
	return nat_timeout_back(nat_timeout, interval_s);
}

static void two_deaths_in_a_row_halve_the_interval(void)
{
	struct nat_timeout nat_timeout = { 0 };

	CU_ASSERT_EQUAL(nat_timeout_interval(&nat_timeout, 30), 30);
	CU_ASSERT_FALSE(dies(&nat_timeout, 30, 30));
	CU_ASSERT_EQUAL(nat_timeout_interval(&nat_timeout, 30), 30);
	CU_ASSERT_TRUE(dies(&nat_timeout, 30, 30));
	CU_ASSERT_EQUAL(nat_timeout_interval(&nat_timeout, 30), 15);
	CU_ASSERT_FALSE(dies(&nat_timeout, 20, 30));
	CU_ASSERT_TRUE(dies(&nat_timeout, 20, 30));
	CU_ASSERT_EQUAL(nat_timeout_interval(&nat_timeout, 30), 7);
}

static void there_is_a_least_interval(void)
{
	struct nat_timeout nat_timeout = { 0 };

	CU_ASSERT_FALSE(dies(&nat_timeout, 8, 8));
	CU_ASSERT_TRUE(dies(&nat_timeout, 8, 8));
	CU_ASSERT_EQUAL(nat_timeout_interval(&nat_timeout, 8), NATLIFE_MIN_S);
	CU_ASSERT_FALSE(dies(&nat_timeout, 5, 8));
	CU_ASSERT_FALSE(dies(&nat_timeout, 5, 8));
	CU_ASSERT_FALSE(dies(&nat_timeout, 5, 8));
	CU_ASSERT_EQUAL(nat_timeout_interval(&nat_timeout, 8), NATLIFE_MIN_S);
	CU_ASSERT_EQUAL(nat_timeout_interval(&nat_timeout, 3), 3);
	CU_ASSERT_EQUAL(nat_timeout_interval(&nat_timeout, 0), 0);
}

static void a_tunnel_that_lived_on_keepalives_counts_for_nothing(void)
{
	struct nat_timeout nat_timeout = { 0 };

	CU_ASSERT_FALSE(dies(&nat_timeout, 30, 30));
	CU_ASSERT_FALSE(
		dies(&nat_timeout, 106, 30)); /* 3 intervals, and 15 s */
	CU_ASSERT_FALSE(dies(&nat_timeout, 105, 30));
	CU_ASSERT_TRUE(dies(&nat_timeout, 105, 30));
}

static void a_broker_that_was_away_is_not_the_nat(void)
{
	struct nat_timeout nat_timeout = { 0 };

	CU_ASSERT_FALSE(dies(&nat_timeout, 30, 30));
	nat_timeout_lost(&nat_timeout, 30, 30);
	nat_timeout_excuse(&nat_timeout);
	CU_ASSERT_FALSE(nat_timeout_back(&nat_timeout, 30));
	CU_ASSERT_FALSE(dies(&nat_timeout, 30, 30));
	CU_ASSERT_TRUE(dies(&nat_timeout, 30, 30));
	/* A tunnel that did not die, but was renewed. */
	CU_ASSERT_FALSE(nat_timeout_back(&nat_timeout, 30));
	CU_ASSERT_FALSE(nat_timeout_back(&nat_timeout, 30));
	CU_ASSERT_EQUAL(nat_timeout_interval(&nat_timeout, 30), 15);
}

int main(void)
{
	static const struct unit_test tests[] = {
		UNIT_TEST(two_deaths_in_a_row_halve_the_interval),
		UNIT_TEST(there_is_a_least_interval),
		UNIT_TEST(a_tunnel_that_lived_on_keepalives_counts_for_nothing),
		UNIT_TEST(a_broker_that_was_away_is_not_the_nat),
	};

	return UNIT_RUN("nat_timeout", tests);
}
