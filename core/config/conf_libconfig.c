/* conf_libconfig.c - reads structured files; the only user of libconfig. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "conf_parts.h"
#include "core/base/wipe.h"
#include <errno.h>
#include <libconfig.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define GROUPS 8 /* nested in each other */
#define BARE 64 /* octets of a value without quotes that are kept */
#define DIGITS "0123456789"
#define LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

/* Octets of the comment or string at text, 0: there is none. */
static size_t skip_quiet(const char *text)
{
	const char *end;

	if (text[0] == '#' || (text[0] == '/' && text[1] == '/'))
		return strcspn(text, "\n");
	if (text[0] == '/' && text[1] == '*') {
		end = strstr(text + 2, "*/");
		return end ? (size_t)(end - text) + 2 : strlen(text);
	}
	if (text[0] != '"')
		return 0;
	for (end = text + 1; *end && *end != '"'; end++)
		if (*end == '\\' && end[1])
			end++;
	return (size_t)(end - text) + (*end == '"');
}

/* Is the number at text one that libconfig 1.5 would wrap silently? */
static bool wraps(const char *text)
{
	bool hex = text[0] == '0' && (text[1] == 'x' || text[1] == 'X');
	unsigned long long value;
	char *end;

	errno = 0;
	value = strtoull(text, &end, hex ? 16 : 10);
	if (errno)
		return true;
	if (*end == 'L')
		return value > LLONG_MAX;
	return !strchr(".eE", *end) && value > INT_MAX;
}

/* What libconfig takes but must not: other files, and wide numbers. */
static int check_text(const char *file, const char *text, struct gw6c_err *err)
{
	int line = 1;

	while (*text) {
		size_t n = skip_quiet(text);

		if (*text == '"' && !text[n])
			return gw6c_fail(err, GW6C_ECONFIG,
					 "%s:%d: the quotes are not closed",
					 file, line);
		if (!n)
			n = strspn(text, LETTERS "*");
		if (n && !strchr("#/\"", *text))
			n = strspn(text, LETTERS "0123456789*_-");
		if (!n && *text == '@')
			return gw6c_fail(err, GW6C_ECONFIG,
					 "%s:%d: '@' is not supported; write "
					 "include = \"FILE\";",
					 file, line);
		if (!n && *text >= '0' && *text <= '9') {
			if (wraps(text))
				return gw6c_fail(err, GW6C_ECONFIG,
						 "%s:%d: number out of range",
						 file, line);
			n = strspn(text, LETTERS "0123456789.");
		}
		for (n += !n; n; n--)
			line += *text++ == '\n';
	}
	return GW6C_OK;
}

/* One conf_read_libconfig(). The library tells only what it made of a value
 * without quotes, so the text is followed beside the tree: both have the
 * values in the same order. */
struct source {
	struct conf *conf;
	const char *file, *rest;
};

static bool is_bool(const char *text, size_t len)
{
	return (len == 4 && strncasecmp(text, "true", len) == 0) ||
	       (len == 5 && strncasecmp(text, "false", len) == 0);
}

/* The next value without quotes, as it is written; "" at the end. */
static void next_bare(struct source *source, char room[BARE])
{
	const char *text = source->rest;
	size_t n = 0;

	for (; *text; text += n) {
		n = skip_quiet(text);
		if (n)
			continue;
		n = strspn(text, LETTERS "*");
		if (n)
			n = strspn(text, LETTERS DIGITS "*_-");
		if (is_bool(text, n))
			break;
		if (n)
			continue;
		n = strspn(text, LETTERS DIGITS "+-.");
		if (n)
			break;
		n = 1;
	}
	snprintf(room, BARE, "%.*s", (int)n, text);
	source->rest = *text ? text + n : text;
}

/* The text of a scalar; room is for numbers, bare as it is written. NULL: not
 * a scalar. */
