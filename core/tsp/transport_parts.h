/* transport_parts.h - what the two transports share. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_CORE_TSP_TRANSPORT_PARTS_H
#define GW6C_CORE_TSP_TRANSPORT_PARTS_H

#include "rudp.h"
#include "transport.h"
#include "tsp.h"

#define TRANSPORT_MAX (TSP_BODY_MAX + 64) /* octets of one answer */

/* What differs; each gets the struct transport it begins. */
struct transport_ops {
	bool udp;
	void (*ask)(struct transport *transport); /* out and want are set */
	void (*stop)(struct transport *transport); /* end its own watches */
};

struct transport {
	const struct transport_ops *ops;
	struct loop *loop;
	struct gw6c_watch *reader, *timer, *later;
	int fd;
	bool answered; /* by the peer, once */
	bool asking; /* an answer is owed */
	bool contradicted; /* two different ones came to one message */
	enum transport_want want;
	size_t out_len;
	uint8_t out[RUDP_RECV_MAX]; /* the message in force */
	size_t in_len;
	uint8_t in[TRANSPORT_MAX]; /* of the answer so far */
	struct gw6c_err err; /* to be told later */
	size_t done_len; /* octets of in that are the answer to be told */
	size_t skip; /* octets of in before it */
	bool *gone; /* set by transport_free() inside done */
	transport_done *done;
	void *arg;
};

/* A socket connected (or connecting) to addr:port. */
int transport_connect(struct transport *transport, int type,
		      const struct gw6c_addr *addr, uint16_t port,
		      const struct gw6c_addr *local, struct gw6c_err *err);

/* Is the answer whole that is wanted? Then skip and done_len are set. 1:
 * whole, 0: more is needed, -1: against the protocol, err says how. */
int transport_whole(struct transport *transport, bool ended);

/* Tell the answer now. The transport may be gone when it returns. */
void transport_tell(struct transport *transport);
/* Tell an error now. */
void transport_fail(struct transport *transport, int rc, const char *why);
/* The same from a timer: done never runs inside an ask. */
void transport_tell_later(struct transport *transport);

#endif
