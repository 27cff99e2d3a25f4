/* home_access_target.h - which addresses visitors may be taken to. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_FEATURES_HOME_ACCESS_TARGET_H
#define GW6C_FEATURES_HOME_ACCESS_TARGET_H

#include <gw6c/plugin.h>

#define TARGET_NETS 128
#define TARGET_ENDS 8

/* An address of this machine, and the network around it. */
struct target_net {
	struct gw6c_addr addr; /* not masked */
	bool shared; /* others are in it: no loopback, no point-to-point link */
};

/* What this machine is connected to, and what its tunnel is made of. */
struct target_world {
	struct target_net net[TARGET_NETS];
	int n;
	struct gw6c_addr end[TARGET_ENDS]; /* of the tunnel; unused: none */
	struct gw6c_addr prefix; /* delegated; or none */
};

/* False: the addresses of this machine cannot be read; nothing is permitted
 * then. dev: the tunnel's interface. */
bool target_world_read(struct target_world *world,
		       const struct gw6c_lease *lease, const char *dev);

enum target_kind {
	TARGET_RELAYED, /* visitors are taken there */
	TARGET_DIRECT, /* IPv6 in our prefix: they go there by themselves */
	TARGET_REFUSED, /* neither, and err says why */
};

enum target_kind target_kind(const struct target_world *world,
			     const struct gw6c_addr *addr,
			     struct gw6c_err *err);

#endif
