/* radvd_conf.h - what our radvd shall advertise; pure. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_FEATURES_RADVD_CONF_H
#define GW6C_FEATURES_RADVD_CONF_H

#include <gw6c/lease.h>

#define RADVD_CONF_MAX 8192 /* octets */

/* The text of radvd.conf(5) for all networks of a lease that have a prefix;
 * dns: with the resolvers of the lease. Returns how many there are, -1: the
 * room is too small, or a name is none. */
int radvd_conf(const struct gw6c_lease *lease, bool dns, char *room,
	       size_t len);

#endif
