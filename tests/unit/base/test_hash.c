/* test_hash.c - numbers for the buckets of tables. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/base/hash.h"
#include "tests/unit/unit.h"

/* Of the authors of SipHash: key 0..15, input 0..n-1. */
static void it_is_siphash(void)
{
	static const struct {
		size_t len;
		uint64_t sum;
	} cases[] = {
		{ 0, 0x726fdb47dd0e0e31 },  { 1, 0x74f839c593dc67fd },
		{ 7, 0xab0200f58b01d137 },  { 8, 0x93f5f5799a932462 },
		{ 15, 0xa129ca6149be45e5 }, { 63, 0x958a324ceb064572 },
	};
	uint8_t key[HASH_KEY], octets[63];

	for (int i = 0; i < 63; i++)
		octets[i] = (uint8_t)i;
	memcpy(key, octets, sizeof(key));
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		CU_ASSERT_EQUAL(hash_keyed(key, octets, cases[i].len),
				cases[i].sum);
}

/* The order of the values must not be that of an unkeyed one. */
static void every_part_of_an_endpoint_counts(void)
{
	struct gw6c_addr addr;
	uint32_t first;

	gw6c_addr_parse("192.0.2.1", &addr);
	first = hash_endpoint(&addr, 4000);
	CU_ASSERT_EQUAL(hash_endpoint(&addr, 4000), first);
	CU_ASSERT_NOT_EQUAL(hash_endpoint(&addr, 4001), first);
	CU_ASSERT_NOT_EQUAL(hash_endpoint(&addr, 4000 + 256), first);
	for (int i = 0; i < 16; i++) {
		addr.octets[i] ^= 1;
		CU_ASSERT_NOT_EQUAL(hash_endpoint(&addr, 4000), first);
		addr.octets[i] ^= 1;
	}
}

int main(void)
{
	static const struct unit_test tests[] = {
		UNIT_TEST(it_is_siphash),
		UNIT_TEST(every_part_of_an_endpoint_counts),
	};

	return UNIT_RUN("base: hash", tests);
}
