/* plan.h - what the operating system shall do: steps forwards, and back. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_PLAN_H
#define GW6C_PLAN_H

#include "err.h"
#include "lease.h"

/* A backend refuses a verb it does not know; new ones are added at the end.
 * "dev" is the interface of the step, the plan's own if empty. */
enum gw6c_verb {
	GW6C_LINK = 1, /* create an interface: kind, dev; local and remote
			  and value (TTL) for SIT and IP6TNL. Down, without
			  autoconfiguration. Writes plan->dev, plan->fd. */
	GW6C_MTU = 2, /* dev, value: octets */
	GW6C_UP = 3, /* dev */
	GW6C_ADDR = 4, /* dev, dst: address with bits; remote: far end of a
			  point-to-point link, or none. No DAD on the tunnel. */
	GW6C_ROUTE = 5, /* dev, dst: prefix; remote: next hop, or none;
			   value: metric */
	GW6C_REJECT = 6, /* dst: prefix answered "unreachable"; value: metric */
	GW6C_FORWARD = 7, /* dst.family: forward packets; what was set before
			     goes into saved, and note() before the change */
	GW6C_PIN = 8, /* dst: host to be reached as it is now, not through the
			 tunnel: a host route to its present next hop */
	GW6C_KEEP = 9, /* dev: what programs for routers change there (its
			  MTU for IPv6) is as before when this is undone */
};

/* kind of a GW6C_LINK */
enum gw6c_link {
	GW6C_TUN = 1, /* packets come to plan->fd; the interface goes with it */
	GW6C_SIT = 2, /* kernel, IPv6 in IPv4 protocol 41 (RFC 4213); a backend
			 may give a TUN instead, and plan->fd tells */
	GW6C_IP6TNL = 3, /* kernel, IPv4 in IPv6 (RFC 2473); the same */
	GW6C_RAW_SINK = 4, /* kernel: absorbs packets of IP protocol value to
			      local, which a raw socket reads, so that none is
			      answered; leaves plan->dev and plan->fd alone */
};

/* What plan->fd takes and gives besides bare packets. */
enum gw6c_offload {
	GW6C_VNET = 1, /* struct virtio_net_hdr, 10 octets, before each packet;
			  the others need it */
	GW6C_CSUM = 2, /* partial checksums */
	GW6C_TSO4 = 4, /* TCP segments of up to 64 KiB over IPv4 */
	GW6C_TSO6 = 8, /* the same over IPv6 */
	GW6C_ECN = 16, /* with TSO4 and TSO6: with CWR set */
	GW6C_USO = 32, /* UDP segments, both families */
};

/* One step. Frozen size: it stands in arrays and in the state file. */
struct gw6c_step {
	uint16_t verb; /* enum gw6c_verb */
	uint16_t kind; /* enum gw6c_link, or 0 */
	uint32_t value; /* as the verb says */
	char dev[GW6C_DEV];
	struct gw6c_addr dst, local, remote;
	char saved[64]; /* the backend's note for undo: text; survives a crash
			   from the end of step(), or from host->note() on */
	uint8_t spare[28]; /* zero */
};

_Static_assert(sizeof(struct gw6c_step) == 192, "frozen size");

#define GW6C_STEPS 40

struct gw6c_plan {
	uint32_t size; /* sizeof(struct gw6c_plan) */
	uint32_t n; /* steps used */
	char dev[GW6C_DEV]; /* tunnel interface: the wish, then its real name */
	int fd; /* of the TUN, non-blocking, one packet a read or write; -1:
		   none. The backend closes it when GW6C_LINK is undone. */
	uint32_t wants; /* enum gw6c_offload: what the mode can use */
	uint32_t gives; /* of these, what fd has, by the backend; 0: none */
	struct gw6c_step step[GW6C_STEPS];
};

/* Append a step and return it, to be filled in; when the plan is full, a
 * spare one, and n grows past GW6C_STEPS, which the core refuses. */
static inline struct gw6c_step *gw6c_plan_add(struct gw6c_plan *plan,
					      enum gw6c_verb verb)
{
	uint32_t at = plan->n < GW6C_STEPS ? plan->n : GW6C_STEPS - 1;

	plan->n++;
	plan->step[at] = (struct gw6c_step){ .verb = (uint16_t)verb };
	return &plan->step[at];
}

#endif
