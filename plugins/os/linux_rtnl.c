/* linux_rtnl.c - links, addresses and routes by rtnetlink. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "linux.h"
#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/if_addr.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>

#define MTU_MIN 1280 /* RFC 8200 section 5; below, IPv6 leaves the device */

static int family_of(const struct gw6c_addr *addr)
{
	return addr->family == 4 ? AF_INET : AF_INET6;
}

static size_t octets_of(const struct gw6c_addr *addr)
{
	return addr->family == 4 ? 4 : 16;
}

int linux_open_talk(struct linux_os *os, struct gw6c_err *err)
{
	int on = 1;

	os->talk = mnl_socket_open2(NETLINK_ROUTE, SOCK_CLOEXEC);
	if (!os->talk || mnl_socket_bind(os->talk, 0, MNL_SOCKET_AUTOPID) < 0)
		return gw6c_fail(err, GW6C_EOS, "rtnetlink: %s",
				 strerror(errno));
	/* The kernel's own words; old kernels have none. */
	mnl_socket_setsockopt(os->talk, NETLINK_EXT_ACK, &on, sizeof(on));
	mnl_socket_setsockopt(os->talk, NETLINK_CAP_ACK, &on, sizeof(on));
	return GW6C_OK;
}

void linux_close_talk(struct linux_os *os)
{
	if (os->talk)
		mnl_socket_close(os->talk);
}

const char *linux_dev(const struct gw6c_plan *plan,
		      const struct gw6c_step *step)
{
	return step->dev[0] ? step->dev : plan->dev;
}

struct nlmsghdr *linux_message(struct linux_os *os, void *room, uint16_t type,
			       uint16_t flags)
{
	struct nlmsghdr *message = mnl_nlmsg_put_header(room);

	message->nlmsg_type = type;
	message->nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK | flags;
	message->nlmsg_seq = ++os->sequence;
	return message;
}

static int find_text(const struct nlattr *attr, void *arg)
{
	const char **text = arg;

	if (mnl_attr_get_type(attr) == NLMSGERR_ATTR_MSG &&
	    mnl_attr_validate(attr, MNL_TYPE_NUL_STRING) >= 0)
		*text = mnl_attr_get_str(attr);
	return MNL_CB_OK;
}

/* The verdict in an acknowledgement: 0 or errno, and words for it. */
static int verdict(const struct nlmsghdr *answer, struct gw6c_err *err)
{
	const struct nlmsgerr *ack = mnl_nlmsg_get_payload(answer);
	const char *text = NULL;
	int error = -ack->error;

	if (!error)
		return 0;
	if (answer->nlmsg_flags & NLM_F_ACK_TLVS)
		mnl_attr_parse(answer, sizeof(*ack), find_text, &text);
	gw6c_fail(err, GW6C_EOS, "%s%s%s", strerror(error), text ? ": " : "",
		  text ? text : "");
	return error;
}

int linux_talk(struct linux_os *os, struct nlmsghdr *message,
	       struct gw6c_err *err)
{
	char room[8192];
	ssize_t len;

	if (mnl_socket_sendto(os->talk, message, message->nlmsg_len) < 0)
		len = -1;
	else
		len = mnl_socket_recvfrom(os->talk, room, sizeof(room));
	while (len > 0) {
		const struct nlmsghdr *answer = (struct nlmsghdr *)room;

		if (mnl_nlmsg_ok(answer, (int)len) &&
		    answer->nlmsg_seq == message->nlmsg_seq &&
		    answer->nlmsg_type == NLMSG_ERROR)
			return verdict(answer, err);
		len = mnl_socket_recvfrom(os->talk, room, sizeof(room));
	}
	gw6c_fail(err, GW6C_EOS, "rtnetlink: %s", strerror(errno));
	return errno ? errno : EIO;
}

