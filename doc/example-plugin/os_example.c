/* os_example.c - an OS backend for Linux, by ioctl(2) alone. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <fcntl.h>
#include <gw6c/plugin.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <linux/ipv6.h>
#include <linux/ipv6_route.h>
#include <linux/route.h>
#include <linux/rtnetlink.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

struct example {
	const struct gw6c_host *host;
	int sock; /* to ask the kernel with */
};

/* --- what the steps share ---------------------------------------------- */

static const char *dev_of(const struct gw6c_plan *plan,
			  const struct gw6c_step *step)
{
	return step->dev[0] ? step->dev : plan->dev;
}

/* 0: there is no such interface. */
static int index_of(const struct example *self, const char *dev)
{
	struct ifreq request = { 0 };

	snprintf(request.ifr_name, IFNAMSIZ, "%s", dev);
	return ioctl(self->sock, SIOCGIFINDEX, &request) < 0
		       ? 0
		       : request.ifr_ifindex;
}

/* One request. Taking back: what is not there (any more) is taken back. */
static int ask(const struct example *self, unsigned long what, void *request,
	       bool add, struct gw6c_err *err)
{
	if (ioctl(self->sock, what, request) == 0)
		return GW6C_OK;
	if (!add && (errno == ENODEV || errno == ESRCH || errno == ENXIO ||
		     errno == EADDRNOTAVAIL))
		return GW6C_OK;
	return gw6c_fail(err, GW6C_EOS, "%s", strerror(errno));
}

static bool write_value(const char *path, const char *value)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	bool ok = fd >= 0 && write(fd, value, strlen(value)) > 0;

	if (fd >= 0)
		close(fd);
	return ok;
}

/* --- the steps --------------------------------------------------------- */

/* Nobody advertises to us on the tunnel; no link-local address. */
static void no_autoconfiguration(const char *dev)
{
	char path[100];

	snprintf(path, sizeof(path), "/proc/sys/net/ipv6/conf/%s/accept_ra",
		 dev);
	write_value(path, "0");
	snprintf(path, sizeof(path), "/proc/sys/net/ipv6/conf/%s/addr_gen_mode",
		 dev);
	write_value(path, "1");
}

static int link_add(struct example *self, struct gw6c_plan *plan,
		    struct gw6c_err *err)
{
	struct ifreq request = { .ifr_flags = IFF_TUN | IFF_NO_PI };
	bool any = !plan->dev[0] || strcmp(plan->dev, "auto") == 0;
	const char *wish = any ? "example%d" : plan->dev;
	int fd;

	if (strlen(wish) >= IFNAMSIZ)
		return gw6c_fail(err, GW6C_EOS,
				 "the interface name \"%s\" is too long", wish);
	/* TUNSETIFF would take over one that somebody has prepared. */
	if (!any && index_of(self, wish))
		return gw6c_fail(err, GW6C_EOS,
				 "an interface \"%s\" exists and is not ours",
				 wish);
	fd = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0)
		return gw6c_fail(err, GW6C_EOS, "/dev/net/tun: %s",
				 strerror(errno));
	snprintf(request.ifr_name, IFNAMSIZ, "%.15s", wish);
	if (ioctl(fd, TUNSETIFF, &request) < 0) {
		gw6c_fail(err, GW6C_EOS, "/dev/net/tun: %s", strerror(errno));
		close(fd);
		return err->rc;
	}
	snprintf(plan->dev, sizeof(plan->dev), "%s", request.ifr_name);
	plan->fd = fd;
	no_autoconfiguration(plan->dev);
	return GW6C_OK;
}

static int link_step(struct example *self, struct gw6c_plan *plan,
		     const struct gw6c_step *step, bool add,
		     struct gw6c_err *err)
{
	/* SIT and IP6TNL may be a packet device as well: gw6c moves them. */
	if (step->kind < GW6C_TUN || step->kind > GW6C_IP6TNL)
		return gw6c_fail(err, GW6C_EOS, "no link of kind %u here",
				 step->kind);
	if (add)
		return link_add(self, plan, err);
	/* After a crash the interface went with the process that had it. */
	if (plan->fd >= 0)
		close(plan->fd);
	plan->fd = -1;
	return GW6C_OK;
}

