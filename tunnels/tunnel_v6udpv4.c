/* tunnel_v6udpv4.c - IPv6 in UDP in IPv4: passes NATs; packets are moved in
 * user space, through the socket of the TSP session (RFC 5572 section 5). */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "common.h"
#include "pump.h"

static const struct gw6c_granted grants[] = {
	{ "v6udpv4", NULL, GW6C_OVER_UDP },
	{ .type = NULL },
};

static const struct gw6c_opt options[] = {
	{ .key = "interface",
	  .type = GW6C_DEVICE,
	  .summary = "name of the tunnel interface; auto: any free one",
	  .classic = "if_tunnel_v6udpv4 -u" },
	{ .key = NULL },
};

static int v6udpv4_plan(const struct gw6c_lease *lease, struct gw6c_plan *plan,
			struct gw6c_err *err)
{
	struct gw6c_step *step = gw6c_plan_add(plan, GW6C_LINK);

	(void)err;
	step->kind = GW6C_TUN;
	tunnel_plan6(lease, plan);
	return GW6C_OK;
}

static int v6udpv4_open(const struct gw6c_host *host,
			const struct gw6c_lease *lease,
			const struct gw6c_plan *plan, int sock, void **self,
			struct gw6c_err *err)
{
	struct pump_rules rules = { .inner = lease->inner,
				    .prefix = lease->prefix };
	struct pump_ends ends = { .tun = plan->fd,
				  .sock = sock,
				  .outer = PUMP_UDP,
				  .mtu = lease->mtu };

	if (plan->fd < 0 || sock < 0)
		return gw6c_fail(err, GW6C_EOS,
				 "this system has no packet device; set "
				 "another tunnel_mode");
	return pump_open(host, &ends, &rules, (struct pump **)self, err);
}

static void v6udpv4_close(void *self)
{
	pump_close(self);
}

static void v6udpv4_count(void *self, struct gw6c_counters *out)
{
	pump_count(self, out);
}

static const struct gw6c_tunnel_ops v6udpv4_ops = {
	.size = sizeof(v6udpv4_ops),
	.flags = GW6C_TUNNEL_NAT,
	.inner = 6,
	.outer = 4,
	.over = GW6C_OVER_UDP,
	.prefix_min = 16,
	.prefix_usual = 48,
	.prefix_max = 64,
	.overhead = 28,
	.keepalive_s = 30,
	.grants = grants,
	.plan = v6udpv4_plan,
	.open = v6udpv4_open,
	.close = v6udpv4_close,
	.count = v6udpv4_count,
};

GW6C_PLUGIN(tunnel_v6udpv4) = {
	GW6C_HEAD(GW6C_TUNNEL, "v6udpv4",
		  "IPv6 in UDP in IPv4, traverses NATs"),
	.opts = options,
	.tunnel = &v6udpv4_ops,
};
