/* tunnel_v6anyv4.c - lets the broker choose: v6v4, or v6udpv4 through a NAT.
 * What it grants is set up by that mode's own plugin. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include <gw6c/plugin.h>

static const char *const grants[] = { "V6V4", "V6UDPV4", NULL };
static const char *const needs[] = { "?tunnel:v6v4", "?tunnel:v6udpv4", NULL };

static const struct gw6c_tunnel_ops v6anyv4_ops = {
	.size = sizeof(v6anyv4_ops),
	.grants = grants,
};

GW6C_PLUGIN(tunnel_v6anyv4) = {
	GW6C_HEAD(GW6C_TUNNEL, "v6anyv4",
		  "IPv6 in IPv4, encapsulation chosen by the broker"),
	.needs = needs,
	.tunnel = &v6anyv4_ops,
};
