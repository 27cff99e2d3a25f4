/* linux_better.c - says so when the default route in use is not ours: the
 * tunnel is up and carries little then, and nothing is wrong with it. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "linux.h"
#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/rtnetlink.h>

/* One of each part of the Internet that programs give a route of its own, to
 * be better than any default route: halves, and quarters of IPv4. They are the
 * addresses least likely to have a route of their own. */
static const struct gw6c_addr somewhere[] = {
	{ .family = 6, .octets = { 0x20 } },
	{ .family = 6, .octets = { 0x3f, 0xfe, 0xff, 0xff } },
	{ .family = 4, .octets = { 63, 255, 255, 255 } },
	{ .family = 4, .octets = { 126, 255, 255, 255 } },
	{ .family = 4, .octets = { 191, 255, 255, 255 } },
	{ .family = 4, .octets = { 223, 255, 255, 255 } },
};

#define SOMEWHERE (sizeof(somewhere) / sizeof(somewhere[0]))
#define NOWHERE UINT32_MAX /* index: a route that discards packets */
#define SEVERAL (UINT32_MAX - 1) /* index: there is more than one next hop */

static int way_attr(const struct nlattr *attr, void *arg)
{
	struct linux_better *way = arg;

	if (mnl_attr_get_type(attr) == RTA_OIF)
		way->index = mnl_attr_get_u32(attr);
	if (mnl_attr_get_type(attr) == RTA_PRIORITY)
		way->metric = mnl_attr_get_u32(attr);
	return MNL_CB_OK;
}

/* Packets that may take another way than those that say nothing: a rule, or a
 * route, may be for them alone. */
struct source {
	struct gw6c_addr addr; /* none: any */
	unsigned index; /* of the interface they come from; 0: from us */
};

/* Unreachable or prohibit; else blackhole, or no rule leads to a route. The
 * latter IPv4 says as well of a source that is not there yet. */
static bool leads_nowhere(const struct source *source, int error)
{
	if (error == EHOSTUNREACH || error == EACCES)
		return true;
	return (error == ENETUNREACH || error == EINVAL) &&
	       source->addr.family != 4;
}

/* Where the kernel does not tell, ours is as good as any. */
static void find_way(struct linux_os *os, const struct gw6c_addr *dst,
		     const struct source *source, struct linux_better *way)
{
	char room[512];
	struct nlmsghdr *message = linux_message(os, room, RTM_GETROUTE, 0);
	struct rtmsg *info = mnl_nlmsg_put_extra_header(message, sizeof(*info));
	size_t octets = linux_octets(dst);
	int error;

	info->rtm_family = (uint8_t)linux_family(dst);
	info->rtm_dst_len = (uint8_t)(octets * 8);
	info->rtm_flags = RTM_F_FIB_MATCH;
	mnl_attr_put(message, RTA_DST, octets, dst->octets);
	if (source->addr.family) {
		info->rtm_src_len = info->rtm_dst_len;
		mnl_attr_put(message, RTA_SRC, octets, source->addr.octets);
	}
	if (source->index)
		mnl_attr_put_u32(message, RTA_IIF, source->index);
	way->index = SEVERAL;
	error = linux_ask(os, message, sizeof(*info), way_attr, way);
	if (error)
		way->index = leads_nowhere(source, error) ? NOWHERE
							  : linux_present(os);
}

/* The family of the default route that we have set, 0: none. */
static uint8_t default_family(const struct linux_os *os)
{
	for (int i = 0; i < LINUX_ROUTES; i++)
		if (os->route[i].metric && !os->route[i].dst.bits)
			return os->route[i].dst.family;
	return 0;
}

