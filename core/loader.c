/* loader.c - finds, checks and opens plugins by their configured names. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "loader.h"
#include "loader_parts.h"
#include <dirent.h>
#include <ltdl.h>
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

const char *loader_kind_name(enum gw6c_kind kind)
{
	switch (kind) {
	case GW6C_AUTH:
		return "auth";
	case GW6C_TUNNEL:
		return "tunnel";
	case GW6C_OS:
		return "os";
	case GW6C_FEATURE:
		return "feature";
	}
	return "unknown";
}

int loader_new(const char *dirs, struct conf *conf, struct loader **out,
	       struct gw6c_err *err)
{
	struct loader *loader = calloc(1, sizeof(*loader));
	char *rest, *dir;

	if (loader)
		loader->text = strdup(*dirs ? dirs : PLUGINDIR);
	if (!loader || !loader->text || lt_dlinit() != 0) {
		if (loader)
			free(loader->text);
		free(loader);
		return gw6c_fail(err, GW6C_EOS,
				 "cannot start the plugin "
				 "loader: out of memory");
	}
	loader->conf = conf;
	rest = loader->text;
	while ((dir = strsep(&rest, ":")) && loader->dirs < LOADER_DIRS)
		if (*dir)
			loader->dir[loader->dirs++] = dir;
	*out = loader;
	return GW6C_OK;
}

void loader_free(struct loader *loader)
{
	if (!loader)
		return;
	lt_dlexit();
	free(loader->text);
	free(loader);
}

/* "file:line: auth 'digest-md5': why" */
static int loader_fail(const struct setting *at, enum gw6c_kind kind,
		       const char *name, struct gw6c_err *err)
{
	struct gw6c_err why = *err;

	if (at && at->line)
		return gw6c_fail(err, GW6C_ECONFIG, "%s:%d: %s '%s': %s",
				 at->file, at->line, loader_kind_name(kind),
				 name, why.text);
	return gw6c_fail(err, GW6C_ECONFIG, "%s%s%s '%s': %s",
			 at ? at->file : "", at ? ": " : "",
			 loader_kind_name(kind), name, why.text);
}

/* The directory that has the module, or NULL. */
static const char *loader_find(const struct loader *loader, const char *module)
{
	char path[PATH_MAX];

	for (int i = 0; i < loader->dirs; i++) {
		snprintf(path, sizeof(path), "%s/%s.so", loader->dir[i],
			 module);
		if (access(path, F_OK) == 0)
			return loader->dir[i];
	}
	return NULL;
}

static int loader_nowhere(const struct loader *loader, const char *module,
			  struct gw6c_err *err)
{
	char dirs[300] = "";

	for (int i = 0; i < loader->dirs; i++) {
		size_t used = strlen(dirs);

		snprintf(dirs + used, sizeof(dirs) - used, "%s%s",
			 i ? ", " : "", loader->dir[i]);
	}
	return gw6c_fail(err, GW6C_ECONFIG,
			 "no %s.so in %s; is its package installed?", module,
			 dirs);
}

static int loader_open(const struct loader *loader, enum gw6c_kind kind,
		       const char *name, const struct gw6c_plugin **out,
		       struct gw6c_err *err)
{
	char module[LOADER_NAME + 16];
	const char *dir;

	if (!loader_module_name(kind, name, module))
		return gw6c_fail(err, GW6C_ECONFIG,
				 "no plugin can have that name: only a-z, 0-9 "
				 "and -");
	*out = loader_built_in(module);
	if (!*out) {
		dir = loader_find(loader, module);
		if (!dir)
			return loader_nowhere(loader, module, err);
		if (loader_open_file(dir, module, out, err))
			return err->rc;
	}
	return loader_check(*out, kind, name, err);
}

static bool kind_parse(const char *text, size_t len, enum gw6c_kind *out)
{
	for (int kind = GW6C_AUTH; kind <= GW6C_FEATURE; kind++) {
		const char *name = loader_kind_name((enum gw6c_kind)kind);

		if (strlen(name) == len && strncmp(name, text, len) == 0) {
			*out = (enum gw6c_kind)kind;
			return true;
		}
	}
	return false;
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
	if (!colon || !kind_parse(need, (size_t)(colon - need), &kind))
		return gw6c_fail(err, GW6C_ECONFIG,
				 "it needs '%s', which names no plugin; its "
				 "author must mend that",
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
		    strcmp(loader->entry[i].name, name) == 0)
			return &loader->entry[i];
	return NULL;
}

