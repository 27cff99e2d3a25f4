/* keepalive.h - pings the broker through the tunnel (RFC 5572 section 4.6). */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_CORE_TUNNEL_KEEPALIVE_H
#define GW6C_CORE_TUNNEL_KEEPALIVE_H

#include "core/base/loop.h"
#include <gw6c/lease.h>

#define KEEPALIVE_MISSES 3 /* rounds without a reply: the tunnel is dead */
#define KEEPALIVE_SENDS 3 /* pings of one round, until one is answered */

struct keepalive;

struct keepalive_events {
	/* The first reply, and the first after a miss. rtt_ms: of that. */
	void (*alive)(void *arg, double rtt_ms);
	/* A round was missed; misses counts them, 3: dead. */
	void (*missed)(void *arg, int misses);
	/* After keepalive_doubt(): no reply, and nothing else was heard. */
	void (*denied)(void *arg);
	/* Has anything come out of the tunnel since this was asked last? NULL:
	 * nobody can tell. A round in which something has is not missed. */
	bool (*heard)(void *arg);
	/* Such a round was without a reply. Mute: rather, a firewall of this
	 * machine let none of its pings out. */
	void (*deaf)(void *arg, bool mute);
	/* Before each ping; may be NULL. It stops nothing. */
	void (*round)(void *arg);
	/* Let the socket use the tunnel's interface only; may be NULL. */
	int (*bind)(void *arg, int fd, struct gw6c_err *err);
	void *arg;
};

/* The time a round lasts, milliseconds: half the interval, 5 s at most, so
 * that three missed rounds end within three intervals. */
uint32_t keepalive_round_ms(uint32_t interval_s);

/* Start at once. Needs CAP_NET_RAW. After the third missed round it goes on
 * pinging until stopped: a reply is told then, too. */
int keepalive_start(struct loop *loop, const struct gw6c_lease *lease,
		    const struct keepalive_events *events,
		    struct keepalive **out, struct gw6c_err *err);
void keepalive_stop(struct keepalive *keepalive); /* NULL is fine */

/* Ping now: something happened to the network. A round that waits for a reply
 * goes on. */
void keepalive_now(struct keepalive *keepalive);

/* Somebody says that the tunnel is dead, who may be lying: ping now, in a short
 * round. Nothing comes of it, or denied(). */
void keepalive_doubt(struct keepalive *keepalive);

/* Milliseconds since the last reply, or -1 if there was none; its round
 * trip. */
int64_t keepalive_age_ms(const struct keepalive *keepalive, double *rtt_ms);

#endif
