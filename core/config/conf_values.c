/* conf_values.c - from the text of a setting to a value, or a clear error. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "conf_parts.h"
#include "core/base/text.h"
#include "core/base/trusted.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define NEAR_MAX 48 /* octets of names that are compared */
#define SHOWN 80 /* octets of a value in a message */

static char same_char(char c)
{
	return c == '-' ? '_' : c;
}

/* Names of accounts are what people chose: a-b is not a_b there. */
static bool is_account(const char *key)
{
	return strncmp(key, "user.", 5) == 0;
}

bool conf_same(const char *a, const char *b)
{
	if (is_account(a))
		return strcmp(a, b) == 0;
	while (*a && same_char(*a) == same_char(*b))
		a++, b++;
	return same_char(*a) == same_char(*b);
}

/* No key of its own: whoever writes the file is trusted. */
uint32_t conf_hash(const char *key)
{
	bool account = is_account(key);
	uint32_t hash = 5381;

	for (; *key; key++)
		hash = hash * 33 + (uint8_t)(account ? *key : same_char(*key));
	return hash;
}

void conf_where(const struct setting *at, char *room, size_t len)
{
	const char *key = at->said ? at->said : at->key;

	if (at->line)
		snprintf(room, len, "%s:%d: %s: ", at->file, at->line, key);
	else if (strcmp(at->file, key) == 0)
		snprintf(room, len, "option %s: ", key);
	else
		snprintf(room, len, "option %s: %s: ", at->file, key);
}

int conf_fail(const struct setting *at, struct gw6c_err *err, const char *fmt,
	      ...)
{
	char text[400], where[400];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	conf_where(at, where, sizeof(where));
	return gw6c_fail(err, GW6C_ECONFIG, "%s%s", where, text);
}

int conf_trusted(const struct setting *at, const char *path,
		 struct gw6c_err *err)
{
	struct gw6c_err why = { 0 };

	if (trusted_path(path, &why) == GW6C_OK)
		return GW6C_OK;
	return at ? conf_fail(at, err, "%s", why.text)
		  : gw6c_fail(err, why.rc, "%s", why.text);
}

int conf_text(const struct setting *at, bool secret, struct gw6c_err *err)
{
	const char *key = at->said ? at->said : at->key;
	const char *dot = strrchr(key, '.');

	if (!at->bare)
		return GW6C_OK;
	return conf_fail(at, err,
			 "text needs quotes in this syntax; write %s = "
			 "\"%.*s\";",
			 dot ? dot + 1 : key, SHOWN, secret ? "..." : at->bare);
}

/* Why a typical mistake went wrong, as the tail of a message. */
static const char *value_hint(const char *value)
{
	if (strchr(value, '#'))
		return " (a comment needs a line of its own)";
	if (value[0] == '"' || value[0] == '\'')
		return " (remove the quotes)";
	return "";
}

static int value_fail(const struct setting *at, struct gw6c_err *err,
		      const char *wanted)
{
	return conf_fail(at, err, "expected %s, got \"%.*s\"%s", wanted, SHOWN,
			 at->value, value_hint(at->value));
}

int conf_yes(const struct setting *at, bool *out, struct gw6c_err *err)
{
	static const char *const words[] = { "no",   "yes", "false",
					     "true", "off", "on",
					     "0",    "1",   NULL };

	for (int i = 0; words[i]; i++)
		if (strcasecmp(at->value, words[i]) == 0) {
			*out = i % 2 == 1;
			return GW6C_OK;
		}
	return value_fail(at, err, "yes or no");
}

int conf_num(const struct setting *at, long min, long max, long *out,
	     struct gw6c_err *err)
{
	const char *digits = at->value + (at->value[0] == '-');
	bool hex = digits[0] == '0' && (digits[1] == 'x' || digits[1] == 'X');
	char wanted[80];
	char *end;
	long value;

	snprintf(wanted, sizeof(wanted), "a number from %ld to %ld", min, max);
	/* strtol() would take blanks and a plus as well. */
	if (digits[0] < '0' || digits[0] > '9')
		return value_fail(at, err, wanted);
	errno = 0;
	value = strtol(at->value, &end, hex ? 16 : 10);
	if (errno || *end || value < min || value > max)
		return value_fail(at, err, wanted);
	*out = value;
	return GW6C_OK;
}

int conf_word(const struct setting *at, const char *const *words, int *out,
	      struct gw6c_err *err)
{
	char list[200] = "";
	const char *near;
	size_t used = 0;

	for (int i = 0; words[i]; i++) {
		if (strcasecmp(at->value, words[i]) == 0) {
			*out = i;
			return GW6C_OK;
		}
		if (used < sizeof(list))
			used += (size_t)snprintf(list + used,
						 sizeof(list) - used, "%s%s",
						 i ? ", " : "", words[i]);
	}
	near = conf_nearest(at->value, words);
	return conf_fail(at, err, "expected one of %s, got \"%.*s\"%s%s%s%s",
			 list, SHOWN, at->value,
			 near ? "; did you mean \"" : "", near ? near : "",
			 near ? "\"?" : "", value_hint(at->value));
}

static char near_char(char c)
{
	return text_lower(same_char(c));
}

static int least(int a, int b)
{
	return a < b ? a : b;
}

/* Edits (insert, drop, change, swap neighbours) between two names; rows of
 * the usual table, the last three kept. */
static int distance(const char *a, const char *b)
{
	int row[3][NEAR_MAX + 1];
	int lb = (int)strlen(b), i, j;

	for (j = 0; j <= lb; j++)
		row[0][j] = j;
	for (i = 1; a[i - 1]; i++) {
		int *now = row[i % 3], *up = row[(i + 2) % 3];
		int *up2 = row[(i + 1) % 3];
		char ca = near_char(a[i - 1]);

		now[0] = i;
		for (j = 1; j <= lb; j++) {
			char cb = near_char(b[j - 1]);

			now[j] = least(up[j - 1] + (ca != cb),
				       least(up[j], now[j - 1]) + 1);
			if (i > 1 && j > 1 && ca == near_char(b[j - 2]) &&
			    near_char(a[i - 2]) == cb)
				now[j] = least(now[j], up2[j - 2] + 1);
		}
	}
	return row[(i - 1) % 3][lb];
}

const char *conf_nearest(const char *key, const char *const *names)
{
	size_t len = strlen(key);
	/* A third of the name may be wrong, never more than three. */
	int best = least(3, (int)(len < NEAR_MAX ? len : NEAR_MAX) / 3) + 1;
	const char *found = NULL;

	if (len > NEAR_MAX)
		return NULL;
	for (size_t i = 0; names[i]; i++) {
		int edits;

		if (strlen(names[i]) > NEAR_MAX)
			continue;
		edits = distance(key, names[i]);
		if (edits < best) {
			best = edits;
			found = names[i];
		}
	}
	return found;
}
