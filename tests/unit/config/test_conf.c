/* test_conf.c - both syntaxes, includes, and what is refused. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/config/conf_parts.h"
#include "tests/unit/unit.h"
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define DATA SRCDIR "/tests/data/conf/"

static struct gw6c_err err;

static struct conf *parse_as(const char *text, enum conf_syntax syntax)
{
	struct conf *conf = conf_new();

	err = (struct gw6c_err){ 0 };
	conf_parse(conf, "t.conf", text, strlen(text), syntax, &err);
	return conf;
}

static struct conf *parse(const char *text)
{
	return parse_as(text, CONF_DETECT);
}

static const char *value_at(struct conf *conf, const char *key, int index)
{
	const struct setting *at = conf_get(conf, key, index);

	return at ? at->value : "(none)";
}

static const char *value(struct conf *conf, const char *key)
{
	return value_at(conf, key, 0);
}

static bool warned(const struct conf *conf, const char *part)
{
	const char *text;

	for (size_t i = 0; (text = conf_warning(conf, i)); i++)
		if (strstr(text, part))
			return true;
	return false;
}

static void classic_values_keep_hashes_quotes_and_equals(void)
{
	struct conf *conf = parse(" \tpasswd =\ta#b=c\"d\\e \t\r\n"
				  "\t# comment\n#userid=bob\nkeepalive\n"
				  "userid=\n");

	CU_ASSERT_EQUAL(err.rc, 0);
	CU_ASSERT_STRING_EQUAL(value(conf, "passwd"), "a#b=c\"d\\e");
	CU_ASSERT_STRING_EQUAL(value(conf, "keepalive"), "");
	CU_ASSERT_STRING_EQUAL(value(conf, "userid"), "");
	CU_ASSERT_EQUAL(conf_get(conf, "passwd", 0)->line, 1);
	CU_ASSERT_EQUAL(conf_get(conf, "keepalive", 0)->line, 4);
	CU_ASSERT_STRING_EQUAL(conf_get(conf, "userid", 0)->file, "t.conf");
	CU_ASSERT_PTR_NULL(conf_warning(conf, 0));
	conf_free(conf);
}

static void a_mark_of_byte_order_is_no_part_of_the_first_name(void)
{
	struct conf *conf = parse("\xef\xbb\xbfserver=a.example\n");

	CU_ASSERT_STRING_EQUAL(value(conf, "server"), "a.example");
	conf_free(conf);
}

static void quotes_in_classic_files_draw_a_warning(void)
{
	struct conf *conf = parse("server=a.example\npasswd=\"secret\"\n");

	CU_ASSERT_STRING_EQUAL(value(conf, "passwd"), "\"secret\"");
	CU_ASSERT_TRUE(warned(conf, "t.conf:2: passwd: the quotes"));
	CU_ASSERT_FALSE(warned(conf, "secret"));
	conf_free(conf);
}

static void the_last_of_two_lines_counts_with_a_warning(void)
{
	struct conf *conf = parse("server=a.example\nserver=b.example\n");

	CU_ASSERT_STRING_EQUAL(value(conf, "server"), "b.example");
	CU_ASSERT_TRUE(warned(conf, "t.conf:2: server: duplicate key; this "
				    "line takes precedence"));
	CU_ASSERT_PTR_NULL(conf_at(conf, 1));
	conf_free(conf);
}

static void lines_are_refused_from_2048_octets(void)
{
	for (int len = CONF_LINE - 1; len <= CONF_LINE + 1; len++) {
		char text[CONF_LINE + 4];
		struct conf *conf;

		memset(text, 'x', sizeof(text));
		memcpy(text, "\nkey=", 5);
		memcpy(text + 1 + len, "\n", 2);
		conf = parse(text);
		CU_ASSERT_EQUAL(err.rc, len > CONF_LINE ? GW6C_ECONFIG : 0);
		if (err.rc)
			CU_ASSERT_PTR_NOT_NULL(strstr(err.text, "t.conf:2: "));
		conf_free(conf);
	}
}

static void a_line_of_equals_only_is_refused_and_named(void)
{
	struct conf *conf = parse("a=b\n ==\n");

	CU_ASSERT_EQUAL(err.rc, 0);
	CU_ASSERT_TRUE(warned(conf, "t.conf:2: no name"));
	conf_free(conf);
	conf = parse("a=b\n = \n");
	CU_ASSERT_EQUAL(err.rc, GW6C_ECONFIG);
	CU_ASSERT_PTR_NOT_NULL(strstr(err.text, "t.conf:2: "));
	conf_free(conf);
}

static void files_that_are_no_text_or_too_large_are_refused(void)
{
	struct conf *conf = conf_new();
	char *large = malloc(CONF_SIZE + 1);

	memset(large, '\n', CONF_SIZE + 1);
	err = (struct gw6c_err){ 0 };
	CU_ASSERT_EQUAL(conf_parse(conf, "t", large, CONF_SIZE, CONF_DETECT,
				   &err),
			0);
	CU_ASSERT_EQUAL(conf_parse(conf, "t", large, CONF_SIZE + 1, CONF_DETECT,
				   &err),
			GW6C_ECONFIG);
	CU_ASSERT_EQUAL(conf_parse(conf, "t", "a=\0b", 4, CONF_DETECT, &err),
			GW6C_ECONFIG);
	CU_ASSERT_PTR_NOT_NULL(strstr(err.text, "NUL"));
	free(large);
	conf_free(conf);
}

/* With three settings each, of which every third replaces another. */
static void as_many_accounts_as_a_university_has(void)
{
	enum { ACCOUNTS = 20000, LINE = 160 };
	struct conf *conf = conf_new();
	char *text = malloc((size_t)ACCOUNTS * LINE);
	size_t len = 0;

	CU_ASSERT_PTR_NOT_NULL_FATAL(text);
	for (int i = 0; i < ACCOUNTS; i++)
		len += (size_t)sprintf(text + len,
				       "user.u-%d.passwd=a%d\n"
				       "user.u_%d.passwd=b%d\n"
				       "user.u-%d.sessions=2\n",
				       i, i, i, i, i);
	err = (struct gw6c_err){ 0 };
	CU_ASSERT_EQUAL(conf_parse(conf, "t", text, len, CONF_CLASSIC, &err),
			0);
	for (int i = 0; i < ACCOUNTS; i++) {
		char key[40], value[20];
		const struct setting *at;

		sprintf(key, "user.u-%d.passwd", i);
		sprintf(value, "a%d", i);
		at = conf_get(conf, key, 0);
		CU_ASSERT_PTR_NOT_NULL_FATAL(at);
		CU_ASSERT_STRING_EQUAL_FATAL(at->value, value);
		CU_ASSERT_STRING_EQUAL_FATAL(conf_at(conf, 3 * i)->value,
					     value);
		key[6] = '_', value[0] = 'b';
		at = conf_get(conf, key, 0);
		CU_ASSERT_PTR_NOT_NULL_FATAL(at);
		CU_ASSERT_STRING_EQUAL_FATAL(at->value, value);
	}
	CU_ASSERT_PTR_NULL(conf_get(conf, "user.u-20000.passwd", 0));
	CU_ASSERT_EQUAL(conf_set(conf, "user.u-7.passwd", "new", "-x", &err),
			0);
	CU_ASSERT_STRING_EQUAL(conf_get(conf, "user.u-7.passwd", 0)->value,
			       "new");
	CU_ASSERT_STRING_EQUAL(conf_get(conf, "user.u-8.passwd", 0)->value,
			       "a8");
	free(text);
	conf_free(conf);
}

