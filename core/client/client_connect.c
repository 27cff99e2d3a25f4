/* client_connect.c - from a name to a session, and from that to a grant or to
 * the next attempt. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "client_parts.h"
#include "core/base/log.h"
#include "core/base/random.h"
#include "core/base/sockaddr.h"
#include "outcome.h"
#include "terminal.h"

#define SLOW_MS 2000 /* somebody may be waiting */

/* --- it came to nothing -------------------------------------------------- */

/* A repeated error is logged once, then only at INFO. */
static void client_tell_failure(struct client *client,
				const struct session_result *result,
				uint32_t wait_ms)
{
	const struct gw6c_err *err = &result->err;
	bool again = strcmp(client->failure.text, err->text) == 0;

	log_msg(again ? GW6C_INFO : GW6C_WARN, "client",
		"%s; retrying in %u s%s", err->text, (wait_ms + 500) / 1000,
		again ? "" : ", until it works");
	client_note_failure(client, result);
}

/* All that could be tried has failed. Nothing of ours stays on the system
 * while nothing can carry it. */
static void client_wait(struct client *client,
			const struct session_result *result, uint32_t wait_ms)
{
	const struct client_params *params = &client->params;
	bool silent = result->end == SESSION_SILENT;

	if (params->boot || params->dry_run) {
		log_msg(GW6C_ERROR, "client", "%s; giving up (--%s)",
			result->err.text, params->boot ? "boot" : "dry-run");
		client_end(client, outcome_exit(result));
		return;
	}
	client_tell_failure(client, result, wait_ms);
	client->phase.retry_at_ms = loop_now_ms(params->loop) + wait_ms;
	client_take_back(client, silent ? NEXT_WATCH : NEXT_WAIT, false);
}

bool client_is_patient(const struct client *client)
{
	const struct client_params *params = &client->params;
	const char *wish = params->settings->on_refusal;

	if (params->boot || params->dry_run || client->once)
		return false;
	if (strcmp(wish, "auto") != 0)
		return strcmp(wish, "wait") == 0;
	return params->patient || client->tunnels;
}

/* The broker said no. A password is not tried again before the wait is over,
 * unless we are elsewhere. */
static void client_refused(struct client *client,
			   const struct session_result *result)
{
	uint32_t wait_ms;

	if (!client_is_patient(client)) {
		log_msg(GW6C_ERROR, "client", "%s", result->err.text);
		client_end(client, outcome_exit(result));
		return;
	}
	wait_ms = attempts_refused(&client->attempts, random_unit());
	log_msg(GW6C_ERROR, "client", "%s; trying again in %u s",
		result->err.text, (wait_ms + 500) / 1000);
	client_note_failure(client, result);
	client->phase.retry_at_ms = loop_now_ms(client->params.loop) + wait_ms;
	if (!sockaddr_source(&client->addr[0], &client->refused))
		client->refused = (struct gw6c_addr){ 0 };
	client_take_back(client, NEXT_REFUSED, false);
}

void client_failed(struct client *client, const struct session_result *result)
{
	struct session_result again;
	uint32_t wait_ms;

	nat_timeout_excuse(&client->nat_timeout);
	if (client_unblock(client, result)) {
		again = *result;
		again.err.rc = GW6C_EPEER;
		result = &again;
	}
	switch (attempts_next(&client->attempts, &result, random_unit(),
			      &wait_ms)) {
	case ATTEMPTS_STOP:
		client_refused(client, result);
		break;
	case ATTEMPTS_WAIT:
		client_wait(client, result, wait_ms);
		break;
	case ATTEMPTS_NOW:
		log_msg(GW6C_INFO, "client", "%s; retrying immediately",
			result->err.text);
		client_leave(client);
		client_enter(client, CLIENT_RESOLVING);
		client_timer(client, wait_ms);
		break;
	}
}

/* --- the session --------------------------------------------------------- */

