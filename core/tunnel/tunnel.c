/* tunnel.c - one granted tunnel: what it consists of, and what is known of
 * it. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "tunnel.h"
#include "core/base/log.h"
#include "journal.h"
#include "planner.h"
#include "tunnel_parts.h"
#include <stdlib.h>

#define FREE_LIMIT_MS 10000 /* for each slow step, when nobody can wait */

static void tunnel_network_changed(void *arg)
{
	struct tunnel *tunnel = arg;

	tunnel->events.network_changed(tunnel->events.arg);
}

static void tunnel_damaged(void *arg, const char *what)
{
	struct tunnel *tunnel = arg;

	tunnel->damaged = tunnel->applied;
	if (tunnel->path.running)
		tunnel->events.damaged(tunnel->events.arg, what);
}

static void tunnel_step_done(void *arg, int rc, struct gw6c_bytes out,
			     const struct gw6c_err *err)
{
	struct tunnel *tunnel = arg;

	(void)out;
	backend_done(&tunnel->os, rc, err);
}

static int tunnel_note(void *arg, const struct gw6c_step *step,
		       struct gw6c_err *err)
{
	struct tunnel *tunnel = arg;

	return backend_note(&tunnel->os, step, err);
}

bool tunnel_is_dry(const struct tunnel *tunnel)
{
	return tunnel->params.show_only ||
	       tunnel->params.os->os->flags & GW6C_OS_DRY;
}

struct gw6c_news tunnel_news(const struct tunnel *tunnel)
{
	return (struct gw6c_news){
		.size = sizeof(struct gw6c_news),
		.fact = GW6C_DOWN,
		.reason = tunnel->reason,
		.why = tunnel->why,
		.lease = &tunnel->now.lease,
		.plan = &tunnel->now.plan,
	};
}

static int tunnel_open_os(struct tunnel *tunnel, struct gw6c_err *err)
{
	const struct gw6c_os_ops *ops = tunnel->params.os->os;
	struct host_events events = {
		.network_changed = tunnel_network_changed,
		.damaged = tunnel_damaged,
		.done = tunnel_step_done,
		.note = tunnel_note,
		.client = tunnel->params.client,
		.arg = tunnel,
	};

	tunnel->os.plugin = tunnel->params.os;
	tunnel->os.loop = tunnel->params.loop;
	tunnel->os_host = host_new(tunnel->params.os, tunnel->params.loop,
				   tunnel->params.conf, &events);
	if (!tunnel->os_host)
		return gw6c_fail(err, GW6C_EOS, "out of memory");
	if (ops->open(tunnel->os_host, &tunnel->os.self, err))
		return err->rc;
	snprintf(tunnel->journal_path, sizeof(tunnel->journal_path), "%s/plan",
		 tunnel->params.settings->run_dir);
	tunnel->journal.os = tunnel->params.os->name;
	if (!tunnel_is_dry(tunnel))
		tunnel->journal.path = tunnel->journal_path;
	tunnel->run.os = &tunnel->os;
	tunnel->run.journal = tunnel->journal;
	tunnel->run.arg = tunnel;
	return GW6C_OK;
}

static int tunnel_open_features(struct tunnel *tunnel, struct gw6c_err *err)
{
	const struct features_params params = {
		.loader = tunnel->params.loader,
		.loop = tunnel->params.loop,
		.conf = tunnel->params.conf,
		.settings = tunnel->params.settings,
		.client = tunnel->params.client,
		.dry = tunnel_is_dry(tunnel),
		.left = tunnel_left,
		.arg = tunnel,
	};

	return features_open(&params, &tunnel->features, err);
}

int tunnel_new(const struct tunnel_params *params, struct tunnel **out,
	       struct gw6c_err *err)
{
	struct tunnel *tunnel = calloc(1, sizeof(*tunnel));

	if (!tunnel)
		return gw6c_fail(err, GW6C_EOS, "out of memory");
	tunnel->params = *params;
	tunnel->events = *params->events;
	if (tunnel_open_os(tunnel, err) || tunnel_open_features(tunnel, err)) {
		tunnel_free(tunnel);
		return err->rc;
	}
	*out = tunnel;
	return GW6C_OK;
}

static void nothing(void *arg)
{
	(void)arg;
}

static void nothing_damaged(void *arg, const char *what)
{
	(void)arg;
	(void)what;
}