static void structured_values_become_the_same_settings(void)
{
	struct conf *conf = conf_new();

	err = (struct gw6c_err){ 0 };
	CU_ASSERT_EQUAL(conf_load(conf, DATA "libconfig.conf", &err), 0);
	CU_ASSERT_STRING_EQUAL(err.text, "");
	CU_ASSERT_STRING_EQUAL(value(conf, "passwd"),
			       " blanks and \"quotes\" ");
	CU_ASSERT_STRING_EQUAL(value(conf, "keepalive_interval"), "30");
	CU_ASSERT_STRING_EQUAL(value(conf, "keepalive"), "yes");
	CU_ASSERT_STRING_EQUAL(value(conf, "os.linux.table"), "7");
	CU_ASSERT_STRING_EQUAL(value(conf, "auth.digest-md5.realm"), "example");
	CU_ASSERT_STRING_EQUAL(value_at(conf, "features", 1), "status");
	CU_ASSERT_STRING_EQUAL(value_at(conf, "features", 2), "(none)");
	CU_ASSERT_EQUAL(conf_get(conf, "os.linux.table", 0)->line, 14);
	conf_free(conf);
}

static void structured_mistakes_have_a_line(void)
{
	static const char *const texts[] = {
		"a = \"x\";\nb = broker.example;\n",
		"a = \"x\";\nb = 4294967296;\n",
		"a = \"x\";\nb = 0x100000000;\n",
		"a = \"x\";\n@include \"/dev/zero\"\n",
		"a = \"x\";\na = \"y\";\n",
		"a = \"x\";\nb = ( { c = 1; } );\n",
		"a = \"x\";\nb = \"open",
	};

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct conf *conf = parse_as(texts[i], CONF_LIBCONFIG);

		CU_ASSERT_EQUAL(err.rc, GW6C_ECONFIG);
		if (!strstr(err.text, "t.conf:2: "))
			CU_FAIL(err.text);
		conf_free(conf);
	}
}

