/* conf_detect.c - tells the two syntaxes of a configuration file apart. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "conf_parts.h"
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define BLANK " \t\r"
#define LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
#define NAME LETTERS "0123456789-_*."
#define OVERRIDE "gw6c-syntax:"

/* What a line says about its file. A weak mark only counts in the absence of
 * a strong one: old passwords may look like anything. */
enum mark { NONE, WEAK_CLASSIC, CLASSIC, WEAK_LIBCONFIG, LIBCONFIG, MARKS };

struct span {
	const char *at;
	size_t len;
};

static struct span trim(struct span span)
{
	while (span.len && strchr(BLANK, span.at[0]))
		span.at++, span.len--;
	while (span.len && strchr(BLANK, span.at[span.len - 1]))
		span.len--;
	return span;
}

static struct span skip(struct span span, size_t n)
{
	return trim((struct span){ span.at + n, span.len - n });
}

/* Octets at the start that are (not) of a set; spans end before a LF. */
static size_t run(struct span span, const char *set)
{
	size_t n = strspn(span.at, set);

	return n < span.len ? n : span.len;
}

static size_t run_until(struct span span, const char *set)
{
	size_t n = strcspn(span.at, set);

	return n < span.len ? n : span.len;
}

static bool starts(struct span span, const char *text)
{
	size_t n = strlen(text);

	return span.len >= n && memcmp(span.at, text, n) == 0;
}

static bool is(struct span span, const char *word)
{
	return span.len == strlen(word) &&
	       strncasecmp(span.at, word, span.len) == 0;
}

/* Octets of a number or true/false at the start, 0: neither. */
static size_t scalar(struct span value)
{
	size_t n = run_until(value, BLANK ";,#");
	struct span word = { value.at, n };
	char *end;

	if (is(word, "true") || is(word, "false"))
		return n;
	if (!n || !strchr("+-.0123456789", word.at[0]))
		return 0;
	(void)strtod(word.at, &end);
	if (end < word.at + n && (*end == 'l' || *end == 'L'))
		end += strspn(end, "lL");
	return end == word.at + n ? n : 0;
}

/* Octets of a quoted string at the start, 0: not closed on this line. */
static size_t quoted(struct span value)
{
	for (size_t i = 1; i < value.len; i++) {
		if (value.at[i] == '"')
			return i + 1;
		if (value.at[i] == '\\')
			i++;
	}
	return 0;
}

static bool ends_statement(struct span rest)
{
	return !rest.len || rest.at[0] == '#' || starts(rest, "//");
}

/* [2001:db8::1]:3653 is an address, and so are mistaken ones; an array has
 * quotes or commas, or nothing of an address. */
static bool is_literal(struct span value)
{
	struct span in = skip(value, 1);

	return run_until(in, "\",({[") == in.len &&
	       run_until(in, ":.") < in.len;
}

static enum mark weigh_value(struct span value, bool credential)
{
	size_t n;

	if (!value.len)
		return WEAK_CLASSIC;
	if (value.at[0] == '"') {
		n = quoted(value);
		if (!n)
			return credential ? NONE : WEAK_LIBCONFIG;
		value = skip(value, n);
		if (value.len && strchr(";,", value.at[0]))
			value = skip(value, 1);
		if (credential)
			return ends_statement(value) ? WEAK_LIBCONFIG : NONE;
		return ends_statement(value) ? LIBCONFIG : WEAK_LIBCONFIG;
	}
	if (value.at[0] == '[' && is_literal(value))
		return CLASSIC;
	if (strchr("[{(", value.at[0]))
		return credential ? NONE : LIBCONFIG;
	n = scalar(value);
	if (n && ends_statement(skip(value, n)))
		return NONE;
	if (value.at[value.len - 1] == ';' || (n && value.at[n] == ';'))
		return credential ? NONE : WEAK_LIBCONFIG;
	return CLASSIC;
}

