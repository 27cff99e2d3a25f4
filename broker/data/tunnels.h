/* tunnels.h - the tunnels that are up, found by either end. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_BROKER_DATA_TUNNELS_H
#define GW6C_BROKER_DATA_TUNNELS_H

#include "grant.h"
#include "probe.h"

/* Sent into a tunnel whose far end has proven nothing, beyond what came out of
 * it. */
#define TUNNELS_ADVANCE 4096 /* octets */

struct tunnel_entry {
	struct tunnel_entry *next_outer, *next_inner; /* of the buckets */
	struct tunnel_entry *next_prefix;
	struct endpoint to; /* port 0: not over UDP */
	struct grant grant;
	uint64_t since_ms, heard_ms; /* set up; last packet from the client */
	uint64_t place_ms; /* since when one that has proven nothing is there,
			      however often it was set up */
	uint64_t in_packets, in_octets; /* from the client */
	uint64_t out_packets, out_octets;
	bool proven; /* its far end receives what is sent there */
	bool answers; /* it has answered a probe */
	uint8_t secret[PROBE_SECRET]; /* of its probes */
	uint64_t asked_ms; /* last probe for proof */
	unsigned asks;
	uint64_t asked_elsewhere_ms; /* by way of another address of ours */
};

struct tunnels;

/* gone: called when a tunnel has ended, for any reason. NULL: out of
 * memory. */
struct tunnels *tunnels_new(void (*gone)(void *arg,
					 const struct tunnel_entry *entry),
			    void *arg);
void tunnels_free(struct tunnels *tunnels); /* NULL is fine */

/* May so many octets be sent into it? */
bool tunnels_may_send(const struct tunnel_entry *entry, size_t octets);

/* Add one; tunnels with the same inner address or outer endpoint are removed.
 * NULL: out of memory. */
struct tunnel_entry *tunnels_add(struct tunnels *tunnels,
				 const struct endpoint *to,
				 const struct grant *grant, uint64_t now_ms);
void tunnels_remove(struct tunnels *tunnels, struct tunnel_entry *entry);

/* The tunnel at that address, port and protocol. */
struct tunnel_entry *tunnels_by_outer(struct tunnels *tunnels,
				      const struct endpoint *at);
/* octets: the 16 of struct gw6c_addr. */
struct tunnel_entry *tunnels_by_inner(struct tunnels *tunnels,
				      const uint8_t *octets);
/* The tunnel that an IPv6 address is routed into: the inner one, or one of a
 * delegated prefix. */
struct tunnel_entry *tunnels_route(struct tunnels *tunnels,
				   const uint8_t *octets);

long tunnels_count(const struct tunnels *tunnels);
/* Every tunnel; call may remove the one it is given. */
void tunnels_each(struct tunnels *tunnels,
		  void (*call)(void *arg, struct tunnel_entry *entry),
		  void *arg);

#endif
