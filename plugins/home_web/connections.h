/* connections.h - who is connected, how many may be, and for how long. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_HOME_WEB_CONNECTIONS_H
#define GW6C_HOME_WEB_CONNECTIONS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

struct connection_limits {
	unsigned all; /* connections */
	unsigned per_net; /* of an IPv4 address or an IPv6 /64 */
	unsigned head_s; /* from the first octet to the end of a head */
	unsigned
		idle_s; /* from an answer to the first octet of the next head */
	unsigned slowest; /* octets per second that must arrive; 0: any */
	uint64_t rate; /* octets per second of all together; 0: any */
};

#define CONNECTION_PACE_MS 60000 /* over which the slowest rate counts */

struct connections;
struct connection;

struct connections *connections_new(const struct connection_limits *limits);
void connections_free(struct connections *all); /* once all are removed */

/* Is there room for one from there? */
bool connections_admit(const struct connections *all,
		       const struct sockaddr *from);
/* NULL: out of memory. It begins with waiting for a head. */
struct connection *connections_add(struct connections *all, int fd,
				   const struct sockaddr *from,
				   uint64_t now_ms);
void connection_remove(struct connections *all, struct connection *one);

/* A head has come, and is being answered; the answer is out. */
void connection_answer(struct connections *all, struct connection *one,
		       uint64_t now_ms);
void connection_rest(struct connections *all, struct connection *one,
		     uint64_t now_ms);

/* Shut those that are too slow, and let the others send at full speed. */
void connections_tick(struct connections *all, uint64_t now_ms);
/* Shut those that wait for a head, now and from now on. */
void connections_drain(struct connections *all);
unsigned connections_count(const struct connections *all);
unsigned connections_answering(const struct connections *all);

/* Octets that the other end has confirmed, 0 where that cannot be told. */
uint64_t connection_arrived(int fd);

#endif
