/* tunnel_path.c - what moves the packets of a tunnel, and what proves that they
 * pass. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/base/log.h"
#include "tunnel_parts.h"

#define DOUBT_S 30 /* interval of a keepalive for a doubt alone */

static void path_control(void *arg, struct gw6c_bytes datagram)
{
	struct tunnel *tunnel = arg;

	tunnel->events.control(tunnel->events.arg, datagram);
}

static void path_broken(void *arg, const struct gw6c_err *err)
{
	struct tunnel *tunnel = arg;

	tunnel->events.lost(tunnel->events.arg, false, err);
}

/* A tunnel of another router is not of this machine: no feature hears of it. */
void path_prove(struct tunnel *tunnel)
{
	struct gw6c_news news = tunnel_news(tunnel);

	tunnel->path.proven = true;
	if (tunnel->changed)
		news.before = &tunnel->before;
	tunnel->changed = false;
	if (!tunnel->now.lease.proxy)
		features_pass(tunnel->features, &news);
}

static void path_missed(void *arg, int misses)
{
	struct tunnel *tunnel = arg;
	struct gw6c_err why = { 0 };
	char room[GW6C_ADDR_TEXT];

	log_msg(GW6C_INFO, "keepalive", "no reply from %s misses=%d of %d",
		gw6c_addr_text(&tunnel->now.lease.keepalive, room), misses,
		KEEPALIVE_MISSES);
	if (misses != KEEPALIVE_MISSES)
		return;
	gw6c_fail(&why, GW6C_ENET, "the broker no longer answers keepalives");
	tunnel->events.lost(tunnel->events.arg, true, &why);
}

static void path_denied(void *arg)
{
	struct tunnel *tunnel = arg;
	struct gw6c_err why = { 0 };

	gw6c_fail(&why, GW6C_EPEER,
		  "the broker does not know this session: it was restarted, or "
		  "another machine has logged in with this account");
	tunnel->events.lost(tunnel->events.arg, true, &why);
}

/* A keepalive that was only for a doubt has done its work. */
static void path_end_doubt(struct tunnel *tunnel)
{
	if (!tunnel->path.doubting)
		return;
	tunnel->path.doubting = false;
	keepalive_stop(tunnel->path.keepalive);
	tunnel->path.keepalive = NULL;
}

static void path_alive(void *arg, double rtt_ms)
{
	struct tunnel *tunnel = arg;

	path_end_doubt(tunnel);
	if (!tunnel->path.proven)
		path_prove(tunnel);
	tunnel->events.alive(tunnel->events.arg, rtt_ms);
}

/* What came in, of a path in user space or of the kernel's. */
static bool path_received(struct tunnel *tunnel, uint64_t *packets)
{
	const struct gw6c_os_ops *ops = tunnel->os.plugin->os;
	struct gw6c_counters count;

	if (tunnel_count(tunnel, &count)) {
		*packets = count.in_packets;
		return true;
	}
	return GW6C_HAS(ops, received) && ops->received &&
	       ops->received(tunnel->os.self, tunnel->now.plan.dev, packets);
}

static bool path_heard(void *arg)
{
	struct tunnel *tunnel = arg;
	uint64_t before = tunnel->path.heard;

	return path_received(tunnel, &tunnel->path.heard) &&
	       tunnel->path.heard != before;
}

/* Our own pings are lost, but the tunnel is not. */
static void path_deaf(void *arg, bool mute)
{
	struct tunnel *tunnel = arg;
	const struct gw6c_lease *lease = &tunnel->now.lease;
	const char *six = lease->keepalive.family == 6 ? "v6" : "";
	const char *dev = tunnel->now.plan.dev;
	enum gw6c_level level = tunnel->path.deaf ? GW6C_TRACE : GW6C_WARN;
	char room[GW6C_ADDR_TEXT];

	if (mute)
		log_msg(level, "keepalive",
			"a firewall of this machine drops our pings: let "
			"ICMP%s echo requests out on %s, or the loss of the "
			"tunnel is not noticed, and a NAT forgets it",
			six, dev);
	else
		log_msg(level, "keepalive",
			"packets come through the tunnel, but no echo reply "
			"from %s: does a firewall of this machine drop them? "
			"Let ICMP%s echo replies in on %s, or a tunnel without "
			"traffic counts as lost",
			gw6c_addr_text(&lease->keepalive, room), six, dev);
	tunnel->path.deaf = true;
	path_end_doubt(tunnel);
	if (!tunnel->path.proven)
		path_prove(tunnel);
}

