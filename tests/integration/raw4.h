/* raw4.h - whole packets of IPv4, for tools that send from any address. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_TESTS_INTEGRATION_RAW4_H
#define GW6C_TESTS_INTEGRATION_RAW4_H

#include <arpa/inet.h>
#include <netinet/ip.h>
#include <netinet/udp.h>
#include <stdint.h>
#include <string.h>

#define RAW4_HEADERS (sizeof(struct iphdr) + sizeof(struct udphdr))

/* Ports in host order. */
struct raw4 {
	struct in_addr from, to;
	uint16_t from_port, to_port;
};

/* A packet of that protocol into out, which has room for the header. The kernel
 * fills in length and checksum of IP. Returns its octets. */
static inline size_t raw4_ip(const struct raw4 *raw4, uint8_t protocol,
			     const uint8_t *payload, size_t len, uint8_t *out)
{
	struct iphdr ip = {
		.version = 4,
		.ihl = 5,
		.ttl = 64,
		.protocol = protocol,
		.saddr = raw4->from.s_addr,
		.daddr = raw4->to.s_addr,
	};

	memcpy(out, &ip, sizeof(ip));
	memcpy(out + sizeof(ip), payload, len);
	return sizeof(ip) + len;
}

/* A datagram with that payload into out, which has RAW4_HEADERS octets more. */
static inline size_t raw4_udp(const struct raw4 *raw4, const uint8_t *payload,
			      size_t len, uint8_t *out)
{
	struct udphdr udp = {
		.source = htons(raw4->from_port),
		.dest = htons(raw4->to_port),
		.len = htons((uint16_t)(sizeof(udp) + len)),
	};

	raw4_ip(raw4, IPPROTO_UDP, (const uint8_t *)&udp, sizeof(udp), out);
	memcpy(out + RAW4_HEADERS, payload, len);
	return RAW4_HEADERS + len;
}

#endif
