/* feature_check.c - what features find wrong with their options. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "feature_check.h"
#include "host.h"
#include "option.h"
#include "plugin_conf.h"

struct one_check {
	const struct feature_checks *checks;
	const struct gw6c_plugin *plugin;
	bool refused;
};

/* The line to name: that of the option, or of what asks for the feature. */
static const struct setting *line_of(const struct gw6c_plugin *plugin,
				     struct conf *conf, const char *key)
{
	const struct gw6c_opt *opt = option_of(plugin, key);
	const struct setting *at = NULL;

	if (opt)
		at = option_setting(plugin, conf, opt, 0);
	for (opt = plugin->opts; !at && opt && opt->key; opt++)
		if (opt->flags & GW6C_OPT_LOADS)
			at = option_setting(plugin, conf, opt, 0);
	return at ? at : plugin_conf_feature(conf, plugin->name);
}

static void on_fault(void *arg, int rc, const char *key, const char *text)
{
	struct one_check *check = arg;
	const struct feature_checks *checks = check->checks;
	const struct setting *at = line_of(check->plugin, checks->conf, key);
	struct gw6c_err err = { 0 };

	if (rc == GW6C_OK || (rc != GW6C_ECONFIG && !checks->strict)) {
		conf_warn(checks->conf, at, "%s", text);
		return;
	}
	if (at)
		conf_fail(at, &err, "%s", text);
	else
		gw6c_fail(&err, GW6C_ECONFIG, "feature %s: %s",
			  check->plugin->name, text);
	checks->refuse(checks->arg, err.text);
	check->refused = true;
}

static bool feature_check(const struct feature_checks *checks,
			  const struct gw6c_plugin *plugin)
{
	const struct gw6c_feature_ops *ops = plugin->feature;
	struct one_check check = { checks, plugin, false };
	struct gw6c_host *host;

	if (!GW6C_HAS(ops, check) || !ops->check)
		return true;
	host = host_new(plugin, NULL, checks->conf, NULL);
	if (!host)
		return true;
	ops->check(host, checks->inner, checks->ours, on_fault, &check);
	host_end(host);
	return !check.refused;
}

bool features_check(const struct feature_checks *checks,
		    const struct feature_list *features)
{
	bool ok = true;

	for (int i = 0; i < features->n; i++)
		if (!feature_check(checks, features->item[i].plugin))
			ok = false;
	return ok;
}
