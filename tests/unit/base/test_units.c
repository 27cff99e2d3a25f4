/* test_units.c - times and sizes in units that a person reads. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/base/units.h"
#include "tests/unit/unit.h"

static void times_have_two_units(void)
{
	static const struct {
		uint64_t s;
		const char *text;
	} cases[] = {
		{ 0, "0 s" },
		{ 119, "119 s" },
		{ 120, "2 min" },
		{ 3599, "59 min" },
		{ 3600, "1 h 0 min" },
		{ 11520, "3 h 12 min" },
		{ 172799, "47 h 59 min" },
		{ 172800, "2 d 0 h" },
		{ 180000, "2 d 2 h" },
	};
	char room[UNITS_TEXT];

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		CU_ASSERT_STRING_EQUAL(units_time(cases[i].s, room),
				       cases[i].text);
}

static void sizes_have_a_decimal(void)
{
	static const struct {
		uint64_t octets;
		const char *text;
	} cases[] = {
		{ 0, "0 B" },
		{ 999, "999 B" },
		{ 1000, "1.0 kB" },
		{ 999999, "999.9 kB" },
		{ 1000000, "1.0 MB" },
		{ 12345678, "12.3 MB" },
		{ 9876543210, "9.8 GB" },
		{ 1234567890123456, "1234.5 TB" },
	};
	char room[UNITS_TEXT];

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		CU_ASSERT_STRING_EQUAL(units_size(cases[i].octets, room),
				       cases[i].text);
}

int main(void)
{
	static const struct unit_test tests[] = {
		UNIT_TEST(times_have_two_units),
		UNIT_TEST(sizes_have_a_decimal),
	};

	return UNIT_RUN("units", tests);
}
