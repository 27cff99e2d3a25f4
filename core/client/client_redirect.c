/* client_redirect.c - from "ask these brokers instead" to the next attempt:
 * the nearest comes first. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "client_parts.h"
#include "core/base/addr_class.h"
#include "core/base/log.h"
#include "distances.h"
#include <stdlib.h>

struct redirect {
	struct session_result result; /* a copy: the session is gone */
	struct distances *distances;
};

/* --- which redirections are followed ---------------------------------- */

static bool is_public(const struct gw6c_addr *addr)
{
	return addr_class(addr) == ADDR_GLOBAL;
}

int redirect_sift(const struct client *client, struct gw6c_addr *addr, int n)
{
	char room[GW6C_ADDR_TEXT];
	int kept = 0;

	for (int i = 0; i < n; i++)
		if (addr_is_unicast(&addr[i]))
			addr[kept++] = addr[i];
	if (kept && !is_public(&addr[0]) && !client->attempts.sent_by_private)
		log_msg(GW6C_WARN, "redirect",
			"a broker with a public address redirects to %s, a "
			"private address: %s",
			client->attempts.broker.host,
			gw6c_addr_text(&addr[0], room));
	return kept;
}

/* --- the way there ----------------------------------------------------- */

void redirect_stop(struct client *client)
{
	struct redirect *redirect = client->redirect;

	if (!redirect)
		return;
	client->redirect = NULL;
	distances_stop(redirect->distances);
	free(redirect);
}

/* What comes next is for attempts.c to say, as after any other session. */
static void redirect_follow(struct client *client)
{
	struct redirect *redirect = client->redirect;

	client->redirect = NULL;
	client_event(client, EVENT_MEASURED,
		     &(struct client_news){ .result = &redirect->result });
	distances_stop(redirect->distances);
	free(redirect);
}

static const char *distance_text(uint32_t ms, char room[16])
{
	if (ms >= DISTANCES_FAMILY)
		return "other address family";
	if (ms >= DISTANCES_DEAD)
		return "does not answer";
	snprintf(room, 16, "%u ms", ms);
	return room;
}

static void redirect_measured(void *arg, const uint32_t *distance_ms)
{
	struct client *client = arg;
	struct session_result *result = &client->redirect->result;
	uint32_t ms[TSP_BROKERS];
	char room[16];

	memcpy(ms, distance_ms, sizeof(ms[0]) * (size_t)result->brokers);
	distances_sort(result->broker, ms, result->brokers);
	for (int i = 0; i < result->brokers; i++)
		log_msg(GW6C_INFO, "redirect", "distance to %s port %u: %s",
			result->broker[i].host, result->broker[i].port,
			distance_text(ms[i], room));
	gw6c_fail(&result->err, GW6C_EPEER,
		  "%s redirects to %d brokers; %s is the nearest (%s)",
		  client->attempts.broker.host, result->brokers,
		  result->broker[0].host, distance_text(ms[0], room));
	client_save_list(client, result);
	redirect_follow(client);
}

static void redirect_circle(struct client *client)
{
	gw6c_fail(&client->redirect->result.err, GW6C_EPEER,
		  "%s: redirection loop (more than %d redirections, or %d "
		  "visits to each broker named); report it to their operator",
		  client->attempts.broker.host, ATTEMPTS_REDIRECTS,
		  ATTEMPTS_VISITS);
	redirect_follow(client);
}

void redirect_start(struct client *client, const struct session_result *result)
{
	struct redirect *redirect = calloc(1, sizeof(*redirect));

	client->attempts.sent_by_private =
		!is_public(&client->addr[client->attempts.addr]);
	if (!redirect) {
		client_failed(client, result);
		return;
	}
	redirect->result = *result;
	client_leave(client);
	client->redirect = redirect;
	if (attempts_circle(&client->attempts, &redirect->result)) {
		redirect_circle(client);
		return;
	}
	if (redirect->result.brokers > 1)
		redirect->distances =
			distances_start(client->params.loop,
					redirect->result.broker,
					redirect->result.brokers,
					client_family(client),
					redirect_measured, client);
	if (redirect->distances)
		client_enter(client, CLIENT_MEASURING);
	else
		redirect_follow(client);
}
