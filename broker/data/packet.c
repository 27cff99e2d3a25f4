/* packet.c - which packets of a client pass. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "packet.h"
#include "broker/config/modes.h"
#include "core/base/addr_class.h"

/* No multicast, and no link-local destinations: they are not valid beyond the
 * link. */
static bool is_target(const uint8_t *packet)
{
	bool four = packet[0] >> 4 == 4;
	struct gw6c_addr to = { .family = four ? 4 : 6 };

	memcpy(to.octets, packet + (four ? 16 : 24), four ? 4 : 16);
	return addr_is_routable(&to);
}

enum pump_verdict packet_check(const struct grant *grant,
			       struct gw6c_bytes packet)
{
	struct pump_rules rules = { .inner = grant->inner,
				    .prefix = grant->prefix };

	if (!mode_is_packet(grant->mode, packet))
		return PUMP_JUNK;
	if (pump_check_out(&rules, packet.at, packet.len) == PUMP_PASS &&
	    is_target(packet.at))
		return PUMP_PASS;
	return PUMP_SPOOF;
}

size_t packet_octets(const uint8_t *packet)
{
	if (packet[0] >> 4 == 4)
		return (size_t)packet[2] << 8 | packet[3];
	return 40 + ((size_t)packet[4] << 8 | packet[5]);
}
