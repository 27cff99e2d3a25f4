/* lease.h - what the broker granted, checked, as the other rooms read it. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_LEASE_H
#define GW6C_LEASE_H

#include "addr.h"

#define GW6C_DEV 32 /* octets of an interface name with its NUL */
#define GW6C_MODE 16 /* octets of a tunnel mode with its NUL */
#define GW6C_NAME 256 /* octets of a domain name with its NUL */
#define GW6C_RESOLVERS 3
#define GW6C_LANS 8

/* An interface of a router's own network, which gets one /64. */
struct gw6c_lan {
	char dev[GW6C_DEV]; /* "": unused, and all behind it */
	struct gw6c_addr prefix; /* its /64 of what was delegated; or none */
};

/* Every value was validated (RFC 5572 section 4, and stricter). "Outer" is the
 * network below the tunnel, "inner" what the tunnel carries. */
struct gw6c_lease {
	uint32_t size; /* sizeof(struct gw6c_lease) of the core */
	uint32_t version; /* of TSP, 0x020002 is 2.0.2 */
	char mode[GW6C_MODE]; /* granted: the name of its plugin, "v6v4" */
	char asked[GW6C_MODE]; /* tunnel_mode; the broker may have chosen */
	char broker[GW6C_NAME]; /* host as configured, no port */

	struct gw6c_addr local; /* outer, our end of the tunnel */
	struct gw6c_addr seen; /* outer, our end as the broker sees it (NAT) */
	struct gw6c_addr remote; /* outer, the broker's end */
	uint16_t local_port, remote_port; /* host order; 0: not over UDP */

	struct gw6c_addr inner; /* our address in the tunnel, /128 or /32 */
	struct gw6c_addr peer; /* the broker's address in the tunnel */
	struct gw6c_addr prefix; /* delegated, host bits zero; or none */
	struct gw6c_addr resolver[GW6C_RESOLVERS]; /* unused: none */
	char name[GW6C_NAME]; /* our domain name, or "" */

	uint32_t lifetime_s; /* 0: for ever */
	uint32_t keepalive_s; /* 0: no keepalive */
	struct gw6c_addr keepalive; /* whom to ping inside the tunnel */

	/* From the configuration, beside what was granted. */
	char dev[GW6C_DEV]; /* tunnel interface wanted, "" or "auto": any */
	struct gw6c_lan lans[GW6C_LANS]; /* of host_type=router, in order */
	uint32_t mtu; /* of the tunnel interface, octets, >= 1280 */
	uint32_t metric; /* of our routes */
	bool default_route; /* install one */
	bool router; /* host_type=router */
	bool proxy; /* proxy_client=yes: somebody else's tunnel */
	uint8_t spare; /* zero */
};

#endif
