/* pump.h - moves IP packets between a TUN descriptor and a socket. Linked
 * into the tunnel modules that need it and into the broker. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_TUNNELS_PUMP_H
#define GW6C_TUNNELS_PUMP_H

#include <gw6c/plugin.h>

#define PUMP_BATCH 32 /* packets of one read or write call */
#define PUMP_PACKET 2048 /* octets: the largest taken, at least */
#define PUMP_EXCESS 64 /* octets that a packet may exceed the MTU by */

/* Who may send what through the client's end: RFC 5572 leaves it open; a
 * tunnel that forwards what it is sent would be a door into the host. */
struct pump_rules {
	struct gw6c_addr inner; /* our own address; its family is that of
				   the packets */
	struct gw6c_addr prefix; /* delegated to us; or none */
};

enum pump_verdict {
	PUMP_PASS,
	PUMP_JUNK, /* of another family, or shorter than it says */
	PUMP_SPOOF, /* source or destination is not of this tunnel */
};

/* From the tunnel to this machine: version, length field (excess is cut off:
 * *len is written), source not our own, destination ours or link-local
 * multicast. */
enum pump_verdict pump_check_in(const struct pump_rules *rules,
				const uint8_t *packet, size_t *len);
/* From this machine: source is ours. */
enum pump_verdict pump_check_out(const struct pump_rules *rules,
				 const uint8_t *packet, size_t len);

bool pump_is_ours(const struct pump_rules *rules, const struct gw6c_addr *addr);

#define PUMP_ANSWER 1280 /* octets of an answer, at most: RFC 4443 2.4 (c) */

/* The ICMPv6 error for a packet that is PUMP_SPOOF on its way out; returns
 * its octets, 0: none is due. */
size_t pump_refuse(const struct pump_rules *rules, const uint8_t *packet,
		   size_t len, uint8_t out[PUMP_ANSWER]);
/* Such an error itself: it has come back for want of a way to the sender. */
bool pump_is_refusal(const struct pump_rules *rules, const uint8_t *packet,
		     size_t len);

/* What the socket gives and takes. */
enum pump_outer {
	PUMP_UDP, /* packets, and control datagrams for host->control */
	PUMP_RAW4, /* raw IPv4: an outer header before what comes in */
	PUMP_RAW6, /* raw IPv6: packets */
};

/* The ends stay the caller's. */
struct pump_ends {
	int tun; /* as plan->fd */
	int sock; /* connected, non-blocking */
	enum pump_outer outer;
	uint32_t mtu; /* of the tunnel's interface, octets */
};

struct pump;

int pump_open(const struct gw6c_host *host, const struct pump_ends *ends,
	      const struct pump_rules *rules, struct pump **out,
	      struct gw6c_err *err);
void pump_close(struct pump *pump); /* NULL is fine */
void pump_count(struct pump *pump, struct gw6c_counters *out);

#endif
