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
#include "networks.h"
#include "proven.h"
#include <time.h>

enum client_state {
	CLIENT_IDLE, /* not started, or ended */
	CLIENT_RESOLVING, /* or about to */
	CLIENT_CONNECTING, /* a session runs */
	CLIENT_MEASURING, /* how far the brokers of a redirection are */
	CLIENT_STARTING, /* granted, the tunnel is being set up */
	CLIENT_UP,
	CLIENT_LOSING, /* the tunnel is given up when this call is over */
	CLIENT_STOPPING, /* the tunnel is being reverted; next says what for */
	CLIENT_WAITING,
};

/* What can happen; client_event() says what of it in which state. */
enum client_event {
	EVENT_TIMER, /* of the present state */
	EVENT_RESOLVED, /* n addresses, or none and why in err */
	EVENT_TRANSLATOR, /* n addresses that show one, or none */
	EVENT_SESSION, /* its end: result */
	EVENT_MEASURED, /* the brokers of result are in order */
	EVENT_STARTED, /* the tunnel: err */
	EVENT_STOPPED, /* the tunnel */
	EVENT_LOST, /* the tunnel is dead: err */
	EVENT_SILENT, /* the same, and it may be the doing of a NAT: err */
	EVENT_UNKNOWN, /* status 310: the broker does not know the session */
	EVENT_DAMAGED, /* by another program: why */
	EVENT_NETWORK, /* addresses or routes of this machine have changed */
	EVENT_PROBED, /* the broker answers again */
	EVENT_RENEW, /* the lease ends soon */
	EVENT_RENEWED, /* end of the session beside the tunnel: result */
	EVENT_EXPIRED, /* the lease has ended */
	EVENT_RECONNECT, /* a plugin asks for a new session: why */
	EVENT_STOP, /* an orderly end is wanted: reason */
};

/* What goes with an event; the rest is zero. */
struct client_news {
	const struct session_result *result;
	const struct gw6c_err *err;
	const struct gw6c_addr *addrs;
	int n;
	enum gw6c_reason reason;
	const char *why;
};

/* What follows once the tunnel was given up. */
enum client_next {
	NEXT_BEGIN, /* connect at once; what is set up stays for that */
	NEXT_WAIT, /* connect at retry_at_ms */
	NEXT_WATCH, /* the same, or as soon as the broker is seen */
	NEXT_REFUSED, /* connect at retry_at_ms, or from another address */
	NEXT_REPAIR, /* set it up again, over the session there is */
	NEXT_END,
};

/* client_renew.c: of the lease in force. */
struct renewal {
	struct gw6c_watch *timer; /* to begin */
	struct gw6c_watch *expiry; /* of the lease */
	struct session *session; /* runs beside the tunnel; or the former
				    one, until the new one carries it */
	bool failed; /* told */
};

/* client_blocked.c: networks where the usual mode carries nothing, the one
 * that was noticed last at the end. */
struct blocked {
	struct network network[NETWORKS_MAX];
	int n;
	bool useless; /* the broker has no other mode, either */
};

/* Where the client is, and what it does when that is over. */
struct phase {
	enum client_state state;
	uint64_t since_ms; /* in this state */
	uint64_t retry_at_ms; /* when waiting */
	enum client_next next; /* of LOSING and STOPPING */
	enum end end; /* of NEXT_END */
	enum gw6c_reason reason; /* why the tunnel was given up, or renewed */
};

/* Why the tunnel was lost the last time; at_ms 0: never. */
struct loss {
	uint64_t at_ms;
	char why[200];
};

/* A moment by the clock on the wall, as it was told. */
struct told {
	uint64_t at_ms; /* of the loop: of which one */
	time_t at;
};

/* How often what others cause was reacted to: it is not done at any rate. */
struct reactions {
	uint64_t unknown_ms; /* last one to status 310, 0: never */
	uint64_t repaired_ms; /* last repair of the tunnel, 0: never */
	int restarts; /* of this attempt, since the last wait or tunnel */
};

