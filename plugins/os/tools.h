/* tools.h - a backend that drives the tools of its platform. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_OS_TOOLS_H
#define GW6C_OS_TOOLS_H

#include "commands.h"

struct platform {
	const char *name; /* as people write it: "FreeBSD" */
	const char *remark; /* first word of what is no command: shown only */
	bool here; /* it is the one that this is built for */
	/* The commands that do a step, or revert it; none: there is nothing to
	 * do. dev: its interface. saved of a step that changes what was there
	 * before: what note() found, or "" if nobody has looked. */
	int (*commands)(const struct platform *platform, const char *dev,
			const struct gw6c_plan *plan,
			const struct gw6c_step *step, bool add,
			struct commands *out, struct gw6c_err *err);
	/* How interfaces of that kind are called, without the number. */
	const char *(*names)(const struct platform *platform, unsigned kind);
	/* A command that tells what a step will change: of its output the line
	 * that begins with *begin goes into saved, without that. False: no
	 * need to look. */
	bool (*note)(const struct gw6c_step *step, struct commands *out,
		     const char **begin);
	/* An interface that is there may be taken by this name. NULL: none. */
	const char *shared;
};

/* Values of saved besides what note() found. */
#define SAVED_DONE "done"
#define SAVED_SHARED "shared" /* LINK: it was there before */

const struct gw6c_step *plan_link(const struct gw6c_plan *plan);
/* Our end and the far end in the tunnel; NULL if there is none. */
const struct gw6c_step *plan_inner(const struct gw6c_plan *plan);

/* The operations; os_NAME.c has a platform, and open() of its own. */
int tools_open(const struct platform *platform, const struct gw6c_host *host,
	       void **self, struct gw6c_err *err);
void tools_close(void *self);
int tools_check(void *self, struct gw6c_err *err);
int tools_step(void *self, struct gw6c_plan *plan, struct gw6c_step *step,
	       bool add, struct gw6c_err *err);
int tools_show(void *self, const struct gw6c_plan *plan,
	       const struct gw6c_step *step, bool add,
	       void (*line)(void *arg, const char *text), void *arg,
	       struct gw6c_err *err);

#define TOOLS_OPS(open_)                                                       \
	{                                                                      \
		.size = sizeof(struct gw6c_os_ops), .open = (open_),           \
		.close = tools_close, .check = tools_check,                    \
		.step = tools_step, .show = tools_show                         \
	}
#define TOOLS_OPTS                                                             \
	{                                                                      \
		{                                                              \
			.key = "timeout",                                      \
			.type = GW6C_NUM,                                      \
			.fallback = "20",                                      \
			.summary = "timeout of a command in seconds",          \
			.min = 1,                                              \
			.max = 600,                                            \
		},                                                             \
		{                                                              \
			.key = NULL                                            \
		}                                                              \
	}

#endif