int linux_ask(struct linux_os *os, struct nlmsghdr *message, size_t header,
	      int (*found)(const struct nlattr *attr, void *arg), void *arg)
{
	_Alignas(struct nlmsghdr) char room[16384];
	const struct nlmsghdr *answer = (struct nlmsghdr *)room;
	ssize_t len;

	message->nlmsg_flags = NLM_F_REQUEST;
	if (mnl_socket_sendto(os->talk, message, message->nlmsg_len) < 0)
		return errno;
	do
		len = mnl_socket_recvfrom(os->talk, room, sizeof(room));
	while (len > 0 && answer->nlmsg_seq != message->nlmsg_seq);
	if (len < 0)
		return errno;
	if (!mnl_nlmsg_ok(answer, (int)len))
		return EIO;
	if (answer->nlmsg_type == NLMSG_ERROR)
		return -((const struct nlmsgerr *)mnl_nlmsg_get_payload(answer))
				->error;
	mnl_attr_parse(answer, (unsigned)header, found, arg);
	return 0;
}

static int no_interface(const char *dev, struct gw6c_err *err)
{
	return gw6c_fail(err, GW6C_EOS, "there is no interface \"%s\"", dev);
}

/* --- link -------------------------------------------------------------- */

static struct nlmsghdr *link_message(struct linux_os *os, void *room,
				     unsigned index)
{
	struct nlmsghdr *message = linux_message(os, room, RTM_NEWLINK, 0);
	struct ifinfomsg *info =
		mnl_nlmsg_put_extra_header(message, sizeof(*info));

	info->ifi_family = AF_UNSPEC;
	info->ifi_index = (int)index;
	return message;
}

int linux_mtu_step(struct linux_os *os, struct gw6c_plan *plan,
		   struct gw6c_step *step, bool add, struct gw6c_err *err)
{
	const char *dev = linux_dev(plan, step);
	char room[512];
	struct nlmsghdr *message;

	if (!add)
		return GW6C_OK; /* goes with the interface */
	if (step->value < MTU_MIN)
		return gw6c_fail(err, GW6C_EOS,
				 "IPv6 needs an MTU of %d at least", MTU_MIN);
	if (!if_nametoindex(dev))
		return no_interface(dev, err);
	message = link_message(os, room, if_nametoindex(dev));
	mnl_attr_put_u32(message, IFLA_MTU, step->value);
	return linux_talk(os, message, err) ? err->rc : GW6C_OK;
}

int linux_up_step(struct linux_os *os, struct gw6c_plan *plan,
		  struct gw6c_step *step, bool add, struct gw6c_err *err)
{
	const char *dev = linux_dev(plan, step);
	char room[512];
	struct nlmsghdr *message;
	struct ifinfomsg *info;

	if (!add)
		return GW6C_OK; /* goes with the interface */
	if (!if_nametoindex(dev))
		return no_interface(dev, err);
	message = link_message(os, room, if_nametoindex(dev));
	info = mnl_nlmsg_get_payload(message);
	info->ifi_flags = info->ifi_change = IFF_UP;
	return linux_talk(os, message, err) ? err->rc : GW6C_OK;
}

/* --- address ----------------------------------------------------------- */

/* Some machines have IPv6 switched off for every interface. On the tunnel,
 * which is ours and goes away again, it is wanted; elsewhere we do not ask. */
static void want_ipv6(const struct gw6c_step *step, const char *dev)
{
	char value[16];

	if (step->dst.family == 6 && !step->dev[0] &&
	    linux_conf_get(dev, "disable_ipv6", value, sizeof(value)) &&
	    strcmp(value, "0") != 0)
		linux_conf_set(dev, "disable_ipv6", "0");
}

#define THEIRS "theirs" /* in saved: it was there before */

static int addr_failed(struct linux_os *os, struct gw6c_step *step,
		       const char *dev, int error, struct gw6c_err *err)
{
	char room[GW6C_ADDR_TEXT];

	if (error == EEXIST && step->dev[0]) {
		snprintf(step->saved, sizeof(step->saved), THEIRS);
		os->host->log(os->host, GW6C_INFO, "%s has %s already", dev,
			      gw6c_addr_text(&step->dst, room));
		return GW6C_OK;
	}
	if (error == EACCES)
		return gw6c_fail(err, GW6C_EOS,
				 "IPv6 is switched off on %s; set "
				 "net.ipv6.conf.%s.disable_ipv6=0 with "
				 "sysctl(8)",
				 dev, dev);
	return err->rc;
}

