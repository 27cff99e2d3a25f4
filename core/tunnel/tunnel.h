/* tunnel.h - one granted tunnel: its plan on the system, its data path, its
 * keepalive, and the features that are told about it. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_CORE_TUNNEL_TUNNEL_H
#define GW6C_CORE_TUNNEL_TUNNEL_H

#include "core/config/settings.h"
#include "core/modules/host.h"
#include "core/modules/loader.h"
#include <gw6c/plugin.h>

struct tunnel;

struct tunnel_events {
	/* tunnel_start() has ended: GW6C_OK in err, or why it is not up, and
	 * then nothing of it is left. */
	void (*started)(void *arg, const struct gw6c_err *err);
	/* tunnel_stop() has ended: nothing of ours is left. */
	void (*stopped)(void *arg);
	/* The first ping was answered, and the first after a miss. */
	void (*alive)(void *arg, double rtt_ms);
	/* The tunnel is dead: three missed rounds (dead_peer), a doubt that was
	 * right (the same, and GW6C_EPEER), or the data path broke. It stays as it is until tunnel_pause(). */
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
	const struct host_client *client; /* for plugins; NULL: none */
};

/* Open the OS backend and the features. */
int tunnel_new(const struct tunnel_params *params, struct tunnel **out,
	       struct gw6c_err *err);
/* Stops at once: no feature is asked to leave, no event comes any more, and a
 * slow step is waited for. NULL is fine. */
void tunnel_free(struct tunnel *tunnel);

/* May and can a tunnel be made here? Asked before the broker is. */
int tunnel_check(struct tunnel *tunnel, struct gw6c_err *err);
/* Revert what an earlier run left. */
int tunnel_sweep(struct tunnel *tunnel, struct gw6c_err *err);

/* Tell each network that the system reaches directly by a route, but for those
 * by its own addresses, and of a tunnel of ours. */
void tunnel_networks(struct tunnel *tunnel,
		     void (*tell)(void *arg, const char *dev,
				  const struct gw6c_addr *network),
		     void *arg);

/* Set it up; started() tells of the end, perhaps before this returns. What is
 * up already and would be the same is left alone: only the data path moves to
 * the new socket (-1: none). reason: of what features are told meanwhile. Not
 * while a start or stop is under way. */
void tunnel_start(struct tunnel *tunnel, const struct gw6c_lease *granted,
		  int sock, enum gw6c_reason reason);
/* Stop the data path and the keepalive; interface, addresses and routes
 * stay, for a new session that may get the same. */
void tunnel_pause(struct tunnel *tunnel);
/* Ping the broker now: something may have happened to the way there. */
void tunnel_probe(struct tunnel *tunnel);
/* Somebody says in the broker's name that it does not know this session. Ask
 * through the tunnel: lost() comes if that is so. */
void tunnel_doubt(struct tunnel *tunnel);
/* Revert everything; stopped() tells of the end, perhaps before this returns.
 * alive: packets still pass, so features may say goodbye first, for up to 5 s.
 * A start that is under way is given up, and started() does not come. A second
 * stop with alive false ends the goodbyes. */
void tunnel_stop(struct tunnel *tunnel, enum gw6c_reason reason,
		 const char *why, bool alive);
/* Options of features have changed, and nothing that needs a new session. The
 * former conf stays in use by the other plugins. Not while a start or stop is
 * under way. When the steps of features differ, all are done again; should
 * that fail, lost() says so. */
void tunnel_reload(struct tunnel *tunnel, struct conf *conf);

/* Forget it without reverting anything: it is not of this machine. */
void tunnel_let_go(struct tunnel *tunnel);

/* The lease in force, NULL if the system carries no plan. */
const struct gw6c_lease *tunnel_lease(const struct tunnel *tunnel);
const struct gw6c_plan *tunnel_plan(const struct tunnel *tunnel);
/* Has a packet come through since it was started? */
bool tunnel_is_proven(const struct tunnel *tunnel);
/* False: nothing in user space moves packets. */
bool tunnel_count(struct tunnel *tunnel, struct gw6c_counters *out);
/* As keepalive_age_ms(). */
int64_t tunnel_age_ms(const struct tunnel *tunnel, double *rtt_ms);
/* The lines that the plugins in use have set: "KIND.NAME.key value". */
void tunnel_put_status(struct tunnel *tunnel, bool owner, struct gw6c_buf *out);

#endif
