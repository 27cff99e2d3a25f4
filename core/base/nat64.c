/* nat64.c - IPv4 addresses as a network of IPv6 alone reaches them. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "nat64.h"
#include "prefix.h"

#define RESERVED 8 /* this octet is zero, and belongs to nothing */

/* RFC 6052 section 2.2. */
static const uint8_t lengths[] = { 96, 64, 56, 48, 40, 32 };

/* Where octet i of the IPv4 address is, behind a prefix of that length. */
static unsigned place(uint8_t bits, unsigned i)
{
	unsigned at = bits / 8 + i;

	return bits <= 64 && at >= RESERVED ? at + 1 : at;
}

/* 192.0.0.170 and 192.0.0.171 are what the name has. */
static bool is_well_known(const struct gw6c_addr *addr, uint8_t bits)
{
	static const uint8_t known[] = { 192, 0, 0, 170 };

	for (unsigned i = 0; i < 3; i++)
		if (addr->octets[place(bits, i)] != known[i])
			return false;
	return (addr->octets[place(bits, 3)] | 1) == (known[3] | 1) &&
	       (bits > 64 || addr->octets[RESERVED] == 0);
}

bool nat64_prefix(const struct gw6c_addr *addrs, int n, struct gw6c_addr *out)
{
	for (int i = 0; i < n; i++)
		for (size_t j = 0; j < sizeof(lengths); j++) {
			if (addrs[i].family != 6 ||
			    !is_well_known(&addrs[i], lengths[j]))
				continue;
			*out = addrs[i];
			out->bits = lengths[j];
			prefix_mask(out);
			return true;
		}
	return false;
}

void nat64_embed(const struct gw6c_addr *prefix, const struct gw6c_addr *from,
		 struct gw6c_addr *out)
{
	struct gw6c_addr addr = *prefix;

	for (unsigned i = 0; i < 4; i++)
		addr.octets[place(prefix->bits, i)] = from->octets[i];
	addr.bits = 128;
	*out = addr;
}
