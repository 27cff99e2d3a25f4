/* os_null.c - changes nothing: tells each step instead (a dry run). */
/* SPDX-License-Identifier: BSD-2-Clause */
#include <gw6c/plugin.h>

static int null_open(const struct gw6c_host *host, void **self,
		     struct gw6c_err *err)
{
	(void)err;
	*self = (void *)host; /* no state of its own */
	return GW6C_OK;
}

static void null_close(void *self)
{
	(void)self;
}

static const char *null_dev(const struct gw6c_plan *plan,
			    const struct gw6c_step *step)
{
	if (step->dev[0])
		return step->dev;
	return plan->dev[0] ? plan->dev : "auto";
}

/* In the words of ip(8), for a person to read or to type. */
static void null_text(const struct gw6c_plan *plan,
		      const struct gw6c_step *step, char *room, size_t len)
{
	char dst[GW6C_ADDR_TEXT], local[GW6C_ADDR_TEXT], remote[GW6C_ADDR_TEXT];
	const char *dev = null_dev(plan, step);

	gw6c_addr_text(&step->dst, dst);
	gw6c_addr_text(&step->local, local);
	gw6c_addr_text(&step->remote, remote);
	switch ((enum gw6c_verb)step->verb) {
	case GW6C_LINK:
		if (step->kind == GW6C_RAW_SINK)
			snprintf(room, len, "absorb raw packets to %s", local);
		else if (step->kind == GW6C_TUN)
			snprintf(room, len, "tuntap add %s mode tun", dev);
		else
			snprintf(room, len,
				 "tunnel add %s mode %s local %s remote %s "
				 "ttl %u",
				 dev, step->kind == GW6C_SIT ? "sit" : "ipip6",
				 local, remote, step->value);
		return;
	case GW6C_MTU:
		snprintf(room, len, "link set %s mtu %u", dev, step->value);
		return;
	case GW6C_UP:
		snprintf(room, len, "link set %s up", dev);
		return;
	case GW6C_ADDR:
		snprintf(room, len, "address add %s%s%s dev %s", dst,
			 step->remote.family ? " peer " : "",
			 step->remote.family ? remote : "", dev);
		return;
	case GW6C_ROUTE:
		snprintf(room, len, "route add %s%s%s dev %s metric %u", dst,
			 step->remote.family ? " via " : "",
			 step->remote.family ? remote : "", dev, step->value);
		return;
	case GW6C_REJECT:
		snprintf(room, len, "route add unreachable %s metric %u", dst,
			 step->value);
		return;
	case GW6C_FORWARD:
		snprintf(room, len, "forwarding on for IPv%u",
			 step->dst.family);
		return;
	case GW6C_KEEP:
		snprintf(room, len, "keep the settings of %s", dev);
		return;
	case GW6C_PIN:
		snprintf(room, len, "pin the current route to %s", dst);
		return;
	}
	room[0] = 0;
}

static int null_step(void *self, struct gw6c_plan *plan, struct gw6c_step *step,
		     bool add, struct gw6c_err *err)
{
	const struct gw6c_host *host = self;
	char text[256];

	null_text(plan, step, text, sizeof(text));
	if (!text[0])
		return gw6c_fail(err, GW6C_EOS,
				 "step %u is not supported "
				 "here",
				 step->verb);
	if (add)
		host->log(host, GW6C_NOTICE, "would do: %s", text);
	else
		host->log(host, GW6C_INFO, "would undo: %s", text);
	return GW6C_OK;
}

static const struct gw6c_os_ops null_ops = {
	.size = sizeof(null_ops),
	.flags = GW6C_OS_DRY,
	.open = null_open,
	.close = null_close,
	.step = null_step,
};

GW6C_PLUGIN(os_null) = {
	GW6C_HEAD(GW6C_OS, "null", "changes nothing, prints what it would do"),
	.os = &null_ops,
};