int linux_addr_step(struct linux_os *os, struct gw6c_plan *plan,
		    struct gw6c_step *step, bool add, struct gw6c_err *err)
{
	const char *dev = linux_dev(plan, step);
	bool peer = step->remote.family == step->dst.family;
	unsigned index = if_nametoindex(dev);
	char room[512];
	struct nlmsghdr *message;
	struct ifaddrmsg *info;
	int error;

	if (!add && step->dev[0])
		linux_note_lan(os, step, false);
	if (!add && strcmp(step->saved, THEIRS) == 0)
		return GW6C_OK;
	if (!index)
		return add ? no_interface(dev, err) : GW6C_OK;
	if (add)
		want_ipv6(step, dev);
	message = linux_message(os, room, add ? RTM_NEWADDR : RTM_DELADDR,
				add ? NLM_F_CREATE | NLM_F_EXCL : 0);
	info = mnl_nlmsg_put_extra_header(message, sizeof(*info));
	info->ifa_family = (uint8_t)family_of(&step->dst);
	info->ifa_prefixlen = step->dst.bits;
	info->ifa_index = index;
	info->ifa_scope = RT_SCOPE_UNIVERSE;
	/* Nobody else is on a tunnel; on a LAN somebody may be. */
	if (!step->dev[0])
		info->ifa_flags = IFA_F_NODAD;
	mnl_attr_put(message, IFA_LOCAL, octets_of(&step->dst),
		     step->dst.octets);
	mnl_attr_put(message, IFA_ADDRESS, octets_of(&step->dst),
		     peer ? step->remote.octets : step->dst.octets);
	error = linux_talk(os, message, err);
	if (!error && add && step->dev[0])
		linux_note_lan(os, step, true);
	if (!error || (!add && (error == EADDRNOTAVAIL || error == ENODEV)))
		return GW6C_OK;
	return add ? addr_failed(os, step, dev, error, err) : err->rc;
}

/* --- routes ------------------------------------------------------------ */

static struct nlmsghdr *route_message(struct linux_os *os, void *room,
				      const struct gw6c_step *step, bool add,
				      uint8_t type)
{
	struct nlmsghdr *message =
		linux_message(os, room, add ? RTM_NEWROUTE : RTM_DELROUTE,
			      add ? NLM_F_CREATE | NLM_F_EXCL : 0);
	struct rtmsg *info = mnl_nlmsg_put_extra_header(message, sizeof(*info));

	info->rtm_family = (uint8_t)family_of(&step->dst);
	info->rtm_dst_len = step->dst.bits;
	info->rtm_table = RT_TABLE_MAIN;
	info->rtm_protocol = LINUX_PROTOCOL;
	info->rtm_type = type;
	info->rtm_scope = RT_SCOPE_UNIVERSE;
	if (step->dst.family == 4 && !step->remote.family)
		info->rtm_scope = RT_SCOPE_LINK;
	if (step->dst.bits)
		mnl_attr_put(message, RTA_DST, octets_of(&step->dst),
			     step->dst.octets);
	if (step->remote.family)
		mnl_attr_put(message, RTA_GATEWAY, octets_of(&step->remote),
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
				 "somebody else has a route with the same "
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
		return add ? no_interface(dev, err) : GW6C_OK;
	message = route_message(os, room, step, add, RTN_UNICAST);
	mnl_attr_put_u32(message, RTA_OIF, index);
	return route_talk(os, message, add, step, err);
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

	info->rtm_family = (uint8_t)family_of(dst);
	info->rtm_dst_len = dst->bits;
	mnl_attr_put(message, RTA_DST, octets_of(dst), dst->octets);
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
