/* os_cut.c - its table ends before an operation that all need. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "module.h"

static const struct {
	uint32_t size, flags;
	int (*open)(const struct gw6c_host *host, void **self,
		    struct gw6c_err *err);
	void (*close)(void *self);
} ops = { .size = sizeof(ops), .open = f_open, .close = m_close };

GW6C_PLUGIN(os_cut) = {
	GW6C_HEAD(GW6C_OS, "cut", "too short"),
	.ops_size = &ops.size,
};
