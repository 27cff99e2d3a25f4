/* loader_check.c - is a descriptor one that this core can use? */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "loader_parts.h"
#include "option.h"

/* What every descriptor of this ABI has; members are only ever added. */
#define LEAST_SIZE                                                             \
	(offsetof(struct gw6c_plugin, ops_size) + sizeof(const uint32_t *))

#define BUG "; this is a bug in the plugin; report it to its author"
#define KEY_MAX 63 /* octets of the key of an option */

static int check_abi(const struct gw6c_plugin *plugin, struct gw6c_err *err)
{
	if (plugin->abi != GW6C_ABI)
		return gw6c_fail(err, GW6C_ECONFIG,
				 "built for plugin ABI %u; this gw6c "
				 "supports ABI %u; rebuild the plugin, or "
				 "install the version that belongs to this "
				 "gw6c",
				 plugin->abi, GW6C_ABI);
	if (!plugin->size)
		return gw6c_fail(err, GW6C_ECONFIG,
				 "its descriptor has no size; GW6C_HEAD() or "
				 "\".size = sizeof(struct gw6c_plugin)\" is "
				 "missing" BUG);
	if (plugin->size < LEAST_SIZE)
		return gw6c_fail(err, GW6C_ECONFIG,
				 "its descriptor has %u octets, but at least "
				 "%zu are required; rebuild the plugin",
				 plugin->size, LEAST_SIZE);
	return GW6C_OK;
}

/* An op that is within the table's own size, and set. */
#define HAS_OP(ops, op) (GW6C_HAS(ops, op) && (ops)->op)

/* Of a mechanism by which the broker proves itself. */
static const char *missing_key(const struct gw6c_auth_ops *ops)
{
	if (!HAS_OP(ops, key_type))
		return "key_type";
	if (!HAS_OP(ops, key_make))
		return "key_make";
	return HAS_OP(ops, key_read) ? NULL : "key_read";
}

static const char *missing_auth(const struct gw6c_auth_ops *ops)
{
	if (!HAS_OP(ops, mechanism))
		return "mechanism";
	if (!HAS_OP(ops, open))
		return "open";
	if (!HAS_OP(ops, close))
		return "close";
	if (!HAS_OP(ops, step))
		return "step";
	if (!HAS_OP(ops, serve))
		return "serve";
	if (!HAS_OP(ops, who))
		return "who";
	return ops->flags & GW6C_AUTH_SERVER_KEY ? missing_key(ops) : NULL;
}

static const char *missing_tunnel(const struct gw6c_tunnel_ops *ops)
{
	if (!HAS_OP(ops, grants))
		return "grants";
	if (!ops->inner || !ops->outer)
		return ops->inner ? "outer" : "inner";
	if (!ops->over)
		return "over";
	if (HAS_OP(ops, wrap) != HAS_OP(ops, unwrap))
		return HAS_OP(ops, wrap) ? "unwrap" : "wrap";
	if (ops->header && !HAS_OP(ops, wrap))
		return "wrap";
	if (!HAS_OP(ops, open))
		return NULL;
	if (!HAS_OP(ops, close))
		return "close";
	return HAS_OP(ops, count) ? NULL : "count";
}

static const char *missing_os(const struct gw6c_os_ops *ops)
{
	if (!HAS_OP(ops, open))
		return "open";
	if (!HAS_OP(ops, close))
		return "close";
	return HAS_OP(ops, step) ? NULL : "step";
}

static const char *missing_feature(const struct gw6c_feature_ops *ops)
{
	if (!HAS_OP(ops, open))
		return "open";
	if (!HAS_OP(ops, close))
		return "close";
	return HAS_OP(ops, tell) ? NULL : "tell";
}

static const char *missing_op(const struct gw6c_plugin *plugin)
{
	switch (plugin->kind) {
	case GW6C_AUTH:
		return missing_auth(plugin->auth);
	case GW6C_TUNNEL:
		return missing_tunnel(plugin->tunnel);
	case GW6C_OS:
		return missing_os(plugin->os);
	case GW6C_FEATURE:
		return missing_feature(plugin->feature);
	}
	return "kind";
}

