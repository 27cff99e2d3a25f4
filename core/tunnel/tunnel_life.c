/* tunnel_life.c - how a tunnel starts, and how it ends. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/base/log.h"
#include "plan_show.h"
#include "planner.h"
#include "tunnel_parts.h"

/* The last thing that a start does: the client may stop us in it. */
static void start_tell(struct tunnel *tunnel, const struct gw6c_err *err)
{
	bool reloading = tunnel->reloading;

	tunnel->reloading = false;
	if (!reloading)
		tunnel->events.started(tunnel->events.arg, err);
	else if (err->rc)
		tunnel->events.lost(tunnel->events.arg, false, err);
}

/* The last thing that a stop does. */
static void stop_tell(struct tunnel *tunnel)
{
	tunnel->state = TUNNEL_OFF;
	tunnel->reloading = false;
	tunnel->events.stopped(tunnel->events.arg);
}

/* Take back what is on the system, then call ended. */
static void undo(struct tunnel *tunnel,
		 void (*ended)(void *arg, const struct gw6c_err *err))
{
	const struct gw6c_news news = tunnel_news(tunnel);
	const struct gw6c_err none = { 0 };
	bool applied = tunnel->applied;

	path_close(tunnel);
	features_down(tunnel->features, &news);
	tunnel->applied = tunnel->damaged = tunnel->changed = false;
	if (!applied || tunnel->params.show_only) {
		ended(tunnel, &none);
		return;
	}
	tunnel->run.plan = &tunnel->now.plan;
	tunnel->run.ended = ended;
	plan_run_undo(&tunnel->run);
}

static void start_undone(void *arg, const struct gw6c_err *err)
{
	struct tunnel *tunnel = arg;
	struct gw6c_err failure = tunnel->failure;

	(void)err;
	if (tunnel->state == TUNNEL_STOPPING) {
		stop_tell(tunnel);
		return;
	}
	tunnel->state = TUNNEL_OFF;
	start_tell(tunnel, &failure);
}

static void start_fail(struct tunnel *tunnel, const struct gw6c_err *err)
{
	tunnel->failure = *err;
	tunnel->reason = GW6C_FOR_LOSS;
	snprintf(tunnel->why, sizeof(tunnel->why), "%.255s", err->text);
	undo(tunnel, start_undone);
}

static void start_path(struct tunnel *tunnel)
{
	struct gw6c_err err = { 0 };

	if (!tunnel_is_dry(tunnel) && path_open(tunnel, &err)) {
		start_fail(tunnel, &err);
		return;
	}
	if (tunnel->state == TUNNEL_STOPPING) { /* in what opened the path */
		tunnel_stop_now(tunnel);
		return;
	}
	tunnel->state = TUNNEL_ON;
	start_tell(tunnel, &err);
}

/* The mode reads what it gets by that: what it did not ask for, it would take
 * for packets. */
static int start_check(const struct tunnel *tunnel, struct gw6c_err *err)
{
	const struct gw6c_plan *plan = &tunnel->now.plan;

	if (!(plan->gives & ~plan->wants))
		return GW6C_OK;
	return gw6c_fail(err, GW6C_EBUG,
			 "the %s backend gives packets in a form that mode %s "
			 "did not ask for; this is a bug in the backend; "
			 "report it to its author",
			 tunnel->os.plugin->name, tunnel->now.mode->name);
}

static void start_applied(void *arg, const struct gw6c_err *err)
{
	struct tunnel *tunnel = arg;
	struct gw6c_err why = *err;

	tunnel->applied = !err->rc;
	if (tunnel->state == TUNNEL_STOPPING) {
		stop_tell(tunnel);
		return;
	}
	if (why.rc || start_check(tunnel, &why))
		start_fail(tunnel, &why);
	else
		start_path(tunnel);
}

static void start_apply(struct tunnel *tunnel)
{
	const struct gw6c_os_ops *ops = tunnel->os.plugin->os;
	struct grant *now = &tunnel->now;
	struct gw6c_err err = { 0 };

	*now = tunnel->next;
	if (GW6C_HAS(ops, lease) && ops->lease &&
	    ops->lease(tunnel->os.self, &now->lease, &err)) {
		start_fail(tunnel, &err);
		return;
	}
	if (tunnel->params.show_only) {
		plan_show(&tunnel->os, &now->plan, &err);
		start_applied(tunnel, &err);
		return;
	}
	tunnel->run.plan = &now->plan;
	tunnel->run.optional = now->added;
	tunnel->run.ended = start_applied;
	plan_run_apply(&tunnel->run);
}

