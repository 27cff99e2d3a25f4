/* client_events.c - what the client does when something happens to a tunnel
 * that is up. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "client_parts.h"
#include "core/base/log.h"
#include "core/base/random.h"
#include "core/base/sockaddr.h"
#include "core/tsp/rudp.h"

#define LOST_GAP_MS 10000 /* between two reactions to "no session" */
#define REPAIR_GAP_MS 10000 /* between two repairs: we do not fight */
/* times an attempt is restarted because the network changed */
#define RESTARTS 3
#define STALE_MS 300 /* an attempt that is younger saw the change */

static void client_relinquish(void *arg)
{
	struct client *client = arg;

	client->timer = NULL;
	if (client->lost_wait_ms)
		client_wait(client, client->lost_wait_ms, false);
	else
		client_begin(client);
}

void client_reconnect(struct client *client, const char *why)
{
	uint64_t up_s =
		(loop_now_ms(client->params.loop) - client->since_ms) / 1000;

	client->lost_wait_ms =
		attempts_lost(&client->attempts, up_s, random_unit());
	gw6c_fail(&client->failure, GW6C_ENET, "tunnel lost: %s", why);
	log_msg(GW6C_NOTICE, "client",
		"tunnel lost: %s; reconnecting%s up_s=%llu", why,
		client->lost_wait_ms ? " after a delay" : "",
		(unsigned long long)up_s);
	client_enter(client, CLIENT_WAITING);
	client->retry_at_ms = client->since_ms + client->lost_wait_ms;
	client->timer =
		loop_timer(client->params.loop, 0, client_relinquish, client);
}

/* Nothing came through any more. Behind a NAT, that may be its doing. */
static void client_fell_silent(struct client *client, const char *why)
{
	const struct gw6c_lease *lease = tunnel_lease(client->tunnel);
	uint64_t up_s =
		(loop_now_ms(client->params.loop) - client->since_ms) / 1000;

	if (client->udp && client_behind_nat(lease))
		nat_timeout_lost(&client->nat_timeout, up_s,
				 lease->keepalive_s);
	client_reconnect(client, why);
}

static void client_started(void *arg, const struct gw6c_err *err)
{
	struct client *client = arg;

	client->started = *err;
}

static void client_stopped(void *arg)
{
	(void)arg;
}

static void client_alive(void *arg, double rtt_ms)
{
	(void)arg;
	log_msg(GW6C_NOTICE, "tunnel", "keepalive reply received rtt_ms=%.1f",
		rtt_ms);
}

static void client_lost(void *arg, bool dead_peer, const struct gw6c_err *why)
{
	struct client *client = arg;

	if (client->state != CLIENT_UP)
		return;
	if (dead_peer && !client->params.settings->auto_retry_connect) {
		log_msg(GW6C_ERROR, "client",
			"tunnel lost: %s; stopping because of "
			"auto_retry_connect=no",
			why->text);
		client_end(client, END_KEEPALIVE);
		return;
	}
	if (dead_peer)
		client_fell_silent(client, why->text);
	else
		client_reconnect(client, why->text);
}

/* Some brokers answer data of a session they do not know (after a restart)
 * with status 310 under the first word 0xFFFFFFFF. */
static void client_control(void *arg, struct gw6c_bytes datagram)
{
	struct client *client = arg;
	uint64_t now_ms = loop_now_ms(client->params.loop);
	struct rudp_header header;
	struct gw6c_bytes payload;

	if (client->state != CLIENT_UP ||
	    !rudp_get(datagram, &header, &payload) ||
	    header.word != RUDP_LOST || tsp_status(payload, NULL) != 310)
		return;
	if (client->lost_ms && now_ms - client->lost_ms < LOST_GAP_MS)
		return;
	client->lost_ms = now_ms;
	client_fell_silent(client, "the broker does not know this session");
}

/* Our own steps again, over the session there is. When they are removed again
 * and again, a new session is waited for, longer each time. */
static void client_damaged(void *arg, const char *what)
{
	struct client *client = arg;
	uint64_t now_ms = loop_now_ms(client->params.loop);
	struct transport *wire = session_transport(client->session);
	int sock = client->udp ? transport_socket(wire) : -1;
	struct gw6c_lease lease = *tunnel_lease(client->tunnel);

	if (client->state != CLIENT_UP)
		return;
	if (client->repaired_ms &&
	    now_ms - client->repaired_ms < REPAIR_GAP_MS) {
		client_reconnect(client, what);
		return;
	}
	client->repaired_ms = now_ms;
	log_msg(GW6C_NOTICE, "tunnel",
		"%s by another program; restoring the tunnel", what);
	tunnel_start(client->tunnel, &lease, sock, GW6C_FOR_REPAIR);
	if (client->started.rc)
		client_reconnect(client, client->started.text);
}

/* An attempt that began when there was no network waits for answers that
 * cannot come. Where the network changes all the time, it goes on. */
static bool client_is_stale(const struct client *client)
{
	uint64_t now_ms = loop_now_ms(client->params.loop);

	return (client->state == CLIENT_RESOLVING ||
		client->state == CLIENT_CONNECTING) &&
	       now_ms - client->since_ms >= STALE_MS &&
	       client->restarts < RESTARTS;
}

/* Worth acting on when we wait for a network, or when our end of the tunnel
 * is no longer where the broker has it. Else the way there may be another, or
 * we have slept: the broker is asked at once. */
static void client_network_changed(void *arg)
{
	struct client *client = arg;
	const struct gw6c_lease *lease = tunnel_lease(client->tunnel);
	char was[GW6C_ADDR_TEXT], is[GW6C_ADDR_TEXT], why[160];
	struct gw6c_addr now;

	if (client->state == CLIENT_WAITING || client_is_stale(client)) {
		client->restarts = client->state == CLIENT_WAITING
					   ? 0
					   : client->restarts + 1;
		log_msg(GW6C_INFO, "client",
			"the network has changed; retrying now");
		attempts_afresh(&client->attempts);
		client_begin(client);
		return;
	}
	if (client->state != CLIENT_UP || !lease || lease->proxy ||
	    !sockaddr_source(&lease->remote, &now))
		return;
	if (memcmp(&now, &lease->local, sizeof(now)) == 0) {
		tunnel_probe(client->tunnel);
		return;
	}
	snprintf(why, sizeof(why), "our address changed from %s to %s",
		 gw6c_addr_text(&lease->local, was), gw6c_addr_text(&now, is));
	attempts_moved(&client->attempts);
	client_reconnect(client, why);
}

void client_events(struct client *client, struct tunnel_events *out)
{
	*out = (struct tunnel_events){
		.started = client_started,
		.stopped = client_stopped,
		.alive = client_alive,
		.lost = client_lost,
		.control = client_control,
		.network_changed = client_network_changed,
		.damaged = client_damaged,
		.arg = client,
	};
}
