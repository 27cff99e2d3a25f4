/* child.h - a program that runs in the background. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_CORE_BASE_CHILD_H
#define GW6C_CORE_BASE_CHILD_H

#include "loop.h"

struct child;

#define CHILD_FINISH_MS 5000 /* for a last task; 5 s in <gw6c/host.h> */

/* As host->run and host->end. tag: of log lines about it, copied. The child is
 * gone when run->ended is called, unless it is to run again; it may be ended
 * in there. */
int child_run(struct loop *loop, const char *tag, const struct gw6c_run *run,
	      struct child **out, struct gw6c_err *err);
/* NULL is fine. What does not end at once may take a second more, in which the
 * loop goes on; what is to take its place begins after that. */
void child_end(struct child *child);

/* Its owner goes away, and is told no more of it: a last task goes on, for
 * CHILD_FINISH_MS at most, all others are ended. */
void child_finish(struct child *child);
/* Wait for the last tasks of a loop, which turns no more, and for what was told
 * to end; end them when the time is over. */
void child_finish_all(struct loop *loop, uint32_t limit_ms);

/* As host->run_wait. */
int child_wait(const struct gw6c_run *run, uint32_t limit_ms,
	       struct gw6c_err *err);

#endif
