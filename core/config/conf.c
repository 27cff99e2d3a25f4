/* conf.c - the settings of all files and of the command line, in one list. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifdef HAVE_CONFIG_H
#include "config.h"
#endif
#include "conf_parts.h"
#include "core/base/wipe.h"
#include <stdlib.h>
#include <string.h>

/* A setting and which load it is of: the same load twice is worth a
 * warning. */
struct entry {
	struct setting setting; /* first: conf_at() hands it out */
	const char *load; /* the file's kept name */
	struct entry *next; /* in its bucket, in order */
};

struct conf {
	struct entry **entry; /* in order */
	size_t entries, room;
	struct entry **bucket; /* by their keys; as many as there is room */
	char *warning[CONF_WARNINGS];
	size_t warnings;
	char **name; /* of files and options */
	size_t names;
};

struct conf *conf_new(void)
{
	return calloc(1, sizeof(struct conf));
}

static void free_secret(const char *text)
{
	if (text)
		wipe((char *)text, strlen(text));
	free((char *)text);
}

static void entry_free(struct entry *entry)
{
	free_secret(entry->setting.value);
	free_secret(entry->setting.bare);
	free((char *)entry->setting.key);
	free(entry);
}

void conf_free(struct conf *conf)
{
	if (!conf)
		return;
	for (size_t i = 0; i < conf->entries; i++)
		entry_free(conf->entry[i]);
	for (size_t i = 0; i < conf->warnings; i++)
		free(conf->warning[i]);
	for (size_t i = 0; i < conf->names; i++)
		free(conf->name[i]);
	free(conf->name);
	free(conf->bucket);
	free(conf->entry);
	free(conf);
}

const char *conf_keep_name(struct conf *conf, const char *name)
{
	char **more = realloc(conf->name, (conf->names + 1) * sizeof(*more));

	if (!more)
		return NULL;
	conf->name = more;
	more[conf->names] = strdup(name);
	return more[conf->names] ? more[conf->names++] : NULL;
}

/* --- entries ------------------------------------------------------------- */

static struct entry **bucket_of(const struct conf *conf, const char *key)
{
	return &conf->bucket[conf_hash(key) & (conf->room - 1)];
}

/* The element of a key, or any (-1); NULL: there is none. */
static struct entry *find(const struct conf *conf, const char *key, int index)
{
	struct entry *at = conf->room ? *bucket_of(conf, key) : NULL;

	while (at && ((index >= 0 && at->setting.index != index) ||
		      !conf_same(at->setting.key, key)))
		at = at->next;
	return at;
}

static void link_entry(struct conf *conf, struct entry *entry)
{
	struct entry **at = bucket_of(conf, entry->setting.key);

	while (*at)
		at = &(*at)->next;
	entry->next = NULL;
	*at = entry;
}

static void unlink_entry(struct conf *conf, struct entry *entry)
{
	struct entry **at = bucket_of(conf, entry->setting.key);

	while (*at != entry)
		at = &(*at)->next;
	*at = entry->next;
}

static bool make_room(struct conf *conf)
{
	size_t room = conf->room ? 2 * conf->room : 64;
	struct entry **entry, **bucket;

	if (conf->entries < conf->room)
		return true;
	entry = realloc(conf->entry, room * sizeof(struct entry *));
	if (!entry)
		return false;
	conf->entry = entry;
	bucket = calloc(room, sizeof(struct entry *));
	if (!bucket)
		return false;
	free(conf->bucket);
	conf->bucket = bucket;
	conf->room = room;
	for (size_t i = 0; i < conf->entries; i++)
		link_entry(conf, conf->entry[i]);
	return true;
}

/* Take out all elements of a key. True if one was of the same load. */
static bool remove_key(struct conf *conf, const char *key, const char *load)
{
	bool twice = false;
	size_t kept = 0;

	if (!find(conf, key, -1))
		return false;
	for (size_t i = 0; i < conf->entries; i++) {
		struct entry *entry = conf->entry[i];

		if (conf_same(entry->setting.key, key)) {
			twice |= entry->load == load;
			unlink_entry(conf, entry);
			entry_free(entry);
		} else {
			conf->entry[kept++] = entry;
		}
	}
	conf->entries = kept;
	return twice;
}

static int no_memory(struct gw6c_err *err)
{
	return gw6c_fail(err, GW6C_EOS, "out of memory");
}