static void numbers_in_strings_comments_and_names_are_left_alone(void)
{
	struct conf *conf =
		parse("a = \"99999999999\\\" @\"; // 99999999999 @\n"
		      "b-99999999999 = 2147483647; /* @\n @ */\n"
		      "c = 99999999999L; d = 1e12;\n");

	CU_ASSERT_EQUAL(err.rc, 0);
	CU_ASSERT_STRING_EQUAL(value(conf, "a"), "99999999999\" @");
	CU_ASSERT_STRING_EQUAL(value(conf, "c"), "99999999999");
	conf_free(conf);
}

static void values_without_quotes_are_known_as_they_are_written(void)
{
	static const char *const want[] = { "0123", "1e5",	  "true",
					    "0x1F", "1.50",	  "-7",
					    "8L",   "0.00012e+3", NULL };
	struct conf *conf = parse(
		"# 5\na = [ 0123 ]; b-9 = 1e5; /* 6 */ c = TRUE;\n"
		"d = { true_1 : 0x1F; s = \"\\\"4\"; };\n"
		"e = ( 1.50, \"x 3\", -7 ); // 7\nf = 8L; g = 0.00012e+3;\n");
	const struct setting *at;
	size_t n = 0;

	CU_ASSERT_STRING_EQUAL(err.text, "");
	for (size_t i = 0; (at = conf_at(conf, i)); i++) {
		if (!at->bare) {
			CU_ASSERT_PTR_NOT_NULL(strpbrk(at->value, "34"));
			continue;
		}
		CU_ASSERT_PTR_NOT_NULL_FATAL(want[n]);
		CU_ASSERT_TRUE(strcasecmp(at->bare, want[n]) == 0);
		n++;
	}
	CU_ASSERT_PTR_NULL(want[n]);
	CU_ASSERT_STRING_EQUAL(value(conf, "a"), "0123");
	CU_ASSERT_STRING_EQUAL(value(conf, "c"), "yes");
	CU_ASSERT_STRING_EQUAL(value(conf, "d.true_1"), "31");
	CU_ASSERT_STRING_EQUAL(value_at(conf, "e", 2), "-7");
	conf_free(conf);
}

static void text_without_quotes_is_refused_with_the_quotes_to_add(void)
{
	struct conf *conf = parse("b: {\n c = 0123; };\nd = \"0123\";\n");

	CU_ASSERT_EQUAL(conf_text(conf_get(conf, "b.c", 0), false, &err),
			GW6C_ECONFIG);
	CU_ASSERT_STRING_EQUAL(err.text, "t.conf:2: b.c: text needs quotes in "
					 "this syntax; write c = \"0123\";");
	CU_ASSERT_EQUAL(conf_text(conf_get(conf, "b.c", 0), true, &err),
			GW6C_ECONFIG);
	CU_ASSERT_PTR_NULL(strstr(err.text, "0123"));
	CU_ASSERT_PTR_NOT_NULL(strstr(err.text, "write c = \"...\";"));
	CU_ASSERT_EQUAL(conf_text(conf_get(conf, "d", 0), false, &err), 0);
	conf_free(conf);
}

