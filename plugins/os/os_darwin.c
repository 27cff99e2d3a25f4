/* os_darwin.c - Darwin: gif, utun, ifconfig(8), route(8). */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "bsd.h"

#ifdef __APPLE__
#define HERE true
#else
#define HERE false
#endif

static const struct bsd darwin = {
	.platform = { BSD_PLATFORM("Darwin", HERE), .shared = "gif0" },
	.tun = "utun",
	.sysctl_w = true,
	.tunnel_inet6 = true,
};

static int darwin_open(const struct gw6c_host *host, void **self,
		       struct gw6c_err *err)
{
	return tools_open(&darwin.platform, host, self, err);
}

static const struct gw6c_opt darwin_opts[] = TOOLS_OPTS;
static const struct gw6c_os_ops darwin_ops = TOOLS_OPS(darwin_open);

GW6C_PLUGIN(os_darwin) = {
	GW6C_HEAD(GW6C_OS, "darwin",
		  "Darwin: gif, utun, ifconfig(8), route(8)"),
	.opts = darwin_opts,
	.os = &darwin_ops,
};
