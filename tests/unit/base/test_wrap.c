/* test_wrap.c - text for a terminal of 80 columns. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/base/wrap.h"
#include "tests/unit/unit.h"
#include <stdlib.h>

static char *printed;

static const char *wrapped(size_t column, size_t indent, const char *text)
{
	size_t len;
	FILE *file;

	free(printed);
	printed = NULL;
	file = open_memstream(&printed, &len);
	CU_ASSERT_PTR_NOT_NULL_FATAL(file);
	wrap_print(file, column, indent, text);
	fclose(file);
	return printed;
}

#define TEN "123456789 " /* columns */
#define TWENTY "                    " /* blanks */
#define FORTY TWENTY TWENTY
#define LONG "1234567890123456789012345678901234567890"

static void what_fits_stays_in_one_line(void)
{
	CU_ASSERT_STRING_EQUAL(wrapped(0, 4, ""), "\n");
	CU_ASSERT_STRING_EQUAL(wrapped(0, 4, "one"), "one\n");
	CU_ASSERT_STRING_EQUAL(wrapped(60, 4, TEN "1234567890"),
			       TEN "1234567890\n"); /* 80 are 80 */
}

static void the_rest_goes_into_later_lines(void)
{
	CU_ASSERT_STRING_EQUAL(wrapped(60, 4, TEN "12345678901"),
			       "123456789\n    12345678901\n");
	CU_ASSERT_STRING_EQUAL(wrapped(79, 2, "ab c"), "\n  ab c\n");
	CU_ASSERT_STRING_EQUAL(wrapped(0, 60, LONG " " LONG " 1 2"),
			       LONG "\n" FORTY LONG "\n" FORTY TWENTY "1 2\n");
}

static void blanks_are_between_words_only(void)
{
	CU_ASSERT_STRING_EQUAL(wrapped(3, 4, "  one   two "), "one two\n");
}

/* A path is never parted: it begins further left. */
static void long_words_stay_whole(void)
{
	CU_ASSERT_STRING_EQUAL(wrapped(31, 31, LONG LONG), "\n" LONG LONG "\n");
	CU_ASSERT_STRING_EQUAL(wrapped(50, 50, LONG), "\n" FORTY LONG "\n");
	CU_ASSERT_STRING_EQUAL(wrapped(9, 9, LONG LONG LONG " x"),
			       "\n" LONG LONG LONG "\n         x\n");
}

int main(void)
{
	static const struct unit_test tests[] = {
		UNIT_TEST(what_fits_stays_in_one_line),
		UNIT_TEST(the_rest_goes_into_later_lines),
		UNIT_TEST(blanks_are_between_words_only),
		UNIT_TEST(long_words_stay_whole),
	};
	int bad = UNIT_RUN("wrap", tests);

	free(printed);
	return bad;
}
