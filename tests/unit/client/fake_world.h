/* fake_world.h - all that a client deals with, under a test's control: time,
 * names, sessions, the tunnel, the log. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_FAKE_WORLD_H
#define GW6C_FAKE_WORLD_H

#include "core/base/own_net.h"
#include "core/client/client_parts.h"
#include "core/client/proven.h"
#include "core/client/trust.h"

#define WORLD_TIMERS 32
#define WORLD_SESSIONS 16
#define WORLD_SOCK 7 /* of each session over UDP */
#define WORLD_START_MS 1000000
#define WORLD_WALL 1790000000 /* 2026-09-21 14:13:20 UTC, at the start */

struct transport {
	bool udp;
};

struct session {
	struct session_params params;
	void (*done)(void *arg, const struct session_result *result);
	void *arg;
	struct session_result result;
	struct transport transport;
	bool used; /* and not freed */
};

struct tunnel {
	struct tunnel_events events;
	const struct host_client *client;
	bool show_only;
	struct gw6c_lease lease;
	struct gw6c_plan plan;
	bool applied;
	bool proven; /* something came through */
	bool later; /* start and stop end when the test says so */
	struct gw6c_err refuses; /* the next starts; rc 0: none */
	int starts, stops, pauses, probes, doubts, reloads, let_goes;
	int sock;
	enum gw6c_reason reason; /* of the last start or stop */
	bool alive; /* of the last stop */
	char why[300]; /* and this */
	struct conf *conf; /* of the last reload */
};

struct world {
	uint64_t now_ms;
	int64_t wall_ms; /* that the clock on the wall is ahead */
	struct gw6c_watch *timers[WORLD_TIMERS];
	struct lookup *lookup; /* that runs, or NULL */
	char name[GW6C_NAME]; /* and what it looks up */
	struct session sessions[WORLD_SESSIONS];
	int n_sessions; /* so far */
	bool no_session; /* the next does not begin */
	struct tunnel tunnel;
	bool asked_by_others; /* the status, by who is not the owner */
	bool probing;
	struct gw6c_addr probed;
	void (*seen)(void *arg);
	void *seen_arg;
	const char *net; /* of what names resolve to, "192.0.2." */
	int listed; /* brokers in the broker-list file: "list0" and so on */
	struct trust trust; /* of the last question, */
	int trusts; /* and how many there were */
	bool pinned; /* the key of home is known */
	struct proven proven; /* the record of logins at home, */
	struct proven elsewhere; /* and anywhere else */
	bool pinned_there; /* the key of any other broker is known */
	const char *led; /* a broker that home led to before, or NULL */
	int leds; /* and so many others before: "l0" and so on */
	const char *led_home; /* what home is called there; NULL: "home" */
	struct proven led_now; /* the last that was written down, */
	char led_from[GW6C_NAME]; /* and from where */
	/* The mechanisms that the configuration allows, NULL ends. */
	const struct gw6c_plugin *auths[8];
	char prefix[512]; /* those of before, as in their file */
	struct own_net nets[8]; /* of this machine, */
	int n_nets; /* so many, */
	bool no_nets; /* and they cannot be read */
	struct own_net routes[4]; /* directly, */
	int n_routes; /* so many */
	struct network networks[NETWORKS_MAX]; /* in the file, */
	int n_networks; /* so many */
	int measured; /* brokers that are being measured; 0: none */
	void (*distances)(void *arg, const uint32_t *ms);
	void *distances_arg;
	struct gw6c_addr source; /* our address on the way to anybody */
	bool only6; /* there is no way to IPv4 */
	uint32_t os_flags;
	int saved_last, saved_list;
	bool attended; /* there is a terminal */
	int ups, ends;
	struct gw6c_err unfit; /* what tunnel_check() says; rc 0: nothing */
	int checks;
	char words[700]; /* of the state, as told last */
	int told; /* how often that was */
	enum end end;
	char log[8192]; /* "level tag: text\n" of each line */

	struct settings settings;
	struct client *client;
};

extern struct world world;

/* A client that has begun: it looks up "home". */
void world_begin(void);
/* The same, with these changes made to world before. */
void world_begin_with(void (*change)(struct client_params *params));
void world_end(void);

/* Let time pass, and run what is due. */
void world_pass(uint64_t ms);
/* How many timers run. */
int world_timers(void);
/* The name has n addresses: net and 1, and so on. */
void world_resolve(int n);
/* The session that began last. */
struct session *world_session(void);
/* It ends so. */
void world_session_ends(const struct session_result *result);
void world_grant(void);
/* From nothing to a tunnel. */
void world_up(void);
/* Sessions that were not freed. */
int world_sessions(void);

void world_lost(bool dead_peer);
void world_control(const char *hex);
/* Started or stopped, as the test says. */
void world_started(int rc);
void world_stopped(void);

bool world_logged(const char *text);
enum client_state world_state(void);
/* A line of the status, "" if it is not there. */
const char *world_status(const char *name);

#endif
