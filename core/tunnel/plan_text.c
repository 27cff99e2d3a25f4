/* plan_text.c - a step of a plan, for people. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "plan_text.h"

static const char *step_dev(const struct gw6c_plan *plan,
			    const struct gw6c_step *step)
{
	if (step->dev[0])
		return step->dev;
	return plan->dev[0] ? plan->dev : "the tunnel";
}

static void link_text(const struct gw6c_plan *plan,
		      const struct gw6c_step *step, char *room, size_t len)
{
	static const char *const kinds[] = { "link", "tun", "sit", "ip6tnl" };
	char local[GW6C_ADDR_TEXT], remote[GW6C_ADDR_TEXT];
	const char *kind = step->kind <= GW6C_IP6TNL ? kinds[step->kind] : "?";

	if (step->kind == GW6C_RAW_SINK)
		snprintf(room, len, "absorb raw packets to %s",
			 gw6c_addr_text(&step->local, local));
	else if (step->kind == GW6C_TUN)
		snprintf(room, len, "create %s %s", kind, step_dev(plan, step));
	else
		snprintf(room, len, "create %s %s local %s remote %s ttl %u",
			 kind, step_dev(plan, step),
			 gw6c_addr_text(&step->local, local),
			 gw6c_addr_text(&step->remote, remote), step->value);
}

static void route_text(const struct gw6c_plan *plan,
		       const struct gw6c_step *step, char *room, size_t len)
{
	char dst[GW6C_ADDR_TEXT], via[GW6C_ADDR_TEXT];
	bool hop = step->remote.family != 0;

	snprintf(room, len, "route %s%s%s dev %s metric %u",
		 gw6c_addr_text(&step->dst, dst), hop ? " via " : "",
		 hop ? gw6c_addr_text(&step->remote, via) : "",
		 step_dev(plan, step), step->value);
}

void plan_step_text(const struct gw6c_plan *plan, const struct gw6c_step *step,
		    char *room, size_t len)
{
	char dst[GW6C_ADDR_TEXT], peer[GW6C_ADDR_TEXT];
	const char *dev = step_dev(plan, step);

	gw6c_addr_text(&step->dst, dst);
	switch ((enum gw6c_verb)step->verb) {
	case GW6C_LINK:
		link_text(plan, step, room, len);
		return;
	case GW6C_MTU:
		snprintf(room, len, "mtu %u dev %s", step->value, dev);
		return;
	case GW6C_UP:
		snprintf(room, len, "up dev %s", dev);
		return;
	case GW6C_ADDR:
		snprintf(room, len, "address %s%s%s dev %s", dst,
			 step->remote.family ? " peer " : "",
			 step->remote.family
				 ? gw6c_addr_text(&step->remote, peer)
				 : "",
			 dev);
		return;
	case GW6C_ROUTE:
		route_text(plan, step, room, len);
		return;
	case GW6C_REJECT:
		snprintf(room, len, "route %s unreachable metric %u", dst,
			 step->value);
		return;
	case GW6C_FORWARD:
		snprintf(room, len, "forward IPv%u", step->dst.family);
		return;
	case GW6C_KEEP:
		snprintf(room, len, "keep the settings of %s", dev);
		return;
	case GW6C_PIN:
		snprintf(room, len, "pin the current route to %s", dst);
		return;
	}
	snprintf(room, len, "step of kind %u", step->verb);
}
