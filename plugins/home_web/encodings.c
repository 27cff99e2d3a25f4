/* encodings.c - which of the packed forms of a file a client takes. Pure. RFC
 * 9110 section 12.5.3. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "encodings.h"
#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <strings.h>

#define BLANK " \t"
#define ABSENT (-1)

/* Of the same liking the shortest comes first. */
static const struct encoding known[ENCODINGS] = {
	{ "br", ".br" },
	{ "zstd", ".zst" },
	{ "gzip", ".gz" },
};

/* ";q=0.5" in thousandths; 0 for what is none. */
static int quality(const char *text, size_t len)
{
	const char *end = text + len;
	int q = 0, unit = 1000;

	text += strspn(text, BLANK);
	if (text >= end)
		return 1000;
	if (*text++ != ';')
		return 0;
	text += strspn(text, BLANK);
	if (strncasecmp(text, "q=", 2) != 0)
		return 0;
	for (text += 2; text < end && unit; text++) {
		if (*text >= '0' && *text <= '9') {
			q += (*text - '0') * unit;
			unit /= 10;
		} else if (*text != '.') {
			break;
		}
	}
	return q > 1000 ? 0 : q;
}

/* What a list says of one name, or ABSENT. */
static int liking(const char *list, const char *name)
{
	int found = ABSENT;

	while (*list) {
		size_t len, word;

		list += strspn(list, BLANK ",");
		len = strcspn(list, ",");
		word = strcspn(list, BLANK ",;");
		if (word == strlen(name) && strncasecmp(list, name, word) == 0)
			found = quality(list + word, len - word);
		list += len;
	}
	return found;
}

/* gzip has a second name, and "*" is any that is not named. */
static int liking_of(const char *list, const struct encoding *encoding)
{
	int q = liking(list, encoding->name);

	if (q == ABSENT && strcmp(encoding->name, "gzip") == 0)
		q = liking(list, "x-gzip");
	if (q == ABSENT)
		q = liking(list, "*");
	return q == ABSENT ? 0 : q;
}

void encodings_choose(const char *text,
		      const struct encoding *out[ENCODINGS + 1])
{
	int plain = text ? liking(text, "identity") : ABSENT;
	int q[ENCODINGS], n = 0;

	for (int i = 0; text && i < ENCODINGS; i++) {
		int mine = liking_of(text, &known[i]), at = n;

		if (!mine || (plain != ABSENT && mine < plain))
			continue;
		for (; at > 0 && q[at - 1] < mine; at--) {
			q[at] = q[at - 1];
			out[at] = out[at - 1];
		}
		q[at] = mine;
		out[at] = &known[i];
		n++;
	}
	out[n] = NULL;
}
