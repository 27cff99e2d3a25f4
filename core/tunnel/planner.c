/* planner.c - applies a plan through an OS backend, or reverts it, and waits
 * for that. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "planner.h"
#include "journal.h"

int plan_apply(struct backend *os, const struct journal *journal,
	       struct gw6c_plan *plan, struct gw6c_err *err)
{
	struct plan_run run = { .os = os, .journal = *journal, .plan = plan };

	plan_run_apply(&run);
	plan_run_wait(&run, PLAN_LIMIT_MS);
	if (run.err.rc)
		*err = run.err;
	return run.err.rc;
}

int plan_undo(struct backend *os, const struct journal *journal,
	      struct gw6c_plan *plan)
{
	struct plan_run run = { .os = os, .journal = *journal, .plan = plan };

	plan_run_undo(&run);
	plan_run_wait(&run, PLAN_LIMIT_MS);
	return run.err.rc;
}

int plan_sweep(struct backend *os, const struct journal *journal,
	       uint32_t *steps, struct gw6c_err *err)
{
	struct gw6c_plan plan;

	*steps = 0;
	if (journal_read(journal, &plan, err))
		return err->rc;
	*steps = plan.n;
	plan_undo(os, journal, &plan);
	return journal_write(journal, &plan, 0, err);
}

static bool same_step(const struct gw6c_step *a, const struct gw6c_step *b)
{
	return a->verb == b->verb && a->kind == b->kind &&
	       a->value == b->value && strcmp(a->dev, b->dev) == 0 &&
	       memcmp(&a->dst, &b->dst, sizeof(a->dst)) == 0 &&
	       memcmp(&a->local, &b->local, sizeof(a->local)) == 0 &&
	       memcmp(&a->remote, &b->remote, sizeof(a->remote)) == 0;
}

bool plan_same(const struct gw6c_plan *a, const struct gw6c_plan *b)
{
	if (a->n != b->n || a->wants != b->wants)
		return false;
	for (uint32_t i = 0; i < a->n; i++)
		if (!same_step(&a->step[i], &b->step[i]))
			return false;
	return true;
}
