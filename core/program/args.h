/* args.h - the command line of gw6c. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_CORE_PROGRAM_ARGS_H
#define GW6C_CORE_PROGRAM_ARGS_H

#include "core/config/conf.h"

enum args_action {
	ARGS_RUN, /* set up the tunnel */
	ARGS_HELP,
	ARGS_VERSION,
	ARGS_CHECK, /* check the configuration and its plugins, offline */
	ARGS_DRY_RUN, /* log in, show the plan, change nothing */
	ARGS_LIST_PLUGINS,
	ARGS_DESCRIBE, /* a plugin, or "settings" */
	ARGS_STATUS,
	ARGS_REGISTER,
	ARGS_UNREGISTER,
	ARGS_WAIT_UP,
};

#define ARGS_WAIT_MAX 86400 /* seconds of --wait-up */

/* Text is borrowed from argv; NULL: not given. */
struct args {
	enum args_action action;
	const char *file; /* -f; else see args_file() */
	int verbose; /* how often -v, 0..4 */
	const char *i, *u; /* -i, -u: options of plugins */
	const char *source; /* -s: interface of the prefix, or IPv4 address */
	const char *retry; /* -r, seconds */
	bool boot; /* -b: one attempt, then give up */
	bool foreground; /* -n */
	bool yes; /* -y: take unknown server keys */
	bool minimized; /* --start-minimized: of the GUI, no effect */
	const char *describe;
	bool json; /* --status=json */
	long wait_s; /* --wait-up; -1: no limit */
};

/* GW6C_ECONFIG: what is wrong, and where help is. */
int args_parse(int argc, char **argv, struct args *out, struct gw6c_err *err);

/* Let the command line replace what files said; after conf_load(). */
int args_apply(const struct args *args, struct conf *conf,
	       struct gw6c_err *err);

/* The configuration file: -f, else gw6c.conf of the current directory if it
 * is ours or root's and nobody else may write it, else that of confdir. A
 * program called gogoc looks for gogoc.conf before each. In room, unless
 * -f. */
const char *args_file(const struct args *args, const char *program, char *room,
		      size_t len);

/* The text of -h: version, and every option. */
void args_help(FILE *to);

#endif
