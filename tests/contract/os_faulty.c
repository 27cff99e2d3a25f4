/* os_faulty.c - a dry backend with the fault that its option names. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include <fcntl.h>
#include <gw6c/plugin.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

struct faulty {
	const struct gw6c_host *host;
	struct gw6c_watch *timer;
};

static bool is(const struct faulty *self, const char *fault)
{
	return strcmp(self->host->str(self->host, "fault"), fault) == 0;
}

static void on_timer(void *arg)
{
	(void)arg;
}

static void on_signal(int signo)
{
	(void)signo;
}

static int faulty_open(const struct gw6c_host *host, void **out,
		       struct gw6c_err *err)
{
	struct faulty *self = calloc(1, sizeof(*self));

	if (!self)
		return gw6c_fail(err, GW6C_EOS, "out of memory");
	self->host = host;
	if (is(self, "does not open")) {
		free(self);
		return gw6c_fail(err, GW6C_EOS, "out of order");
	}
	if (is(self, "watch left"))
		self->timer = host->on_timer(host, 60000, on_timer, self);
	if (is(self, "descriptor left"))
		(void)!open("/dev/null", O_RDONLY | O_CLOEXEC);
	if (is(self, "descriptor inherited"))
		(void)!dup(0);
	if (is(self, "signal"))
		signal(SIGUSR1, on_signal);
	if (is(self, "undeclared option"))
		host->num(host, "secret-number");
	*out = self;
	return GW6C_OK;
}

static void faulty_close(void *arg)
{
	struct faulty *self = arg;

	if (!is(self, "memory lost"))
		free(self);
}

static int faulty_check(void *arg, struct gw6c_err *err)
{
	if (is(arg, "refuses silently"))
		return GW6C_EOS;
	if (is(arg, "cannot"))
		return gw6c_fail(err, GW6C_EOS, "not on this machine");
	return GW6C_OK;
}

/* Only in the corner of the network that the check has made. */
static void change_kernel(void)
{
	static unsigned value = 70;
	char text[8];
	int fd = open("/proc/sys/net/ipv6/conf/lo/hop_limit",
		      O_WRONLY | O_CLOEXEC);

	if (fd < 0)
		return;
	(void)!write(fd, text,
		     (size_t)snprintf(text, sizeof(text), "%u", value++));
	close(fd);
}

static int faulty_step(void *arg, struct gw6c_plan *plan,
		       struct gw6c_step *step, bool add, struct gw6c_err *err)
{
	struct faulty *self = arg;

	(void)plan;
	if ((step->verb < GW6C_LINK || step->verb > GW6C_PIN) &&
	    !is(self, "takes all verbs"))
		return is(self, "no reason")
			       ? GW6C_EOS
			       : gw6c_fail(err, GW6C_EOS, "no such step");
	if (is(self, "step fails") && step->verb == GW6C_FORWARD)
		return gw6c_fail(err, GW6C_EOS, "forwards never");
	if (is(self, "undo fails") && !add)
		return gw6c_fail(err, GW6C_EOS, "what is done is done");
	if (is(self, "changes") && step->verb == GW6C_UP)
		change_kernel();
	if (is(self, "step changed"))
		step->value++;
	if (is(self, "odd note"))
		memcpy(step->saved, "a\nb", 4);
	if (is(self, "dies") && add && step->verb == GW6C_MTU)
		abort();
	if (is(self, "ends") && add && step->verb == GW6C_UP)
		_exit(0);
	return GW6C_OK;
}

static const struct gw6c_os_ops ops = {
	.size = sizeof(ops),
	.flags = GW6C_OS_DRY,
	.open = faulty_open,
	.close = faulty_close,
	.check = faulty_check,
	.step = faulty_step,
};

static const struct gw6c_opt opts[] = {
	{ .key = "fault",
	  .type = GW6C_STR,
	  .fallback = "",
	  .summary = "what to do wrong" },
	{ .key = NULL },
};

GW6C_PLUGIN(os_faulty) = {
	GW6C_HEAD(GW6C_OS, "faulty", "does one thing wrong"),
	.opts = opts,
	.os = &ops,
};
