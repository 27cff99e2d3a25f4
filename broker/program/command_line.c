/* command_line.c - what gw6c-broker is asked for. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "command_line.h"
#include "core/config/usage.h"
#include <string.h>

enum { OPT_CHECK = 256, OPT_STATUS, OPT_VERSION };

static const char shorts[] = ":f:hnv";

static const struct option longs[] = {
	{ "file", required_argument, NULL, 'f' },
	{ "config", required_argument, NULL, 'f' },
	{ "foreground", no_argument, NULL, 'n' },
	{ "verbose", no_argument, NULL, 'v' },
	{ "check", no_argument, NULL, OPT_CHECK },
	{ "check-config", no_argument, NULL, OPT_CHECK },
	{ "status", optional_argument, NULL, OPT_STATUS },
	{ "version", no_argument, NULL, OPT_VERSION },
	{ "help", no_argument, NULL, 'h' },
	{ .name = NULL },
};

static const struct usage usage = { "gw6c-broker", shorts, longs };

static int take_command(struct command_line *line, enum command command,
			struct gw6c_err *err)
{
	if (line->command != COMMAND_SERVE && line->command != command)
		return usage_conflict(&usage, err);
	line->command = command;
	return GW6C_OK;
}

static int take_status(struct command_line *line, const char *form,
		       struct gw6c_err *err)
{
	line->json = form && strcmp(form, "json") == 0;
	if (form && !line->json && strcmp(form, "text") != 0)
		return gw6c_fail(err, GW6C_ECONFIG,
				 "--status=%s: expected json or text", form);
	return take_command(line, COMMAND_STATUS, err);
}

static int take(int option, struct command_line *line, struct gw6c_err *err)
{
	switch (option) {
	case 'f':
		line->args.file = optarg;
		return GW6C_OK;
	case 'n':
		line->args.foreground = true;
		return GW6C_OK;
	case 'v':
		line->args.verbose += line->args.verbose < 4;
		return GW6C_OK;
	case 'h':
		return take_command(line, COMMAND_HELP, err);
	case OPT_VERSION:
		return take_command(line, COMMAND_VERSION, err);
	case OPT_CHECK:
		return take_command(line, COMMAND_CHECK, err);
	case OPT_STATUS:
		return take_status(line, optarg, err);
	}
	return gw6c_fail(err, GW6C_EBUG, "option %d is not handled", option);
}

static int take_word(struct command_line *line, const char *word,
		     struct gw6c_err *err)
{
	if (strcmp(word, "keygen") == 0)
		return take_command(line, COMMAND_KEYGEN, err);
	return gw6c_fail(err, GW6C_ECONFIG,
			 "\"%s\" is not an option, nor a command (keygen); "
			 "name the configuration file with -f FILE",
			 word);
}

int command_line_parse(int argc, char **argv, struct command_line *out,
		       struct gw6c_err *err)
{
	int option;

	*out = (struct command_line){ .args.file =
					      CONFDIR "/gw6c-broker.conf" };
	opterr = 0; /* the caller prints err */
	optind = 0; /* from the start, in all getopt_long() that exist */
	while ((option = getopt_long(argc, argv, shorts, longs, NULL)) != -1) {
		if (option == '?' && optopt == '?')
			option = 'h';
		if (option == '?' || option == ':')
			return usage_fail(&usage, option, argv, err);
		if (take(option, out, err))
			return err->rc;
	}
	for (; optind < argc; optind++)
		if (take_word(out, argv[optind], err))
			return err->rc;
	return GW6C_OK;
}
