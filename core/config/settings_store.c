/* settings_store.c - the texts that settings point to, the settings that are in
 * force, and mistakes. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "settings_store.h"
#include "core/base/wipe.h"
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* What settings_read() hands out, with the texts its members point to. */
struct store {
	struct settings settings; /* first */
	char **text;
	size_t texts;
};

struct settings *settings_new(void)
{
	struct store *store = calloc(1, sizeof(*store));

	return store ? &store->settings : NULL;
}

const char *settings_keep(struct settings *settings, const char *text,
			  size_t len)
{
	struct store *store = (struct store *)settings;
	char **more = realloc(store->text, (store->texts + 1) * sizeof(*more));

	if (!more)
		return NULL;
	store->text = more;
	more[store->texts] = strndup(text, len);
	return more[store->texts] ? more[store->texts++] : NULL;
}

void settings_free(struct settings *settings)
{
	struct store *store = (struct store *)settings;

	if (!store)
		return;
	for (size_t i = 0; i < store->texts; i++) {
		wipe(store->text[i], strlen(store->text[i]));
		free(store->text[i]);
	}
	free(store->text);
	free(store);
}

void settings_error(struct reader *reader, const struct gw6c_err *err)
{
	int len = snprintf(reader->errors + reader->used,
			   reader->room - reader->used, "%s%s",
			   reader->bad ? "\n" : "", err->text);

	reader->bad = true;
	if (len > 0)
		reader->used += (size_t)len;
	if (reader->used >= reader->room)
		reader->used = reader->room ? reader->room - 1 : 0;
}

static const struct setting *filled(struct conf *conf, const char *name)
{
	const struct setting *at = conf_get(conf, name, 0);
	bool list = conf_get(conf, name, 1);

	return at && (*at->value || list) ? at : NULL;
}

const struct setting *settings_find(struct conf *conf, const char *key)
{
	const struct setting *best = filled(conf, key);

	for (const struct alias *alias = settings_aliases; alias->name;
	     alias++) {
		const struct setting *at;

		if (strcmp(alias->key, key) != 0)
			continue;
		at = filled(conf, alias->name);
		/* What the command line says wins anyway. */
		if (at && (!best || (alias->newer && best->line)))
			best = at;
	}
	return best;
}

const char *settings_path(const struct settings *settings, const char *name,
			  char *room, size_t len)
{
	if (name[0] == '/' || access(name, F_OK) == 0)
		snprintf(room, len, "%s", name);
	else
		snprintf(room, len, "%s/%s", settings->state_dir, name);
	return room;
}

void settings_refuse(struct reader *reader, const char *key, const char *fmt,
		     ...)
{
	const struct setting *at = settings_find(reader->conf, key);
	struct gw6c_err err = { 0 };
	char text[400];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	if (at)
		conf_fail(at, &err, "%s", text);
	else
		gw6c_fail(&err, GW6C_ECONFIG, "configuration: %s: %s", key,
			  text);
	settings_error(reader, &err);
}

void settings_doubt(struct reader *reader, const char *key, const char *fmt,
		    ...)
{
	const struct setting *at = settings_find(reader->conf, key);
	char text[400];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	if (at)
		conf_warn(reader->conf, at, "%s", text);
}
