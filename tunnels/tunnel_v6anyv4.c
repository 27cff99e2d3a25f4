/* tunnel_v6anyv4.c - lets the broker choose: v6v4, or v6udpv4 through a NAT.
 * What it grants is set up by that mode's own plugin. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include <gw6c/plugin.h>

/* Some brokers repeat the type asked for; over UDP it means v6udpv4. */
static const struct gw6c_granted grants[] = {
	{ "v6v4", NULL, GW6C_OVER_UDP | GW6C_OVER_TCP },
	{ "v6udpv4", NULL, GW6C_OVER_UDP },
	{ "v6anyv4", "v6udpv4", GW6C_OVER_UDP },
	{ .type = NULL },
};
static const char *const needs[] = { "?tunnel:v6v4", "?tunnel:v6udpv4", NULL };

static const struct gw6c_tunnel_ops v6anyv4_ops = {
	.size = sizeof(v6anyv4_ops),
	.flags = GW6C_TUNNEL_NAT,
	.inner = 6,
	.outer = 4,
	.over = GW6C_OVER_UDP | GW6C_OVER_TCP,
	.prefix_min = 16,
	.prefix_usual = 48,
	.prefix_max = 64,
	.grants = grants,
};

GW6C_PLUGIN(tunnel_v6anyv4) = {
	GW6C_HEAD(GW6C_TUNNEL, "v6anyv4",
		  "IPv6 in IPv4, encapsulation chosen by the broker"),
	.needs = needs,
	.tunnel = &v6anyv4_ops,
};
