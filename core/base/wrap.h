/* wrap.h - text for a terminal of 80 columns. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_CORE_BASE_WRAP_H
#define GW6C_CORE_BASE_WRAP_H

#include <stddef.h>
#include <stdio.h>

#define WRAP_COLUMNS 80

/* Print the words of text and a line feed, beginning at column, where what was
 * printed before ends; later lines begin at indent. A word that would not fit
 * there, as a long path, begins further left, and is never parted. */
void wrap_print(FILE *file, size_t column, size_t indent, const char *text);

#endif
