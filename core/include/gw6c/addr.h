/* addr.h - one type for IPv4 and IPv6 addresses and prefixes. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_ADDR_H
#define GW6C_ADDR_H

#include <arpa/inet.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

/* All zero means "no address". Two equal addresses are equal to memcmp. */
struct gw6c_addr {
	uint8_t family; /* 4, 6, or 0: none */
	uint8_t bits; /* prefix length, 0..32 or 0..128; a host: 32, 128 */
	uint8_t spare[2]; /* zero */
	uint8_t octets[16]; /* network order; IPv4 in the first four */
};

_Static_assert(sizeof(struct gw6c_addr) == 20, "frozen size");

#define GW6C_ADDR_TEXT 50 /* octets for any text of gw6c_addr_text() */

/* A literal without prefix length: true, and a host address in *out. */
static inline bool gw6c_addr_parse(const char *text, struct gw6c_addr *out)
{
	struct gw6c_addr addr = { 0 };

	if (inet_pton(AF_INET, text, addr.octets) == 1) {
		addr.family = 4, addr.bits = 32;
	} else if (inet_pton(AF_INET6, text, addr.octets) == 1) {
		addr.family = 6, addr.bits = 128;
	} else {
		return false;
	}
	*out = addr;
	return true;
}

/* "2001:db8::1", or "2001:db8::/48" if it is not a host; "-" for none. The
 * text is in room, which is returned. */
static inline const char *gw6c_addr_text(const struct gw6c_addr *addr,
					 char room[GW6C_ADDR_TEXT])
{
	int family = addr->family == 4 ? AF_INET : AF_INET6;
	size_t used;

	if (!addr->family ||
	    !inet_ntop(family, addr->octets, room, GW6C_ADDR_TEXT)) {
		memcpy(room, "-", 2);
		return room;
	}
	used = strlen(room);
	if (addr->bits != (addr->family == 4 ? 32 : 128))
		snprintf(room + used, GW6C_ADDR_TEXT - used, "/%u",
			 (unsigned)addr->bits);
	return room;
}

/* Does the prefix contain the address (of the same family)? */
static inline bool gw6c_addr_in(const struct gw6c_addr *addr,
				const struct gw6c_addr *prefix)
{
	unsigned whole = prefix->bits / 8, rest = prefix->bits % 8;
	uint8_t mask = (uint8_t)(0xff << (8 - rest));

	if (!prefix->family || addr->family != prefix->family || whole > 16)
		return false;
	if (memcmp(addr->octets, prefix->octets, whole) != 0)
		return false;
	return !rest ||
	       ((addr->octets[whole] ^ prefix->octets[whole]) & mask) == 0;
}

#endif
