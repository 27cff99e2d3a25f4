/* device.h - the broker's packet device, and what the system needs for it. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_BROKER_DATA_DEVICE_H
#define GW6C_BROKER_DATA_DEVICE_H

#include "broker/config/options.h"
#include "core/base/loop.h"
#include "core/modules/loader.h"

struct device;

/* Revert what an earlier run left, then set up: interface, our inner
 * addresses (inner4: may be none), the routes of the pools, forwarding. All
 * of params is borrowed until device_close(). */
struct device_params {
	struct loop *loop;
	struct loader *loader;
	struct conf *conf;
	const struct options *options;
	struct gw6c_addr inner6, inner4;
	const char *journal; /* path */
};
int device_open(const struct device_params *params, struct device **out,
		struct gw6c_err *err);
/* Reverts all changes; NULL is fine. */
void device_close(struct device *device);

/* Keep a kernel that has tunnels of its own from answering packets of that IP
 * protocol to that address of ours with ICMP unreachable errors. */
void device_sink(struct device *device, const struct gw6c_addr *own,
		 uint8_t protocol);

int device_fd(const struct device *device); /* of packets; -1: none */
const char *device_name(const struct device *device);

#endif
