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

/* Unreachable, blackhole or prohibit; or no rule leads to a route. */
static bool leads_nowhere(int error)
{
	return error == ENETUNREACH || error == EHOSTUNREACH ||
	       error == EACCES || error == EINVAL;
}

/* Where the kernel does not tell, ours is as good as any. */
static void find_way(struct linux_os *os, const struct gw6c_addr *dst,
		     struct linux_better *way)
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
	way->index = SEVERAL;
	error = linux_ask(os, message, sizeof(*info), way_attr, way);
	if (error)
		way->index = leads_nowhere(error) ? NOWHERE : linux_present(os);
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

	if (better->index == NOWHERE)
		snprintf(room, len,
			 "a better one or a rule of another program makes "
			 "every destination unreachable");
	else
		snprintf(room, len, "%s has a better one (metric %u)",
			 if_indextoname(better->index, dev)
				 ? dev
				 : "another interface",
			 better->metric);
}

static void show(const struct linux_os *os, const char *text)
{
	const struct gw6c_host *host = os->host;

	if (GW6C_HAS(host, status) && host->status)
		host->status(host, "default_route", text ? "%s" : NULL, text);
}

/* The first way that is not ours, if there is one. */
static void look(struct linux_os *os, uint8_t family,
		 struct linux_better *better)
{
	unsigned others = 0, all = 0;

	for (size_t i = 0; i < SOMEWHERE; i++) {
		struct linux_better way = { .index = 0 };

		if (somewhere[i].family != family)
			continue;
		find_way(os, &somewhere[i], &way);
		all++;
		if (way.index != linux_present(os) && !others++)
			*better = way;
	}
	better->part = others && others < all;
}

static bool same(const struct linux_better *a, const struct linux_better *b)
{
	return a->index == b->index && a->metric == b->metric &&
	       a->part == b->part;
}

void linux_better_look(struct linux_os *os)
{
	uint8_t family = default_family(os);
	struct linux_better now = { .index = 0 };
	char other[100], text[128] = "used";
	bool news;

	if (!family)
		return;
	look(os, family, &now);
	news = !same(&now, &os->better);
	os->better = now;
	better_text(&now, other, sizeof(other));
	if (now.index)
		snprintf(text, sizeof(text), "%s: %s",
			 now.part ? "used in part" : "not used", other);
	show(os, text);
	if (news)
		os->host->log(os->host, GW6C_NOTICE, "default route %s",
			      now.index ? text : "in use again");
}

void linux_better_end(struct linux_os *os)
{
	show(os, NULL);
}
