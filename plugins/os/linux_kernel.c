/* linux_kernel.c - interfaces whose packets the kernel moves: sit, ip6tnl. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "linux.h"
#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/if_link.h>
#include <linux/if_tunnel.h>
#include <linux/ip6_tunnel.h>
#include <linux/rtnetlink.h>
#include <netinet/in.h>

/* What the kernel is to make. */
struct ends {
	bool sit; /* outer IPv4; else ip6tnl */
	uint8_t protocol; /* of what is carried */
	uint8_t ttl;
	const struct gw6c_addr *local, *remote; /* remote none: anybody */
};

/* The outer packet may be fragmented (RFC 4213 section 3.2.1): the MTU of the
 * interface is fixed, and paths that carry less than that and a header are
 * no reason to lose packets. */
static void put_ends(struct nlmsghdr *message, const struct ends *ends)
{
	size_t len = ends->sit ? 4 : 16;
	struct nlattr *outer, *data;

	outer = mnl_attr_nest_start(message, IFLA_LINKINFO);
	mnl_attr_put_strz(message, IFLA_INFO_KIND,
			  ends->sit ? "sit" : "ip6tnl");
	data = mnl_attr_nest_start(message, IFLA_INFO_DATA);
	mnl_attr_put(message, IFLA_IPTUN_LOCAL, len, ends->local->octets);
	mnl_attr_put(message, IFLA_IPTUN_REMOTE, len, ends->remote->octets);
	mnl_attr_put_u8(message, IFLA_IPTUN_TTL, ends->ttl);
	mnl_attr_put_u8(message, IFLA_IPTUN_PROTO, ends->protocol);
	if (ends->sit)
		mnl_attr_put_u8(message, IFLA_IPTUN_PMTUDISC, 0);
	else
		mnl_attr_put_u32(message, IFLA_IPTUN_FLAGS,
				 IP6_TNL_F_IGN_ENCAP_LIMIT);
	mnl_attr_nest_end(message, data);
	mnl_attr_nest_end(message, outer);
}

/* Returns 0 or an errno. */
static int create(struct linux_os *os, const char *name,
		  const struct ends *ends, struct gw6c_err *err)
{
	char room[1024] = { 0 };
	struct nlmsghdr *message =
		linux_message(os, room, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL);
	struct ifinfomsg *info =
		mnl_nlmsg_put_extra_header(message, sizeof(*info));

	info->ifi_family = AF_UNSPEC;
	mnl_attr_put_strz(message, IFLA_IFNAME, name);
	put_ends(message, ends);
	return linux_talk(os, message, err);
}

static int kernel_fail(int error, struct gw6c_err *err)
{
	struct gw6c_err why = *err;

	if (error == EEXIST || error == ENOBUFS)
		return gw6c_fail(err, GW6C_EOS,
				 "%s; another interface has the same two "
				 "ends (see: ip tunnel show)",
				 why.text);
	return err->rc;
}

/* A small kernel, or a container: packets are moved in user space. */
static int tun_instead(struct linux_os *os, struct gw6c_plan *plan,
		       struct gw6c_step *step, struct gw6c_err *err)
{
	os->host->log(os->host, GW6C_INFO,
		      "the kernel does not support %s tunnels: forwarding "
		      "packets in user space",
		      step->kind == GW6C_SIT ? "sit" : "ip6tnl");
	return linux_tun_add(os, plan, step, err);
}

int linux_kernel_add(struct linux_os *os, struct gw6c_plan *plan,
		     struct gw6c_step *step, struct gw6c_err *err)
{
	bool sit = step->kind == GW6C_SIT;
	struct ends ends = { .sit = sit,
			     .protocol = sit ? IPPROTO_IPV6 : IPPROTO_IPIP,
			     .ttl = (uint8_t)step->value,
			     .local = &step->local,
			     .remote = &step->remote };
	char name[IF_NAMESIZE];
	int error;

	if (linux_choose_name(linux_dev(plan, step), name, err))
		return err->rc;
	error = create(os, name, &ends, err);
	if (error == EOPNOTSUPP)
		return tun_instead(os, plan, step, err);
	if (error)
		return kernel_fail(error, err);
	snprintf(plan->dev, sizeof(plan->dev), "%s", name);
	snprintf(step->saved, sizeof(step->saved), "%s", name);
	linux_prepare(os, name);
	return GW6C_OK;
}

/* An interface for packets to local from anybody, with IPv6 switched off: it
 * is given what would else be answered "unreachable", and drops it. It is
 * made for IPv6 inside in both kinds: ip6tnl drops the IPv4 packets of v4v6
 * for their protocol. */
int linux_sink_add(struct linux_os *os, struct gw6c_plan *plan,
		   struct gw6c_step *step, struct gw6c_err *err)
{
	struct ends ends = { .sit = step->local.family == 4,
			     .protocol = IPPROTO_IPV6,
			     .local = &step->local,
			     .remote = &step->remote };
	struct gw6c_step up = { .verb = GW6C_UP };
	char name[IF_NAMESIZE];
	int error;

	/* Of other protocols the kernel knows no tunnels that would answer. */
	if (step->value != IPPROTO_IPV6 && step->value != IPPROTO_IPIP)
		return GW6C_OK;
	if (linux_choose_name("auto", name, err))
		return err->rc;
	error = create(os, name, &ends, err);
	if (error == EOPNOTSUPP || error == EEXIST)
		return GW6C_OK; /* no answers, or somebody else sees to it */
	if (error)
		return err->rc;
	snprintf(step->saved, sizeof(step->saved), "%s", name);
	snprintf(up.dev, sizeof(up.dev), "%s", name);
	linux_prepare(os, name);
	if (linux_conf_set(name, "disable_ipv6", "1"))
		return linux_up_step(os, plan, &up, true, err);
	gw6c_fail(err, GW6C_EOS, "cannot disable IPv6 on %s: %s", name,
		  strerror(errno));
	linux_kernel_remove(os, step, &(struct gw6c_err){ 0 });
	return err->rc;
}

static int find_alias(const struct nlattr *attr, void *arg)
{
	bool *ours = arg;

	if (mnl_attr_get_type(attr) == IFLA_IFALIAS &&
	    mnl_attr_validate(attr, MNL_TYPE_NUL_STRING) >= 0)
		*ours = strcmp(mnl_attr_get_str(attr), LINUX_ALIAS) == 0;
	return MNL_CB_OK;
}

bool linux_is_marked(struct linux_os *os, unsigned index)
{
	char room[512];
	struct nlmsghdr *message = linux_message(os, room, RTM_GETLINK, 0);
	struct ifinfomsg *info =
		mnl_nlmsg_put_extra_header(message, sizeof(*info));
	bool ours = false;

	info->ifi_family = AF_UNSPEC;
	info->ifi_index = (int)index;
	linux_ask(os, message, sizeof(*info), find_alias, &ours);
	return ours;
}

int linux_kernel_remove(struct linux_os *os, const struct gw6c_step *step,
			struct gw6c_err *err)
{
	unsigned index = step->saved[0] ? if_nametoindex(step->saved) : 0;
	char room[512];
	struct nlmsghdr *message;
	struct ifinfomsg *info;
	int error;

	/* The name that was noted may be somebody else's by now. */
	if (!index || !linux_is_marked(os, index))
		return GW6C_OK;
	message = linux_message(os, room, RTM_DELLINK, 0);
	info = mnl_nlmsg_put_extra_header(message, sizeof(*info));
	info->ifi_family = AF_UNSPEC;
	info->ifi_index = (int)index;
	error = linux_talk(os, message, err);
	return error && error != ENODEV ? err->rc : GW6C_OK;
}
