/* listen.h - the sockets that clients send to. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_BROKER_DATA_LISTEN_H
#define GW6C_BROKER_DATA_LISTEN_H

#include "core/base/server_addr.h"
#include <gw6c/plugin.h>

/* A non-blocking socket that tells the address a datagram was sent to, and
 * whose packets may be fragmented. Below 0: err says why. */
int listen_udp(const struct server_addr *at, struct gw6c_err *err);
/* For packets of the mode's IP protocol, at all addresses. */
int listen_raw(const struct gw6c_plugin *mode, struct gw6c_err *err);

#endif
