/* os_freebsd.c - FreeBSD: gif(4), tun(4), ifconfig(8), route(8). */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "bsd.h"

#ifdef __FreeBSD__
#define HERE true
#else
#define HERE false
#endif

static const struct bsd freebsd = {
	.platform = { BSD_PLATFORM("FreeBSD", HERE) },
	.tun = "tun",
	.tun_stays = true,
	.tunnel_inet6 = true,
	.no_dad = true,
};

static int freebsd_open(const struct gw6c_host *host, void **self,
			struct gw6c_err *err)
{
	return tools_open(&freebsd.platform, host, self, err);
}

static const struct gw6c_opt freebsd_opts[] = TOOLS_OPTS;
static const struct gw6c_os_ops freebsd_ops = TOOLS_OPS(freebsd_open);

GW6C_PLUGIN(os_freebsd) = {
	GW6C_HEAD(GW6C_OS, "freebsd",
		  "FreeBSD: gif(4), tun(4), ifconfig(8), route(8)"),
	.opts = freebsd_opts,
	.os = &freebsd_ops,
	.aliases = "freebsd4 freebsd44",
};
