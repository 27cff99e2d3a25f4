/* test_command_line.c - what gw6c-broker is asked for. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "broker/program/command_line.h"
#include "tests/unit/unit.h"
#include <string.h>

#define WORDS 10

static struct command_line line;
static struct gw6c_err err;
static char room[200];

static int parse(const char *text)
{
	char *argv[WORDS + 1] = { (char *)"gw6c-broker" }, *rest = room, *word;
	int argc = 1;

	snprintf(room, sizeof(room), "%s", text);
	while (argc < WORDS && (word = strsep(&rest, " ")))
		if (*word)
			argv[argc++] = word;
	err = (struct gw6c_err){ 0 };
	return command_line_parse(argc, argv, &line, &err);
}

static void nothing_is_to_serve(void)
{
	CU_ASSERT_EQUAL(parse(""), GW6C_OK);
	CU_ASSERT_EQUAL(line.command, COMMAND_SERVE);
	CU_ASSERT_STRING_EQUAL(line.args.file, CONFDIR "/gw6c-broker.conf");
	CU_ASSERT_FALSE(line.args.foreground);
	CU_ASSERT_EQUAL(line.args.verbose, 0);
}

static void each_command_has_its_word(void)
{
	static const struct {
		const char *text;
		enum command command;
		bool json;
	} cases[] = {
		{ "--check", COMMAND_CHECK, false },
		{ "--check-config", COMMAND_CHECK, false },
		{ "--status", COMMAND_STATUS, false },
		{ "--status=text", COMMAND_STATUS, false },
		{ "--status=json", COMMAND_STATUS, true },
		{ "keygen", COMMAND_KEYGEN, false },
		{ "-h", COMMAND_HELP, false },
		{ "-?", COMMAND_HELP, false },
		{ "--help", COMMAND_HELP, false },
		{ "--version", COMMAND_VERSION, false },
		{ "--check --check", COMMAND_CHECK, false },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		CU_ASSERT_EQUAL(parse(cases[i].text), GW6C_OK);
		CU_ASSERT_EQUAL(line.command, cases[i].command);
		CU_ASSERT_EQUAL(line.json, cases[i].json);
	}
}

static void the_file_has_three_names(void)
{
	static const char *const cases[] = {
		"-f a.conf",	 "-fa.conf",	    "--file=a.conf",
		"--file a.conf", "--config=a.conf", "keygen --config a.conf",
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		CU_ASSERT_EQUAL(parse(cases[i]), GW6C_OK);
		CU_ASSERT_STRING_EQUAL(line.args.file, "a.conf");
	}
}

static void options_add_up(void)
{
	CU_ASSERT_EQUAL(parse("-n -vv --verbose"), GW6C_OK);
	CU_ASSERT_TRUE(line.args.foreground);
	CU_ASSERT_EQUAL(line.args.verbose, 3);
	CU_ASSERT_EQUAL(parse("-vvvvv"), GW6C_OK);
	CU_ASSERT_EQUAL(line.args.verbose, 4);
}

/* In the words of gw6c. */
static void wrong_options_are_named_with_a_hint(void)
{
	static const char *const cases[][2] = {
		{ "-x", "unknown option -x; gw6c-broker -h lists all" },
		{ "-nx", "unknown option -x; gw6c-broker -h lists all" },
		{ "--stauts", "unknown option --stauts; did you mean "
			      "--status?; gw6c-broker -h lists all" },
		{ "--nothing=1", "unknown option --nothing; gw6c-broker -h "
				 "lists all" },
		{ "--check=1", "option --check=1 takes no value; gw6c-broker "
			       "-h lists all" },
		{ "-f", "option -f requires a value; gw6c-broker -h lists "
			"all" },
		{ "--status=xml", "--status=xml: expected json or text" },
		{ "--check --status", "two mutually exclusive options; "
				      "gw6c-broker -h lists all" },
		{ "--check keygen", "two mutually exclusive options; "
				    "gw6c-broker -h lists all" },
		{ "my.conf", "\"my.conf\" is not an option, nor a command "
			     "(keygen); name the configuration file with -f "
			     "FILE" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		CU_ASSERT_EQUAL(parse(cases[i][0]), GW6C_ECONFIG);
		CU_ASSERT_STRING_EQUAL(err.text, cases[i][1]);
	}
}

int main(void)
{
	static const struct unit_test tests[] = {
		UNIT_TEST(nothing_is_to_serve),
		UNIT_TEST(each_command_has_its_word),
		UNIT_TEST(the_file_has_three_names),
		UNIT_TEST(options_add_up),
		UNIT_TEST(wrong_options_are_named_with_a_hint),
	};

	return UNIT_RUN("broker: command line", tests);
}
