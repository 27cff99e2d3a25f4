/* addr_class.h - what an address is good for, by its range. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_CORE_BASE_ADDR_CLASS_H
#define GW6C_CORE_BASE_ADDR_CLASS_H

#include <gw6c/addr.h>

/* IANA's special-purpose registries, RFC 6890, as far as it matters here. */
enum addr_class {
	ADDR_UNSPECIFIED, /* 0.0.0.0, ::, or none */
	ADDR_LOOPBACK, /* 127.0.0.0/8, ::1 */
	ADDR_RESERVED, /* 0.0.0.0/8, 240.0.0.0/4, IPv6 but what is below */
	ADDR_MULTICAST, /* 224.0.0.0/4, ff00::/8 */
	ADDR_LINK_LOCAL, /* 169.254.0.0/16, fe80::/10 */
	ADDR_PRIVATE, /* RFC 1918, RFC 6598, fc00::/7 */
	ADDR_GLOBAL, /* IPv4: all others; 2000::/3 */
};

enum addr_class addr_class(const struct gw6c_addr *addr);

/* May an address of another machine be: link-local, private or global. */
bool addr_is_unicast(const struct gw6c_addr *addr);
/* The same beyond the link: private or global. */
bool addr_is_routable(const struct gw6c_addr *addr);

#endif
