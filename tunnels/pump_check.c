/* pump_check.c - which packets may pass a tunnel; pure. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "pump.h"

#define IP6_HEADER 40 /* octets; RFC 8200 section 3 */
#define IP6_SOURCE 8 /* offsets */
#define IP6_TARGET 24

static struct gw6c_addr packet_addr(const uint8_t *at)
{
	struct gw6c_addr addr = { .family = 6, .bits = 128 };

	memcpy(addr.octets, at, 16);
	return addr;
}

/* Whole packet? Then *len is what its header says. */
static bool packet_whole(const uint8_t *packet, size_t *len)
{
	size_t says;

	if (*len < IP6_HEADER || packet[0] >> 4 != 6)
		return false;
	says = IP6_HEADER + ((size_t)packet[4] << 8 | packet[5]);
	if (says > *len)
		return false;
	*len = says;
	return true;
}

static bool is_ours(const struct pump_rules *rules,
		    const struct gw6c_addr *addr)
{
	return memcmp(addr->octets, rules->inner.octets, 16) == 0 ||
	       gw6c_addr_in(addr, &rules->prefix);
}

static bool is_link_multicast(const struct gw6c_addr *addr)
{
	return addr->octets[0] == 0xff && (addr->octets[1] & 0x0f) == 2;
}

enum pump_verdict pump_check_in(const struct pump_rules *rules,
				const uint8_t *packet, size_t *len)
{
	struct gw6c_addr source, target;

	if (!packet_whole(packet, len))
		return PUMP_JUNK;
	source = packet_addr(packet + IP6_SOURCE);
	target = packet_addr(packet + IP6_TARGET);
	if (is_ours(rules, &source))
		return PUMP_SPOOF;
	if (!is_ours(rules, &target) && !is_link_multicast(&target))
		return PUMP_SPOOF;
	return PUMP_PASS;
}

enum pump_verdict pump_check_out(const struct pump_rules *rules,
				 const uint8_t *packet, size_t len)
{
	struct gw6c_addr source;

	if (!packet_whole(packet, &len))
		return PUMP_JUNK;
	source = packet_addr(packet + IP6_SOURCE);
	return is_ours(rules, &source) ? PUMP_PASS : PUMP_SPOOF;
}
