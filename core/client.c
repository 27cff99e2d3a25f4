/* client.c - the client's life: connect, set up, keep alive, again. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "client_parts.h"
#include "log.h"
#include "mechanisms.h"
#include "random.h"
#include "rudp.h"
#include "sockaddr.h"
#include <stdlib.h>

#define LOST_GAP_MS 10000 /* between two reactions to "no session" */

static void client_begin(struct client *client);

void client_enter(struct client *client, enum client_state state)
{
	client->state = state;
	client->since_ms = loop_now_ms(client->params.loop);
}

void client_leave(struct client *client)
{
	redirect_stop(client);
	loop_cancel(client->lookup);
	loop_forget(client->timer);
	lookout_stop(client->lookout);
	client_renew_stop(client);
	session_free(client->session);
	client->lookup = NULL;
	client->timer = NULL;
	client->lookout = NULL;
	client->session = NULL;
}

static void client_end(struct client *client, enum end status)
{
	client_leave(client);
	tunnel_stop(client->tunnel);
	client_enter(client, CLIENT_IDLE);
	client->params.ended(client->params.arg, status);
}

static enum end client_end_of(const struct session_result *result)
{
	if (TSP_REDIRECT(result->status))
		return END_REDIRECT;
	switch (result->status) {
	case 0:
		break;
	case 300:
		return END_AUTH;
	case 302:
		return END_VERSION;
	case 303:
		return END_MODE;
	case 530:
		return END_BUSY;
	default:
		return END_TSP;
	}
	if (result->reason)
		return (enum end)result->reason;
	if (result->end == SESSION_SILENT)
		return END_CONNECT;
	return result->err.rc == GW6C_EAUTH ? END_AUTH : END_CONFIG;
}

/* The same trouble again and again is told once, then only at INFO. */
static void client_tell_failure(struct client *client,
				const struct gw6c_err *err, uint32_t wait_ms)
{
	bool again = strcmp(client->failure.text, err->text) == 0;

	log_msg(again ? GW6C_INFO : GW6C_WARN, "", "%s; trying again in %u s%s",
		err->text, (wait_ms + 500) / 1000,
		again ? "" : ", and on until it works");
	client->failure = *err;
}

static void client_resume(void *arg)
{
	struct client *client = arg;

	client->timer = NULL;
	client_begin(client);
}

static void client_seen(void *arg)
{
	struct client *client = arg;

	log_msg(GW6C_INFO, "", "the broker answers again");
	client_begin(client);
}

/* Nothing of ours stays on the system while nothing can carry it. Only the
 * configured broker is watched out for: it is the one to be tried next. */
static void client_wait(struct client *client, uint32_t wait_ms, bool silent)
{
	const struct attempts *attempts = &client->attempts;

	client_leave(client);
	tunnel_stop(client->tunnel);
	client_enter(client, CLIENT_WAITING);
	client->retry_at_ms = client->since_ms + wait_ms;
	client->timer =
		loop_timer(client->params.loop, wait_ms, client_resume, client);
	if (silent && client->home.family)
		client->lookout =
			lookout_start(client->params.loop, &client->home,
				      attempts->home.port, client_seen, client);
}

/* Over the second transport, to be refused the mode tells less than why we
 * are there at all: behind a NAT, v6anyv4 works over UDP alone. */
static enum attempts_move client_move(struct client *client,
				      const struct session_result **result,
				      uint32_t *wait_ms)
{
	struct attempts *attempts = &client->attempts;
	bool tcp = attempts->tcp;
	enum attempts_move move;

	if (tcp && (*result)->status == 303 && client->barred.err.rc)
		*result = &client->barred;
	move = attempts_after(attempts, *result, random_unit(), wait_ms);
	if (attempts->tcp && !tcp)
		client->barred = **result;
	if (attempts->tcp && !tcp && client->barred.end == SESSION_VERSION)
		client->barred.err.rc = GW6C_OK;
	return move;
}

void client_failed(struct client *client, const struct session_result *result)
{
	uint32_t wait_ms;
	enum attempts_move move = client_move(client, &result, &wait_ms);

	if (move == ATTEMPTS_STOP) {
		log_msg(GW6C_ERROR, "", "%s", result->err.text);
		client_end(client, client_end_of(result));
		return;
	}
	if (move == ATTEMPTS_WAIT && client->params.boot) {
		log_msg(GW6C_ERROR, "", "%s; giving up (--boot)",
			result->err.text);
		client_end(client, client_end_of(result));
		return;
	}
	if (move == ATTEMPTS_WAIT) {
		client_tell_failure(client, &result->err, wait_ms);
		client_wait(client, wait_ms, result->end == SESSION_SILENT);
		return;
	}
	log_msg(GW6C_INFO, "", "%s; next try at once", result->err.text);
	client_leave(client);
	client->timer =
		loop_timer(client->params.loop, wait_ms, client_resume, client);
}

