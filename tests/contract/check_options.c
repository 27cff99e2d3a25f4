/* check_options.c - is the table of options one that operators can use? */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "check.h"
#include "core/config/settings_parts.h"
#include "core/modules/loader_parts.h"
#include "core/modules/option.h"

#define LETTERS "abcdefghijklmnopqrstuvwxyz0123456789-_"

static bool needs_default(const struct gw6c_opt *opt)
{
	return opt->type == GW6C_NUM || opt->type == GW6C_YES ||
	       opt->type == GW6C_PORT || opt->type == GW6C_DURATION;
}

static bool has_bounds(const struct gw6c_opt *opt)
{
	return opt->type == GW6C_NUM || opt->type == GW6C_DURATION;
}

static const char *option_fault(const struct gw6c_plugin *plugin,
				const struct gw6c_opt *opt)
{
	bool list = opt->flags & GW6C_OPT_LIST;

	if (!opt->key[0] || strspn(opt->key, LETTERS) != strlen(opt->key))
		return "its key has other letters than a-z, 0-9, - and _";
	if (strchr(opt->summary, '\n') || !opt->summary[0])
		return "its summary is not one line";
	if (has_bounds(opt) && opt->min >= opt->max)
		return "min is not below max";
	if (opt->type == GW6C_ADDRESS && opt->max && opt->max != 4 &&
	    opt->max != 6)
		return "max of an address is 4, 6 or 0";
	if (opt->type == GW6C_SECRET && opt->fallback && *opt->fallback)
		return "a secret has a default that everybody knows";
	if (needs_default(opt) && !list && !opt->fallback)
		return "it has no default, so nobody knows what holds without "
		       "it";
	if (opt->words && opt->type != GW6C_WORD)
		return "it has words, but is not of type GW6C_WORD";
	if ((opt->flags & GW6C_OPT_LOADS) &&
	    (plugin->kind != GW6C_FEATURE || opt->type != GW6C_YES || list))
		return "GW6C_OPT_LOADS is for a yes or no of a feature";
	if (opt->flags & GW6C_OPT_OWN && opt->type != GW6C_STR &&
	    opt->type != GW6C_PATH)
		return "GW6C_OPT_OWN is for a path";
	return NULL;
}

/* A setting of gw6c itself never comes to a plugin. */
static const char *taken_classic(const struct gw6c_opt *opt,
				 char word[OPTION_TEXT])
{
	for (unsigned n = 0; opt->classic && option_word(opt->classic, n, word);
	     n++)
		for (const struct key *at = settings_keys; at->name; at++)
			if (conf_same(at->name, word))
				return word;
	return NULL;
}

static void check_table(const struct gw6c_plugin *plugin)
{
	const char *fault = NULL, *classic = NULL;
	const struct gw6c_opt *opt = plugin->opts;
	char word[OPTION_TEXT];

	report_try("its options are well declared");
	for (; opt && opt->key && !fault; opt++)
		fault = option_fault(plugin, opt);
	report(!fault, "option '%s': %s", fault ? opt[-1].key : "",
	       fault ? fault : "");
	report_try("their classic names are no settings of gw6c itself");
	for (opt = plugin->opts; opt && opt->key && !classic; opt++)
		classic = taken_classic(opt, word);
	report(!classic, "option '%s': gw6c reads '%s' itself",
	       classic ? opt[-1].key : "", classic ? classic : "");
}

static const struct gw6c_opt *find(const struct gw6c_plugin *plugin,
				   const char *key)
{
	const struct gw6c_opt *opt = plugin->opts;

	while (opt && opt->key && !conf_same(opt->key, key))
		opt++;
	return opt && opt->key ? opt : NULL;
}

/* Keys that the core itself reads, or writes. */
static void check_reserved(const struct gw6c_plugin *plugin)
{
	const struct gw6c_opt *interface = find(plugin, "interface");
	const struct gw6c_opt *path = find(plugin, "path");
	bool script =
		plugin->kind == GW6C_OS && (plugin->os->flags & GW6C_OS_SCRIPT);

	report_try("options that gw6c itself reads are of the type that it "
		   "expects");
	if (plugin->kind == GW6C_TUNNEL && interface &&
	    interface->type != GW6C_DEVICE)
		report(false, "'interface' of a mode must be a GW6C_DEVICE");
	else if (script && !path)
		report(false, "with GW6C_OS_SCRIPT, there must be an option "
			      "'path'");
	else
		report(true, " ");
}

void check_options(const struct module *module)
{
	const struct gw6c_plugin *plugin = module->plugin;
	struct gw6c_err err = { 0 };

	check_table(plugin);
	check_reserved(plugin);
	report_try("the options given with -o are its own");
	report(loader_check_options(plugin, module->conf, NULL, &err) == GW6C_OK,
	       "%s", err.text);
}