const struct gw6c_plugin *client_mode(void *arg, const char *name)
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

/* What was learnt of UDP while another mode was asked for does not count for
 * one that has nothing else; versions below 2.0.0 have TCP only. */
static void client_fit_transport(struct attempts *attempts,
				 const struct gw6c_plugin *mode)
{
	attempts->udp_only = !(mode->tunnel->over & GW6C_OVER_TCP);
	if (attempts->udp_only && tsp_versions[attempts->version] >= TSP_V200)
		attempts->tcp = false;
}

int client_session(struct client *client,
		   void (*done)(void *arg, const struct session_result *result),
		   struct session **out, struct gw6c_err *err)
{
	struct attempts *attempts = &client->attempts;
	const struct gw6c_plugin *mode = client_asks_for(client);
	struct session_params params = {
		.loop = client->params.loop,
		.conf = client->params.conf,
		.settings = client->params.settings,
		.tunnel = mode,
		.auths = client->allowed,
		.limit = client->limit,
		.past = &client->past,
		.broker = attempts->broker,
		.addr = client->addr[attempts->addr],
		.version = tsp_versions[attempts->version],
		.offer_only = client->params.dry_run,
		.trust = client_trust,
		.mode = client_mode,
		.fits = client_fits,
		.arg = client,
	};

	client_choose_logins(client);
	params.limit_rc = client->limit_rc;
	client_fit_transport(attempts, mode);
	params.udp = !attempts->tcp;
	return session_start(&params, done, client, out, err);
}

/* result is the session's, and goes with it. */
static void on_session(void *arg, const struct session_result *result)
{
	client_event(arg, EVENT_SESSION,
		     &(struct client_news){ .result = result });
}

void client_session_done(struct client *client,
			 const struct session_result *result)
{
	if (client->attempts.at < 0 && result->end != SESSION_SILENT)
		client->home.family = 0; /* it is not silent */
	client_note_login(client, result);
	if (result->end == SESSION_UP) {
		client_save_last(client, result);
		client_adopt(client);
	} else if (result->end == SESSION_REDIRECT)
		redirect_start(client, result);
	else
		client_failed(client, result);
}

/* --- a network of the other family --------------------------------------- */

bool client_has_network(int family)
{
	const struct gw6c_addr somewhere = { .family = (uint8_t)family,
					     .bits = family == 4 ? 32 : 128,
					     .octets = { family == 4 ? 8
								     : 0x20 } };
	struct gw6c_addr from;

	return sockaddr_source(&somewhere, &from);
}

struct other {
	int outer; /* family looked for */
	struct gw6c_buf names;
};

static void other_add(void *arg, const char *name,
		      const struct gw6c_plugin *plugin,
		      const struct gw6c_err *err)
{
	struct other *other = arg;

	(void)err;
	if (!plugin || plugin->tunnel->outer != other->outer)
		return;
	gw6c_put_text(&other->names, other->names.len ? " or " : "");
	gw6c_put_text(&other->names, name);
}

/* This network lacks the family that the mode needs, and has the other: the
 * modes that could be used here. */
static void client_add_remedy(const struct client *client, struct gw6c_err *err)
{
	int family = client_family(client);
	char room[200];
	struct other other = { .outer = family == 4 ? 6 : 4,
			       .names = GW6C_BUF(room) };
	struct gw6c_err why = *err;

	if (client_has_network(family) || !client_has_network(other.outer))
		return;
	loader_each(client->params.loader, GW6C_TUNNEL, other_add, &other);
	if (!other.names.len)
		return;
	gw6c_fail(err, why.rc,
		  "%.250s: this network has no IPv%d; set tunnel_mode=%.*s if "
		  "the broker has an IPv%d address",
		  why.text, family, (int)other.names.len, room, other.outer);
}

static void client_await(struct client *client);

/* Whoever sits at a terminal is told again and again that something is under
 * way; a log only once that a name server takes its time. */
