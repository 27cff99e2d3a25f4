/* text.c - lines and numbers in octets of others. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "text.h"
#include <ctype.h>

bool text_line(struct gw6c_bytes in, struct gw6c_bytes *line,
	       struct gw6c_bytes *rest)
{
	const uint8_t *lf = in.len ? memchr(in.at, '\n', in.len) : NULL;
	size_t used = lf ? (size_t)(lf - in.at) + 1 : in.len;

	line->at = in.at;
	line->len = lf ? used - 1 : used;
	while (line->len &&
	       (in.at[line->len - 1] == '\r' || in.at[line->len - 1] == '\0'))
		line->len--;
	rest->at = in.at ? in.at + used : NULL;
	rest->len = in.len - used;
	return lf != NULL;
}

long text_number(const char *text, size_t len, long max)
{
	long value = 0;

	if (!len)
		return -1;
	for (size_t i = 0; i < len; i++) {
		if (!isdigit((unsigned char)text[i]))
			return -1;
		value = value * 10 + (text[i] - '0');
		if (value > max)
			return -1;
	}
	return value;
}

char text_lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}
