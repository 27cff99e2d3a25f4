/* addr_class.c - what an address is good for, by its range. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "addr_class.h"

struct range {
	uint8_t family, bits; /* up to 16 bits are compared */
	uint8_t octets[2];
	enum addr_class class;
};

/* The first that matches counts. */
static const struct range ranges[] = {
	{ 4, 8, { 0, 0 }, ADDR_RESERVED },
	{ 4, 8, { 10, 0 }, ADDR_PRIVATE },
	{ 4, 10, { 100, 64 }, ADDR_PRIVATE },
	{ 4, 8, { 127, 0 }, ADDR_LOOPBACK },
	{ 4, 16, { 169, 254 }, ADDR_LINK_LOCAL },
	{ 4, 12, { 172, 16 }, ADDR_PRIVATE },
	{ 4, 16, { 192, 168 }, ADDR_PRIVATE },
	{ 4, 4, { 224, 0 }, ADDR_MULTICAST },
	{ 4, 4, { 240, 0 }, ADDR_RESERVED },
	{ 6, 7, { 0xfc, 0 }, ADDR_PRIVATE },
	{ 6, 10, { 0xfe, 0x80 }, ADDR_LINK_LOCAL },
	{ 6, 8, { 0xff, 0 }, ADDR_MULTICAST },
	{ 6, 3, { 0x20, 0 }, ADDR_GLOBAL },
	{ 6, 0, { 0, 0 }, ADDR_RESERVED },
};

static bool in_range(const struct gw6c_addr *addr, const struct range *range)
{
	unsigned head = (unsigned)addr->octets[0] << 8 | addr->octets[1];
	unsigned want = (unsigned)range->octets[0] << 8 | range->octets[1];

	return addr->family == range->family &&
	       (head ^ want) >> (16 - range->bits) == 0;
}

enum addr_class addr_class(const struct gw6c_addr *addr)
{
	static const uint8_t zero[16], one[16] = { [15] = 1 };

	if (!addr->family || memcmp(addr->octets, zero, 16) == 0)
		return ADDR_UNSPECIFIED;
	if (addr->family == 6 && memcmp(addr->octets, one, 16) == 0)
		return ADDR_LOOPBACK;
	for (size_t i = 0; i < sizeof(ranges) / sizeof(ranges[0]); i++)
		if (in_range(addr, &ranges[i]))
			return ranges[i].class;
	return ADDR_GLOBAL;
}

bool addr_is_unicast(const struct gw6c_addr *addr)
{
	return addr_class(addr) >= ADDR_LINK_LOCAL;
}

bool addr_is_routable(const struct gw6c_addr *addr)
{
	return addr_class(addr) >= ADDR_PRIVATE;
}