static void the_syntax_is_seen_from_the_lines(void)
{
	static const struct {
		const char *text;
		enum conf_syntax want;
	} cases[] = {
		{ "", CONF_CLASSIC },
		{ "a=1\nb=true\n", CONF_CLASSIC },
		{ "a=1\nb=x.example\n", CONF_CLASSIC },
		{ "a=\n", CONF_CLASSIC },
		{ "server=[2001:db8::1]:3653\n", CONF_CLASSIC },
		{ "server=[2001:db8::1\n", CONF_CLASSIC },
		{ "server=[fe80::1%eth0]\n", CONF_CLASSIC },
		{ "server=[broker.example.net]\n", CONF_CLASSIC },
		{ "a.b=7\n", CONF_CLASSIC },
		{ "retry_delay=30 seconds\n", CONF_CLASSIC },
		{ "userid=ann\npasswd=x;\n", CONF_CLASSIC },
		{ "userid=ann\npasswd={x\nb=c\n", CONF_CLASSIC },
		{ "userid=ann\npasswd=\"x\"\n", CONF_CLASSIC },
		{ "a = 1;\n", CONF_LIBCONFIG },
		{ "a = \"x\"\n", CONF_LIBCONFIG },
		{ "a = \"x\"; # said\nb = 5 # seconds\n", CONF_LIBCONFIG },
		{ "a: {\n x = y\n};\n", CONF_LIBCONFIG },
		{ "a =\n{\n b = 1;\n}\n", CONF_LIBCONFIG },
		{ "a = [ \"x\",\n b=c\n];\n", CONF_LIBCONFIG },
		{ "/* a=b\n c=d */\n", CONF_LIBCONFIG },
		{ "// x\npasswd = \"x\";\n", CONF_LIBCONFIG },
		{ "passwd = \"x\";\n", CONF_LIBCONFIG },
		{ "#gw6c-syntax: classic\na=\"x\"\n", CONF_CLASSIC },
		{ "a=x\n# gw6c-syntax: libconfig\n", CONF_LIBCONFIG },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		enum conf_syntax got = CONF_DETECT;
		char text[80];

		snprintf(text, sizeof(text), "%s\n", cases[i].text);
		CU_ASSERT_EQUAL(conf_detect("t", text, &got, &err), 0);
		CU_ASSERT_EQUAL(got, cases[i].want);
	}
}

static void a_file_of_both_syntaxes_is_refused_with_both_lines(void)
{
	struct conf *conf = parse("a=1\nserver=x.example\nb=2\nc=\"x\"\n");

	CU_ASSERT_EQUAL(err.rc, GW6C_ECONFIG);
	CU_ASSERT_PTR_NOT_NULL(strstr(err.text, "t.conf:2: "));
	CU_ASSERT_PTR_NOT_NULL(strstr(err.text, "line 4"));
	conf_free(conf);
}

static void included_files_replace_in_the_order_of_names(void)
{
	struct conf *conf = conf_new();

	err = (struct gw6c_err){ 0 };
	CU_ASSERT_EQUAL(conf_load(conf, DATA "include.conf", &err), 0);
	CU_ASSERT_STRING_EQUAL(value(conf, "server"), "third.example.net");
	CU_ASSERT_STRING_EQUAL(value(conf, "retry_delay"), "10");
	CU_ASSERT_STRING_EQUAL(value_at(conf, "features", 0), "radvd");
	CU_ASSERT_STRING_EQUAL(value_at(conf, "features", 1), "status");
	CU_ASSERT_STRING_EQUAL(value(conf, "os.linux.table"), "7");
	CU_ASSERT_PTR_NULL(conf_warning(conf, 0));
	CU_ASSERT_STRING_EQUAL(conf_get(conf, "server", 0)->file,
			       DATA "conf.d/20-server.conf");
	conf_free(conf);
}

static void a_file_that_includes_itself_ends_with_a_message(void)
{
	struct conf *conf = conf_new();

	err = (struct gw6c_err){ 0 };
	CU_ASSERT_EQUAL(conf_load(conf, DATA "loop.conf", &err), GW6C_ECONFIG);
	CU_ASSERT_PTR_NOT_NULL(strstr(err.text, "loop.conf:1: include: "));
	conf_free(conf);
}