static const char *scalar(const config_setting_t *from, const char *bare,
			  char room[40])
{
	switch (config_setting_type(from)) {
	case CONFIG_TYPE_STRING:
		return config_setting_get_string(from);
	case CONFIG_TYPE_INT:
		snprintf(room, 40, "%d", config_setting_get_int(from));
		/* Decimal here, as everywhere: 010 is ten. */
		return bare[strspn(bare, DIGITS)] ? room : bare;
	case CONFIG_TYPE_INT64:
		snprintf(room, 40, "%lld", config_setting_get_int64(from));
		return room;
	case CONFIG_TYPE_FLOAT:
		snprintf(room, 40, "%.15g", config_setting_get_float(from));
		return room;
	case CONFIG_TYPE_BOOL:
		return config_setting_get_bool(from) ? "yes" : "no";
	}
	return NULL;
}

static struct conf_at origin(const char *file, const config_setting_t *from)
{
	return (struct conf_at){
		.file = file, .line = (int)config_setting_source_line(from)
	};
}

static int add_scalar(struct source *source, struct conf_at at, const char *key,
		      const config_setting_t *from, struct gw6c_err *err)
{
	bool quoted = config_setting_type(from) == CONFIG_TYPE_STRING;
	char room[40], bare[BARE] = "";
	const char *text;
	int rc;

	if (!quoted && config_setting_is_scalar(from)) {
		next_bare(source, bare);
		at.bare = bare;
	}
	text = scalar(from, bare, room);
	if (!text)
		return gw6c_fail(err, GW6C_ECONFIG,
				 "%s:%d: %s: a list may contain only plain "
				 "values",
				 at.file, at.line, key);
	rc = conf_add(source->conf, &at, key, text, err);
	wipe(bare, sizeof(bare));
	wipe(room, sizeof(room));
	/* The tree is ours alone, and freed without being wiped. */
	if (quoted)
		wipe((char *)text, strlen(text));
	return rc;
}

static int add_list(struct source *source, struct conf_at at, const char *key,
		    config_setting_t *list, struct gw6c_err *err)
{
	int n = config_setting_length(list);

	if (n == 0)
		return conf_add(source->conf, &at, key, "", err);
	for (int i = 0; i < n; i++) {
		config_setting_t *element =
			config_setting_get_elem(list, (unsigned)i);

		at.index = i;
		if (add_scalar(source, at, key, element, err))
			return err->rc;
	}
	return GW6C_OK;
}

static int add_group(struct source *source, const char *prefix, int depth,
		     const config_setting_t *group, struct gw6c_err *err)
{
	int n = config_setting_length(group), rc = GW6C_OK;

	for (int i = 0; i < n && !rc; i++) {
		config_setting_t *member =
			config_setting_get_elem(group, (unsigned)i);
		struct conf_at at = origin(source->file, member);
		char key[CONF_KEY];
		int len;

		len = snprintf(key, sizeof(key), "%s%s%s", prefix,
			       *prefix ? "." : "", config_setting_name(member));
		if (len >= (int)sizeof(key) || depth > GROUPS)
			return gw6c_fail(err, GW6C_ECONFIG,
					 "%s:%d: the name is too long, or "
					 "nested too deeply",
					 source->file, at.line);
		if (config_setting_is_group(member))
			rc = add_group(source, key, depth + 1, member, err);
		else if (config_setting_is_aggregate(member))
			rc = add_list(source, at, key, member, err);
		else
			rc = add_scalar(source, at, key, member, err);
	}
	return rc;
}

int conf_read_libconfig(struct conf *conf, const char *file, const char *text,
			struct gw6c_err *err)
{
	struct source source = { conf, file, text };
	config_t tree;
	int rc;

	if (check_text(file, text, err))
		return err->rc;
	config_init(&tree);
	if (config_read_string(&tree, text))
		rc = add_group(&source, "", 1, config_root_setting(&tree), err);
	else
		rc = gw6c_fail(err, GW6C_ECONFIG,
			       "%s:%d: %s; text must be quoted, as in server "
			       "= \"broker.example.net\";",
			       file, config_error_line(&tree),
			       config_error_text(&tree));
	config_destroy(&tree);
	return rc;
}
