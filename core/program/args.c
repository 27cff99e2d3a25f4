/* args.c - the command line: what the guide lists, and long forms. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "args.h"
#include "core/base/text.h"
#include "core/config/usage.h"
#include <gw6c/addr.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	OPT_CHECK = 256, /* above all characters */
	OPT_DESCRIBE,
	OPT_DRY_RUN,
	OPT_LIST_PLUGINS,
	OPT_MINIMIZED,
	OPT_REGISTER,
	OPT_STATUS,
	OPT_UNREGISTER,
	OPT_VERSION,
	OPT_WAIT_UP,
};

static const char shorts[] = ":bf:hi:nr:s:u:vy";

static const struct option longs[] = {
	{ "boot", no_argument, NULL, 'b' },
	{ "check", no_argument, NULL, OPT_CHECK },
	{ "check-config", no_argument, NULL, OPT_CHECK },
	{ "config", required_argument, NULL, 'f' },
	{ "describe", required_argument, NULL, OPT_DESCRIBE },
	{ "dry-run", no_argument, NULL, OPT_DRY_RUN },
	{ "file", required_argument, NULL, 'f' },
	{ "foreground", no_argument, NULL, 'n' },
	{ "help", no_argument, NULL, 'h' },
	{ "if-prefix", required_argument, NULL, 's' },
	{ "list-plugins", no_argument, NULL, OPT_LIST_PLUGINS },
	{ "register", no_argument, NULL, OPT_REGISTER },
	{ "retry-delay", required_argument, NULL, 'r' },
	{ "start-minimized", no_argument, NULL, OPT_MINIMIZED },
	{ "status", optional_argument, NULL, OPT_STATUS },
	{ "unregister", no_argument, NULL, OPT_UNREGISTER },
	{ "verbose", no_argument, NULL, 'v' },
	{ "version", no_argument, NULL, OPT_VERSION },
	{ "wait-up", optional_argument, NULL, OPT_WAIT_UP },
	{ "yes", no_argument, NULL, 'y' },
	{ .name = NULL },
};

static const struct usage usage = { "gw6c", shorts, longs };

static int act(struct args *args, enum args_action action, struct gw6c_err *err)
{
	if (args->action != ARGS_RUN && args->action != action)
		return usage_conflict(&usage, err);
	args->action = action;
	return GW6C_OK;
}

static int act_status(struct args *args, const char *form, struct gw6c_err *err)
{
	args->json = form && strcmp(form, "json") == 0;
	if (form && !args->json && strcmp(form, "text") != 0)
		return gw6c_fail(err, GW6C_ECONFIG,
				 "--status=%s: expected json or text", form);
	return act(args, ARGS_STATUS, err);
}

static int act_wait_up(struct args *args, const char *limit,
		       struct gw6c_err *err)
{
	args->wait_s =
		limit ? text_number(limit, strlen(limit), ARGS_WAIT_MAX) : -1;
	if (limit && args->wait_s < 0)
		return gw6c_fail(err, GW6C_ECONFIG,
				 "--wait-up=%s: expected seconds, up to %d",
				 limit, ARGS_WAIT_MAX);
	return act(args, ARGS_WAIT_UP, err);
}

/* Options that are an action of their own. */
static int take_action(int option, struct args *args, struct gw6c_err *err)
{
	switch (option) {
	case 'h':
		return act(args, ARGS_HELP, err);
	case OPT_VERSION:
		return act(args, ARGS_VERSION, err);
	case OPT_CHECK:
		return act(args, ARGS_CHECK, err);
	case OPT_DRY_RUN:
		return act(args, ARGS_DRY_RUN, err);
	case OPT_LIST_PLUGINS:
		return act(args, ARGS_LIST_PLUGINS, err);
	case OPT_REGISTER:
		return act(args, ARGS_REGISTER, err);
	case OPT_UNREGISTER:
		return act(args, ARGS_UNREGISTER, err);
	case OPT_STATUS:
		return act_status(args, optarg, err);
	case OPT_WAIT_UP:
		return act_wait_up(args, optarg, err);
	case OPT_DESCRIBE:
		args->describe = optarg;
		return act(args, ARGS_DESCRIBE, err);
	}
	return gw6c_fail(err, GW6C_EBUG, "option %d is not handled", option);
}

static int take(int option, struct args *args, struct gw6c_err *err)
{
	switch (option) {
	case 'b':
		args->boot = true;
		return GW6C_OK;
	case 'f':
		args->file = optarg;
		return GW6C_OK;
	case 'i':
		args->i = optarg;
		return GW6C_OK;
	case 'n':
		args->foreground = true;
		return GW6C_OK;
	case 'r':
		args->retry = optarg;
		return GW6C_OK;
	case 's':
		args->source = optarg;
		return GW6C_OK;
	case 'u':
		args->u = optarg;
		return GW6C_OK;
	case 'v':
		args->verbose += args->verbose < 4;
		return GW6C_OK;
	case 'y':
		args->yes = true;
		return GW6C_OK;
	case OPT_MINIMIZED:
		args->minimized = true;
		return GW6C_OK;
	}
	return take_action(option, args, err);
}

