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

/* On paper nobody has chosen a name: the first. */
static const char *null_dev(const struct gw6c_plan *plan,
			    const struct gw6c_step *step)
{
	const char *dev = step->dev[0] ? step->dev : plan->dev;

	return dev[0] && strcmp(dev, "auto") != 0 ? dev : "gw6c0";
}

static const char *null_link(const struct gw6c_step *step, bool add,
			     const char *dev, char *room, size_t len)
{
	char local[GW6C_ADDR_TEXT], remote[GW6C_ADDR_TEXT];
	const char *six = step->local.family == 6 ? "-6 " : "";

	gw6c_addr_text(&step->local, local);
	gw6c_addr_text(&step->remote, remote);
	if (step->kind == GW6C_RAW_SINK)
		snprintf(room, len, "# %s raw packets to %s",
			 add ? "absorb" : "no longer absorb", local);
	else if (step->kind == GW6C_TUN)
		snprintf(room, len, "ip tuntap %s dev %s mode tun",
			 add ? "add" : "del", dev);
	else if (!add)
		snprintf(room, len, "ip %stunnel del %s", six, dev);
	else
		snprintf(room, len,
			 "ip %stunnel add %s mode %s local %s remote %s ttl %u",
			 six, dev, step->kind == GW6C_SIT ? "sit" : "ipip6",
			 local, remote, step->value);
	return room;
}

static const char *null_addr(const struct gw6c_step *step, bool add,
			     const char *dev, char *room, size_t len)
{
	char dst[GW6C_ADDR_TEXT], remote[GW6C_ADDR_TEXT];

	snprintf(room, len, "ip address %s %s%s%s dev %s", add ? "add" : "del",
		 gw6c_addr_text(&step->dst, dst),
		 step->remote.family ? " peer " : "",
		 step->remote.family ? gw6c_addr_text(&step->remote, remote)
				     : "",
		 dev);
	return room;
}

static const char *null_route(const struct gw6c_step *step, bool add,
			      const char *dev, char *room, size_t len)
{
	char dst[GW6C_ADDR_TEXT], remote[GW6C_ADDR_TEXT];
	bool reject = step->verb == GW6C_REJECT, via = step->remote.family != 0;

	snprintf(room, len, "ip -%u route %s %s%s%s%s%s%s metric %u",
		 step->dst.family, add ? "add" : "del",
		 reject ? "unreachable " : "", gw6c_addr_text(&step->dst, dst),
		 !reject && via ? " via " : "",
		 !reject && via ? gw6c_addr_text(&step->remote, remote) : "",
		 reject ? "" : " dev ", reject ? "" : dev, step->value);
	return room;
}

/* In the words of ip(8), to be read or pasted; "" where nothing is to be done,
 * NULL for a step that is not known. */
static const char *null_text(const struct gw6c_plan *plan,
			     const struct gw6c_step *step, bool add, char *room,
			     size_t len)
{
	const char *dev = null_dev(plan, step);
	char dst[GW6C_ADDR_TEXT];

	room[0] = 0;
	switch ((enum gw6c_verb)step->verb) {
	case GW6C_LINK:
		return null_link(step, add, dev, room, len);
	case GW6C_MTU:
		if (add)
			snprintf(room, len, "ip link set dev %s mtu %u", dev,
				 step->value);
		return room;
	case GW6C_UP:
		snprintf(room, len, "ip link set dev %s %s", dev,
			 add ? "up" : "down");
		return room;
	case GW6C_ADDR:
		return null_addr(step, add, dev, room, len);
	case GW6C_ROUTE:
	case GW6C_REJECT:
		return null_route(step, add, dev, room, len);
	case GW6C_FORWARD:
		snprintf(room, len,
			 add ? "sysctl -w net.ipv%u.conf.all.forwarding=1"
			     : "# put net.ipv%u.conf.all.forwarding back",
			 step->dst.family);
		return room;
	case GW6C_KEEP:
		snprintf(room, len,
			 add ? "# note the settings of %s"
			     : "# put the settings of %s back",
			 dev);
		return room;
	case GW6C_PIN:
		snprintf(room, len, "# %s the current route to %s",
			 add ? "pin" : "unpin",
			 gw6c_addr_text(&step->dst, dst));
		return room;
	}
	return NULL;
}

static int null_unknown(const struct gw6c_step *step, struct gw6c_err *err)
{
	return gw6c_fail(err, GW6C_EOS, "step %u is not supported here",
			 step->verb);
}

static int null_step(void *self, struct gw6c_plan *plan, struct gw6c_step *step,
		     bool add, struct gw6c_err *err)
{
	const struct gw6c_host *host = self;
	char room[256];
	const char *text = null_text(plan, step, add, room, sizeof(room));

	if (!text)
		return null_unknown(step, err);
	if (text[0])
		host->log(host, add ? GW6C_NOTICE : GW6C_INFO, "would %s: %s",
			  add ? "do" : "undo", text);
	return GW6C_OK;
}

static int null_show(void *self, const struct gw6c_plan *plan,
		     const struct gw6c_step *step, bool add,
		     void (*line)(void *arg, const char *text), void *arg,
		     struct gw6c_err *err)
{
	char room[256];
	const char *text;

	(void)self;
	if (!step) {
		line(arg,
		     add ? "# Linux: to set it up" : "# Linux: to revert it");
		return GW6C_OK;
	}
	text = null_text(plan, step, add, room, sizeof(room));
	if (!text)
		return null_unknown(step, err);
	if (text[0])
		line(arg, text);
	return GW6C_OK;
}

static const struct gw6c_os_ops null_ops = {
	.size = sizeof(null_ops),
	.flags = GW6C_OS_DRY,
	.open = null_open,
	.close = null_close,
	.step = null_step,
	.show = null_show,
};

GW6C_PLUGIN(os_null) = {
	GW6C_HEAD(GW6C_OS, "null", "changes nothing, prints what it would do"),
	.os = &null_ops,
};
