/* linux_link.c - the tunnel's interface: tun(4), sit or ip6tnl. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "linux.h"
#include <errno.h>
#include <fcntl.h>
#include <libmnl/libmnl.h>
#include <linux/if_link.h>
#include <linux/if_tun.h>
#include <linux/if_tunnel.h>
#include <linux/ip6_tunnel.h>
#include <linux/rtnetlink.h>
#include <netinet/in.h>
#include <sys/ioctl.h>
#include <unistd.h>

/* The wish, or the first free one of gw6c0, gw6c1, ... Never one in use. */
static int choose_name(const char *wish, char name[IF_NAMESIZE],
		       struct gw6c_err *err)
{
	bool any = !wish[0] || strcmp(wish, "auto") == 0;

	if (!any && strlen(wish) >= IF_NAMESIZE)
		return gw6c_fail(err, GW6C_EOS,
				 "the interface name \"%s\" is longer than %d "
				 "octets",
				 wish, IF_NAMESIZE - 1);
	for (int i = 0; i < 1000; i++) {
		if (any)
			snprintf(name, IF_NAMESIZE, "gw6c%d", i);
		else
			snprintf(name, IF_NAMESIZE, "%s", wish);
		if (!if_nametoindex(name))
			return GW6C_OK;
		if (!any)
			break;
	}
	return gw6c_fail(err, GW6C_EOS,
			 "an interface \"%s\" exists and is not ours; set "
			 "another name (if_tunnel_...), or \"auto\"",
			 name);
}

/* Mark it as ours; nobody advertises to us there. */
static void prepare(struct linux_os *os, const char *name)
{
	char room[512];
	struct gw6c_err ignored;
	struct nlmsghdr *message = linux_message(os, room, RTM_NEWLINK, 0);
	struct ifinfomsg *info =
		mnl_nlmsg_put_extra_header(message, sizeof(*info));

	info->ifi_index = (int)if_nametoindex(name);
	linux_own(os, if_nametoindex(name));
	mnl_attr_put_strz(message, IFLA_IFALIAS, LINUX_ALIAS);
	linux_talk(os, message, &ignored);
	linux_conf_set(name, "accept_ra", "0");
	linux_conf_set(name, "autoconf", "0");
	linux_conf_set(name, "router_solicitations", "0");
	linux_conf_set(name, "addr_gen_mode", "1");
}

/* --- tun --------------------------------------------------------------- */

static int tun_fail(int error, struct gw6c_err *err)
{
	if (error == ENOENT || error == ENODEV || error == ENXIO)
		return gw6c_fail(err, GW6C_EOS,
				 "there is no /dev/net/tun: load the module "
				 "tun, or let the container have that device");
	return gw6c_fail(err, GW6C_EOS, "/dev/net/tun: %s", strerror(error));
}

static int tun_add(struct linux_os *os, struct gw6c_plan *plan,
		   struct gw6c_step *step, struct gw6c_err *err)
{
	struct ifreq request = { .ifr_flags = IFF_TUN | IFF_NO_PI };
	char name[IF_NAMESIZE];
	int fd;

	if (choose_name(linux_dev(plan, step), name, err))
		return err->rc;
	fd = open("/dev/net/tun", O_RDWR | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0)
		return tun_fail(errno, err);
	snprintf(request.ifr_name, sizeof(request.ifr_name), "%s", name);
	if (ioctl(fd, TUNSETIFF, &request) < 0) {
		tun_fail(errno, err);
		close(fd);
		return err->rc;
	}
	plan->fd = fd;
	snprintf(plan->dev, sizeof(plan->dev), "%s", request.ifr_name);
	snprintf(step->saved, sizeof(step->saved), "%s", request.ifr_name);
	prepare(os, plan->dev);
	return GW6C_OK;
}

/* After a crash the interface has gone with the process that had it. */
static int tun_remove(struct gw6c_plan *plan)
{
	if (plan->fd >= 0)
		close(plan->fd);
	plan->fd = -1;
	return GW6C_OK;
}

/* --- sit and ip6tnl ---------------------------------------------------- */

/* The outer packet may be fragmented (RFC 4213 section 3.2.1): the MTU of the
 * interface is fixed, and paths that carry less than that and a header are
 * no reason to lose packets. */