int args_parse(int argc, char **argv, struct args *out, struct gw6c_err *err)
{
	int option;

	*out = (struct args){ .action = ARGS_RUN };
	opterr = 0; /* the caller prints err */
	optind = 0; /* from the start, in all getopt_long() that exist */
	while ((option = getopt_long(argc, argv, shorts, longs, NULL)) != -1) {
		/* getopt's own answer to what it does not know is a '?', and
		 * so is the old spelling of -h. */
		if (option == '?' && optopt == '?')
			option = 'h';
		if (option == '?' || option == ':')
			return usage_fail(&usage, option, argv, err);
		if (take(option, out, err))
			return err->rc;
	}
	if (optind < argc)
		return gw6c_fail(err, GW6C_ECONFIG,
				 "\"%s\" is not an option; name the "
				 "configuration file with -f FILE",
				 argv[optind]);
	return GW6C_OK;
}

/* So many -v ask for at least that level on standard error, and in any case for
 * more than there is without them. */
static int apply_verbose(int verbose, struct conf *conf, struct gw6c_err *err)
{
	const struct setting *at = conf_get(conf, "log_stderr", 0);
	char level[24];
	long now = 1; /* its default */

	if (!verbose)
		return GW6C_OK;
	if (at && conf_num(at, 0, 4, &now, NULL))
		now = 1;
	if (now < 4)
		now++;
	snprintf(level, sizeof(level), "%ld", now > verbose ? now : verbose);
	return conf_set(conf, "log_stderr", level, "-v", err);
}

/* -r also lifts a lower retry_delay_max of the file. */
static int apply_retry(const char *retry, struct conf *conf,
		       struct gw6c_err *err)
{
	static const char *const names[] = { "retry_delay_max",
					     "retry_max_delay" };

	if (!retry)
		return GW6C_OK;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const struct setting *at = conf_get(conf, names[i], 0);
		long most;

		if (at && conf_num(at, 0, 3600, &most, NULL) == GW6C_OK &&
		    most < strtol(retry, NULL, 10) &&
		    conf_set(conf, names[i], retry, "-r", err))
			return err->rc;
	}
	return conf_set(conf, "retry_delay", retry, "-r", err);
}

int args_apply(const struct args *args, struct conf *conf, struct gw6c_err *err)
{
	struct gw6c_addr addr;
	bool address = args->source && gw6c_addr_parse(args->source, &addr) &&
		       addr.family == 4;
	const struct {
		const char *key, *value, *option;
	} set[] = {
		{ "-i", args->i, "-i" }, /* for plugins that take them */
		{ "-u", args->u, "-u" },
		{ address ? "client_v4" : "if_prefix", args->source, "-s" },
		{ "foreground", args->foreground ? "yes" : NULL, "-n" },
		{ "server_key_policy", args->yes ? "accept-new" : NULL, "-y" },
	};

	for (size_t i = 0; i < sizeof(set) / sizeof(set[0]); i++)
		if (set[i].value && conf_set(conf, set[i].key, set[i].value,
					     set[i].option, err))
			return err->rc;
	if (args->minimized)
		conf_warn(conf, NULL,
			  "--start-minimized is an option of the graphical "
			  "Windows client; ignored");
	if (apply_retry(args->retry, conf, err))
		return err->rc;
	return apply_verbose(args->verbose, conf, err);
}

/* A file of the current directory that a stranger put there is not ours. */
static bool trusted(const char *path)
{
	struct stat file;

	return stat(path, &file) == 0 &&
	       (file.st_uid == 0 || file.st_uid == geteuid()) &&
	       !(file.st_mode & S_IWOTH);
}

const char *args_file(const struct args *args, const char *program, char *room,
		      size_t len)
{
	const char *base = strrchr(program, '/');
	bool gogoc = strcmp(base ? base + 1 : program, "gogoc") == 0;

	if (args->file)
		return args->file;
	if (gogoc && trusted("gogoc.conf"))
		snprintf(room, len, "gogoc.conf");
	else if (trusted("gw6c.conf"))
		snprintf(room, len, "gw6c.conf");
	else if (gogoc && access(CONFDIR "/gogoc.conf", F_OK) == 0)
		snprintf(room, len, "%s/gogoc.conf", CONFDIR);
	else
		snprintf(room, len, "%s/gw6c.conf", CONFDIR);
	return room;
}
