/* client_parts.h - the client's state, shared by client*.c only. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_CORE_CLIENT_CLIENT_PARTS_H
#define GW6C_CORE_CLIENT_CLIENT_PARTS_H

#include "attempts.h"
#include "broker_probe.h"
#include "client.h"
#include "core/tsp/session.h"
#include "core/tunnel/tunnel.h"
#include "nat_timeout.h"

enum client_state {
	CLIENT_IDLE, /* not started, or ended */
	CLIENT_MEASURING, /* how far the brokers of a redirection are */
	CLIENT_RESOLVING,
	CLIENT_CONNECTING, /* a session runs */
	CLIENT_UP,
	CLIENT_WAITING,
};

/* client_renew.c: of the lease in force. */
struct renewal {
	struct gw6c_watch *timer; /* to begin */
	struct gw6c_watch *expiry; /* of the lease */
	struct session *session; /* runs beside the tunnel */
	bool failed; /* told */
};

struct client {
	struct client_params params;
	enum client_state state;
	const struct gw6c_plugin *auths[SETTINGS_LIST + 1];
	const struct gw6c_plugin *mode; /* of tunnel_mode */
	struct tunnel *tunnel;
	struct attempts attempts;
	struct gw6c_addr addr[LOOP_ADDRS]; /* of attempts.broker */
	struct gw6c_addr home; /* of attempts.home while it is silent */
	struct lookup *lookup;
	struct session *session; /* runs, or carries the tunnel */
	struct renewal renewal;
	struct redirect *redirect; /* being measured, or NULL */
	struct gw6c_watch *timer; /* wait, or deferred reconnect */
	struct broker_probe *broker_probe;
	struct session_result
		udp_failure; /* why UDP was given up; err.rc 0: it was not */
	struct gw6c_err failure; /* last one told, "" after success */
	const char *mechanism; /* of the session in force */
	bool udp; /* and its transport */
	bool once; /* set up, there is nothing to keep up: it ends */
	bool sent_by_private; /* the last redirect came from such an address */
	uint64_t since_ms; /* in this state */
	uint64_t retry_at_ms; /* when waiting */
	uint32_t lost_wait_ms; /* before the tunnel lost is replaced */
	uint64_t lost_ms; /* when we last reacted to "no session"; 0: never */
	struct nat_timeout nat_timeout;
	int restarts; /* of this attempt, since the last wait or tunnel */
	uint64_t repaired_ms; /* last repair of the tunnel, 0: never */
	unsigned tunnels; /* set up so far */
	struct gw6c_err started; /* how the last start of the tunnel ended */
};

/* client.c: a session with the broker, address and version in use. */
int client_session(struct client *client,
		   void (*done)(void *arg, const struct session_result *result),
		   struct session **out, struct gw6c_err *err);
/* What client->session was granted comes into force; renewed: in the place of
 * the same, without a gap. */
void client_adopt(struct client *client, const struct session_result *result,
		  bool renewed);
/* Try what attempts says now. */
void client_begin(struct client *client);
/* Try again after wait_ms. silent: the broker may be watched out for. */
void client_wait(struct client *client, uint32_t wait_ms, bool silent);

/* Everything undone, and nothing more to be done. */
void client_end(struct client *client, enum end status);

/* --- client_events.c --- */

void client_events(struct client *client, struct tunnel_events *out);
/* The tunnel is no more; get another. Deferred: we may be inside a callback
 * of the data path that is to be closed. */
void client_reconnect(struct client *client, const char *why);

/* client_renew.c. lifetime_s 0: a lease for ever. */
void client_renew_start(struct client *client, uint32_t lifetime_s);
void client_renew_stop(struct client *client);

const char *client_state_name(enum client_state state);

void client_enter(struct client *client, enum client_state state);
/* Drop what the present state holds, but not the tunnel. */
void client_leave(struct client *client);
/* The session ended without a tunnel. */
void client_failed(struct client *client, const struct session_result *result);
/* The family of the outer packets of the mode: 4 or 6. */
int client_family(const struct client *client);

/* --- client_redirect.c --- */

/* The broker names others: put several in order, then try the first. */
void redirect_start(struct client *client, const struct session_result *result);
void redirect_stop(struct client *client);
/* Of the addresses of a broker that a redirection named, keep those that a
 * stranger may send us to; how many are left. */
int redirect_sift(const struct client *client, struct gw6c_addr *addr, int n);

/* --- client_home.c --- */

/* Which server to begin with, and what to do when it is unreachable. */
int client_choose_home(struct client *client, struct gw6c_err *err);
/* Write down the broker in use, or the brokers of a redirection. */
void client_save_last(const struct client *client);
void client_save_list(const struct client *client,
		      const struct session_result *result);

/* --- client_status.c --- */

bool client_behind_nat(const struct gw6c_lease *lease);

/* Log the good news of a lease in force. */
void client_tell_up(const struct client *client);

#endif
