/* loader.c - finds, checks and opens plugins by their configured names. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "loader.h"
#include "core/base/log.h"
#include "loader_parts.h"
#include <stdlib.h>
#include <unistd.h>

#define PLUGINS_MAX 64

/* One plugin asked for; loading: its needs are being looked at. */
struct entry {
	enum gw6c_kind kind;
	char name[LOADER_NAME];
	const struct gw6c_plugin *plugin;
	bool loading;
};

struct loader {
	struct conf *conf;
	char *text; /* the directories, cut at their colons */
	const char *dir[LOADER_DIRS];
	int dirs;
	struct entry entry[PLUGINS_MAX];
	int entries;
};

/* Cut the text at its colons. */
static int loader_split(struct loader *loader, struct gw6c_err *err)
{
	char *rest = loader->text, *dir;

	while ((dir = strsep(&rest, ":"))) {
		if (!*dir)
			continue;
		if (loader->dirs == LOADER_DIRS)
			return gw6c_fail(err, GW6C_ECONFIG,
					 "more than %d plugin directories",
					 LOADER_DIRS);
		if (strlen(dir) > LOADER_PATH - 2 * LOADER_NAME)
			return gw6c_fail(err, GW6C_ECONFIG,
					 "the name of the plugin directory "
					 "%.100s... is too long",
					 dir);
		loader->dir[loader->dirs++] = dir;
	}
	return GW6C_OK;
}

int loader_new(const char *dirs, struct conf *conf, struct loader **out,
	       struct gw6c_err *err)
{
	struct loader *loader = calloc(1, sizeof(*loader));

	if (loader)
		loader->text = strdup(*dirs ? dirs : PLUGINDIR);
	if (!loader || !loader->text || !loader_start()) {
		loader_free(loader);
		return gw6c_fail(err, GW6C_EOS,
				 "cannot start the plugin loader: out of "
				 "memory");
	}
	if (loader_split(loader, err)) {
		loader_free(loader);
		return err->rc;
	}
	loader->conf = conf;
	*out = loader;
	return GW6C_OK;
}

void loader_free(struct loader *loader)
{
	if (!loader)
		return;
	free(loader->text);
	free(loader);
}

const char *loader_dir(const struct loader *loader, int n)
{
	return n < loader->dirs ? loader->dir[n] : NULL;
}

/* "file:line: auth 'digest-md5': why" */
static int loader_fail(const struct setting *at, enum gw6c_kind kind,
		       const char *name, struct gw6c_err *err)
{
	struct gw6c_err why = *err;

	if (at && at->line)
		return gw6c_fail(err, GW6C_ECONFIG, "%s:%d: %s '%s': %s",
				 at->file, at->line, plugin_kind_name(kind),
				 name, why.text);
	return gw6c_fail(err, GW6C_ECONFIG, "%s%s%s '%s': %s",
			 at ? at->file : "", at ? ": " : "",
			 plugin_kind_name(kind), name, why.text);
}

/* The directory that has the module, or NULL. */
static const char *loader_find(const struct loader *loader, const char *module)
{
	char path[LOADER_PATH];

	for (int i = 0; i < loader->dirs; i++) {
		snprintf(path, sizeof(path), "%s/%s.so", loader->dir[i],
			 module);
		if (access(path, F_OK) == 0)
			return loader->dir[i];
	}
	return NULL;
}

static int loader_nowhere(const struct loader *loader, enum gw6c_kind kind,
			  const char *name, const char *module,
			  struct gw6c_err *err)
{
	char dirs[200] = "", names[160], near[LOADER_NAME];

	for (int i = 0; i < loader->dirs; i++) {
		size_t used = strlen(dirs);

		snprintf(dirs + used, sizeof(dirs) - used, "%s%s",
			 i ? ", " : "", loader->dir[i]);
	}
	loader_names(loader, kind, name, names, sizeof(names), near);
	return gw6c_fail(err, GW6C_ECONFIG,
			 "no %s.so in %s; is its package installed? Installed "
			 "%s%s%s%s%s",
			 module, dirs, *names ? "are: " : "is none", names,
			 *near ? "; did you mean \"" : "", near,
			 *near ? "\"?" : "");
}

static int loader_open(const struct loader *loader, enum gw6c_kind kind,
		       const char *name, const struct gw6c_plugin **out,
		       struct gw6c_err *err)
{
	char module[LOADER_NAME + 16];
	const char *dir;

