/* os_cisco.c - the configuration of a Cisco router (IOS) that has the tunnel
 * in our stead, and its removal; printed, to be pasted there. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "commands.h"
#include <stdlib.h>

#define INSIDE "  " /* of an interface's block */
#define SAY(...)                                                               \
	do {                                                                   \
		char said[160];                                                \
		snprintf(said, sizeof(said), __VA_ARGS__);                     \
		line(arg, said);                                               \
	} while (0)

typedef void line_fn(void *arg, const char *text);

struct cisco {
	const struct gw6c_host *host;
};

static int cisco_open(const struct gw6c_host *host, void **self,
		      struct gw6c_err *err)
{
	struct cisco *cisco = calloc(1, sizeof(*cisco));

	if (!cisco)
		return gw6c_fail(err, GW6C_EOS, "out of memory");
	cisco->host = host;
	*self = cisco;
	return GW6C_OK;
}

static void cisco_close(void *self)
{
	free(self);
}

static int cisco_lease(void *self, const struct gw6c_lease *lease,
		       struct gw6c_err *err)
{
	const struct cisco *cisco = self;

	(void)err;
	if (!lease->proxy)
		cisco->host->log(cisco->host, GW6C_WARN,
				 "the tunnel was requested for this machine, "
				 "not for the router: write proxy_client=yes "
				 "and its address as client_v4=");
	return GW6C_OK;
}

static const char *tunnel_dev(const struct gw6c_plan *plan)
{
	const char *dev = plan->dev;

	return dev[0] && strcmp(dev, "auto") != 0 ? dev : "Tunnel0";
}

/* --- blocks -------------------------------------------------------------- */

static void say_addr(const char *indent, const struct gw6c_step *step,
		     line_fn *line, void *arg)
{
	char addr[INET6_ADDRSTRLEN], mask[INET6_ADDRSTRLEN];

	word_addr(&step->dst, addr);
	if (step->dst.family == 6)
		SAY("%sipv6 address %s/%u", indent, addr, step->dst.bits);
	else
		SAY("%sip address %s %s", indent, addr,
		    word_mask(step->dst.bits, mask));
}

/* All that is said of the tunnel interface is in one block, where it begins:
 * the steps of its own say nothing. */
static void say_tunnel(const struct gw6c_plan *plan,
		       const struct gw6c_step *link, line_fn *line, void *arg)
{
	char room[INET6_ADDRSTRLEN];

	SAY("interface %s", tunnel_dev(plan));
	for (uint32_t i = 0; i < plan->n; i++) {
		const struct gw6c_step *step = &plan->step[i];

		if (step->verb == GW6C_ADDR && !step->dev[0])
			say_addr(INSIDE, step, line, arg);
		if (step->verb == GW6C_MTU)
			SAY(INSIDE "%s mtu %u",
			    link->kind == GW6C_SIT ? "ipv6" : "ip",
			    step->value);
	}
	SAY(INSIDE "tunnel source %s", word_addr(&link->local, room));
	SAY(INSIDE "tunnel destination %s", word_addr(&link->remote, room));
	SAY(INSIDE "tunnel mode %s",
	    link->kind == GW6C_SIT ? "ipv6ip" : "ipv6");
	SAY(INSIDE "tunnel ttl %u", link->value);
	line(arg, INSIDE "no shutdown");
	line(arg, "exit");
}

static int link_lines(const struct gw6c_plan *plan,
		      const struct gw6c_step *step, bool add, line_fn *line,
		      void *arg, struct gw6c_err *err)
{
	if (step->kind != GW6C_SIT && step->kind != GW6C_IP6TNL)
		return gw6c_fail(err, GW6C_EOS,
				 "IOS does not support this tunnel; set "
				 "tunnel_mode=v6v4");
	if (add)
		say_tunnel(plan, step, line, arg);
	else
		SAY("no interface %s", tunnel_dev(plan));
	return GW6C_OK;
}