static void client_is_slow(void *arg)
{
	struct client *client = arg;
	const struct attempts *attempts = &client->attempts;

	client->slow = NULL;
	if (client->phase.state == CLIENT_RESOLVING)
		log_msg(GW6C_NOTICE, "client", "still resolving %s",
			attempts->broker.host);
	else if (client->phase.state == CLIENT_CONNECTING)
		log_msg(GW6C_NOTICE, "client", "still waiting for %s over %s",
			attempts->broker.host, attempts->tcp ? "TCP" : "UDP");
	else
		return;
	if (terminal_attended())
		client_await(client);
}

static void client_await(struct client *client)
{
	loop_forget(client->slow);
	client->slow = loop_timer(client->params.loop, SLOW_MS, client_is_slow,
				  client);
}

void client_connect(struct client *client)
{
	struct session_result failed = { .end = SESSION_SILENT };

	client_enter(client, CLIENT_CONNECTING);
	if (client_session(client, on_session, &client->session, &failed.err) ==
	    GW6C_OK) {
		if (terminal_attended())
			client_await(client);
		return;
	}
	client_add_remedy(client, &failed.err);
	client_failed(client, &failed);
}

/* --- the name ------------------------------------------------------------ */

static void client_unresolved(struct client *client, const struct gw6c_err *err)
{
	struct session_result failed = { .end = SESSION_FAILED,
					 .reason = REASON_RESOLVE };

	gw6c_fail(&failed.err, GW6C_ENET, "%s%s", err->text,
		  client->params.settings->server_default
			  ? " (no server is configured, and this default one "
			    "was a public service that closed in 2016: set "
			    "server=, or run your own with gw6c-broker, see "
			    "gw6c-broker(8))"
			  : "");
	client_failed(client, &failed);
}

static void client_misled(struct client *client)
{
	struct session_result failed = { .end = SESSION_FAILED,
					 .reason = REASON_RESOLVE };

	gw6c_fail(&failed.err, GW6C_EPEER,
		  "refusing redirect to %s: not a usable remote address",
		  client->attempts.broker.host);
	client_failed(client, &failed);
}

void client_resolved(struct client *client, const struct client_news *news)
{
	bool at_home = client->attempts.at < 0;
	int n = news->n;

	if (at_home)
		client->home.family = 0;
	if (n < 1) {
		client_unresolved(client, news->err);
		return;
	}
	memcpy(client->addr, news->addrs, sizeof(*news->addrs) * (size_t)n);
	if (at_home)
		client->home = news->addrs[0];
	else if (client->attempts.redirected)
		n = redirect_sift(client, client->addr, n);
	if (n < 1) {
		client_misled(client);
		return;
	}
	attempts_resolved(&client->attempts, n);
	if (!client_seeks_translator(client))
		client_connect(client);
}

static void on_resolved(void *arg, const struct gw6c_addr *addrs, int n,
			const struct gw6c_err *err)
{
	struct client *client = arg;

	client->lookup = NULL;
	loop_forget(client->slow);
	client->slow = NULL;
	client_event(client, EVENT_RESOLVED,
		     &(struct client_news){
			     .addrs = addrs, .n = n, .err = err });
}

int client_family(const struct client *client)
{
	return client->mode->tunnel->outer;
}

/* Names are resolved again each time. */
void client_begin(struct client *client)
{
	struct gw6c_err err = { 0 };

	tunnel_pause(client->tunnel);
	client_leave(client);
	client->up_ms = 0;
	client->refused.family = 0;
	client_enter(client, CLIENT_RESOLVING);
	if (!client->checked && client_check(client, &err)) {
		client_obstructed(client, "a tunnel cannot be set up here",
				  &err);
		return;
	}
	client_await(client);
	client->lookup =
		loop_resolve(client->params.loop, client->attempts.broker.host,
			     client_family(client), on_resolved, client);
	if (!client->lookup)
		client_timer(client, 1000);
}