/* Append an entry and fill it; it is taken out again if that fails. */
static int loader_add(struct loader *loader, enum gw6c_kind kind,
		      const char *name, struct entry **out,
		      struct gw6c_err *err)
{
	struct entry *entry = &loader->entry[loader->entries];

	if (loader->entries == PLUGINS_MAX)
		return gw6c_fail(err, GW6C_ECONFIG, "more than %d plugins",
				 PLUGINS_MAX);
	memset(entry, 0, sizeof(*entry));
	if (loader_open(loader, kind, name, &entry->plugin, err) ||
	    loader_check_options(entry->plugin, loader->conf, err))
		return err->rc;
	entry->kind = kind;
	snprintf(entry->name, sizeof(entry->name), "%s", name);
	entry->loading = true;
	loader->entries++;
	*out = entry;
	if (loader_needs(loader, entry, err) == GW6C_OK) {
		entry->loading = false;
		return GW6C_OK;
	}
	loader->entries = (int)(entry - loader->entry);
	return err->rc;
}

int loader_get(struct loader *loader, enum gw6c_kind kind, const char *name,
	       const struct setting *at, const struct gw6c_plugin **out,
	       struct gw6c_err *err)
{
	struct entry *entry = loader_entry(loader, kind, name);

	if (entry && entry->loading) {
		gw6c_fail(err, GW6C_ECONFIG,
			  "it needs itself, in a circle of needs; its author "
			  "must mend that");
		return loader_fail(at, kind, name, err);
	}
	if (!entry && loader_add(loader, kind, name, &entry, err))
		return loader_fail(at, kind, name, err);
	*out = entry->plugin;
	return GW6C_OK;
}

bool loader_has(struct loader *loader, enum gw6c_kind kind, const char *name)
{
	char module[LOADER_NAME + 16];

	return loader_module_name(kind, name, module) &&
	       (loader_built_in(module) || loader_find(loader, module));
}

/* --- all there are ----------------------------------------------------- */

struct listing {
	void (*call)(void *arg, const char *path,
		     const struct gw6c_plugin *plugin,
		     const struct gw6c_err *err);
	void *arg;
};

/* "auth_digest_md5": its kind; false: no module of ours. */
static bool module_kind(const char *module, enum gw6c_kind *kind)
{
	const char *bar = strchr(module, '_');

	return bar && bar[1] &&
	       kind_parse(module, (size_t)(bar - module), kind);
}

static void list_one(const struct listing *listing, const char *dir,
		     const char *module)
{
	char path[PATH_MAX] = "built in";
	const struct gw6c_plugin *plugin = NULL;
	struct gw6c_err err = { 0 };
	enum gw6c_kind kind;

	if (!module_kind(module, &kind))
		return;
	if (dir)
		snprintf(path, sizeof(path), "%s/%s.so", dir, module);
	if (dir)
		loader_open_file(dir, module, &plugin, &err);
	else
		plugin = loader_built_in(module);
	if (err.rc == GW6C_OK && loader_check(plugin, kind, NULL, &err))
		plugin = NULL;
	listing->call(listing->arg, path, err.rc ? NULL : plugin, &err);
}

static int is_module(const struct dirent *file)
{
	const char *dot = strrchr(file->d_name, '.');

	return dot && strcmp(dot, ".so") == 0 &&
	       strlen(file->d_name) < LOADER_NAME + 16;
}

static void list_dir(const struct listing *listing, const char *dir)
{
	struct dirent **files;
	int n = scandir(dir, &files, is_module, alphasort);

	for (int i = 0; i < n; i++) {
		*strrchr(files[i]->d_name, '.') = 0;
		list_one(listing, dir, files[i]->d_name);
		free(files[i]);
	}
	if (n >= 0)
		free(files);
}

void loader_list(struct loader *loader,
		 void (*call)(void *arg, const char *path,
			      const struct gw6c_plugin *plugin,
			      const struct gw6c_err *err),
		 void *arg)
{
	struct listing listing = { call, arg };
	char module[LOADER_NAME + 16];

	for (size_t i = 0; loader_built_in_name(i, module); i++)
		list_one(&listing, NULL, module);
	for (int i = 0; i < loader->dirs; i++)
		list_dir(&listing, loader->dir[i]);
}
