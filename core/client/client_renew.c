/* client_renew.c - a lease that ends is replaced before it does: a second
 * session runs beside the tunnel, which carries traffic all the while. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "client_parts.h"
#include "core/base/log.h"

#define AHEAD_S 60 /* before the end of a lease, or a tenth of it */
#define AGAIN_MS 5000 /* between two attempts */

static void renew_done(void *arg, const struct session_result *result);

static uint32_t ahead_s(uint32_t lifetime_s)
{
	return lifetime_s / 10 < AHEAD_S ? lifetime_s / 10 : AHEAD_S;
}

static void renew_begin(void *arg)
{
	struct client *client = arg;
	struct renewal *renewal = &client->renewal;
	struct session_result failed = { .end = SESSION_SILENT };

	renewal->timer = NULL;
	log_msg(GW6C_INFO, "client", "renewing the lease");
	if (client_session(client, renew_done, &renewal->session, &failed.err))
		renew_done(client, &failed);
}

/* The tunnel goes on as it is; what ends it is the end of the lease. */
static void renew_failed(struct client *client, const struct gw6c_err *err)
{
	struct renewal *renewal = &client->renewal;

	log_msg(renewal->failed ? GW6C_INFO : GW6C_WARN, "client",
		"cannot renew the lease: %s; retrying until it expires",
		err->text);
	renewal->failed = true;
	session_free(renewal->session);
	renewal->session = NULL;
	renewal->timer =
		loop_timer(client->params.loop, AGAIN_MS, renew_begin, client);
}

static void renew_done(void *arg, const struct session_result *result)
{
	struct client *client = arg;
	struct session *former = client->session;

	struct gw6c_err elsewhere = { 0 };

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
	client->renewal.session = NULL;
	client_adopt(client, result, true);
	session_free(former);
}

static void renew_expired(void *arg)
{
	struct client *client = arg;

	client->renewal.expiry = NULL;
	client_reconnect(client, "its lease has expired");
}

void client_renew_start(struct client *client, uint32_t lifetime_s)
{
	struct renewal *renewal = &client->renewal;

	client_renew_stop(client);
	if (!lifetime_s)
		return;
	renewal->timer = loop_timer(client->params.loop,
				    (lifetime_s - ahead_s(lifetime_s)) * 1000,
				    renew_begin, client);
	renewal->expiry = loop_timer(client->params.loop, lifetime_s * 1000,
				     renew_expired, client);
}

void client_renew_stop(struct client *client)
{
	struct renewal *renewal = &client->renewal;

	loop_forget(renewal->timer);
	loop_forget(renewal->expiry);
	session_free(renewal->session);
	*renewal = (struct renewal){ 0 };
}
