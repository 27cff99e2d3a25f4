/* packet.h - which packets of a client pass. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_BROKER_DATA_PACKET_H
#define GW6C_BROKER_DATA_PACKET_H

#include "grant.h"
#include "tunnels/pump.h"

/* May the client that was granted this send the packet to anybody here? */
enum pump_verdict packet_check(const struct grant *grant,
			       struct gw6c_bytes packet);
/* The length according to the header of one that passed. */
size_t packet_octets(const uint8_t *packet);

#endif
