/* plugin_index.c - optional packages, and the settings that ask for them. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "plugin_index.h"
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#define NAME "plugins.index"
#define LINE 1024 /* octets of a line with its NUL */

/* One line. */
struct entry {
	enum gw6c_kind kind;
	char plugin[OPTION_TEXT]; /* "feature:name" */
	const char *name; /* of the plugin, in it */
	char package[OPTION_TEXT];
	const char *rest; /* words: KEY, KEY=VALUE, !KEY=VALUE */
	const char *effect; /* what is missing without it, or "" */
};

static FILE *index_open(const struct loader *loader)
{
	char path[PATH_MAX];
	const char *dir;
	FILE *file = NULL;

	for (int i = 0; !file && (dir = loader_dir(loader, i)); i++) {
		snprintf(path, sizeof(path), "%s/" NAME, dir);
		file = fopen(path, "re");
	}
	return file ? file : fopen(PLUGIN_INDEX, "re");
}

/* False: an empty line, a comment, or nothing that this gw6c understands. */
static bool entry_parse(char *line, struct entry *entry)
{
	char *effect = strstr(line, " -- ");
	const char *colon;

	line[strcspn(line, "\n#")] = 0;
	entry->effect = "";
	if (effect) {
		*effect = 0;
		entry->effect = effect + strlen(" -- ");
	}
	entry->rest = line;
	if (!option_word(line, 0, entry->plugin) ||
	    !option_word(line, 1, entry->package))
		return false;
	colon = strchr(entry->plugin, ':');
	if (!colon ||
	    !plugin_kind_parse(entry->plugin, (size_t)(colon - entry->plugin),
			       &entry->kind))
		return false;
	entry->name = colon + 1;
	return true;
}

/* The setting, if it has that value; "yes" in all its forms. */
static const struct setting *with_value(struct conf *conf, const char *key,
					const char *value)
{
	const struct setting *at = conf_get(conf, key, 0);
	bool yes = false;

	if (!at)
		return NULL;
	if (strcmp(value, "yes") == 0)
		return conf_yes(at, &yes, NULL) == GW6C_OK && yes ? at : NULL;
	return strcasecmp(at->value, value) == 0 ? at : NULL;
}

/* The setting that asks for the plugin, or NULL. All of its settings are known
 * afterwards. */
static const struct setting *asking(struct conf *conf,
				    const struct entry *entry)
{
	const struct setting *found = NULL, *at;
	char word[OPTION_TEXT];
	bool barred = false;

	for (unsigned n = 2; option_word(entry->rest, n, word); n++) {
		bool bar = word[0] == '!';
		char *equals = strchr(word, '=');

		if (equals)
			*equals++ = 0;
		at = equals ? with_value(conf, word + bar, equals)
			    : conf_get(conf, word, 0);
		if (equals && at && bar)
			barred = true;
		else if (equals && at && !found)
			found = at;
	}
	return barred ? NULL : found;
}

static bool is_named(const struct settings *settings, const struct entry *entry)
{
	for (int i = 0; settings->features[i]; i++)
		if (entry->kind == GW6C_FEATURE &&
		    conf_same(settings->features[i], entry->name))
			return true;
	return false;
}

static void entry_apply(struct loader *loader, struct conf *conf,
			const struct settings *settings,
			const struct entry *entry)
{
	const struct setting *at;

	if (loader_has(loader, entry->kind, entry->name))
		return;
	at = asking(conf, entry);
	if (at && !is_named(settings, entry))
		conf_warn(conf, at,
			  "needs the plugin %s, which is not installed%s%s; "
			  "install the package %s",
			  entry->plugin, *entry->effect ? ": " : "",
			  entry->effect, entry->package);
}

void plugin_index_apply(struct loader *loader, struct conf *conf,
			const struct settings *settings)
{
	FILE *file = index_open(loader);
	struct entry entry;
	char line[LINE];

	while (file && fgets(line, sizeof(line), file))
		if (entry_parse(line, &entry))
			entry_apply(loader, conf, settings, &entry);
	if (file)
		fclose(file);
}

bool plugin_index_package(const struct loader *loader, enum gw6c_kind kind,
			  const char *name, char package[OPTION_TEXT])
{
	FILE *file = index_open(loader);
	struct entry entry;
	char line[LINE];
	bool found = false;

	while (file && !found && fgets(line, sizeof(line), file))
		found = entry_parse(line, &entry) && entry.kind == kind &&
			conf_same(entry.name, name);
	if (found)
		snprintf(package, OPTION_TEXT, "%s", entry.package);
	if (file)
		fclose(file);
	return found;
}