struct client {
	struct client_params params;
	struct phase phase;
	struct reactions reactions;
	struct loss loss;
	struct told told_since, told_loss; /* in the status */
	const struct gw6c_plugin *auths[SETTINGS_LIST + 1];
	/* Of these, what the broker to try may be given; and why not all. */
	const struct gw6c_plugin *allowed[SETTINGS_LIST + 1];
	char limit[400];
	int limit_rc; /* of a broker that offers none of them */
	struct login_past past; /* of the account at that broker */
	const struct gw6c_plugin *mode; /* of tunnel_mode */
	bool once; /* set up, there is nothing to keep up: it ends */
	struct host_client services; /* for plugins */
	struct tunnel *tunnel;
	struct attempts attempts;
	struct gw6c_addr addr[LOOP_ADDRS]; /* of attempts.broker */
	/* What is asked for through a translator; addr are behind it then. */
	const struct gw6c_plugin *translated;
	struct gw6c_addr home; /* of attempts.home while it is silent */
	struct nat_timeout nat_timeout;
	struct blocked blocked;
	struct conf *features; /* theirs since a reload, or NULL */
	struct conf *fresh; /* to be theirs after a start or stop, or NULL */

	/* What the present state holds, or NULL; see client_leave(). */
	struct gw6c_watch *timer;
	struct gw6c_watch *slow; /* when it is told that it takes long */
	struct lookup *lookup;
	struct session *session; /* runs, or carries the tunnel */
	struct redirect *redirect; /* being measured */
	struct broker_probe *broker_probe;
	struct renewal renewal;

	bool checked; /* this machine can have a tunnel, nothing is left */
	struct gw6c_addr refused; /* our address then; none: not refused */
	struct gw6c_err failure; /* last one told, "" after success */
	char cause[160]; /* of it, without names or what a broker said */
	uint64_t up_ms; /* since when the tunnel is up, 0: it is not */
	unsigned tunnels; /* set up so far */
};

/* --- client.c: the machine --------------------------------------------- */

/* news: never NULL. */
void client_event(struct client *client, enum client_event event,
		  const struct client_news *news);
/* EVENT_TIMER after ms, in place of an earlier one. */
void client_timer(struct client *client, uint64_t ms);
void client_enter(struct client *client, enum client_state state);
/* Drop what the present state holds, but not the tunnel. */
void client_leave(struct client *client);

/* --- client_life.c ------------------------------------------------------- */

/* Can this machine have a tunnel? Then undo what an earlier run left. */
int client_check(struct client *client, struct gw6c_err *err);

/* --- client_connect.c: from a name to a grant, or to the next attempt ---- */

/* Try what attempts says now. */
void client_begin(struct client *client);
void client_resolved(struct client *client, const struct client_news *news);
void client_session_done(struct client *client,
			 const struct session_result *result);
/* May what is refused, or cannot be set up here, pass: is it tried again? */
bool client_is_patient(const struct client *client);
/* The session ended without a tunnel. */
void client_failed(struct client *client, const struct session_result *result);
/* A session with the broker, address and version in use. */
int client_session(struct client *client,
		   void (*done)(void *arg, const struct session_result *result),
		   struct session **out, struct gw6c_err *err);
/* The plugin of a mode, NULL: not installed, and that was told. */
const struct gw6c_plugin *client_mode(void *arg, const char *name);
/* The family of the outer packets of the mode: 4 or 6. */
int client_family(const struct client *client);

/* Is there a way to public addresses of that family? */
bool client_has_network(int family);
/* After EVENT_TRANSLATOR. */
void client_connect(struct client *client);

/* --- client_nat64.c ------------------------------------------------------ */

/* The addresses are of IPv4, which this network has not. True: another way is
 * being looked for, and EVENT_TRANSLATOR tells. */
bool client_seeks_translator(struct client *client);
void client_use_translator(struct client *client,
			   const struct client_news *news);

/* --- client_tunnel.c: how the tunnel starts and ends --------------------- */

void client_tunnel_events(struct client *client, struct tunnel_events *out);
/* What client->session was granted comes into force. */
void client_adopt(struct client *client);
void client_started(struct client *client, const struct gw6c_err *err);
/* It cannot be set up here now; later it may be. */
void client_obstructed(struct client *client, const char *what,
		       const struct gw6c_err *why);
/* Give it up when the present call is over, which may be one of the data path
 * that is to be closed. */
void client_defer(struct client *client, enum client_next next);
/* The tunnel is no more; get another. */
void client_lose(struct client *client, enum gw6c_reason reason,
		 const char *why);
/* Revert it; then comes what next says. alive: packets still pass. */
void client_take_back(struct client *client, enum client_next next, bool alive);
/* The same, and then no more. */
void client_end(struct client *client, enum end status);
/* In LOSING: the call that told of the loss is over. */
void client_relinquish(struct client *client);
void client_stopped(struct client *client);
/* client_reload() may have come too early. */
void client_use_fresh(struct client *client);

/* --- client_events.c: what happens to a tunnel that is up ---------------- */