/* The former plan is gone. */
static void start_cleared(void *arg, const struct gw6c_err *err)
{
	struct tunnel *tunnel = arg;

	(void)err;
	if (tunnel->state == TUNNEL_STOPPING)
		stop_tell(tunnel);
	else
		start_apply(tunnel);
}

/* The same plan for another lease. */
static void start_adopt(struct tunnel *tunnel)
{
	if (!tunnel->changed)
		tunnel->before = tunnel->now.lease;
	tunnel->changed = true;
	tunnel->now.lease = tunnel->next.lease;
	tunnel->now.mode = tunnel->next.mode;
	tunnel->now.sock = tunnel->next.sock;
}

static bool same_plan(const struct tunnel *tunnel)
{
	return tunnel->applied && !tunnel->damaged &&
	       plan_same(&tunnel->now.wish, &tunnel->next.wish);
}

/* The session's socket carries nothing, and the broker is asked as before:
 * there is nothing to do, and no packet is lost. */
static bool same_path(const struct tunnel *tunnel)
{
	const struct gw6c_lease *now = &tunnel->now.lease;
	const struct gw6c_lease *next = &tunnel->next.lease;

	return tunnel->path.running && tunnel->next.mode->tunnel->protocol &&
	       next->keepalive_s == now->keepalive_s &&
	       memcmp(&next->keepalive, &now->keepalive,
		      sizeof(now->keepalive)) == 0;
}

void tunnel_replace(struct tunnel *tunnel, enum gw6c_reason reason)
{
	const struct gw6c_err none = { 0 };

	tunnel->state = TUNNEL_STARTING;
	tunnel->reason = reason;
	tunnel->why[0] = 0;
	if (!same_plan(tunnel)) {
		undo(tunnel, start_cleared);
		return;
	}
	if (same_path(tunnel)) {
		start_adopt(tunnel);
		tunnel->state = TUNNEL_ON;
		if (tunnel->path.proven)
			path_prove(tunnel);
		start_tell(tunnel, &none);
		return;
	}
	path_close(tunnel);
	start_adopt(tunnel);
	start_path(tunnel);
}

void tunnel_start(struct tunnel *tunnel, const struct gw6c_lease *granted,
		  int sock, enum gw6c_reason reason)
{
	struct grant *next = &tunnel->next;
	struct gw6c_err err = { 0 };

	next->lease = *granted;
	next->sock = sock;
	if (tunnel_prepare(tunnel, next, &err) == GW6C_OK) {
		tunnel_replace(tunnel, reason);
		return;
	}
	tunnel->state = TUNNEL_STARTING;
	start_fail(tunnel, &err);
}

static void stop_undone(void *arg, const struct gw6c_err *err)
{
	(void)err;
	stop_tell(arg);
}

void tunnel_stop_now(struct tunnel *tunnel)
{
	tunnel->state = TUNNEL_STOPPING;
	undo(tunnel, stop_undone);
}

void tunnel_left(void *arg)
{
	struct tunnel *tunnel = arg;

	if (tunnel->state == TUNNEL_LEAVING)
		tunnel_stop_now(tunnel);
}

static void stop_after_goodbyes(struct tunnel *tunnel, bool alive)
{
	const struct gw6c_news news = tunnel_news(tunnel);

	tunnel->state = TUNNEL_LEAVING;
	if (!alive || !tunnel->path.proven ||
	    !features_leave(tunnel->features, &news))
		tunnel_stop_now(tunnel);
}

void tunnel_stop(struct tunnel *tunnel, enum gw6c_reason reason,
		 const char *why, bool alive)
{
	tunnel->reason = reason;
	snprintf(tunnel->why, sizeof(tunnel->why), "%s", why);
	switch (tunnel->state) {
	case TUNNEL_OFF:
		stop_tell(tunnel);
		return;
	case TUNNEL_STARTING:
		tunnel->state = TUNNEL_STOPPING;
		plan_run_give_up(&tunnel->run);
		return;
	case TUNNEL_ON:
		stop_after_goodbyes(tunnel, alive);
		return;
	case TUNNEL_LEAVING:
		if (!alive)
			tunnel_stop_now(tunnel);
		return;
	case TUNNEL_STOPPING:
		return;
	}
}