void client_take(struct client *client, const struct session_result *result,
		 bool renewed)
{
	struct transport *wire = session_transport(client->session);
	int sock = transport_is_udp(wire) ? transport_socket(wire) : -1;
	struct gw6c_err err = { 0 };

	client->mechanism = result->mechanism;
	client->udp = transport_is_udp(wire);
	client_save_last(client);
	if (tunnel_start(client->tunnel, &result->lease, sock, &err)) {
		log_msg(GW6C_ERROR, "",
			"the tunnel was granted but cannot be set up: %s",
			err.text);
		client_end(client,
			   err.rc == GW6C_ECONFIG ? END_CONFIG : END_SETUP);
		return;
	}
	client_renew_start(client, result->lease.lifetime_s);
	if (renewed)
		log_msg(GW6C_NOTICE, "", "the lease is renewed lifetime_s=%u",
			result->lease.lifetime_s);
}

static void client_granted(struct client *client,
			   const struct session_result *result)
{
	client_take(client, result, false);
	if (client->state == CLIENT_IDLE)
		return; /* it could not be set up */
	client->failure.text[0] = 0;
	client->tunnels++;
	client_enter(client, CLIENT_UP);
	if (client->params.dry_run || result->lease.proxy) {
		tunnel_let_go(client->tunnel);
		client_end(client, END_OK);
		return;
	}
	client_tell_up(client);
	client->params.up(client->params.arg);
}

/* result is the session's, and goes with it. */
static void client_session_done(void *arg, const struct session_result *result)
{
	struct client *client = arg;

	if (client->attempts.at < 0 && result->end != SESSION_SILENT)
		client->home.family = 0; /* it is not silent */
	if (result->end == SESSION_UP)
		client_granted(client, result);
	else if (result->end == SESSION_REDIRECT)
		redirect_start(client, result);
	else
		client_failed(client, result);
}

int client_session(struct client *client,
		   void (*done)(void *arg, const struct session_result *result),
		   struct session **out, struct gw6c_err *err)
{
	const struct attempts *attempts = &client->attempts;
	struct session_params params = {
		.loop = client->params.loop,
		.conf = client->params.conf,
		.settings = client->params.settings,
		.tunnel = client->mode,
		.auths = client->auths,
		.broker = attempts->broker,
		.addr = client->addr[attempts->addr],
		.udp = !attempts->tcp,
		.version = tsp_versions[attempts->version],
		.offer_only = client->params.dry_run,
	};

	return session_start(&params, done, client, out, err);
}

static void client_connect(struct client *client)
{
	struct session_result failed = { .end = SESSION_SILENT };

	client_enter(client, CLIENT_CONNECTING);
	if (client_session(client, client_session_done, &client->session,
			   &failed.err))
		client_failed(client, &failed);
}

static const char *client_closed_service(const struct client *client)
{
	if (!client->params.settings->server_default)
		return "";
	return " (no server is configured, and this default one was a public "
	       "service that closed in 2016: set server=, or run your own with "
	       "gw6c-broker, see gw6c-broker(8))";
}

static void client_resolved(void *arg, const struct gw6c_addr *addrs, int n,
			    const struct gw6c_err *err)
{
	struct client *client = arg;
	struct session_result failed = { .end = SESSION_FAILED,
					 .reason = END_RESOLVE };

	client->lookup = NULL;
	if (client->attempts.at < 0)
		client->home.family = 0;
	if (n < 1) {
		gw6c_fail(&failed.err, GW6C_ENET, "%s%s", err->text,
			  client_closed_service(client));
		client_failed(client, &failed);
		return;
	}
	memcpy(client->addr, addrs, sizeof(*addrs) * (size_t)n);
	if (client->attempts.at < 0)
		client->home = addrs[0];
	else if (client->attempts.redirected)
		n = redirect_sift(client, client->addr, n);
	if (n < 1) {
		gw6c_fail(&failed.err, GW6C_EPEER,
			  "%s is no address of another machine, and a "
			  "redirection may not lead there",
			  client->attempts.broker.host);
		client_failed(client, &failed);
		return;
	}
	attempts_resolved(&client->attempts, n);
	client_connect(client);
}

int client_family(const struct client *client)
{
	return client->mode->tunnel->flags & GW6C_TUNNEL_OUTER6 ? 6 : 4;
}

