/* test_args.c - every option, its long form, and what it changes. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/program/args.h"
#include "tests/unit/unit.h"
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define WORDS 20

static struct gw6c_err err;
static struct args args;
static char line[400]; /* args borrow from it */

/* The line is cut at blanks. */
static int parse(const char *text)
{
	char *argv[WORDS + 1], *rest = NULL;
	int argc = 0;

	snprintf(line, sizeof(line), "gw6c %s", text);
	for (char *word = strtok_r(line, " ", &rest); word && argc < WORDS;
	     word = strtok_r(NULL, " ", &rest))
		argv[argc++] = word;
	argv[argc] = NULL;
	err = (struct gw6c_err){ 0 };
	return args_parse(argc, argv, &args, &err);
}

static const char *value(struct conf *conf, const char *key)
{
	const struct setting *at = conf_get(conf, key, 0);

	return at ? at->value : "(none)";
}

static void no_options_mean_run(void)
{
	CU_ASSERT_EQUAL(parse(""), 0);
	CU_ASSERT_EQUAL(args.action, ARGS_RUN);
	CU_ASSERT_EQUAL(args.verbose, 0);
	CU_ASSERT_PTR_NULL(args.file);
}

static void every_action_has_its_option(void)
{
	static const struct {
		const char *text;
		enum args_action want;
	} cases[] = {
		{ "-h", ARGS_HELP },
		{ "--help", ARGS_HELP },
		{ "-?", ARGS_HELP },
		{ "--version", ARGS_VERSION },
		{ "--check", ARGS_CHECK },
		{ "--check-config", ARGS_CHECK },
		{ "--dry-run", ARGS_DRY_RUN },
		{ "--list-plugins", ARGS_LIST_PLUGINS },
		{ "--describe auth:plain", ARGS_DESCRIBE },
		{ "--status", ARGS_STATUS },
		{ "--status=text", ARGS_STATUS },
		{ "--status=json", ARGS_STATUS },
		{ "--register", ARGS_REGISTER },
		{ "--unregister", ARGS_UNREGISTER },
		{ "--start-minimized", ARGS_RUN },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		CU_ASSERT_EQUAL(parse(cases[i].text), 0);
		CU_ASSERT_EQUAL(args.action, cases[i].want);
		CU_ASSERT_EQUAL(args.json, i == 11);
	}
	parse("--describe=auth:plain");
	CU_ASSERT_STRING_EQUAL(args.describe, "auth:plain");
}

static void verbosity_counts_to_four(void)
{
	static const char *const cases[] = { "",      "-v",	"-vv",	"-vvv",
					     "-vvvv", "-vvvvv", "-v -v" };
	static const int want[] = { 0, 1, 2, 3, 4, 4, 2 };

	for (size_t i = 0; i < sizeof(want) / sizeof(want[0]); i++) {
		CU_ASSERT_EQUAL(parse(cases[i]), 0);
		CU_ASSERT_EQUAL(args.verbose, want[i]);
	}
}

