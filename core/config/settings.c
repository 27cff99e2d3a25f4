/* settings.c - fills struct settings from the table of keys. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "settings_parts.h"
#include "settings_store.h"
#include <string.h>

#define NAMES 256 /* keys, aliases, and some of plugins */

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

bool settings_is_unknown(const struct setting *at)
{
	return !at->used && !at->index && !of_plugin(at->key);
}

void settings_unknown(struct conf *conf, const char *const *more)
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
	for (; more && *more && n < NAMES - 1; more++)
		names[n++] = *more;
	names[n] = NULL;
	for (size_t i = 0; (at = conf_at(conf, i)); i++) {
		const char *near;

		if (!settings_is_unknown(at))
			continue;
		if (!at->line) {
			conf_warn(conf, at,
				  "ignored: no plugin that is "
				  "installed has this option");
			continue;
		}
		near = conf_nearest(at->key, names);
		conf_warn(conf, at, "unknown key, ignored%s%s%s",
			  near ? "; did you mean \"" : "", near ? near : "",
			  near ? "\"?" : "");
	}
}

int settings_read(struct conf *conf, struct settings **out, char *errors,
		  size_t room)
{
	struct settings *settings = settings_new();
	struct reader reader = { conf, settings, errors, room, 0, false };
	struct gw6c_err err = { 0 };

	*out = NULL;
	if (room)
		errors[0] = 0;
	if (!settings) {
		gw6c_fail(&err, GW6C_EOS, "out of memory");
		settings_error(&reader, &err);
		return GW6C_EOS;
	}
	conf_get(conf, "include", 0);
	for (const struct key *key = settings_keys; key->name; key++)
		read_key(&reader, key);
	settings->server_default = !settings_find(conf, "server");
	settings_old(&reader);
	if (!reader.bad)
		settings_secret(&reader);
	if (!reader.bad)
		settings_check(&reader);
	if (reader.bad) {
		settings_free(settings);
		return GW6C_ECONFIG;
	}
	*out = settings;
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

/* What the operator may write, in a few characters. */
static void type_text(const struct key *key, char *room, size_t len)
{
	static const char *const types[] = {
		[KEY_TEXT] = "text",	      [KEY_SECRET] = "secret",
		[KEY_PATH] = "path",	      [KEY_TEMPLATE] = "name|path",
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
