/* os_checktunnel.c - changes nothing: prints what the broker granted and what
 * would follow, and fails if it does not make a whole tunnel. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include <gw6c/plugin.h>
#include <stdlib.h>

typedef void line_fn(void *arg, const char *text);

struct checktunnel {
	struct gw6c_lease lease; /* size 0: none */
};

static int check_open(const struct gw6c_host *host, void **self,
		      struct gw6c_err *err)
{
	(void)host;
	*self = calloc(1, sizeof(struct checktunnel));
	if (*self)
		return GW6C_OK;
	return gw6c_fail(err, GW6C_EOS, "out of memory");
}

static void check_close(void *self)
{
	free(self);
}

static int check_lease(void *self, const struct gw6c_lease *lease,
		       struct gw6c_err *err)
{
	struct checktunnel *check = self;
	size_t size = sizeof(check->lease);

	(void)err;
	memset(&check->lease, 0, size);
	memcpy(&check->lease, lease, lease->size < size ? lease->size : size);
	return GW6C_OK;
}

/* What a whole tunnel has; NULL: it is. */
static const char *missing(const struct gw6c_lease *lease)
{
	uint8_t outer = lease->inner.family == 4 ? 6 : 4;

	if (!lease->mode[0])
		return "no mode";
	if (!lease->inner.family)
		return "no local address";
	if (lease->peer.family != lease->inner.family)
		return "no address of the broker in the tunnel";
	if (lease->local.family != outer || lease->remote.family != outer)
		return "an end of the tunnel is missing";
	if (lease->router && !lease->prefix.family)
		return "no prefix for the network behind us";
	return NULL;
}

static void say(line_fn *line, void *arg, const char *name, const char *value)
{
	char text[GW6C_NAME + 40];

	snprintf(text, sizeof(text), "%-18s %s", name, value);
	line(arg, text);
}

static void say_addr(line_fn *line, void *arg, const char *name,
		     const struct gw6c_addr *addr)
{
	char text[GW6C_ADDR_TEXT];

	if (addr->family)
		say(line, arg, name, gw6c_addr_text(addr, text));
}

static void say_num(line_fn *line, void *arg, const char *name, uint32_t value)
{
	char text[16];

	snprintf(text, sizeof(text), "%u", value);
	say(line, arg, name, text);
}

static void say_lease(const struct gw6c_lease *lease, line_fn *line, void *arg)
{
	say(line, arg, "broker", lease->broker);
	say(line, arg, "mode", lease->mode);
	say(line, arg, "asked_for", lease->asked);
	say(line, arg, "host_type", lease->router ? "router" : "host");
	say_addr(line, arg, "outer", &lease->local);
	say_addr(line, arg, "outer_seen", &lease->seen);
	say_addr(line, arg, "outer_broker", &lease->remote);
	say_addr(line, arg, "address", &lease->inner);
	say_addr(line, arg, "peer", &lease->peer);
	say_addr(line, arg, "prefix", &lease->prefix);
	for (int i = 0; i < GW6C_RESOLVERS; i++)
		say_addr(line, arg, "resolver", &lease->resolver[i]);
	if (lease->name[0])
		say(line, arg, "name", lease->name);
	say_num(line, arg, "lifetime_s", lease->lifetime_s);
	say_num(line, arg, "keepalive_s", lease->keepalive_s);
	say_addr(line, arg, "keepalive", &lease->keepalive);
	say_num(line, arg, "mtu", lease->mtu);
}

/* --- steps, in words ----------------------------------------------------- */

static const char *kind_text(unsigned kind)
{
	static const char *const kinds[] = { "", "packet device",
					     "IPv6 in IPv4", "IPv4 in IPv6" };

	return kind <= GW6C_IP6TNL ? kinds[kind] : "";
}

static bool step_text(const struct gw6c_plan *plan,
		      const struct gw6c_step *step, char *room, size_t len)
{
	const char *dev = step->dev[0]	 ? step->dev
			  : plan->dev[0] ? plan->dev
					 : "auto";
	char dst[GW6C_ADDR_TEXT];

	gw6c_addr_text(&step->dst, dst);
	switch ((enum gw6c_verb)step->verb) {
	case GW6C_LINK:
		snprintf(room, len, "interface %s, %s", dev,
			 kind_text(step->kind));
		return true;
	case GW6C_MTU:
		snprintf(room, len, "mtu %u of %s", step->value, dev);
		return true;
	case GW6C_UP:
		snprintf(room, len, "%s up", dev);
		return true;
	case GW6C_ADDR:
		snprintf(room, len, "address %s on %s", dst, dev);
		return true;
	case GW6C_ROUTE:
		snprintf(room, len, "route %s through %s", dst, dev);
		return true;
	case GW6C_REJECT:
		snprintf(room, len, "the rest of %s unreachable", dst);
		return true;
	case GW6C_FORWARD:
		snprintf(room, len, "forwarding of IPv%u", step->dst.family);
		return true;
	case GW6C_KEEP:
		return false;
	case GW6C_PIN:
		snprintf(room, len, "pin the current route to %s", dst);
		return true;
	}
	return false;
}

static int check_show(void *self, const struct gw6c_plan *plan,
		      const struct gw6c_step *step, bool add, line_fn *line,
		      void *arg, struct gw6c_err *err)
{
	const struct checktunnel *check = self;
	const struct gw6c_lease *lease = &check->lease;
	char text[200];

	if (!step && add && lease->size)
		say_lease(lease, line, arg);
	if (!step && !add && lease->size && missing(lease))
		return gw6c_fail(err, GW6C_EPEER,
				 "the tunnel is not complete: %s",
				 missing(lease));
	if (!step && !add)
		line(arg, "The tunnel is complete; nothing was changed.");
	if (!step)
		return GW6C_OK;
	if (!step_text(plan, step, text, sizeof(text)))
		return gw6c_fail(err, GW6C_EOS,
				 "step %u is not supported "
				 "here",
				 step->verb);
	if (add)
		say(line, arg, "step", text);
	return GW6C_OK;
}

static void nobody(void *arg, const char *text)
{
	(void)arg;
	(void)text;
}

static int check_step(void *self, struct gw6c_plan *plan,
		      struct gw6c_step *step, bool add, struct gw6c_err *err)
{
	return check_show(self, plan, step, add, nobody, NULL, err);
}

static const struct gw6c_os_ops check_ops = {
	.size = sizeof(check_ops),
	.flags = GW6C_OS_DRY | GW6C_OS_ONCE,
	.open = check_open,
	.close = check_close,
	.step = check_step,
	.lease = check_lease,
	.show = check_show,
};

GW6C_PLUGIN(os_checktunnel) = {
	GW6C_HEAD(GW6C_OS, "checktunnel",
		  "prints what was granted, changes nothing"),
	.os = &check_ops,
};
