/* attempts.c - which broker, address, transport and version come next. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "attempts.h"
#include <ctype.h>
#include <gw6c/plugin.h>

/* --- loop protection --------------------------------------------------- */

static uint64_t mark_add(uint64_t mark, uint8_t octet)
{
	return (mark ^ octet) * 0x100000001b3u; /* FNV-1a */
}

/* Of host and port, however an address or the case of a name is written. */
static uint64_t attempts_mark(const struct server_addr *broker)
{
	uint64_t mark = 0xcbf29ce484222325u;

	if (broker->literal.family)
		for (size_t i = 0; i < sizeof(broker->literal.octets); i++)
			mark = mark_add(mark, broker->literal.octets[i]);
	else
		for (const char *at = broker->host; *at; at++)
			mark = mark_add(mark,
					(uint8_t)tolower((unsigned char)*at));
	mark = mark_add(mark, (uint8_t)(broker->port >> 8));
	return mark_add(mark, (uint8_t)broker->port);
}

static int attempts_visits(const struct attempts *attempts,
			   const struct server_addr *broker)
{
	uint64_t mark = attempts_mark(broker);
	int visits = 0;

	for (int i = 0; i < attempts->visits; i++)
		visits += attempts->trail[i] == mark;
	return visits;
}

bool attempts_circle(const struct attempts *attempts,
		     const struct session_result *result)
{
	if (attempts->redirects >= ATTEMPTS_REDIRECTS)
		return true;
	for (int i = 0; i < result->brokers; i++)
		if (attempts_visits(attempts, &result->broker[i]) <
		    ATTEMPTS_VISITS)
			return false;
	return true;
}

static void attempts_visit(struct attempts *attempts,
			   const struct server_addr *broker)
{
	if (attempts->visits < ATTEMPTS_TRAIL)
		attempts->trail[attempts->visits++] = attempts_mark(broker);
}

/* Redirects and visits count anew: after a wait too, or a list whose brokers
 * come back late would never be followed again. */
static void attempts_forgive(struct attempts *attempts)
{
	attempts->redirects = 0;
	attempts->visits = 0;
}

/* --- where to -------------------------------------------------------- */

static void attempts_first(struct attempts *attempts,
			   const struct server_addr *broker)
{
	attempts_visit(attempts, broker);
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
	attempts->redirected = false;
	attempts_forgive(attempts);
	attempts_first(attempts, &attempts->home);
}

void attempts_init(struct attempts *attempts, const struct settings *settings,
		   const struct gw6c_tunnel_ops *mode)
{
	memset(attempts, 0, sizeof(*attempts));
	attempts->home = settings->broker;
	attempts->udp_only = !(mode->over & GW6C_OVER_TCP);
	attempts->old_ok =
		settings->allow_v1 && !attempts->udp_only && mode->outer == 4;
	attempts->delay_ms = (uint32_t)settings->retry_delay * 1000;
	attempts->delay_max_ms = (uint32_t)settings->retry_delay_max * 1000;
	attempts_home(attempts);
}

void attempts_fallback(struct attempts *attempts,
		       int (*read)(void *arg, struct server_addr *out, int max),
		       void *arg)
{
	attempts->fallback = read;
	attempts->fallback_arg = arg;
}

void attempts_resolved(struct attempts *attempts, int n)
{
	attempts->addrs = n;
	if (attempts->addr >= n)
		attempts->addr = 0;
}

/* delay_ms, doubled with each further failure, up to most_ms; and up to a tenth
 * more, so that the clients of a broker that was away do not come back in
 * step. */
static uint32_t doubled(uint64_t delay_ms, int failures, uint64_t most_ms,
			double jitter)
{
	for (int i = 1; i < failures && delay_ms < most_ms; i++)
		delay_ms *= 2;
	if (delay_ms > most_ms)
		delay_ms = most_ms;
	return (uint32_t)(delay_ms +
			  (uint64_t)((double)delay_ms / 10 * jitter));
}

