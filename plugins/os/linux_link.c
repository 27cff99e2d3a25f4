/* linux_link.c - the tunnel's interface, and a packet device for it. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "linux.h"
#include <errno.h>
#include <fcntl.h>
#include <libmnl/libmnl.h>
#include <linux/if_link.h>
#include <linux/if_tun.h>
#include <linux/rtnetlink.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define KNOWN (GW6C_CSUM | GW6C_TSO4 | GW6C_TSO6 | GW6C_ECN | GW6C_USO)

/* Linux 6.2; the headers may be older. */
#ifdef TUN_F_USO4
#define USO (TUN_F_USO4 | TUN_F_USO6)
#else
#define USO 0x60
#endif

/* The wish, or the first free one of gw6c0, gw6c1, ... Never one in use. */
int linux_choose_name(const char *wish, char name[IF_NAMESIZE],
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
void linux_prepare(struct linux_os *os, const char *name)
{
	char room[512] = { 0 }; /* also between the attributes */
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

static int tun_fail(int error, struct gw6c_err *err)
{
	if (error == ENOENT || error == ENODEV || error == ENXIO)
		return gw6c_fail(err, GW6C_EOS,
				 "there is no /dev/net/tun: load the module "
				 "tun, or give the container access to that "
				 "device");
	return gw6c_fail(err, GW6C_EOS, "/dev/net/tun: %s", strerror(error));
}

static unsigned offload_flags(uint32_t gives)
{
	unsigned flags = 0;

	flags |= gives & GW6C_CSUM ? TUN_F_CSUM : 0;
	flags |= gives & GW6C_TSO4 ? TUN_F_TSO4 : 0;
	flags |= gives & GW6C_TSO6 ? TUN_F_TSO6 : 0;
	flags |= gives & GW6C_ECN ? TUN_F_TSO_ECN : 0;
	flags |= gives & GW6C_USO ? USO : 0;
	return flags;
}

/* What the kernel has of it: it refuses a request with one word too many, so
 * the youngest are left out first. */
static uint32_t tun_offload(int fd, uint32_t wants)
{
	static const uint32_t without[] = {
		0,
		GW6C_USO,
		GW6C_USO | GW6C_ECN,
		~(uint32_t)GW6C_CSUM,
	};

	for (size_t i = 0; i < sizeof(without) / sizeof(without[0]); i++) {
		uint32_t gives = wants & KNOWN & ~without[i];

		if (gives &&
		    ioctl(fd, TUNSETOFFLOAD, offload_flags(gives)) == 0)
			return gives | GW6C_VNET;
	}
	return GW6C_VNET;
}

static bool tun_has_header(int fd)
{
	unsigned has = 0;

	return ioctl(fd, TUNGETFEATURES, &has) == 0 && has & IFF_VNET_HDR;
}

/* Make the interface. Writes plan->gives. */
static int tun_set(int fd, const char *name, struct gw6c_plan *plan)
{
	struct ifreq request = { .ifr_flags = IFF_TUN | IFF_NO_PI };
	bool header = plan->wants & GW6C_VNET && tun_has_header(fd);

	if (header)
		request.ifr_flags |= IFF_VNET_HDR;
	snprintf(request.ifr_name, sizeof(request.ifr_name), "%s", name);
	if (ioctl(fd, TUNSETIFF, &request) < 0)
		return -1;
	plan->gives = header ? tun_offload(fd, plan->wants) : 0;
	return 0;
}

int linux_tun_add(struct linux_os *os, struct gw6c_plan *plan,
		  struct gw6c_step *step, struct gw6c_err *err)
{
	char name[IF_NAMESIZE];
	int fd;

	if (linux_choose_name(linux_dev(plan, step), name, err))
		return err->rc;
	fd = open("/dev/net/tun", O_RDWR | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0)
		return tun_fail(errno, err);
	if (tun_set(fd, name, plan) < 0) {
		tun_fail(errno, err);
		close(fd);
		return err->rc;
	}
	plan->fd = fd;
	snprintf(plan->dev, sizeof(plan->dev), "%s", name);
	snprintf(step->saved, sizeof(step->saved), "%s", name);
	linux_prepare(os, plan->dev);
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

int linux_link_step(struct linux_os *os, struct gw6c_plan *plan,
		    struct gw6c_step *step, bool add, struct gw6c_err *err)
{
	switch (step->kind) {
	case GW6C_TUN:
		return add ? linux_tun_add(os, plan, step, err)
			   : tun_remove(plan);
	case GW6C_SIT:
	case GW6C_IP6TNL:
		if (add)
			return linux_kernel_add(os, plan, step, err);
		return plan->fd >= 0 ? tun_remove(plan)
				     : linux_kernel_remove(os, step, err);
	case GW6C_RAW_SINK:
		return add ? linux_sink_add(os, plan, step, err)
			   : linux_kernel_remove(os, step, err);
	default:
		return gw6c_fail(err, GW6C_EOS,
				 "interface kind %u is not supported on Linux",
				 step->kind);
	}
}