static void a_missing_file_is_named(void)
{
	struct conf *conf = conf_new();

	err = (struct gw6c_err){ 0 };
	CU_ASSERT_EQUAL(conf_load(conf, DATA "none.conf", &err), GW6C_ECONFIG);
	CU_ASSERT_PTR_NOT_NULL(strstr(err.text, "none.conf: No such file"));
	CU_ASSERT_EQUAL(conf_load(conf, DATA, &err), GW6C_ECONFIG);
	conf_free(conf);
}

static void the_command_line_replaces_lists_and_values(void)
{
	struct conf *conf = parse("features = [ \"a\", \"b\" ];\n");

	CU_ASSERT_EQUAL(conf_set(conf, "features", "c", "-x", &err), 0);
	CU_ASSERT_STRING_EQUAL(value(conf, "features"), "c");
	CU_ASSERT_STRING_EQUAL(value_at(conf, "features", 1), "(none)");
	CU_ASSERT_EQUAL(conf_get(conf, "features", 0)->line, 0);
	conf_fail(conf_get(conf, "features", 0), &err, "no");
	CU_ASSERT_STRING_EQUAL(err.text, "option -x: features: no");
	conf_free(conf);
}

static void marks_take_what_begins_with_the_prefix(void)
{
	struct conf *conf = parse("auth.digest_md5.a=1\nauth.plain.b=2\n");

	conf_mark(conf, "auth.digest-md5.");
	CU_ASSERT_TRUE(conf_at(conf, 0)->used);
	CU_ASSERT_FALSE(conf_at(conf, 1)->used);
	conf_free(conf);
}

static void numbers_are_taken_whole_and_in_range(void)
{
	static const struct {
		const char *text;
		long want; /* -1: refused */
	} cases[] = {
		{ "0", 0 },    { "3600", 3600 }, { "3601", -1 },
		{ "-1", -1 },  { "010", 10 },	 { "0x10", 16 },
		{ "", -1 },    { "1x", -1 },	 { "+1", -1 },
		{ " 1", -1 },  { "0x", -1 },	 { "99999999999999999999", -1 },
		{ "1.5", -1 },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct setting at = { .key = "k",
				      .value = cases[i].text,
				      .file = "f",
				      .line = 3 };
		long got = -1;
		int rc = conf_num(&at, 0, 3600, &got, &err);

		CU_ASSERT_EQUAL(rc, cases[i].want < 0 ? GW6C_ECONFIG : 0);
		CU_ASSERT_EQUAL(got, cases[i].want);
	}
	CU_ASSERT_STRING_EQUAL(err.text, "f:3: k: expected a number from 0 to "
					 "3600, got \"1.5\"");
}

static void yes_and_no_have_many_spellings(void)
{
	static const char *const words[] = { "no",  "Yes", "FALSE", "true",
					     "off", "ON",  "0",	    "1" };
	struct setting at = { .key = "k", .file = "f", .line = 3 };
	bool got;

	for (size_t i = 0; i < 8; i++) {
		at.value = words[i];
		got = i % 2 == 0;
		CU_ASSERT_EQUAL(conf_yes(&at, &got, &err), 0);
		CU_ASSERT_EQUAL(got, i % 2 == 1);
	}
	at.value = "yes # really";
	CU_ASSERT_EQUAL(conf_yes(&at, &got, &err), GW6C_ECONFIG);
	CU_ASSERT_PTR_NOT_NULL(strstr(err.text, "a line of its own"));
}

static void the_nearest_name_is_near(void)
{
	static const char *const names[] = { "userid", "passwd", "retry_delay",
					     "mtu", NULL };
	static const char *const cases[][2] = {
		{ "usreid", "userid" },
		{ "Userid", "userid" },
		{ "password", "passwd" },
		{ "retry-dela", "retry_delay" },
		{ "mtv", "mtu" },
		{ "metric", NULL },
		{ "x", NULL },
		{ "", NULL },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const char *got = conf_nearest(cases[i][0], names);

		CU_ASSERT_EQUAL(!got, !cases[i][1]);
		if (got && cases[i][1])
			CU_ASSERT_STRING_EQUAL(got, cases[i][1]);
	}
}

