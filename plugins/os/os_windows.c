/* os_windows.c - Windows: netsh, nothing that outlives a boot. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "tools.h"

#ifdef __CYGWIN__
#define HERE true
#else
#define HERE false
#endif

#define ROOM char room[INET6_ADDRSTRLEN]
#define LOOPBACK "1" /* the number of that interface */

/* Windows makes interfaces for protocol 41 itself; for the other modes there
 * must be an adapter, which its driver makes. */
static void link_commands(const char *dev, const struct gw6c_step *step,
			  bool add, struct commands *out)
{
	ROOM;

	if (step->kind != GW6C_SIT) {
		if (add)
			commands_add(out, "rem", "the", "adapter", dev, "must",
				     "be", "there", NULL);
		return;
	}
	commands_add(out, "netsh", "interface", "ipv6", NULL);
	if (!add) {
		commands_more(out, "delete", "interface", NULL);
		commands_word(out, "interface=%s", dev);
		return;
	}
	commands_more(out, "add", "v6v4tunnel", NULL);
	commands_word(out, "interface=%s", dev);
	commands_word(out, "localaddress=%s", word_addr(&step->local, room));
	commands_word(out, "remoteaddress=%s", word_addr(&step->remote, room));
}

static void netsh(struct commands *out, uint8_t family, const char *verb,
		  const char *object)
{
	commands_add(out, "netsh", "interface", family == 4 ? "ipv4" : "ipv6",
		     verb, object, NULL);
}

static void mtu_commands(const char *dev, const struct gw6c_plan *plan,
			 const struct gw6c_step *step, struct commands *out)
{
	const struct gw6c_step *inner = plan_inner(plan);

	netsh(out, inner ? inner->dst.family : 6, "set", "subinterface");
	commands_word(out, "interface=%s", dev);
	commands_word(out, "mtu=%u", step->value);
	commands_more(out, "store=active", NULL);
}

static void route(struct commands *out, const char *dev,
		  const struct gw6c_addr *dst, bool add)
{
	char text[GW6C_ADDR_TEXT];

	netsh(out, dst->family, add ? "add" : "delete", "route");
	commands_word(out, "prefix=%s", gw6c_addr_text(dst, text));
	commands_word(out, "interface=%s", dev);
}

/* A network of a router: its /64, announced there. */
static void lan_commands(const char *dev, const struct gw6c_step *step,
			 bool add, struct commands *out)
{
	struct gw6c_addr prefix = step->dst;

	if (step->dst.family != 6)
		return;
	memset(prefix.octets + 8, 0, 8);
	prefix.bits = 64;
	route(out, dev, &prefix, add);
	if (add)
		commands_more(out, "publish=yes", NULL);
	commands_more(out, "store=active", NULL);
}

static void addr_commands(const char *dev, const struct gw6c_step *step,
			  bool add, struct commands *out)
{
	bool v4 = step->dst.family == 4;
	ROOM;

	netsh(out, step->dst.family, add ? "add" : "delete", "address");
	commands_word(out, "interface=%s", dev);
	if (add && !v4)
		commands_word(out, "address=%s/%u", word_addr(&step->dst, room),
			      step->dst.bits);
	else
		commands_word(out, "address=%s", word_addr(&step->dst, room));
	if (add && v4)
		commands_word(out, "mask=%s", word_mask(step->dst.bits, room));
	commands_more(out, "store=active", NULL);
	if (step->dev[0])
		lan_commands(dev, step, add, out);
}

/* With a next hop: without one Windows sees no default gateway. */
static void route_commands(const char *dev, const struct gw6c_plan *plan,
			   const struct gw6c_step *step, bool add,
			   struct commands *out)
{
	const struct gw6c_step *inner = plan_inner(plan);
	const struct gw6c_addr *hop = &step->remote;
	ROOM;