/* MTU and UP: nothing to undo, the interface goes away. */
static int dev_step(const struct example *self, const struct gw6c_plan *plan,
		    const struct gw6c_step *step, bool add,
		    struct gw6c_err *err)
{
	struct ifreq request = { 0 };

	if (!add)
		return GW6C_OK;
	snprintf(request.ifr_name, IFNAMSIZ, "%s", dev_of(plan, step));
	if (step->verb == GW6C_MTU) {
		request.ifr_mtu = (int)step->value;
		return ask(self, SIOCSIFMTU, &request, add, err);
	}
	if (ask(self, SIOCGIFFLAGS, &request, add, err))
		return err->rc;
	request.ifr_flags |= IFF_UP;
	return ask(self, SIOCSIFFLAGS, &request, add, err);
}

static int route(const struct example *self, const struct gw6c_addr *dst,
		 int index, uint32_t metric, uint32_t type, bool add,
		 struct gw6c_err *err)
{
	bool nowhere = type == RTN_UNREACHABLE;
	struct in6_rtmsg request = { .rtmsg_dst_len = dst->bits,
				     .rtmsg_metric = metric,
				     .rtmsg_flags = RTF_UP |
						    (nowhere ? RTF_REJECT : 0),
				     .rtmsg_type = type,
				     .rtmsg_ifindex = index };

	memcpy(&request.rtmsg_dst, dst->octets, 16);
	return ask(self, add ? SIOCADDRT : SIOCDELRT, &request, add, err);
}

static int addr_step(const struct example *self, const struct gw6c_plan *plan,
		     const struct gw6c_step *step, bool add,
		     struct gw6c_err *err)
{
	struct in6_ifreq request = { .ifr6_prefixlen = step->dst.bits };

	request.ifr6_ifindex = index_of(self, dev_of(plan, step));
	if (!request.ifr6_ifindex)
		return add ? gw6c_fail(err, GW6C_EOS, "no interface \"%s\"",
				       dev_of(plan, step))
			   : GW6C_OK;
	memcpy(&request.ifr6_addr, step->dst.octets, 16);
	if (step->remote.family &&
	    route(self, &step->remote, request.ifr6_ifindex, 256, RTN_UNICAST,
		  add, err))
		return err->rc;
	return ask(self, add ? SIOCSIFADDR : SIOCDIFADDR, &request, add, err);
}

static int route_step(const struct example *self, const struct gw6c_plan *plan,
		      const struct gw6c_step *step, bool add,
		      struct gw6c_err *err)
{
	int index = index_of(self, dev_of(plan, step));

	if (step->remote.family)
		return gw6c_fail(err, GW6C_EOS, "no next hops here");
	if (index)
		return route(self, &step->dst, index, step->value, RTN_UNICAST,
			     add, err);
	return add ? gw6c_fail(err, GW6C_EOS, "no interface \"%s\"",
			       dev_of(plan, step))
		   : GW6C_OK;
}

/* --- values of the machine ---------------------------------------------- */

static bool read_value(const char *path, char *room, size_t len)
{
	FILE *file = fopen(path, "re");
	bool ok = file && fgets(room, (int)len, file);

	if (file)
		fclose(file);
	if (ok)
		room[strcspn(room, "\n")] = 0;
	return ok;
}

/* What is there goes into saved, which outlives us: from note() on, also if
 * we are killed before step() returns. */
static int save_value(const struct example *self, const char *path,
		      struct gw6c_step *step, struct gw6c_err *err)
{
	if (!read_value(path, step->saved, sizeof(step->saved)))
		return gw6c_fail(err, GW6C_EOS, "%s: %s", path,
				 strerror(errno));
	return self->host->note(self->host, step, err);
}