void client_lost(struct client *client, bool silent,
		 const struct gw6c_err *why);
void client_unknown(struct client *client);
void client_damaged(struct client *client, const char *what);
void client_moved(struct client *client);
/* The network has changed while there was no tunnel: is the attempt that runs
 * of no use any more? Forget what failed before. */
bool client_is_stale(const struct client *client);
/* The same, of a wait after a refusal: does it still count here? */
bool client_is_refused_here(const struct client *client);
void client_afresh(struct client *client);

/* --- client_blocked.c ---------------------------------------------------- */

/* What earlier runs have noticed. */
void client_recall_blocked(struct client *client);
/* tunnel_mode, or what is known to do better here. */
const struct gw6c_plugin *client_asks_for(struct client *client);
/* The tunnel fell silent: was it never of use? */
void client_note_blocked(struct client *client);
/* The broker refused what is asked for instead: true, and then tunnel_mode is
 * asked for again. */
bool client_unblock(struct client *client, const struct session_result *result);

/* --- client_renew.c ------------------------------------------------------ */

/* lifetime_s 0: a lease for ever. */
void client_renew_start(struct client *client, uint32_t lifetime_s);
void client_renew_stop(struct client *client);
void client_renew(struct client *client);
void client_renewed(struct client *client, const struct session_result *result);

/* --- client_redirect.c --------------------------------------------------- */

/* The broker names others: put several in order, then try the first. */
void redirect_start(struct client *client, const struct session_result *result);
void redirect_stop(struct client *client);
/* Of the addresses of a broker that a redirection named, keep those that a
 * stranger may send us to; how many are left. */
int redirect_sift(const struct client *client, struct gw6c_addr *addr, int n);

/* --- client_home.c ------------------------------------------------------- */

/* Which server to begin with, and what to do when it is unreachable. */
int client_choose_home(struct client *client, struct gw6c_err *err);
/* Write down the broker in use, or the brokers of a redirection, where the
 * broker that the session was with may be believed. */
void client_save_last(const struct client *client,
		      const struct session_result *result);
void client_save_list(const struct client *client,
		      const struct session_result *result);

/* --- client_fits.c ------------------------------------------------------- */

/* Of struct session_params. GW6C_EPEER: the lease would take over an address
 * or a network of this machine, and err says which. */
int client_fits(void *arg, const struct gw6c_lease *lease,
		struct gw6c_err *err);

/* --- client_prefixes.c --------------------------------------------------- */

/* Have we had that prefix before? */
bool client_knows_prefix(const struct client *client,
			 const struct gw6c_addr *prefix);
/* The lease came into force: its prefix is known from now on. */
void client_note_prefix(const struct client *client,
			const struct gw6c_lease *lease);

/* --- client_trust.c ------------------------------------------------------ */

/* Of struct session_params. */
int client_trust(void *arg, const struct server_addr *broker,
		 struct gw6c_bytes key, struct gw6c_err *err);
/* The mechanisms for the broker to try, into allowed, and why some are left
 * out into limit; and past. */
void client_choose_logins(struct client *client);
/* Not the broker that the operator chose: a redirection named it, now or
 * before the last start. */
bool client_is_elsewhere(const struct client *client);
/* May what the broker of that session said outlive this run? */
bool client_may_keep(const struct client *client,
		     const struct session_result *result);
/* May that broker be the first to be tried next time? */
bool client_may_return(const struct client *client,
		       const struct session_result *result);

/* --- client_logins.c ----------------------------------------------------- */

/* By what the account last had that broker prove itself; at home, where there
 * is no such login, the brokers that it led to. */
struct proven client_last_login(const struct client *client,
				const struct server_addr *server);
/* The brokers that redirections of home led to, and that have proven themselves
 * then: the last max; how many. */
int client_led_to(const struct client *client, struct server_addr *out,
		  int max);
/* Is there a known key of home, or of one that it led to? */
bool client_home_is_pinned(const struct client *client);
/* A login by which the broker has proven itself is remembered. */
void client_note_login(const struct client *client,
		       const struct session_result *result);

/* --- client_status.c ----------------------------------------------------- */

bool client_behind_nat(const struct gw6c_lease *lease);
/* Tell the state to everybody, in words, when it was entered. */
void client_tell_state(const struct client *client);
/* What the state and the status say from now on. */
void client_note_failure(struct client *client,
			 const struct session_result *result);
/* Log the good news of a lease in force. */
void client_tell_up(const struct client *client);
/* What plugins may ask. */
void client_services(struct client *client, struct host_client *out);

#endif
