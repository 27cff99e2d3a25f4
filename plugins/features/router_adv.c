/* router_adv.c - router advertisements for the networks behind a router, by a
 * radvd of our own: private configuration, private pid file. The system's
 * radvd is never touched. RFC 4861 section 6.2. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "radvd_conf.h"
#include <errno.h>
#include <fcntl.h>
#include <gw6c/plugin.h>
#include <limits.h>
#include <stdlib.h>
#include <unistd.h>

struct advertiser {
	const struct gw6c_host *host;
	struct gw6c_child *radvd; /* NULL: does not run */
	char text[RADVD_CONF_MAX]; /* that it was started with */
	int networks; /* in there */
	unsigned restarts;
};

static const struct gw6c_opt options[] = {
	{ .key = "by",
	  .type = GW6C_WORD,
	  .fallback = "radvd",
	  .summary = "what advertises: radvd, or another program of yours",
	  .words = "radvd none",
	  .classic = "ra" },
	{ .key = "program",
	  .type = GW6C_STR,
	  .fallback = "radvd",
	  .summary = "name or path of radvd" },
	{ .key = "dns",
	  .type = GW6C_YES,
	  .fallback = "no",
	  .summary = "advertise the broker's resolvers, too" },
	{ .key = NULL },
};

static bool is_wanted(const struct gw6c_host *host)
{
	return strcmp(host->str(host, "by"), "none") != 0;
}

/* --- its files --------------------------------------------------------- */

static const char *file_name(const struct gw6c_host *host, const char *suffix,
			     char room[PATH_MAX])
{
	snprintf(room, PATH_MAX, "%s/router-adv.%s", host->run_dir, suffix);
	return room;
}

/* A radvd of a run that was killed has ended with it. */
static void remove_files(const struct gw6c_host *host)
{
	char path[PATH_MAX];

	unlink(file_name(host, "conf", path));
	unlink(file_name(host, "pid", path));
}

static bool write_conf(const struct gw6c_host *host, const char *text)
{
	char path[PATH_MAX];
	int fd = open(file_name(host, "conf", path),
		      O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW,
		      0644);
	ssize_t len = (ssize_t)strlen(text);
	bool ok = fd >= 0 && write(fd, text, (size_t)len) == len;
	int error = errno;

	if (fd >= 0)
		close(fd);
	if (!ok)
		host->log(host, GW6C_WARN, "cannot write %s: %s", path,
			  strerror(error));
	return ok;
}

/* --- ours -------------------------------------------------------------- */

static void show(const struct advertiser *self)
{
	const struct gw6c_host *host = self->host;

	if (!GW6C_HAS(host, status) || !host->status)
		return;
	host->status(host, "advertising", "%s", self->radvd ? "yes" : "no");
	host->status(host, "networks", "%d", self->networks);
	host->status(host, "restarts", "%u", self->restarts);
}

static void on_ended(void *arg, int status)
{
	struct advertiser *self = arg;

	(void)status;
	self->restarts++;
	show(self);
}

static void start(struct advertiser *self)
{
	const struct gw6c_host *host = self->host;
	char conf[PATH_MAX], pid_file[PATH_MAX];
	const char *argv[] = { host->str(host, "program"),
			       "--nodaemon",
			       "--config",
			       file_name(host, "conf", conf),
			       "--pidfile",
			       file_name(host, "pid", pid_file),
			       "--logmethod",
			       "stderr_clean",
			       NULL };
	struct gw6c_run run = { .size = sizeof(run),
				.flags = GW6C_RUN_AGAIN,
				.argv = argv,
				.ended = on_ended,
				.arg = self };
	struct gw6c_err err = { 0 };

	self->radvd = host->run(host, &run, &err);
	if (!self->radvd)
		host->log(host, GW6C_WARN,
			  "%s; hosts behind this router get no router "
			  "advertisements: install radvd, or set ra=none",
			  err.text);
}

/* It withdraws the prefixes when it is told to end; the next one begins after
 * that. */
static void stop(struct advertiser *self)
{
	self->host->end(self->host, self->radvd);
	self->radvd = NULL;
	self->networks = 0;
	self->text[0] = 0;
	remove_files(self->host);
	show(self);
}

static void told(const struct advertiser *self, const struct gw6c_lease *lease)
{
	int first = 0;

	while (!lease->lans[first].prefix.family)
		first++;
	self->host->log(self->host, GW6C_NOTICE,
			"advertising the prefix on %s%s",
			lease->lans[first].dev,
			self->networks > 1 ? " and others" : "");
}

/* Hosts need not hear of a change that is none to them. */
static void advertise(struct advertiser *self, const struct gw6c_lease *lease)
{
	const struct gw6c_host *host = self->host;
	char text[RADVD_CONF_MAX];
	int networks =
		radvd_conf(lease, host->yes(host, "dns"), text, sizeof(text));

	if (self->radvd && networks > 0 && strcmp(text, self->text) == 0)
		return;
	stop(self);
	if (networks < 0)
		host->log(host, GW6C_WARN,
			  "no advertisements: if_prefix has a name "
			  "that radvd.conf cannot express");
	if (networks < 1 || !write_conf(host, text))
		return;
	start(self);
	if (!self->radvd)
		return;
	memcpy(self->text, text, sizeof(text));
	self->networks = networks;
	told(self, lease);
	show(self);
}

static int tell(void *arg, const struct gw6c_news *news)
{
	struct advertiser *self = arg;

	switch (news->fact) {
	case GW6C_READY:
	case GW6C_CHANGED:
		if (is_wanted(self->host))
			advertise(self, news->lease);
		break;
	case GW6C_LEAVING: /* hosts still have a way, and shall use another */
	case GW6C_DOWN:
		stop(self);
		break;
	}
	return GW6C_OK;
}

/* radvd gives the router itself what it advertises, and leaves it there. */
static int plan(const struct gw6c_host *host, const struct gw6c_lease *lease,
		struct gw6c_plan *plan, struct gw6c_err *err)
{
	(void)err;
	if (!is_wanted(host) || !GW6C_HAS(lease, lans))
		return GW6C_OK;
	for (int i = 0; i < GW6C_LANS && lease->lans[i].dev[0]; i++) {
		const struct gw6c_lan *lan = &lease->lans[i];

		if (lan->prefix.family)
			memcpy(gw6c_plan_add(plan, GW6C_KEEP)->dev, lan->dev,
			       sizeof(lan->dev));
	}
	return GW6C_OK;
}

static void close_advertiser(void *arg)
{
	stop(arg);
	free(arg);
}

static int open_advertiser(const struct gw6c_host *host, void **out,
			   struct gw6c_err *err)
{
	struct advertiser *self = calloc(1, sizeof(*self));

	if (!self)
		return gw6c_fail(err, GW6C_EOS, "out of memory");
	self->host = host;
	show(self);
	*out = self;
	return GW6C_OK;
}

static const struct gw6c_feature_ops advertiser_ops = {
	.size = sizeof(advertiser_ops),
	.flags = GW6C_FEATURE_ROUTER6,
	.open = open_advertiser,
	.close = close_advertiser,
	.tell = tell,
	.plan = plan,
	.sweep = remove_files,
};

GW6C_PLUGIN(feature_router_adv) = {
	GW6C_HEAD(GW6C_FEATURE, "router-adv",
		  "router advertisements by a private radvd"),
	.opts = options,
	.feature = &advertiser_ops,
};
