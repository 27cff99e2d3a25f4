/* ranges.c - which octets of a file a Range field asks for. Pure. RFC 9110
 * section 14. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "ranges.h"
#include <stdbool.h>
#include <string.h>
#include <strings.h>

#define BLANK " \t"
#define HUGE_FILE (UINT64_MAX / 2) /* longer than any file */

/* False: no digit is there. What no file can have counts as huge. */
static bool number(const char **at, uint64_t *out)
{
	const char *digit = *at;

	*out = 0;
	for (; *digit >= '0' && *digit <= '9'; digit++) {
		*out = *out * 10 + (uint64_t)(*digit - '0');
		if (*out > HUGE_FILE / 16)
			*out = HUGE_FILE / 16;
	}
	if (digit == *at)
		return false;
	*at = digit;
	return true;
}

struct asked {
	bool has_first, has_last;
	uint64_t first, last;
};

static bool read_one(const char **at, struct asked *out)
{
	out->has_first = number(at, &out->first);
	if (*(*at)++ != '-')
		return false;
	out->has_last = number(at, &out->last);
	if (!out->has_first && !out->has_last)
		return false;
	return !out->has_first || !out->has_last || out->first <= out->last;
}

/* False: nothing of the file is in there. */
static bool fit(const struct asked *asked, uint64_t size, struct range *out)
{
	if (!asked->has_first) {
		uint64_t len = asked->last < size ? asked->last : size;

		out->first = size - len;
		out->last = size - 1;
		return len > 0;
	}
	out->first = asked->first;
	out->last =
		asked->has_last && asked->last < size ? asked->last : size - 1;
	return asked->first < size;
}

/* Between two of them, or behind the last. False: neither. */
static bool skip_comma(const char **at)
{
	*at += strspn(*at, BLANK);
	if (**at && **at != ',')
		return false;
	*at += strspn(*at, BLANK ",");
	return true;
}

enum ranges ranges_parse(const char *text, uint64_t size,
			 struct range out[RANGES_MAX], size_t *n)
{
	uint64_t sum = 0;
	size_t asked_for = 0;

	*n = 0;
	if (!text || strncasecmp(text, "bytes=", 6) != 0)
		return RANGES_NONE;
	text += 6;
	text += strspn(text, BLANK ",");
	while (*text) {
		struct asked asked;
		struct range range;

		if (!read_one(&text, &asked) || !skip_comma(&text))
			return RANGES_NONE;
		asked_for++;
		if (!fit(&asked, size, &range))
			continue;
		if (*n == RANGES_MAX)
			return RANGES_NONE;
		sum += range.last - range.first + 1;
		out[(*n)++] = range;
	}
	if (!asked_for || asked_for > RANGES_MAX || sum > size)
		return RANGES_NONE;
	return *n ? RANGES_SOME : RANGES_OUTSIDE;
}