static void wrong_options_are_named_with_a_hint(void)
{
	static const char *const cases[][2] = {
		{ "-x", "unknown option -x;" },
		{ "-nx", "unknown option -x;" },
		{ "--stauts", "did you mean --status?" },
		{ "--nothing=1", "unknown option --nothing;" },
		{ "--yes=1", "option --yes=1 takes no value" },
		{ "--check=1", "option --check=1 takes no value" },
		{ "-f", "option -f requires a value" },
		{ "--describe", "option --describe requires a value" },
		{ "--status=xml", "expected json or text" },
		{ "--check --status", "mutually exclusive" },
		{ "my.conf", "-f FILE" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		CU_ASSERT_EQUAL(parse(cases[i][0]), GW6C_ECONFIG);
		CU_ASSERT_PTR_NOT_NULL(strstr(err.text, cases[i][1]));
	}
}

static void options_replace_settings(void)
{
	struct conf *conf = conf_new();

	CU_ASSERT_EQUAL(parse("-i sit9 -u tun9 -s eth9 -r 7 -n -y -b -f x"), 0);
	CU_ASSERT_EQUAL(args_apply(&args, conf, &err), 0);
	CU_ASSERT_STRING_EQUAL(value(conf, "-i"), "sit9");
	CU_ASSERT_STRING_EQUAL(value(conf, "-u"), "tun9");
	CU_ASSERT_STRING_EQUAL(value(conf, "if_prefix"), "eth9");
	CU_ASSERT_STRING_EQUAL(value(conf, "client_v4"), "(none)");
	CU_ASSERT_STRING_EQUAL(value(conf, "retry_delay"), "7");
	CU_ASSERT_STRING_EQUAL(value(conf, "foreground"), "yes");
	CU_ASSERT_STRING_EQUAL(value(conf, "server_key_policy"), "accept-new");
	CU_ASSERT_STRING_EQUAL(conf_get(conf, "retry_delay", 0)->file, "-r");
	CU_ASSERT_TRUE(args.boot);
	CU_ASSERT_STRING_EQUAL(args.file, "x");
	conf_free(conf);
}

static void an_address_after_s_is_the_source(void)
{
	struct conf *conf = conf_new();

	parse("-s 192.0.2.7");
	CU_ASSERT_EQUAL(args_apply(&args, conf, &err), 0);
	CU_ASSERT_STRING_EQUAL(value(conf, "client_v4"), "192.0.2.7");
	CU_ASSERT_STRING_EQUAL(value(conf, "if_prefix"), "(none)");
	conf_free(conf);
}

static void a_retry_interval_lifts_a_lower_limit(void)
{
	static const char *const most[] = { "300", "900" };
	static const char *const want[] = { "600", "900" };

	for (size_t i = 0; i < 2; i++) {
		struct conf *conf = conf_new();

		parse("-r 600");
		conf_set(conf, "retry_delay_max", most[i], "file", &err);
		CU_ASSERT_EQUAL(args_apply(&args, conf, &err), 0);
		CU_ASSERT_STRING_EQUAL(value(conf, "retry_delay_max"), want[i]);
		conf_free(conf);
	}
}

/* More than the file asks for, or than the default, which is 1. */
static void verbosity_always_tells_more(void)
{
	static const struct {
		const char *option, *file, *want;
	} cases[] = {
		{ "-v", NULL, "2" },	{ "-vv", NULL, "2" },
		{ "-vvv", NULL, "3" },	{ "-vvvv", NULL, "4" },
		{ "-v", "0", "1" },	{ "-vv", "0", "2" },
		{ "-v", "1", "2" },	{ "-v", "2", "3" },
		{ "-vv", "3", "4" },	{ "-v", "4", "4" },
		{ "-vv", "much", "2" }, { "-vvvvv", NULL, "4" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct conf *conf = conf_new();

		parse(cases[i].option);
		if (cases[i].file)
			conf_set(conf, "log_stderr", cases[i].file, "file",
				 &err);
		CU_ASSERT_EQUAL(args_apply(&args, conf, &err), 0);
		CU_ASSERT_STRING_EQUAL(value(conf, "log_stderr"),
				       cases[i].want);
		conf_free(conf);
	}
}

static void a_file_here_is_taken_unless_strangers_may_write_it(void)
{
	char dir[] = "/tmp/gw6c-args.XXXXXX", room[200], *back;
	FILE *file;

	back = getcwd(NULL, 0);
	CU_ASSERT_FATAL(back && mkdtemp(dir) && chdir(dir) == 0);
	parse("");
	CU_ASSERT_STRING_EQUAL(args_file(&args, "gw6c", room, sizeof(room)),
			       CONFDIR "/gw6c.conf");
	file = fopen("gw6c.conf", "w");
	CU_ASSERT_FATAL(file != NULL);
	fchmod(fileno(file), 0644);
	CU_ASSERT_STRING_EQUAL(args_file(&args, "gw6c", room, sizeof(room)),
			       "gw6c.conf");
	fchmod(fileno(file), 0646);
	CU_ASSERT_STRING_EQUAL(args_file(&args, "/sbin/gogoc", room,
					 sizeof(room)),
			       CONFDIR "/gw6c.conf");
	parse("-f other");
	CU_ASSERT_STRING_EQUAL(args_file(&args, "gw6c", room, sizeof(room)),
			       "other");
	fclose(file);
	unlink("gw6c.conf");
	CU_ASSERT_EQUAL(chdir(back), 0);
	rmdir(dir);
	free(back);
}

static void help_names_every_option_of_the_guide(void)
{
	static const char *const options[] = { "-v, -vv, -vvv, -vvvv",
					       "-i, -u NAME",
					       "-s, ",
					       "-f, ",
					       "-r, ",
					       "-h, ",
					       "-b, ",
					       "-n, ",
					       "-y, ",
					       "--register",
					       "--unregister",
					       "--start-minimized",
					       "--check",
					       "--dry-run",
					       "--status",
					       "--list-plugins",
					       "--describe",
					       "--version" };
	char text[8192] = "";
	FILE *file = fmemopen(text, sizeof(text), "w");

	CU_ASSERT_FATAL(file != NULL);
	args_help(file);
	fclose(file);
	for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++)
		CU_ASSERT_PTR_NOT_NULL(strstr(text, options[i]));
	for (char *at = text; *at; at += strcspn(at, "\n") + 1)
		CU_ASSERT(strcspn(at, "\n") < 80);
}

static const struct unit_test tests[] = {
	UNIT_TEST(no_options_mean_run),
	UNIT_TEST(every_action_has_its_option),
	UNIT_TEST(verbosity_counts_to_four),
	UNIT_TEST(wrong_options_are_named_with_a_hint),
	UNIT_TEST(options_replace_settings),
	UNIT_TEST(an_address_after_s_is_the_source),
	UNIT_TEST(a_retry_interval_lifts_a_lower_limit),
	UNIT_TEST(verbosity_always_tells_more),
	UNIT_TEST(a_file_here_is_taken_unless_strangers_may_write_it),
	UNIT_TEST(help_names_every_option_of_the_guide),
};

int main(void)
{
	return UNIT_RUN("args", tests);
}
