/* raw.h - moves packets through a raw IP socket, where the kernel has no
 * tunnel of its own: the operations of a mode's table. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_TUNNELS_RAW_H
#define GW6C_TUNNELS_RAW_H

#include <gw6c/plugin.h>

/* Between plan->fd and the two outer ends of the lease, by the IP protocol
 * that carries its inner family: 41 for IPv6, 4 for IPv4. The socket of the
 * session is not used. */
int raw_open(const struct gw6c_host *host, const struct gw6c_lease *lease,
	     const struct gw6c_plan *plan, int sock, void **self,
	     struct gw6c_err *err);
void raw_close(void *self);
void raw_count(void *self, struct gw6c_counters *out);

#endif
