/* child.h - a program that runs in the background. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_CORE_BASE_CHILD_H
#define GW6C_CORE_BASE_CHILD_H

#include "loop.h"

struct child;

/* As host->run and host->end. The child is gone when run->ended is called. */
int child_run(struct loop *loop, const struct gw6c_run *run, struct child **out,
	      struct gw6c_err *err);
void child_end(struct child *child); /* NULL is fine */

/* As host->run_wait. */
int child_wait(const struct gw6c_run *run, uint32_t limit_ms,
	       struct gw6c_err *err);

#endif
