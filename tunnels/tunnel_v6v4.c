/* tunnel_v6v4.c - IPv6 in IPv4, protocol 41 (RFC 4213): by the kernel, or
 * through a raw socket where it cannot. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "common.h"
#include "raw.h"
#include <netinet/in.h>

#define TTL 64

static const struct gw6c_granted grants[] = {
	{ "v6v4", NULL, GW6C_OVER_UDP | GW6C_OVER_TCP },
	{ .type = NULL },
};

static const struct gw6c_opt options[] = {
	{ .key = "interface",
	  .type = GW6C_DEVICE,
	  .summary = "name of the tunnel interface; auto: any free one",
	  .classic = "if_tunnel_v6v4 if_tunnel -i" },
	{ .key = NULL },
};

static int v6v4_plan(const struct gw6c_lease *lease, struct gw6c_plan *plan,
		     struct gw6c_err *err)
{
	struct gw6c_step *step = gw6c_plan_add(plan, GW6C_LINK);

	(void)err;
	step->kind = GW6C_SIT;
	step->local = lease->local;
	step->remote = lease->remote;
	step->value = TTL;
	tunnel_plan6(lease, plan);
	return GW6C_OK;
}

static const struct gw6c_tunnel_ops v6v4_ops = {
	.size = sizeof(v6v4_ops),
	.inner = 6,
	.outer = 4,
	.protocol = IPPROTO_IPV6,
	.over = GW6C_OVER_UDP | GW6C_OVER_TCP,
	.prefix_min = 16,
	.prefix_usual = 48,
	.prefix_max = 64,
	.overhead = 20,
	.grants = grants,
	.plan = v6v4_plan,
	.open = raw_open,
	.close = raw_close,
	.count = raw_count,
};

GW6C_PLUGIN(tunnel_v6v4) = {
	GW6C_HEAD(GW6C_TUNNEL, "v6v4", "IPv6 in IPv4, protocol 41"),
	.opts = options,
	.tunnel = &v6v4_ops,
};
