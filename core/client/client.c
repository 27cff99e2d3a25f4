/* client.c - the client as a machine: its states, and what happens in each.
 * Whatever happens comes through client_event(). */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "client_parts.h"
#include "core/base/log.h"

void client_enter(struct client *client, enum client_state state)
{
	client->phase.state = state;
	client->phase.since_ms = loop_now_ms(client->params.loop);
	client_tell_state(client);
}

void client_leave(struct client *client)
{
	redirect_stop(client);
	loop_cancel(client->lookup);
	loop_forget(client->timer);
	loop_forget(client->slow);
	broker_probe_stop(client->broker_probe);
	client_renew_stop(client);
	session_free(client->session);
	client->lookup = NULL;
	client->timer = NULL;
	client->slow = NULL;
	client->broker_probe = NULL;
	client->session = NULL;
}

static void client_on_timer(void *arg)
{
	struct client *client = arg;

	client->timer = NULL;
	client_event(client, EVENT_TIMER, &(struct client_news){ 0 });
}

void client_timer(struct client *client, uint64_t ms)
{
	loop_forget(client->timer);
	client->timer = loop_timer(client->params.loop, (uint32_t)ms,
				   client_on_timer, client);
}

/* Somebody wants an end, and no tunnel is up. */
static void client_give_up(struct client *client, enum gw6c_reason reason)
{
	client->phase.reason = reason;
	client_end(client, END_OK);
}

/* On the way from a name to a tunnel. */
static void while_connecting(struct client *client, enum client_event event,
			     const struct client_news *news)
{
	switch (event) {
	case EVENT_TIMER:
		client_begin(client);
		break;
	case EVENT_RESOLVED:
		client_resolved(client, news);
		break;
	case EVENT_TRANSLATOR:
		client_use_translator(client, news);
		client_connect(client);
		break;
	case EVENT_SESSION:
		client_session_done(client, news->result);
		break;
	case EVENT_MEASURED:
		client_failed(client, news->result);
		break;
	case EVENT_NETWORK:
		if (client_is_stale(client)) {
			client->reactions.restarts++;
			client_afresh(client);
			client_begin(client);
		}
		break;
	case EVENT_STOP:
		client_give_up(client, news->reason);
		break;
	default:
		break;
	}
}

static void while_starting(struct client *client, enum client_event event,
			   const struct client_news *news)
{
	if (event == EVENT_STARTED)
		client_started(client, news->err);
	else if (event == EVENT_STOP)
		client_give_up(client, news->reason);
}

static void while_up(struct client *client, enum client_event event,
		     const struct client_news *news)
{
	switch (event) {
	case EVENT_LOST:
	case EVENT_SILENT:
		client_lost(client, event == EVENT_SILENT, news->err);
		break;
	case EVENT_UNKNOWN:
		client_unknown(client);
		break;
	case EVENT_DAMAGED:
		client_damaged(client, news->why);
		break;
	case EVENT_NETWORK:
		client_moved(client);
		break;
	case EVENT_RENEW:
		client_renew(client);
		break;
	case EVENT_RENEWED:
		client_renewed(client, news->result);
		break;
	case EVENT_EXPIRED:
		client_lose(client, GW6C_FOR_RENEWAL, "its lease has expired");
		break;
	case EVENT_RECONNECT:
		client_lose(client, GW6C_FOR_RELOAD, news->why);
		break;
	case EVENT_STOP:
		client->phase.reason = news->reason;
		client_take_back(client, NEXT_END, true);
		break;
	default:
		break;
	}
}

/* Between one tunnel and the next, or the end. */
static void while_ending(struct client *client, enum client_event event,
			 const struct client_news *news)
{
	switch (event) {
	case EVENT_TIMER:
		client_relinquish(client);
		break;
	case EVENT_STOPPED:
		client_stopped(client);
		break;
	case EVENT_NETWORK:
		if (client->phase.next > NEXT_WATCH)
			break; /* a refusal counts until we know better */
		client->reactions.restarts = 0;
		client_afresh(client);
		client->phase.next = NEXT_BEGIN;
		break;
	case EVENT_STOP:
		if (client->phase.next == NEXT_END)
			break;
		client->phase.reason = news->reason;
		client->phase.next = NEXT_END;
		client->phase.end = END_OK;
		break;
	default:
		break;
	}
}

static void while_waiting(struct client *client, enum client_event event,
			  const struct client_news *news)
{
	switch (event) {
	case EVENT_TIMER:
		client_begin(client);
		break;
	case EVENT_PROBED:
		log_msg(GW6C_INFO, "client", "the broker answers again");
		client_begin(client);
		break;
	case EVENT_NETWORK:
		if (client_is_refused_here(client))
			break;
		client->reactions.restarts = 0;
		client_afresh(client);
		client_begin(client);
		break;
	case EVENT_STOP:
		client_give_up(client, news->reason);
		break;
	default:
		break;
	}
}

void client_event(struct client *client, enum client_event event,
		  const struct client_news *news)
{
	switch (client->phase.state) {
	case CLIENT_IDLE:
		break;
	case CLIENT_RESOLVING:
	case CLIENT_CONNECTING:
	case CLIENT_MEASURING:
		while_connecting(client, event, news);
		break;
	case CLIENT_STARTING:
		while_starting(client, event, news);
		break;
	case CLIENT_UP:
		while_up(client, event, news);
		break;
	case CLIENT_LOSING:
	case CLIENT_STOPPING:
		while_ending(client, event, news);
		break;
	case CLIENT_WAITING:
		while_waiting(client, event, news);
		break;
	}
}
