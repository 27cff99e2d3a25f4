/* linux_better.c - says so when the default route in use is not ours: the
 * tunnel is up and carries little then, and nothing is wrong with it. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "linux.h"
#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/rtnetlink.h>

/* Of the public addresses those that are least likely to have a route of
 * their own: their way is the default one. */
static const struct gw6c_addr somewhere6 = { .family = 6,
					     .bits = 128,
					     .octets = { 0x20 } };
static const struct gw6c_addr somewhere4 = { .family = 4,
					     .bits = 32,
					     .octets = { 223, 255, 255, 254 } };

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

static bool find_way(struct linux_os *os, const struct gw6c_addr *dst,
		     struct linux_better *way)
{
	char room[512];
	struct nlmsghdr *message = linux_message(os, room, RTM_GETROUTE, 0);
	struct rtmsg *info = mnl_nlmsg_put_extra_header(message, sizeof(*info));
	int error;

	info->rtm_family = (uint8_t)linux_family(dst);
	info->rtm_dst_len = dst->bits;
	info->rtm_flags = RTM_F_FIB_MATCH;
	mnl_attr_put(message, RTA_DST, linux_octets(dst), dst->octets);
	error = linux_ask(os, message, sizeof(*info), way_attr, way);
	if (error == ENETUNREACH || error == EHOSTUNREACH || error == EACCES)
		way->index = NOWHERE;
	else if (!way->index)
		way->index = SEVERAL;
	return !error || way->index == NOWHERE;
}

/* The family of the default route that we have set, 0: none. */
static uint8_t default_family(const struct linux_os *os)
{
	for (int i = 0; i < LINUX_ROUTES; i++)
		if (os->route[i].metric && !os->route[i].dst.bits)
			return os->route[i].dst.family;
	return 0;
}

static void tell(struct linux_os *os)
{
	const struct linux_better *better = &os->better;
	char dev[IF_NAMESIZE];

	if (!better->index)
		os->host->log(os->host, GW6C_NOTICE,
			      "default route in use again");
	else if (better->index == NOWHERE)
		os->host->log(os->host, GW6C_NOTICE,
			      "default route not used: a better one of another "
			      "program makes every destination unreachable");
	else
		os->host->log(os->host, GW6C_NOTICE,
			      "default route not used: %s has a better one "
			      "(metric %u)",
			      if_indextoname(better->index, dev)
				      ? dev
				      : "another interface",
			      better->metric);
}

void linux_better_look(struct linux_os *os)
{
	uint8_t family = default_family(os);
	struct linux_better way = { .index = 0 };

	if (!family ||
	    !find_way(os, family == 4 ? &somewhere4 : &somewhere6, &way))
		return;
	if (way.index == linux_present(os))
		way = (struct linux_better){ .index = 0 };
	if (way.index == os->better.index && way.metric == os->better.metric)
		return;
	os->better = way;
	tell(os);
}
