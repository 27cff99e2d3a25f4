/* wanted.c - which features the configuration asks for. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "wanted.h"
#include "plugin_conf.h"
#include "plugin_index.h"

struct wanted {
	struct loader *loader;
	struct conf *conf;
	uint32_t flags; /* of features that a router can use */
	struct feature_list *out;
	struct gw6c_err *err;
};

/* at: the setting that asks for it, NULL if none does. */
static int add(struct wanted *wanted, const char *name,
	       const struct setting *at, bool implied, struct gw6c_err *err)
{
	struct feature_list *out = wanted->out;
	const struct gw6c_plugin *plugin;

	if (loader_get(wanted->loader, GW6C_FEATURE, name, at, &plugin, err))
		return err->rc;
	for (int i = 0; i < out->n; i++)
		if (out->item[i].plugin == plugin)
			return GW6C_OK;
	if (out->n == FEATURES_MAX)
		return gw6c_fail(err, GW6C_ECONFIG, "more than %d features",
				 FEATURES_MAX);
	out->item[out->n].plugin = plugin;
	out->item[out->n++].implied = implied;
	return GW6C_OK;
}

/* The setting that switches the feature on, or NULL. */
static const struct setting *switched_on(const struct gw6c_plugin *plugin,
					 struct conf *conf)
{
	for (const struct gw6c_opt *opt = plugin->opts; opt && opt->key;
	     opt++) {
		const struct setting *at;
		bool yes = false;

		if (opt->type != GW6C_YES || !(opt->flags & GW6C_OPT_LOADS))
			continue;
		at = option_setting(plugin, conf, opt, 0);
		/* What is no answer at all is for the loader to refuse. */
		if (at && *at->value &&
		    (conf_yes(at, &yes, NULL) != GW6C_OK || yes))
			return at;
	}
	return NULL;
}

/* Nothing more is to be said of its options. */
static void leave_out(struct wanted *wanted, const char *name,
		      const struct gw6c_err *why)
{
	char prefix[LOADER_NAME + 16];

	conf_warn(wanted->conf, NULL, "%s; feature %s is left out", why->text,
		  name);
	snprintf(prefix, sizeof(prefix), "feature.%s.", name);
	conf_mark(wanted->conf, prefix);
}

static void consider(void *arg, const char *name,
		     const struct gw6c_plugin *plugin,
		     const struct gw6c_err *err)
{
	struct wanted *wanted = arg;
	const struct setting *at;
	struct gw6c_err why = { 0 };

	(void)err;
	if (!plugin || wanted->err->rc)
		return;
	at = switched_on(plugin, wanted->conf);
	if (at)
		add(wanted, name, at, false, wanted->err);
	else if (plugin->feature->flags & wanted->flags &&
		 add(wanted, name, NULL, true, &why))
		leave_out(wanted, name, &why);
}

/* What a router can use that asks for a prefix. */
static int router_flags(struct wanted *wanted, const struct settings *settings)
{
	const struct gw6c_plugin *mode;

	if (!settings->router || settings->proxy_client)
		return GW6C_OK;
	if (loader_get(wanted->loader, GW6C_TUNNEL, settings->tunnel_mode,
		       conf_get(wanted->conf, "tunnel_mode", 0), &mode,
		       wanted->err))
		return wanted->err->rc;
	wanted->flags = mode->tunnel->inner == 4 ? GW6C_FEATURE_ROUTER4
						 : GW6C_FEATURE_ROUTER6;
	return GW6C_OK;
}

/* One that features= names. */
static int add_named(struct wanted *wanted, const char *name)
{
	struct gw6c_err why = { 0 }, *err = wanted->err;
	char package[OPTION_TEXT];

	if (!add(wanted, name, plugin_conf_feature(wanted->conf, name), false,
		 &why))
		return GW6C_OK;
	if (!loader_has(wanted->loader, GW6C_FEATURE, name) &&
	    plugin_index_package(wanted->loader, GW6C_FEATURE, name, package))
		return gw6c_fail(err, why.rc, "%s; install the package %s",
				 why.text, package);
	*err = why;
	return err->rc;
}

int features_wanted(struct loader *loader, struct conf *conf,
		    const struct settings *settings, struct feature_list *out,
		    struct gw6c_err *err)
{
	struct wanted wanted = { loader, conf, 0, out, err };
	const char *const *names = settings->features;

	*out = (struct feature_list){ .n = 0 };
	if (router_flags(&wanted, settings))
		return err->rc;
	for (int i = 0; i < SETTINGS_LIST && names[i]; i++)
		if (add_named(&wanted, names[i]))
			return err->rc;
	loader_each(loader, GW6C_FEATURE, consider, &wanted);
	return err->rc;
}
