/* tun.h - a packet device of the system this is built for. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_OS_TUN_H
#define GW6C_OS_TUN_H

#include <gw6c/plugin.h>

struct relay;

/* Open one: the wish, or any that is free. Writes plan->fd and plan->dev. The
 * relay, NULL where packets have no header, lives until tun_close(). */
int tun_open(const struct gw6c_host *host, const char *wish,
	     struct gw6c_plan *plan, struct relay **relay,
	     struct gw6c_err *err);
void tun_close(struct gw6c_plan *plan, struct relay **relay);

/* relay.c: between a device whose packets have their family before them, in
 * four octets of network order, and *fd, where they have not. Both are the
 * relay's; the device is closed with it, *fd is not. */
int relay_open(const struct gw6c_host *host, int device, int *fd,
	       struct relay **out, struct gw6c_err *err);
void relay_close(struct relay *relay); /* NULL is fine */

#endif
