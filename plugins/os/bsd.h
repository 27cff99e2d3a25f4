/* bsd.h - what the systems with ifconfig(8), route(8) and sysctl(8) share. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_OS_BSD_H
#define GW6C_OS_BSD_H

#include "tools.h"

/* What they do not share. */
struct bsd {
	struct platform platform; /* first */
	const char *tun; /* names of packet devices */
	bool tun_stays; /* after it was closed: has to be destroyed */
	bool sysctl_w; /* sysctl -w NAME=VALUE */
	bool tunnel_inet6; /* "inet6 tunnel A B", not "tunnel A B" */
	bool no_dad; /* an interface can go without */
};

int bsd_commands(const struct platform *platform, const char *dev,
		 const struct gw6c_plan *plan, const struct gw6c_step *step,
		 bool add, struct commands *out, struct gw6c_err *err);
const char *bsd_names(const struct platform *platform, unsigned kind);
bool bsd_note(const struct gw6c_step *step, struct commands *out,
	      const char **begin);

#define BSD_PLATFORM(name_, here_)                                             \
	.name = (name_), .remark = "#", .here = (here_),                       \
	.commands = bsd_commands, .names = bsd_names, .note = bsd_note

#endif
