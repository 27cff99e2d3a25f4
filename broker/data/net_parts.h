/* net_parts.h - the sockets and the device, shared by net*.c only. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_BROKER_DATA_NET_PARTS_H
#define GW6C_BROKER_DATA_NET_PARTS_H

#include "datagram.h"
#include "net.h"
#include "packet.h"

#define ROUNDS 4 /* batches of one callback */
#define BOUNCES 1024 /* a power of two */

/* A socket that clients send to. */
struct listen_socket {
	struct net *net;
	struct gw6c_watch *watch;
	int fd, number;
	uint8_t family; /* 4 or 6, of the outer packets */
	uint8_t protocol; /* of raw packets; 0: UDP */
};

struct net {
	struct loop *loop;
	struct tunnels *tunnels;
	const struct modes *modes;
	struct net_events events;
	struct net_counters counters;
	/* all UDP, then raw */
	struct listen_socket sock[OPTIONS_LIST + MODES_MAX];
	int sockets;
	int tun;
	struct gw6c_watch *on_tun;
	uint64_t bounced_ms[BOUNCES]; /* last "no session" for that bucket */
	struct mmsghdr message[PUMP_BATCH];
	struct datagram datagram[PUMP_BATCH];
};

/* net_out.c */
void net_on_tun(void *arg, int ready);

#endif
