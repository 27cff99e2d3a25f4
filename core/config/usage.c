/* usage.c - what is wrong with a command line, the same for all programs. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "usage.h"
#include "conf.h"
#include <string.h>

#define OPTIONS 64 /* of a program, at most */

static int unknown(const struct usage *usage, const char *word,
		   struct gw6c_err *err)
{
	const char *names[OPTIONS], *near;
	char name[40];
	size_t n = 0;

	for (; usage->longs[n].name && n < OPTIONS - 1; n++)
		names[n] = usage->longs[n].name;
	names[n] = NULL;
	word += strspn(word, "-");
	snprintf(name, sizeof(name), "%.*s", (int)strcspn(word, "="), word);
	near = conf_nearest(name, names);
	return gw6c_fail(err, GW6C_ECONFIG,
			 "unknown option --%s%s%s%s; %s -h lists all", name,
			 near ? "; did you mean --" : "", near ? near : "",
			 near ? "?" : "", usage->program);
}

int usage_fail(const struct usage *usage, int got, char **argv,
	       struct gw6c_err *err)
{
	const char *word = argv[optind - 1];

	if (got == ':')
		return gw6c_fail(err, GW6C_ECONFIG,
				 "option %s requires a value; %s -h lists all",
				 word, usage->program);
	if (optopt > ' ' && optopt < 127 && !strchr(usage->shorts, optopt))
		return gw6c_fail(err, GW6C_ECONFIG,
				 "unknown option -%c; %s -h lists all", optopt,
				 usage->program);
	if (optopt)
		return gw6c_fail(err, GW6C_ECONFIG,
				 "option %s takes no value; %s -h lists all",
				 word, usage->program);
	return unknown(usage, word, err);
}

int usage_conflict(const struct usage *usage, struct gw6c_err *err)
{
	return gw6c_fail(err, GW6C_ECONFIG,
			 "two mutually exclusive options; %s -h lists all",
			 usage->program);
}
