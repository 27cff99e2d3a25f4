/* spawn.h - starts a program, and splits its output into lines. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_CORE_BASE_SPAWN_H
#define GW6C_CORE_BASE_SPAWN_H

#include <gw6c/host.h>
#include <sys/types.h>

#define SPAWN_LINE 512 /* octets of a line; longer ones are split */
#define SPAWN_TERM_MS 1000 /* patience after SIGTERM */

/* Start it once, as host->run says; output is the non-blocking read end of its
 * pipe. It is the head of a process group of its own, and the system ends it
 * with us, where it can. */
int spawn(const struct gw6c_run *run, pid_t *pid, int *output,
	  struct gw6c_err *err);

struct spawn_lines {
	void (*line)(void *arg, const char *text); /* may be NULL */
	void *arg;
	char text[SPAWN_LINE];
	size_t len;
};

/* Read once. False: there is no more to come. */
bool spawn_read(struct spawn_lines *lines, int output);
/* The last line, if its end is missing. */
void spawn_rest(struct spawn_lines *lines);

#endif