/* A broker that answers no ping may well send packets. */
static void path_round(void *arg)
{
	struct tunnel *tunnel = arg;
	struct gw6c_counters count;

	if (!tunnel->path.proven && tunnel_count(tunnel, &count) &&
	    count.in_packets)
		path_prove(tunnel);
}

static int path_bind(void *arg, int fd, struct gw6c_err *err)
{
	struct tunnel *tunnel = arg;
	const struct gw6c_os_ops *ops = tunnel->os.plugin->os;

	if (!GW6C_HAS(ops, bind) || !ops->bind)
		return GW6C_OK;
	return ops->bind(tunnel->os.self, fd, tunnel->now.plan.dev, err);
}

static int path_ping(struct tunnel *tunnel, const struct gw6c_lease *lease,
		     struct gw6c_err *err)
{
	const struct keepalive_events events = {
		.alive = path_alive,
		.missed = path_missed,
		.denied = path_denied,
		.heard = path_heard,
		.deaf = path_deaf,
		.round = path_round,
		.bind = path_bind,
		.arg = tunnel,
	};

	return keepalive_start(tunnel->params.loop, lease, &events,
			       &tunnel->path.keepalive, err);
}

/* A machine that cannot ping can still use the tunnel: say so, go on. */
static void path_start_keepalive(struct tunnel *tunnel)
{
	const struct gw6c_lease *lease = &tunnel->now.lease;
	struct gw6c_err err = { 0 };

	if (!lease->keepalive_s || lease->proxy)
		return;
	if (path_ping(tunnel, lease, &err))
		log_msg(GW6C_WARN, "tunnel",
			"%s; continuing without keepalives: a dead tunnel "
			"will not be detected",
			err.text);
}

static int path_open_mode(struct tunnel *tunnel, struct gw6c_err *err)
{
	const struct grant *now = &tunnel->now;
	const struct gw6c_tunnel_ops *ops = now->mode->tunnel;
	struct path *path = &tunnel->path;
	struct host_events events = {
		.control = path_control,
		.broken = path_broken,
		.client = tunnel->params.client,
		.arg = tunnel,
	};

	if (!GW6C_HAS(ops, open) || !ops->open)
		return GW6C_OK;
	if (now->plan.fd < 0 && ops->protocol)
		return GW6C_OK; /* the kernel moves the packets */
	path->host = host_new(now->mode, tunnel->params.loop,
			      tunnel->params.conf, &events);
	if (!path->host)
		return gw6c_fail(err, GW6C_EOS, "out of memory");
	if (ops->open(path->host, &now->lease, &now->plan, now->sock,
		      &path->self, err)) {
		host_end(path->host);
		path->host = NULL;
		return err->rc;
	}
	path->mode = now->mode;
	return GW6C_OK;
}

int path_open(struct tunnel *tunnel, struct gw6c_err *err)
{
	if (path_open_mode(tunnel, err))
		return err->rc;
	path_start_keepalive(tunnel);
	tunnel->path.running = true;
	if (!tunnel->path.keepalive)
		path_prove(tunnel);
	return GW6C_OK;
}

void path_close(struct tunnel *tunnel)
{
	struct path *path = &tunnel->path;

	keepalive_stop(path->keepalive);
	if (path->mode) {
		path->mode->tunnel->close(path->self);
		host_end(path->host);
	}
	*path = (struct path){ 0 };
}

void tunnel_probe(struct tunnel *tunnel)
{
	keepalive_now(tunnel->path.keepalive);
}

void tunnel_doubt(struct tunnel *tunnel)
{
	struct gw6c_lease lease = tunnel->now.lease;
	struct gw6c_err err = { 0 };

	if (!tunnel->path.keepalive) {
		lease.keepalive = lease.peer;
		lease.keepalive_s = DOUBT_S;
		tunnel->path.doubting = true;
		if (path_ping(tunnel, &lease, &err)) {
			path_denied(tunnel); /* nothing can be heard */
			return;
		}
	}
	keepalive_doubt(tunnel->path.keepalive);
}

bool tunnel_is_proven(const struct tunnel *tunnel)
{
	return tunnel->path.proven;
}

bool tunnel_count(struct tunnel *tunnel, struct gw6c_counters *out)
{
	const struct path *path = &tunnel->path;

	*out = (struct gw6c_counters){ .size = sizeof(*out) };
	if (!path->mode || !GW6C_HAS(path->mode->tunnel, count) ||
	    !path->mode->tunnel->count)
		return false;
	path->mode->tunnel->count(path->self, out);
	return true;
}

int64_t tunnel_age_ms(const struct tunnel *tunnel, double *rtt_ms)
{
	return keepalive_age_ms(tunnel->path.keepalive, rtt_ms);
}
