/* os_openbsd.c - OpenBSD: gif(4), tun(4), ifconfig(8), route(8). */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "bsd.h"

#ifdef __OpenBSD__
#define HERE true
#else
#define HERE false
#endif

static const struct bsd openbsd = {
	.platform = { BSD_PLATFORM("OpenBSD", HERE) },
	.tun = "tun",
	.tun_stays = true,
};

static int openbsd_open(const struct gw6c_host *host, void **self,
			struct gw6c_err *err)
{
	return tools_open(&openbsd.platform, host, self, err);
}

static const struct gw6c_opt openbsd_opts[] = TOOLS_OPTS;
static const struct gw6c_os_ops openbsd_ops = TOOLS_OPS(openbsd_open);

GW6C_PLUGIN(os_openbsd) = {
	GW6C_HEAD(GW6C_OS, "openbsd",
		  "OpenBSD: gif(4), tun(4), ifconfig(8), route(8)"),
	.opts = openbsd_opts,
	.os = &openbsd_ops,
};
