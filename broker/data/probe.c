/* probe.c - an echo request to the far end of a tunnel. RFC 4443 section 4.1,
 * RFC 792. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "probe.h"
#include <string.h>

#define ECHO (8 + PROBE_SECRET) /* octets of a request */
#define HOPS 64
#define ICMP 1
#define ICMP6 58

/* One's complement sum, not yet inverted. RFC 1071. */
static uint32_t add(uint32_t sum, const uint8_t *at, size_t len)
{
	for (size_t i = 0; i < len; i += 2)
		sum += (uint32_t)at[i] << 8 | at[i + 1];
	return sum;
}

static void put_sum(uint8_t *out, uint32_t sum)
{
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	out[0] = (uint8_t)(~sum >> 8);
	out[1] = (uint8_t)~sum;
}

static size_t put_six(const struct gw6c_addr *from, const struct gw6c_addr *to,
		      const uint8_t *secret, uint8_t *out)
{
	uint8_t *echo = out + 40;

	out[0] = 0x60;
	out[5] = ECHO;
	out[6] = ICMP6;
	out[7] = HOPS;
	memcpy(out + 8, from->octets, 16);
	memcpy(out + 24, to->octets, 16);
	echo[0] = 128;
	memcpy(echo + 8, secret, PROBE_SECRET);
	/* The pseudo header: both addresses, length and protocol. */
	put_sum(echo + 2, add(add(ECHO + ICMP6, out + 8, 32), echo, ECHO));
	return 40 + ECHO;
}

static size_t put_four(const struct gw6c_addr *from, const struct gw6c_addr *to,
		       const uint8_t *secret, uint8_t *out)
{
	uint8_t *echo = out + 20;

	out[0] = 0x45;
	out[3] = 20 + ECHO;
	out[8] = HOPS;
	out[9] = ICMP;
	memcpy(out + 12, from->octets, 4);
	memcpy(out + 16, to->octets, 4);
	put_sum(out + 10, add(0, out, 20));
	echo[0] = 8;
	memcpy(echo + 8, secret, PROBE_SECRET);
	put_sum(echo + 2, add(0, echo, ECHO));
	return 20 + ECHO;
}

size_t probe_packet(const struct gw6c_addr *from, const struct gw6c_addr *to,
		    const uint8_t secret[PROBE_SECRET], uint8_t out[PROBE_MAX])
{
	memset(out, 0, PROBE_MAX);
	return to->family == 6 ? put_six(from, to, secret, out)
			       : put_four(from, to, secret, out);
}

/* The answer's message of ICMP, nothing: it is none. */
static struct gw6c_bytes message_of(struct gw6c_bytes packet)
{
	const uint8_t *at = packet.at;
	size_t header = at[0] >> 4 == 6 ? 40 : (at[0] & 15u) * 4;
	uint8_t protocol = at[0] >> 4 == 6 ? at[6] : at[9];
	bool icmp = protocol == (at[0] >> 4 == 6 ? ICMP6 : ICMP);

	if (!icmp || packet.len < header + ECHO)
		return GW6C_NOTHING;
	return (struct gw6c_bytes){ at + header, packet.len - header };
}

bool probe_is_answer(struct gw6c_bytes packet,
		     const uint8_t secret[PROBE_SECRET])
{
	struct gw6c_bytes echo = GW6C_NOTHING;

	if (packet.len >= 20 + ECHO)
		echo = message_of(packet);
	return echo.len && echo.at[0] == (packet.at[0] >> 4 == 6 ? 129 : 0) &&
	       memcmp(echo.at + 8, secret, PROBE_SECRET) == 0;
}
