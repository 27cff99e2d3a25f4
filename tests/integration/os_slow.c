/* os_slow.c - a backend of a stranger's whose steps are done by ip(8), which
 * takes its time: all that can answer later does. For client and broker. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <fcntl.h>
#include <gw6c/plugin.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define FORWARDING "/proc/sys/net/ipv6/conf/all/forwarding"
#define WORDS 24 /* of a command, with those that wait before it */

struct slow {
	const struct gw6c_host *host;
	struct gw6c_child *child;
	bool add;
	char last[200]; /* line that it printed */
};

static void on_line(void *arg, const char *text)
{
	struct slow *self = arg;

	snprintf(self->last, sizeof(self->last), "%s", text);
}

static bool is_gone(const struct slow *self)
{
	return strstr(self->last, "Cannot find device") ||
	       strstr(self->last, "No such process") ||
	       strstr(self->last, "Cannot assign requested address");
}

static void on_end(void *arg, int status)
{
	struct slow *self = arg;
	struct gw6c_err err = { 0 };

	self->child = NULL;
	if (status && (self->add || !is_gone(self)))
		gw6c_fail(&err, GW6C_EOS, "%s", self->last);
	self->host->done(self->host, err.rc, GW6C_NOTHING, &err);
}

/* The words of a command, after a pause. */
static int start(struct slow *self, bool add, const char *const *command,
		 struct gw6c_err *err)
{
	const char *argv[WORDS] = { "sh", "-c", "sleep \"$0\"; exec \"$@\"" };
	struct gw6c_run run = { .size = sizeof(run),
				.argv = argv,
				.line = on_line,
				.ended = on_end,
				.arg = self };

	argv[3] = self->host->str(self->host, "pause");
	for (int i = 0; command[i] && i + 5 < WORDS; i++)
		argv[4 + i] = command[i];
	self->add = add;
	self->last[0] = 0;
	self->child = self->host->run(self->host, &run, err);
	return self->child ? GW6C_LATER : err->rc;
}

static int link_add(struct gw6c_plan *plan, struct gw6c_err *err)
{
	struct ifreq request = { .ifr_flags = IFF_TUN | IFF_NO_PI };
	int fd = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);

	snprintf(request.ifr_name, IFNAMSIZ, "slow%%d");
	if (fd < 0 || ioctl(fd, TUNSETIFF, &request) < 0) {
		gw6c_fail(err, GW6C_EOS, "/dev/net/tun: %s", strerror(errno));
		if (fd >= 0)
			close(fd);
		return err->rc;
	}
	snprintf(plan->dev, sizeof(plan->dev), "%s", request.ifr_name);
	plan->fd = fd;
	return GW6C_OK;
}

static int link_step(struct gw6c_plan *plan, const struct gw6c_step *step,
		     bool add, struct gw6c_err *err)
{
	if (step->kind != GW6C_TUN)
		return gw6c_fail(err, GW6C_EOS, "no link of kind %u",
				 step->kind);
	if (add)
		return link_add(plan, err);
	if (plan->fd >= 0)
		close(plan->fd);
	plan->fd = -1;
	return GW6C_OK;
}

/* Noted, and then changed by a program that may be killed with us. */
static int forward_step(struct slow *self, struct gw6c_step *step, bool add,
			struct gw6c_err *err)
{
	char word[100];
	const char *command[] = { "sysctl", "-q", word, NULL };
	FILE *file = add ? fopen(FORWARDING, "re") : NULL;

	if (!add && !step->saved[0])
		return GW6C_OK;
	if (add && (!file || !fgets(step->saved, 10, file)))
		gw6c_fail(err, GW6C_EOS, FORWARDING ": %s", strerror(errno));
	if (file)
		fclose(file);
	step->saved[strcspn(step->saved, "\n")] = 0;
	if (err->rc || (add && self->host->note(self->host, step, err)))
		return err->rc;
	snprintf(word, sizeof(word), "net.ipv6.conf.all.forwarding=%s",
		 add ? "1" : step->saved);
	return start(self, add, command, err);
}

static int dev_step(struct slow *self, const char *dev,
		    const struct gw6c_step *step, bool add,
		    struct gw6c_err *err)
{
	char value[20];
	const char *mtu[] = { "ip", "link", "set", "dev",
			      dev,  "mtu",  value, NULL };
	const char *up[] = { "ip", "link", "set", "dev", dev, "up", NULL };

	snprintf(value, sizeof(value), "%u", step->value);
	if (!add)
		return GW6C_OK; /* the interface goes away */
	return start(self, add, step->verb == GW6C_MTU ? mtu : up, err);
}

static int addr_step(struct slow *self, const char *dev,
		     const struct gw6c_step *step, bool add,
		     struct gw6c_err *err)
{
	char own[GW6C_ADDR_TEXT], far[GW6C_ADDR_TEXT];
	const char *command[] = { "ip",
				  "address",
				  add ? "add" : "del",
				  gw6c_addr_text(&step->dst, own),
				  "dev",
				  dev,
				  step->remote.family ? "peer" : NULL,
				  gw6c_addr_text(&step->remote, far),
				  NULL };

	return start(self, add, command, err);
}

static int route_step(struct slow *self, const char *dev,
		      const struct gw6c_step *step, bool add,
		      struct gw6c_err *err)
{
	char dst[GW6C_ADDR_TEXT], metric[20];
	const char *command[] = { "ip",
				  "-6",
				  "route",
				  add ? "add" : "del",
				  gw6c_addr_text(&step->dst, dst),
				  "dev",
				  dev,
				  "metric",
				  metric,
				  NULL };

	snprintf(metric, sizeof(metric), "%u", step->value);
	return start(self, add, command, err);
}

static int slow_step(void *arg, struct gw6c_plan *plan, struct gw6c_step *step,
		     bool add, struct gw6c_err *err)
{
	const char *dev = step->dev[0] ? step->dev : plan->dev;

	switch (step->verb) {
	case GW6C_LINK:
		return link_step(plan, step, add, err);
	case GW6C_MTU:
	case GW6C_UP:
		return dev_step(arg, dev, step, add, err);
	case GW6C_ADDR:
		return addr_step(arg, dev, step, add, err);
	case GW6C_ROUTE:
		return route_step(arg, dev, step, add, err);
	case GW6C_FORWARD:
		return forward_step(arg, step, add, err);
	default:
		return gw6c_fail(err, GW6C_EOS, "no step %u", step->verb);
	}
}

static void slow_close(void *arg)
{
	struct slow *self = arg;

	self->host->end(self->host, self->child);
	free(self);
}

static int slow_open(const struct gw6c_host *host, void **out,
		     struct gw6c_err *err)
{
	struct slow *self = calloc(1, sizeof(*self));

	if (!self)
		return gw6c_fail(err, GW6C_EOS, "out of memory");
	self->host = host;
	*out = self;
	return GW6C_OK;
}

static const struct gw6c_opt options[] = {
	{ .key = "pause",
	  .type = GW6C_STR,
	  .fallback = "0",
	  .summary = "seconds before each command" },
	{ .key = NULL },
};

static const struct gw6c_os_ops ops = {
	.size = sizeof(ops),
	.open = slow_open,
	.close = slow_close,
	.step = slow_step,
};

GW6C_PLUGIN(os_slow) = {
	GW6C_HEAD(GW6C_OS, "slow", "by ip(8), which takes its time"),
	.opts = options,
	.os = &ops,
};