/* Try what attempts says now; names are resolved again each time. */
static void client_begin(struct client *client)
{
	tunnel_pause(client->tunnel);
	client_leave(client);
	client_enter(client, CLIENT_RESOLVING);
	client->lookup =
		loop_resolve(client->params.loop, client->attempts.broker.host,
			     client_family(client), client_resolved, client);
	if (!client->lookup)
		client_wait(client, 1000, false);
}

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
	log_msg(GW6C_NOTICE, "", "tunnel lost: %s; reconnecting%s up_s=%llu",
		why, client->lost_wait_ms ? " after a while" : "",
		(unsigned long long)up_s);
	client_enter(client, CLIENT_WAITING);
	client->retry_at_ms = client->since_ms + client->lost_wait_ms;
	client->timer =
		loop_timer(client->params.loop, 0, client_relinquish, client);
}

static void client_alive(void *arg, double rtt_ms)
{
	(void)arg;
	log_msg(GW6C_NOTICE, "",
		"the broker answers through the tunnel "
		"rtt_ms=%.1f",
		rtt_ms);
}

static void client_lost(void *arg, bool dead_peer, const struct gw6c_err *why)
{
	struct client *client = arg;

	if (client->state != CLIENT_UP)
		return;
	if (dead_peer && !client->params.settings->auto_retry_connect) {
		log_msg(GW6C_ERROR, "",
			"tunnel lost: %s; stopping, for "
			"auto_retry_connect=no",
			why->text);
		client_end(client, END_KEEPALIVE);
		return;
	}
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
	client_reconnect(client, "the broker does not know this session");
}

/* Worth acting on when we wait for a network, or when our end of the tunnel
 * is no longer where the broker has it. */
static void client_network_changed(void *arg)
{
	struct client *client = arg;
	const struct gw6c_lease *lease = tunnel_lease(client->tunnel);
	char was[GW6C_ADDR_TEXT], is[GW6C_ADDR_TEXT], why[160];
	struct gw6c_addr now;

	if (client->state == CLIENT_WAITING) {
		log_msg(GW6C_INFO, "", "the network has changed: trying now");
		attempts_afresh(&client->attempts);
		client_begin(client);
		return;
	}
	if (client->state != CLIENT_UP || !lease || lease->proxy ||
	    !sockaddr_source(&lease->remote, &now) ||
	    memcmp(&now, &lease->local, sizeof(now)) == 0)
		return;
	snprintf(why, sizeof(why), "our address changed from %s to %s",
		 gw6c_addr_text(&lease->local, was), gw6c_addr_text(&now, is));
	client_reconnect(client, why);
}

static int client_load(struct client *client, enum end *status,
		       struct gw6c_err *err)
{
	const struct client_params *params = &client->params;
	struct tunnel_events events = {
		.alive = client_alive,
		.lost = client_lost,
		.control = client_control,
		.network_changed = client_network_changed,
		.arg = client,
	};
	struct tunnel_params tunnel = {
		.loop = params->loop,
		.loader = params->loader,
		.conf = params->conf,
		.settings = params->settings,
		.events = &events,
	};

	*status = END_CONFIG;
	if (mechanisms_load(params->loader, params->conf, params->settings,
			    client->auths, err) ||
	    loader_get(params->loader, GW6C_TUNNEL,
		       params->settings->tunnel_mode,
		       conf_get(params->conf, "tunnel_mode", 0), &client->mode,
		       err) ||
	    loader_get(params->loader, GW6C_OS, params->os,
		       conf_get(params->conf, "template", 0), &tunnel.os, err))
		return err->rc;
	if (params->settings->proxy_client &&
	    !(tunnel.os->os->flags & GW6C_OS_DRY))
		return conf_fail(conf_get(params->conf, "template", 0), err,
				 "%s sets up this machine, and proxy_client="
				 "yes asks for the tunnel of another router; "
				 "leave template out to see what to do there",
				 params->os);
	*status = END_SETUP;
	return tunnel_new(&tunnel, &client->tunnel, err);
}

int client_new(const struct client_params *params, struct client **out,
	       enum end *status, struct gw6c_err *err)
{
	struct client *client = calloc(1, sizeof(*client));

	*status = END_MEMORY;
	if (!client)
		return gw6c_fail(err, GW6C_EOS, "out of memory");
	client->params = *params;
	if (client_load(client, status, err)) {
		client_free(client);
		return err->rc;
	}
	*status = END_CONFIG;
	if (client_choose_home(client, err)) {
		client_free(client);
		return err->rc;
	}
	*out = client;
	return GW6C_OK;
}

int client_start(struct client *client, enum end *status, struct gw6c_err *err)
{
	*status = END_SETUP;
	if (tunnel_check(client->tunnel, err) ||
	    tunnel_sweep(client->tunnel, err))
		return err->rc;
	client_begin(client);
	return GW6C_OK;
}

void client_free(struct client *client)
{
	if (!client)
		return;
	client_leave(client);
	tunnel_free(client->tunnel);
	free(client);
}
