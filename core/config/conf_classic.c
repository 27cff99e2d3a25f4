/* conf_classic.c - reads NAME=VALUE lines as gw6c.conf has always had them:
 * no quotes, no escapes, no comment behind a value. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "conf_parts.h"
#include <string.h>

/* Repeating one of these adds to it. */
static bool repeats(const char *key)
{
	return strcmp(key, "include") == 0 || strcmp(key, "log") == 0;
}

/* Cut blanks, and the CR of DOS line ends, off both ends. */
static char *trim(char *text)
{
	char *end = text + strlen(text);

	while (end > text && strchr(" \t\r", end[-1]))
		*--end = 0;
	return text + strspn(text, " \t");
}

/* Elements that the key already has from this file. */
static int elements(const struct conf *conf, const struct conf_at *at,
		    const char *key)
{
	const struct setting *setting;
	int n = 0;

	for (size_t i = 0; (setting = conf_at(conf, i)); i++)
		if (setting->file == at->file && conf_same(setting->key, key))
			n++;
	return n;
}

/* "value # what it is for" */
static bool comment_behind(const char *value)
{
	const char *hash = value;

	while ((hash = strchr(hash, '#')))
		if (hash++ > value && strchr(" \t", hash[-2]))
			return true;
	return false;
}

/* A line that does not even begin like a setting is worth a word: "server
 * 192.0.2.1" names no key. */
static bool lacks_equals(const char *line)
{
	return line[strcspn(line, " \t:")];
}

static int statement(struct conf *conf, struct conf_at *at, char *line,
		     struct gw6c_err *err)
{
	char *equals = strchr(line, '=');
	const char *value = "", *key;
	size_t len;

	if (!equals && lacks_equals(line)) {
		conf_warn_at(conf, at,
			     "no '=' in this line, which is ignored; write "
			     "NAME=VALUE");
		return GW6C_OK;
	}
	if (equals) {
		*equals = 0;
		value = trim(equals + 1);
	}
	key = trim(line);
	if (!*key && !*value)
		return gw6c_fail(err, GW6C_ECONFIG,
				 "%s:%d: a line of '=' only; write NAME=VALUE",
				 at->file, at->line);
	if (!*key) {
		conf_warn_at(conf, at, "no name before '='; line ignored");
		return GW6C_OK;
	}
	if (comment_behind(value))
		conf_warn_at(conf, at,
			     "%s: the value has a '#' behind a blank, which "
			     "is part of it; a comment needs a line of its "
			     "own",
			     key);
	len = strlen(value);
	if (len > 1 && value[0] == '"' && value[len - 1] == '"')
		conf_warn_at(conf, at,
			     "%s: the quotes are part of the value here; "
			     "remove them if that is not intended",
			     key);
	at->index = repeats(key) ? elements(conf, at, key) : 0;
	return conf_add(conf, at, key, value, err);
}

int conf_read_classic(struct conf *conf, const char *file, char *text,
		      struct gw6c_err *err)
{
	struct conf_at at = { .file = file };

	while (*text) {
		char *end = strchr(text, '\n');
		char *line = text;

		*end = 0;
		text = end + 1;
		at.line++;
		if (end - line > CONF_LINE)
			return gw6c_fail(err, GW6C_ECONFIG,
					 "%s:%d: the line is %zu characters "
					 "long; the maximum is %d",
					 file, at.line, (size_t)(end - line),
					 CONF_LINE);
		line = trim(line);
		if (!*line || *line == '#')
			continue;
		if (statement(conf, &at, line, err))
			return err->rc;
	}
	return GW6C_OK;
}
