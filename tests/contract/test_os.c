/* test_os.c - what any OS backend must do, run against the modules named on
 * the command line; the Linux one in a network namespace of its own. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "tests/fake/fake_host.h"
#include <dlfcn.h>
#include <errno.h>
#include <gw6c/plugin.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#define SKIP 77

static int failures;

static void check(bool ok, const char *module, const char *what)
{
	printf("%s: %s: %s\n", ok ? "ok" : "FAILED", module, what);
	failures += !ok;
}

static struct gw6c_addr addr(const char *text, uint8_t bits)
{
	struct gw6c_addr out = { 0 };

	gw6c_addr_parse(text, &out);
	out.bits = bits;
	return out;
}

/* A router's tunnel: every verb that needs no kernel module. */
static void make(struct gw6c_plan *plan)
{
	struct gw6c_step *step;

	*plan = (struct gw6c_plan){ .size = sizeof(*plan), .fd = -1 };
	gw6c_plan_add(plan, GW6C_LINK)->kind = GW6C_TUN;
	gw6c_plan_add(plan, GW6C_MTU)->value = 1280;
	gw6c_plan_add(plan, GW6C_UP);
	step = gw6c_plan_add(plan, GW6C_ADDR);
	step->dst = addr("2001:db8:1::2", 128);
	step->remote = addr("2001:db8:1::1", 128);
	gw6c_plan_add(plan, GW6C_FORWARD)->dst.family = 6;
	step = gw6c_plan_add(plan, GW6C_REJECT);
	step->dst = addr("2001:db8:aa::", 48);
	step->value = 4096;
	step = gw6c_plan_add(plan, GW6C_ADDR);
	step->dst = addr("2001:db8:aa::1", 64);
	snprintf(step->dev, sizeof(step->dev), "lo");
	step = gw6c_plan_add(plan, GW6C_ROUTE);
	step->dst.family = 6;
	step->value = 1024;
}

/* Everything of this namespace that a plan can change, as one text; free().
 * What changes by itself is left out. */
static char *kernel_state(void)
{
	static const char command[] =
		"ip -d address; ip -4 route show table all; "
		"ip -6 route show table all; ip rule; "
		"grep -rs '' /proc/sys/net/ipv6/conf /proc/sys/net/ipv4 | "
		"sort | grep -v -e nf_conntrack";
	FILE *pipe = popen(command, "r");
	size_t cap = 1 << 20, len = 0;
	char *text = malloc(cap);

	if (pipe && text)
		len = fread(text, 1, cap - 1, pipe);
	if (text)
		text[len] = 0;
	if (pipe)
		pclose(pipe);
	return text;
}

static bool shell(const char *command)
{
	FILE *pipe = popen(command, "r");

	return pipe && pclose(pipe) == 0;
}

struct backend {
	const char *name;
	const struct gw6c_os_ops *ops;
	struct fake_host fake;
	void *self;
};

static void open_backend(struct backend *os)
{
	struct gw6c_err err = { 0 };

	fake_host_init(&os->fake);
	fake_host_option(&os->fake, "path", "/nonexistent/script");
	if (os->ops->open(&os->fake.host, &os->self, &err) == GW6C_OK)
		return;
	printf("%s: %s\n", os->name, err.text);
	exit(1);
}

static uint32_t apply(struct backend *os, struct gw6c_plan *plan, uint32_t n)
{
	struct gw6c_err err = { 0 };

	for (uint32_t i = 0; i < n; i++)
		if (os->ops->step(os->self, plan, &plan->step[i], true, &err)) {
			printf("# step %u: %s\n", i, err.text);
			return i;
		}
	return n;
}

static bool undo(struct backend *os, struct gw6c_plan *plan, uint32_t n)
{
	struct gw6c_err err = { 0 };
	bool ok = true;

	while (n--)
		ok &= os->ops->step(os->self, plan, &plan->step[n], false,
				    &err) == GW6C_OK;
	return ok;
}

