/* linux_route.c - routes, and the present way to a host. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "linux.h"
#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/rtnetlink.h>

#define METRICS 16u /* that are tried, from the one wanted */
#define OTHER_METRIC "metric %u" /* in saved: not the one wanted */

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

/* The kernel's verdict on one route, of which the watch learns. */
static int route_talk(struct linux_os *os, const struct gw6c_step *step,
		      bool add, uint8_t type, unsigned index,
		      struct gw6c_err *err)
{
	char room[512];
	struct nlmsghdr *message = route_message(os, room, step, add, type);
	int error;

	if (index)
		mnl_attr_put_u32(message, RTA_OIF, index);
	if (!add)
		linux_note_route(os, step, false);
	error = linux_talk(os, message, err);
	if (!error && add)
		linux_note_route(os, step, true);
	return error;
}

static int route_remove(struct linux_os *os, const struct gw6c_step *step,
			uint8_t type, unsigned index, struct gw6c_err *err)
{
	struct gw6c_step done = *step;
	int error;

	sscanf(step->saved, OTHER_METRIC, &done.value);
	error = route_talk(os, &done, false, type, index, err);
	if (!error || error == ESRCH || error == ENODEV || error == ENOENT)
		return GW6C_OK;
	return err->rc;
}

static int metrics_taken(const struct gw6c_step *step, struct gw6c_err *err)
{
	return gw6c_fail(err, GW6C_EOS,
			 "routes of other programs have the metrics %u to %u; "
			 "set another metric",
			 step->value, step->value + METRICS - 1);
}

/* A route of somebody's with our metric stays: ours is set beside it, with the
 * next free one, and is in use as soon as theirs goes. */
static int route_beside(struct linux_os *os, struct gw6c_step *step,
			uint8_t type, unsigned index, struct gw6c_err *err)
{
	struct gw6c_step other = *step;
	char text[GW6C_ADDR_TEXT];
	int error = EEXIST;

	while (error == EEXIST && ++other.value < step->value + METRICS) {
		snprintf(step->saved, sizeof(step->saved), OTHER_METRIC,
			 other.value);
		if (linux_note(os, step, err))
			return err->rc;
		error = route_talk(os, &other, true, type, index, err);
	}
	if (error)
		step->saved[0] = 0;
	if (error)
		return error == EEXIST ? metrics_taken(step, err) : err->rc;
	os->host->log(os->host, GW6C_NOTICE,
		      "another program has a route to %s with metric %u; ours "
		      "has %u",
		      gw6c_addr_text(&step->dst, text), step->value,
		      other.value);
	return GW6C_OK;
}

static int route_add(struct linux_os *os, struct gw6c_step *step, uint8_t type,
		     unsigned index, struct gw6c_err *err)
{
	int error;

	step->saved[0] = 0;
	error = route_talk(os, step, true, type, index, err);
	if (error == EEXIST && step->value)
		return route_beside(os, step, type, index, err);
	return error ? err->rc : GW6C_OK;
}

int linux_route_step(struct linux_os *os, struct gw6c_plan *plan,
		     struct gw6c_step *step, bool add, struct gw6c_err *err)
{
	const char *dev = linux_dev(plan, step);
	unsigned index = if_nametoindex(dev);
	bool is_default = !step->dst.bits;

	if (!add && is_default)
		linux_better_end(os);
	if (!index)
		return add ? linux_no_interface(dev, err) : GW6C_OK;
	if (!add)
		return route_remove(os, step, RTN_UNICAST, index, err);
	if (route_add(os, step, RTN_UNICAST, index, err))
		return err->rc;
	if (is_default)
		linux_better_look(os);
	return GW6C_OK;
}

int linux_reject_step(struct linux_os *os, struct gw6c_plan *plan,
		      struct gw6c_step *step, bool add, struct gw6c_err *err)
{
	unsigned index = step->dst.family == 6 ? if_nametoindex("lo") : 0;

	(void)plan;
	return add ? route_add(os, step, RTN_UNREACHABLE, index, err)
		   : route_remove(os, step, RTN_UNREACHABLE, index, err);
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
		if (len <= sizeof(way->gateway.octets))
			memcpy(way->gateway.octets, mnl_attr_get_payload(attr),
			       len);
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
	return error ? gw6c_fail(err, GW6C_EOS, "no route there: %s",
				 strerror(error))
		     : GW6C_OK;
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
	char dev[IF_NAMESIZE], text[GW6C_ADDR_TEXT];
	struct gw6c_step route = { .dst = step->dst, .value = step->value };

	if (sscanf(step->saved, "%15s %49s", dev, text) != 2 ||
	    !if_nametoindex(dev))
		return GW6C_OK;
	gw6c_addr_parse(text, &route.remote);
	return route_remove(os, &route, RTN_UNICAST, if_nametoindex(dev), err);
}

int linux_pin_step(struct linux_os *os, struct gw6c_plan *plan,
		   struct gw6c_step *step, bool add, struct gw6c_err *err)
{
	(void)plan;
	return add ? pin_add(os, step, err) : pin_remove(os, step, err);
}