static enum mark weigh(struct span line, struct span *value)
{
	struct span name;
	bool credential;

	*value = (struct span){ line.at + line.len, 0 };
	if (starts(line, "//") || starts(line, "/*") || starts(line, "@"))
		return LIBCONFIG;
	if (line.len && strchr("{[(", line.at[0])) {
		*value = line;
		return LIBCONFIG;
	}
	name = (struct span){ line.at, run(line, NAME) };
	line = skip(line, name.len);
	if (!name.len || !line.len)
		return NONE;
	if (line.at[0] != '=' && line.at[0] != ':')
		return NONE;
	*value = skip(line, 1);
	if (line.at[0] == ':')
		return LIBCONFIG;
	if (memchr(name.at, '.', name.len))
		return CLASSIC;
	credential = is(name, "passwd") || is(name, "userid") ||
		     is(name, "username");
	return weigh_value(*value, credential);
}

/* Brackets opened minus brackets closed, outside strings and comments. */
static int depth_of(struct span line)
{
	int depth = 0;

	while (line.len && !ends_statement(line)) {
		size_t n = 1;

		if (line.at[0] == '"' && quoted(line))
			n = quoted(line);
		else if (strchr("[{(", line.at[0]))
			depth++;
		else if (strchr("]})", line.at[0]))
			depth--;
		line = (struct span){ line.at + n, line.len - n };
	}
	return depth;
}

struct scan {
	int first[MARKS]; /* line of the first mark of each sort, 0: none */
	int depth;
	bool comment; /* inside one of C */
	enum conf_syntax said; /* by the override */
};

static bool ends_comment(struct span line)
{
	for (size_t i = 0; i + 1 < line.len; i++)
		if (line.at[i] == '*' && line.at[i + 1] == '/')
			return true;
	return false;
}

static void scan_line(struct scan *scan, struct span line, int number)
{
	struct span value;
	enum mark mark;

	if (scan->comment) {
		scan->comment = !ends_comment(line);
		return;
	}
	if (starts(line, "#")) {
		line = skip(line, 1);
		if (!starts(line, OVERRIDE))
			return;
		line = skip(line, strlen(OVERRIDE));
		if (is(line, "classic"))
			scan->said = CONF_CLASSIC;
		else if (is(line, "libconfig"))
			scan->said = CONF_LIBCONFIG;
		return;
	}
	if (scan->depth > 0) {
		scan->depth += depth_of(line);
		return;
	}
	mark = weigh(line, &value);
	if (!scan->first[mark])
		scan->first[mark] = number;
	if (mark == LIBCONFIG) {
		scan->comment = starts(line, "/*") && !ends_comment(line);
		scan->depth = depth_of(value);
	}
}

int conf_detect(const char *file, const char *text, enum conf_syntax *out,
		struct gw6c_err *err)
{
	struct scan scan = { .said = CONF_DETECT };
	int classic, libconfig;

	for (int number = 1; *text; number++) {
		size_t len = strcspn(text, "\n");

		scan_line(&scan, trim((struct span){ text, len }), number);
		text += len + 1;
	}
	*out = scan.said;
	if (scan.said != CONF_DETECT)
		return GW6C_OK;
	classic = scan.first[CLASSIC];
	libconfig = scan.first[LIBCONFIG];
	if (!classic && !libconfig) {
		classic = scan.first[WEAK_CLASSIC];
		libconfig = scan.first[WEAK_LIBCONFIG];
	}
	if (classic && libconfig)
		return gw6c_fail(err, GW6C_ECONFIG,
				 "%s:%d: has the syntax NAME=VALUE, but line "
				 "%d has NAME = \"VALUE\"; use only one of "
				 "them in a file, or declare it in the first "
				 "line: # " OVERRIDE " classic",
				 file, classic, libconfig);
	*out = libconfig ? CONF_LIBCONFIG : CONF_CLASSIC;
	return GW6C_OK;
}
