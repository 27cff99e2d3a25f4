/* plan_run.h - a plan on its way to the system, or back; steps may take their
 * time. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_CORE_TUNNEL_PLAN_RUN_H
#define GW6C_CORE_TUNNEL_PLAN_RUN_H

#include "core/base/loop.h"
#include <gw6c/plugin.h>

#define PLAN_LIMIT_MS 60000 /* for a step that answers later */

struct plan_run;

/* An opened OS backend. */
struct backend {
	const struct gw6c_plugin *plugin;
	void *self;
	struct loop *loop; /* NULL: no step may answer later */
	struct plan_run *run; /* under way, or NULL */
};

/* host->done() and host->note() of the backend. */
void backend_done(struct backend *os, int rc, const struct gw6c_err *err);
int backend_note(struct backend *os, const struct gw6c_step *step,
		 struct gw6c_err *err);

/* Where applied steps are written down, so that a later process can revert them
 * after a crash; NULL path: nowhere. One line a step, the file is replaced
 * atomically, removed when nothing is left. */
struct journal {
	const char *path; /* run_dir/plan */
	const char *os; /* name of the backend that did it */
};

enum plan_way {
	PLAN_REST = 0, /* nothing is under way */
	PLAN_FORWARDS,
	PLAN_BACK,
};

struct plan_run {
	/* The caller's to fill in; the plan stays until ended(). */
	struct backend *os;
	struct journal journal;
	struct gw6c_plan *plan;
	uint32_t optional; /* of its last steps: left out if refused */
	void (*ended)(void *arg, const struct gw6c_err *err); /* or NULL */
	void *arg;

	enum plan_way way;
	uint32_t at; /* steps that are done */
	bool inside; /* a call of step() */
	bool waits; /* for backend_done() */
	bool given_up;
	uint32_t limit_ms;
	struct gw6c_watch *timer; /* the limit, or the turn after an answer */
	struct gw6c_err answer; /* of the step that answered later */
	struct gw6c_err err; /* the first error */
};

/* Apply all steps; after an error those done are undone, and err is of the
 * step that failed: "add address 2001:db8::2/128 to tun: File exists". An
 * optional step that fails is taken out of the plan, with a warning. ended()
 * comes once, before this returns if no step answers later. */
void plan_run_apply(struct plan_run *run);
/* Undo all steps, the last first; goes on after errors, which are logged. */
void plan_run_undo(struct plan_run *run);
/* Undo what was applied so far, once the present step has answered; ended()
 * has an error then. */
void plan_run_give_up(struct plan_run *run);
/* Turn the loop until it has ended, each step for limit_ms at most. From inside
 * a callback of the loop: a step that answers later is taken as failed. */
void plan_run_wait(struct plan_run *run, uint32_t limit_ms);

#endif
