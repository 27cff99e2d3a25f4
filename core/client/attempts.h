/* attempts.h - which broker, address, transport and version come next. Pure:
 * no clock, no socket (RFC 5572 section 4; design of the retry rules). */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_CORE_CLIENT_ATTEMPTS_H
#define GW6C_CORE_CLIENT_ATTEMPTS_H

#include "core/tsp/session.h"

#define ATTEMPTS_REDIRECTS 8 /* followed before a tunnel or a wait */
#define ATTEMPTS_VISITS 3 /* of one broker among them */
#define ATTEMPTS_TRAIL ((ATTEMPTS_REDIRECTS + 2) * TSP_BROKERS)
#define ATTEMPTS_NAME_MS 10000 /* longest wait after a name was not found */
#define ATTEMPTS_REFUSED_MS 3600000 /* longest wait after a refusal */
#define ATTEMPTS_REFUSED_LEAST_MS 10000 /* shortest, so early */
#define ATTEMPTS_STABLE_S 60 /* a tunnel up that long forgives failures */

struct attempts {
	struct server_addr home; /* as configured */
	struct server_addr broker; /* the one to try */
	int addr, addrs; /* position among its addresses, and how many */
	bool tcp; /* transport to use */
	bool udp_only; /* the mode allows no other */
	bool old_ok; /* versions below 2.0.0 may be offered */
	int version; /* index into tsp_versions */
	int failures; /* consecutive, for the wait */
	int refusals; /* likewise, since the last tunnel */
	uint32_t delay_ms, delay_max_ms; /* retry_delay, retry_delay_max */
	struct server_addr list[TSP_BROKERS]; /* of the last redirect */
	int listed, at; /* entries; the one tried, -1: home */
	bool redirected; /* the list is of a redirect, not of a file */
	bool sent_by_private; /* and that came from such an address */
	/* What to try when home is unreachable, NULL: nothing. */
	int (*fallback)(void *arg, struct server_addr *out, int max);
	void *fallback_arg;
	int redirects; /* since the last tunnel or wait */
	int visits; /* likewise; a mark of each broker tried is in trail */
	uint64_t trail[ATTEMPTS_TRAIL];
	/* Why UDP was given up; err.rc 0: it was not. */
	struct session_result udp_failure;
};

enum attempts_move {
	ATTEMPTS_NOW, /* try what the struct says after wait_ms */
	ATTEMPTS_WAIT, /* the same, but all that could be tried has failed */
	ATTEMPTS_STOP, /* a refusal: the operator should act */
};

void attempts_init(struct attempts *attempts, const struct settings *settings,
		   const struct gw6c_tunnel_ops *mode);

/* Where to read the broker-list file: asked each time when the configured
 * broker cannot be reached, and tried in order then, once each. */
void attempts_fallback(struct attempts *attempts,
		       int (*read)(void *arg, struct server_addr *out, int max),
		       void *arg);

/* Would following this redirect go in circles? Too many of them in a row, or
 * no broker of the list that was not visited often enough. */
bool attempts_circle(const struct attempts *attempts,
		     const struct session_result *result);

/* The name was resolved to n addresses: begin with the first. */
void attempts_resolved(struct attempts *attempts, int n);

/* A session ended otherwise than with a tunnel; or, end SESSION_FAILED with
 * GW6C_ENET, the name did not resolve. jitter: 0..1. */
enum attempts_move attempts_after(struct attempts *attempts,
				  const struct session_result *result,
				  double jitter, uint32_t *wait_ms);

/* The same; *result becomes what is to be reported, which may be why UDP was
 * given up before. */
enum attempts_move attempts_next(struct attempts *attempts,
				 const struct session_result **result,
				 double jitter, uint32_t *wait_ms);

/* After ATTEMPTS_STOP, ask home again: how long to wait before. */
uint32_t attempts_refused(struct attempts *attempts, double jitter);

/* A tunnel that was up for up_s seconds ended: how long to wait. */
uint32_t attempts_lost(struct attempts *attempts, uint64_t up_s, double jitter);

/* We are elsewhere: what failed before tells nothing of here. */
void attempts_moved(struct attempts *attempts);

/* The network has changed, or the broker was seen alive: begin afresh. */
void attempts_afresh(struct attempts *attempts);

#endif