/* "lan0 has a better one (metric 7)" */
static void better_text(const struct linux_better *better, char *room,
			size_t len)
{
	char dev[IF_NAMESIZE];
	const char *name =
		if_indextoname(better->index, dev) ? dev : "another interface";

	if (better->from[0] && better->index == NOWHERE)
		snprintf(room, len,
			 "a rule or route of another program refuses packets "
			 "from %s",
			 better->from);
	else if (better->from[0])
		snprintf(room, len,
			 "a rule or route of another program leads packets "
			 "from %s to %s",
			 better->from, name);
	else if (better->index == NOWHERE)
		snprintf(room, len,
			 "a better one or a rule of another program makes "
			 "every destination unreachable");
	else
		snprintf(room, len, "%s has a better one (metric %u)", name,
			 better->metric);
}

static void show(const struct linux_os *os, const char *text)
{
	const struct gw6c_host *host = os->host;

	if (GW6C_HAS(host, status) && host->status)
		host->status(host, "default_route", text ? "%s" : NULL, text);
}

/* The first way of theirs that is not ours. True: there is one. */
static bool look_from(struct linux_os *os, uint8_t family,
		      const struct source *source, struct linux_better *better)
{
	unsigned others = 0, all = 0;

	for (size_t i = 0; i < SOMEWHERE; i++) {
		struct linux_better way = { .index = 0 };

		if (somewhere[i].family != family)
			continue;
		find_way(os, &somewhere[i], source, &way);
		all++;
		if (way.index != linux_present(os) && !others++)
			*better = way;
	}
	better->part = others && others < all;
	return others;
}

/* Packets from an address of ours, or from the prefix. */
static bool look_addr(struct linux_os *os, uint8_t family,
		      const struct gw6c_addr *addr, struct linux_better *better)
{
	const struct source source = { .addr = *addr };

	if (addr->family != family || !look_from(os, family, &source, better))
		return false;
	gw6c_addr_text(addr, better->from);
	return true;
}

/* Packets from the networks behind us. */
static bool look_lan(struct linux_os *os, uint8_t family,
		     const struct linux_lan *lan, struct linux_better *better)
{
	const struct source source = { .addr = lan->addr,
				       .index = if_nametoindex(lan->dev) };

	if (!source.index || lan->addr.family != family ||
	    !look_from(os, family, &source, better))
		return false;
	snprintf(better->from, sizeof(better->from), "%.15s", lan->dev);
	return true;
}

static void look(struct linux_os *os, uint8_t family,
		 struct linux_better *better)
{
	const struct source any = { .index = 0 };

	if (look_from(os, family, &any, better) ||
	    look_addr(os, family, &os->inner, better) ||
	    look_addr(os, family, &os->prefix, better))
		return;
	for (int i = 0; i < LINUX_LANS; i++)
		if (look_lan(os, family, &os->lan[i], better))
			return;
}

int linux_lease(void *self, const struct gw6c_lease *lease,
		struct gw6c_err *err)
{
	struct linux_os *os = self;

	(void)err;
	if (lease->proxy)
		return GW6C_OK; /* they are those of another machine */
	os->inner = lease->inner;
	os->prefix = lease->prefix;
	return GW6C_OK;
}

static bool same(const struct linux_better *a, const struct linux_better *b)
{
	return a->index == b->index && a->metric == b->metric &&
	       a->part == b->part && strcmp(a->from, b->from) == 0;
}

void linux_better_look(struct linux_os *os)
{
	uint8_t family = default_family(os);
	struct linux_better now = { .index = 0 };
	char other[128], text[160] = "used";
	bool news;

	if (!family)
		return;
	look(os, family, &now);
	news = !same(&now, &os->better);
	os->better = now;
	better_text(&now, other, sizeof(other));
	if (now.index)
		snprintf(text, sizeof(text), "%s: %s",
			 now.part || now.from[0] ? "used in part" : "not used",
			 other);
	show(os, text);
	if (news)
		os->host->log(os->host, GW6C_NOTICE, "default route %s",
			      now.index ? text : "in use again");
}

void linux_better_end(struct linux_os *os)
{
	show(os, NULL);
}
