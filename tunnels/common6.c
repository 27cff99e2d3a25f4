/* common6.c - the steps every tunnel that carries IPv6 has after its link. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "common6.h"

#define DISCARD_METRIC 4096 /* any real route of a part of the prefix wins */

static void plan_router(const struct gw6c_lease *lease, struct gw6c_plan *plan)
{
	struct gw6c_step *step = gw6c_plan_add(plan, GW6C_FORWARD);
	struct gw6c_addr lan = lease->prefix;

	step->dst.family = 6;
	if (lease->prefix.bits < 64) {
		step = gw6c_plan_add(plan, GW6C_REJECT);
		step->dst = lease->prefix;
		step->value = DISCARD_METRIC;
	}
	if (!lease->lan[0])
		return;
	lan.bits = 64;
	lan.octets[15] = 1;
	step = gw6c_plan_add(plan, GW6C_ADDR);
	step->dst = lan;
	memcpy(step->dev, lease->lan, sizeof(step->dev));
}

void tunnel_plan6(const struct gw6c_lease *lease, struct gw6c_plan *plan)
{
	struct gw6c_step *step = gw6c_plan_add(plan, GW6C_MTU);

	step->value = lease->mtu;
	gw6c_plan_add(plan, GW6C_UP);
	step = gw6c_plan_add(plan, GW6C_ADDR);
	step->dst = lease->inner;
	step->remote = lease->peer;
	if (lease->router && lease->prefix.family)
		plan_router(lease, plan);
	if (!lease->default_route)
		return;
	step = gw6c_plan_add(plan, GW6C_ROUTE);
	step->dst.family = 6; /* ::/0 */
	step->value = lease->metric;
}
