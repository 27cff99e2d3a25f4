/* check_module.c - the file, its descriptor, its options and needs. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "check.h"
#include "core/base/child.h"
#include "core/base/trusted.h"
#include "core/modules/host.h"
#include "core/modules/loader_parts.h"
#include <stdlib.h>

/* "path/os_mine.so" (or .la's cousin without a path) into its parts. */
static bool module_split(struct module *module, const char *path)
{
	const char *slash = strrchr(path, '/');
	const char *base = slash ? slash + 1 : path;
	size_t len = strlen(base);

	if (len < 4 || strcmp(base + len - 3, ".so") != 0 ||
	    len - 3 >= sizeof(module->name) ||
	    strlen(path) >= sizeof(module->dir))
		return false;
	snprintf(module->name, sizeof(module->name), "%.*s", (int)len - 3,
		 base);
	snprintf(module->dir, sizeof(module->dir), "%.*s",
		 slash ? (int)(slash - path) : 1, slash ? path : ".");
	return true;
}

static bool open_file(struct module *module, const char *path,
		      enum gw6c_kind *kind)
{
	const char *bar;
	struct gw6c_err err = { 0 };

	report_try("the file is called KIND_NAME.so");
	bar = module_split(module, path) ? strchr(module->name, '_') : NULL;
	if (!report(bar && plugin_kind_parse(module->name,
					     (size_t)(bar - module->name),
					     kind),
		    "%s; KIND is auth, tunnel, os or feature, and - in a name "
		    "becomes _; NAME has at most %d letters",
		    path, LOADER_NAME - 1))
		return false;
	report_try("it loads, and all its symbols are found");
	loader_start();
	return report(loader_open_any(module->dir, module->name,
				      &module->plugin, &err) == GW6C_OK,
		      "%s", err.text);
}

static void check_owner(const struct module *module, const char *path)
{
	struct gw6c_err err = { 0 };

	report_try("gw6c would take it from here");
	if (trusted_path(module->dir, &err) || trusted_path(path, &err))
		report_skip("no: %s", err.text);
	else
		report(true, " ");
}

static bool name_fits(const struct module *module)
{
	char file[LOADER_NAME + 16];

	return loader_module_name(module->plugin->kind, module->plugin->name,
				  file) &&
	       strcmp(file, module->name) == 0;
}

static bool check_descriptor(const struct module *module, enum gw6c_kind kind)
{
	const struct gw6c_plugin *plugin = module->plugin;
	struct gw6c_err err = { 0 };

	report_try("descriptor, ABI and operations are whole");
	if (!report(loader_check(plugin, kind, NULL, &err) == GW6C_OK, "%s",
		    err.text))
		return false;
	report_try("its name is that of the file");
	if (!report(name_fits(module),
		    "it calls itself '%s', so nobody finds it as %s.so",
		    plugin->name, module->name))
		return false;
	report_note("%s '%s' %s - %s; plugin ABI %u", plugin_kind_name(kind),
		    plugin->name, plugin->version, plugin->summary,
		    plugin->abi);
	report_try("summary and version are one line each");
	report(plugin->summary[0] && plugin->version[0] &&
		       !strpbrk(plugin->summary, "\n\t") &&
		       !strpbrk(plugin->version, "\n\t "),
	       "\"%s\", \"%s\"", plugin->summary, plugin->version);
	return true;
}

/* --- needs --------------------------------------------------------------- */

static void check_need(struct loader *loader, const char *need)
{
	const char *name = need + (*need == '?'), *colon = strchr(name, ':');
	char what[128], room[LOADER_NAME + 16];
	enum gw6c_kind kind = GW6C_AUTH;

	snprintf(what, sizeof(what), "it needs %s, which can be had", need);
	report_try(what);
	if (!colon || !plugin_kind_parse(name, (size_t)(colon - name), &kind) ||
	    !loader_module_name(kind, colon + 1, room))
		report(false, "that is not [?]KIND:NAME");
	else if (loader_has(loader, kind, colon + 1))
		report(true, " ");
	else if (*need == '?')
		report_skip("it is not installed, and need not be");
	else
		report(false, "there is no %s.so beside it, nor in %s", room,
		       PLUGINDIR);
}

static void check_needs(const struct module *module)
{
	const char *const *need = module->plugin->needs;
	char dirs[sizeof(module->dir) + sizeof(PLUGINDIR) + 1];
	struct loader *loader;
	struct gw6c_err err = { 0 };

	if (!need)
		return;
	snprintf(dirs, sizeof(dirs), "%s:%s", module->dir, PLUGINDIR);
	if (loader_new(dirs, NULL, &loader, &err)) {
		report_note("%s", err.text);
		return;
	}
	for (; *need; need++)
		check_need(loader, *need);
	loader_free(loader);
}

const struct gw6c_plugin *module_open(struct module *module, const char *path)
{
	enum gw6c_kind kind = GW6C_OS;

	if (!open_file(module, path, &kind) || !check_descriptor(module, kind))
		return NULL;
	check_owner(module, path);
	check_imports(path);
	check_options(module);
	check_needs(module);
	return module->plugin;
}

/* --- instances ------------------------------------------------------------ */

static void on_changed(void *arg)
{
	struct instance *instance = arg;

	instance->changed++;
}

static void on_broken(void *arg, const struct gw6c_err *err)
{
	struct instance *instance = arg;

	(void)err;
	instance->broken++;
}

bool instance_start(struct instance *instance, const struct module *module)
{
	struct host_events events = { .network_changed = on_changed,
				      .broken = on_broken,
				      .arg = instance };

	*instance = (struct instance){ .plugin = module->plugin };
	instance->loop = loop_new();
	if (instance->loop)
		instance->host = host_new(module->plugin, instance->loop,
					  module->conf, &events);
	if (instance->host)
		host_watch(instance);
	return instance->host != NULL;
}

int instance_end(struct instance *instance)
{
	int left = instance->host ? host_left(instance->host) : 0;

	host_unwatch(instance);
	host_end(instance->host);
	if (instance->loop) {
		child_finish_all(instance->loop, CHILD_FINISH_MS);
		loop_free(instance->loop);
	}
	instance->host = NULL;
	instance->loop = NULL;
	return left;
}

/* The end of a turn; whoever stops the loop before has it forgotten. */
struct turn {
	struct loop *loop;
	struct gw6c_watch *end;
};

static void stop_turning(void *arg)
{
	struct turn *turn = arg;

	turn->end = NULL;
	loop_stop(turn->loop);
}

void instance_turn(struct instance *instance, uint32_t ms)
{
	struct turn turn = { .loop = instance->loop };

	turn.end = loop_timer(turn.loop, ms, stop_turning, &turn);
	if (!turn.end)
		return;
	call_begin_loop(ms);
	loop_run(instance->loop);
	call_end(0);
	loop_forget(turn.end);
}

bool module_logged(const struct module *module, const char *text)
{
	FILE *file = fopen(module->log, "re");
	char line[1200];
	bool found = false;

	while (file && !found && fgets(line, sizeof(line), file))
		found = strstr(line, text) != NULL;
	if (file)
		fclose(file);
	return found;
}

struct gw6c_addr check_addr(const char *text, uint8_t bits)
{
	struct gw6c_addr out = { 0 };

	gw6c_addr_parse(text, &out);
	out.bits = bits;
	return out;
}
