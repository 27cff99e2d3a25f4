/* features_reload.c - features whose options have changed. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/base/log.h"
#include "features_parts.h"

static bool same_list(const struct gw6c_host *a, const struct gw6c_host *b,
		      const char *key)
{
	for (unsigned n = 0;; n++) {
		const char *one = a->item(a, key, n),
			   *other = b->item(b, key, n);

		if (!one || !other)
			return one == other;
		if (strcmp(one, other) != 0)
			return false;
	}
}

static bool same_options(const struct gw6c_plugin *plugin,
			 const struct gw6c_host *a, const struct gw6c_host *b)
{
	for (const struct gw6c_opt *opt = plugin->opts; opt && opt->key; opt++)
		if (opt->flags & GW6C_OPT_LIST
			    ? !same_list(a, b, opt->key)
			    : strcmp(a->str(a, opt->key), b->str(b, opt->key)))
			return false;
	return true;
}

static bool feature_differs(const struct feature *feature, struct conf *conf)
{
	struct gw6c_host *fresh = host_new(feature->plugin, NULL, conf, NULL);
	bool same =
		fresh && same_options(feature->plugin, feature->host, fresh);

	host_end(fresh);
	return !same;
}

/* In place. */
static void feature_adapt(struct feature *feature, struct conf *conf)
{
	struct gw6c_err err = { 0 };

	host_use_conf(feature->host, conf);
	if (feature->plugin->feature->reload(feature->self, &err))
		log_msg(GW6C_WARN, "tunnel",
			"feature %s does not take over its new options: %s",
			feature->plugin->name, err.text);
}

static void feature_reopen(struct feature *feature, struct conf *conf,
			   const struct gw6c_news *down)
{
	struct gw6c_err err = { 0 };

	if (feature->ready)
		feature->plugin->feature->tell(feature->self, down);
	feature_close(feature);
	if (feature_open(feature, conf, &err))
		log_msg(GW6C_WARN, "tunnel",
			"feature %s does not start with its new options: %s; "
			"continuing without it",
			feature->plugin->name, err.text);
}

void features_reload(struct features *features, struct conf *conf,
		     const struct gw6c_news *down)
{
	for (int i = 0; i < features->n; i++) {
		struct feature *feature = &features->feature[i];
		const struct gw6c_feature_ops *ops = feature->plugin->feature;

		if (feature->host && !feature_differs(feature, conf))
			continue;
		if (feature->host && GW6C_HAS(ops, reload) && ops->reload)
			feature_adapt(feature, conf);
		else
			feature_reopen(feature, conf, down);
	}
}
