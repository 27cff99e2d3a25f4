/* linux_damage.c - notices what others do to the tunnel: its interface,
 * addresses and routes, and the forwarding that it needs. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "linux.h"
#include <errno.h>
#include <ifaddrs.h>
#include <libmnl/libmnl.h>
#include <linux/netconf.h>
#include <linux/rtnetlink.h>
#include <netinet/in.h>
#include <sys/ioctl.h>

#define LOOKS 4 /* at routes that others change while we look */

static struct linux_route *
find_route(struct linux_os *os, const struct gw6c_addr *dst, uint32_t metric)
{
	for (int i = 0; i < LINUX_ROUTES; i++)
		if (os->route[i].metric == metric &&
		    memcmp(&os->route[i].dst, dst, sizeof(*dst)) == 0)
			return &os->route[i];
	return NULL;
}

void linux_note_route(struct linux_os *os, const struct gw6c_step *step,
		      bool add)
{
	const struct gw6c_addr none = { 0 };
	struct linux_route *route =
		add ? find_route(os, &none, 0)
		    : find_route(os, &step->dst, step->value);

	if (!route || !step->value)
		return;
	*route = (struct linux_route){ .metric = 0 };
	if (add) {
		route->dst = step->dst;
		route->metric = step->value;
		route->reject = step->verb == GW6C_REJECT;
	}
}

static struct linux_lan *find_lan(struct linux_os *os, const char *dev,
				  const struct gw6c_addr *addr)
{
	for (int i = 0; i < LINUX_LANS; i++)
		if (strcmp(os->lan[i].dev, dev) == 0 &&
		    memcmp(&os->lan[i].addr, addr, sizeof(*addr)) == 0)
			return &os->lan[i];
	return NULL;
}

void linux_note_lan(struct linux_os *os, const struct gw6c_step *step, bool add)
{
	const struct gw6c_addr none = { 0 };
	struct linux_lan *lan = add ? find_lan(os, "", &none)
				    : find_lan(os, step->dev, &step->dst);

	if (!lan)
		return;
	*lan = (struct linux_lan){ .lost = false };
	if (add) {
		memcpy(lan->dev, step->dev, sizeof(lan->dev));
		lan->addr = step->dst;
	}
}

/* What an event says of a route. */
struct event_route {
	struct gw6c_addr dst;
	uint32_t metric;
	unsigned oif;
};

static int route_attr(const struct nlattr *attr, void *arg)
{
	struct event_route *route = arg;
	size_t len = mnl_attr_get_payload_len(attr);

	switch (mnl_attr_get_type(attr)) {
	case RTA_OIF:
		route->oif = mnl_attr_get_u32(attr);
		break;
	case RTA_PRIORITY:
		route->metric = mnl_attr_get_u32(attr);
		break;
	case RTA_DST:
		if (len <= sizeof(route->dst.octets))
			memcpy(route->dst.octets, mnl_attr_get_payload(attr),
			       len);
		break;
	default:
		break;
	}
	return MNL_CB_OK;
}

static struct event_route route_of(const struct nlmsghdr *event)
{
	const struct rtmsg *info = mnl_nlmsg_get_payload(event);
	struct event_route route = { .oif = 0 };

	route.dst.family = info->rtm_family == AF_INET6 ? 6 : 4;
	route.dst.bits = info->rtm_dst_len;
	mnl_attr_parse(event, sizeof(*info), route_attr, &route);
	return route;
}

/* Such a route leads nowhere, and wins or loses like any other. */
static bool discards(unsigned char type)
{
	return type == RTN_UNREACHABLE || type == RTN_BLACKHOLE ||
	       type == RTN_PROHIBIT;
}

bool linux_route_counts(const struct linux_os *os, const struct nlmsghdr *event)
{
	const struct rtmsg *info = mnl_nlmsg_get_payload(event);

	return info->rtm_protocol != LINUX_PROTOCOL &&
	       (info->rtm_type == RTN_UNICAST || discards(info->rtm_type)) &&
	       info->rtm_table == RT_TABLE_MAIN &&
	       !(info->rtm_flags & RTM_F_CLONED) &&
	       !linux_is_own(os, route_of(event).oif);
}

