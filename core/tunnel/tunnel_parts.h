/* tunnel_parts.h - the tunnel's state, shared by tunnel*.c only. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_CORE_TUNNEL_TUNNEL_PARTS_H
#define GW6C_CORE_TUNNEL_TUNNEL_PARTS_H

#include "features.h"
#include "keepalive.h"
#include "plan_run.h"
#include "tunnel.h"
#include <limits.h>

enum tunnel_state {
	TUNNEL_OFF, /* nothing of ours is on the system */
	TUNNEL_STARTING, /* the former plan goes, or the new one comes */
	TUNNEL_ON,
	TUNNEL_LEAVING, /* features say goodbye */
	TUNNEL_STOPPING, /* the plan goes */
};

/* A lease with all that is made of it. */
struct grant {
	struct gw6c_lease lease;
	struct gw6c_plan plan;
	struct gw6c_plan wish; /* the same as asked for: the system may refuse
				  what features add */
	uint32_t added; /* steps by features, the last ones */
	const struct gw6c_plugin *mode;
	int sock; /* of the session; -1: none */
};

/* tunnel_path.c: what moves packets, and proves that they pass. */
struct path {
	bool running;
	bool proven; /* a packet has come through */
	bool doubting; /* keepalive is for a doubt, and goes then */
	bool deaf; /* that echo replies do not reach us was told */
	uint64_t heard; /* in_packets when it was looked at last */
	const struct gw6c_plugin *mode; /* whose data path is open, or NULL */
	struct gw6c_host *host;
	void *self;
	struct keepalive *keepalive;
};

struct tunnel {
	struct tunnel_params params;
	struct tunnel_events events;
	enum tunnel_state state;
	struct backend os;
	struct gw6c_host *os_host;
	struct journal journal;
	char journal_path[PATH_MAX];
	struct features *features;
	struct plan_run run;
	bool applied; /* what is in force is on the system */
	bool damaged; /* though not all of it any more */
	bool reloading; /* the start is our own: nobody waits for its end */
	struct grant now; /* in force */
	struct grant next; /* to be started */
	bool changed; /* features know a lease before, which was: */
	struct gw6c_lease before;
	struct gw6c_err failure; /* of the start, while it is undone */
	enum gw6c_reason reason; /* of what features are told */
	char why[256];
	struct path path;
};

/* Nothing happens on the system. */
bool tunnel_is_dry(const struct tunnel *tunnel);
struct gw6c_news tunnel_news(const struct tunnel *tunnel);

/* --- tunnel_plan.c --- */

/* Fill in mode, plan and what the lease has to be on this machine. */
int tunnel_prepare(struct tunnel *tunnel, struct grant *grant,
		   struct gw6c_err *err);

/* --- tunnel_path.c --- */

int path_open(struct tunnel *tunnel, struct gw6c_err *err);
void path_close(struct tunnel *tunnel);
/* Packets pass: tell features what they do not know yet. */
void path_prove(struct tunnel *tunnel);

/* --- tunnel_life.c --- */

/* Set up tunnel->next. */
void tunnel_replace(struct tunnel *tunnel, enum gw6c_reason reason);
/* Revert everything, without goodbyes. */
void tunnel_stop_now(struct tunnel *tunnel);
/* The last feature has left. */
void tunnel_left(void *arg);

#endif
