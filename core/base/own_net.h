/* own_net.h - the networks that this machine is in, by its addresses. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_CORE_BASE_OWN_NET_H
#define GW6C_CORE_BASE_OWN_NET_H

#include <gw6c/lease.h>

/* An address of an interface, with the length of the network around it. */
struct own_net {
	char dev[GW6C_DEV];
	struct gw6c_addr addr; /* not masked */
};

/* Call for each, until false is returned. False: they cannot be read. */
bool own_net_each(bool (*call)(void *arg, const struct own_net *net),
		  void *arg);

/* "192.0.2.1, the address of eth0" where prefix is just that, else
 * "192.0.2.0/24, the network of eth0"; in room, which is returned. */
#define OWN_NET_TEXT (GW6C_ADDR_TEXT + GW6C_DEV + 24)
const char *own_net_text(const struct own_net *net,
			 const struct gw6c_addr *prefix,
			 char room[OWN_NET_TEXT]);

#endif
