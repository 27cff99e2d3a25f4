/* plan_run.c - a plan on its way to the system, or back. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "plan_run.h"
#include "core/base/log.h"
#include "journal.h"
#include "plan_text.h"

static void run_on(struct plan_run *run);

/* The one that step() does or undoes. */
static struct gw6c_step *run_step(const struct plan_run *run)
{
	return &run->plan->step[run->way == PLAN_BACK ? run->at - 1 : run->at];
}

static void run_turn_back(struct plan_run *run, const struct gw6c_err *err)
{
	run->err = *err;
	run->way = PLAN_BACK;
	journal_write(&run->journal, run->plan, run->at, NULL);
}

static void run_undone(struct plan_run *run, const struct gw6c_err *err)
{
	run->at--;
	if (err->rc)
		log_msg(GW6C_WARN, "plan", "%s", err->text);
	if (err->rc && !run->err.rc)
		run->err = *err;
	journal_write(&run->journal, run->plan, run->at, NULL);
}

/* What was there before us must not be undone as if it were ours. */
static void run_leave_out(struct plan_run *run, const struct gw6c_err *err)
{
	struct gw6c_plan *plan = run->plan;
	struct gw6c_step *step = run_step(run);

	log_msg(GW6C_WARN, "plan",
		"%s; a feature asked for this step; the tunnel comes up "
		"without it",
		err->text);
	run->optional--;
	plan->n--;
	memmove(step, step + 1, (plan->n - run->at) * sizeof(*step));
	journal_write(&run->journal, plan, run->at, NULL);
}

static bool run_is_optional(const struct plan_run *run)
{
	return run->at + run->optional >= run->plan->n;
}

/* The present step has ended. */
static void run_after(struct plan_run *run, const struct gw6c_err *err)
{
	if (run->way == PLAN_BACK)
		run_undone(run, err);
	else if (!err->rc)
		run->at++;
	else if (run_is_optional(run))
		run_leave_out(run, err);
	else
		run_turn_back(run, err);
}

/* What the backend said, for people. */
static void run_say(const struct plan_run *run, struct gw6c_err *err)
{
	bool add = run->way == PLAN_FORWARDS;
	struct gw6c_err why = *err;
	char text[256];

	plan_step_text(run->plan, run_step(run), text, sizeof(text));
	if (err->rc)
		gw6c_fail(err, why.rc, "%s%s: %s", add ? "" : "undo ", text,
			  why.text);
	else
		log_msg(GW6C_DEBUG, "plan", "%s %s", add ? "+" : "-", text);
}

static void run_answered(void *arg)
{
	struct plan_run *run = arg;

	run->timer = NULL;
	run_say(run, &run->answer);
	run_after(run, &run->answer);
	run_on(run);
}

/* Nobody knows whether it was done: it is undone like the others. */
static void run_forsake(struct plan_run *run, const char *why)
{
	struct gw6c_err err = { 0 };
	enum plan_way way = run->way;

	run->waits = false;
	gw6c_fail(&err, GW6C_EOS, "%s", why);
	run_say(run, &err);
	if (way == PLAN_FORWARDS)
		run->at++;
	if (way == PLAN_FORWARDS)
		run_turn_back(run, &err);
	else
		run_undone(run, &err);
}

static void run_expired(void *arg)
{
	struct plan_run *run = arg;
	char why[80];

	run->timer = NULL;
	snprintf(why, sizeof(why), "the backend did not answer within %u s",
		 run->limit_ms / 1000);
	run_forsake(run, why);
	run_on(run);
}

static void run_limit(struct plan_run *run)
{
	loop_forget(run->timer);
	run->timer = loop_timer(run->os->loop, run->limit_ms, run_expired, run);
}

/* The intention is written down first: a step that was not done can be reverted
 * as well as one that was. */
