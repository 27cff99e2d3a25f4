/* settings.c - fills struct settings from the table of keys. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "conf_parts.h"
#include "core/base/wipe.h"
#include "settings_parts.h"
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#define NAMES 96 /* keys and aliases, at least */

/* What settings_read() hands out, with the texts its members point to. */
struct store {
	struct settings settings; /* first */
	char **text;
	size_t texts;
};

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

static void read_key(struct reader *reader, const struct key *key)
{
	const struct setting *at = settings_find(reader->conf, key->name);
	struct setting fallback = { .key = key->name,
				    .value = key->fallback,
				    .file = "" };
	bool list = key->type == KEY_NAMES || key->type == KEY_HOSTS;
	struct gw6c_err err = { 0 };
	int rc;

	if (at && !list && conf_get(reader->conf, at->key, 1))
		rc = conf_fail(at, &err, "takes one value, not a list");
	else
		rc = settings_value(reader, key, at ? at : &fallback, &err);
	if (rc)
		settings_error(reader, &err);
}

/* KIND.NAME.OPTION */
static bool of_plugin(const char *key)
{
	static const char *const kinds[] = { "auth.", "tunnel.", "os.",
					     "feature." };

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (strncmp(key, kinds[i], strlen(kinds[i])) == 0)
			return strchr(key + strlen(kinds[i]), '.');
	return false;
}

static void warn_unknown(struct conf *conf)
{
	const char *names[NAMES];
	const struct setting *at;
	size_t n = 0;

	for (const struct key *key = settings_keys; key->name && n < NAMES - 1;
	     key++)
		names[n++] = key->name;
	for (const struct alias *alias = settings_aliases;
	     alias->name && n < NAMES - 1; alias++)
		names[n++] = alias->name;
	names[n] = NULL;
	for (size_t i = 0; (at = conf_at(conf, i)); i++) {
		const char *near;

		if (at->used || at->index || of_plugin(at->key))
			continue;
		near = conf_nearest(at->key, names);
		conf_warn(conf, at, "unknown key, ignored%s%s%s",
			  near ? "; did you mean \"" : "", near ? near : "",
			  near ? "\"?" : "");
	}
}

int settings_read(struct conf *conf, struct settings **out, char *errors,
		  size_t room)
{
	struct store *store = calloc(1, sizeof(*store));
	struct reader reader = { conf,	 (struct settings *)store,
				 errors, room,
				 0,	 false };
	struct gw6c_err err = { 0 };

	*out = NULL;
	if (room)
		errors[0] = 0;
	if (!store) {
		gw6c_fail(&err, GW6C_EOS, "out of memory");
		settings_error(&reader, &err);
		return GW6C_EOS;
	}
	conf_get(conf, "include", 0);
	for (const struct key *key = settings_keys; key->name; key++)
		read_key(&reader, key);
	store->settings.server_default = !settings_find(conf, "server");
	settings_old(&reader);
	warn_unknown(conf);
	if (!reader.bad)
		settings_secret(&reader);
	if (!reader.bad)
		settings_check(&reader);
	if (reader.bad) {
		settings_free(&store->settings);
		return GW6C_ECONFIG;
	}
	*out = &store->settings;
	return GW6C_OK;
}

static bool same_list(const char *const *a, const char *const *b)
{
	for (; *a && *b; a++, b++)
		if (strcmp(*a, *b) != 0)
			return false;
	return !*a && !*b;
}

static bool same_value(const struct key *key, const void *a, const void *b)
{
	switch (key->type) {
	case KEY_PAIR:
	case KEY_YES:
		return *(const bool *)a == *(const bool *)b;
	case KEY_NUM:
	case KEY_SIZE:
		return *(const int *)a == *(const int *)b;
	case KEY_NAMES:
	case KEY_HOSTS:
		return same_list(a, b);
	default:
		return strcmp(*(const char *const *)a,
			      *(const char *const *)b) == 0;
	}
}

bool settings_same_session(const struct settings *a, const struct settings *b)
{
	for (const struct key *key = settings_keys; key->name; key++)
		if (key->session &&
		    !same_value(key, (const char *)a + key->offset,
				(const char *)b + key->offset))
			return false;
	return true;
}

const char *settings_dev(const struct settings *settings, const char *mode)
{
	if (strcasecmp(mode, "v6v4") == 0)
		return settings->if_v6v4;
	if (strcasecmp(mode, "v6udpv4") == 0)
		return settings->if_v6udpv4;
	if (strcasecmp(mode, "v4v6") == 0)
		return settings->if_v4v6;
	return "";
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

/* What the operator may write, in a few characters. */
static void type_text(const struct key *key, char *room, size_t len)
{
	static const char *const types[] = {
		[KEY_TEXT] = "text",	      [KEY_SECRET] = "secret",
		[KEY_PATH] = "path",	      [KEY_DEV] = "interface|auto",
		[KEY_ADDR4] = "IPv4|auto",    [KEY_ADDR6] = "IPv6|auto",
		[KEY_SERVER] = "server",      [KEY_NAME] = "name",
		[KEY_YES] = "yes|no",	      [KEY_NAMES] = "names",
		[KEY_HOSTS] = "domain names",
	};
	size_t used = 0;

	if (key->type == KEY_NUM) {
		snprintf(room, len, "%ld..%ld", key->min, key->max);
		return;
	}
	if (!key->words) {
		snprintf(room, len, "%s", types[key->type]);
		return;
	}
	for (int i = 0; key->words[i] && used < len; i++)
		used += (size_t)snprintf(room + used, len - used, "%s%s",
					 i ? "|" : "", key->words[i]);
}

void settings_describe(void (*line)(void *arg, const char *text), void *arg)
{
	char type[160], text[400];

	for (const struct key *key = settings_keys; key->name; key++) {
		type_text(key, type, sizeof(type));
		snprintf(text, sizeof(text), "%s=%s: %s (%s)", key->name,
			 key->fallback, key->meaning, type);
		line(arg, text);
	}
}
