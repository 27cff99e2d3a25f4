/* test_quota.c - how many tunnels may be there at a time, and whose. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "broker/data/quota.h"
#include "tests/unit/unit.h"

static struct quota *quota;
static struct quota_limits limits;
static struct gw6c_addr addr;

static void begin(void)
{
	quota = quota_new();
	limits = (struct quota_limits){
		.all = 10, .reserved = 3, .one = 100, .network = 100
	};
	gw6c_addr_parse("192.0.2.1", &addr);
}

static enum quota_verdict take(enum quota_class class)
{
	enum quota_verdict verdict = quota_check(quota, &limits, &addr, class);

	if (verdict == QUOTA_TAKEN)
		CU_ASSERT_TRUE(quota_take(quota, &addr, class));
	return verdict;
}

static int take_all(enum quota_class class)
{
	int n = 0;

	while (n < 1000 && take(class) == QUOTA_TAKEN)
		n++;
	return n;
}

static void some_are_for_accounts(void)
{
	begin();
	CU_ASSERT_EQUAL(take_all(QUOTA_ANONYMOUS), 7);
	CU_ASSERT_EQUAL(take(QUOTA_ANONYMOUS), QUOTA_FULL);
	CU_ASSERT_EQUAL(take_all(QUOTA_ACCOUNT), 3);
	CU_ASSERT_EQUAL(take(QUOTA_ACCOUNT), QUOTA_FULL);
	quota_give(quota, &addr, QUOTA_ANONYMOUS);
	CU_ASSERT_EQUAL(take(QUOTA_ACCOUNT), QUOTA_TAKEN);
	CU_ASSERT_EQUAL(take(QUOTA_ANONYMOUS), QUOTA_FULL);
	quota_free(quota);
}

static void accounts_may_have_all(void)
{
	begin();
	CU_ASSERT_EQUAL(take_all(QUOTA_ACCOUNT), 10);
	CU_ASSERT_EQUAL(take(QUOTA_ANONYMOUS), QUOTA_FULL);
	quota_free(quota);
}

/* Who has proven nothing takes nothing from those who have. */
static void the_unproven_have_places_of_their_own(void)
{
	begin();
	for (int i = 0; i < 1000; i++) {
		addr.octets[1] = (uint8_t)i;
		addr.octets[0] = (uint8_t)(i >> 8);
		take(QUOTA_UNPROVEN);
	}
	CU_ASSERT_EQUAL(take(QUOTA_UNPROVEN), QUOTA_FULL);
	CU_ASSERT_EQUAL(take_all(QUOTA_ANONYMOUS), 7);
	CU_ASSERT_EQUAL(take_all(QUOTA_ACCOUNT), 3);
	CU_ASSERT_EQUAL(quota_unproven(10), 9);
	CU_ASSERT_EQUAL(quota_unproven(1000), 133);
	quota_free(quota);
}

static void the_patient_have_places_that_others_do_not_take(void)
{
	int n = 0;

	begin();
	for (int i = 0; i < 1000; i++) {
		addr.octets[1] = (uint8_t)i;
		addr.octets[0] = (uint8_t)(i >> 8);
		take(QUOTA_UNPROVEN);
	}
	for (int i = 0; i < 1000; i++) {
		addr.octets[1] = (uint8_t)i;
		n += take(QUOTA_PATIENT) == QUOTA_TAKEN;
	}
	CU_ASSERT_EQUAL(n, 4);
	CU_ASSERT_EQUAL(take(QUOTA_PATIENT), QUOTA_FULL);
	CU_ASSERT_EQUAL(take(QUOTA_UNPROVEN), QUOTA_FULL);
	CU_ASSERT_EQUAL(take_all(QUOTA_ANONYMOUS), 7);
	CU_ASSERT_EQUAL(quota_patient(10), 4);
	CU_ASSERT_EQUAL(quota_patient(1000), 35);
	CU_ASSERT_TRUE(quota_is_doubtful(QUOTA_PATIENT));
	CU_ASSERT_TRUE(quota_is_doubtful(QUOTA_UNPROVEN));
	CU_ASSERT_FALSE(quota_is_doubtful(QUOTA_ANONYMOUS));
	CU_ASSERT_FALSE(quota_is_doubtful(QUOTA_ACCOUNT));
	CU_ASSERT_FALSE(quota_is_doubtful(QUOTA_NONE));
	quota_free(quota);
}

