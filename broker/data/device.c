/* device.c - the broker's packet device, and what the system needs for it. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "device.h"
#include "core/modules/host.h"
#include "core/base/log.h"
#include "core/tunnel/planner.h"
#include <limits.h>
#include <stdlib.h>

#define DEAF 16 /* outer addresses of ours, at most */

struct device {
	struct backend os;
	struct gw6c_host *host;
	struct journal journal;
	struct gw6c_plan plan;
	bool opened, applied;
	struct gw6c_plan deaf[DEAF]; /* each of one step */
	int deafs;
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

static void make_plan(struct device *device, const struct options *options,
		      const struct gw6c_addr *inner6,
		      const struct gw6c_addr *inner4)
{
	struct gw6c_plan *plan = &device->plan;
	struct gw6c_step *step;

	*plan = (struct gw6c_plan){ .size = sizeof(*plan), .fd = -1 };
	snprintf(plan->dev, sizeof(plan->dev), "%s", options->tunnel_dev);
	gw6c_plan_add(plan, GW6C_LINK)->kind = GW6C_TUN;
	gw6c_plan_add(plan, GW6C_MTU)->value = (uint32_t)options->mtu;
	gw6c_plan_add(plan, GW6C_UP);
	plan_family(plan, options, inner6, &options->pool6);
	if (inner4->family)
		plan_family(plan, options, inner4, &options->pool4);
	if (!options->prefixes6.family)
		return;
	step = gw6c_plan_add(plan, GW6C_ROUTE);
	step->dst = options->prefixes6;
	step->value = (uint32_t)options->metric;
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

static struct journal deaf_journal(const struct device *device, int number,
				   char path[PATH_MAX])
{
	snprintf(path, PATH_MAX, "%s-deaf%d", device->journal.path, number);
	return (struct journal){ .path = path, .os = device->journal.os };
}

static bool is_deaf(const struct device *device, const struct gw6c_addr *own)
{
	for (int i = 0; i < device->deafs; i++)
		if (memcmp(&device->deaf[i].step[0].local, own, sizeof(*own)) ==
		    0)
			return true;
	return false;
}

void device_deafen(struct device *device, const struct gw6c_addr *own)
{
	struct gw6c_plan *plan = &device->deaf[device->deafs];
	struct gw6c_err err = { 0 };
	struct gw6c_step *step;
	struct journal journal;
	char path[PATH_MAX];

	if (!own->family || is_deaf(device, own) || device->deafs == DEAF)
		return;
	journal = deaf_journal(device, device->deafs, path);
	*plan = (struct gw6c_plan){ .size = sizeof(*plan), .fd = -1 };
	step = gw6c_plan_add(plan, GW6C_LINK);
	step->kind = GW6C_DEAF;
	step->local = *own;
	if (plan_apply(&device->os, &journal, plan, &err))
		log_msg(GW6C_WARN, "",
			"%s; clients may be told that we are "
			"unreachable",
			err.text);
	else
		device->deafs++;
}

static void hear_again(struct device *device)
{
	char path[PATH_MAX];

	while (device->deafs) {
		int i = --device->deafs;
		struct journal journal = deaf_journal(device, i, path);

		plan_undo(&device->os, &journal, &device->deaf[i]);
	}
}

static int sweep(struct device *device, struct gw6c_err *err)
{
	uint32_t steps = 0, more = 0;
	char path[PATH_MAX];

	if (plan_sweep(&device->os, &device->journal, &steps, err))
		return err->rc;
	for (int i = 0; i < DEAF; i++) {
		struct journal journal = deaf_journal(device, i, path);

		if (plan_sweep(&device->os, &journal, &more, err))
			return err->rc;
		steps += more;
	}
	if (steps)
		log_msg(GW6C_NOTICE, "",
			"an earlier run did not end properly; took back what "
			"it had left steps=%u",
			steps);
	return GW6C_OK;
}

int device_open(struct loop *loop, struct loaded *loaded,
		const struct gw6c_addr *inner6, const struct gw6c_addr *inner4,
		const char *journal, struct device **out, struct gw6c_err *err)
{
	struct device *device = calloc(1, sizeof(*device));

	if (!device)
		return gw6c_fail(err, GW6C_EOS, "out of memory");
	device->journal.path = journal;
	make_plan(device, &loaded->options, inner6, inner4);
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
