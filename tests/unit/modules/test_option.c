/* test_option.c - values of the options that plugins declare. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/modules/option.h"
#include "tests/unit/unit.h"

/* A value without quotes of a structured file. */
static int check_bare(enum gw6c_type type, const char *bare, const char *value,
		      struct gw6c_err *err)
{
	const struct gw6c_opt opt = { .key = "x",
				      .type = type,
				      .max = type == GW6C_ADDRESS ? 0 : 1000,
				      .words = "7 8" };
	const struct setting at = { .key = "os.there.x",
				    .value = value,
				    .bare = bare,
				    .file = "t.conf",
				    .line = 3 };

	return option_check(&opt, &at, err);
}

static void text_needs_its_quotes(void)
{
	static const enum gw6c_type types[] = { GW6C_STR,     GW6C_SECRET,
						GW6C_ADDRESS, GW6C_PREFIX,
						GW6C_PATH,    GW6C_DEVICE };

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		struct gw6c_err err = { 0 };

		CU_ASSERT_EQUAL(check_bare(types[i], "1.50", "1.5", &err),
				GW6C_ECONFIG);
		CU_ASSERT_STRING_EQUAL(
			err.text,
			types[i] == GW6C_SECRET
				? "t.conf:3: os.there.x: text needs quotes in "
				  "this syntax; write x = \"...\";"
				: "t.conf:3: os.there.x: text needs quotes in "
				  "this syntax; write x = \"1.50\";");
	}
	CU_ASSERT_EQUAL(check_bare(GW6C_STR, NULL, "1.5", NULL), GW6C_OK);
}

static void what_is_no_text_needs_none(void)
{
	static const enum gw6c_type types[] = { GW6C_NUM, GW6C_WORD, GW6C_PORT,
						GW6C_DURATION };

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		CU_ASSERT_EQUAL(check_bare(types[i], "7", "7", NULL), GW6C_OK);
	CU_ASSERT_EQUAL(check_bare(GW6C_YES, "true", "yes", NULL), GW6C_OK);
}

static const struct unit_test tests[] = {
	UNIT_TEST(text_needs_its_quotes),
	UNIT_TEST(what_is_no_text_needs_none),
};

int main(void)
{
	return UNIT_RUN("option", tests);
}
