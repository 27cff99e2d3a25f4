/* client.c - the client's life: connect, set up, keep alive, again. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "client_parts.h"
#include "core/base/log.h"
#include "core/base/random.h"
#include "core/modules/mechanisms.h"
#include "trust.h"
#include <stdlib.h>

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
	broker_probe_stop(client->broker_probe);
	client_renew_stop(client);
	session_free(client->session);
	client->lookup = NULL;
	client->timer = NULL;
	client->broker_probe = NULL;
	client->session = NULL;
}

void client_end(struct client *client, enum end status)
{
	client_leave(client);
	tunnel_stop(client->tunnel, GW6C_FOR_STOP, "", false);
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
	case 301:
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

/* A repeated error is logged once, then only at INFO. */
static void client_tell_failure(struct client *client,
				const struct gw6c_err *err, uint32_t wait_ms)
{
	bool again = strcmp(client->failure.text, err->text) == 0;

	log_msg(again ? GW6C_INFO : GW6C_WARN, "client",
		"%s; retrying in %u s%s", err->text, (wait_ms + 500) / 1000,
		again ? "" : ", until it works");
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

	log_msg(GW6C_INFO, "client", "the broker answers again");
	client_begin(client);
}

/* Nothing of ours stays on the system while nothing can carry it. Only the
 * configured broker is watched out for: it is the one to be tried next. */
void client_wait(struct client *client, uint32_t wait_ms, bool silent)
{
	const struct attempts *attempts = &client->attempts;

	client_leave(client);
	tunnel_stop(client->tunnel, GW6C_FOR_LOSS, client->failure.text, false);
	client_enter(client, CLIENT_WAITING);
	client->retry_at_ms = client->since_ms + wait_ms;
	client->timer =
		loop_timer(client->params.loop, wait_ms, client_resume, client);
	if (silent && client->home.family)
		client->broker_probe =
			broker_probe_start(client->params.loop, &client->home,
					   attempts->home.port, client_seen,
					   client);
}

/* A 303 over TCP proves nothing: behind a NAT, v6anyv4 works over UDP only.
 * Report why UDP failed. */
static const struct session_result *
client_udp_failure(struct client *client, const struct session_result *refused)
{
	struct session_result *udp_failure = &client->udp_failure;
	struct gw6c_err first = udp_failure->err;

	gw6c_fail(&udp_failure->err, first.rc, "%.200s; then: %s", first.text,
		  refused->err.text);
	return udp_failure;
}

static enum attempts_move client_move(struct client *client,
				      const struct session_result **result,
				      uint32_t *wait_ms)
{
	struct attempts *attempts = &client->attempts;
	bool tcp = attempts->tcp;
	enum attempts_move move;

	if (tcp && (*result)->status == 303 && client->udp_failure.err.rc)
		*result = client_udp_failure(client, *result);
	move = attempts_after(attempts, *result, random_unit(), wait_ms);
	if (attempts->tcp && !tcp)
		client->udp_failure = **result;
	if (attempts->tcp && !tcp && client->udp_failure.end == SESSION_VERSION)
		client->udp_failure.err.rc = GW6C_OK;
	return move;
}

void client_failed(struct client *client, const struct session_result *result)
{
	uint32_t wait_ms;
	enum attempts_move move;

	nat_timeout_excuse(&client->nat_timeout);
	move = client_move(client, &result, &wait_ms);

	if (move == ATTEMPTS_STOP) {
		log_msg(GW6C_ERROR, "client", "%s", result->err.text);
		client_end(client, client_end_of(result));
		return;
	}
	if (move == ATTEMPTS_WAIT &&
	    (client->params.boot || client->params.dry_run)) {
		log_msg(GW6C_ERROR, "client", "%s; giving up (--%s)",
			result->err.text,
			client->params.boot ? "boot" : "dry-run");
		client_end(client, client_end_of(result));
		return;
	}
	if (move == ATTEMPTS_WAIT) {
		client_tell_failure(client, &result->err, wait_ms);
		client_wait(client, wait_ms, result->end == SESSION_SILENT);
		return;
	}
	log_msg(GW6C_INFO, "client", "%s; retrying immediately",
		result->err.text);
	client_leave(client);
	client->timer =
		loop_timer(client->params.loop, wait_ms, client_resume, client);
}

/* Setup worked before, or only an interface is missing: the obstacle may pass,
 * so retry. */
static void client_obstructed(struct client *client, const struct gw6c_err *why)
{
	struct session_result failed = { .end = SESSION_FAILED,
					 .reason = END_SETUP };

	gw6c_fail(&failed.err, GW6C_ENET,
		  "the tunnel was granted but cannot be set up: %.300s",
		  why->text);
	client_failed(client, &failed);
}