static void one_address_has_so_many(void)
{
	static const struct {
		const char *one, *same, *neighbour, *far;
	} cases[] = {
		{ "192.0.2.1", "192.0.2.1", "192.0.2.2", "192.0.3.1" },
		{ "2001:db8:1:200::1", "2001:db8:1:200:ffff::1",
		  "2001:db8:1:201::1", "2001:db8:1:300::1" },
	};

	for (int i = 0; i < 2; i++) {
		begin();
		limits.all = 100;
		limits.one = 2;
		limits.network = 5;
		gw6c_addr_parse(cases[i].one, &addr);
		CU_ASSERT_EQUAL(take_all(QUOTA_ANONYMOUS), 2);
		gw6c_addr_parse(cases[i].same, &addr);
		CU_ASSERT_EQUAL(take(QUOTA_ANONYMOUS), QUOTA_MANY);
		/* Accounts are bounded by their sessions. */
		CU_ASSERT_EQUAL(take(QUOTA_ACCOUNT), QUOTA_TAKEN);
		gw6c_addr_parse(cases[i].neighbour, &addr);
		CU_ASSERT_EQUAL(take_all(QUOTA_ANONYMOUS), 2);
		addr.octets[i ? 7 : 3] = 77;
		CU_ASSERT_EQUAL(take_all(QUOTA_ANONYMOUS), 1);
		addr.octets[i ? 7 : 3] = 78;
		CU_ASSERT_EQUAL(take(QUOTA_ANONYMOUS), QUOTA_MANY);
		gw6c_addr_parse(cases[i].far, &addr);
		CU_ASSERT_EQUAL(take_all(QUOTA_ANONYMOUS), 2);
		quota_give(quota, &addr, QUOTA_ANONYMOUS);
		CU_ASSERT_EQUAL(take_all(QUOTA_ANONYMOUS), 1);
		quota_free(quota);
	}
}

static void so_have_the_unproven(void)
{
	begin();
	limits.all = 1000;
	CU_ASSERT_EQUAL(take_all(QUOTA_UNPROVEN), QUOTA_UNPROVEN_ONE);
	CU_ASSERT_EQUAL(take(QUOTA_UNPROVEN), QUOTA_MANY);
	for (int i = 2; i < 100; i++) {
		addr.octets[3] = (uint8_t)i;
		take(QUOTA_UNPROVEN);
	}
	addr.octets[3] = 200;
	CU_ASSERT_EQUAL(take(QUOTA_UNPROVEN), QUOTA_MANY);
	for (int i = 0; i < QUOTA_UNPROVEN_NETWORK - QUOTA_UNPROVEN_ONE; i++) {
		addr.octets[3] = (uint8_t)(2 + i / QUOTA_UNPROVEN_ONE);
		quota_give(quota, &addr, QUOTA_UNPROVEN);
	}
	CU_ASSERT_EQUAL(take(QUOTA_UNPROVEN), QUOTA_TAKEN);
	quota_free(quota);
}

static void what_is_not_counted_takes_nothing(void)
{
	begin();
	for (int i = 0; i < 100; i++)
		CU_ASSERT_EQUAL(take(QUOTA_NONE), QUOTA_TAKEN);
	quota_give(quota, &addr, QUOTA_ACCOUNT); /* nobody's */
	quota_give(quota, &addr, QUOTA_NONE);
	CU_ASSERT_EQUAL(take_all(QUOTA_ACCOUNT), 10);
	quota_free(quota);
}

int main(void)
{
	static const struct unit_test tests[] = {
		UNIT_TEST(some_are_for_accounts),
		UNIT_TEST(accounts_may_have_all),
		UNIT_TEST(the_unproven_have_places_of_their_own),
		UNIT_TEST(the_patient_have_places_that_others_do_not_take),
		UNIT_TEST(one_address_has_so_many),
		UNIT_TEST(so_have_the_unproven),
		UNIT_TEST(what_is_not_counted_takes_nothing),
	};

	return UNIT_RUN("broker: quota", tests);
}