int conf_add(struct conf *conf, const struct conf_at *at, const char *key,
	     const char *value, struct gw6c_err *err)
{
	struct entry *entry;

	if (strlen(key) >= CONF_KEY)
		return gw6c_fail(err, GW6C_ECONFIG,
				 "%s:%d: the name is longer than %d "
				 "characters",
				 at->file, at->line, CONF_KEY - 1);
	if (at->index == 0 && remove_key(conf, key, at->file))
		conf_warn_at(conf, at,
			     "%s: duplicate key; this line takes precedence",
			     key);
	if (conf->entries == CONF_SETTINGS)
		return gw6c_fail(err, GW6C_ECONFIG,
				 "%s:%d: more than %d settings", at->file,
				 at->line, CONF_SETTINGS);
	if (!make_room(conf))
		return no_memory(err);
	entry = calloc(1, sizeof(*entry));
	if (!entry)
		return no_memory(err);
	entry->load = at->file;
	entry->setting = (struct setting){
		.key = strdup(key),
		.value = strdup(value),
		.bare = at->bare ? strdup(at->bare) : NULL,
		.file = at->file,
		.line = at->line,
		.index = at->index,
	};
	if (!entry->setting.key || !entry->setting.value ||
	    (at->bare && !entry->setting.bare)) {
		entry_free(entry);
		return no_memory(err);
	}
	conf->entry[conf->entries++] = entry;
	link_entry(conf, entry);
	return GW6C_OK;
}

int conf_set(struct conf *conf, const char *key, const char *value,
	     const char *option, struct gw6c_err *err)
{
	struct conf_at at = { .file = conf_keep_name(conf, option) };

	if (!at.file)
		return no_memory(err);
	return conf_add(conf, &at, key, value, err);
}

/* Element by element: conf_add() moves the entries about. */
int conf_adopt(struct conf *conf, const char *from, const char *key,
	       struct gw6c_err *err)
{
	const char *said = conf_keep_name(conf, from);

	if (!said)
		return no_memory(err);
	for (int i = 0; find(conf, from, i); i++) {
		struct setting at = *conf_get(conf, from, i);
		/* A load of its own: nothing is there twice. */
		const struct conf_at place = {
			.file = at.file,
			.line = at.line,
			.index = i,
			.bare = at.bare,
		};

		if (i == 0)
			remove_key(conf, key, NULL);
		if (conf_add(conf, &place, key, at.value, err))
			return err->rc;
		conf->entry[conf->entries - 1]->setting.said = said;
	}
	return GW6C_OK;
}

const struct setting *conf_get(struct conf *conf, const char *key, int index)
{
	struct entry *entry = find(conf, key, index);

	if (!entry)
		return NULL;
	entry->setting.used = true;
	return &entry->setting;
}

const struct setting *conf_at(const struct conf *conf, size_t n)
{
	return n < conf->entries ? &conf->entry[n]->setting : NULL;
}

void conf_mark(struct conf *conf, const char *prefix)
{
	size_t len = strlen(prefix);

	for (size_t i = 0; i < conf->entries; i++) {
		struct setting *setting = &conf->entry[i]->setting;
		char start[CONF_KEY];

		snprintf(start, sizeof(start), "%.*s", (int)len, setting->key);
		if (len < sizeof(start) && conf_same(start, prefix))
			setting->used = true;
	}
}

const char *conf_warning(const struct conf *conf, size_t n)
{
	return n < conf->warnings ? conf->warning[n] : NULL;
}

GW6C_PRINTF(3, 0)
static void warn(struct conf *conf, const char *where, const char *fmt,
		 va_list args)
{
	char text[500];

	vsnprintf(text, sizeof(text), fmt, args);
	if (conf->warnings == CONF_WARNINGS)
		return;
	if (asprintf(&conf->warning[conf->warnings], "%s%s", where, text) >= 0)
		conf->warnings++;
}

void conf_warn(struct conf *conf, const struct setting *at, const char *fmt,
	       ...)
{
	char where[500] = "";
	va_list args;

	if (at)
		conf_where(at, where, sizeof(where));
	va_start(args, fmt);
	warn(conf, where, fmt, args);
	va_end(args);
}

void conf_warn_at(struct conf *conf, const struct conf_at *at, const char *fmt,
		  ...)
{
	char where[500];
	va_list args;

	snprintf(where, sizeof(where), "%s:%d: ", at->file, at->line);
	va_start(args, fmt);
	warn(conf, where, fmt, args);
	va_end(args);
}