/* One of ours is gone; or somebody's, that had taken its place. */
static bool route_is_lost(struct linux_os *os, const struct nlmsghdr *event)
{
	const struct rtmsg *info = mnl_nlmsg_get_payload(event);
	struct event_route route = route_of(event);

	return info->rtm_table == RT_TABLE_MAIN &&
	       !(info->rtm_flags & RTM_F_CLONED) &&
	       (!linux_is_own(os, route.oif) ||
		route.oif == linux_present(os)) &&
	       find_route(os, &route.dst, route.metric);
}

/* Somebody's route is where one of ours was: the kernel tells of that one
 * only. What still leads into the tunnel is as good as ours. */
static bool route_is_replaced(struct linux_os *os, const struct nlmsghdr *event)
{
	const struct rtmsg *info = mnl_nlmsg_get_payload(event);
	struct event_route route = route_of(event);
	const struct linux_route *ours =
		find_route(os, &route.dst, route.metric);

	if (!(event->nlmsg_flags & NLM_F_REPLACE) || !ours ||
	    info->rtm_table != RT_TABLE_MAIN)
		return false;
	if (ours->reject)
		return info->rtm_type != RTN_UNREACHABLE;
	return info->rtm_type != RTN_UNICAST || route.oif != linux_present(os);
}

static int address_attr(const struct nlattr *attr, void *arg)
{
	struct gw6c_addr *addr = arg;
	size_t len = mnl_attr_get_payload_len(attr);

	if (mnl_attr_get_type(attr) == IFA_ADDRESS &&
	    len <= sizeof(addr->octets))
		memcpy(addr->octets, mnl_attr_get_payload(attr), len);
	return MNL_CB_OK;
}

void linux_lan_lost(struct linux_os *os, const struct nlmsghdr *event)
{
	const struct ifaddrmsg *info = mnl_nlmsg_get_payload(event);
	struct gw6c_addr addr = { .family = 0 };

	mnl_attr_parse(event, sizeof(*info), address_attr, &addr);
	for (int i = 0; i < LINUX_LANS; i++)
		if (memcmp(os->lan[i].addr.octets, addr.octets,
			   sizeof(addr.octets)) == 0)
			os->lan[i].lost = os->lan[i].dev[0] != 0;
}

static bool has_address(const struct linux_lan *lan)
{
	bool six = lan->addr.family == 6, found = false;
	struct ifaddrs *list = NULL;

	if (getifaddrs(&list) < 0)
		return false;
	for (struct ifaddrs *at = list; at && !found; at = at->ifa_next) {
		const void *addr = at->ifa_addr;
		const struct sockaddr_in *in = addr;
		const struct sockaddr_in6 *in6 = addr;

		if (!addr || strcmp(at->ifa_name, lan->dev) != 0 ||
		    at->ifa_addr->sa_family != linux_family(&lan->addr))
			continue;
		found = memcmp(six ? (const void *)&in6->sin6_addr
				   : (const void *)&in->sin_addr,
			       lan->addr.octets, linux_octets(&lan->addr)) == 0;
	}
	freeifaddrs(list);
	return found;
}

/* The kernel does not say who removed an address of IPv6: it may have been
 * ourselves, and it is there again.
 * Without its interface, an address cannot be given back: the tunnel is of
 * use all the same, and the interface may return. */
const char *linux_lan_damage(struct linux_os *os)
{
	for (int i = 0; i < LINUX_LANS; i++) {
		struct linux_lan *lan = &os->lan[i];

		if (!lan->lost || !if_nametoindex(lan->dev))
			continue;
		lan->lost = !has_address(lan);
		if (lan->lost)
			return "an address of the network behind us was "
			       "removed";
	}
	return NULL;
}

static const char deleted[] = "the tunnel interface was deleted";
static const char removed[] = "a route of the tunnel was removed";
static const char down[] = "the tunnel interface was taken down";

/* It is so for a moment when it is made, too. */
static bool is_down(const struct linux_os *os)
{
	struct ifreq request = { .ifr_ifindex = 0 };

	return if_indextoname(linux_present(os), request.ifr_name) &&
	       ioctl(mnl_socket_get_fd(os->talk), SIOCGIFFLAGS, &request) ==
		       0 &&
	       !(request.ifr_flags & IFF_UP);
}

static const char off4[] = "IPv4 forwarding was switched off";
static const char off6[] = "IPv6 forwarding was switched off";

void linux_note_forward(struct linux_os *os, uint8_t family, bool on)
{
	if (family == 4)
		os->forwards4 = on;
	else
		os->forwards6 = on;
}

