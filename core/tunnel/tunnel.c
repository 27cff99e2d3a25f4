/* tunnel.c - one granted tunnel: plan, data path, keepalive, features. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "tunnel.h"
#include "core/base/log.h"
#include "core/base/sockaddr.h"
#include "core/modules/host.h"
#include "features.h"
#include "journal.h"
#include "keepalive.h"
#include "plan_show.h"
#include <limits.h>
#include <stdlib.h>

#define MTU_MIN 1280 /* octets, RFC 8200 section 5 */

struct tunnel {
	struct tunnel_params params;
	struct tunnel_events events;
	struct backend os;
	struct gw6c_host *os_host;
	struct journal journal;
	char journal_path[PATH_MAX];
	struct features *features;
	bool applied; /* plan and lease are in force */
	bool damaged; /* though not all of it any more */
	bool running; /* and packets and keepalives move */
	struct gw6c_plan plan;
	struct gw6c_lease lease;
	const struct gw6c_plugin *mode; /* whose data path is open, or NULL */
	struct gw6c_host *mode_host;
	void *mode_self;
	struct keepalive *keepalive;
};

static void tunnel_network_changed(void *arg)
{
	struct tunnel *tunnel = arg;

	tunnel->events.network_changed(tunnel->events.arg);
}

static void tunnel_damaged(void *arg, const char *what)
{
	struct tunnel *tunnel = arg;

	tunnel->damaged = tunnel->applied;
	if (tunnel->running)
		tunnel->events.damaged(tunnel->events.arg, what);
}

static void tunnel_control(void *arg, struct gw6c_bytes datagram)
{
	struct tunnel *tunnel = arg;

	tunnel->events.control(tunnel->events.arg, datagram);
}

static void tunnel_broken(void *arg, const struct gw6c_err *err)
{
	struct tunnel *tunnel = arg;

	tunnel->events.lost(tunnel->events.arg, false, err);
}

/* On paper nothing happens. */
static bool tunnel_is_dry(const struct tunnel *tunnel)
{
	return tunnel->params.show_only ||
	       tunnel->params.os->os->flags & GW6C_OS_DRY;
}

static int tunnel_open_os(struct tunnel *tunnel, struct gw6c_err *err)
{
	const struct gw6c_os_ops *ops = tunnel->params.os->os;
	struct host_events events = {
		.network_changed = tunnel_network_changed,
		.damaged = tunnel_damaged,
		.arg = tunnel,
	};

	tunnel->os.plugin = tunnel->params.os;
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
	return GW6C_OK;
}

int tunnel_new(const struct tunnel_params *params, struct tunnel **out,
	       struct gw6c_err *err)
{
	struct tunnel *tunnel = calloc(1, sizeof(*tunnel));

	if (!tunnel)
		return gw6c_fail(err, GW6C_EOS, "out of memory");
	tunnel->params = *params;
	tunnel->events = *params->events;
	if (tunnel_open_os(tunnel, err) ||
	    features_open(params->loader, params->loop, params->conf,
			  params->settings, tunnel_is_dry(tunnel),
			  &tunnel->features, err)) {
		tunnel_free(tunnel);
		return err->rc;
	}
	*out = tunnel;
	return GW6C_OK;
}

