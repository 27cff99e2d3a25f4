/* client_tunnel.c - how the tunnel starts, and how it ends. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "client_parts.h"
#include "core/base/log.h"
#include "core/base/random.h"

/* --- start --------------------------------------------------------------- */

/* The lease as granted, with keepalives no rarer than the NAT's timeout. */
static struct gw6c_lease client_adapt(struct client *client,
				      const struct gw6c_lease *granted)
{
	bool udp = transport_is_udp(session_transport(client->session));
	struct gw6c_lease lease = *granted;
	bool found = nat_timeout_back(&client->nat_timeout, lease.keepalive_s);

	if (!udp || !client_behind_nat(&lease))
		return lease;
	lease.keepalive_s =
		nat_timeout_interval(&client->nat_timeout, lease.keepalive_s);
	if (found)
		log_msg(GW6C_NOTICE, "keepalive",
			"the NAT drops idle tunnels between keepalives: "
			"sending them every %u s",
			lease.keepalive_s);
	return lease;
}

void client_adopt(struct client *client)
{
	struct transport *wire = session_transport(client->session);
	int sock = transport_is_udp(wire) ? transport_socket(wire) : -1;
	struct gw6c_lease lease =
		client_adapt(client, &session_outcome(client->session)->lease);

	client_enter(client, CLIENT_STARTING);
	tunnel_start(client->tunnel, &lease, sock, client->phase.reason);
}

/* Setup worked before, or only an interface is missing: the obstacle may pass,
 * so retry. */
void client_obstructed(struct client *client, const char *what,
		       const struct gw6c_err *why)
{
	struct session_result failed = { .end = SESSION_FAILED,
					 .reason = REASON_SETUP };

	gw6c_fail(&failed.err, GW6C_ENET, "%s: %.300s", what, why->text);
	client_failed(client, &failed);
}

static void client_not_started(struct client *client,
			       const struct gw6c_err *err)
{
	static const char what[] =
		"the tunnel was granted but cannot be set up";

	if (client->phase.reason == GW6C_FOR_REPAIR && client->up_ms) {
		client_lose(client, GW6C_FOR_REPAIR, err->text);
		return;
	}
	if (client->tunnels || err->rc == GW6C_ENET ||
	    client_is_patient(client)) {
		client_obstructed(client, what, err);
		return;
	}
	log_msg(GW6C_ERROR, "tunnel", "%s: %s", what, err->text);
	client_end(client, err->rc == GW6C_ECONFIG ? END_CONFIG : END_SETUP);
}

/* The first one, or the first after a loss. */
static void client_came_up(struct client *client)
{
	client->failure.text[0] = 0;
	client->attempts.refusals = 0;
	client->reactions.restarts = 0;
	client->tunnels++;
	client->up_ms = client->phase.since_ms;
	if (client->once) {
		tunnel_let_go(client->tunnel);
		client_end(client, END_OK);
		return;
	}
	client_tell_up(client);
	client->params.up(client->params.arg);
}

void client_started(struct client *client, const struct gw6c_err *err)
{
	enum gw6c_reason reason = client->phase.reason;
	uint32_t lifetime_s;

	if (err->rc) {
		client_not_started(client, err);
		return;
	}
	client->phase.reason = GW6C_FOR_NOTHING;
	client_enter(client, CLIENT_UP);
	client_use_fresh(client);
	if (client->up_ms && reason == GW6C_FOR_REPAIR)
		return; /* the lease runs on */
	client_note_prefix(client, tunnel_lease(client->tunnel));
	lifetime_s = tunnel_lease(client->tunnel)->lifetime_s;
	client_renew_start(client, lifetime_s);
	if (client->up_ms)
		log_msg(GW6C_NOTICE, "client", "lease renewed lifetime_s=%u",
			lifetime_s);
	else
		client_came_up(client);
}

/* --- end ----------------------------------------------------------------- */

/* The session stays until the tunnel does without it. */
void client_take_back(struct client *client, enum client_next next, bool alive)
{
	loop_forget(client->timer);
	client->timer = NULL;
	client->phase.next = next;
	client_enter(client, CLIENT_STOPPING);
	tunnel_stop(client->tunnel, client->phase.reason, client->failure.text,
		    alive);
}

void client_end(struct client *client, enum end status)
{
	client->phase.end = status;
	client_take_back(client, NEXT_END, false);
}

void client_defer(struct client *client, enum client_next next)
{
	client->phase.next = next;
	client_enter(client, CLIENT_LOSING);
	client_timer(client, 0);
}

void client_lose(struct client *client, enum gw6c_reason reason,
		 const char *why)
{
	uint64_t now_ms = loop_now_ms(client->params.loop);
	uint64_t up_s = (now_ms - client->up_ms) / 1000;
	uint32_t wait_ms =
		attempts_lost(&client->attempts, up_s, random_unit());

	gw6c_fail(&client->failure, GW6C_ENET, "tunnel lost: %s", why);
	snprintf(client->cause, sizeof(client->cause), "the tunnel was lost");
	client->loss.at_ms = now_ms;
	snprintf(client->loss.why, sizeof(client->loss.why), "%s", why);
	log_msg(GW6C_NOTICE, "client",
		"tunnel lost: %s; reconnecting%s up_s=%llu", why,
		wait_ms ? " after a delay" : "", (unsigned long long)up_s);
	client->phase.reason = reason;
	client->phase.retry_at_ms = now_ms + wait_ms;
	client_defer(client, wait_ms ? NEXT_WAIT : NEXT_BEGIN);
}

void client_relinquish(struct client *client)
{
	if (client->phase.next == NEXT_BEGIN)
		client_begin(client);
	else
		client_take_back(client, client->phase.next, false);
}

static void on_probed(void *arg)
{
	client_event(arg, EVENT_PROBED, &(struct client_news){ 0 });
}

/* Only the configured broker is watched out for: it is the one to be tried
 * next. */
static void client_rest(struct client *client)
{
	uint64_t now_ms = loop_now_ms(client->params.loop);
	uint64_t at_ms = client->phase.retry_at_ms;

	client_leave(client);
	client_enter(client, CLIENT_WAITING);
	client_timer(client, at_ms > now_ms ? at_ms - now_ms : 0);
	if (client->phase.next == NEXT_WATCH && client->home.family)
		client->broker_probe =
			broker_probe_start(client->params.loop, &client->home,
					   client->attempts.home.port,
					   on_probed, client);
}

void client_stopped(struct client *client)
{
	switch (client->phase.next) {
	case NEXT_BEGIN:
		client_begin(client);
		client_use_fresh(client);
		break;
	case NEXT_WAIT:
	case NEXT_WATCH:
	case NEXT_REFUSED:
		client_rest(client);
		client_use_fresh(client);
		break;
	case NEXT_REPAIR:
		client_adopt(client);
		break;
	case NEXT_END:
		client_leave(client);
		client_enter(client, CLIENT_IDLE);
		client->params.ended(client->params.arg, client->phase.end);
		break;
	}
}
