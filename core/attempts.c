/* attempts.c - which broker, address, transport and version come next. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "attempts.h"
#include <gw6c/plugin.h>

static void attempts_first(struct attempts *attempts,
			   const struct tsp_server *broker)
{
	attempts->broker = *broker;
	attempts->tcp = false;
	attempts->version = 0;
	attempts->addr = 0;
	attempts->addrs = 0;
}

static void attempts_home(struct attempts *attempts)
{
	attempts->listed = 0;
	attempts->at = -1;
	attempts_first(attempts, &attempts->home);
}

void attempts_init(struct attempts *attempts, const struct settings *settings,
		   uint32_t tunnel_flags)
{
	memset(attempts, 0, sizeof(*attempts));
	attempts->home = settings->broker;
	attempts->udp_only = tunnel_flags & GW6C_TUNNEL_UDP_ONLY;
	attempts->old_ok = settings->allow_v1 && !attempts->udp_only &&
			   !(tunnel_flags & GW6C_TUNNEL_OUTER6);
	attempts->delay_ms = (uint32_t)settings->retry_delay * 1000;
	attempts->delay_max_ms = (uint32_t)settings->retry_delay_max * 1000;
	attempts_home(attempts);
}

void attempts_fallback(struct attempts *attempts, const struct tsp_server *list,
		       int n)
{
	attempts->fallbacks = n;
	memcpy(attempts->fallback, list, sizeof(*list) * (size_t)n);
}

void attempts_resolved(struct attempts *attempts, int n)
{
	attempts->addrs = n;
	if (attempts->addr >= n)
		attempts->addr = 0;
}

/* retry_delay, doubled with each further failure, up to retry_delay_max; a
 * second at least, and up to a tenth more, so that the clients of a broker
 * that was away do not come back in step. */
static uint32_t attempts_wait(const struct attempts *attempts, double jitter)
{
	uint64_t wait_ms = attempts->delay_ms;

	for (int i = 1; i < attempts->failures; i++) {
		wait_ms *= 2;
		if (wait_ms >= attempts->delay_max_ms)
			break;
	}
	if (wait_ms > attempts->delay_max_ms)
		wait_ms = attempts->delay_max_ms;
	if (wait_ms < 1000)
		wait_ms = 1000;
	return (uint32_t)(wait_ms + (uint64_t)((double)wait_ms / 10 * jitter));
}

/* Everything has failed: from the configured server, after a wait. */
static enum attempts_move attempts_later(struct attempts *attempts,
					 double jitter, uint32_t *wait_ms)
{
	attempts->failures++;
	*wait_ms = attempts_wait(attempts, jitter);
	attempts_home(attempts);
	return ATTEMPTS_WAIT;
}

static enum attempts_move attempts_next_broker(struct attempts *attempts,
					       double jitter, uint32_t *wait_ms)
{
	if (attempts->at < 0 && attempts->fallbacks) {
		attempts->listed = attempts->fallbacks;
		memcpy(attempts->list, attempts->fallback,
		       sizeof(attempts->list));
	}
	if (attempts->at + 1 >= attempts->listed)
		return attempts_later(attempts, jitter, wait_ms);
	attempts->at++;
	attempts_first(attempts, &attempts->list[attempts->at]);
	return ATTEMPTS_NOW;
}

/* Nobody answered there: the next address, transport, broker. */
static enum attempts_move attempts_elsewhere(struct attempts *attempts,
					     double jitter, uint32_t *wait_ms)
{
	if (attempts->addr + 1 < attempts->addrs) {
		attempts->addr++;
		return ATTEMPTS_NOW;
	}
	attempts->addr = 0;
	if (!attempts->tcp && !attempts->udp_only) {
		attempts->tcp = true;
		return ATTEMPTS_NOW;
	}
	return attempts_next_broker(attempts, jitter, wait_ms);
}

/* Status 302. A pause over UDP: a broker may take the new session, should it
 * have the old one's port, for the old one. */
static enum attempts_move attempts_older(struct attempts *attempts,
					 uint32_t *wait_ms)
{
	uint32_t next = tsp_versions[attempts->version + 1];

	if (!next || (next < TSP_V200 && !attempts->old_ok))
		return ATTEMPTS_STOP;
	attempts->version++;
	*wait_ms = attempts->tcp ? 0 : 1000;
	if (next < TSP_V200)
		attempts->tcp = true;
	return ATTEMPTS_NOW;
}

static bool attempts_same(const struct tsp_server *a,
			  const struct tsp_server *b)
{
	return a->port == b->port && strcmp(a->host, b->host) == 0;
}

static enum attempts_move
attempts_redirected(struct attempts *attempts,
		    const struct session_result *result, double jitter,
		    uint32_t *wait_ms)
{
	int visits = 0;

	if (attempts->redirects >= ATTEMPTS_REDIRECTS || result->brokers < 1)
		return attempts_later(attempts, jitter, wait_ms);
	attempts->visited[attempts->redirects++] = attempts->broker;
	for (int i = 0; i < attempts->redirects; i++)
		visits += attempts_same(&attempts->visited[i],
					&result->broker[0]);
	if (visits >= ATTEMPTS_VISITS)
		return attempts_later(attempts, jitter, wait_ms);
	attempts->listed = result->brokers;
	memcpy(attempts->list, result->broker,
	       sizeof(result->broker[0]) * (size_t)result->brokers);
	attempts->at = 0;
	attempts_first(attempts, &attempts->list[0]);
	return ATTEMPTS_NOW;
}

enum attempts_move attempts_after(struct attempts *attempts,
				  const struct session_result *result,
				  double jitter, uint32_t *wait_ms)
{
	*wait_ms = 0;
	switch (result->end) {
	case SESSION_SILENT:
		return attempts_elsewhere(attempts, jitter, wait_ms);
	case SESSION_VERSION:
		return attempts_older(attempts, wait_ms);
	case SESSION_REDIRECT:
		return attempts_redirected(attempts, result, jitter, wait_ms);
	default:
		break;
	}
	switch (result->err.rc) {
	case GW6C_ENET:
	case GW6C_EPEER:
		return attempts_next_broker(attempts, jitter, wait_ms);
	default:
		return ATTEMPTS_STOP;
	}
}

uint32_t attempts_lost(struct attempts *attempts, uint64_t up_s, double jitter)
{
	uint32_t wait_ms;

	attempts->redirects = 0;
	attempts->addr = 0;
	if (up_s >= ATTEMPTS_STABLE_S)
		attempts->failures = 0;
	wait_ms = attempts->failures ? attempts_wait(attempts, jitter) : 0;
	if (up_s < ATTEMPTS_STABLE_S)
		attempts->failures++;
	return wait_ms;
}

void attempts_afresh(struct attempts *attempts)
{
	attempts->failures = 0;
	attempts->redirects = 0;
	attempts_home(attempts);
}
