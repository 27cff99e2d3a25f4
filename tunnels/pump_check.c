/* pump_check.c - which packets may pass a tunnel; pure. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "pump.h"

/* Where a header has what: RFC 8200 section 3, RFC 791 section 3.1. */
struct layout {
	uint8_t version;
	uint8_t header; /* octets, at least */
	uint8_t length, beside; /* offset; octets that it does not count */
	uint8_t source, target; /* offsets */
	uint8_t octets; /* of an address */
};

static const struct layout six = { 6, 40, 4, 40, 8, 24, 16 };
static const struct layout four = { 4, 20, 2, 0, 12, 16, 4 };

static const struct layout *layout_of(const struct pump_rules *rules)
{
	return rules->inner.family == 4 ? &four : &six;
}

static struct gw6c_addr packet_addr(const struct layout *layout,
				    const uint8_t *at)
{
	struct gw6c_addr addr = { .family = layout->version,
				  .bits = (uint8_t)(layout->octets * 8) };

	memcpy(addr.octets, at, layout->octets);
	return addr;
}

/* Whole packet? Then *len is what its header says. */
static bool packet_whole(const struct layout *layout, const uint8_t *packet,
			 size_t *len)
{
	size_t says;

	if (*len < layout->header || packet[0] >> 4 != layout->version)
		return false;
	says = (size_t)packet[layout->length] << 8 | packet[layout->length + 1];
	says += layout->beside;
	if (says > *len || says < layout->header)
		return false;
	*len = says;
	return true;
}

bool pump_is_ours(const struct pump_rules *rules, const struct gw6c_addr *addr)
{
	return memcmp(addr->octets, rules->inner.octets, 16) == 0 ||
	       gw6c_addr_in(addr, &rules->prefix);
}

static bool is_link_multicast(const struct gw6c_addr *addr)
{
	if (addr->family == 4)
		return addr->octets[0] == 224 && !addr->octets[1] &&
		       !addr->octets[2];
	return addr->octets[0] == 0xff && (addr->octets[1] & 0x0f) == 2;
}

enum pump_verdict pump_check_in(const struct pump_rules *rules,
				const uint8_t *packet, size_t *len)
{
	const struct layout *layout = layout_of(rules);
	struct gw6c_addr source, target;

	if (!packet_whole(layout, packet, len))
		return PUMP_JUNK;
	source = packet_addr(layout, packet + layout->source);
	target = packet_addr(layout, packet + layout->target);
	if (pump_is_ours(rules, &source))
		return PUMP_SPOOF;
	if (!pump_is_ours(rules, &target) && !is_link_multicast(&target))
		return PUMP_SPOOF;
	return PUMP_PASS;
}

enum pump_verdict pump_check_out(const struct pump_rules *rules,
				 const uint8_t *packet, size_t len)
{
	const struct layout *layout = layout_of(rules);
	struct gw6c_addr source;

	if (!packet_whole(layout, packet, &len))
		return PUMP_JUNK;
	source = packet_addr(layout, packet + layout->source);
	return pump_is_ours(rules, &source) ? PUMP_PASS : PUMP_SPOOF;
}