static bool is_declared_before(const struct gw6c_plugin *plugin,
			       const struct gw6c_opt *opt)
{
	for (const struct gw6c_opt *at = plugin->opts; at != opt; at++)
		if (conf_same(at->key, opt->key))
			return true;
	return false;
}

static int check_opt(const struct gw6c_plugin *plugin,
		     const struct gw6c_opt *opt, struct gw6c_err *err)
{
	struct setting at = { .key = opt->key,
			      .value = opt->fallback,
			      .file = "default" };
	struct gw6c_err why = { 0 };

	if (strlen(opt->key) > KEY_MAX)
		return gw6c_fail(err, GW6C_ECONFIG,
				 "its option '%.80s' has a key of %zu letters, "
				 "and at most %d are allowed" BUG,
				 opt->key, strlen(opt->key), KEY_MAX);
	if (opt->type < GW6C_STR || opt->type > GW6C_DEVICE)
		return gw6c_fail(err, GW6C_ECONFIG,
				 "its option '%s' has an unknown type (%d); "
				 "install a newer gw6c",
				 opt->key, (int)opt->type);
	if (!opt->summary)
		return gw6c_fail(err, GW6C_ECONFIG,
				 "its option '%s' has no summary" BUG,
				 opt->key);
	if (opt->type == GW6C_WORD && (!opt->words || !*opt->words))
		return gw6c_fail(err, GW6C_ECONFIG,
				 "its option '%s' has no words to choose "
				 "from" BUG,
				 opt->key);
	if (is_declared_before(plugin, opt))
		return gw6c_fail(err, GW6C_ECONFIG,
				 "it declares the option '%s' twice" BUG,
				 opt->key);
	if (opt->fallback && option_check(opt, &at, &why))
		return gw6c_fail(err, GW6C_ECONFIG,
				 "its option '%s' has the default \"%s\", "
				 "which it would not accept" BUG,
				 opt->key, opt->fallback);
	return GW6C_OK;
}

/* The plugin's own table of options. */
static int check_table(const struct gw6c_plugin *plugin, struct gw6c_err *err)
{
	for (const struct gw6c_opt *opt = plugin->opts; opt && opt->key; opt++)
		if (check_opt(plugin, opt, err))
			return err->rc;
	return GW6C_OK;
}

/* Words of gw6c.conf that stand for something else. */
static bool is_reserved(const char *name)
{
	static const char *const words[] = { "all",	"any",	"auto",
					     "default", "none", NULL };

	for (const char *const *at = words; *at; at++)
		if (conf_same(*at, name))
			return true;
	return false;
}

/* A mode stands in leases, which have less room. */
static size_t longest_name(const struct gw6c_plugin *plugin)
{
	return (plugin->kind == GW6C_TUNNEL ? GW6C_MODE : LOADER_NAME) - 1;
}

static int check_name(const struct gw6c_plugin *plugin, const char *name,
		      struct gw6c_err *err)
{
	size_t len = strlen(plugin->name), most = longest_name(plugin);
	char room[LOADER_NAME + 16];

	if (name && !conf_same(plugin->name, name))
		return gw6c_fail(err, GW6C_ECONFIG, "it calls itself '%s'" BUG,
				 plugin->name);
	if (len > most)
		return gw6c_fail(err, GW6C_ECONFIG,
				 "its name '%.80s' has %zu letters, and at "
				 "most %zu are allowed" BUG,
				 plugin->name, len, most);
	if (!loader_module_name(plugin->kind, plugin->name, room))
		return gw6c_fail(err, GW6C_ECONFIG,
				 "its name '%s' has other letters than a-z, "
				 "0-9 and -" BUG,
				 plugin->name);
	if (is_reserved(plugin->name))
		return gw6c_fail(err, GW6C_ECONFIG,
				 "its name '%s' is reserved, because it means "
				 "something else in the configuration" BUG,
				 plugin->name);
	return GW6C_OK;
}

static int check_operations(const struct gw6c_plugin *plugin,
			    struct gw6c_err *err)
{
	const char *missing;

