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

/* --- features that may be off ------------------------------------------- */

struct look {
	const char *name;
	void (*call)(void *arg, const struct gw6c_plugin *plugin);
	void *arg;
};

static void look_at(void *arg, const char *name,
		    const struct gw6c_plugin *plugin,
		    const struct gw6c_err *err)
{
	const struct look *look = arg;

	(void)err;
	if (plugin && conf_same(name, look->name))
		look->call(look->arg, plugin);
}

/* One that is off is not loaded for that. */
static void look_at_feature(struct loader *loader, const char *name,
			    void (*call)(void *arg,
					 const struct gw6c_plugin *plugin),
			    void *arg)
{
	struct look look = { name, call, arg };

	loader_each(loader, GW6C_FEATURE, look_at, &look);
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

struct key {
	const char *text;
	bool is_switch;
};

static void find_switch(void *arg, const struct gw6c_plugin *plugin)
{
	struct key *key = arg;

	for (const struct gw6c_opt *opt = plugin->opts; opt && opt->key; opt++)
		if (opt->flags & GW6C_OPT_LOADS &&
		    conf_same(opt->key, key->text))
			key->is_switch = true;
}

/* Is it an option that decides whether the feature is in use? */
static bool is_switch(struct loader *loader, const char *name, const char *text)
{
	struct key key = { .text = text };

	look_at_feature(loader, name, find_switch, &key);
	return key.is_switch;
}

static enum plugin_conf_change change_of(struct loader *loader,
					 const struct setting *at)
{
	char name[LOADER_NAME];
	enum gw6c_kind kind;

	if (!parse(at->key, &kind, name))
		return PLUGIN_CONF_SAME;
	if (kind != GW6C_FEATURE ||
	    is_switch(loader, name, strrchr(at->key, '.') + 1))
		return PLUGIN_CONF_MORE;
	return PLUGIN_CONF_FEATURES;
}

/* What is in of, but not, or not so, in conf. */
static enum plugin_conf_change
has_more(struct loader *loader, const struct conf *conf, const struct conf *of)
{
	enum plugin_conf_change most = PLUGIN_CONF_SAME, change;
	const struct setting *at;

	for (size_t i = 0; (at = conf_at(of, i)); i++) {
		if (has_same(conf, at))
			continue;
		change = change_of(loader, at);
		if (change > most)
			most = change;
	}
	return most;
}

enum plugin_conf_change plugin_conf_change(struct loader *loader,
					   const struct conf *from,
					   const struct conf *to)
{
	enum plugin_conf_change gone = has_more(loader, to, from);
	enum plugin_conf_change come = has_more(loader, from, to);

	return gone > come ? gone : come;
}

/* --- settings that nobody reads ----------------------------------------- */

struct doubtful {
	struct conf *conf;
	void (*call)(const char *text);
	struct gw6c_err err;
};

static void check_options(void *arg, const struct gw6c_plugin *plugin)
{
	struct doubtful *doubtful = arg;

	loader_check_options(plugin, doubtful->conf, doubtful->call,
			     &doubtful->err);
}

static void doubt_options(struct loader *loader, struct conf *conf,
			  enum gw6c_kind kind, const char *name,
			  void (*call)(const char *text))
{
	struct doubtful doubtful = { .conf = conf, .call = call };
	const struct gw6c_plugin *plugin;
	struct gw6c_err err = { 0 };

	if (kind == GW6C_FEATURE)
		look_at_feature(loader, name, check_options, &doubtful);
	else if (loader_peek(loader, kind, name, &plugin, &err) == GW6C_OK)
		check_options(&doubtful, plugin);
	if (doubtful.err.rc)
		call(doubtful.err.text);
}

static void doubt(struct loader *loader, struct conf *conf,
		  const struct setting *at, bool missing,
		  void (*call)(const char *text))
{
	char name[LOADER_NAME], prefix[LOADER_NAME + 16];
	struct gw6c_err err = { 0 };
	enum gw6c_kind kind;

	if (at->used || at->index || !parse(at->key, &kind, name))
		return;
	if (loader_has(loader, kind, name)) {
		doubt_options(loader, conf, kind, name, call);
	} else if (missing) {
		conf_fail(at, &err,
			  "ignored: no %s plugin '%s' is installed; gw6c "
			  "--list-plugins lists all",
			  plugin_kind_name(kind), name);
		call(err.text);
	}
	/* One line a plugin. */
	snprintf(prefix, sizeof(prefix), "%s.%s.", plugin_kind_name(kind),
		 name);
	conf_mark(conf, prefix);
}

static void doubt_all(struct loader *loader, struct conf *conf, bool missing,
		      void (*call)(const char *text))
{
	const struct setting *at;

	for (size_t i = 0; (at = conf_at(conf, i)); i++)
		doubt(loader, conf, at, missing, call);
}

void plugin_conf_doubt(struct loader *loader, struct conf *conf,
		       void (*call)(const char *text))
{
	doubt_all(loader, conf, true, call);
}

void plugin_conf_wrong(struct loader *loader, struct conf *conf,
		       void (*call)(const char *text))
{
	doubt_all(loader, conf, false, call);
}
