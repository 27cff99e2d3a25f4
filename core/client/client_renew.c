/* client_renew.c - a lease that ends is replaced before it does: a second
 * session runs beside the tunnel, which carries traffic all the while. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "client_parts.h"
#include "core/base/log.h"

#define AHEAD_S 60 /* before the end of a lease, or a tenth of it */
#define AGAIN_MS 5000 /* between two attempts */
#define BUSY_MS 1000 /* the tunnel is being repaired: the next look */

static uint32_t ahead_s(uint32_t lifetime_s)
{
	return lifetime_s / 10 < AHEAD_S ? lifetime_s / 10 : AHEAD_S;
}

static void on_renew(void *arg);
static void on_expired(void *arg);

/* The machine knows these events only while the tunnel is up; during a repair
 * they wait. */
static void on_renew(void *arg)
{
	struct client *client = arg;

	client->renewal.timer = NULL;
	if (client->phase.state == CLIENT_UP)
		client_event(client, EVENT_RENEW, &(struct client_news){ 0 });
	else
		client->renewal.timer = loop_timer(client->params.loop, BUSY_MS,
						   on_renew, client);
}

static void on_expired(void *arg)
{
	struct client *client = arg;

	client->renewal.expiry = NULL;
	if (client->phase.state == CLIENT_UP)
		client_event(client, EVENT_EXPIRED, &(struct client_news){ 0 });
	else
		client->renewal.expiry =
			loop_timer(client->params.loop, BUSY_MS, on_expired,
				   client);
}

static void renew_again(struct client *client)
{
	struct renewal *renewal = &client->renewal;

	session_free(renewal->session);
	renewal->session = NULL;
	renewal->timer =
		loop_timer(client->params.loop, AGAIN_MS, on_renew, client);
}

static void on_renewed(void *arg, const struct session_result *result)
{
	struct client *client = arg;

	if (client->phase.state == CLIENT_UP)
		client_event(client, EVENT_RENEWED,
			     &(struct client_news){ .result = result });
	else
		renew_again(client);
}

/* The tunnel goes on as it is; what ends it is the end of the lease. */
static void renew_failed(struct client *client, const struct gw6c_err *err)
{
	struct renewal *renewal = &client->renewal;

	log_msg(renewal->failed ? GW6C_INFO : GW6C_WARN, "client",
		"cannot renew the lease: %s; retrying until it expires",
		err->text);
	renewal->failed = true;
	renew_again(client);
}

void client_renew(struct client *client)
{
	struct gw6c_err err = { 0 };

	log_msg(GW6C_INFO, "client", "renewing the lease");
	if (client_session(client, on_renewed, &client->renewal.session, &err))
		renew_failed(client, &err);
}

/* The former session stays until the tunnel has moved to the new one. */
void client_renewed(struct client *client, const struct session_result *result)
{
	struct session *former = client->session;
	struct gw6c_err elsewhere = { 0 };

	client_note_login(client, result);
	if (result->end == SESSION_REDIRECT) {
		gw6c_fail(&elsewhere, GW6C_EPEER,
			  "the broker redirects to another one");
		renew_failed(client, &elsewhere);
		return;
	}
	if (result->end != SESSION_UP) {
		renew_failed(client, &result->err);
		return;
	}
	client->session = client->renewal.session;
	client->renewal.session = former;
	client->phase.reason = GW6C_FOR_RENEWAL;
	client_save_last(client, result);
	client_adopt(client);
}

void client_renew_start(struct client *client, uint32_t lifetime_s)
{
	struct renewal *renewal = &client->renewal;

	client_renew_stop(client);
	if (!lifetime_s)
		return;
	renewal->timer = loop_timer(client->params.loop,
				    (lifetime_s - ahead_s(lifetime_s)) * 1000,
				    on_renew, client);
	renewal->expiry = loop_timer(client->params.loop, lifetime_s * 1000,
				     on_expired, client);
}

void client_renew_stop(struct client *client)
{
	struct renewal *renewal = &client->renewal;

	loop_forget(renewal->timer);
	loop_forget(renewal->expiry);
	session_free(renewal->session);
	*renewal = (struct renewal){ 0 };
}
