/* listener.h - a TCP socket that listens, for those who answer there. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_CORE_BASE_LISTENER_H
#define GW6C_CORE_BASE_LISTENER_H

#include <gw6c/addr.h>
#include <gw6c/err.h>

/* As host->listen: a descriptor that is the caller's, or below 0. */
int listener_open(const struct gw6c_addr *addr, uint16_t port,
		  struct gw6c_err *err);

#endif