/* A network behind the router: the address, and what is announced there. */
static void lan_lines(const struct gw6c_step *step, bool add, line_fn *line,
		      void *arg)
{
	struct gw6c_addr prefix = step->dst;
	char room[INET6_ADDRSTRLEN];

	if (!step->dev[0])
		return; /* the tunnel's: in its block */
	SAY("interface %s", step->dev);
	say_addr(add ? INSIDE : INSIDE "no ", step, line, arg);
	if (step->dst.family == 6) {
		memset(prefix.octets + 8, 0, 8);
		SAY(INSIDE "%sipv6 nd prefix %s/64%s", add ? "" : "no ",
		    word_addr(&prefix, room), add ? " 43200 43200" : "");
	}
	line(arg, "exit");
}

static void route_line(const struct gw6c_addr *dst, const char *to, bool add,
		       line_fn *line, void *arg)
{
	char addr[INET6_ADDRSTRLEN], mask[INET6_ADDRSTRLEN];

	word_addr(dst, addr);
	if (dst->family == 6)
		SAY("%sipv6 route %s/%u %s", add ? "" : "no ", addr, dst->bits,
		    to);
	else
		SAY("%sip route %s %s %s", add ? "" : "no ", addr,
		    word_mask(dst->bits, mask), to);
}

/* --- steps ------------------------------------------------------------- */

static void route_lines(const struct gw6c_plan *plan,
			const struct gw6c_step *step, bool add, line_fn *line,
			void *arg)
{
	route_line(&step->dst, step->dev[0] ? step->dev : tunnel_dev(plan), add,
		   line, arg);
}

static int cisco_show(void *self, const struct gw6c_plan *plan,
		      const struct gw6c_step *step, bool add, line_fn *line,
		      void *arg, struct gw6c_err *err)
{
	(void)self;
	if (!step) {
		if (!add)
			line(arg, "end");
		line(arg, add ? "! Cisco IOS: to set it up"
			      : "! Cisco IOS: to remove it");
		line(arg, "configure terminal");
		return GW6C_OK;
	}
	switch ((enum gw6c_verb)step->verb) {
	case GW6C_LINK:
		return link_lines(plan, step, add, line, arg, err);
	case GW6C_MTU:
	case GW6C_UP:
		return GW6C_OK;
	case GW6C_ADDR:
		lan_lines(step, add, line, arg);
		return GW6C_OK;
	case GW6C_ROUTE:
		route_lines(plan, step, add, line, arg);
		return GW6C_OK;
	case GW6C_REJECT:
		route_line(&step->dst, "Null0", add, line, arg);
		return GW6C_OK;
	case GW6C_FORWARD:
		if (add)
			SAY("%s", step->dst.family == 4 ? "ip routing"
							: "ipv6 unicast-"
							  "routing");
		else
			line(arg, "! routing stays on: others may need it");
		return GW6C_OK;
	case GW6C_KEEP: /* nothing there changes by itself */
		return GW6C_OK;
	case GW6C_PIN:
		break;
	}
	return gw6c_fail(err, GW6C_EOS, "step %u is not supported on a router",
			 step->verb);
}

/* There is nothing to do here. */
static int cisco_step(void *self, struct gw6c_plan *plan,
		      struct gw6c_step *step, bool add, struct gw6c_err *err)
{
	(void)self;
	(void)plan;
	(void)add;
	if (step->verb >= GW6C_LINK && step->verb <= GW6C_KEEP &&
	    step->verb != GW6C_PIN)
		return GW6C_OK;
	return gw6c_fail(err, GW6C_EOS, "step %u is not supported on a router",
			 step->verb);
}

static const struct gw6c_os_ops cisco_ops = {
	.size = sizeof(cisco_ops),
	.flags = GW6C_OS_DRY | GW6C_OS_ONCE,
	.open = cisco_open,
	.close = cisco_close,
	.step = cisco_step,
	.lease = cisco_lease,
	.show = cisco_show,
};

GW6C_PLUGIN(os_cisco) = {
	GW6C_HEAD(GW6C_OS, "cisco", "prints the configuration of a router"),
	.os = &cisco_ops,
};
