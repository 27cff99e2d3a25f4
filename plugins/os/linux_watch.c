/* linux_watch.c - notices what others change: links, addresses, routes. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "linux.h"
#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/rtnetlink.h>
#include <sys/ioctl.h>
#include <sys/timerfd.h>
#include <unistd.h>

#define QUIET_MS 200 /* changes come in flocks: tell once they have settled */

/* What was told of an earlier one is no news of this one. */
void linux_own(struct linux_os *os, unsigned index)
{
	os->own[os->own_n++ % LINUX_OWN] = index;
	os->damage = NULL;
}

/* The tunnel interface there is at present, 0: none yet. */
static unsigned present(const struct linux_os *os)
{
	return os->own_n ? os->own[(os->own_n - 1) % LINUX_OWN] : 0;
}

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

static bool is_own(const struct linux_os *os, unsigned index)
{
	for (int i = 0; i < LINUX_OWN; i++)
		if (os->own[i] == index)
			return true;
	return false;
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

static bool route_counts(const struct linux_os *os,
			 const struct nlmsghdr *event)
{
	const struct rtmsg *info = mnl_nlmsg_get_payload(event);

	return info->rtm_protocol != LINUX_PROTOCOL &&
	       info->rtm_type == RTN_UNICAST &&
	       info->rtm_table == RT_TABLE_MAIN &&
	       !(info->rtm_flags & RTM_F_CLONED) &&
	       !is_own(os, route_of(event).oif);
}

/* --- what others do to the tunnel -------------------------------------- */

/* One of ours is gone; or somebody's, that had taken its place. */
static bool route_is_lost(struct linux_os *os, const struct nlmsghdr *event)
{
	const struct rtmsg *info = mnl_nlmsg_get_payload(event);
	struct event_route route = route_of(event);

	return info->rtm_table == RT_TABLE_MAIN &&
	       !(info->rtm_flags & RTM_F_CLONED) &&
	       (!is_own(os, route.oif) || route.oif == present(os)) &&
	       find_route(os, &route.dst, route.metric);
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

/* The kernel does so itself when an interface is taken down. */
static void lan_is_lost(struct linux_os *os, const struct nlmsghdr *event)
{
	const struct ifaddrmsg *info = mnl_nlmsg_get_payload(event);
	struct gw6c_addr addr = { .family = 0 };

	mnl_attr_parse(event, sizeof(*info), address_attr, &addr);
	for (int i = 0; i < LINUX_LANS; i++)
		if (memcmp(os->lan[i].addr.octets, addr.octets,
			   sizeof(addr.octets)) == 0)
			os->lan[i].lost = os->lan[i].dev[0] != 0;
}

/* Without its interface, an address cannot be given back: the tunnel is of
 * use all the same, and the interface may return. */
static const char *lan_damage(const struct linux_os *os)
{
	for (int i = 0; i < LINUX_LANS; i++)
		if (os->lan[i].lost && if_nametoindex(os->lan[i].dev))
			return "an address of the network behind us was "
			       "removed";
	return NULL;
}

static const char down[] = "the tunnel interface was taken down";

/* It is so for a moment when it is made, too. */
static bool is_down(const struct linux_os *os)
{
	struct ifreq request = { .ifr_ifindex = 0 };

	return if_indextoname(present(os), request.ifr_name) &&
	       ioctl(mnl_socket_get_fd(os->talk), SIOCGIFFLAGS, &request) ==
		       0 &&
	       !(request.ifr_flags & IFF_UP);
}

/* What is gone, or NULL. Events of our own requests have our port. */
static const char *damage_of(struct linux_os *os, const struct nlmsghdr *event)
{
	const struct ifinfomsg *link = mnl_nlmsg_get_payload(event);
	const struct ifaddrmsg *addr = mnl_nlmsg_get_payload(event);
	unsigned own = present(os);

	if (!own || event->nlmsg_pid == mnl_socket_get_portid(os->talk))
		return NULL;
	switch (event->nlmsg_type) {
	case RTM_DELLINK:
		return (unsigned)link->ifi_index == own &&
				       link->ifi_family == AF_UNSPEC
			       ? "the tunnel interface was deleted"
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
	case RTM_DELROUTE:
		return route_is_lost(os, event)
			       ? "a route of the tunnel was removed"
			       : NULL;
	default:
		return NULL;
	}
}

static bool event_counts(const struct linux_os *os,
			 const struct nlmsghdr *event)
{
	const struct ifinfomsg *link = mnl_nlmsg_get_payload(event);
	const struct ifaddrmsg *addr = mnl_nlmsg_get_payload(event);

	switch (event->nlmsg_type) {
	case RTM_NEWLINK:
	case RTM_DELLINK:
		return !is_own(os, (unsigned)link->ifi_index);
	case RTM_NEWADDR:
	case RTM_DELADDR:
		return !is_own(os, addr->ifa_index);
	case RTM_NEWROUTE:
	case RTM_DELROUTE:
		return route_counts(os, event);
	default:
		return false;
	}
}

static void on_quiet(void *arg);

static void settle(struct linux_os *os)
{
	if (!os->on_quiet)
		os->on_quiet =
			os->host->on_timer(os->host, QUIET_MS, on_quiet, os);
}

static void on_quiet(void *arg)
{
	struct linux_os *os = arg;
	const struct gw6c_host *host = os->host;
	const char *damage = os->damage;
	bool changed = os->changed;

	os->on_quiet = NULL;
	os->damage = NULL;
	os->changed = false;
	if (damage == down && !is_down(os))
		damage = NULL;
	if (!damage)
		damage = lan_damage(os);
	/* The first may end what the second is about. */
	if (changed)
		host->network_changed(host);
	else if (damage && GW6C_HAS(host, damaged))
		host->damaged(host, damage);
	if (changed && damage) {
		os->damage = damage;
		settle(os);
	}
}

static int on_message(const struct nlmsghdr *event, void *arg)
{
	struct linux_os *os = arg;

	const char *damage = damage_of(os, event);

	if (event->nlmsg_type == RTM_DELADDR &&
	    event->nlmsg_pid != mnl_socket_get_portid(os->talk))
		lan_is_lost(os, event);
	if (damage)
		os->damage = damage;
	else if (event_counts(os, event))
		os->changed = true;
	else
		return MNL_CB_OK;
	settle(os);
	return MNL_CB_OK;
}

static void on_event(void *arg, int ready)
{
	struct linux_os *os = arg;
	char room[16384];
	ssize_t len;

	(void)ready;
	while ((len = mnl_socket_recvfrom(os->listen, room, sizeof(room))) > 0)
		mnl_cb_run(room, (size_t)len, 0, 0, on_message, os);
	/* Events were lost: something has changed for sure. */
	if (len < 0 && errno == ENOBUFS) {
		os->changed = true;
		settle(os);
	}
}

/* --- sleep ------------------------------------------------------------- */

/* Such a timer is cancelled when the machine wakes up, and when somebody sets
 * the clock; it costs nothing else. */
static void arm_clock(struct linux_os *os)
{
	const struct itimerspec never = { .it_value = { .tv_sec = INT32_MAX } };

	timerfd_settime(os->clock, TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET,
			&never, NULL);
}

static void on_clock(void *arg, int ready)
{
	struct linux_os *os = arg;
	uint64_t times;

	(void)ready;
	if (read(os->clock, &times, sizeof(times)) < 0 && errno == ECANCELED) {
		os->changed = true;
		settle(os);
	}
	arm_clock(os);
}

/* Without it, a tunnel that died in our sleep is noticed later. */
static void open_clock(struct linux_os *os)
{
	os->clock = timerfd_create(CLOCK_REALTIME, TFD_CLOEXEC | TFD_NONBLOCK);
	if (os->clock < 0)
		return;
	arm_clock(os);
	os->on_clock =
		os->host->on_fd(os->host, os->clock, GW6C_READ, on_clock, os);
}

int linux_open_watch(struct linux_os *os, struct gw6c_err *err)
{
	unsigned groups = RTMGRP_LINK | RTMGRP_IPV4_IFADDR |
			  RTMGRP_IPV6_IFADDR | RTMGRP_IPV4_ROUTE |
			  RTMGRP_IPV6_ROUTE;

	os->listen =
		mnl_socket_open2(NETLINK_ROUTE, SOCK_CLOEXEC | SOCK_NONBLOCK);
	if (!os->listen ||
	    mnl_socket_bind(os->listen, groups, MNL_SOCKET_AUTOPID) < 0)
		return gw6c_fail(err, GW6C_EOS, "rtnetlink: %s",
				 strerror(errno));
	os->on_event = os->host->on_fd(os->host, mnl_socket_get_fd(os->listen),
				       GW6C_READ, on_event, os);
	if (!os->on_event)
		return gw6c_fail(err, GW6C_EOS, "out of memory");
	open_clock(os);
	return GW6C_OK;
}

void linux_close_watch(struct linux_os *os)
{
	os->host->forget(os->host, os->on_event);
	os->host->forget(os->host, os->on_quiet);
	os->host->forget(os->host, os->on_clock);
	if (os->clock >= 0)
		close(os->clock);
	if (os->listen)
		mnl_socket_close(os->listen);
}