/* Whatever number of steps was done: undone, nothing is left. */
static void leaves_nothing(struct backend *os)
{
	struct gw6c_plan plan;
	char *before = kernel_state();

	make(&plan);
	for (uint32_t n = 0; n <= plan.n; n++) {
		char *after, text[80];

		make(&plan);
		check(apply(os, &plan, n) == n, os->name, "applies");
		check(undo(os, &plan, n), os->name, "undoes");
		after = kernel_state();
		snprintf(text, sizeof(text), "leaves nothing of %u steps", n);
		check(strcmp(before, after) == 0, os->name, text);
		free(after);
	}
	free(before);
}

/* Undo of what was never done, or is undone already, is no error. */
static void undo_is_idempotent(struct backend *os)
{
	struct gw6c_plan plan;

	make(&plan);
	check(undo(os, &plan, plan.n), os->name, "undoes what was never done");
	apply(os, &plan, plan.n);
	undo(os, &plan, plan.n);
	check(undo(os, &plan, plan.n), os->name, "undoes twice");
}

static void refuses_what_it_does_not_know(struct backend *os)
{
	struct gw6c_plan plan = { .size = sizeof(plan), .fd = -1 };
	struct gw6c_err err = { 0 };
	struct gw6c_step *step = gw6c_plan_add(&plan, GW6C_UP);

	step->verb = 4711;
	check(os->ops->step(os->self, &plan, step, true, &err) < 0 &&
		      err.text[0],
	      os->name, "refuses an unknown step, and says so");
}

/* A process that dies in the middle: what the plan says is undone by a new
 * instance that knows nothing else. */
static void another_process_can_undo(struct backend *os)
{
	char *before = kernel_state(), *after;
	struct gw6c_plan plan;
	int ends[2], status;
	pid_t child;

	make(&plan);
	if (pipe(ends) < 0)
		exit(1);
	child = fork();
	if (child == 0) {
		os->ops->close(os->self);
		open_backend(os);
		apply(os, &plan, plan.n);
		(void)!write(ends[1], &plan, sizeof(plan));
		_exit(0);
	}
	waitpid(child, &status, 0);
	check(read(ends[0], &plan, sizeof(plan)) == sizeof(plan), os->name,
	      "another process applies");
	close(ends[0]);
	close(ends[1]);
	plan.fd = -1;
	check(undo(os, &plan, plan.n), os->name, "undoes for the dead");
	after = kernel_state();
	check(strcmp(before, after) == 0, os->name, "leaves nothing of it");
	free(before);
	free(after);
}

static void gives_a_packet_device(struct backend *os)
{
	struct gw6c_plan plan;

	if (os->ops->flags & GW6C_OS_DRY)
		return;
	make(&plan);
	apply(os, &plan, plan.n);
	check(plan.fd >= 0 && plan.dev[0], os->name,
	      "a tun link has a descriptor and a name");
	undo(os, &plan, plan.n);
	check(plan.fd == -1, os->name, "and none afterwards");
}

/* Somebody else's interface, address and route stay as they are. */
static void keeps_off_what_is_not_its_own(struct backend *os)
{
	struct gw6c_plan plan;
	char *before, *after;

	if (os->ops->flags & GW6C_OS_DRY)
		return;
	if (!shell("ip tuntap add foreign mode tun"))
		return;
	before = kernel_state();
	make(&plan);
	snprintf(plan.dev, sizeof(plan.dev), "foreign");
	check(apply(os, &plan, plan.n) == 0, os->name,
	      "does not take an interface of others");
	check(undo(os, &plan, plan.n), os->name, "nor removes it");
	after = kernel_state();
	check(strcmp(before, after) == 0, os->name, "nor changes it");
	free(before);
	free(after);
}

/* For another system than this one, or not configured: it says so, and can
 * still be asked what it would do. */
static bool is_for_here(struct backend *os)
{
	struct gw6c_err err = { 0 };

	if (!GW6C_HAS(os->ops, check) || !os->ops->check ||
	    os->ops->check(os->self, &err) == GW6C_OK)
		return true;
	printf("# %s: %s\n", os->name, err.text);
	check(err.rc < 0 && err.text[0], os->name, "says why it cannot");
	return false;
}

static void count_line(void *arg, const char *text)
{
	*(size_t *)arg += strlen(text) > 0;
}

