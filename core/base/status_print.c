/* status_print.c - a status for people, or as JSON for programs. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "status.h"
#include "text.h"
#include <ctype.h>
#include <stdlib.h>

struct text {
	const char *at;
	size_t len;
};

/* Up to a character, or all; what is behind it is left in from. */
static struct text cut(struct text *from, char end)
{
	const char *found = from->len ? memchr(from->at, end, from->len) : NULL;
	struct text part = { from->at,
			     found ? (size_t)(found - from->at) : from->len };
	size_t used = found ? part.len + 1 : part.len;

	from->at += used;
	from->len -= used;
	return part;
}

static bool same(struct text a, struct text b)
{
	return a.len == b.len && memcmp(a.at, b.at, a.len) == 0;
}

static bool ends_in(struct text text, const char *end)
{
	size_t n = strlen(end);

	return text.len >= n && memcmp(text.at + text.len - n, end, n) == 0;
}

/* 0, 17 and 3.5 as JSON has them, but not 007. */
static bool is_number(struct text text)
{
	struct text whole = cut(&text, '.');
	bool point = whole.at + whole.len != text.at;

	for (size_t i = 0; i < whole.len; i++)
		if (!isdigit((unsigned char)whole.at[i]))
			return false;
	for (size_t i = 0; i < text.len; i++)
		if (!isdigit((unsigned char)text.at[i]))
			return false;
	return whole.len && (whole.len == 1 || whole.at[0] != '0') &&
	       (text.len || !point);
}

/* Words that are all name=value. */
static bool is_object(struct text text)
{
	if (!text.len)
		return false;
	while (text.len) {
		struct text word = cut(&text, ' ');
		struct text name = cut(&word, '=');

		if (!name.len || name.at + name.len == word.at)
			return false;
	}
	return true;
}

static void put_string(FILE *file, struct text text)
{
	putc('"', file);
	for (size_t i = 0; i < text.len; i++) {
		if (strchr("\"\\", text.at[i]))
			putc('\\', file);
		putc(text.at[i], file);
	}
	putc('"', file);
}

/* What people have named is text, even if it looks like a number. */
static bool is_chosen(struct text name)
{
	static const char *const chosen[] = { "user", "broker", "name",
					      "interface" };

	for (size_t i = 0; i < sizeof(chosen) / sizeof(chosen[0]); i++)
		if (same(name, (struct text){ chosen[i], strlen(chosen[i]) }))
			return true;
	return false;
}

static bool is(struct text text, const char *word)
{
	return same(text, (struct text){ word, strlen(word) });
}

static void put_scalar(FILE *file, struct text name, struct text text)
{
	if (is_chosen(name))
		put_string(file, text);
	else if (!text.len || is(text, "-"))
		fputs("null", file);
	else if (is(text, "yes") || is(text, "no"))
		fputs(is(text, "yes") ? "true" : "false", file);
	else if (is_number(text))
		fwrite(text.at, 1, text.len, file);
	else
		put_string(file, text);
}

static void put_value(FILE *file, struct text name, struct text text)
{
	const char *before = "{";

	if (!is_object(text)) {
		put_scalar(file, name, text);
		return;
	}
	while (text.len) {
		struct text word = cut(&text, ' ');

		name = cut(&word, '=');
		fputs(before, file);
		put_string(file, name);
		putc(':', file);
		put_scalar(file, name, word);
		before = ",";
	}
	putc('}', file);
}

static void put_json(FILE *file, struct text text)
{
	struct text list = { NULL, 0 }; /* the one that is open */
	bool first = true;

	putc('{', file);
	while (text.len) {
		struct text line = cut(&text, '\n');
		struct text name = cut(&line, ' ');
		bool more = list.len && same(list, name);

		if (list.len && !more)
			putc(']', file);
		if (!first)
			putc(',', file);
		first = false;
		list = (struct text){ name.at, 0 };
		if (ends_in(name, STATUS_LIST)) {
			list = name;
			name.len -= strlen(STATUS_LIST);
		}
		if (!more) {
			put_string(file, name);
			fputs(list.len ? ":[" : ":", file);
		}
		put_value(file, name, line);
	}
	fputs(list.len ? "]}\n" : "}\n", file);
}

/* --- for people -------------------------------------------------------- */

#define COLUMNS 80
#define NAME_COLUMNS 15 /* with the blank behind it */
#define LONG_S 120 /* shorter times are read as they are */

/* " (3 h 12 min)" behind a long time in seconds. */
static void put_time(FILE *file, unsigned long long s)
{
	char room[TEXT_DURATION];

	if (s >= LONG_S)
		fprintf(file, " (%s)", text_duration(s, room));
}

/* " (12.3 MB)" */
static void put_size(FILE *file, unsigned long long octets)
{
	static const char *const units[] = { "kB", "MB", "GB", "TB" };
	unsigned long long tenths = octets / 100;
	size_t unit = 0;

	if (octets < 1000)
		return;
	for (; tenths >= 10000 && unit < 3; unit++)
		tenths /= 1000;
	fprintf(file, " (%llu.%llu %s)", tenths / 10, tenths % 10, units[unit]);
}

static void put_meaning(FILE *file, struct text name, struct text text)
{
	char number[24];

	if (!is_number(text) || text.len >= sizeof(number))
		return;
	snprintf(number, sizeof(number), "%.*s", (int)text.len, text.at);
	if (ends_in(name, "_s"))
		put_time(file, strtoull(number, NULL, 10));
	if (ends_in(name, "_octets"))
		put_size(file, strtoull(number, NULL, 10));
}

/* The words of an object, in lines that fit on a terminal. */
static void put_words(FILE *file, struct text text)
{
	size_t column = NAME_COLUMNS;
	bool first = true;

	while (text.len) {
		struct text word = cut(&text, ' ');
		bool fits = first || column + 1 + word.len <= COLUMNS;

		if (!fits)
			fprintf(file, "\n%*s", NAME_COLUMNS, "");
		else if (!first)
			putc(' ', file);
		column = (fits ? column + !first : NAME_COLUMNS) + word.len;
		fwrite(word.at, 1, word.len, file);
		first = false;
	}
}

static void put_lines(FILE *file, struct text text)
{
	while (text.len) {
		struct text line = cut(&text, '\n');
		struct text name = cut(&line, ' ');

		if (ends_in(name, STATUS_LIST))
			name.len -= strlen(STATUS_LIST);
		fprintf(file, "%-14.*s ", (int)name.len, name.at);
		if (is_object(line)) {
			put_words(file, line);
		} else {
			fwrite(line.at, 1, line.len, file);
			put_meaning(file, name, line);
		}
		putc('\n', file);
	}
}

void status_print(FILE *file, struct gw6c_bytes status, bool json)
{
	struct text text = { (const char *)status.at, status.len };

	if (json)
		put_json(file, text);
	else
		put_lines(file, text);
}
