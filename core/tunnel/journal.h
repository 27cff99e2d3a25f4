/* journal.h - applied steps on disk, so that a later process can revert them
 * after a crash. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_CORE_TUNNEL_JOURNAL_H
#define GW6C_CORE_TUNNEL_JOURNAL_H

#include "plan_run.h"

/* Write the first n steps, replacing the file atomically; n = 0 removes it.
 * Nothing happens if the journal has no path. */
int journal_write(const struct journal *journal, const struct gw6c_plan *plan,
		  uint32_t n, struct gw6c_err *err);

/* Read what is there: plan->n steps, 0 if there is no file. Lines that are
 * not whole are left out. GW6C_ECONFIG: it is of another backend. */
int journal_read(const struct journal *journal, struct gw6c_plan *plan,
		 struct gw6c_err *err);

#endif
