/* probe.h - an echo request to the far end of a tunnel. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_BROKER_DATA_PROBE_H
#define GW6C_BROKER_DATA_PROBE_H

#include <gw6c/addr.h>

#define PROBE_MAX 48 /* octets */

/* A whole IPv6 or IPv4 packet, by the family of both addresses. Returns its
 * octets. */
size_t probe_packet(const struct gw6c_addr *from, const struct gw6c_addr *to,
		    uint8_t out[PROBE_MAX]);

#endif