static int run_call(struct plan_run *run, struct gw6c_err *err)
{
	struct backend *os = run->os;
	bool add = run->way == PLAN_FORWARDS;
	int rc;

	if (add && journal_write(&run->journal, run->plan, run->at + 1, err))
		return err->rc;
	run->inside = true;
	rc = os->plugin->os->step(os->self, run->plan, run_step(run), add, err);
	run->inside = false;
	if (rc == GW6C_LATER && os->loop) {
		run->waits = true;
		return rc;
	}
	if (rc == GW6C_LATER)
		gw6c_fail(err, GW6C_EBUG, "nothing waits for its answer here");
	else if (rc && !err->rc)
		err->rc = rc;
	if (!rc)
		err->rc = GW6C_OK;
	run_say(run, err);
	return err->rc;
}

/* Is there no step left to do? */
static bool run_is_over(struct plan_run *run)
{
	struct gw6c_err err = { 0 };

	if (run->way == PLAN_FORWARDS && run->given_up) {
		gw6c_fail(&err, GW6C_ENET, "it was given up");
		run_turn_back(run, &err);
	}
	if (run->way == PLAN_BACK)
		return run->at == 0;
	if (run->at < run->plan->n)
		return false;
	/* With what the last step has noted. */
	if (journal_write(&run->journal, run->plan, run->at, &err) == GW6C_OK)
		return true;
	run_turn_back(run, &err);
	return run->at == 0;
}

static void run_on(struct plan_run *run)
{
	while (!run_is_over(run)) {
		struct gw6c_err err = { 0 };

		if (run_call(run, &err) == GW6C_LATER) {
			run_limit(run);
			return;
		}
		run_after(run, &err);
	}
	run->way = PLAN_REST;
	run->os->run = NULL;
	if (run->ended)
		run->ended(run->arg, &run->err);
}

static void run_begin(struct plan_run *run, enum plan_way way, uint32_t at)
{
	run->way = way;
	run->at = at;
	run->inside = run->waits = run->given_up = false;
	run->limit_ms = PLAN_LIMIT_MS;
	run->timer = NULL;
	run->err = (struct gw6c_err){ 0 };
	run->os->run = run;
	run_on(run);
}

void plan_run_apply(struct plan_run *run)
{
	run_begin(run, PLAN_FORWARDS, 0);
}

void plan_run_undo(struct plan_run *run)
{
	run_begin(run, PLAN_BACK, run->plan->n);
}

void plan_run_give_up(struct plan_run *run)
{
	run->given_up = true;
}

void plan_run_wait(struct plan_run *run, uint32_t limit_ms)
{
	run->limit_ms = limit_ms;
	if (run->waits)
		run_limit(run);
	while (run->way != PLAN_REST && !run->inside) {
		if (loop_turn(run->os->loop))
			continue;
		loop_forget(run->timer);
		run->timer = NULL;
		if (run->waits)
			run_forsake(run, "it cannot be waited for now");
		else
			run_after(run, &run->answer);
		run_on(run);
	}
}

/* The backend is in a callback of its own: it is called again from the loop.
 * Without memory for that, the limit goes on and ends the step. */
void backend_done(struct backend *os, int rc, const struct gw6c_err *err)
{
	struct plan_run *run = os->run;
	struct gw6c_watch *turn;

	if (!run || !run->waits) {
		log_msg(GW6C_ERROR, "plan",
			"the backend reports the end of a step that it is not "
			"doing; this is a bug in the plugin; report it to its "
			"author");
		return;
	}
	turn = loop_timer(os->loop, 0, run_answered, run);
	if (!turn)
		return;
	loop_forget(run->timer);
	run->timer = turn;
	run->waits = false;
	run->answer = rc && err ? *err : (struct gw6c_err){ 0 };
	run->answer.rc = rc > 0 ? GW6C_EBUG : rc;
}

int backend_note(struct backend *os, const struct gw6c_step *step,
		 struct gw6c_err *err)
{
	struct plan_run *run = os->run;

	if (!run || !(run->inside || run->waits) || step != run_step(run))
		return gw6c_fail(err, GW6C_EBUG,
				 "note() is for the step that is being done; "
				 "this is a bug in the plugin; report it to "
				 "its author");
	return journal_write(&run->journal, run->plan,
			     run->way == PLAN_BACK ? run->at : run->at + 1,
			     err);
}
