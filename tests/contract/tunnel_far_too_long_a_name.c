/* tunnel_far_too_long_a_name.c - leases have no room for it. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include <gw6c/plugin.h>

static const struct gw6c_granted grants[] = {
	{ "v6v4", NULL, GW6C_OVER_UDP },
	{ .type = NULL },
};

static const struct gw6c_tunnel_ops ops = { .size = sizeof(ops),
					    .inner = 6,
					    .outer = 4,
					    .over = GW6C_OVER_UDP,
					    .grants = grants };

GW6C_PLUGIN(tunnel_far_too_long_a_name) = {
	GW6C_HEAD(GW6C_TUNNEL, "far-too-long-a-name", "longer than a mode"),
	.tunnel = &ops,
};
