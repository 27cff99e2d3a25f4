/* planner.h - applies a plan through an OS backend, or reverts it. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_CORE_TUNNEL_PLANNER_H
#define GW6C_CORE_TUNNEL_PLANNER_H

#include <gw6c/plugin.h>

/* An opened OS backend. */
struct backend {
	const struct gw6c_plugin *plugin;
	void *self;
};

/* Where applied steps are written down, so that a later process can revert them
 * after a crash; NULL path: nowhere. One line a step, the file is replaced
 * atomically, removed when nothing is left. */
struct journal {
	const char *path; /* run_dir/plan */
	const char *os; /* name of the backend that did it */
};

/* Apply all steps; on failure those done are undone, and err is of the step
 * that failed: "add address 2001:db8::2/128 to tun: File exists". */
int plan_apply(const struct backend *os, const struct journal *journal,
	       struct gw6c_plan *plan, struct gw6c_err *err);
/* In reverse; goes on after errors, which are logged, and returns the first.*/
int plan_undo(const struct backend *os, const struct journal *journal,
	      struct gw6c_plan *plan);

/* What an earlier run left: read the journal and undo it. *steps: how many were
 * reverted, 0 if there was no journal. A journal cut at any octet, or of
 * another backend, is never followed blindly: whole lines only. */
int plan_sweep(const struct backend *os, const struct journal *journal,
	       uint32_t *steps, struct gw6c_err *err);

/* Do both ask for the same, whatever backend notes they carry? */
bool plan_same(const struct gw6c_plan *a, const struct gw6c_plan *b);

/* One step for people: "route ::/0 dev tun metric 2048". */
void plan_step_text(const struct gw6c_plan *plan, const struct gw6c_step *step,
		    char *room, size_t len);

#endif
