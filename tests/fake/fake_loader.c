/* fake_loader.c - a loader of plugins that a test has made. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "fake_loader.h"
#include <string.h>

struct loader {
	struct conf *conf;
};

const struct gw6c_plugin *fake_plugins[FAKE_PLUGINS + 1];
const char *fake_broken;
const char *fake_dir = "/nowhere";

struct loader *fake_loader(struct conf *conf)
{
	static struct loader loader;

	loader.conf = conf;
	return &loader;
}

static const struct gw6c_plugin *find(enum gw6c_kind kind, const char *name)
{
	for (int i = 0; fake_plugins[i]; i++)
		if (fake_plugins[i]->kind == kind &&
		    conf_same(fake_plugins[i]->name, name))
			return fake_plugins[i];
	return NULL;
}

bool loader_has(struct loader *loader, enum gw6c_kind kind, const char *name)
{
	(void)loader;
	return find(kind, name) != NULL;
}

int loader_peek(struct loader *loader, enum gw6c_kind kind, const char *name,
		const struct gw6c_plugin **out, struct gw6c_err *err)
{
	(void)loader;
	*out = find(kind, name);
	if (!*out)
		return gw6c_fail(err, GW6C_ECONFIG, "%s is missing", name);
	if (fake_broken && strcmp(fake_broken, name) == 0)
		return gw6c_fail(err, GW6C_ECONFIG, "%s is broken", name);
	return GW6C_OK;
}

int loader_get(struct loader *loader, enum gw6c_kind kind, const char *name,
	       const struct setting *at, const struct gw6c_plugin **out,
	       struct gw6c_err *err)
{
	if (loader_peek(loader, kind, name, out, err) == GW6C_OK)
		return loader_check_options(*out, loader->conf, NULL, err);
	if (at) {
		struct gw6c_err why = *err;

		conf_fail(at, err, "%s", why.text);
	}
	return err->rc;
}

void loader_each(struct loader *loader, enum gw6c_kind kind,
		 void (*call)(void *arg, const char *name,
			      const struct gw6c_plugin *plugin,
			      const struct gw6c_err *err),
		 void *arg)
{
	for (int i = 0; fake_plugins[i]; i++) {
		const struct gw6c_plugin *plugin;
		struct gw6c_err err = { 0 };

		if (fake_plugins[i]->kind != kind)
			continue;
		loader_peek(loader, kind, fake_plugins[i]->name, &plugin, &err);
		call(arg, fake_plugins[i]->name, err.rc ? NULL : plugin, &err);
	}
}

void loader_names(const struct loader *loader, enum gw6c_kind kind,
		  const char *name, char *room, size_t len,
		  char near[LOADER_NAME])
{
	(void)loader;
	(void)kind;
	(void)name;
	snprintf(room, len, "all of them");
	near[0] = 0;
}

const char *loader_dir(const struct loader *loader, int n)
{
	(void)loader;
	return n ? NULL : fake_dir;
}
