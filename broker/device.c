/* device.c - the broker's packet device, and what the system needs for it. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "device.h"
#include "core/host.h"
#include "core/log.h"
#include "core/planner.h"
#include <stdlib.h>

struct device {
	struct backend os;
	struct gw6c_host *host;
	struct journal journal;
	struct gw6c_plan plan;
	bool opened, applied;
};

static void make_plan(struct device *device, const struct options *options,
		      const struct gw6c_addr *inner)
{
	struct gw6c_plan *plan = &device->plan;
	struct gw6c_step *step;

	*plan = (struct gw6c_plan){ .size = sizeof(*plan), .fd = -1 };
	snprintf(plan->dev, sizeof(plan->dev), "%s", options->tunnel_dev);
	gw6c_plan_add(plan, GW6C_LINK)->kind = GW6C_TUN;
	gw6c_plan_add(plan, GW6C_MTU)->value = (uint32_t)options->mtu;
	gw6c_plan_add(plan, GW6C_UP);
	gw6c_plan_add(plan, GW6C_ADDR)->dst = *inner;
	step = gw6c_plan_add(plan, GW6C_ROUTE);
	step->dst = options->pool6;
	step->value = (uint32_t)options->metric;
	gw6c_plan_add(plan, GW6C_FORWARD)->dst.family = 6;
}

static int open_os(struct device *device, struct loop *loop,
		   struct loaded *loaded, struct gw6c_err *err)
{
	const struct gw6c_os_ops *ops;

	if (loader_get(loaded->loader, GW6C_OS, loaded->options.os,
		       conf_get(loaded->conf, "template", 0),
		       &device->os.plugin, err))
		return err->rc;
	device->journal.os = device->os.plugin->name;
	ops = device->os.plugin->os;
	device->host = host_new(device->os.plugin, loop, loaded->conf, NULL);
	if (!device->host)
		return gw6c_fail(err, GW6C_EOS, "out of memory");
	if (ops->open(device->host, &device->os.self, err))
		return err->rc;
	device->opened = true;
	if (!GW6C_HAS(ops, check) || !ops->check)
		return GW6C_OK;
	return ops->check(device->os.self, err);
}

static int sweep(struct device *device, struct gw6c_err *err)
{
	uint32_t steps = 0;

	if (plan_sweep(&device->os, &device->journal, &steps, err))
		return err->rc;
	if (steps)
		log_msg(GW6C_NOTICE, "",
			"an earlier run did not end properly; took back what "
			"it had left steps=%u",
			steps);
	return GW6C_OK;
}

int device_open(struct loop *loop, struct loaded *loaded,
		const struct gw6c_addr *inner, const char *journal,
		struct device **out, struct gw6c_err *err)
{
	struct device *device = calloc(1, sizeof(*device));

	if (!device)
		return gw6c_fail(err, GW6C_EOS, "out of memory");
	device->journal.path = journal;
	make_plan(device, &loaded->options, inner);
	if (open_os(device, loop, loaded, err) || sweep(device, err) ||
	    plan_apply(&device->os, &device->journal, &device->plan, err)) {
		device_close(device);
		return err->rc;
	}
	device->applied = true;
	*out = device;
	return GW6C_OK;
}

void device_close(struct device *device)
{
	if (!device)
		return;
	if (device->applied)
		plan_undo(&device->os, &device->journal, &device->plan);
	if (device->opened)
		device->os.plugin->os->close(device->os.self);
	host_end(device->host);
	free(device);
}

int device_fd(const struct device *device)
{
	return device->plan.fd;
}

const char *device_name(const struct device *device)
{
	return device->plan.dev;
}