/* Whom the events concern is about to go. What is left of the plan goes
 * meanwhile, so only these can come. */
static void tunnel_silence(struct tunnel *tunnel)
{
	tunnel->events.stopped = nothing;
	tunnel->events.network_changed = nothing;
	tunnel->events.damaged = nothing_damaged;
}

void tunnel_free(struct tunnel *tunnel)
{
	if (!tunnel)
		return;
	tunnel_silence(tunnel);
	if (tunnel->state != TUNNEL_OFF) {
		tunnel_stop(tunnel, GW6C_FOR_STOP, "gw6c ends", false);
		plan_run_wait(&tunnel->run, FREE_LIMIT_MS);
	}
	features_close(tunnel->features);
	if (tunnel->os.self)
		tunnel->os.plugin->os->close(tunnel->os.self);
	host_end(tunnel->os_host);
	free(tunnel);
}

int tunnel_check(struct tunnel *tunnel, struct gw6c_err *err)
{
	const struct gw6c_os_ops *ops = tunnel->os.plugin->os;

	/* Another system may well lack what the one meant has. */
	if (tunnel->params.show_only || !GW6C_HAS(ops, check) || !ops->check)
		return GW6C_OK;
	return ops->check(tunnel->os.self, err);
}

void tunnel_networks(struct tunnel *tunnel,
		     void (*tell)(void *arg, const char *dev,
				  const struct gw6c_addr *network),
		     void *arg)
{
	const struct gw6c_os_ops *ops = tunnel->os.plugin->os;

	if (!tunnel->params.show_only && GW6C_HAS(ops, networks) &&
	    ops->networks)
		ops->networks(tunnel->os.self, tell, arg);
}

int tunnel_sweep(struct tunnel *tunnel, struct gw6c_err *err)
{
	uint32_t steps = 0;

	if (!tunnel->journal.path)
		return GW6C_OK;
	if (plan_sweep(&tunnel->os, &tunnel->journal, &steps, err))
		return err->rc;
	if (steps)
		log_msg(GW6C_NOTICE, "tunnel",
			"an earlier run did not shut down cleanly; reverted "
			"its changes steps=%u",
			steps);
	return GW6C_OK;
}

void tunnel_pause(struct tunnel *tunnel)
{
	path_close(tunnel);
}

void tunnel_let_go(struct tunnel *tunnel)
{
	const struct gw6c_news news = tunnel_news(tunnel);

	path_close(tunnel);
	features_down(tunnel->features, &news);
	tunnel->applied = tunnel->damaged = tunnel->changed = false;
	tunnel->state = TUNNEL_OFF;
	journal_write(&tunnel->journal, &tunnel->now.plan, 0, NULL);
}

/* Those that were opened anew hear READY once packets pass. */
void tunnel_reload(struct tunnel *tunnel, struct conf *conf)
{
	struct gw6c_err err = { 0 };
	struct gw6c_news news;

	tunnel->reason = GW6C_FOR_RELOAD;
	tunnel->why[0] = 0;
	news = tunnel_news(tunnel);
	features_reload(tunnel->features, conf, &news);
	if (tunnel->state != TUNNEL_ON)
		return;
	tunnel->next = tunnel->now;
	if (tunnel_prepare(tunnel, &tunnel->next, &err)) {
		log_msg(GW6C_WARN, "tunnel", "%s; the tunnel stays as it is",
			err.text);
		return;
	}
	if (!plan_same(&tunnel->now.wish, &tunnel->next.wish)) {
		tunnel->reloading = true;
		tunnel_replace(tunnel, GW6C_FOR_RELOAD);
	} else if (tunnel->path.proven) {
		path_prove(tunnel);
	}
}

const struct gw6c_lease *tunnel_lease(const struct tunnel *tunnel)
{
	return tunnel->applied ? &tunnel->now.lease : NULL;
}

const struct gw6c_plan *tunnel_plan(const struct tunnel *tunnel)
{
	return tunnel->applied ? &tunnel->now.plan : NULL;
}

void tunnel_put_status(struct tunnel *tunnel, bool owner, struct gw6c_buf *out)
{
	host_put_status(tunnel->os_host, out);
	if (tunnel->path.host)
		host_put_status(tunnel->path.host, out);
	if (owner)
		features_put_status(tunnel->features, out);
}
