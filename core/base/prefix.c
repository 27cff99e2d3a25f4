/* prefix.c - prefixes of addresses: read, cut, divided. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "prefix.h"
#include <stdlib.h>

void prefix_mask(struct gw6c_addr *addr)
{
	for (unsigned bit = addr->bits; bit < 128; bit++)
		addr->octets[bit / 8] &= (uint8_t) ~(0x80 >> (bit % 8));
}

struct gw6c_addr prefix_around(const struct gw6c_addr *addr, uint8_t bits4,
			       uint8_t bits6)
{
	struct gw6c_addr network = *addr;

	network.bits = addr->family == 4 ? bits4 : bits6;
	prefix_mask(&network);
	return network;
}

bool prefix_parse(const char *text, struct gw6c_addr *out)
{
	char copy[GW6C_ADDR_TEXT], *slash, *end;
	long bits;

	snprintf(copy, sizeof(copy), "%s", text);
	slash = strchr(copy, '/');
	if (slash)
		*slash++ = 0;
	if (!gw6c_addr_parse(copy, out))
		return false;
	if (!slash)
		return true;
	bits = strtol(slash, &end, 10);
	if (end == slash || *end || bits < 0 || bits > out->bits)
		return false;
	out->bits = (uint8_t)bits;
	prefix_mask(out);
	return true;
}

bool prefix_block(const struct gw6c_addr *prefix, uint8_t bits, uint64_t n,
		  struct gw6c_addr *out)
{
	*out = *prefix;
	for (int bit = bits - 1; n && bit >= prefix->bits; bit--, n >>= 1)
		if (n & 1)
			out->octets[bit / 8] |= (uint8_t)(0x80 >> bit % 8);
	out->bits = bits;
	return n == 0;
}

bool prefix_overlap(const struct gw6c_addr *a, const struct gw6c_addr *b)
{
	return gw6c_addr_in(a, b) || gw6c_addr_in(b, a);
}