/* The lease as granted, with keepalives no rarer than the NAT's timeout. */
static struct gw6c_lease client_adapt(struct client *client,
				      const struct gw6c_lease *granted)
{
	struct gw6c_lease lease = *granted;
	bool found = nat_timeout_back(&client->nat_timeout, lease.keepalive_s);

	if (!client->udp || !client_behind_nat(&lease))
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

void client_adopt(struct client *client, const struct session_result *result,
		  bool renewed)
{
	struct transport *wire = session_transport(client->session);
	int sock = transport_is_udp(wire) ? transport_socket(wire) : -1;
	struct gw6c_err err;
	struct gw6c_lease lease;

	client->mechanism = result->mechanism;
	client->udp = transport_is_udp(wire);
	client_save_last(client);
	lease = client_adapt(client, &result->lease);
	tunnel_start(client->tunnel, &lease, sock,
		     renewed ? GW6C_FOR_RENEWAL : GW6C_FOR_LOSS);
	err = client->started;
	if (err.rc) {
		if (client->tunnels || err.rc == GW6C_ENET) {
			client_obstructed(client, &err);
			return;
		}
		log_msg(GW6C_ERROR, "tunnel",
			"the tunnel was granted but cannot be set up: %s",
			err.text);
		client_end(client,
			   err.rc == GW6C_ECONFIG ? END_CONFIG : END_SETUP);
		return;
	}
	client_renew_start(client, result->lease.lifetime_s);
	if (renewed)
		log_msg(GW6C_NOTICE, "client", "lease renewed lifetime_s=%u",
			result->lease.lifetime_s);
}

static void client_granted(struct client *client,
			   const struct session_result *result)
{
	client_adopt(client, result, false);
	if (client->state != CLIENT_CONNECTING)
		return; /* it could not be set up */
	client->failure.text[0] = 0;
	client->restarts = 0;
	client->tunnels++;
	client_enter(client, CLIENT_UP);
	if (client->once) {
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

static int client_trust(void *arg, const struct server_addr *broker,
			struct gw6c_bytes key, struct gw6c_err *err)
{
	const struct client *client = arg;
	struct trust trust = {
		.settings = client->params.settings,
		.server = broker,
		.may_ask = !client->params.boot && client->state != CLIENT_UP,
		.keep = !client->params.dry_run,
	};

	return trust_decide(&trust, key, err);
}

static const struct gw6c_plugin *client_mode(void *arg, const char *name)
{
	const struct client *client = arg;
	const struct gw6c_plugin *plugin;
	struct gw6c_err err = { 0 };

	if (loader_get(client->params.loader, GW6C_TUNNEL, name,
		       conf_get(client->params.conf, "tunnel_mode", 0), &plugin,
		       &err) == GW6C_OK)
		return plugin;
	log_msg(GW6C_ERROR, "client", "%s", err.text);
	return NULL;
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
		.trust = client_trust,
		.mode = client_mode,
		.arg = client,
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
			  "refusing redirect to %s: not a usable remote "
			  "address",
			  client->attempts.broker.host);
		client_failed(client, &failed);
		return;
	}
	attempts_resolved(&client->attempts, n);
	client_connect(client);
}

int client_family(const struct client *client)
{
	return client->mode->tunnel->outer;
}

/* Try what attempts says now; names are resolved again each time. */
void client_begin(struct client *client)
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

static int client_load(struct client *client, enum end *status,
		       struct gw6c_err *err)
{
	const struct client_params *params = &client->params;
	struct tunnel_events events;
	struct tunnel_params tunnel = {
		.loop = params->loop,
		.loader = params->loader,
		.conf = params->conf,
		.settings = params->settings,
		.events = &events,
	};
	uint32_t flags;

	client_events(client, &events);
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
	flags = tunnel.os->os->flags;
	client->once = params->dry_run || params->settings->proxy_client ||
		       flags & GW6C_OS_ONCE;
	tunnel.show_only =
		os_can_show(tunnel.os) &&
		(params->dry_run || flags & GW6C_OS_DRY ||
		 (params->settings->proxy_client && !(flags & GW6C_OS_PROXY)));
	if (params->settings->proxy_client && !tunnel.show_only &&
	    !(flags & (GW6C_OS_DRY | GW6C_OS_PROXY)))
		return conf_fail(conf_get(params->conf, "template", 0), err,
				 "%s configures this machine, but "
				 "proxy_client=yes requests a tunnel for "
				 "another router; unset template to see what "
				 "to do there",
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
