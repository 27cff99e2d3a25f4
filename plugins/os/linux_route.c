/* linux_route.c - routes, and the present way to a host. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "linux.h"
#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/rtnetlink.h>

static struct nlmsghdr *route_message(struct linux_os *os, void *room,
				      const struct gw6c_step *step, bool add,
				      uint8_t type)
{
	struct nlmsghdr *message =
		linux_message(os, room, add ? RTM_NEWROUTE : RTM_DELROUTE,
			      add ? NLM_F_CREATE | NLM_F_EXCL : 0);
	struct rtmsg *info = mnl_nlmsg_put_extra_header(message, sizeof(*info));

	info->rtm_family = (uint8_t)linux_family(&step->dst);
	info->rtm_dst_len = step->dst.bits;
	info->rtm_table = RT_TABLE_MAIN;
	info->rtm_protocol = LINUX_PROTOCOL;
	info->rtm_type = type;
	info->rtm_scope = RT_SCOPE_UNIVERSE;
	if (step->dst.family == 4 && !step->remote.family)
		info->rtm_scope = RT_SCOPE_LINK;
	if (step->dst.bits)
		mnl_attr_put(message, RTA_DST, linux_octets(&step->dst),
			     step->dst.octets);
	if (step->remote.family)
		mnl_attr_put(message, RTA_GATEWAY, linux_octets(&step->remote),
			     step->remote.octets);
	if (step->value)
		mnl_attr_put_u32(message, RTA_PRIORITY, step->value);
	return message;
}

static int route_talk(struct linux_os *os, struct nlmsghdr *message, bool add,
		      const struct gw6c_step *step, struct gw6c_err *err)
{
	int error;

	if (!add)
		linux_note_route(os, step, false);
	error = linux_talk(os, message, err);
	if (!error && add)
		linux_note_route(os, step, true);
	if (!error ||
	    (!add && (error == ESRCH || error == ENODEV || error == ENOENT)))
		return GW6C_OK;
	if (add && error == EEXIST)
		return gw6c_fail(err, GW6C_EOS,
				 "a route of another program has the same "
				 "metric %u; set another metric",
				 step->value);
	return err->rc;
}

int linux_route_step(struct linux_os *os, struct gw6c_plan *plan,
		     struct gw6c_step *step, bool add, struct gw6c_err *err)
{
	const char *dev = linux_dev(plan, step);
	unsigned index = if_nametoindex(dev);
	char room[512];
	struct nlmsghdr *message;

	if (!index)
		return add ? linux_no_interface(dev, err) : GW6C_OK;
	message = route_message(os, room, step, add, RTN_UNICAST);
	mnl_attr_put_u32(message, RTA_OIF, index);
	if (route_talk(os, message, add, step, err))
		return err->rc;
	if (add && !step->dst.bits)
		linux_better_look(os);
	return GW6C_OK;
}

int linux_reject_step(struct linux_os *os, struct gw6c_plan *plan,
		      struct gw6c_step *step, bool add, struct gw6c_err *err)
{
	char room[512];
	struct nlmsghdr *message =
		route_message(os, room, step, add, RTN_UNREACHABLE);

	(void)plan;
	if (step->dst.family == 6)
		mnl_attr_put_u32(message, RTA_OIF, if_nametoindex("lo"));
	return route_talk(os, message, add, step, err);
}

/* --- the present way to a host ----------------------------------------- */

struct way {
	struct gw6c_addr gateway; /* none: on the link itself */
	unsigned index;
};

static int way_attr(const struct nlattr *attr, void *arg)
{
	struct way *way = arg;

	if (mnl_attr_get_type(attr) == RTA_OIF)
		way->index = mnl_attr_get_u32(attr);
	if (mnl_attr_get_type(attr) == RTA_GATEWAY) {
		uint16_t len = mnl_attr_get_payload_len(attr);

		way->gateway.family = len == 4 ? 4 : 6;
		way->gateway.bits = len == 4 ? 32 : 128;
		memcpy(way->gateway.octets, mnl_attr_get_payload(attr),
		       len > 16 ? 16 : len);
	}
	return MNL_CB_OK;
}

static int find_way(struct linux_os *os, const struct gw6c_addr *dst,
		    struct way *way, struct gw6c_err *err)
{
	char room[512];
	struct nlmsghdr *message = linux_message(os, room, RTM_GETROUTE, 0);
	struct rtmsg *info = mnl_nlmsg_put_extra_header(message, sizeof(*info));
	int error;

	info->rtm_family = (uint8_t)linux_family(dst);
	info->rtm_dst_len = dst->bits;
	mnl_attr_put(message, RTA_DST, linux_octets(dst), dst->octets);
	error = linux_ask(os, message, sizeof(*info), way_attr, way);
	if (!error && way->index)
		return GW6C_OK;
	return gw6c_fail(err, GW6C_EOS, "no route there: %s", strerror(error));
}

/* saved: "DEV GATEWAY" or "DEV -" of the route we made; empty if there was a
 * host route already, which stays whose it is. */
static int pin_add(struct linux_os *os, struct gw6c_step *step,
		   struct gw6c_err *err)
{
	struct way way = { .index = 0 };
	char room[512], dev[IF_NAMESIZE], text[GW6C_ADDR_TEXT];
	struct nlmsghdr *message;
	int error;

	if (find_way(os, &step->dst, &way, err))
		return err->rc;
	step->remote = way.gateway;
	message = route_message(os, room, step, true, RTN_UNICAST);
	mnl_attr_put_u32(message, RTA_OIF, way.index);
	error = linux_talk(os, message, err);
	memset(&step->remote, 0, sizeof(step->remote));
	if (error == EEXIST)
		return GW6C_OK;
	if (error)
		return err->rc;
	snprintf(step->saved, sizeof(step->saved), "%s %s",
		 if_indextoname(way.index, dev) ? dev : "?",
		 gw6c_addr_text(&way.gateway, text));
	return GW6C_OK;
}

static int pin_remove(struct linux_os *os, const struct gw6c_step *step,
		      struct gw6c_err *err)
{
	char room[512], dev[IF_NAMESIZE], text[GW6C_ADDR_TEXT];
	struct gw6c_step route = *step;
	struct nlmsghdr *message;

	if (sscanf(step->saved, "%15s %49s", dev, text) != 2 ||
	    !if_nametoindex(dev))
		return GW6C_OK;
	gw6c_addr_parse(text, &route.remote);
	message = route_message(os, room, &route, false, RTN_UNICAST);
	mnl_attr_put_u32(message, RTA_OIF, if_nametoindex(dev));
	return route_talk(os, message, false, step, err);
}

int linux_pin_step(struct linux_os *os, struct gw6c_plan *plan,
		   struct gw6c_step *step, bool add, struct gw6c_err *err)
{
	(void)plan;
	return add ? pin_add(os, step, err) : pin_remove(os, step, err);
}
