/* settings_values.c - reads one value of gw6c.conf by the type of its key. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/base/addr_class.h"
#include "core/base/text.h"
#include "settings_parts.h"
#include "settings_store.h"
#include <string.h>
#include <strings.h>

#define NAME_CHARS                                                             \
	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_."
#define SHOWN 80 /* octets of a value in a message */

static const char **text_member(struct reader *reader, const struct key *key)
{
	return (const char **)((char *)reader->settings + key->offset);
}

static int keep(struct reader *reader, const char **member, const char *text,
		size_t len, struct gw6c_err *err)
{
	*member = settings_keep(reader->settings, text, len);
	if (!*member)
		return gw6c_fail(err, GW6C_EOS, "out of memory");
	return GW6C_OK;
}

/* What a number or a yes would be the wrong thing for. */
static bool is_text(const struct key *key)
{
	return key->type != KEY_WORD && key->type != KEY_PAIR &&
	       key->type != KEY_YES && key->type != KEY_NUM &&
	       key->type != KEY_SIZE;
}

/* Length, and no control octet; ASCII only where the protocol wants it. */
static int check_text(const struct key *key, const struct setting *at,
		      struct gw6c_err *err)
{
	bool ascii = key->type == KEY_TEXT || key->type == KEY_SECRET;
	bool word = key->type == KEY_PAIR || key->type == KEY_YES ||
		    key->type == KEY_NUM || key->type == KEY_SIZE;
	size_t len = strlen(at->value);

	/* max of a number is no length. */
	if (!word && len > (size_t)key->max)
		return conf_fail(at, err,
				 "is %zu characters long; the maximum is %ld",
				 len, key->max);
	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)at->value[i];

		if (c < 0x20 || c == 0x7f || (ascii && c > 0x7e))
			return conf_fail(at, err,
					 "character %zu is not printable ASCII",
					 i + 1);
	}
	return GW6C_OK;
}

/* "auto" or a literal; brackets of an IPv6 one are taken off. */
static int read_addr(struct reader *reader, const struct key *key,
		     const struct setting *at, struct gw6c_err *err)
{
	int family = key->type == KEY_ADDR4 ? 4 : 6;
	size_t len = strlen(at->value);
	char text[GW6C_ADDR_TEXT];
	struct gw6c_addr addr;

	if (strcasecmp(at->value, "auto") == 0)
		return keep(reader, text_member(reader, key), "auto", 4, err);
	if (family == 6 && at->value[0] == '[' && at->value[len - 1] == ']')
		snprintf(text, sizeof(text), "%.*s", (int)len - 2,
			 at->value + 1);
	else
		snprintf(text, sizeof(text), "%s", at->value);
	if (!gw6c_addr_parse(text, &addr) || addr.family != family ||
	    !addr_is_unicast(&addr))
		return conf_fail(at, err,
				 "expected auto or an IPv%d address, got "
				 "\"%.*s\"",
				 family, SHOWN, at->value);
	return keep(reader, text_member(reader, key), text, strlen(text), err);
}

static int read_server(struct reader *reader, const struct key *key,
		       const struct setting *at, struct gw6c_err *err)
{
	struct gw6c_err why = { 0 };

	if (server_addr_parse(at->value, &reader->settings->broker, &why))
		return conf_fail(at, err, "%s", why.text);
	if (strpbrk(at->value, " \t"))
		conf_warn(reader->conf, at, "spaces removed from \"%.*s\"",
			  SHOWN, at->value);
	return keep(reader, text_member(reader, key), at->value,
		    strlen(at->value), err);
}

static int read_word(struct reader *reader, const struct key *key,
		     const struct setting *at, struct gw6c_err *err)
{
	const char *word;
	int which;

	if (conf_word(at, key->words, &which, err))
		return err->rc;
	word = key->words[which];
	return keep(reader, text_member(reader, key), word, strlen(word), err);
}

