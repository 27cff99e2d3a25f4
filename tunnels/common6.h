/* common6.h - the steps every tunnel that carries IPv6 has after its link. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_TUNNELS_COMMON6_H
#define GW6C_TUNNELS_COMMON6_H

#include <gw6c/plan.h>

/* MTU, up, inner address with peer; for a router: forwarding, the /64 of each
 * LAN with host part ::1, the rest of the prefix unreachable; at last the
 * default route. Pure. */
void tunnel_plan6(const struct gw6c_lease *lease, struct gw6c_plan *plan);

#endif
