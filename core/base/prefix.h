/* prefix.h - prefixes of addresses: read, cut, divided. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_CORE_BASE_PREFIX_H
#define GW6C_CORE_BASE_PREFIX_H

#include <gw6c/addr.h>

/* "2001:db8::/48", or an address: host bits are cleared. */
bool prefix_parse(const char *text, struct gw6c_addr *out);

/* Clear the bits behind the first addr->bits. */
void prefix_mask(struct gw6c_addr *addr);

/* The network of that length around an address, by its family. */
struct gw6c_addr prefix_around(const struct gw6c_addr *addr, uint8_t bits4,
			       uint8_t bits6);

/* Block number n of that length in a prefix. False: there is none. */
bool prefix_block(const struct gw6c_addr *prefix, uint8_t bits, uint64_t n,
		  struct gw6c_addr *out);

/* Does one contain the other? */
bool prefix_overlap(const struct gw6c_addr *a, const struct gw6c_addr *b);

#endif
