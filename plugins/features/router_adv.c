/* router_adv.c - router advertisements for the networks behind a router, by a
 * radvd of our own: private configuration, private pid file. The system's
 * radvd is never touched. RFC 4861 section 6.2. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "radvd_conf.h"
#include <errno.h>
#include <fcntl.h>
#include <gw6c/plugin.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define WAIT_MIN_MS 1000 /* before it is started again */
#define WAIT_MAX_MS 60000

struct advertiser {
	const struct gw6c_host *host;
	char conf[PATH_MAX], pid_file[PATH_MAX];
	struct gw6c_child *radvd; /* NULL: does not run */
	struct gw6c_watch *again;
	uint32_t wait_ms;
	bool told; /* that it died */
};

static const struct gw6c_opt options[] = {
	{ .key = "program",
	  .type = GW6C_STR,
	  .fallback = "radvd",
	  .summary = "name or path of radvd" },
	{ .key = "dns",
	  .type = GW6C_YES,
	  .fallback = "no",
	  .summary = "advertise the broker's resolvers, too" },
	{ .key = "ra",
	  .type = GW6C_WORD,
	  .fallback = "radvd",
	  .words = "radvd none",
	  .classic = "ra",
	  .summary = "what advertises: radvd, or another program of yours" },
	{ .key = NULL },
};

/* --- what radvd changes on this machine -------------------------------- */

/* On Linux it gives the router itself the MTU that it advertises, and leaves
 * it there. What was before stands in our configuration, as comments, so that
 * it survives a crash. Elsewhere there is no such file, and nothing to do. */
#define WAS "# was %31s %u"

static bool mtu_get(const char *dev, unsigned *mtu)
{
	char path[96];
	FILE *file;
	bool ok;

	snprintf(path, sizeof(path), "/proc/sys/net/ipv6/conf/%s/mtu", dev);
	file = fopen(path, "re");
	ok = file && fscanf(file, "%u", mtu) == 1;
	if (file)
		fclose(file);
	return ok;
}

static void mtu_set(const char *dev, unsigned mtu)
{
	char path[96];
	FILE *file;

	snprintf(path, sizeof(path), "/proc/sys/net/ipv6/conf/%s/mtu", dev);
	file = fopen(path, "r+e");
	if (!file)
		return;
	fprintf(file, "%u", mtu);
	fclose(file);
}

static void remember(const struct gw6c_lease *lease, FILE *conf)
{
	unsigned mtu;

	for (int i = 0; i < GW6C_LANS && lease->lans[i].dev[0]; i++)
		if (mtu_get(lease->lans[i].dev, &mtu))
			fprintf(conf, "# was %s %u\n", lease->lans[i].dev, mtu);
}

/* The configuration is done with. */
static void restore(const struct advertiser *self)
{
	FILE *conf = fopen(self->conf, "re");
	char line[256], dev[GW6C_DEV];
	unsigned mtu;

	while (conf && fgets(line, sizeof(line), conf))
		if (sscanf(line, WAS, dev, &mtu) == 2)
			mtu_set(dev, mtu);
	if (conf)
		fclose(conf);
	unlink(self->conf);
	unlink(self->pid_file);
}

/* --- a radvd of a run that was killed ---------------------------------- */

