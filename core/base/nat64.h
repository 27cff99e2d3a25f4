/* nat64.h - IPv4 addresses as a network of IPv6 alone reaches them (RFC 6052,
 * RFC 7050); pure. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_CORE_BASE_NAT64_H
#define GW6C_CORE_BASE_NAT64_H

#include <gw6c/addr.h>

/* The name whose addresses show the prefix. */
#define NAT64_NAME "ipv4only.arpa"

/* The prefix that a translator has, of the addresses which that name has here.
 * False: there is none. */
bool nat64_prefix(const struct gw6c_addr *addrs, int n, struct gw6c_addr *out);
/* The IPv4 address behind that prefix. */
void nat64_embed(const struct gw6c_addr *prefix, const struct gw6c_addr *from,
		 struct gw6c_addr *out);

#endif