static int restore_value(const char *path, const struct gw6c_step *step)
{
	if (step->saved[0])
		write_value(path, step->saved);
	return GW6C_OK;
}

#define FORWARDING "/proc/sys/net/ipv6/conf/all/forwarding"

static int forward_step(const struct example *self, struct gw6c_step *step,
			bool add, struct gw6c_err *err)
{
	if (!add)
		return restore_value(FORWARDING, step);
	if (save_value(self, FORWARDING, step, err))
		return err->rc;
	if (write_value(FORWARDING, "1"))
		return GW6C_OK;
	return gw6c_fail(err, GW6C_EOS, FORWARDING ": %s", strerror(errno));
}

/* A program that advertises a prefix changes the MTU for IPv6 there. */
static int keep_step(const struct example *self, const struct gw6c_plan *plan,
		     struct gw6c_step *step, bool add, struct gw6c_err *err)
{
	char path[100];

	snprintf(path, sizeof(path), "/proc/sys/net/ipv6/conf/%s/mtu",
		 dev_of(plan, step));
	return add ? save_value(self, path, step, err)
		   : restore_value(path, step);
}

static bool knows(const struct gw6c_step *step)
{
	/* Only the link is of IPv4, in mode v4v6. */
	if (step->dst.family == 4)
		return false;
	return step->verb >= GW6C_LINK && step->verb <= GW6C_KEEP &&
	       step->verb != GW6C_PIN;
}

static int example_step(void *arg, struct gw6c_plan *plan,
			struct gw6c_step *step, bool add, struct gw6c_err *err)
{
	struct example *self = arg;

	if (!knows(step))
		return gw6c_fail(err, GW6C_EOS,
				 "step %u for IPv%u is not supported here",
				 step->verb, step->dst.family);
	switch ((enum gw6c_verb)step->verb) {
	case GW6C_LINK:
		return link_step(self, plan, step, add, err);
	case GW6C_MTU:
	case GW6C_UP:
		return dev_step(self, plan, step, add, err);
	case GW6C_ADDR:
		return addr_step(self, plan, step, add, err);
	case GW6C_ROUTE:
		return route_step(self, plan, step, add, err);
	case GW6C_REJECT:
		return route(self, &step->dst, 0, step->value, RTN_UNREACHABLE,
			     add, err);
	case GW6C_KEEP:
		return keep_step(self, plan, step, add, err);
	default:
		return forward_step(self, step, add, err);
	}
}

/* --- the rest ----------------------------------------------------------- */

static int example_bind(void *arg, int fd, const char *dev,
			struct gw6c_err *err)
{
	(void)arg;
	if (setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, dev,
		       (socklen_t)strlen(dev) + 1) == 0)
		return GW6C_OK;
	return gw6c_fail(err, GW6C_EOS, "binding to %s: %s", dev,
			 strerror(errno));
}

static void example_close(void *arg)
{
	struct example *self = arg;

	close(self->sock);
	free(self);
}

static int example_open(const struct gw6c_host *host, void **out,
			struct gw6c_err *err)
{
	struct example *self = calloc(1, sizeof(*self));

	if (!self)
		return gw6c_fail(err, GW6C_EOS, "out of memory");
	self->host = host;
	self->sock = socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (self->sock < 0) {
		free(self);
		return gw6c_fail(err, GW6C_EOS, "this kernel has no IPv6: %s",
				 strerror(errno));
	}
	*out = self;
	return GW6C_OK;
}

static const struct gw6c_os_ops ops = {
	.size = sizeof(ops),
	.open = example_open,
	.close = example_close,
	.step = example_step,
	.bind = example_bind,
};

GW6C_PLUGIN(os_example) = {
	GW6C_HEAD(GW6C_OS, "example", "Linux, by ioctl(2) alone"),
	.os = &ops,
};