void tunnel_free(struct tunnel *tunnel)
{
	if (!tunnel)
		return;
	tunnel_stop(tunnel);
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

static void tunnel_tell(struct tunnel *tunnel, enum gw6c_fact fact)
{
	const struct gw6c_news news = {
		.size = sizeof(news),
		.fact = fact,
		.why = "",
		.lease = &tunnel->lease,
		.plan = &tunnel->plan,
	};

	if (!tunnel_is_dry(tunnel))
		features_tell(tunnel->features, &news);
}

static int tunnel_make_plan(const struct gw6c_plugin *mode,
			    const struct gw6c_lease *lease,
			    struct gw6c_plan *plan, struct gw6c_err *err)
{
	*plan = (struct gw6c_plan){ .size = sizeof(*plan), .fd = -1 };
	snprintf(plan->dev, sizeof(plan->dev), "%s", lease->dev);
	if (!mode->tunnel->plan)
		return gw6c_fail(err, GW6C_EBUG,
				 "tunnel mode %s produces no "
				 "plan",
				 mode->name);
	if (mode->tunnel->plan(lease, plan, err))
		return err->rc;
	if (plan->n > GW6C_STEPS)
		return gw6c_fail(err, GW6C_EBUG,
				 "the plan of tunnel mode %s has %u steps, "
				 "%u at most",
				 mode->name, plan->n, GW6C_STEPS);
	return GW6C_OK;
}

static int tunnel_do(struct tunnel *tunnel, const struct gw6c_lease *lease,
		     struct gw6c_err *err)
{
	const struct gw6c_os_ops *ops = tunnel->os.plugin->os;

	if (GW6C_HAS(ops, lease) && ops->lease &&
	    ops->lease(tunnel->os.self, lease, err))
		return err->rc;
	if (tunnel->params.show_only)
		return plan_show(&tunnel->os, &tunnel->plan, err);
	return plan_apply(&tunnel->os, &tunnel->journal, &tunnel->plan, err);
}

/* Bring the system from the plan in force, if any, to this one. */
static int tunnel_apply(struct tunnel *tunnel, const struct gw6c_lease *lease,
			const struct gw6c_plan *plan, struct gw6c_err *err)
{
	if (tunnel->applied && !tunnel->damaged &&
	    plan_same(&tunnel->plan, plan)) {
		tunnel->lease = *lease;
		tunnel_tell(tunnel, GW6C_CHANGED);
		return GW6C_OK;
	}
	tunnel_stop(tunnel);
	tunnel->plan = *plan;
	if (tunnel_do(tunnel, lease, err))
		return err->rc;
	tunnel->applied = true;
	tunnel->lease = *lease;
	tunnel_tell(tunnel, GW6C_READY);
	return GW6C_OK;
}

static int tunnel_open_path(struct tunnel *tunnel,
			    const struct gw6c_plugin *mode, int sock,
			    struct gw6c_err *err)
{
	struct host_events events = {
		.control = tunnel_control,
		.broken = tunnel_broken,
		.arg = tunnel,
	};

	if (!GW6C_HAS(mode->tunnel, open) || !mode->tunnel->open)
		return GW6C_OK;
	if (tunnel->plan.fd < 0 && mode->tunnel->protocol)
		return GW6C_OK; /* the kernel moves the packets */
	tunnel->mode_host = host_new(mode, tunnel->params.loop,
				     tunnel->params.conf, &events);
	if (!tunnel->mode_host)
		return gw6c_fail(err, GW6C_EOS, "out of memory");
	if (mode->tunnel->open(tunnel->mode_host, &tunnel->lease, &tunnel->plan,
			       sock, &tunnel->mode_self, err)) {
		host_end(tunnel->mode_host);
		tunnel->mode_host = NULL;
		return err->rc;
	}
	tunnel->mode = mode;
	return GW6C_OK;
}

static void tunnel_missed(void *arg, int misses)
{
	struct tunnel *tunnel = arg;
	struct gw6c_err why = { 0 };
	char room[GW6C_ADDR_TEXT];

	log_msg(GW6C_INFO, "keepalive", "no reply from %s misses=%d of %d",
		gw6c_addr_text(&tunnel->lease.keepalive, room), misses,
		KEEPALIVE_MISSES);
	if (misses != KEEPALIVE_MISSES)
		return;
	gw6c_fail(&why, GW6C_ENET, "the broker no longer answers keepalives");
	tunnel->events.lost(tunnel->events.arg, true, &why);
}

static void tunnel_alive(void *arg, double rtt_ms)
{
	struct tunnel *tunnel = arg;

	tunnel->events.alive(tunnel->events.arg, rtt_ms);
}

static int tunnel_bind(void *arg, int fd, struct gw6c_err *err)
{
	struct tunnel *tunnel = arg;
	const struct gw6c_os_ops *ops = tunnel->os.plugin->os;

	if (!GW6C_HAS(ops, bind) || !ops->bind)
		return GW6C_OK;
	return ops->bind(tunnel->os.self, fd, tunnel->plan.dev, err);
}

/* A machine that cannot ping can still use the tunnel: say so, go on. */
static void tunnel_start_keepalive(struct tunnel *tunnel)
{
	struct gw6c_err err = { 0 };
	struct keepalive_events events = {
		.alive = tunnel_alive,
		.missed = tunnel_missed,
		.bind = tunnel_bind,
		.arg = tunnel,
	};

	if (!tunnel->lease.keepalive_s || tunnel->lease.proxy)
		return;
	if (keepalive_start(tunnel->params.loop, &tunnel->lease, &events,
			    &tunnel->keepalive, &err))
		log_msg(GW6C_WARN, "tunnel",
			"%s; continuing without keepalives: a dead tunnel "
			"will not be detected",
			err.text);
}

/* A larger packet than the outer interface carries would be sent in pieces,
 * each time; IPv6 needs 1280 all the same. */
static void tunnel_fit_mtu(struct gw6c_lease *lease, uint32_t overhead)
{
	uint32_t outer = lease->proxy ? 0 : sockaddr_mtu(&lease->local);
	uint32_t most = outer > overhead ? outer - overhead : 0;

	if (!most || lease->mtu <= most || lease->mtu <= MTU_MIN)
		return;
	if (most < MTU_MIN)
		most = MTU_MIN;
	log_msg(GW6C_WARN, "tunnel",
		"mtu=%u does not fit into the MTU of %u of the underlying "
		"interface; using %u",
		lease->mtu, outer, most);
	lease->mtu = most;
}

/* The same again, and the session's socket carries nothing: there is nothing
 * to do, and no packet is lost. */
static bool tunnel_goes_on(const struct tunnel *tunnel,
			   const struct gw6c_plugin *mode,
			   const struct gw6c_plan *plan,
			   const struct gw6c_lease *lease)
{
	const struct gw6c_lease *now = &tunnel->lease;

	return tunnel->applied && plan_same(&tunnel->plan, plan) &&
	       mode->tunnel->protocol &&
	       lease->keepalive_s == now->keepalive_s &&
	       memcmp(&lease->keepalive, &now->keepalive,
		      sizeof(now->keepalive)) == 0;
}

int tunnel_start(struct tunnel *tunnel, const struct gw6c_lease *granted,
		 int sock, struct gw6c_err *err)
{
	struct gw6c_lease fitted = *granted, *lease = &fitted;
	const struct gw6c_plugin *mode;
	struct gw6c_plan plan;

	if (loader_get(tunnel->params.loader, GW6C_TUNNEL, lease->mode,
		       conf_get(tunnel->params.conf, "tunnel_mode", 0), &mode,
		       err))
		return err->rc;
	tunnel_fit_mtu(lease, mode->tunnel->overhead);
	if (tunnel_make_plan(mode, lease, &plan, err))
		return err->rc;
	if (lease->proxy && !mode->tunnel->protocol)
		return gw6c_fail(err, GW6C_EPEER,
				 "the broker granted %s, which does not work "
				 "with proxy_client=yes; set another "
				 "tunnel_mode",
				 mode->name);
	if (tunnel->running && tunnel_goes_on(tunnel, mode, &plan, lease)) {
		tunnel->lease = *lease;
		tunnel_tell(tunnel, GW6C_CHANGED);
		return GW6C_OK;
	}
	tunnel_pause(tunnel);
	if (tunnel_apply(tunnel, lease, &plan, err))
		return err->rc;
	if (tunnel_is_dry(tunnel))
		return GW6C_OK;
	if (tunnel_open_path(tunnel, mode, sock, err)) {
		tunnel_stop(tunnel);
		return err->rc;
	}
	tunnel_start_keepalive(tunnel);
	tunnel->running = true;
	return GW6C_OK;
}

void tunnel_pause(struct tunnel *tunnel)
{
	keepalive_stop(tunnel->keepalive);
	tunnel->keepalive = NULL;
	tunnel->running = false;
	if (!tunnel->mode)
		return;
	tunnel->mode->tunnel->close(tunnel->mode_self);
	host_end(tunnel->mode_host);
	tunnel->mode = NULL;
	tunnel->mode_host = NULL;
	tunnel->mode_self = NULL;
}

void tunnel_probe(struct tunnel *tunnel)
{
	keepalive_now(tunnel->keepalive);
}

void tunnel_stop(struct tunnel *tunnel)
{
	tunnel_pause(tunnel);
	if (!tunnel->applied)
		return;
	tunnel_tell(tunnel, GW6C_DOWN);
	if (!tunnel->params.show_only)
		plan_undo(&tunnel->os, &tunnel->journal, &tunnel->plan);
	tunnel->applied = false;
	tunnel->damaged = false;
}

void tunnel_let_go(struct tunnel *tunnel)
{
	tunnel_pause(tunnel);
	tunnel->applied = false;
	tunnel->damaged = false;
	journal_write(&tunnel->journal, &tunnel->plan, 0, NULL);
}

const struct gw6c_lease *tunnel_lease(const struct tunnel *tunnel)
{
	return tunnel->applied ? &tunnel->lease : NULL;
}

const struct gw6c_plan *tunnel_plan(const struct tunnel *tunnel)
{
	return tunnel->applied ? &tunnel->plan : NULL;
}

bool tunnel_count(struct tunnel *tunnel, struct gw6c_counters *out)
{
	*out = (struct gw6c_counters){ .size = sizeof(*out) };
	if (!tunnel->mode || !GW6C_HAS(tunnel->mode->tunnel, count) ||
	    !tunnel->mode->tunnel->count)
		return false;
	tunnel->mode->tunnel->count(tunnel->mode_self, out);
	return true;
}

int64_t tunnel_age_ms(const struct tunnel *tunnel, double *rtt_ms)
{
	return keepalive_age_ms(tunnel->keepalive, rtt_ms);
}
