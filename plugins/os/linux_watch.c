/* linux_watch.c - notices what others change: links, addresses, routes. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "linux.h"
#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/rtnetlink.h>
#include <sys/timerfd.h>
#include <unistd.h>

#define QUIET_MS 200 /* changes come in flocks: tell once they have settled */

/* What was told of an earlier one is no news of this one. */
void linux_own(struct linux_os *os, unsigned index)
{
	os->own[os->own_n++ % LINUX_OWN] = index;
	os->damage = NULL;
}

unsigned linux_present(const struct linux_os *os)
{
	return os->own_n ? os->own[(os->own_n - 1) % LINUX_OWN] : 0;
}

/* Routes without an interface have the index 0. */
bool linux_is_own(const struct linux_os *os, unsigned index)
{
	if (!index)
		return false;
	for (int i = 0; i < LINUX_OWN; i++)
		if (os->own[i] == index)
			return true;
	return false;
}

static bool event_counts(const struct linux_os *os,
			 const struct nlmsghdr *event)
{
	const struct ifinfomsg *link = mnl_nlmsg_get_payload(event);
	const struct ifaddrmsg *addr = mnl_nlmsg_get_payload(event);

	switch (event->nlmsg_type) {
	case RTM_NEWLINK:
	case RTM_DELLINK:
		return !linux_is_own(os, (unsigned)link->ifi_index);
	case RTM_NEWADDR:
	case RTM_DELADDR:
		return !linux_is_own(os, addr->ifa_index);
	case RTM_NEWROUTE:
	case RTM_DELROUTE:
		return linux_route_counts(os, event);
	case RTM_NEWRULE:
	case RTM_DELRULE:
		return true;
	default:
		return false;
	}
}

/* Of a table to which a rule may lead: it changes no network of ours, though
 * it may be in the way of our packets. */
static bool is_elsewhere(const struct nlmsghdr *event)
{
	const struct rtmsg *info = mnl_nlmsg_get_payload(event);

	return (event->nlmsg_type == RTM_NEWROUTE ||
		event->nlmsg_type == RTM_DELROUTE) &&
	       info->rtm_table != RT_TABLE_MAIN &&
	       info->rtm_table != RT_TABLE_LOCAL &&
	       !(info->rtm_flags & RTM_F_CLONED);
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
	if (os->missed)
		damage = linux_any_damage(os);
	os->damage = NULL;
	os->changed = os->missed = false;
	if (!linux_damage_holds(os, damage))
		damage = linux_lan_damage(os);
	linux_better_look(os);
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
	const struct ifinfomsg *link = mnl_nlmsg_get_payload(event);
	const char *damage = linux_damage(os, event);

	if (event->nlmsg_type == RTM_DELADDR &&
	    event->nlmsg_pid != mnl_socket_get_portid(os->talk))
		linux_lan_lost(os, event);
	if (event->nlmsg_type == RTM_NEWLINK &&
	    !linux_is_own(os, (unsigned)link->ifi_index))
		linux_ra_link(os, (unsigned)link->ifi_index);
	if (damage)
		os->damage = damage;
	else if (event_counts(os, event))
		os->changed = true;
	else if (!is_elsewhere(event))
		return MNL_CB_OK;
	settle(os);
	return MNL_CB_OK;
}

/* Events were lost: something has changed for sure. */
static void miss(struct linux_os *os)
{
	os->changed = os->missed = true;
	settle(os);
}

static void on_event(void *arg, int ready)
{
	struct linux_os *os = arg;
	char room[16384];
	ssize_t len;

	(void)ready;
	while ((len = mnl_socket_recvfrom(os->listen, room, sizeof(room))) >
		       0 ||
	       (len < 0 && errno == ENOBUFS))
		if (len > 0)
			mnl_cb_run(room, (size_t)len, 0, 0, on_message, os);
		else
			miss(os);
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

/* What a kernel has not, it does not tell of. */
static void join(const struct linux_os *os)
{
	static const int groups[] = { RTNLGRP_IPV4_RULE, RTNLGRP_IPV6_RULE,
				      RTNLGRP_IPV4_NETCONF,
				      RTNLGRP_IPV6_NETCONF };

	for (size_t i = 0; i < sizeof(groups) / sizeof(groups[0]); i++)
		mnl_socket_setsockopt(os->listen, NETLINK_ADD_MEMBERSHIP,
				      (void *)&groups[i], sizeof(groups[i]));
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
	join(os);
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
