/* tunnel.h - one granted tunnel: its plan on the system, its data path, its
 * keepalive, and the features that are told about it. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_CORE_TUNNEL_TUNNEL_H
#define GW6C_CORE_TUNNEL_TUNNEL_H

#include "core/config/settings.h"
#include "core/modules/loader.h"
#include "planner.h"

struct tunnel;

struct tunnel_events {
	/* The first ping was answered, and the first after a miss. */
	void (*alive)(void *arg, double rtt_ms);
	/* The tunnel is dead: three missed rounds (dead_peer), or the data
	 * path broke. It stays as it is until tunnel_pause(). */
	void (*lost)(void *arg, bool dead_peer, const struct gw6c_err *why);
	/* A control datagram of the broker came over the tunnel's socket. */
	void (*control)(void *arg, struct gw6c_bytes datagram);
	/* The addresses or routes of this machine have changed. */
	void (*network_changed)(void *arg);
	/* Another program removed a part of the tunnel; what names it. */
	void (*damaged)(void *arg, const char *what);
	void *arg;
};

/* Borrowed until tunnel_free(). */
struct tunnel_params {
	struct loop *loop;
	struct loader *loader;
	struct conf *conf;
	const struct settings *settings;
	const struct gw6c_plugin *os; /* already loaded */
	bool show_only; /* print what it would do; it has show() */
	const struct tunnel_events *events;
};

/* Open the OS backend and the features; nothing is changed. */
int tunnel_new(const struct tunnel_params *params, struct tunnel **out,
	       struct gw6c_err *err);
void tunnel_free(struct tunnel *tunnel); /* stops first; NULL is fine */

/* May and can a tunnel be made here? Asked before the broker is. */
int tunnel_check(struct tunnel *tunnel, struct gw6c_err *err);
/* Revert what an earlier run left. */
int tunnel_sweep(struct tunnel *tunnel, struct gw6c_err *err);

/* Set it up. What is up already and would be the same is left alone: only
 * the data path moves to the new socket (-1: none). */
int tunnel_start(struct tunnel *tunnel, const struct gw6c_lease *granted,
		 int sock, struct gw6c_err *err);
/* Stop the data path and the keepalive; interface, addresses and routes
 * stay, for a new session that may get the same. */
void tunnel_pause(struct tunnel *tunnel);
/* Ping the broker now: something may have happened to the way there. */
void tunnel_probe(struct tunnel *tunnel);
/* Revert everything. */
void tunnel_stop(struct tunnel *tunnel);

/* Forget it without reverting anything: it is not of this machine. */
void tunnel_let_go(struct tunnel *tunnel);

/* The lease in force, NULL if the system carries no plan. */
const struct gw6c_lease *tunnel_lease(const struct tunnel *tunnel);
const struct gw6c_plan *tunnel_plan(const struct tunnel *tunnel);
/* False: nothing in user space moves packets. */
bool tunnel_count(struct tunnel *tunnel, struct gw6c_counters *out);
/* As keepalive_age_ms(). */
int64_t tunnel_age_ms(const struct tunnel *tunnel, double *rtt_ms);

#endif
