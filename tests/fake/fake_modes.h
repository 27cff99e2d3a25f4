/* fake_modes.h - modes whose plans are empty, for those who check answers. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_TESTS_FAKE_MODES_H
#define GW6C_TESTS_FAKE_MODES_H

#include <gw6c/plugin.h>

static const struct gw6c_granted any_grants[] = {
	{ "v6v4", NULL, GW6C_OVER_UDP | GW6C_OVER_TCP },
	{ "v6udpv4", NULL, GW6C_OVER_UDP },
	{ "v6anyv4", "v6udpv4", GW6C_OVER_UDP },
	{ .type = NULL },
};
static const struct gw6c_granted v4v6_grants[] = {
	{ "v4v6", NULL, GW6C_OVER_UDP | GW6C_OVER_TCP },
	{ .type = NULL },
};

static int make_plan(const struct gw6c_lease *lease, struct gw6c_plan *plan,
		     struct gw6c_err *err)
{
	(void)lease;
	(void)plan;
	(void)err;
	return GW6C_OK;
}

#define SIX .inner = 6, .outer = 4, .prefix_min = 16, .prefix_max = 64
static const struct gw6c_tunnel_ops any_ops = { SIX, .grants = any_grants };
static const struct gw6c_tunnel_ops v6v4_ops = { SIX, .protocol = 41,
						 .plan = make_plan };
static const struct gw6c_tunnel_ops v6udpv4_ops = { SIX, .keepalive_s = 30,
						    .plan = make_plan };
static const struct gw6c_tunnel_ops v4v6_ops = { .flags = GW6C_TUNNEL_LEASED,
						 .inner = 4,
						 .outer = 6,
						 .protocol = 4,
						 .prefix_min = 1,
						 .prefix_max = 32,
						 .grants = v4v6_grants,
						 .plan = make_plan };
static const struct gw6c_opt sit_opts[] = {
	{ .key = "interface", .type = GW6C_STR, .fallback = "sit7" },
	{ .key = NULL },
};
static const struct gw6c_opt tun_opts[] = {
	{ .key = "interface", .type = GW6C_DEVICE, .fallback = "tun7" },
	{ .key = NULL },
};
static const struct gw6c_plugin modes[] = {
	{ GW6C_HEAD(GW6C_TUNNEL, "v6v4", ""), .opts = sit_opts,
	  .tunnel = &v6v4_ops },
	{ GW6C_HEAD(GW6C_TUNNEL, "v6udpv4", ""), .opts = tun_opts,
	  .tunnel = &v6udpv4_ops },
	{ GW6C_HEAD(GW6C_TUNNEL, "v4v6", ""), .tunnel = &v4v6_ops },
};

static const struct gw6c_plugin *find_mode(void *arg, const char *name)
{
	(void)arg;
	for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++)
		if (strcmp(modes[i].name, name) == 0)
			return &modes[i];
	return NULL;
}

#endif