static int show(struct backend *os, const struct gw6c_plan *plan,
		const struct gw6c_step *step, bool add, size_t *lines)
{
	struct gw6c_err err = { 0 };

	return os->ops->show(os->self, plan, step, add, count_line, lines,
			     &err);
}

/* It can be asked anywhere, by whomever, and nothing happens. */
static void shows_without_doing(struct backend *os)
{
	struct gw6c_lease lease = { .size = sizeof(lease), .mtu = 1280 };
	struct gw6c_plan plan, same;
	struct gw6c_err err = { 0 };
	char *before, *after;
	size_t lines = 0;
	bool ok = true;

	if (!GW6C_HAS(os->ops, show) || !os->ops->show)
		return;
	before = kernel_state();
	if (GW6C_HAS(os->ops, lease) && os->ops->lease)
		check(os->ops->lease(os->self, &lease, &err) == GW6C_OK,
		      os->name, "takes a lease");
	make(&plan);
	plan.step[0].kind = GW6C_SIT;
	plan.step[0].local = addr("192.0.2.1", 32);
	plan.step[0].remote = addr("192.0.2.2", 32);
	same = plan;
	ok &= show(os, &plan, NULL, true, &lines) == GW6C_OK;
	for (uint32_t i = 0; i < plan.n; i++)
		ok &= show(os, &plan, &plan.step[i], true, &lines) == GW6C_OK;
	for (uint32_t i = plan.n; i-- > 0;)
		ok &= show(os, &plan, &plan.step[i], false, &lines) == GW6C_OK;
	check(ok && lines > 0, os->name, "shows every step, and its undoing");
	plan.step[0].verb = 4711;
	check(show(os, &plan, &plan.step[0], true, &lines) < 0, os->name,
	      "shows no unknown step");
	plan.step[0].verb = GW6C_LINK;
	after = kernel_state();
	check(strcmp(before, after) == 0 && !os->fake.runs &&
		      memcmp(&plan, &same, sizeof(plan)) == 0,
	      os->name, "does nothing to show it");
	free(before);
	free(after);
}

static void never_done_is_undone(struct backend *os)
{
	struct gw6c_plan plan;

	make(&plan);
	check(undo(os, &plan, plan.n), os->name, "undoes what was never done");
	check(!os->fake.runs, os->name, "and runs nothing for that");
}

static void run(const char *path)
{
	const char *base = strrchr(path, '/') ? strrchr(path, '/') + 1 : path;
	char symbol[128];
	void *module = dlopen(path, RTLD_NOW | RTLD_LOCAL);
	const struct gw6c_plugin *plugin;
	struct backend os = { 0 };

	snprintf(symbol, sizeof(symbol), "%.*s_LTX_gw6c_plugin",
		 (int)strcspn(base, "."), base);
	plugin = module ? dlsym(module, symbol) : NULL;
	if (!plugin || plugin->kind != GW6C_OS) {
		printf("FAILED: %s: %s\n", path, module ? symbol : dlerror());
		failures++;
		return;
	}
	os.name = plugin->name;
	os.ops = plugin->os;
	open_backend(&os);
	refuses_what_it_does_not_know(&os);
	never_done_is_undone(&os);
	shows_without_doing(&os);
	if (is_for_here(&os)) {
		leaves_nothing(&os);
		undo_is_idempotent(&os);
		another_process_can_undo(&os);
		gives_a_packet_device(&os);
		keeps_off_what_is_not_its_own(&os);
	}
	os.ops->close(os.self);
	check(fake_host_left(&os.fake) == 0, os.name,
	      "watches nothing at last");
}

int main(int argc, char **argv)
{
	if (geteuid() != 0 || access("/dev/net/tun", R_OK | W_OK) < 0) {
		printf("skipped: needs root and /dev/net/tun\n");
		return SKIP;
	}
	if (unshare(CLONE_NEWNET) < 0) {
		printf("skipped: no network namespaces: %s\n", strerror(errno));
		return SKIP;
	}
	if (!shell("ip link set lo up"))
		return 1;
	for (int i = 1; i < argc; i++)
		run(argv[i]);
	return failures || argc < 2 ? 1 : 0;
}