static void put_tunnel(struct nlmsghdr *message, const struct gw6c_step *step)
{
	bool sit = step->kind == GW6C_SIT;
	size_t len = sit ? 4 : 16;
	struct nlattr *outer, *data;

	outer = mnl_attr_nest_start(message, IFLA_LINKINFO);
	mnl_attr_put_strz(message, IFLA_INFO_KIND, sit ? "sit" : "ip6tnl");
	data = mnl_attr_nest_start(message, IFLA_INFO_DATA);
	mnl_attr_put(message, IFLA_IPTUN_LOCAL, len, step->local.octets);
	mnl_attr_put(message, IFLA_IPTUN_REMOTE, len, step->remote.octets);
	mnl_attr_put_u8(message, IFLA_IPTUN_TTL, (uint8_t)step->value);
	if (sit) {
		mnl_attr_put_u8(message, IFLA_IPTUN_PMTUDISC, 0);
		mnl_attr_put_u8(message, IFLA_IPTUN_PROTO, IPPROTO_IPV6);
	} else {
		mnl_attr_put_u32(message, IFLA_IPTUN_FLAGS,
				 IP6_TNL_F_IGN_ENCAP_LIMIT);
		mnl_attr_put_u8(message, IFLA_IPTUN_PROTO, IPPROTO_IPIP);
	}
	mnl_attr_nest_end(message, data);
	mnl_attr_nest_end(message, outer);
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
		      "the kernel has no %s tunnels: packets are moved in "
		      "user space",
		      step->kind == GW6C_SIT ? "sit" : "ip6tnl");
	return tun_add(os, plan, step, err);
}

static int kernel_add(struct linux_os *os, struct gw6c_plan *plan,
		      struct gw6c_step *step, struct gw6c_err *err)
{
	char room[1024], name[IF_NAMESIZE];
	struct nlmsghdr *message;
	struct ifinfomsg *info;
	int error;

	if (choose_name(linux_dev(plan, step), name, err))
		return err->rc;
	message =
		linux_message(os, room, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL);
	info = mnl_nlmsg_put_extra_header(message, sizeof(*info));
	info->ifi_family = AF_UNSPEC;
	mnl_attr_put_strz(message, IFLA_IFNAME, name);
	put_tunnel(message, step);
	error = linux_talk(os, message, err);
	if (error == EOPNOTSUPP)
		return tun_instead(os, plan, step, err);
	if (error)
		return kernel_fail(error, err);
	snprintf(plan->dev, sizeof(plan->dev), "%s", name);
	snprintf(step->saved, sizeof(step->saved), "%s", name);
	prepare(os, name);
	return GW6C_OK;
}

static int find_alias(const struct nlattr *attr, void *arg)
{
	bool *ours = arg;

	if (mnl_attr_get_type(attr) == IFLA_IFALIAS &&
	    mnl_attr_validate(attr, MNL_TYPE_NUL_STRING) >= 0)
		*ours = strcmp(mnl_attr_get_str(attr), LINUX_ALIAS) == 0;
	return MNL_CB_OK;
}

/* The name that was noted may be somebody else's by now. */
static bool is_ours(struct linux_os *os, unsigned index)
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

static int kernel_remove(struct linux_os *os, const struct gw6c_step *step,
			 struct gw6c_err *err)
{
	unsigned index = step->saved[0] ? if_nametoindex(step->saved) : 0;
	char room[512];
	struct nlmsghdr *message;
	struct ifinfomsg *info;
	int error;

	if (!index || !is_ours(os, index))
		return GW6C_OK;
	message = linux_message(os, room, RTM_DELLINK, 0);
	info = mnl_nlmsg_put_extra_header(message, sizeof(*info));
	info->ifi_family = AF_UNSPEC;
	info->ifi_index = (int)index;
	error = linux_talk(os, message, err);
	return error && error != ENODEV ? err->rc : GW6C_OK;
}

int linux_link_step(struct linux_os *os, struct gw6c_plan *plan,
		    struct gw6c_step *step, bool add, struct gw6c_err *err)
{
	switch (step->kind) {
	case GW6C_TUN:
		return add ? tun_add(os, plan, step, err) : tun_remove(plan);
	case GW6C_SIT:
	case GW6C_IP6TNL:
		if (add)
			return kernel_add(os, plan, step, err);
		return plan->fd >= 0 ? tun_remove(plan)
				     : kernel_remove(os, step, err);
	default:
		return gw6c_fail(err, GW6C_EOS,
				 "no interface of kind %u is known on Linux",
				 step->kind);
	}
}