/* Does that process use our configuration? */
static bool is_ours(const struct advertiser *self, long pid)
{
	char path[64], line[4096];
	ssize_t len;
	int fd;

	snprintf(path, sizeof(path), "/proc/%ld/cmdline", pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	len = read(fd, line, sizeof(line));
	close(fd);
	return len > 0 && memmem(line, (size_t)len, self->conf,
				 strlen(self->conf) + 1) != NULL;
}

static void end_leftover(const struct advertiser *self, long pid)
{
	const struct timespec nap = { .tv_nsec = 20000000 };

	if (pid < 2 || !is_ours(self, pid))
		return;
	self->host->log(self->host, GW6C_NOTICE,
			"stopping the radvd of an earlier run pid=%ld", pid);
	kill((pid_t)pid, SIGTERM);
	for (int i = 0; i < 50 && is_ours(self, pid); i++)
		nanosleep(&nap, NULL);
}

static void sweep(const struct advertiser *self)
{
	FILE *file = fopen(self->pid_file, "re");
	long pid = 0;

	if (file && fscanf(file, "%ld", &pid) != 1)
		pid = 0;
	if (file)
		fclose(file);
	end_leftover(self, pid);
	restore(self);
}

/* --- ours -------------------------------------------------------------- */

static bool write_conf(struct advertiser *self, const struct gw6c_lease *lease,
		       const char *text)
{
	int fd = open(self->conf,
		      O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW,
		      0644);
	FILE *file = fd < 0 ? NULL : fdopen(fd, "w");

	if (!file) {
		if (fd >= 0)
			close(fd);
		return false;
	}
	remember(lease, file);
	fputs(text, file);
	return fclose(file) == 0;
}

static void start(struct advertiser *self);

static void on_again(void *arg)
{
	struct advertiser *self = arg;

	self->again = NULL;
	start(self);
}

static void on_ended(void *arg, int status)
{
	struct advertiser *self = arg;

	self->radvd = NULL;
	self->host->log(self->host, self->told ? GW6C_INFO : GW6C_WARN,
			"radvd ended (%s %d); restarting it in %u s",
			WIFSIGNALED(status) ? "signal" : "status",
			WIFSIGNALED(status) ? WTERMSIG(status)
					    : WEXITSTATUS(status),
			self->wait_ms / 1000);
	self->told = true;
	self->again =
		self->host->on_timer(self->host, self->wait_ms, on_again, self);
	self->wait_ms = self->wait_ms * 2 < WAIT_MAX_MS ? self->wait_ms * 2
							: WAIT_MAX_MS;
}

static void start(struct advertiser *self)
{
	const char *argv[] = { self->host->str(self->host, "program"),
			       "--nodaemon",
			       "--config",
			       self->conf,
			       "--pidfile",
			       self->pid_file,
			       "--logmethod",
			       "stderr_clean",
			       NULL };
	struct gw6c_run run = { .size = sizeof(run),
				.argv = argv,
				.ended = on_ended,
				.arg = self };
	struct gw6c_err err = { 0 };

	self->radvd = self->host->run(self->host, &run, &err);
	if (!self->radvd)
		self->host->log(self->host, GW6C_WARN,
				"%s; hosts behind this router get no router "
				"advertisements: install radvd, or set "
				"ra=none",
				err.text);
}

/* It withdraws the prefix when it is told to end. */
static void stop(struct advertiser *self)
{
	self->host->forget(self->host, self->again);
	self->host->end(self->host, self->radvd);
	self->again = NULL;
	self->radvd = NULL;
	restore(self);
}

static void advertise(struct advertiser *self, const struct gw6c_lease *lease)
{
	char text[RADVD_CONF_MAX];
	char dev[GW6C_DEV];
	int networks = radvd_conf(lease, self->host->yes(self->host, "dns"),
				  text, sizeof(text));

	stop(self);
	if (networks < 0)
		self->host->log(self->host, GW6C_WARN,
				"no advertisements: if_prefix has a name "
				"that radvd.conf cannot express");
	if (networks < 1)
		return;
	if (!write_conf(self, lease, text)) {
		self->host->log(self->host, GW6C_WARN, "cannot write %s: %s",
				self->conf, strerror(errno));
		return;
	}
	self->wait_ms = WAIT_MIN_MS;
	self->told = false;
	memcpy(dev, lease->lans[0].dev, sizeof(dev));
	start(self);
	if (self->radvd)
		self->host->log(self->host, GW6C_NOTICE,
				"advertising the prefix on %s%s", dev,
				networks > 1 ? " and others" : "");
}

static int tell(void *arg, const struct gw6c_news *news)
{
	struct advertiser *self = arg;

	if (news->fact == GW6C_READY &&
	    strcmp(self->host->str(self->host, "ra"), "none") != 0)
		advertise(self, news->lease);
	else if (news->fact == GW6C_DOWN)
		stop(self);
	/* CHANGED: the plan, and so all that is advertised, is the same. */
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
	struct advertiser *self;

	if (!GW6C_HAS(host, end))
		return gw6c_fail(err, GW6C_EOS,
				 "this gw6c is too old: it cannot run "
				 "programs for plugins");
	self = calloc(1, sizeof(*self));
	if (!self)
		return gw6c_fail(err, GW6C_EOS, "out of memory");
	self->host = host;
	snprintf(self->conf, sizeof(self->conf), "%s/router-adv.conf",
		 host->run_dir);
	snprintf(self->pid_file, sizeof(self->pid_file), "%s/router-adv.pid",
		 host->run_dir);
	sweep(self);
	*out = self;
	return GW6C_OK;
}

static const struct gw6c_feature_ops advertiser_ops = {
	.size = sizeof(advertiser_ops),
	.flags = GW6C_FEATURE_ROUTER6,
	.open = open_advertiser,
	.close = close_advertiser,
	.tell = tell,
};

GW6C_PLUGIN(feature_router_adv) = {
	GW6C_HEAD(GW6C_FEATURE, "router-adv",
		  "router advertisements by a private radvd"),
	.opts = options,
	.feature = &advertiser_ops,
};
