/* raw.h - moves packets through a raw IP socket, where the kernel has no
 * tunnel of its own. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_TUNNELS_RAW_H
#define GW6C_TUNNELS_RAW_H

#include <gw6c/plugin.h>

struct raw;

/* Between plan->fd and the two outer ends of the lease, by the IP protocol
 * that carries its inner family: 41 for IPv6, 4 for IPv4. */
int raw_open(const struct gw6c_host *host, const struct gw6c_lease *lease,
	     const struct gw6c_plan *plan, struct raw **out,
	     struct gw6c_err *err);
void raw_close(struct raw *raw); /* NULL is fine */
void raw_count(struct raw *raw, struct gw6c_counters *out);

#endif
