/* usage.h - what is wrong with a command line, the same for all programs. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_CORE_CONFIG_USAGE_H
#define GW6C_CORE_CONFIG_USAGE_H

#include <getopt.h>
#include <gw6c/err.h>

struct usage {
	const char *program; /* "gw6c" */
	const char *shorts; /* as getopt_long() has them; begins with ':' */
	const struct option *longs;
};

/* getopt_long(), with opterr 0, has returned got, '?' or ':': err says why.
 * Returns GW6C_ECONFIG. */
int usage_fail(const struct usage *usage, int got, char **argv,
	       struct gw6c_err *err);
/* Two options that cannot both be obeyed. */
int usage_conflict(const struct usage *usage, struct gw6c_err *err);

#endif
