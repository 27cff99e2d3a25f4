/* client_events.c - what the client does when something happens to a tunnel
 * that is up, or to the network. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "client_parts.h"
#include "core/base/log.h"
#include "core/base/sockaddr.h"
#include "core/tsp/rudp.h"

#define UNKNOWN_GAP_MS 2000 /* between two reactions to status 310 */
#define REPAIR_GAP_MS 10000 /* between two repairs: we do not fight */
/* times an attempt is restarted because the network changed */
#define RESTARTS 3
#define STALE_MS 300 /* an attempt that is younger saw the change */

/* Nothing came through any more. Behind a NAT, that may be its doing. */
static void client_fell_silent(struct client *client, const char *why)
{
	const struct gw6c_lease *lease = tunnel_lease(client->tunnel);
	uint64_t up_s =
		(loop_now_ms(client->params.loop) - client->up_ms) / 1000;

	if (transport_is_udp(session_transport(client->session)) &&
	    client_behind_nat(lease))
		nat_timeout_lost(&client->nat_timeout, up_s,
				 lease->keepalive_s);
	client_note_blocked(client);
	client_lose(client, GW6C_FOR_LOSS, why);
}

void client_lost(struct client *client, bool silent, const struct gw6c_err *why)
{
	if (!silent) {
		client_lose(client, GW6C_FOR_LOSS, why->text);
		return;
	}
	if (client->params.settings->auto_retry_connect ||
	    why->rc == GW6C_EPEER) {
		client_fell_silent(client, why->text);
		return;
	}
	log_msg(GW6C_ERROR, "client",
		"tunnel lost: %s; stopping because of auto_retry_connect=no",
		why->text);
	client->phase.reason = GW6C_FOR_LOSS;
	client->phase.end = END_KEEPALIVE;
	client_defer(client, NEXT_END);
}

/* Some brokers send one for each packet, and anybody can in their name: what
 * counts is what comes through the tunnel. */
void client_unknown(struct client *client)
{
	uint64_t now_ms = loop_now_ms(client->params.loop);

	if (client->reactions.unknown_ms &&
	    now_ms - client->reactions.unknown_ms < UNKNOWN_GAP_MS)
		return;
	log_msg(client->reactions.unknown_ms < client->up_ms ? GW6C_INFO
							     : GW6C_DEBUG,
		"client",
		"the broker says that it does not know this session; asking "
		"through the tunnel");
	client->reactions.unknown_ms = now_ms;
	tunnel_doubt(client->tunnel);
}

/* Our own steps again, over the session there is. When they are removed again
 * and again, a new session is waited for, longer each time. */
void client_damaged(struct client *client, const char *what)
{
	uint64_t now_ms = loop_now_ms(client->params.loop);

	if (client->reactions.repaired_ms &&
	    now_ms - client->reactions.repaired_ms < REPAIR_GAP_MS) {
		client_lose(client, GW6C_FOR_REPAIR, what);
		return;
	}
	client->reactions.repaired_ms = now_ms;
	log_msg(GW6C_NOTICE, "tunnel",
		"%s by another program; restoring the tunnel", what);
	client->phase.reason = GW6C_FOR_REPAIR;
	client_defer(client, NEXT_REPAIR);
}

/* An attempt that began when there was no network waits for answers that
 * cannot come. Where the network changes all the time, it goes on. */
bool client_is_stale(const struct client *client)
{
	uint64_t now_ms = loop_now_ms(client->params.loop);

	return client->phase.state != CLIENT_MEASURING &&
	       now_ms - client->phase.since_ms >= STALE_MS &&
	       client->reactions.restarts < RESTARTS;
}

bool client_is_refused_here(const struct client *client)
{
	struct gw6c_addr now;

	if (client->phase.next != NEXT_REFUSED)
		return false;
	return !sockaddr_source(&client->addr[0], &now) ||
	       memcmp(&now, &client->refused, sizeof(now)) == 0;
}

void client_afresh(struct client *client)
{
	log_msg(GW6C_INFO, "client", "the network has changed; retrying now");
	attempts_afresh(&client->attempts);
}

/* Worth acting on when our end of the tunnel is no longer where the broker has
 * it. Else the way there may be another, or we have slept: the broker is asked
 * at once. */
void client_moved(struct client *client)
{
	const struct gw6c_lease *lease = tunnel_lease(client->tunnel);
	char was[GW6C_ADDR_TEXT], is[GW6C_ADDR_TEXT], why[160];
	struct gw6c_addr now;

	if (!lease || lease->proxy || !sockaddr_source(&lease->remote, &now))
		return;
	if (memcmp(&now, &lease->local, sizeof(now)) == 0) {
		tunnel_probe(client->tunnel);
		return;
	}
	snprintf(why, sizeof(why), "our address changed from %s to %s",
		 gw6c_addr_text(&lease->local, was), gw6c_addr_text(&now, is));
	attempts_moved(&client->attempts);
	client_lose(client, GW6C_FOR_MOVE, why);
}

/* --- what the tunnel says ------------------------------------------------ */

static void on_started(void *arg, const struct gw6c_err *err)
{
	client_event(arg, EVENT_STARTED, &(struct client_news){ .err = err });
}

static void on_stopped(void *arg)
{
	client_event(arg, EVENT_STOPPED, &(struct client_news){ 0 });
}

static void on_alive(void *arg, double rtt_ms)
{
	(void)arg;
	log_msg(GW6C_NOTICE, "tunnel", "keepalive reply received rtt_ms=%.1f",
		rtt_ms);
}

static void on_lost(void *arg, bool dead_peer, const struct gw6c_err *why)
{
	client_event(arg, dead_peer ? EVENT_SILENT : EVENT_LOST,
		     &(struct client_news){ .err = why });
}

/* Some brokers answer data of a session they do not know (after a restart)
 * with status 310 under the first word 0xFFFFFFFF. */
static void on_control(void *arg, struct gw6c_bytes datagram)
{
	struct rudp_header header;
	struct gw6c_bytes payload;

	if (rudp_get(datagram, &header, &payload) && header.word == RUDP_LOST &&
	    tsp_status(payload, NULL) == 310)
		client_event(arg, EVENT_UNKNOWN, &(struct client_news){ 0 });
}

static void on_network(void *arg)
{
	client_event(arg, EVENT_NETWORK, &(struct client_news){ 0 });
}

static void on_damaged(void *arg, const char *what)
{
	client_event(arg, EVENT_DAMAGED, &(struct client_news){ .why = what });
}

void client_tunnel_events(struct client *client, struct tunnel_events *out)
{
	*out = (struct tunnel_events){
		.started = on_started,
		.stopped = on_stopped,
		.alive = on_alive,
		.lost = on_lost,
		.control = on_control,
		.network_changed = on_network,
		.damaged = on_damaged,
		.arg = client,
	};
}
