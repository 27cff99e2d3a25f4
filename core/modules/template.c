/* template.c - which backend the setting "template" means. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "template.h"
#include "core/base/text.h"
#include "option.h"
#include <limits.h>
#include <unistd.h>

/* The first backend that has these flags, and no others of the mask; or this
 * alias. */
struct search {
	uint32_t mask, flags;
	const char *alias; /* or NULL */
	char name[LOADER_NAME]; /* "": none yet */
	struct gw6c_err why; /* of the first that cannot be loaded */
};

static void search_each(void *arg, const char *name,
			const struct gw6c_plugin *plugin,
			const struct gw6c_err *err)
{
	struct search *search = arg;
	bool found;

	if (!plugin && !search->why.rc && err)
		search->why = *err;
	if (!plugin || search->name[0])
		return;
	if (search->alias)
		found = GW6C_HAS(plugin, aliases) &&
			option_has_word(plugin->aliases, search->alias);
	else
		found = (plugin->os->flags & search->mask) == search->flags;
	if (found)
		snprintf(search->name, sizeof(search->name), "%s", name);
}

static bool search_run(struct loader *loader, struct search *search)
{
	loader_each(loader, GW6C_OS, search_each, search);
	return search->name[0];
}

static const char *home(const struct settings *settings)
{
	return settings->gw6_dir[0] ? settings->gw6_dir : CONFDIR;
}

/* HOME/template/NAME.sh, as ever, or without the suffix. */
static bool find_script(const struct settings *settings, char *path, size_t len)
{
	static const char *const suffixes[] = { ".sh", "" };

	for (size_t i = 0; i < sizeof(suffixes) / sizeof(suffixes[0]); i++) {
		snprintf(path, len, "%s/template/%s%s", home(settings),
			 settings->template_name, suffixes[i]);
		if (access(path, R_OK) == 0)
			return true;
	}
	return false;
}

/* os.NAME.KEY of a backend that has such an option, unless the operator set
 * it and only is true. */
static int set_option(struct conf *conf, const struct gw6c_plugin *os,
		      const char *key, const char *value, bool only,
		      const char *from, struct gw6c_err *err)
{
	const struct gw6c_opt *opt = option_of(os, key);
	const struct setting *at;
	char name[OPTION_NAME];

	if (!opt)
		return GW6C_OK;
	at = option_setting(os, conf, opt, 0);
	if (only && at && *at->value)
		return GW6C_OK;
	snprintf(name, sizeof(name), "os.%s.%s", os->name, key);
	return conf_set(conf, name, value, from, err);
}

/* path: of the script; NULL: as the option "path" has it. */
static int take_script(struct conf *conf, const struct settings *settings,
		       const struct gw6c_plugin *os, const char *path,
		       struct gw6c_err *err)
{
	if (path && set_option(conf, os, "path", path, false, "template", err))
		return err->rc;
	return set_option(conf, os, "home", home(settings), true, "gw6_dir",
			  err);
}

static int find_dry(struct loader *loader, char os[LOADER_NAME],
		    struct gw6c_err *err)
{
	struct search dry = { .mask = GW6C_OS_DRY | GW6C_OS_ONCE,
			      .flags = GW6C_OS_DRY };

	if (!search_run(loader, &dry) && dry.why.rc)
		return gw6c_fail(err, GW6C_ECONFIG, "%s", dry.why.text);
	if (!dry.name[0])
		return gw6c_fail(err, GW6C_ECONFIG,
				 "no backend is installed that shows what "
				 "would be done; install its package, or set "
				 "template");
	snprintf(os, LOADER_NAME, "%s", dry.name);
	return GW6C_OK;
}

/* One that cannot show its commands is shown in the words of the dry one. What
 * is wrong with a backend is told when it is loaded. */
static int choose_plugin(struct loader *loader, struct conf *conf,
			 const struct settings *settings, const char *name,
			 const char *path, bool dry_run, char os[LOADER_NAME],
			 struct gw6c_err *err)
{
	const struct gw6c_plugin *plugin;
	struct gw6c_err why = { 0 };

