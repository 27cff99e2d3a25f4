/* bsd.c - steps as commands of ifconfig(8), route(8) and sysctl(8). */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "bsd.h"

#define ROOM char room[INET6_ADDRSTRLEN]

static const char *inet(const struct gw6c_addr *addr)
{
	return addr->family == 4 ? "inet" : "inet6";
}

static void link_add(const struct bsd *bsd, const char *dev,
		     const struct gw6c_step *step, struct commands *out)
{
	ROOM;

	if (strcmp(step->saved, SAVED_SHARED) != 0)
		commands_add(out, "ifconfig", dev, "create", NULL);
	commands_add(out, "ifconfig", dev, NULL);
	if (bsd->tunnel_inet6 && step->local.family == 6)
		commands_more(out, "inet6", NULL);
	commands_more(out, "tunnel", word_addr(&step->local, room), NULL);
	commands_more(out, word_addr(&step->remote, room), NULL);
	if (bsd->no_dad)
		commands_add(out, "ifconfig", dev, "inet6", "no_dad",
			     "-accept_rtadv", NULL);
}

static void link_undo(const char *dev, const struct gw6c_step *step,
		      struct commands *out)
{
	if (strcmp(step->saved, SAVED_SHARED) == 0)
		commands_add(out, "ifconfig", dev, "deletetunnel", NULL);
	else
		commands_add(out, "ifconfig", dev, "destroy", NULL);
}

static void tun_commands(const struct bsd *bsd, const char *dev,
			 const struct gw6c_step *step, bool add,
			 struct commands *out)
{
	if (!add) {
		commands_add(out, "#", "gw6c", "closes", dev, NULL);
		if (bsd->tun_stays && strcmp(step->saved, SAVED_SHARED) != 0)
			commands_add(out, "ifconfig", dev, "destroy", NULL);
		return;
	}
	commands_add(out, "#", "gw6c", "opens", dev, NULL);
	if (bsd->no_dad)
		commands_add(out, "ifconfig", dev, "inet6", "no_dad",
			     "-accept_rtadv", NULL);
}

static int link_commands(const struct bsd *bsd, const char *dev,
			 const struct gw6c_step *step, bool add,
			 struct commands *out, struct gw6c_err *err)
{
	if (step->kind == GW6C_TUN)
		tun_commands(bsd, dev, step, add, out);
	else if (step->kind != GW6C_SIT && step->kind != GW6C_IP6TNL)
		return gw6c_fail(err, GW6C_EOS,
				 "interface kind %u is not supported on %s",
				 step->kind, bsd->platform.name);
	else if (add)
		link_add(bsd, dev, step, out);
	else
		link_undo(dev, step, out);
	return GW6C_OK;
}

static void addr_commands(const char *dev, const struct gw6c_step *step,
			  bool add, struct commands *out)
{
	ROOM;

	commands_add(out, "ifconfig", dev, inet(&step->dst),
		     word_addr(&step->dst, room), NULL);
	if (!add) {
		commands_more(out, "delete", NULL);
		return;
	}
	if (step->remote.family)
		commands_more(out, word_addr(&step->remote, room), NULL);
	if (step->dst.family == 4) {
		commands_more(out, "netmask", word_mask(step->dst.bits, room),
			      NULL);
	} else {
		commands_more(out, "prefixlen", NULL);
		commands_word(out, "%u", step->dst.bits);
	}
	commands_more(out, "alias", NULL);
}

/* "route -n add -inet6 2001:db8:: -prefixlen 48" */
static void route_to(const struct gw6c_addr *dst, bool add,
		     struct commands *out)
{
	ROOM;

	commands_add(out, "route", "-n", add ? "add" : "delete", NULL);
	commands_word(out, "-%s", inet(dst));
	if (!dst->bits) {
		commands_more(out, "default", NULL);
		return;
	}
	commands_more(out, word_addr(dst, room), NULL);
	if (dst->bits == (dst->family == 4 ? 32 : 128))
		return;
	commands_more(out, dst->family == 4 ? "-netmask" : "-prefixlen", NULL);
	if (dst->family == 4)
		commands_more(out, word_mask(dst->bits, room), NULL);
	else
		commands_word(out, "%u", dst->bits);
}

/* By way of the far end of the tunnel, as a point-to-point link has one. */
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
	route_to(&step->dst, add, out);
	if (hop->family)
		commands_more(out, word_addr(hop, room), NULL);
	else
		commands_more(out, "-interface", dev, NULL);
}

static void reject_commands(const struct gw6c_step *step, bool add,
			    struct commands *out)
{
	route_to(&step->dst, add, out);
	commands_more(out, step->dst.family == 4 ? "127.0.0.1" : "::1",
		      "-reject", NULL);
}

static const char *forward_name(const struct gw6c_step *step)
{
	return step->dst.family == 4 ? "net.inet.ip.forwarding"
				     : "net.inet6.ip6.forwarding";
}

/* Nothing to do, nor to take back, if it was on before. */
static void forward_commands(const struct bsd *bsd,
			     const struct gw6c_step *step, bool add,
			     struct commands *out)
{
	if (strcmp(step->saved, "1") == 0)
		return;
	commands_add(out, "sysctl", bsd->sysctl_w ? "-w" : NULL, NULL);
	commands_word(out, "%s=%d", forward_name(step), add ? 1 : 0);
}

/* Through its present next hop; without one it is a neighbour. */
static void pin_commands(const struct gw6c_step *step, bool add,
			 struct commands *out)
{
	if (!step->saved[0] || strcmp(step->saved, SAVED_DONE) == 0)
		return;
	route_to(&step->dst, add, out);
	commands_more(out, step->saved, NULL);
}

bool bsd_note(const struct gw6c_step *step, struct commands *out,
	      const char **begin)
{
	ROOM;

	if (step->verb == GW6C_FORWARD) {
		commands_add(out, "sysctl", "-n", forward_name(step), NULL);
		*begin = "";
		return true;
	}
	if (step->verb == GW6C_PIN) {
		commands_add(out, "route", "-n", "get", NULL);
		commands_word(out, "-%s", inet(&step->dst));
		commands_more(out, word_addr(&step->dst, room), NULL);
		*begin = "gateway:";
		return true;
	}
	return false;
}

const char *bsd_names(const struct platform *platform, unsigned kind)
{
	const struct bsd *bsd = (const struct bsd *)platform;

	return kind == GW6C_TUN ? bsd->tun : "gif";
}

int bsd_commands(const struct platform *platform, const char *dev,
		 const struct gw6c_plan *plan, const struct gw6c_step *step,
		 bool add, struct commands *out, struct gw6c_err *err)
{
	const struct bsd *bsd = (const struct bsd *)platform;

	switch ((enum gw6c_verb)step->verb) {
	case GW6C_LINK:
		return link_commands(bsd, dev, step, add, out, err);
	case GW6C_MTU: /* goes with the interface */
		if (!add)
			return GW6C_OK;
		commands_add(out, "ifconfig", dev, "mtu", NULL);
		commands_word(out, "%u", step->value);
		return GW6C_OK;
	case GW6C_UP:
		commands_add(out, "ifconfig", dev, add ? "up" : "down", NULL);
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
		forward_commands(bsd, step, add, out);
		return GW6C_OK;
	case GW6C_KEEP: /* nothing there changes by itself */
		return GW6C_OK;
	case GW6C_PIN:
		pin_commands(step, add, out);
		return GW6C_OK;
	}
	return gw6c_fail(err, GW6C_EOS, "step %u is not supported on %s",
			 step->verb, platform->name);
}
