/* plugin_conf.c - the settings of a configuration that belong to plugins. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "plugin_conf.h"
#include "option.h"

/* "KIND.NAME.KEY" into its parts. False: of no plugin. */
static bool parse(const char *key, enum gw6c_kind *kind, char name[LOADER_NAME])
{
	const char *dot = strchr(key, '.'), *next;

	if (!dot || !plugin_kind_parse(key, (size_t)(dot - key), kind))
		return false;
	next = strchr(dot + 1, '.');
	snprintf(name, LOADER_NAME, "%.*s",
		 next ? (int)(next - dot - 1) : LOADER_NAME, dot + 1);
	return true;
}

/* --- who asks for a feature --------------------------------------------- */

const struct setting *plugin_conf_feature(struct conf *conf, const char *name)
{
	const struct setting *at;

	for (int i = 0; (at = conf_get(conf, "features", i)); i++)
		if (option_has_word(at->value, name))
			return at;
	return NULL;
}

/* --- what a reload has changed ------------------------------------------ */

static bool has_same(const struct conf *conf, const struct setting *want)
{
	const struct setting *at;

	for (size_t i = 0; (at = conf_at(conf, i)); i++)
		if (at->index == want->index && conf_same(at->key, want->key))
			return strcmp(at->value, want->value) == 0;
	return false;
}

static bool has_all(const struct conf *conf, const struct conf *of)
{
	char name[LOADER_NAME];
	const struct setting *at;
	enum gw6c_kind kind;

	for (size_t i = 0; (at = conf_at(of, i)); i++)
		if (parse(at->key, &kind, name) && !has_same(conf, at))
			return false;
	return true;
}

bool plugin_conf_same(const struct conf *a, const struct conf *b)
{
	return has_all(a, b) && has_all(b, a);
}

/* --- settings that nobody reads ----------------------------------------- */

static void doubt(struct loader *loader, struct conf *conf,
		  const struct setting *at, void (*call)(const char *text))
{
	const struct gw6c_plugin *plugin;
	char name[LOADER_NAME], prefix[LOADER_NAME + 16];
	struct gw6c_err err = { 0 };
	enum gw6c_kind kind;

	if (at->used || at->index || !parse(at->key, &kind, name))
		return;
	if (!loader_has(loader, kind, name)) {
		conf_fail(at, &err,
			  "ignored: no %s plugin '%s' is installed; gw6c "
			  "--list-plugins lists all",
			  plugin_kind_name(kind), name);
		call(err.text);
	} else if (loader_peek(loader, kind, name, &plugin, &err) == GW6C_OK &&
		   loader_check_options(plugin, conf, &err)) {
		call(err.text);
	}
	/* One line a plugin. */
	snprintf(prefix, sizeof(prefix), "%s.%s.", plugin_kind_name(kind),
		 name);
	conf_mark(conf, prefix);
}

void plugin_conf_doubt(struct loader *loader, struct conf *conf,
		       void (*call)(const char *text))
{
	const struct setting *at;

	for (size_t i = 0; (at = conf_at(conf, i)); i++)
		doubt(loader, conf, at, call);
}