	if (!hop->family && !step->dev[0] && inner &&
	    inner->remote.family == step->dst.family)
		hop = &inner->remote;
	route(out, dev, &step->dst, add);
	if (hop->family)
		commands_word(out, "nexthop=%s", word_addr(hop, room));
	if (add)
		commands_word(out, "metric=%u", step->value);
	commands_more(out, "store=active", NULL);
}

static void reject_commands(const struct gw6c_step *step, bool add,
			    struct commands *out)
{
	route(out, LOOPBACK, &step->dst, add);
	if (add)
		commands_word(out, "metric=%u", step->value);
	commands_more(out, "store=active", NULL);
}

static void forward_dev(const char *dev, uint8_t family, bool add, bool lan,
			struct commands *out)
{
	const char *value = add ? "enabled" : "disabled";

	netsh(out, family, "set", "interface");
	commands_word(out, "interface=%s", dev);
	commands_word(out, "forwarding=%s", value);
	if (lan && family == 6)
		commands_word(out, "advertise=%s", value);
	commands_more(out, "store=active", NULL);
}

/* Of the tunnel, and of each network behind us. */
static void forward_commands(const char *dev, const struct gw6c_plan *plan,
			     const struct gw6c_step *step, bool add,
			     struct commands *out)
{
	forward_dev(dev, step->dst.family, add, false, out);
	for (uint32_t i = 0; i < plan->n; i++)
		if (plan->step[i].verb == GW6C_ADDR && plan->step[i].dev[0])
			forward_dev(plan->step[i].dev, step->dst.family, add,
				    true, out);
}

static int windows_commands(const struct platform *platform, const char *dev,
			    const struct gw6c_plan *plan,
			    const struct gw6c_step *step, bool add,
			    struct commands *out, struct gw6c_err *err)
{
	switch ((enum gw6c_verb)step->verb) {
	case GW6C_LINK:
		if (step->kind != GW6C_TUN && step->kind != GW6C_SIT &&
		    step->kind != GW6C_IP6TNL)
			break;
		link_commands(dev, step, add, out);
		return GW6C_OK;
	case GW6C_MTU: /* goes with the interface */
		if (add)
			mtu_commands(dev, plan, step, out);
		return GW6C_OK;
	case GW6C_UP: /* it is */
		return GW6C_OK;
	case GW6C_ADDR:
		addr_commands(dev, step, add, out);
		return GW6C_OK;
	case GW6C_ROUTE:
		route_commands(dev, plan, step, add, out);
		return GW6C_OK;
	case GW6C_REJECT:
		reject_commands(step, add, out);
		return GW6C_OK;
	case GW6C_FORWARD:
		forward_commands(dev, plan, step, add, out);
		return GW6C_OK;
	case GW6C_KEEP: /* nothing there changes by itself */
		return GW6C_OK;
	case GW6C_PIN:
		break;
	}
	return gw6c_fail(err, GW6C_EOS, "step %u is not supported on %s",
			 step->verb, platform->name);
}

static const char *windows_names(const struct platform *platform, unsigned kind)
{
	(void)platform;
	(void)kind;
	return "gw6c";
}

static bool windows_note(const struct gw6c_step *step, struct commands *out,
			 const char **begin)
{
	(void)step;
	(void)out;
	(void)begin;
	return false;
}

static const struct platform windows = {
	.name = "Windows",
	.remark = "rem",
	.here = HERE,
	.commands = windows_commands,
	.names = windows_names,
	.note = windows_note,
};

static int windows_open(const struct gw6c_host *host, void **self,
			struct gw6c_err *err)
{
	return tools_open(&windows, host, self, err);
}

static const struct gw6c_opt windows_opts[] = TOOLS_OPTS;
static const struct gw6c_os_ops windows_ops = TOOLS_OPS(windows_open);

GW6C_PLUGIN(os_windows) = {
	GW6C_HEAD(GW6C_OS, "windows", "Windows: netsh"),
	.opts = windows_opts,
	.os = &windows_ops,
	.aliases = "windows2000 windows2003 windowsxp",
};
