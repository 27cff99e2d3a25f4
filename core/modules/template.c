/* template.c - which backend the setting "template" means. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "template.h"
#include "core/base/log.h"
#include <limits.h>
#include <unistd.h>

#define SCRIPT "script"
#define LINUX "linux"
#define SCRIPT_PATH "os.script.path"
#define SCRIPT_HOME "os.script.home"

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

static int take_script(struct conf *conf, const struct settings *settings,
		       const char *path, struct gw6c_err *err)
{
	const struct setting *at = conf_get(conf, SCRIPT_HOME, 0);

	if (path && conf_set(conf, SCRIPT_PATH, path, "template", err))
		return err->rc;
	if (at && *at->value)
		return GW6C_OK;
	return conf_set(conf, SCRIPT_HOME, home(settings), "gw6_dir", err);
}

/* One that cannot show its commands is shown in the words of "null". */
static int choose_plugin(struct loader *loader, const char *name, bool dry_run,
			 char os[LOADER_NAME], struct gw6c_err *err)
{
	const struct gw6c_plugin *plugin;

	snprintf(os, LOADER_NAME, "%s", name);
	if (!dry_run)
		return GW6C_OK;
	if (loader_peek(loader, GW6C_OS, name, &plugin, err))
		return err->rc;
	if (!os_can_show(plugin) && !(plugin->os->flags & GW6C_OS_DRY))
		snprintf(os, LOADER_NAME, "null");
	return GW6C_OK;
}

/* Systems that had a script each, and are Linux. */
static bool is_linux(const char *name)
{
	return strcmp(name, "openwrt") == 0 || strcmp(name, "gogocpe") == 0;
}

static int nothing_found(struct conf *conf, const struct settings *settings,
			 struct gw6c_err *err)
{
	return conf_fail(conf_get(conf, "template", 0), err,
			 "there is neither a backend \"%s\" (is its "
			 "package installed?) nor a script %s/template/"
			 "%s.sh",
			 settings->template_name, home(settings),
			 settings->template_name);
}

/* Where files of old mean the script, by the name of a backend. */
static void script_ignored(struct conf *conf, const char *name,
			   const char *path)
{
	const struct setting *at = conf_get(conf, "template", 0);
	struct gw6c_err why = { 0 };

	if (!at || !*at->value)
		return;
	conf_fail(at, &why,
		  "the backend \"%s\" is used, not your script %.150s; write "
		  "template=%.150s to use the script",
		  name, path, path);
	log_msg(GW6C_WARN, "config", "%s", why.text);
}

int template_choose(struct loader *loader, struct conf *conf,
		    const struct settings *settings, bool dry_run,
		    char os[LOADER_NAME], struct gw6c_err *err)
{
	const char *name = settings->template_name;
	char path[PATH_MAX];
	bool script = name[0] == '/';

	if (!*name)
		name = dry_run || settings->proxy_client ? "null" : DEFAULT_OS;
	if (script) {
		snprintf(path, sizeof(path), "%s", name);
	} else if (loader_has(loader, GW6C_OS, name)) {
		if (find_script(settings, path, sizeof(path)))
			script_ignored(conf, name, path);
	} else {
		script = find_script(settings, path, sizeof(path));
		if (!script && is_linux(name))
			name = LINUX;
		else if (!script && *settings->template_name)
			return nothing_found(conf, settings, err);
	}
	if (!script && strcmp(name, SCRIPT) != 0)
		return choose_plugin(loader, name, dry_run, os, err);
	if (take_script(conf, settings, script ? path : NULL, err))
		return err->rc;
	return choose_plugin(loader, SCRIPT, dry_run, os, err);
}