/* Plugins have names in lower case; a script is called as it is written. */
static int read_name(struct reader *reader, const struct key *key,
		     const struct setting *at, struct gw6c_err *err)
{
	bool script = key->type == KEY_TEMPLATE;
	char name[256];
	size_t len = 0;

	if (script && at->value[0] == '/')
		return keep(reader, text_member(reader, key), at->value,
			    strlen(at->value), err);
	if (at->value[0] == '.' || at->value[strspn(at->value, NAME_CHARS)] ||
	    strlen(at->value) >= sizeof(name))
		return conf_fail(at, err,
				 "a name consists of letters, digits, '-', "
				 "'_' and '.': \"%.*s\"",
				 SHOWN, at->value);
	for (const char *c = at->value; *c; c++)
		name[len++] = script ? *c : text_lower(*c);
	return keep(reader, text_member(reader, key), name, len, err);
}

static int add_to_list(struct reader *reader, const struct key *key,
		       const struct setting *at, size_t *n,
		       struct gw6c_err *err)
{
	const char **list = text_member(reader, key);
	bool hosts = key->type == KEY_HOSTS;
	const char *text = at->value, *gaps = hosts ? ":, \t" : ", \t";

	if (conf_text(at, false, err))
		return err->rc;
	while (*(text += strspn(text, gaps))) {
		size_t len = strcspn(text, gaps);

		if (strspn(text, NAME_CHARS) < len || text[0] == '.')
			return conf_fail(at, err, "\"%.*s\" is not a %s name",
					 len < SHOWN ? (int)len : SHOWN, text,
					 hosts ? "domain" : "plugin");
		if (*n == SETTINGS_LIST)
			return conf_fail(at, err, "more than %d names",
					 SETTINGS_LIST);
		if (keep(reader, &list[*n], text, len, err))
			return err->rc;
		++*n;
		text += len;
	}
	return GW6C_OK;
}

/* The elements of a list have the same key; defaults have no list. */
static int read_list(struct reader *reader, const struct key *key,
		     const struct setting *at, struct gw6c_err *err)
{
	const struct setting *next;
	size_t n = 0;
	int rc = add_to_list(reader, key, at, &n, err);

	for (int i = 1;
	     !rc && *at->file && (next = conf_get(reader->conf, at->key, i));
	     i++)
		rc = add_to_list(reader, key, next, &n, err);
	return rc;
}

static int read_flag(struct reader *reader, const struct key *key,
		     const struct setting *at, struct gw6c_err *err)
{
	bool *member = (bool *)((char *)reader->settings + key->offset);
	int which;

	if (key->type == KEY_YES)
		return conf_yes(at, member, err);
	if (conf_word(at, key->words, &which, err))
		return err->rc;
	*member = which == 1;
	return GW6C_OK;
}

static int read_num(struct reader *reader, const struct key *key,
		    const struct setting *at, struct gw6c_err *err)
{
	int *member = (int *)((char *)reader->settings + key->offset);
	long value;
	int which;

	if (key->type == KEY_SIZE && conf_word(at, key->words, &which, err))
		return err->rc;
	if (conf_num(at, key->min, key->max, &value, err))
		return err->rc;
	*member = (int)value;
	return GW6C_OK;
}

int settings_value(struct reader *reader, const struct key *key,
		   const struct setting *at, struct gw6c_err *err)
{
	if (is_text(key) && conf_text(at, key->type == KEY_SECRET, err))
		return err->rc;
	if (check_text(key, at, err))
		return err->rc;
	switch (key->type) {
	case KEY_TEXT:
	case KEY_SECRET:
	case KEY_PATH:
		return keep(reader, text_member(reader, key), at->value,
			    strlen(at->value), err);
	case KEY_ADDR4:
	case KEY_ADDR6:
		return read_addr(reader, key, at, err);
	case KEY_SERVER:
		return read_server(reader, key, at, err);
	case KEY_WORD:
		return read_word(reader, key, at, err);
	case KEY_NAME:
	case KEY_TEMPLATE:
		return read_name(reader, key, at, err);
	case KEY_PAIR:
	case KEY_YES:
		return read_flag(reader, key, at, err);
	case KEY_NUM:
	case KEY_SIZE:
		return read_num(reader, key, at, err);
	case KEY_NAMES:
	case KEY_HOSTS:
		return read_list(reader, key, at, err);
	}
	return GW6C_OK;
}