	snprintf(os, LOADER_NAME, "%s", name);
	if (!loader_has(loader, GW6C_OS, name) ||
	    loader_peek(loader, GW6C_OS, name, &plugin, &why))
		return GW6C_OK;
	if (plugin->os->flags & GW6C_OS_SCRIPT &&
	    take_script(conf, settings, plugin, path, err))
		return err->rc;
	if (!dry_run || os_can_show(plugin) || plugin->os->flags & GW6C_OS_DRY)
		return GW6C_OK;
	return find_dry(loader, os, err);
}

static int choose_script(struct loader *loader, struct conf *conf,
			 const struct settings *settings, const char *path,
			 bool dry_run, char os[LOADER_NAME],
			 struct gw6c_err *err)
{
	struct search script = { .mask = GW6C_OS_SCRIPT,
				 .flags = GW6C_OS_SCRIPT };

	if (search_run(loader, &script))
		return choose_plugin(loader, conf, settings, script.name, path,
				     dry_run, os, err);
	if (script.why.rc)
		return conf_fail(conf_get(conf, "template", 0), err, "%s",
				 script.why.text);
	return conf_fail(conf_get(conf, "template", 0), err,
			 "%s is a script, but no backend that runs scripts is "
			 "installed; install its package",
			 path);
}

static int nothing_found(struct loader *loader, struct conf *conf,
			 const struct settings *settings, struct gw6c_err *err)
{
	const char *name = settings->template_name;
	char names[160], near[LOADER_NAME];

	loader_names(loader, GW6C_OS, name, names, sizeof(names), near);
	return conf_fail(conf_get(conf, "template", 0), err,
			 "there is neither a backend \"%s\" (is its "
			 "package installed?) nor a script %s/template/"
			 "%s.sh; backends that are installed: %s%s%s%s",
			 name, home(settings), name, *names ? names : "none",
			 *near ? "; did you mean \"" : "", near,
			 *near ? "\"?" : "");
}

/* Where files of old mean the script, by the name of a backend. */
static void script_ignored(struct conf *conf, const struct settings *settings,
			   const char *name)
{
	char path[PATH_MAX];

	if (find_script(settings, path, sizeof(path)))
		conf_warn(conf, conf_get(conf, "template", 0),
			  "the backend \"%s\" is used, not your script "
			  "%.150s; write template=%.150s to use the script",
			  name, path, path);
}

/* What the operator calls it: a backend, a script, or a backend by a name that
 * it once had. */
static int choose_named(struct loader *loader, struct conf *conf,
			const struct settings *settings, bool dry_run,
			char os[LOADER_NAME], struct gw6c_err *err)
{
	struct search old = { .alias = NULL };
	char name[LOADER_NAME], path[PATH_MAX];
	size_t n = 0;

	for (; settings->template_name[n] && n < sizeof(name) - 1; n++)
		name[n] = text_lower(settings->template_name[n]);
	name[n] = 0;
	if (loader_has(loader, GW6C_OS, name)) {
		script_ignored(conf, settings, name);
		return choose_plugin(loader, conf, settings, name, NULL,
				     dry_run, os, err);
	}
	if (find_script(settings, path, sizeof(path)))
		return choose_script(loader, conf, settings, path, dry_run, os,
				     err);
	old.alias = name;
	if (!search_run(loader, &old))
		return nothing_found(loader, conf, settings, err);
	conf_warn(conf, conf_get(conf, "template", 0),
		  "\"%s\" is now called \"%s\"", settings->template_name,
		  old.name);
	return choose_plugin(loader, conf, settings, old.name, NULL, dry_run,
			     os, err);
}

int template_choose(struct loader *loader, struct conf *conf,
		    const struct settings *settings, bool dry_run,
		    char os[LOADER_NAME], struct gw6c_err *err)
{
	const char *name = settings->template_name;

	if (*name == '/')
		return choose_script(loader, conf, settings, name, dry_run, os,
				     err);
	if (*name)
		return choose_named(loader, conf, settings, dry_run, os, err);
	if (dry_run || settings->proxy_client)
		return find_dry(loader, os, err);
	return choose_plugin(loader, conf, settings, DEFAULT_OS, NULL, false,
			     os, err);
}
