/* net.h - the broker's sockets and its packet device. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_BROKER_DATA_NET_H
#define GW6C_BROKER_DATA_NET_H

#include "broker/config/modes.h"
#include "core/base/loop.h"
#include "tunnels.h"

struct net;

struct net_counters {
	unsigned long junk, unknown, spoofed, lost, undeliverable, unproven;
};

struct net_events {
	/* A control datagram; the reply goes into out. */
	void (*control)(void *arg, const struct endpoint *from,
			struct gw6c_bytes datagram, struct gw6c_buf *out);
	/* A packet of a tunnel that has proven nothing, or answered no probe,
	 * or to another address of ours than its end has (entry->to.local; only
	 * the callee may change that). It may be the answer to a probe. NULL:
	 * nobody asks. */
	void (*heard)(void *arg, struct tunnel_entry *entry,
		      const struct endpoint *from, struct gw6c_bytes packet);
	/* The packet device is gone. */
	void (*broken)(void *arg, const struct gw6c_err *err);
	void *arg;
};

/* Listen on all addresses of options, and for the protocols of all modes that
 * are offered; tunnelled packets go to and from tun, -1: none. modes are
 * borrowed until net_close(). */
int net_open(struct loop *loop, const struct options *options,
	     const struct modes *modes, struct tunnels *tunnels, int tun,
	     const struct net_events *events, struct net **out,
	     struct gw6c_err *err);
/* A control datagram that is no immediate answer; nothing if out is empty. */
void net_send(struct net *net, const struct endpoint *to,
	      const struct gw6c_buf *out);
/* One packet, wrapped as the mode has it. */
void net_put(struct net *net, const struct endpoint *to,
	     const struct gw6c_plugin *mode, struct gw6c_bytes packet);
/* Tell a client that its tunnel is gone. Only over UDP there is a way. */
void net_tell_lost(struct net *net, const struct endpoint *to);
/* Number (endpoint.sock) of the raw socket for outer headers of that family
 * and that protocol; -1: none. */
int net_raw_socket(const struct net *net, uint8_t family, uint8_t protocol);
void net_close(struct net *net); /* NULL is fine */
const struct net_counters *net_count(const struct net *net);

#endif
