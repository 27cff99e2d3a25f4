/* os_linux.c - tun(4), sit, ip6tnl and rtnetlink(7). */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "linux.h"
#include "linux_service.h"
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

static linux_step_fn *const steps[] = {
	[GW6C_LINK] = linux_link_step,	     [GW6C_MTU] = linux_mtu_step,
	[GW6C_UP] = linux_up_step,	     [GW6C_ADDR] = linux_addr_step,
	[GW6C_ROUTE] = linux_route_step,     [GW6C_REJECT] = linux_reject_step,
	[GW6C_FORWARD] = linux_forward_step, [GW6C_PIN] = linux_pin_step,
	[GW6C_KEEP] = linux_keep_step,
};

static int linux_step(void *self, struct gw6c_plan *plan,
		      struct gw6c_step *step, bool add, struct gw6c_err *err)
{
	size_t verb = step->verb;

	if (verb >= sizeof(steps) / sizeof(steps[0]) || !steps[verb])
		return gw6c_fail(err, GW6C_EOS,
				 "step %zu is not supported "
				 "on Linux",
				 verb);
	return steps[verb](self, plan, step, add, err);
}

static void linux_close(void *self)
{
	struct linux_os *os = self;

	linux_close_watch(os);
	linux_close_talk(os);
	linux_settings_forget(os);
	free(os);
}

static int linux_open(const struct gw6c_host *host, void **self,
		      struct gw6c_err *err)
{
	struct linux_os *os = calloc(1, sizeof(*os));

	if (!os)
		return gw6c_fail(err, GW6C_EOS, "out of memory");
	os->host = host;
	os->clock = -1;
	if (linux_open_talk(os, err) || linux_open_watch(os, err)) {
		linux_close(os);
		return err->rc;
	}
	*self = os;
	return GW6C_OK;
}

/* The effective capabilities of this process, as a mask. */
static unsigned long long linux_capabilities(void)
{
	FILE *file = fopen("/proc/self/status", "re");
	unsigned long long mask = 0;
	char line[256];

	while (file && fgets(line, sizeof(line), file))
		if (sscanf(line, "CapEff: %llx", &mask) == 1)
			break;
	if (file)
		fclose(file);
	return mask;
}

static int linux_check(void *self, struct gw6c_err *err)
{
	unsigned long long have = linux_capabilities();

	(void)self;
	if (!(have & 1ull << CAP_NET_ADMIN))
		return gw6c_fail(err, GW6C_EOS,
				 "not allowed to set up interfaces: run as "
				 "root, or give the process CAP_NET_ADMIN and "
				 "CAP_NET_RAW");
	if (!(have & 1ull << CAP_NET_RAW))
		return gw6c_fail(err, GW6C_EOS,
				 "not allowed to send keepalives: run as root, "
				 "or give the process CAP_NET_RAW, too");
	if (access("/proc/net/if_inet6", F_OK) < 0)
		return gw6c_fail(err, GW6C_EOS,
				 "this kernel has no IPv6: load the module "
				 "ipv6, or boot without ipv6.disable=1");
	return GW6C_OK;
}

static int linux_bind(void *self, int fd, const char *dev, struct gw6c_err *err)
{
	(void)self;
	if (setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, dev,
		       (socklen_t)strlen(dev) + 1) == 0)
		return GW6C_OK;
	return gw6c_fail(err, GW6C_EOS, "binding to %s: %s", dev,
			 strerror(errno));
}

/* Of this process's network namespace, which /sys may not be of. */
static bool linux_received(void *self, const char *dev, uint64_t *packets)
{
	FILE *file = fopen("/proc/self/net/dev", "re");
	unsigned long long count;
	char line[512], name[64];
	bool found = false;

	(void)self;
	while (file && !found && fgets(line, sizeof(line), file))
		found = sscanf(line, " %63[^:]: %*u %llu", name, &count) == 2 &&
			strcmp(name, dev) == 0;
	if (file)
		fclose(file);
	if (found)
		*packets = count;
	return found;
}

static const struct gw6c_os_ops linux_ops = {
	.size = sizeof(linux_ops),
	.open = linux_open,
	.close = linux_close,
	.check = linux_check,
	.lease = linux_lease,
	.step = linux_step,
	.bind = linux_bind,
	.service = linux_service,
	.received = linux_received,
	.networks = linux_networks,
};

GW6C_PLUGIN(os_linux) = {
	GW6C_HEAD(GW6C_OS, "linux", "tun(4), sit, ip6tnl and rtnetlink(7)"),
	.os = &linux_ops,
	.aliases = "openwrt gogocpe dongle6",
};
