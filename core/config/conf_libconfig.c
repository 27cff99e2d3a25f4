/* conf_libconfig.c - reads structured files; the only user of libconfig. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "conf_parts.h"
#include "core/base/wipe.h"
#include <errno.h>
#include <libconfig.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#define GROUPS 8 /* nested in each other */
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

/* The text of a scalar; room is for numbers. NULL: not a scalar. */
static const char *scalar(const config_setting_t *from, char room[40])
{
	switch (config_setting_type(from)) {
	case CONFIG_TYPE_STRING:
		return config_setting_get_string(from);
	case CONFIG_TYPE_INT:
		snprintf(room, 40, "%d", config_setting_get_int(from));
		return room;
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
	return (struct conf_at){ file, (int)config_setting_source_line(from),
				 0 };
}

static int add_scalar(struct conf *conf, struct conf_at at, const char *key,
		      const config_setting_t *from, struct gw6c_err *err)
{
	char room[40];
	const char *text = scalar(from, room);
	int rc;

	if (!text)
		return gw6c_fail(err, GW6C_ECONFIG,
				 "%s:%d: %s: a list may contain only plain "
				 "values",
				 at.file, at.line, key);
	rc = conf_add(conf, &at, key, text, err);
	/* The tree is ours alone, and freed without being wiped. */
	if (config_setting_type(from) == CONFIG_TYPE_STRING)
		wipe((char *)text, strlen(text));
	return rc;
}

static int add_list(struct conf *conf, struct conf_at at, const char *key,
		    config_setting_t *list, struct gw6c_err *err)
{
	int n = config_setting_length(list);

	if (n == 0)
		return conf_add(conf, &at, key, "", err);
	for (int i = 0; i < n; i++) {
		config_setting_t *element =
			config_setting_get_elem(list, (unsigned)i);

		at.index = i;
		if (add_scalar(conf, at, key, element, err))
			return err->rc;
	}
	return GW6C_OK;
}

static int add_group(struct conf *conf, const char *file, const char *prefix,
		     int depth, const config_setting_t *group,
		     struct gw6c_err *err)
{
	int n = config_setting_length(group), rc = GW6C_OK;

	for (int i = 0; i < n && !rc; i++) {
		config_setting_t *member =
			config_setting_get_elem(group, (unsigned)i);
		struct conf_at at = origin(file, member);
		char key[CONF_KEY];
		int len;

		len = snprintf(key, sizeof(key), "%s%s%s", prefix,
			       *prefix ? "." : "", config_setting_name(member));
		if (len >= (int)sizeof(key) || depth > GROUPS)
			return gw6c_fail(err, GW6C_ECONFIG,
					 "%s:%d: the name is too long, or "
					 "nested too deeply",
					 file, at.line);
		if (config_setting_is_group(member))
			rc = add_group(conf, file, key, depth + 1, member, err);
		else if (config_setting_is_aggregate(member))
			rc = add_list(conf, at, key, member, err);
		else
			rc = add_scalar(conf, at, key, member, err);
	}
	return rc;
}

int conf_read_libconfig(struct conf *conf, const char *file, const char *text,
			struct gw6c_err *err)
{
	config_t tree;
	int rc;

	if (check_text(file, text, err))
		return err->rc;
	config_init(&tree);
	if (config_read_string(&tree, text))
		rc = add_group(conf, file, "", 1, config_root_setting(&tree),
			       err);
	else
		rc = gw6c_fail(err, GW6C_ECONFIG,
			       "%s:%d: %s; text must be quoted, as in server "
			       "= \"broker.example.net\";",
			       file, config_error_line(&tree),
			       config_error_text(&tree));
	config_destroy(&tree);
	return rc;
}