/* From retry_delay up to retry_delay_max, a second at least. */
static uint32_t attempts_wait(const struct attempts *attempts, double jitter)
{
	uint32_t least_ms =
		attempts->delay_ms < 1000 ? 1000 : attempts->delay_ms;
	uint32_t most_ms =
		attempts->delay_max_ms < 1000 ? 1000 : attempts->delay_max_ms;

	return doubled(least_ms, attempts->failures, most_ms, jitter);
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

/* The next of the list; one that was visited often enough counts as dead. */
static enum attempts_move attempts_next_broker(struct attempts *attempts,
					       double jitter, uint32_t *wait_ms)
{
	while (++attempts->at < attempts->listed) {
		const struct server_addr *next = &attempts->list[attempts->at];

		if (attempts_visits(attempts, next) >= ATTEMPTS_VISITS)
			continue;
		attempts_first(attempts, next);
		return ATTEMPTS_NOW;
	}
	return attempts_later(attempts, jitter, wait_ms);
}

/* This broker cannot be reached at all. */
static enum attempts_move attempts_unreachable(struct attempts *attempts,
					       double jitter, uint32_t *wait_ms)
{
	if (attempts->at < 0 && attempts->fallback)
		attempts->listed =
			attempts->fallback(attempts->fallback_arg,
					   attempts->list, TSP_BROKERS);
	return attempts_next_broker(attempts, jitter, wait_ms);
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
	return attempts_unreachable(attempts, jitter, wait_ms);
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

static enum attempts_move
attempts_redirected(struct attempts *attempts,
		    const struct session_result *result, double jitter,
		    uint32_t *wait_ms)
{
	if (attempts_circle(attempts, result))
		return attempts_later(attempts, jitter, wait_ms);
	attempts->redirects++;
	attempts->redirected = true;
	attempts->listed = result->brokers;
	memcpy(attempts->list, result->broker,
	       sizeof(result->broker[0]) * (size_t)result->brokers);
	attempts->at = -1;
	return attempts_next_broker(attempts, jitter, wait_ms);
}

static bool is_of_wire(const struct session_result *result)
{
	if (result->reason == REASON_FORGED)
		return true;
	return result->status == 310 || (!result->status && !result->reason &&
					 result->err.rc == GW6C_ENET);
}

/* The broker talked to us, and it came to nothing, but that can pass. */
static enum attempts_move attempts_failed(struct attempts *attempts,
					  const struct session_result *result,
					  double jitter, uint32_t *wait_ms)
{
	if (result->reason == REASON_RESOLVE) {
		enum attempts_move move =
			attempts_unreachable(attempts, jitter, wait_ms);

		/* A resolver is asked sooner: that hurts no broker. */
		if (*wait_ms > ATTEMPTS_NAME_MS)
			*wait_ms = ATTEMPTS_NAME_MS;
		return move;
	}
	if (result->reason == REASON_REDIRECT)
		return attempts_later(attempts, jitter, wait_ms);
	/* The wire broke, or the broker inside: the other transport may do. */
	if (!attempts->tcp && !attempts->udp_only && is_of_wire(result)) {
		attempts->tcp = true;
		return ATTEMPTS_NOW;
	}
	return attempts_next_broker(attempts, jitter, wait_ms);
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
	/* That we do not log in there is no verdict on our account. */
	if (attempts->at >= 0 && (result->reason == REASON_LOGIN ||
				  result->reason == REASON_MECHANISM))
		return attempts_failed(attempts, result, jitter, wait_ms);
	switch (result->err.rc) {
	case GW6C_ENET:
	case GW6C_EPEER:
		return attempts_failed(attempts, result, jitter, wait_ms);
	default:
		return ATTEMPTS_STOP;
	}
}

/* A 303 over TCP proves nothing: behind a NAT, v6anyv4 works over UDP only.
 * Report why UDP failed. */
static const struct session_result *
attempts_udp_failure(struct attempts *attempts,
		     const struct session_result *refused)
{
	struct session_result *failure = &attempts->udp_failure;
	struct gw6c_err first = failure->err;

	if (failure->end == SESSION_SILENT) {
		gw6c_fail(&failure->err, first.rc,
			  "%.200s; then: TCP is answered, but this mode needs "
			  "UDP: let UDP port %u through the firewall on the "
			  "way (over TCP: status %d)",
			  first.text, attempts->broker.port, refused->status);
		return failure;
	}
	gw6c_fail(&failure->err, first.rc, "%.200s; then: %s", first.text,
		  refused->err.text);
	return failure;
}

/* Of a mode that has nothing but UDP. The next session has its own stamps. */
static const struct session_result *
attempts_udp_only(struct attempts *attempts,
		  const struct session_result *failed)
{
	struct session_result *failure = &attempts->udp_failure;
	const char *text = failed->err.text;
	int rc = failed->err.rc;

	if (failed->end != SESSION_SILENT && failed->reason != REASON_FORGED)
		return failed;
	*failure = *failed;
	if (failed->reason == REASON_FORGED)
		gw6c_fail(&failure->err, rc,
			  "%.300s; this tunnel_mode works over UDP only, so "
			  "the login cannot go over TCP, where this is harder, "
			  "and UDP is tried again",
			  text);
	else
		gw6c_fail(&failure->err, rc,
			  "%.300s; if the broker is running, let UDP port %u "
			  "through the firewall on the way",
			  text, attempts->broker.port);
	return failure;
}

enum attempts_move attempts_next(struct attempts *attempts,
				 const struct session_result **result,
				 double jitter, uint32_t *wait_ms)
{
	bool tcp = attempts->tcp;
	enum attempts_move move;

	if (tcp && (*result)->status == 303 && attempts->udp_failure.err.rc)
		*result = attempts_udp_failure(attempts, *result);
	if (attempts->udp_only)
		*result = attempts_udp_only(attempts, *result);
	move = attempts_after(attempts, *result, jitter, wait_ms);
	if (!attempts->tcp || tcp)
		return move;
	attempts->udp_failure = **result;
	/* An older version is not UDP's fault. */
	if ((*result)->end == SESSION_VERSION)
		attempts->udp_failure.err.rc = GW6C_OK;
	return move;
}

/* From retry_delay_max up to an hour; a broker that asks for a password is not
 * asked more often than every ten seconds, whatever the settings say. */
uint32_t attempts_refused(struct attempts *attempts, double jitter)
{
	uint32_t least_ms = attempts->delay_max_ms;

	if (least_ms < ATTEMPTS_REFUSED_LEAST_MS)
		least_ms = ATTEMPTS_REFUSED_LEAST_MS;
	attempts->refusals++;
	attempts_home(attempts);
	return doubled(least_ms, attempts->refusals, ATTEMPTS_REFUSED_MS,
		       jitter);
}

uint32_t attempts_lost(struct attempts *attempts, uint64_t up_s, double jitter)
{
	uint32_t wait_ms;

	attempts_forgive(attempts);
	attempts_visit(attempts, &attempts->broker);
	attempts->addr = 0;
	if (up_s >= ATTEMPTS_STABLE_S)
		attempts->failures = 0;
	wait_ms = attempts->failures ? attempts_wait(attempts, jitter) : 0;
	if (up_s < ATTEMPTS_STABLE_S)
		attempts->failures++;
	return wait_ms;
}

void attempts_moved(struct attempts *attempts)
{
	attempts->failures = 0;
	attempts->addr = 0;
	attempts->tcp = tsp_versions[attempts->version] < TSP_V200;
	attempts->udp_failure.err.rc = GW6C_OK;
}

void attempts_afresh(struct attempts *attempts)
{
	attempts->failures = 0;
	attempts_home(attempts);
}
