/* tunnel_v4v6.c - IPv4 in IPv6 (DSTM, RFC 2473): by the kernel, or through a
 * raw socket where it cannot. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "common.h"
#include "raw.h"
#include <netinet/in.h>

#define TTL 64

static const struct gw6c_granted grants[] = {
	{ "v4v6", NULL, GW6C_OVER_UDP | GW6C_OVER_TCP },
	{ .type = NULL },
};

static const struct gw6c_opt options[] = {
	{ .key = "interface",
	  .type = GW6C_DEVICE,
	  .summary = "name of the tunnel interface; auto: any free one",
	  .classic = "if_tunnel_v4v6" },
	{ .key = NULL },
};

/* The first host of the prefix is the router; one or two addresses are all
 * hosts. */
static struct gw6c_addr router_address(const struct gw6c_addr *prefix)
{
	struct gw6c_addr addr = *prefix;

	if (prefix->bits < 31)
		addr.octets[3]++;
	return addr;
}

static void plan_router(const struct gw6c_lease *lease, struct gw6c_plan *plan)
{
	struct gw6c_step *step = gw6c_plan_add(plan, GW6C_FORWARD);

	step->dst.family = 4;
	if (!lease->lans[0].dev[0])
		return;
	step = gw6c_plan_add(plan, GW6C_ADDR);
	step->dst = router_address(&lease->prefix);
	memcpy(step->dev, lease->lans[0].dev, sizeof(step->dev));
}

static int v4v6_plan(const struct gw6c_lease *lease, struct gw6c_plan *plan,
		     struct gw6c_err *err)
{
	struct gw6c_step *step = gw6c_plan_add(plan, GW6C_LINK);

	(void)err;
	step->kind = GW6C_IP6TNL;
	step->local = lease->local;
	step->remote = lease->remote;
	step->value = TTL;
	tunnel_plan_link(lease, plan);
	if (lease->router && lease->prefix.family)
		plan_router(lease, plan);
	tunnel_plan_default(lease, plan);
	return GW6C_OK;
}

static const struct gw6c_tunnel_ops v4v6_ops = {
	.size = sizeof(v4v6_ops),
	.flags = GW6C_TUNNEL_LEASED,
	.inner = 4,
	.outer = 6,
	.protocol = IPPROTO_IPIP,
	.over = GW6C_OVER_UDP | GW6C_OVER_TCP,
	.prefix_min = 1,
	.prefix_usual = 24,
	.prefix_max = 32,
	.overhead = 40,
	.grants = grants,
	.plan = v4v6_plan,
	.open = raw_open,
	.close = raw_close,
	.count = raw_count,
};

GW6C_PLUGIN(tunnel_v4v6) = {
	GW6C_HEAD(GW6C_TUNNEL, "v4v6", "IPv4 in IPv6 (DSTM)"),
	.opts = options,
	.tunnel = &v4v6_ops,
};
