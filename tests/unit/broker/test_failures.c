/* test_failures.c - failed logins are told, and a flood of them is counted. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "broker/dialog/failures.h"
#include "core/base/log.h"
#include "tests/unit/unit.h"
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define NOW_MS 1000000

static char logged[300];
static int lines;

void log_msg(enum gw6c_level level, const char *tag, const char *fmt, ...)
{
	va_list args;

	CU_ASSERT_EQUAL(level, GW6C_WARN);
	CU_ASSERT_STRING_EQUAL(tag, "login");
	va_start(args, fmt);
	vsnprintf(logged, sizeof(logged), fmt, args);
	va_end(args);
	lines++;
}

static struct failures *failures;
static struct gw6c_addr addr;

static void begin(void)
{
	failures = failures_new();
	gw6c_addr_parse("203.0.113.2", &addr);
	lines = 0;
	logged[0] = 0;
}

static void the_first_is_told_at_once(void)
{
	begin();
	failures_count(failures, &addr, "ann", NOW_MS);
	CU_ASSERT_EQUAL(lines, 1);
	CU_ASSERT_STRING_EQUAL(
		logged,
		"failed logins from 203.0.113.2: 1, the last one as ann");
	CU_ASSERT_FALSE(failures_tell(failures, NOW_MS + FAILURES_GAP_MS));
	CU_ASSERT_EQUAL(lines, 1);
	failures_free(failures);
}

static void a_flood_is_one_line_a_minute(void)
{
	begin();
	for (int i = 0; i < 1000; i++)
		failures_count(failures, &addr, i == 999 ? "bob" : "ann",
			       NOW_MS + (uint64_t)i);
	CU_ASSERT_EQUAL(lines, 1);
	CU_ASSERT_TRUE(failures_tell(failures, NOW_MS + FAILURES_GAP_MS - 1));
	CU_ASSERT_EQUAL(lines, 1);
	CU_ASSERT_FALSE(failures_tell(failures, NOW_MS + FAILURES_GAP_MS));
	CU_ASSERT_EQUAL(lines, 2);
	CU_ASSERT_STRING_EQUAL(
		logged,
		"failed logins from 203.0.113.2: 999, the last one as bob");
	failures_count(failures, &addr, "", NOW_MS + 2 * FAILURES_GAP_MS);
	CU_ASSERT_EQUAL(lines, 3);
	CU_ASSERT_PTR_NOT_NULL(strstr(logged, ": 1, the last"));
	CU_ASSERT_EQUAL(failures_total(failures), 1001);
	failures_free(failures);
}

static void a_name_cannot_forge_a_line(void)
{
	begin();
	failures_count(failures, &addr, "a\nb\x7f", NOW_MS);
	CU_ASSERT_PTR_NOT_NULL(strstr(logged, "as a?b?"));
	failures_free(failures);
}

static void without_a_table_nothing_is_counted(void)
{
	begin();
	failures_count(NULL, &addr, "ann", NOW_MS);
	CU_ASSERT_EQUAL(lines, 0);
	failures_free(failures);
	failures_free(NULL);
}

int main(void)
{
	static const struct unit_test tests[] = {
		UNIT_TEST(the_first_is_told_at_once),
		UNIT_TEST(a_flood_is_one_line_a_minute),
		UNIT_TEST(a_name_cannot_forge_a_line),
		UNIT_TEST(without_a_table_nothing_is_counted),
	};

	return UNIT_RUN("broker: failures", tests);
}