	if (!loader_module_name(kind, name, module))
		return gw6c_fail(err, GW6C_ECONFIG,
				 "not a valid plugin name: only a-z, 0-9 and "
				 "- are allowed");
	*out = loader_built_in(module);
	if (!*out) {
		dir = loader_find(loader, module);
		if (!dir)
			return loader_nowhere(loader, kind, name, module, err);
		if (loader_open_file(dir, module, out, err))
			return err->rc;
	}
	return loader_check(*out, kind, name, err);
}

/* "?kind:name" is loaded if it is there; "kind:name" must be. */
static int loader_need(struct loader *loader, const char *need,
		       struct gw6c_err *err)
{
	bool optional = *need == '?';
	const char *colon = strchr(need, ':');
	const struct gw6c_plugin *plugin;
	enum gw6c_kind kind;

	need += optional;
	if (!colon || !plugin_kind_parse(need, (size_t)(colon - need), &kind))
		return gw6c_fail(err, GW6C_ECONFIG,
				 "it needs '%s', which is not the name of a "
				 "plugin; this is a bug in the plugin; "
				 "report it to its author",
				 need);
	if (optional && !loader_has(loader, kind, colon + 1))
		return GW6C_OK;
	return loader_get(loader, kind, colon + 1, NULL, &plugin, err);
}

static int loader_needs(struct loader *loader, struct entry *entry,
			struct gw6c_err *err)
{
	const char *const *needs = entry->plugin->needs;

	for (; needs && *needs; needs++) {
		struct gw6c_err why = { 0 };

		if (loader_need(loader, *needs, &why))
			return gw6c_fail(err, GW6C_ECONFIG,
					 "it needs another plugin: %s",
					 why.text);
	}
	return GW6C_OK;
}

static struct entry *loader_entry(struct loader *loader, enum gw6c_kind kind,
				  const char *name)
{
	for (int i = 0; i < loader->entries; i++)
		if (loader->entry[i].kind == kind &&
		    conf_same(loader->entry[i].name, name))
			return &loader->entry[i];
	return NULL;
}

/* Append an entry and fill it; it is taken out again if that fails. */
static int loader_add(struct loader *loader, enum gw6c_kind kind,
		      const char *name, const struct gw6c_plugin *plugin,
		      struct gw6c_err *err)
{
	int n = loader->entries;
	struct entry *entry = &loader->entry[n];

	if (n == PLUGINS_MAX)
		return gw6c_fail(err, GW6C_ECONFIG, "more than %d plugins",
				 PLUGINS_MAX);
	*entry = (struct entry){ .kind = kind, .plugin = plugin };
	snprintf(entry->name, sizeof(entry->name), "%s", name);
	entry->loading = true;
	loader->entries++;
	if (loader_needs(loader, entry, err)) {
		loader->entries = n;
		return err->rc;
	}
	entry->loading = false;
	return GW6C_OK;
}

static void tell(const char *text)
{
	log_msg(GW6C_ERROR, "plugins", "%s", text);
}

int loader_get(struct loader *loader, enum gw6c_kind kind, const char *name,
	       const struct setting *at, const struct gw6c_plugin **out,
	       struct gw6c_err *err)
{
	struct entry *entry = loader_entry(loader, kind, name);

	if (entry && entry->loading) {
		gw6c_fail(err, GW6C_ECONFIG,
			  "it needs itself: circular dependency; this is a "
			  "bug in the plugin; report it to its author");
		return loader_fail(at, kind, name, err);
	}
	if (entry) {
		*out = entry->plugin;
		return GW6C_OK;
	}
	if (loader_open(loader, kind, name, out, err))
		return loader_fail(at, kind, name, err);
	/* The message names the setting that is wrong, not this one. */
	if (loader_check_options(*out, loader->conf, tell, err))
		return err->rc;
	if (loader_add(loader, kind, name, *out, err))
		return loader_fail(at, kind, name, err);
	return GW6C_OK;
}

int loader_peek(struct loader *loader, enum gw6c_kind kind, const char *name,
		const struct gw6c_plugin **out, struct gw6c_err *err)
{
	if (loader_open(loader, kind, name, out, err))
		return loader_fail(NULL, kind, name, err);
	return GW6C_OK;
}

bool loader_has(struct loader *loader, enum gw6c_kind kind, const char *name)
{
	char module[LOADER_NAME + 16];

	return loader_module_name(kind, name, module) &&
	       (loader_built_in(module) || loader_find(loader, module));
}
