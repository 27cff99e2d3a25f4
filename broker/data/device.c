/* device.c - the broker's packet device, and what the system needs for it. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "device.h"
#include "core/base/log.h"
#include "core/modules/host.h"
#include "core/tunnel/planner.h"
#include <limits.h>
#include <stdlib.h>

#define SINKS 16 /* the most pairs of an outer address of ours, protocol */

struct device {
	struct backend os;
	struct gw6c_host *host;
	struct journal journal;
	struct gw6c_plan plan;
	bool opened, applied;
	struct gw6c_plan raw_sink[SINKS]; /* each of one step */
	int sinks;
};

static void plan_family(struct gw6c_plan *plan, const struct options *options,
			const struct gw6c_addr *inner,
			const struct gw6c_addr *pool)
{
	struct gw6c_step *step;

	gw6c_plan_add(plan, GW6C_ADDR)->dst = *inner;
	step = gw6c_plan_add(plan, GW6C_ROUTE);
	step->dst = *pool;
	step->value = (uint32_t)options->metric;
	gw6c_plan_add(plan, GW6C_FORWARD)->dst.family = inner->family;
}

static void make_plan(struct device *device, const struct device_params *params)
{
	const struct options *options = params->options;
	struct gw6c_plan *plan = &device->plan;
	struct gw6c_step *step;

	*plan = (struct gw6c_plan){ .size = sizeof(*plan), .fd = -1 };
	snprintf(plan->dev, sizeof(plan->dev), "%s", options->tunnel_dev);
	gw6c_plan_add(plan, GW6C_LINK)->kind = GW6C_TUN;
	gw6c_plan_add(plan, GW6C_MTU)->value = (uint32_t)options->mtu;
	gw6c_plan_add(plan, GW6C_UP);
	plan_family(plan, options, &params->inner6, &options->pool6);
	if (params->inner4.family)
		plan_family(plan, options, &params->inner4, &options->pool4);
	if (!options->prefixes6.family)
		return;
	step = gw6c_plan_add(plan, GW6C_ROUTE);
	step->dst = options->prefixes6;
	step->value = (uint32_t)options->metric;
}

static void device_done(void *arg, int rc, struct gw6c_bytes out,
			const struct gw6c_err *err)
{
	struct device *device = arg;

	(void)out;
	backend_done(&device->os, rc, err);
}

static int device_note(void *arg, const struct gw6c_step *step,
		       struct gw6c_err *err)
{
	struct device *device = arg;

	return backend_note(&device->os, step, err);
}

static int open_os(struct device *device, const struct device_params *params,
		   struct gw6c_err *err)
{
	const struct host_events events = { .done = device_done,
					    .note = device_note,
					    .arg = device };
	const struct gw6c_os_ops *ops;

	if (loader_get(params->loader, GW6C_OS, params->options->os,
		       conf_get(params->conf, "template", 0),
		       &device->os.plugin, err))
		return err->rc;
	device->journal.os = device->os.plugin->name;
	ops = device->os.plugin->os;
	device->host = host_new(device->os.plugin, params->loop, params->conf,
				&events);
	device->os.loop = params->loop;
	if (!device->host)
		return gw6c_fail(err, GW6C_EOS, "out of memory");
	if (ops->open(device->host, &device->os.self, err))
		return err->rc;
	device->opened = true;
	if (!GW6C_HAS(ops, check) || !ops->check)
		return GW6C_OK;
	return ops->check(device->os.self, err);
}

static struct journal sink_journal(const struct device *device, int number,
				   char path[PATH_MAX])
{
	snprintf(path, PATH_MAX, "%s-sink%d", device->journal.path, number);
	return (struct journal){ .path = path, .os = device->journal.os };
}

static bool has_sink(const struct device *device, const struct gw6c_addr *own,
		     uint8_t protocol)
{
	for (int i = 0; i < device->sinks; i++) {
		const struct gw6c_step *step = &device->raw_sink[i].step[0];

		if (step->value == protocol &&
		    memcmp(&step->local, own, sizeof(*own)) == 0)
			return true;
	}
	return false;
}

void device_sink(struct device *device, const struct gw6c_addr *own,
		 uint8_t protocol)
{
	struct gw6c_plan *plan = &device->raw_sink[device->sinks];
	struct gw6c_err err = { 0 };
	struct gw6c_step *step;
	struct journal journal;
	char path[PATH_MAX];

	if (!own->family || has_sink(device, own, protocol) ||
	    device->sinks == SINKS)
		return;
	journal = sink_journal(device, device->sinks, path);
	*plan = (struct gw6c_plan){ .size = sizeof(*plan), .fd = -1 };
	step = gw6c_plan_add(plan, GW6C_LINK);
	step->kind = GW6C_RAW_SINK;
	step->local = *own;
	step->value = protocol;
	if (plan_apply(&device->os, &journal, plan, &err))
		log_msg(GW6C_WARN, "device",
			"%s; clients may receive ICMP unreachable errors",
			err.text);
	else
		device->sinks++;
}

static void hear_again(struct device *device)
{
	char path[PATH_MAX];

	while (device->sinks) {
		int i = --device->sinks;
		struct journal journal = sink_journal(device, i, path);

		plan_undo(&device->os, &journal, &device->raw_sink[i]);
	}
}

static int sweep(struct device *device, struct gw6c_err *err)
{
	uint32_t steps = 0, more = 0;
	char path[PATH_MAX];

	if (plan_sweep(&device->os, &device->journal, &steps, err))
		return err->rc;
	for (int i = 0; i < SINKS; i++) {
		struct journal journal = sink_journal(device, i, path);

		if (plan_sweep(&device->os, &journal, &more, err))
			return err->rc;
		steps += more;
	}
	if (steps)
		log_msg(GW6C_NOTICE, "device",
			"an earlier run did not shut down cleanly; reverted "
			"its changes steps=%u",
			steps);
	return GW6C_OK;
}

int device_open(const struct device_params *params, struct device **out,
		struct gw6c_err *err)
{
	struct device *device = calloc(1, sizeof(*device));

	if (!device)
		return gw6c_fail(err, GW6C_EOS, "out of memory");
	device->journal.path = params->journal;
	make_plan(device, params);
	if (open_os(device, params, err) || sweep(device, err) ||
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
	hear_again(device);
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
