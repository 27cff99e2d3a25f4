/* net.h - the broker's sockets and its packet device. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_BROKER_DATA_NET_H
#define GW6C_BROKER_DATA_NET_H

#include "core/base/loop.h"
#include "grant.h"
#include "tunnels.h"

struct net;

struct net_counters {
	unsigned long junk, unknown, spoofed, lost, undeliverable;
};

struct net_events {
	/* A control datagram; the reply goes into out. */
	void (*control)(void *arg, const struct endpoint *from,
			struct gw6c_bytes datagram, struct gw6c_buf *out);
	/* The packet device is gone. */
	void (*broken)(void *arg, const struct gw6c_err *err);
	void *arg;
};

/* Listen on all addresses of options; tunnelled packets go to and from tun,
 * -1: none. */
int net_open(struct loop *loop, const struct options *options,
	     struct tunnels *tunnels, int tun, const struct net_events *events,
	     struct net **out, struct gw6c_err *err);
/* Number (endpoint.sock) of the raw socket for outer headers of that family;
 * -1: none. */
int net_raw_socket(const struct net *net, int family);
void net_close(struct net *net); /* NULL is fine */
const struct net_counters *net_count(const struct net *net);

#endif