static int netconf_attr(const struct nlattr *attr, void *arg)
{
	bool *all = arg;

	if (mnl_attr_get_type(attr) == NETCONFA_IFINDEX)
		*all = (int)mnl_attr_get_u32(attr) == NETCONFA_IFINDEX_ALL;
	return MNL_CB_OK;
}

/* Of a setting of all interfaces; linux_damage_holds() reads its value. */
static const char *forward_damage(const struct linux_os *os,
				  const struct nlmsghdr *event)
{
	const struct netconfmsg *info = mnl_nlmsg_get_payload(event);
	bool all = false;

	mnl_attr_parse(event, sizeof(*info), netconf_attr, &all);
	if (all && info->ncm_family == AF_INET && os->forwards4)
		return off4;
	return all && info->ncm_family == AF_INET6 && os->forwards6 ? off6
								    : NULL;
}

bool linux_damage_holds(const struct linux_os *os, const char *damage)
{
	if (damage == down)
		return is_down(os);
	if (damage == off4 || damage == off6)
		return !linux_forwards(damage == off4 ? 4 : 6);
	return damage != NULL;
}

static int see_route(const struct nlmsghdr *message, void *arg)
{
	const struct rtmsg *info = mnl_nlmsg_get_payload(message);
	struct linux_os *os = arg;
	struct event_route route = route_of(message);
	struct linux_route *ours = find_route(os, &route.dst, route.metric);

	if (ours && info->rtm_table == RT_TABLE_MAIN)
		ours->seen |= ours->reject ? info->rtm_type == RTN_UNREACHABLE
					   : route.oif == linux_present(os);
	return MNL_CB_OK;
}

static int see_routes(struct linux_os *os)
{
	char room[512];
	struct nlmsghdr *message = linux_message(os, room, RTM_GETROUTE, 0);

	for (int i = 0; i < LINUX_ROUTES; i++)
		os->route[i].seen = false;
	mnl_nlmsg_put_extra_header(message, sizeof(struct rtmsg));
	return linux_dump(os, message, see_route, os);
}

/* Where the kernel does not tell, none is missing. */
static bool misses_route(struct linux_os *os)
{
	int error = EINTR;
	bool missing = false;

	for (int i = 0; i < LOOKS && error == EINTR; i++)
		error = see_routes(os);
	if (error)
		return false;
	for (int i = 0; i < LINUX_ROUTES; i++)
		missing |= os->route[i].metric && !os->route[i].seen;
	return missing;
}

const char *linux_any_damage(struct linux_os *os)
{
	char dev[IF_NAMESIZE];

	for (int i = 0; i < LINUX_LANS; i++)
		os->lan[i].lost = os->lan[i].dev[0] != 0;
	if (!linux_present(os))
		return NULL;
	if (!if_indextoname(linux_present(os), dev))
		return deleted;
	if (is_down(os))
		return down;
	if (os->forwards4 && !linux_forwards(4))
		return off4;
	if (os->forwards6 && !linux_forwards(6))
		return off6;
	return misses_route(os) ? removed : NULL;
}

/* Events of our own requests have our port. */
const char *linux_damage(struct linux_os *os, const struct nlmsghdr *event)
{
	const struct ifinfomsg *link = mnl_nlmsg_get_payload(event);
	const struct ifaddrmsg *addr = mnl_nlmsg_get_payload(event);
	unsigned own = linux_present(os);

	if (!own || event->nlmsg_pid == mnl_socket_get_portid(os->talk))
		return NULL;
	switch (event->nlmsg_type) {
	case RTM_DELLINK:
		return (unsigned)link->ifi_index == own &&
				       link->ifi_family == AF_UNSPEC
			       ? deleted
			       : NULL;
	case RTM_NEWLINK:
		return (unsigned)link->ifi_index == own &&
				       !(link->ifi_flags & IFF_UP)
			       ? down
			       : NULL;
	case RTM_DELADDR:
		return addr->ifa_index == own &&
				       addr->ifa_scope == RT_SCOPE_UNIVERSE
			       ? "the tunnel's address was removed"
			       : NULL;
	case RTM_NEWNETCONF:
		return forward_damage(os, event);
	case RTM_NEWROUTE:
		return route_is_replaced(os, event)
			       ? "a route of the tunnel was replaced"
			       : NULL;
	case RTM_DELROUTE:
		return route_is_lost(os, event) ? removed : NULL;
	default:
		return NULL;
	}
}
