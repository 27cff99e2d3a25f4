/* loader_check.c - is a descriptor one that this core can use? */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "loader_parts.h"

static int check_abi(const struct gw6c_plugin *plugin, struct gw6c_err *err)
{
	if (plugin->abi != GW6C_ABI)
		return gw6c_fail(err, GW6C_ECONFIG,
				 "it is made for plugin ABI %u, this gw6c has "
				 "ABI %u; rebuild the plugin, or install the "
				 "version that belongs to this gw6c",
				 plugin->abi, GW6C_ABI);
	if (plugin->size < sizeof(*plugin))
		return gw6c_fail(err, GW6C_ECONFIG,
				 "its descriptor has %u octets, at least %zu "
				 "are needed; rebuild the plugin",
				 plugin->size, sizeof(*plugin));
	return GW6C_OK;
}

/* An op that is within the table's own size, and set. */
#define HAS_OP(ops, op) (GW6C_HAS(ops, op) && (ops)->op)

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
	return HAS_OP(ops, who) ? NULL : "who";
}

static const char *missing_tunnel(const struct gw6c_tunnel_ops *ops)
{
	if (!HAS_OP(ops, grants))
		return "grants";
	if (HAS_OP(ops, open) && !HAS_OP(ops, close))
		return "close";
	return NULL;
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

int loader_check(const struct gw6c_plugin *plugin, enum gw6c_kind kind,
		 const char *name, struct gw6c_err *err)
{
	const char *missing;

	if (check_abi(plugin, err))
		return err->rc;
	if (!plugin->name || !plugin->summary || !plugin->version)
		return gw6c_fail(err, GW6C_ECONFIG,
				 "its descriptor has no name, summary or "
				 "version; its author must mend that");
	if (plugin->kind != kind)
		return gw6c_fail(err, GW6C_ECONFIG,
				 "it is of kind %s, not %s; its author must "
				 "mend that",
				 loader_kind_name(plugin->kind),
				 loader_kind_name(kind));
	if (name && strcmp(plugin->name, name) != 0)
		return gw6c_fail(err, GW6C_ECONFIG,
				 "it calls itself '%s'; was the file renamed?",
				 plugin->name);
	missing = plugin->ops_size ? missing_op(plugin) : "table";
	if (!missing)
		return GW6C_OK;
	return gw6c_fail(err, GW6C_ECONFIG,
			 "its operations lack '%s'; its author must mend that",
			 missing);
}

static const struct gw6c_opt *find_opt(const struct gw6c_plugin *plugin,
				       const char *key)
{
	for (const struct gw6c_opt *opt = plugin->opts; opt && opt->key; opt++)
		if (strcmp(opt->key, key) == 0)
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
	return conf_fail(at, err, "%s '%s' has no option '%s'%s%s%s",
			 loader_kind_name(plugin->kind), plugin->name, key,
			 near ? "; did you mean '" : "", near ? near : "",
			 near ? "'?" : "");
}

static int check_option(const struct gw6c_plugin *plugin,
			const struct setting *at, const char *key,
			struct gw6c_err *err)
{
	const struct gw6c_opt *opt = find_opt(plugin, key);
	bool yes;
	long num;

	if (!opt)
		return unknown_option(plugin, at, key, err);
	if (opt->type == GW6C_YES)
		return conf_yes(at, &yes, err);
	if (opt->type == GW6C_NUM)
		return conf_num(at, opt->min, opt->max, &num, err);
	return GW6C_OK;
}

int loader_check_options(const struct gw6c_plugin *plugin, struct conf *conf,
			 struct gw6c_err *err)
{
	char prefix[LOADER_NAME + 16];
	const struct setting *at;
	int len = snprintf(prefix, sizeof(prefix), "%s.%s.",
			   loader_kind_name(plugin->kind), plugin->name);

	for (size_t i = 0; conf && (at = conf_at(conf, i)); i++)
		if (strncmp(at->key, prefix, (size_t)len) == 0 &&
		    check_option(plugin, at, at->key + len, err))
			return err->rc;
	if (conf)
		conf_mark(conf, prefix);
	return GW6C_OK;
}
