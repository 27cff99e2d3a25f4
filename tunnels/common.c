/* common.c - the steps that tunnels of all modes have after their link. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "common.h"
#include <gw6c/host.h>

#define DISCARD_METRIC 4096 /* any real route of a part of the prefix wins */

/* The router's own address in each network is the first. */
static void plan_lan(const struct gw6c_lan *lan, struct gw6c_plan *plan)
{
	struct gw6c_step *step = gw6c_plan_add(plan, GW6C_ADDR);

	step->dst = lan->prefix;
	step->dst.octets[15] = 1;
	memcpy(step->dev, lan->dev, sizeof(step->dev));
}

static void plan_router(const struct gw6c_lease *lease, struct gw6c_plan *plan)
{
	struct gw6c_step *step = gw6c_plan_add(plan, GW6C_FORWARD);

	step->dst.family = 6;
	if (lease->prefix.bits < 64) {
		step = gw6c_plan_add(plan, GW6C_REJECT);
		step->dst = lease->prefix;
		step->value = DISCARD_METRIC;
	}
	if (!GW6C_HAS(lease, lans))
		return;
	for (int i = 0; i < GW6C_LANS && lease->lans[i].dev[0]; i++)
		if (lease->lans[i].prefix.family)
			plan_lan(&lease->lans[i], plan);
}

void tunnel_plan_link(const struct gw6c_lease *lease, struct gw6c_plan *plan)
{
	struct gw6c_step *step = gw6c_plan_add(plan, GW6C_MTU);

	step->value = lease->mtu;
	gw6c_plan_add(plan, GW6C_UP);
	step = gw6c_plan_add(plan, GW6C_ADDR);
	step->dst = lease->inner;
	step->remote = lease->peer;
}

void tunnel_plan_default(const struct gw6c_lease *lease, struct gw6c_plan *plan)
{
	struct gw6c_step *step;

	if (!lease->default_route)
		return;
	/* Through a translator, the way to the broker is of this family. */
	if (lease->remote.family == lease->inner.family) {
		step = gw6c_plan_add(plan, GW6C_PIN);
		step->dst = lease->remote;
	}
	step = gw6c_plan_add(plan, GW6C_ROUTE);
	step->dst.family = lease->inner.family; /* all of it */
	step->value = lease->metric;
}

void tunnel_plan6(const struct gw6c_lease *lease, struct gw6c_plan *plan)
{
	tunnel_plan_link(lease, plan);
	if (lease->router && lease->prefix.family)
		plan_router(lease, plan);
	tunnel_plan_default(lease, plan);
}
