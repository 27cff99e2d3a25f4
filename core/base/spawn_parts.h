/* spawn_parts.h - a program about to be started, shared by spawn*.c only. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_CORE_BASE_SPAWN_PARTS_H
#define GW6C_CORE_BASE_SPAWN_PARTS_H

#include "spawn.h"

#define SPAWN_FDS 64 /* descriptors that can be passed */
#define SPAWN_ENV 128 /* variables with the NULL at their end */

/* All that the child needs to know, made before there is one. */
struct start {
	const struct gw6c_run *run;
	char path[1024]; /* of the program */
	const char *env[SPAWN_ENV];
	uid_t uid; /* if run->user is set */
	gid_t gid; /* if run->user or run->group is */
	pid_t parent; /* us */
	int in, out; /* to be its standard input, output and errors */
	int error; /* where a struct start_error goes; closed by exec */
};

/* What failed in the child. */
enum start_stage {
	START_FDS = 1,
	START_USER,
	START_LIMITS,
	START_DIR,
	START_EXEC,
};

struct start_error {
	enum start_stage stage;
	int error; /* as errno */
};

/* spawn_become.c, in the child: become the program, or tell what failed. */
_Noreturn void spawn_become(const struct start *start);

#endif
