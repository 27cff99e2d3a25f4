/* wrap.c - text for a terminal of 80 columns. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "wrap.h"
#include <stdbool.h>
#include <string.h>

/* Where a line with that word begins. */
static size_t wrap_begin(size_t indent, size_t len)
{
	if (indent + len <= WRAP_COLUMNS)
		return indent;
	return len < WRAP_COLUMNS ? WRAP_COLUMNS - len : 0;
}

void wrap_print(FILE *file, size_t column, size_t indent, const char *text)
{
	bool first = true;

	for (text += strspn(text, " "); *text; text += strspn(text, " ")) {
		size_t len = strcspn(text, " ");

		if (column + !first + len <= WRAP_COLUMNS) {
			if (!first)
				putc(' ', file);
			column += !first + len;
		} else {
			column = wrap_begin(indent, len);
			fprintf(file, "\n%*s", (int)column, "");
			column += len;
		}
		fwrite(text, 1, len, file);
		first = false;
		text += len;
	}
	putc('\n', file);
}
