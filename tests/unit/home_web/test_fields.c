/* test_fields.c - ranges, conditions, dates and encodings of a request. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "plugins/home_web/conditions.h"
#include "plugins/home_web/encodings.h"
#include "plugins/home_web/http_date.h"
#include "plugins/home_web/ranges.h"
#include "tests/unit/unit.h"
#include <stdio.h>
#include <string.h>

/* "0-1 4-9 " */
static const char *ranges(const char *text, uint64_t size)
{
	static char said[256];
	struct range range[RANGES_MAX];
	size_t n, used = 0;
	enum ranges result = ranges_parse(text, size, range, &n);

	snprintf(said, sizeof(said), "%s",
		 result == RANGES_NONE ? "none" : "outside");
	if (result == RANGES_SOME)
		for (size_t i = 0; i < n; i++)
			used += (size_t)
				snprintf(said + used, sizeof(said) - used,
					 "%llu-%llu ",
					 (unsigned long long)range[i].first,
					 (unsigned long long)range[i].last);
	return said;
}

static void reads_ranges(void)
{
	static const struct {
		const char *text, *want;
	} cases[] = {
		{ "bytes=0-1", "0-1 " },
		{ "BYTES=0-1", "0-1 " },
		{ "bytes=9-", "9-9 " },
		{ "bytes=10-", "outside" },
		{ "bytes=-3", "7-9 " },
		{ "bytes=-10", "0-9 " },
		{ "bytes=-11", "0-9 " },
		{ "bytes=-0", "outside" },
		{ "bytes=5-99", "5-9 " },
		{ "bytes=0-9", "0-9 " },
		{ "bytes=0-10", "0-9 " },
		{ "bytes=0-0,2-3", "0-0 2-3 " },
		{ "bytes= 0-0 , ,2-3 ,", "0-0 2-3 " },
		{ "bytes=0-0,10-", "0-0 " },
		{ "bytes=10-,11-", "outside" },
		{ "bytes=0-4,5-9", "0-4 5-9 " },
		{ "bytes=0-4,4-9", "none" },
		{ "bytes=3-3", "3-3 " },
		{ "bytes=18446744073709551616-", "outside" },
		{ "bytes=1-18446744073709551617", "1-9 " },
		{ "bytes=3-2", "none" },
		{ "bytes=", "none" },
		{ "bytes=,", "none" },
		{ "bytes=-", "none" },
		{ "bytes=a-", "none" },
		{ "bytes=0", "none" },
		{ "bytes=0-1x", "none" },
		{ "bytes=0-1;", "none" },
		{ "bytes", "none" },
		{ "octets=0-1", "none" },
		{ NULL, "none" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		CU_ASSERT_STRING_EQUAL(ranges(cases[i].text, 10),
				       cases[i].want);
		if (strcmp(ranges(cases[i].text, 10), cases[i].want) != 0)
			printf("%s: %s\n", cases[i].text,
			       ranges(cases[i].text, 10));
	}
	CU_ASSERT_STRING_EQUAL(ranges("bytes=0-", 0), "outside");
	CU_ASSERT_STRING_EQUAL(ranges("bytes=-1", 0), "outside");
}

static void takes_sixteen_ranges(void)
{
	char text[256] = "bytes=";

	for (int i = 0; i < RANGES_MAX; i++)
		snprintf(text + strlen(text), sizeof(text) - strlen(text),
			 "%d-%d,", i, i);
	CU_ASSERT_STRING_NOT_EQUAL(ranges(text, 100), "none");
	strcat(text, "50-50");
	CU_ASSERT_STRING_EQUAL(ranges(text, 100), "none");
	strcpy(strrchr(text, ',') + 1, "200-");
	CU_ASSERT_STRING_EQUAL(ranges(text, 100), "none");
}

static void reads_and_writes_dates(void)
{
	static const char *const same[] = { "Sun, 06 Nov 1994 08:49:37 GMT",
					    "Sunday, 06-Nov-94 08:49:37 GMT",
					    "Sun Nov  6 08:49:37 1994" };
	char room[HTTP_DATE];
	time_t at;

	for (int i = 0; i < 3; i++) {
		at = 0;
		CU_ASSERT_TRUE(http_date_parse(same[i], &at));
		CU_ASSERT_EQUAL(at, 784111777);
	}
	CU_ASSERT_STRING_EQUAL(http_date(784111777, room), same[0]);
	CU_ASSERT_FALSE(http_date_parse("Sun, 06 Nov 1994 08:49:37 GMTx", &at));
	CU_ASSERT_FALSE(http_date_parse("Sun, 06 Nov 1994 08:49", &at));
	CU_ASSERT_FALSE(http_date_parse("", &at));
}

#define TAG "\"a-1\""

static int check(struct conditions asked)
{
	return conditions_check(&asked, TAG, 784111777);
}

static void weighs_conditions(void)
{
	static const char at[] = "Sun, 06 Nov 1994 08:49:37 GMT";
	static const char before[] = "Sun, 06 Nov 1994 08:49:36 GMT";

	CU_ASSERT_EQUAL(check((struct conditions){ 0 }), 0);
	CU_ASSERT_EQUAL(check((struct conditions){ .if_none_match = TAG }),
			304);
	CU_ASSERT_EQUAL(check((struct conditions){ .if_none_match = "W/" TAG }),
			304);
	CU_ASSERT_EQUAL(check((struct conditions){ .if_none_match =
							   "\"x\", " TAG }),
			304);
	CU_ASSERT_EQUAL(check((struct conditions){ .if_none_match = "*" }),
			304);
	CU_ASSERT_EQUAL(check((struct conditions){ .if_none_match = "\"a-\"" }),
			0);
	CU_ASSERT_EQUAL(check((struct conditions){ .if_none_match = "a-1" }),
			0);
	CU_ASSERT_EQUAL(check((struct conditions){ .if_none_match = "*x" }), 0);
	CU_ASSERT_EQUAL(check((struct conditions){ .if_match = TAG }), 0);
	CU_ASSERT_EQUAL(check((struct conditions){ .if_match = "*" }), 0);
	CU_ASSERT_EQUAL(check((struct conditions){ .if_match = "W/" TAG }),
			412);
	CU_ASSERT_EQUAL(check((struct conditions){ .if_match = "\"b\"" }), 412);
	CU_ASSERT_EQUAL(check((struct conditions){ .if_modified_since = at }),
			304);
	CU_ASSERT_EQUAL(check((struct conditions){ .if_modified_since =
							   before }),
			0);
	CU_ASSERT_EQUAL(check((struct conditions){ .if_modified_since = "x" }),
			0);
	CU_ASSERT_EQUAL(check((struct conditions){ .if_unmodified_since = at }),
			0);
	CU_ASSERT_EQUAL(check((struct conditions){ .if_unmodified_since =
							   before }),
			412);
	/* A tag counts more than a date. */
	CU_ASSERT_EQUAL(check((struct conditions){ .if_none_match = "\"b\"",
						   .if_modified_since = at }),
			0);
	CU_ASSERT_EQUAL(check((struct conditions){ .if_match = TAG,
						   .if_unmodified_since =
							   before }),
			0);
}

static bool want(const char *if_range, time_t now)
{
	const struct conditions asked = { .if_range = if_range };

	return conditions_want_range(&asked, TAG, 784111777, now);
}

static void gives_parts_of_the_same_file(void)
{
	static const char at[] = "Sun, 06 Nov 1994 08:49:37 GMT";
	static const char after[] = "Sun, 06 Nov 1994 08:49:38 GMT";

	CU_ASSERT_TRUE(want(NULL, 784111777));
	CU_ASSERT_TRUE(want(TAG, 784111777));
	CU_ASSERT_FALSE(want("W/" TAG, 784111777));
	CU_ASSERT_FALSE(want("\"b\"", 784111777));
	CU_ASSERT_TRUE(want(at, 784111779));
	CU_ASSERT_FALSE(want(at, 784111778)); /* may change in that second */
	CU_ASSERT_FALSE(want(after, 784111790));
}

static const char *choose(const char *text)
{
	static char said[64];
	const struct encoding *list[ENCODINGS + 1];

	encodings_choose(text, list);
	said[0] = 0;
	for (int i = 0; list[i]; i++) {
		strcat(said, list[i]->suffix);
		strcat(said, " ");
	}
	return said;
}

static void chooses_encodings(void)
{
	CU_ASSERT_STRING_EQUAL(choose(NULL), "");
	CU_ASSERT_STRING_EQUAL(choose(""), "");
	CU_ASSERT_STRING_EQUAL(choose("gzip"), ".gz ");
	CU_ASSERT_STRING_EQUAL(choose("x-gzip"), ".gz ");
	CU_ASSERT_STRING_EQUAL(choose("GZIP, deflate, br, zstd"),
			       ".br .zst .gz ");
	CU_ASSERT_STRING_EQUAL(choose("*"), ".br .zst .gz ");
	CU_ASSERT_STRING_EQUAL(choose("gzip;q=1, br;q=0.5"), ".gz .br ");
	CU_ASSERT_STRING_EQUAL(choose("br;q=0.501,gzip;q=0.502"), ".gz .br ");
	CU_ASSERT_STRING_EQUAL(choose("br;q=0, *"), ".zst .gz ");
	CU_ASSERT_STRING_EQUAL(choose("br; q=0.000 ,gzip"), ".gz ");
	CU_ASSERT_STRING_EQUAL(choose("gzip;q=0.4, identity;q=0.5"), "");
	CU_ASSERT_STRING_EQUAL(choose("gzip;q=0.5, identity;q=0.5"), ".gz ");
	CU_ASSERT_STRING_EQUAL(choose("gzip;q=2"), "");
	CU_ASSERT_STRING_EQUAL(choose("gzip;x"), "");
	CU_ASSERT_STRING_EQUAL(choose("gzipx, b, brr"), "");
}

int main(void)
{
	static const struct unit_test tests[] = {
		UNIT_TEST(reads_ranges),
		UNIT_TEST(takes_sixteen_ranges),
		UNIT_TEST(reads_and_writes_dates),
		UNIT_TEST(weighs_conditions),
		UNIT_TEST(gives_parts_of_the_same_file),
		UNIT_TEST(chooses_encodings),
	};

	return UNIT_RUN("home-web: fields", tests);
}
