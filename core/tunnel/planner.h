/* planner.h - applies a plan through an OS backend, or reverts it, and waits
 * for that: at the start and the end of a program. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_CORE_TUNNEL_PLANNER_H
#define GW6C_CORE_TUNNEL_PLANNER_H

#include "plan_run.h"

/* Apply all steps; on failure those done are undone, and err is of the step
 * that failed: "add address 2001:db8::2/128 to tun: File exists". */
int plan_apply(struct backend *os, const struct journal *journal,
	       struct gw6c_plan *plan, struct gw6c_err *err);
/* In reverse; goes on after errors, which are logged, and returns the first.*/
int plan_undo(struct backend *os, const struct journal *journal,
	      struct gw6c_plan *plan);

/* What an earlier run left: read the journal and undo it. *steps: how many were
 * reverted, 0 if there was no journal. A journal cut at any octet, or of
 * another backend, is never followed blindly: whole lines only. */
int plan_sweep(struct backend *os, const struct journal *journal,
	       uint32_t *steps, struct gw6c_err *err);

/* Do both ask for the same, whatever backend notes they carry? */
bool plan_same(const struct gw6c_plan *a, const struct gw6c_plan *b);

#endif
