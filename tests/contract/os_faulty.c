/* os_faulty.c - a dry backend with the fault that its option names. What a
 * plugin must not call is looked up, so that no import tells of it. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include <dlfcn.h>
#include <fcntl.h>
#include <gw6c/plugin.h>
#include <poll.h>
#include <stdlib.h>
#include <unistd.h>

#define SIGNAL 10

struct faulty {
	const struct gw6c_host *host;
	struct gw6c_watch *timer, *answer;
	int rc; /* of the answer */
	void (*handler)(int);
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

typedef void (*handler)(int);

static handler set_handler(handler new_one)
{
	handler (*set)(int, handler);

	*(void **)&set = dlsym(RTLD_DEFAULT, "signal");
	return set(SIGNAL, new_one);
}

static void call_int(const char *name, int value)
{
	void (*function)(int);

	*(void **)&function = dlsym(RTLD_DEFAULT, name);
	function(value);
}

static void call_text(const char *name, const char *text)
{
	int (*function)(const char *);

	*(void **)&function = dlsym(RTLD_DEFAULT, name);
	function(text);
}

static void *in_thread(void *arg)
{
	poll(NULL, 0, 20000);
	return arg;
}

static void start_thread(void)
{
	int (*create)(unsigned long *, void *, void *(*)(void *), void *);
	unsigned long thread;

	*(void **)&create = dlsym(RTLD_DEFAULT, "pthread_create");
	create(&thread, NULL, in_thread, NULL);
}

static void make_child(void)
{
	int (*make)(void);

	*(void **)&make = dlsym(RTLD_DEFAULT, "fork");
	if (make() == 0)
		call_int("_exit", 0);
}

static void break_options(const struct faulty *self)
{
	const struct gw6c_host *host = self->host;
	struct gw6c_addr addr;

	if (is(self, "undeclared option"))
		host->num(host, "secret-number");
	if (is(self, "num of text"))
		host->num(host, "fault");
	if (is(self, "yes of number"))
		host->yes(host, "number");
	if (is(self, "addr of text"))
		host->addr(host, "fault", 0, &addr);
}

static void break_status(const struct faulty *self)
{
	const struct gw6c_host *host = self->host;
	char key[8];

	if (is(self, "status key"))
		host->status(host, "My Key", "%d", 1);
	if (is(self, "status line"))
		host->status(host, "key", "%s", "a\nb");
	for (int i = 0; i < 33 && is(self, "status lines"); i++) {
		snprintf(key, sizeof(key), "k%d", i);
		host->status(host, key, "%d", i);
	}
	/* One line that is set and removed is one, however often. */
	for (int i = 0; i < 40; i++) {
		host->status(host, "same", "%d", i);
		host->status(host, "same", NULL);
	}
}

static void break_process(struct faulty *self)
{
	if (is(self, "descriptor left"))
		(void)!open("/dev/null", O_RDONLY | O_CLOEXEC);
	if (is(self, "descriptor inherited"))
		(void)!dup(0);
	if (is(self, "signal") || is(self, "signal for a while"))
		self->handler = set_handler(on_signal);
	if (is(self, "prints"))
		call_text("puts", "hello");
	if (is(self, "complains"))
		(void)!write(2, "oh\n", 3);
	if (is(self, "shell"))
		call_text("system", "true");
	if (is(self, "child"))
		make_child();
	if (is(self, "thread"))
		start_thread();
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
	if (is(self, "notes early"))
		host->note(host, &(struct gw6c_step){ .verb = 1 }, err);
	if (is(self, "done for nothing"))
		host->done(host, GW6C_OK, GW6C_NOTHING, NULL);
	break_process(self);
	break_options(self);
	break_status(self);
	*out = self;
	return GW6C_OK;
}

static void faulty_close(void *arg)
{
	struct faulty *self = arg;

	if (is(self, "signal for a while"))
		set_handler(self->handler);
	self->host->forget(self->host, self->answer);
	if (!is(self, "memory lost"))
		free(self);
}

static int faulty_check(void *arg, struct gw6c_err *err)
{
	if (is(arg, "blocks"))
		poll(NULL, 0, 60000);
	if (is(arg, "refuses silently"))
		return GW6C_EOS;
	if (is(arg, "cannot"))
		return gw6c_fail(err, GW6C_EOS, "not on this machine");
	return GW6C_OK;
}

/* Only in the corner of the network that the check has made. */
static void change_kernel(const char *path)
{
	static unsigned value = 70;
	char text[8];
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd < 0)
		return;
	(void)!write(fd, text,
		     (size_t)snprintf(text, sizeof(text), "%u", value++));
	close(fd);
}

/* --- later -------------------------------------------------------------- */

static void on_answer(void *arg)
{
	struct faulty *self = arg;
	struct gw6c_err err = { 0 };

	self->answer = NULL;
	if (is(self, "fails later"))
		self->rc = gw6c_fail(&err, GW6C_EOS, "found out too late");
	self->host->done(self->host, self->rc, GW6C_NOTHING, &err);
	if (is(self, "done twice"))
		self->host->done(self->host, self->rc, GW6C_NOTHING, &err);
}

static int answer_later(struct faulty *self)
{
	if (is(self, "never"))
		return GW6C_LATER;
	self->rc = is(self, "silent later") ? GW6C_EOS : GW6C_OK;
	if (is(self, "done early"))
		on_answer(self);
	else
		self->answer =
			self->host->on_timer(self->host, 1, on_answer, self);
	return GW6C_LATER;
}

static bool is_known(const struct gw6c_step *step)
{
	return step->verb >= GW6C_LINK && step->verb <= GW6C_KEEP;
}

static int faulty_step(void *arg, struct gw6c_plan *plan,
		       struct gw6c_step *step, bool add, struct gw6c_err *err)
{
	struct faulty *self = arg;

	(void)plan;
	if (!is_known(step) && !is(self, "takes all verbs"))
		return is(self, "no reason")
			       ? GW6C_EOS
			       : gw6c_fail(err, GW6C_EOS, "no such step");
	if (is(self, "step fails") && step->verb == GW6C_FORWARD)
		return gw6c_fail(err, GW6C_EOS, "forwards never");
	if (is(self, "undo fails") && !add)
		return gw6c_fail(err, GW6C_EOS, "what is done is done");
	if (is(self, "changes") && step->verb == GW6C_UP)
		change_kernel("/proc/sys/net/ipv6/conf/lo/hop_limit");
	if (is(self, "step changed"))
		step->value++;
	if (is(self, "odd note"))
		memcpy(step->saved, "a\nb", 4);
	if (is(self, "dies") && add && step->verb == GW6C_MTU)
		abort();
	if (is(self, "ends") && add && step->verb == GW6C_UP)
		call_int("_exit", 0);
	if (step->verb == GW6C_UP && (add || !is(self, "never")))
		return answer_later(self);
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
	{ .key = "number",
	  .type = GW6C_NUM,
	  .fallback = "1",
	  .min = 0,
	  .max = 9,
	  .summary = "a number" },
	{ .key = NULL },
};

GW6C_PLUGIN(os_faulty) = {
	GW6C_HEAD(GW6C_OS, "faulty", "does one thing wrong"),
	.opts = opts,
	.os = &ops,
};
