/* classic.c - settings of older files that options of plugins stand for. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "classic.h"
#include "option.h"
#include "plugin_index.h"
#include <stdlib.h>
#include <string.h>

#define NAMES 64 /* classic names to suggest */
#define NAME_MAX_OCTETS 48

struct classic {
	struct conf *conf;
	char name[NAMES][NAME_MAX_OCTETS];
	int names;
	struct gw6c_err *err;
};

static bool has_unknown(const struct conf *conf)
{
	const struct setting *at;

	for (size_t i = 0; (at = conf_at(conf, i)); i++)
		if (settings_is_unknown(at))
			return true;
	return false;
}

static bool of_command_line(const struct conf *conf, const char *name)
{
	const struct setting *at;

	for (size_t i = 0; (at = conf_at(conf, i)); i++)
		if (!at->line && strcmp(at->key, name) == 0)
			return true;
	return false;
}

/* A letter is an option of the command line, and of no file. */
static const struct setting *filled(struct conf *conf, const char *name)
{
	const struct setting *at;

	if (name[0] == '-' && !of_command_line(conf, name))
		return NULL;
	at = conf_get(conf, name, 0);
	if (!at)
		return NULL;
	return *at->value || conf_get(conf, name, 1) ? at : NULL;
}

static void warn_ignored(struct conf *conf, const struct setting *at,
			 const struct setting *best)
{
	if (at != best && at->line && best->line)
		conf_warn(conf, at, "ignored; overridden by %s at %s:%d",
			  best->key, best->file, best->line);
}

static int adopt_option(struct classic *classic,
			const struct gw6c_plugin *plugin,
			const struct gw6c_opt *opt)
{
	const struct setting *own =
		option_setting(plugin, classic->conf, opt, 0);
	const struct setting *best = own && *own->value ? own : NULL, *at;
	char key[OPTION_NAME], word[OPTION_TEXT], from[OPTION_NAME];

	own = best;
	for (unsigned n = 0; option_word(opt->classic, n, word); n++) {
		at = filled(classic->conf, word);
		if (at && (!best || (best->line && !at->line)))
			best = at;
	}
	for (unsigned n = 0; option_word(opt->classic, n, word); n++)
		if ((at = filled(classic->conf, word)))
			warn_ignored(classic->conf, at, best);
	if (best == own)
		return GW6C_OK;
	snprintf(key, sizeof(key), "%s.%s.%s", plugin_kind_name(plugin->kind),
		 plugin->name, opt->key);
	snprintf(from, sizeof(from), "%s", best->key);
	return conf_adopt(classic->conf, from, key, classic->err);
}

static void add_names(struct classic *classic, const struct gw6c_opt *opt)
{
	char word[OPTION_TEXT];

	for (unsigned n = 0; option_word(opt->classic, n, word); n++)
		if (classic->names < NAMES && word[0] != '-')
			snprintf(classic->name[classic->names++],
				 NAME_MAX_OCTETS, "%.*s", NAME_MAX_OCTETS - 1,
				 word);
}

static void adopt_plugin(void *arg, const char *name,
			 const struct gw6c_plugin *plugin,
			 const struct gw6c_err *err)
{
	struct classic *classic = arg;

	(void)name;
	(void)err;
	if (!plugin)
		return;
	for (const struct gw6c_opt *opt = plugin->opts; opt && opt->key; opt++)
		if (opt->classic && !classic->err->rc) {
			add_names(classic, opt);
			adopt_option(classic, plugin, opt);
		}
}

static void warn_unknown(const struct classic *classic)
{
	const char *names[NAMES + 1];

	for (int i = 0; i < classic->names; i++)
		names[i] = classic->name[i];
	names[classic->names] = NULL;
	settings_unknown(classic->conf, names);
}

int classic_adopt(struct loader *loader, struct conf *conf,
		  const struct settings *settings, struct gw6c_err *err)
{
	struct classic *classic = calloc(1, sizeof(*classic));
	bool unknown = has_unknown(conf);

	if (!classic)
		return gw6c_fail(err, GW6C_EOS, "out of memory");
	classic->conf = conf;
	classic->err = err;
	for (int kind = GW6C_AUTH; unknown && kind <= GW6C_FEATURE; kind++)
		loader_each(loader, (enum gw6c_kind)kind, adopt_plugin,
			    classic);
	plugin_index_apply(loader, conf, settings);
	warn_unknown(classic);
	free(classic);
	return err->rc;
}
