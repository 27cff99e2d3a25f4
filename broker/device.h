/* device.h - the broker's packet device, and what the system needs for it. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_BROKER_DEVICE_H
#define GW6C_BROKER_DEVICE_H

#include "core/loop.h"
#include "loaded.h"

struct device;

/* Take back what an earlier run left, then set up: interface, our address
 * (inner), the route of the pool, forwarding. loaded and journal, a path,
 * are borrowed until device_close(). */
int device_open(struct loop *loop, struct loaded *loaded,
		const struct gw6c_addr *inner, const char *journal,
		struct device **out, struct gw6c_err *err);
/* Everything is taken back; NULL is fine. */
void device_close(struct device *device);

int device_fd(const struct device *device); /* of packets; -1: none */
const char *device_name(const struct device *device);

#endif
