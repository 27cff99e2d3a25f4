/* tunnel_v6v4.c - IPv6 in IPv4, protocol 41 (RFC 4213): by the kernel, or
 * through a raw socket where it cannot. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "common.h"
#include "raw.h"

#define TTL 64

static const char *const grants[] = { "V6V4", NULL };

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
	.grants = grants,
	.plan = v6v4_plan,
	.open = raw_open,
	.close = raw_close,
	.count = raw_count,
};

GW6C_PLUGIN(tunnel_v6v4) = {
	GW6C_HEAD(GW6C_TUNNEL, "v6v4", "IPv6 in IPv4, protocol 41"),
	.tunnel = &v6v4_ops,
};
