/* text.h - lines and numbers in octets of others; times in words. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_CORE_BASE_TEXT_H
#define GW6C_CORE_BASE_TEXT_H

#include <gw6c/buf.h>

/* One line without its end: up to LF, trailing CR and NUL stripped; rest is
 * what follows. False: no LF (line is then all there is, stripped). */
bool text_line(struct gw6c_bytes in, struct gw6c_bytes *line,
	       struct gw6c_bytes *rest);

/* A decimal number that is all of text; -1 if it is not, or above max. */
long text_number(const char *text, size_t len, long max);

/* A time as people say it: "17 s", "12 min", "3 h 12 min", "2 d 5 h". */
#define TEXT_DURATION 32
const char *text_duration(unsigned long long s, char room[TEXT_DURATION]);

/* ASCII only, whatever the locale. */
char text_lower(char c);

#endif
