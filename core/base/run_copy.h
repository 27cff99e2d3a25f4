/* run_copy.h - a program to run, kept beyond the call that asked for it. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_CORE_BASE_RUN_COPY_H
#define GW6C_CORE_BASE_RUN_COPY_H

#include <gw6c/host.h>

/* All that it points to is copied, descriptors too. NULL: out of memory or
 * descriptors. */
struct gw6c_run *run_copy(const struct gw6c_run *run);
void run_copy_free(struct gw6c_run *copy); /* NULL is fine */

#endif
