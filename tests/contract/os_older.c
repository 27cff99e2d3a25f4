/* os_older.c - of an earlier release: its table ends before bind. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "module.h"

static int step(void *self, struct gw6c_plan *plan, struct gw6c_step *now,
		bool add, struct gw6c_err *err)
{
	(void)self;
	(void)plan;
	(void)now;
	(void)add;
	(void)err;
	return GW6C_OK;
}

/* Its own type: whoever reads on leaves the object. */
static const struct {
	uint32_t size, flags;
	int (*open)(const struct gw6c_host *host, void **self,
		    struct gw6c_err *err);
	void (*close)(void *self);
	int (*check)(void *self, struct gw6c_err *err);
	int (*step)(void *self, struct gw6c_plan *plan, struct gw6c_step *step,
		    bool add, struct gw6c_err *err);
} ops = {
	.size = sizeof(ops),
	.open = f_open,
	.close = m_close,
	.step = step,
};

GW6C_PLUGIN(os_older) = {
	GW6C_HEAD(GW6C_OS, "older", "of yesterday"),
	.ops_size = &ops.size,
};
