/* loader_list.c - all modules there are, for those who want to look. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "loader_parts.h"
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>

struct found {
	enum gw6c_kind kind;
	int place; /* -1: built in, else number of the directory */
	char module[LOADER_NAME + 16];
};

struct catalogue {
	const struct loader *loader;
	struct found *found;
	size_t n;
	void (*call)(void *arg, const char *path,
		     const struct gw6c_plugin *plugin,
		     const struct gw6c_err *err);
	void *arg;
};

/* "auth_digest_md5" is one of ours, "libfoo" is not. */
static void catalogue_add(struct catalogue *all, int place, const char *module,
			  size_t len)
{
	const char *bar = memchr(module, '_', len);
	struct found found = { .place = place }, *more;

	if (len >= sizeof(found.module) || !bar ||
	    !plugin_kind_parse(module, (size_t)(bar - module), &found.kind))
		return;
	more = realloc(all->found, (all->n + 1) * sizeof(*more));
	if (!more)
		return;
	memcpy(found.module, module, len);
	all->found = more;
	more[all->n++] = found;
}

static void catalogue_read(struct catalogue *all, int place)
{
	const char *name = loader_dir(all->loader, place);
	DIR *dir = opendir(name);
	const struct dirent *file;
	struct gw6c_err err = { 0 };

	if (!dir && !all->call)
		return;
	if (!dir) {
		gw6c_fail(&err, GW6C_ECONFIG, "cannot read it: %s",
			  strerror(errno));
		all->call(all->arg, name, NULL, &err);
		return;
	}
	while ((file = readdir(dir))) {
		const char *dot = strrchr(file->d_name, '.');

		if (dot && strcmp(dot, ".so") == 0)
			catalogue_add(all, place, file->d_name,
				      (size_t)(dot - file->d_name));
	}
	closedir(dir);
}

static int compare(const void *left, const void *right)
{
	const struct found *a = left, *b = right;
	int order = strcmp(a->module, b->module);

	if (a->kind != b->kind)
		return (int)a->kind - (int)b->kind;
	return order ? order : a->place - b->place;
}

static void found_path(const struct catalogue *all, const struct found *found,
		       char path[LOADER_PATH])
{
	if (found->place < 0)
		snprintf(path, LOADER_PATH, "built in");
	else
		snprintf(path, LOADER_PATH, "%s/%s.so",
			 loader_dir(all->loader, found->place), found->module);
}

/* handle: for loader_forget(); NULL: to stay. */
static int found_open(const struct catalogue *all, const struct found *found,
		      void **handle, const struct gw6c_plugin **out,
		      struct gw6c_err *err)
{
	const char *dir =
		found->place < 0 ? NULL : loader_dir(all->loader, found->place);
	char module[LOADER_NAME + 16];

	if (found->place < 0)
		*out = loader_built_in(found->module);
	else if (handle ? loader_look(dir, found->module, handle, out, err)
			: loader_open_file(dir, found->module, out, err))
		return err->rc;
	if (loader_check(*out, found->kind, NULL, err))
		return err->rc;
	if (loader_module_name(found->kind, (*out)->name, module) &&
	    strcmp(module, found->module) == 0)
		return GW6C_OK;
	return gw6c_fail(err, GW6C_ECONFIG,
			 "it calls itself '%s' and is not found under this "
			 "file name",
			 (*out)->name);
}

/* first: the one of that name that counts. */
static void found_tell(const struct catalogue *all, const struct found *found,
		       const struct found *first)
{
	char path[LOADER_PATH], other[LOADER_PATH];
	const struct gw6c_plugin *plugin = NULL;
	struct gw6c_err err = { 0 };

	found_path(all, found, path);
	found_path(all, first, other);
	if (found != first)
		gw6c_fail(&err, GW6C_ECONFIG, "not used: overridden by %.400s",
			  first->place < 0 ? "the built-in one" : other);
	else
		found_open(all, found, NULL, &plugin, &err);
	all->call(all->arg, path, err.rc ? NULL : plugin, &err);
}

/* All there are, built in ones first, without those that cannot be read. */
static void catalogue_fill(struct catalogue *all)
{
	char module[LOADER_NAME + 16];

	for (size_t i = 0; loader_built_in_name(i, module); i++)
		catalogue_add(all, -1, module, strlen(module));
	for (int i = 0; loader_dir(all->loader, i); i++)
		catalogue_read(all, i);
	if (all->n)
		qsort(all->found, all->n, sizeof(*all->found), compare);
}

/* Is it the first of its name, the one that counts? */
static bool found_counts(const struct catalogue *all, size_t n)
{
	return n == 0 ||
	       strcmp(all->found[n].module, all->found[n - 1].module) != 0;
}

void loader_list(struct loader *loader,
		 void (*call)(void *arg, const char *path,
			      const struct gw6c_plugin *plugin,
			      const struct gw6c_err *err),
		 void *arg)
{
	struct catalogue all = { .loader = loader, .call = call, .arg = arg };
	size_t first = 0;

	catalogue_fill(&all);
	for (size_t i = 0; i < all.n; i++) {
		if (found_counts(&all, i))
			first = i;
		found_tell(&all, &all.found[i], &all.found[first]);
	}
	free(all.found);
}

/* "auth_digest_md5" is found as "digest-md5". */
static void found_name(const struct found *found, char name[LOADER_NAME + 16])
{
	snprintf(name, LOADER_NAME + 16, "%s", strchr(found->module, '_') + 1);
	for (char *at = name; *at; at++)
		if (*at == '_')
			*at = '-';
}

void loader_each(struct loader *loader, enum gw6c_kind kind,
		 void (*call)(void *arg, const char *name,
			      const struct gw6c_plugin *plugin,
			      const struct gw6c_err *err),
		 void *arg)
{
	struct catalogue all = { .loader = loader };

	catalogue_fill(&all);
	for (size_t i = 0; i < all.n; i++) {
		const struct gw6c_plugin *plugin = NULL;
		char name[LOADER_NAME + 16];
		struct gw6c_err err = { 0 };
		void *handle = NULL;

		if (all.found[i].kind != kind || !found_counts(&all, i))
			continue;
		found_name(&all.found[i], name);
		found_open(&all, &all.found[i],
			   kind == GW6C_FEATURE ? &handle : NULL, &plugin,
			   &err);
		call(arg, name, err.rc ? NULL : plugin, &err);
		loader_forget(handle);
	}
	free(all.found);
}

void loader_names(const struct loader *loader, enum gw6c_kind kind,
		  const char *name, char *room, size_t len,
		  char near[LOADER_NAME])
{
	struct catalogue all = { .loader = loader };
	size_t used = 0;

	room[0] = near[0] = 0;
	catalogue_fill(&all);
	for (size_t i = 0; i < all.n; i++) {
		char one[LOADER_NAME + 16];
		const char *const names[] = { one, NULL };

		if (all.found[i].kind != kind || !found_counts(&all, i))
			continue;
		found_name(&all.found[i], one);
		if (!*near && conf_nearest(name, names))
			snprintf(near, LOADER_NAME, "%.*s", LOADER_NAME - 1,
				 one);
		if (used < len)
			used += (size_t)snprintf(room + used, len - used,
						 "%s%s", used ? ", " : "", one);
	}
	free(all.found);
}
