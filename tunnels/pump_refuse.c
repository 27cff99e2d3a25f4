/* pump_refuse.c - the answer to a packet whose source is not of the tunnel:
 * its sender has an address that is no longer, or never was, routed here, and
 * can take another at once (RFC 4443 section 3.1, RFC 7084 L-14). Pure. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "pump.h"

#define IP6 40 /* octets of a header, RFC 8200 section 3 */
#define SOURCE 8 /* offsets in it */
#define TARGET 24
#define ICMP6 58
#define ICMP6_HEADER 8
#define UNREACHABLE 1 /* type, and below 128 all are errors */
#define INFORMATIONAL 128
#define REDIRECT 137
#define SOURCE_POLICY 5 /* code: source address failed ingress policy */
#define HOPS 64

static bool is_extension(uint8_t next)
{
	return next == 0 || next == 43 || next == 60;
}

/* Offset of what is behind the extension headers, 0: not in this packet. */
static size_t upper(const uint8_t *packet, size_t len, uint8_t *next)
{
	size_t at = IP6;

	*next = packet[6];
	while (is_extension(*next) && at + 8 <= len) {
		*next = packet[at];
		at += (packet[at + 1] + 1u) * 8;
	}
	return is_extension(*next) || at >= len ? 0 : at;
}

/* No errors about errors, and none that many would answer. Of a fragment
 * nobody knows: none. */
static bool may_answer(const uint8_t *packet, size_t len)
{
	uint8_t next, first = packet[SOURCE];
	size_t at = upper(packet, len, &next);
	bool unicast = (first & 0xe0) == 0x20 || (first & 0xfe) == 0xfc;

	if (!unicast || packet[TARGET] == 0xff || !at || next == 44)
		return false;
	return next != ICMP6 ||
	       (packet[at] >= INFORMATIONAL && packet[at] != REDIRECT);
}

static uint32_t sum_of(uint32_t sum, const uint8_t *at, size_t len)
{
	for (size_t i = 0; i < len; i++)
		sum += i & 1 ? at[i] : (uint32_t)at[i] << 8;
	return sum;
}

/* Of the message and its pseudo-header, RFC 8200 section 8.1. */
static void put_checksum(uint8_t *out, size_t message)
{
	uint32_t sum = sum_of((uint32_t)message + ICMP6, out + SOURCE, 32);

	sum = sum_of(sum, out + IP6, message);
	sum = (sum & 0xffff) + (sum >> 16);
	sum = ~((sum & 0xffff) + (sum >> 16));
	out[IP6 + 2] = (uint8_t)(sum >> 8);
	out[IP6 + 3] = (uint8_t)sum;
}

size_t pump_refuse(const struct pump_rules *rules, const uint8_t *packet,
		   size_t len, uint8_t out[PUMP_ANSWER])
{
	size_t quoted = PUMP_ANSWER - IP6 - ICMP6_HEADER, message;

	if (rules->inner.family != 6 || len < IP6 || packet[0] >> 4 != 6 ||
	    !may_answer(packet, len))
		return 0;
	if (quoted > len)
		quoted = len;
	message = ICMP6_HEADER + quoted;
	memset(out, 0, IP6 + ICMP6_HEADER);
	out[0] = 0x60;
	out[4] = (uint8_t)(message >> 8);
	out[5] = (uint8_t)message;
	out[6] = ICMP6;
	out[7] = HOPS;
	memcpy(out + SOURCE, rules->inner.octets, 16);
	memcpy(out + TARGET, packet + SOURCE, 16);
	out[IP6] = UNREACHABLE;
	out[IP6 + 1] = SOURCE_POLICY;
	memcpy(out + IP6 + ICMP6_HEADER, packet, quoted);
	put_checksum(out, message);
	return IP6 + message;
}

bool pump_is_refusal(const struct pump_rules *rules, const uint8_t *packet,
		     size_t len)
{
	const uint8_t *about = packet + IP6 + ICMP6_HEADER;
	struct gw6c_addr target = { .family = 6, .bits = 128 };

	if (rules->inner.family != 6 || len < 2 * IP6 + ICMP6_HEADER ||
	    packet[6] != ICMP6 || packet[IP6] != UNREACHABLE ||
	    packet[IP6 + 1] != SOURCE_POLICY ||
	    memcmp(packet + SOURCE, rules->inner.octets, 16) != 0)
		return false;
	memcpy(target.octets, about + TARGET, 16);
	return !pump_is_ours(rules, &target);
}
