/* probe.h - an echo request to the far end of a tunnel. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_BROKER_DATA_PROBE_H
#define GW6C_BROKER_DATA_PROBE_H

#include <gw6c/addr.h>
#include <gw6c/buf.h>

#define PROBE_SECRET 8 /* octets, which the answer must bring back */
#define PROBE_MAX 56 /* octets */

/* A whole IPv6 or IPv4 packet, by the family of both addresses. Returns its
 * octets. */
size_t probe_packet(const struct gw6c_addr *from, const struct gw6c_addr *to,
		    const uint8_t secret[PROBE_SECRET], uint8_t out[PROBE_MAX]);
/* Is the packet, whose source was checked, an answer to that? */
bool probe_is_answer(struct gw6c_bytes packet,
		     const uint8_t secret[PROBE_SECRET]);

#endif
