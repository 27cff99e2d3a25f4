/* common.h - the steps that tunnels of all modes have after their link. Pure.*/
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_TUNNELS_COMMON_H
#define GW6C_TUNNELS_COMMON_H

#include <gw6c/plan.h>

/* MTU, up, inner address with peer. */
void tunnel_plan_link(const struct gw6c_lease *lease, struct gw6c_plan *plan);
/* The default route of the inner family, if one is wanted. */
void tunnel_plan_default(const struct gw6c_lease *lease,
			 struct gw6c_plan *plan);
/* Both, for IPv6 inside; for a router in between: forwarding, the /64 of each
 * LAN with host part ::1, the rest of the prefix unreachable. */
void tunnel_plan6(const struct gw6c_lease *lease, struct gw6c_plan *plan);

#endif
