/* machine.c - one tunnel on one system, for the tests of backends. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "machine.h"
#include <dlfcn.h>
#include <stdlib.h>

const char *modules;
int failures;

void check(bool ok, const char *who, const char *what)
{
	if (!ok)
		printf("FAILED: %s: %s\n", who, what);
	failures += !ok;
}

static const struct gw6c_plugin *load(const char *kind, const char *name)
{
	char path[4096], symbol[128];
	const struct gw6c_plugin *plugin;
	void *module;

	snprintf(path, sizeof(path), "%s/%s_%s.so", modules, kind, name);
	snprintf(symbol, sizeof(symbol), "%s_%s_LTX_gw6c_plugin", kind, name);
	module = dlopen(path, RTLD_NOW | RTLD_LOCAL);
	plugin = module ? dlsym(module, symbol) : NULL;
	if (plugin)
		return plugin;
	printf("FAILED: %s: %s\n", path, dlerror());
	exit(1);
}

/* --- leases and plans ---------------------------------------------------- */

static struct gw6c_addr addr(const char *text, uint8_t bits)
{
	struct gw6c_addr out = { 0 };

	gw6c_addr_parse(text, &out);
	out.bits = bits;
	return out;
}

static void make_lease(struct gw6c_lease *lease, const char *mode, bool router)
{
	bool v4v6 = strcmp(mode, "v4v6") == 0;

	*lease = (struct gw6c_lease){ .size = sizeof(*lease),
				      .mtu = 1280,
				      .metric = 2048,
				      .default_route = true,
				      .router = router,
				      .proxy = true };
	snprintf(lease->mode, sizeof(lease->mode), "%s", mode);
	lease->local =
		v4v6 ? addr("2001:db8:6::2", 128) : addr("192.0.2.7", 32);
	lease->remote =
		v4v6 ? addr("2001:db8:a::2", 128) : addr("198.51.100.2", 32);
	lease->inner =
		v4v6 ? addr("192.0.2.130", 32) : addr("2001:db8:1::2", 128);
	lease->peer =
		v4v6 ? addr("192.0.2.129", 32) : addr("2001:db8:1::1", 128);
	if (!router)
		return;
	snprintf(lease->lans[0].dev, sizeof(lease->lans[0].dev), "em0");
	lease->prefix =
		v4v6 ? addr("203.0.113.0", 24) : addr("2001:db8:aa::", 48);
	snprintf(lease->lans[0].dev, sizeof(lease->lans[0].dev), "em0");
	snprintf(lease->lans[1].dev, sizeof(lease->lans[1].dev), "em1");
	if (v4v6)
		return;
	lease->lans[0].prefix = addr("2001:db8:aa::", 64);
	lease->lans[1].prefix = addr("2001:db8:aa:1::", 64);
}

static void make_plan(struct gw6c_plan *plan, const struct gw6c_lease *lease)
{
	struct gw6c_err err = { 0 };

	*plan = (struct gw6c_plan){ .size = sizeof(*plan), .fd = -1 };
	if (load("tunnel", lease->mode)->tunnel->plan(lease, plan, &err) == 0)
		return;
	printf("FAILED: %s: %s\n", lease->mode, err.text);
	exit(1);
}

void machine_open(struct machine *machine, const char *platform,
		  const char *mode, bool router)
{
	struct gw6c_err err = { 0 };
	const struct gw6c_os_ops *ops;

	memset(machine, 0, sizeof(*machine));
	snprintf(machine->who, sizeof(machine->who), "%s %s-%s", platform, mode,
		 router ? "router" : "host");
	machine->plugin = load("os", platform);
	ops = machine->plugin->os;
	fake_host_init(&machine->fake);
	fake_host_option(&machine->fake, "timeout", "20");
	make_lease(&machine->lease, mode, router);
	make_plan(&machine->plan, &machine->lease);
	machine->os.plugin = machine->plugin;
	if (ops->open(&machine->fake.host, &machine->os.self, &err) ||
	    (ops->lease &&
	     ops->lease(machine->os.self, &machine->lease, &err))) {
		printf("FAILED: %s: %s\n", machine->who, err.text);
		exit(1);
	}
}

void machine_reopen(struct machine *machine)
{
	struct gw6c_err err = { 0 };

	machine->plugin->os->close(machine->os.self);
	check(machine->plugin->os->open(&machine->fake.host, &machine->os.self,
					&err) == GW6C_OK,
	      machine->who, "opens again");
}

void machine_close(struct machine *machine)
{
	machine->plugin->os->close(machine->os.self);
	check(fake_host_left(&machine->fake) == 0, machine->who,
	      "watches nothing at last");
}

void put_line(void *arg, const char *text)
{
	char *all = arg;
	size_t used = strlen(all);

	snprintf(all + used, TEXT - used, "%s\n", text);
}

bool read_file(const char *path, char *all)
{
	FILE *file = fopen(path, "r");
	size_t len;

	if (!file)
		return false;
	len = fread(all, 1, TEXT - 1, file);
	all[len] = 0;
	fclose(file);
	return true;
}

int machine_show(struct machine *machine, uint32_t at, bool add,
		 void (*line)(void *arg, const char *text), char *all,
		 struct gw6c_err *err)
{
	return machine->plugin->os->show(machine->os.self, &machine->plan,
					 &machine->plan.step[at], add, line,
					 all, err);
}

/* What is run, without what only looks, and without remarks. */
void sift(const char *in, char *out)
{
	out[0] = 0;
	while (*in) {
		int len = (int)strcspn(in, "\n");
		char line[1024];

		snprintf(line, sizeof(line), "%.*s", len, in);
		in += len + (in[len] == '\n');
		if (strncmp(line, "sysctl -n", 9) != 0 && line[0] != '#' &&
		    strncmp(line, "rem ", 4) != 0)
			put_line(out, line);
	}
}

void machine_show_all(struct machine *machine, uint32_t n, bool add, char *all)
{
	struct gw6c_err err = { 0 };

	for (uint32_t i = 0; i < n; i++)
		machine_show(machine, add ? i : n - 1 - i, add, put_line, all,
			     &err);
}
