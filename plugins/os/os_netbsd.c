/* os_netbsd.c - NetBSD: gif(4), tun(4), ifconfig(8), route(8). */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "bsd.h"

#ifdef __NetBSD__
#define HERE true
#else
#define HERE false
#endif

static const struct bsd netbsd = {
	.platform = { BSD_PLATFORM("NetBSD", HERE) },
	.tun = "tun",
	.tun_stays = true,
	.sysctl_w = true,
};

static int netbsd_open(const struct gw6c_host *host, void **self,
		       struct gw6c_err *err)
{
	return tools_open(&netbsd.platform, host, self, err);
}

static const struct gw6c_opt netbsd_opts[] = TOOLS_OPTS;
static const struct gw6c_os_ops netbsd_ops = TOOLS_OPS(netbsd_open);

GW6C_PLUGIN(os_netbsd) = {
	GW6C_HEAD(GW6C_OS, "netbsd",
		  "NetBSD: gif(4), tun(4), ifconfig(8), route(8)"),
	.opts = netbsd_opts,
	.os = &netbsd_ops,
};
