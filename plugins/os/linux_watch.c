/* linux_watch.c - notices what others change: links, addresses, routes. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "linux.h"
#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/rtnetlink.h>

#define QUIET_MS 200 /* changes come in flocks: tell once they have settled */

void linux_own(struct linux_os *os, unsigned index)
{
	os->own[os->own_n++ % LINUX_OWN] = index;
}

static bool is_own(const struct linux_os *os, unsigned index)
{
	for (int i = 0; i < LINUX_OWN; i++)
		if (os->own[i] == index)
			return true;
	return false;
}

static int route_oif(const struct nlattr *attr, void *arg)
{
	if (mnl_attr_get_type(attr) == RTA_OIF)
		*(unsigned *)arg = mnl_attr_get_u32(attr);
	return MNL_CB_OK;
}

static bool route_counts(const struct linux_os *os,
			 const struct nlmsghdr *event)
{
	const struct rtmsg *info = mnl_nlmsg_get_payload(event);
	unsigned index = 0;

	if (info->rtm_protocol == LINUX_PROTOCOL ||
	    info->rtm_type != RTN_UNICAST || info->rtm_table != RT_TABLE_MAIN ||
	    info->rtm_flags & RTM_F_CLONED)
		return false;
	mnl_attr_parse(event, sizeof(*info), route_oif, &index);
	return !is_own(os, index);
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

static void on_quiet(void *arg)
{
	struct linux_os *os = arg;

	os->on_quiet = NULL;
	os->host->network_changed(os->host);
}

static int on_message(const struct nlmsghdr *event, void *arg)
{
	struct linux_os *os = arg;

	if (!os->on_quiet && event_counts(os, event))
		os->on_quiet =
			os->host->on_timer(os->host, QUIET_MS, on_quiet, os);
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
	if (len < 0 && errno == ENOBUFS && !os->on_quiet)
		os->on_quiet =
			os->host->on_timer(os->host, QUIET_MS, on_quiet, os);
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
	return GW6C_OK;
}

void linux_close_watch(struct linux_os *os)
{
	os->host->forget(os->host, os->on_event);
	os->host->forget(os->host, os->on_quiet);
	if (os->listen)
		mnl_socket_close(os->listen);
}
