/* test_option.c - values of the options that plugins declare. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/modules/option.h"
#include "tests/unit/unit.h"
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

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

static void what_is_run_is_nothing_that_others_can_change(void)
{
	struct gw6c_opt opt = { .key = "x",
				.type = GW6C_STR,
				.flags = GW6C_OPT_OWN };
	char path[] = "/tmp/gw6c-test-option.XXXXXX";
	struct setting at = {
		.key = "os.there.x", .value = path, .file = "t.conf", .line = 3
	};
	struct gw6c_err err = { 0 };
	int fd = mkstemp(path);

	CU_ASSERT_TRUE_FATAL(fd >= 0);
	CU_ASSERT_EQUAL(option_check(&opt, &at, &err), GW6C_OK);
	CU_ASSERT_EQUAL(fchmod(fd, 0606), 0);
	CU_ASSERT_EQUAL(option_check(&opt, &at, &err), GW6C_ECONFIG);
	CU_ASSERT_PTR_NOT_NULL(strstr(err.text, "t.conf:3: os.there.x: "));
	CU_ASSERT_PTR_NOT_NULL(strstr(err.text, "chmod go-w /tmp/gw6c-test"));
	at.value = path + 1; /* the name of a program */
	CU_ASSERT_EQUAL(option_check(&opt, &at, &err), GW6C_OK);
	at.value = path;
	opt.flags = 0;
	CU_ASSERT_EQUAL(option_check(&opt, &at, &err), GW6C_OK);
	close(fd);
	unlink(path);
}

static const struct unit_test tests[] = {
	UNIT_TEST(text_needs_its_quotes),
	UNIT_TEST(what_is_no_text_needs_none),
	UNIT_TEST(what_is_run_is_nothing_that_others_can_change),
};

int main(void)
{
	return UNIT_RUN("option", tests);
}