	if (!plugin->ops_size)
		return gw6c_fail(err, GW6C_ECONFIG,
				 "its operations lack 'table'" BUG);
	if (!*plugin->ops_size)
		return gw6c_fail(err, GW6C_ECONFIG,
				 "its table of operations has no size; "
				 "\".size = sizeof(struct gw6c_%s_ops)\" is "
				 "missing" BUG,
				 plugin_kind_name(plugin->kind));
	missing = missing_op(plugin);
	return missing ? gw6c_fail(err, GW6C_ECONFIG,
				   "its operations lack '%s'" BUG, missing)
		       : GW6C_OK;
}

int loader_check(const struct gw6c_plugin *plugin, enum gw6c_kind kind,
		 const char *name, struct gw6c_err *err)
{
	if (check_abi(plugin, err))
		return err->rc;
	if (!plugin->name || !plugin->summary || !plugin->version)
		return gw6c_fail(err, GW6C_ECONFIG,
				 "its descriptor has no name, summary or "
				 "version" BUG);
	if (plugin->kind != kind)
		return gw6c_fail(err, GW6C_ECONFIG,
				 "it is of kind %s, not %s" BUG,
				 plugin_kind_name(plugin->kind),
				 plugin_kind_name(kind));
	if (check_name(plugin, name, err) || check_operations(plugin, err))
		return err->rc;
	return check_table(plugin, err);
}

static const struct gw6c_opt *find_opt(const struct gw6c_plugin *plugin,
				       const char *key)
{
	for (const struct gw6c_opt *opt = plugin->opts; opt && opt->key; opt++)
		if (conf_same(opt->key, key))
			return opt;
	return NULL;
}

static int unknown_option(const struct gw6c_plugin *plugin,
			  const struct setting *at, const char *key,
			  struct gw6c_err *err)
{
	const char *names[64], *near;
	size_t n = 0;

	for (const struct gw6c_opt *opt = plugin->opts;
	     opt && opt->key && n < 63; opt++)
		names[n++] = opt->key;
	names[n] = NULL;
	near = conf_nearest(key, names);
	if (!near)
		return conf_fail(at, err,
				 "%s '%s' has no such option; gw6c "
				 "--describe %s:%s lists all",
				 plugin_kind_name(plugin->kind), plugin->name,
				 plugin_kind_name(plugin->kind), plugin->name);
	return conf_fail(at, err,
			 "%s '%s' has no such option; did you mean '%s'?",
			 plugin_kind_name(plugin->kind), plugin->name, near);
}

static int check_option(const struct gw6c_plugin *plugin,
			const struct setting *at, const char *key,
			struct gw6c_err *err)
{
	const struct gw6c_opt *opt = find_opt(plugin, key);

	if (!opt)
		return unknown_option(plugin, at, key, err);
	if (at->index && !(opt->flags & GW6C_OPT_LIST))
		return conf_fail(at, err, "takes one value, not a list");
	if (!*at->value)
		return GW6C_OK; /* "key=": the default */
	return option_check(opt, at, err);
}

/* What follows the prefix in a key, or NULL. */
static const char *below(const char *key, const char *prefix)
{
	for (; *prefix; prefix++, key++)
		if ((*key == '_' ? '-' : *key) !=
		    (*prefix == '_' ? '-' : *prefix))
			return NULL;
	return key;
}

int loader_check_options(const struct gw6c_plugin *plugin, struct conf *conf,
			 void (*told)(const char *text), struct gw6c_err *err)
{
	struct gw6c_err why = { 0 };
	char prefix[LOADER_NAME + 16];
	const struct setting *at;
	bool wrong = false;

	snprintf(prefix, sizeof(prefix), "%s.%s.",
		 plugin_kind_name(plugin->kind), plugin->name);
	for (size_t i = 0; conf && (at = conf_at(conf, i)); i++) {
		const char *key = below(at->key, prefix);

		if (!key || !check_option(plugin, at, key, &why))
			continue;
		if (wrong && told)
			told(err->text);
		wrong = true;
		*err = why;
	}
	if (conf)
		conf_mark(conf, prefix);
	return why.rc;
}