static void a_setting_is_adopted_with_its_place(void)
{
	struct conf *conf = conf_new();
	const struct setting *at;

	conf_parse(conf, "t.conf", "old=1\nb=2\nos.x.key=3\n", 21, CONF_CLASSIC,
		   &err);
	conf_set(conf, "-i", "sit9", "-i", &err);
	CU_ASSERT_EQUAL(conf_adopt(conf, "old", "os.x.key", &err), GW6C_OK);
	at = conf_get(conf, "os.x.key", 0);
	CU_ASSERT_PTR_NOT_NULL_FATAL(at);
	CU_ASSERT_STRING_EQUAL(at->value, "1");
	CU_ASSERT_EQUAL(at->line, 1);
	CU_ASSERT_EQUAL(conf_fail(at, &err, "bad"), GW6C_ECONFIG);
	CU_ASSERT_STRING_EQUAL(err.text, "t.conf:1: old: bad");
	conf_warn(conf, at, "odd");
	CU_ASSERT_STRING_EQUAL(conf_warning(conf, 0), "t.conf:1: old: odd");
	CU_ASSERT_PTR_NULL(conf_warning(conf, 1));
	CU_ASSERT_TRUE(conf_at(conf, 0)->used);
	CU_ASSERT_FALSE(conf_at(conf, 1)->used);
	CU_ASSERT_EQUAL(conf_adopt(conf, "-i", "os.x.dev", &err), GW6C_OK);
	at = conf_get(conf, "os.x.dev", 0);
	CU_ASSERT_PTR_NOT_NULL_FATAL(at);
	conf_fail(at, &err, "bad");
	CU_ASSERT_STRING_EQUAL(err.text, "option -i: bad");
	conf_free(conf);
}

static void a_list_is_adopted_whole(void)
{
	static const char text[] = "old = [ \"a\", \"b\" ];\n";
	struct conf *conf = conf_new();
	const struct setting *at;

	conf_parse(conf, "t.conf", text, strlen(text), CONF_LIBCONFIG, &err);
	conf_set(conf, "os.x.key", "mine", "-x", &err);
	CU_ASSERT_EQUAL(conf_adopt(conf, "old", "os.x.key", &err), GW6C_OK);
	at = conf_get(conf, "os.x.key", 0);
	CU_ASSERT_TRUE(at && strcmp(at->value, "a") == 0);
	at = conf_get(conf, "os.x.key", 1);
	CU_ASSERT_TRUE(at && strcmp(at->value, "b") == 0);
	CU_ASSERT_PTR_NULL(conf_get(conf, "os.x.key", 2));
	CU_ASSERT_PTR_NULL(conf_warning(conf, 0));
	conf_free(conf);
}

static const struct unit_test tests[] = {
	UNIT_TEST(classic_values_keep_hashes_quotes_and_equals),
	UNIT_TEST(a_mark_of_byte_order_is_no_part_of_the_first_name),
	UNIT_TEST(quotes_in_classic_files_draw_a_warning),
	UNIT_TEST(the_last_of_two_lines_counts_with_a_warning),
	UNIT_TEST(lines_are_refused_from_2048_octets),
	UNIT_TEST(a_line_of_equals_only_is_refused_and_named),
	UNIT_TEST(files_that_are_no_text_or_too_large_are_refused),
	UNIT_TEST(as_many_accounts_as_a_university_has),
	UNIT_TEST(structured_values_become_the_same_settings),
	UNIT_TEST(structured_mistakes_have_a_line),
	UNIT_TEST(numbers_in_strings_comments_and_names_are_left_alone),
	UNIT_TEST(values_without_quotes_are_known_as_they_are_written),
	UNIT_TEST(text_without_quotes_is_refused_with_the_quotes_to_add),
	UNIT_TEST(the_syntax_is_seen_from_the_lines),
	UNIT_TEST(a_file_of_both_syntaxes_is_refused_with_both_lines),
	UNIT_TEST(included_files_replace_in_the_order_of_names),
	UNIT_TEST(a_file_that_includes_itself_ends_with_a_message),
	UNIT_TEST(a_missing_file_is_named),
	UNIT_TEST(the_command_line_replaces_lists_and_values),
	UNIT_TEST(marks_take_what_begins_with_the_prefix),
	UNIT_TEST(numbers_are_taken_whole_and_in_range),
	UNIT_TEST(yes_and_no_have_many_spellings),
	UNIT_TEST(the_nearest_name_is_near),
	UNIT_TEST(a_setting_is_adopted_with_its_place),
	UNIT_TEST(a_list_is_adopted_whole),
};

int main(void)
{
	return UNIT_RUN("conf", tests);
}
