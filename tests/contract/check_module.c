/* check_module.c - the file, its descriptor, its options and needs. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "check.h"
#include "core/base/child.h"
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
		    "becomes _",
		    path))
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

	report_try("gw6c as root would take it from here");
	if (loader_check_owner(module->dir, &err) ||
	    loader_check_owner(path, &err))
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

/* --- options ------------------------------------------------------------- */

static const char *option_fault(const struct gw6c_opt *opt)
{
	static const char taken[] = "abcdefghijklmnopqrstuvwxyz0123456789-_";

	if (!opt->key[0] || strspn(opt->key, taken) != strlen(opt->key))
		return "its key has other letters than a-z, 0-9, - and _";
	if (strchr(opt->summary, '\n') || !opt->summary[0])
		return "its summary is not one line";
	if (opt->type == GW6C_NUM && opt->min >= opt->max)
		return "min is not below max";
	if (opt->type == GW6C_SECRET && opt->fallback && *opt->fallback)
		return "a secret has a default that everybody knows";
	if ((opt->type == GW6C_NUM || opt->type == GW6C_YES) && !opt->fallback)
		return "it has no default, so nobody knows what holds without "
		       "it";
	return NULL;
}

static void check_options(const struct module *module)
{
	const struct gw6c_plugin *plugin = module->plugin;
	const char *fault = NULL;
	const struct gw6c_opt *opt = plugin->opts;
	struct gw6c_err err = { 0 };

	report_try("its options are well declared");
	for (; opt && opt->key && !fault; opt++)
		fault = option_fault(opt);
	report(!fault, "option '%s': %s", fault ? opt[-1].key : "",
	       fault ? fault : "");
	report_try("the options given with -o are its own");
	report(loader_check_options(plugin, module->conf, &err) == GW6C_OK,
	       "%s", err.text);
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
	return instance->host != NULL;
}

int instance_end(struct instance *instance)
{
	int left = instance->host ? host_left(instance->host) : 0;

	host_end(instance->host);
	if (instance->loop) {
		child_finish_all(instance->loop, CHILD_FINISH_MS);
		loop_free(instance->loop);
	}
	instance->host = NULL;
	instance->loop = NULL;
	return left;
}

static void stop_turning(void *loop)
{
	loop_stop(loop);
}

void instance_turn(struct instance *instance, uint32_t ms)
{
	if (loop_timer(instance->loop, ms, stop_turning, instance->loop))
		loop_run(instance->loop);
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
