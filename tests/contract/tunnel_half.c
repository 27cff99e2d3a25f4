/* tunnel_half.c - puts a header before a packet, and nobody can read it. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include <gw6c/plugin.h>

static const struct gw6c_granted grants[] = {
	{ "half", NULL, GW6C_OVER_UDP },
	{ .type = NULL },
};

static void wrap(uint8_t *header, const uint8_t *packet, size_t len)
{
	(void)packet;
	(void)len;
	*header = 0;
}

static const struct gw6c_tunnel_ops ops = { .size = sizeof(ops),
					    .inner = 6,
					    .outer = 4,
					    .over = GW6C_OVER_UDP,
					    .header = 1,
					    .grants = grants,
					    .wrap = wrap };

GW6C_PLUGIN(tunnel_half) = {
	GW6C_HEAD(GW6C_TUNNEL, "half", "half a mode"),
	.tunnel = &ops,
};
