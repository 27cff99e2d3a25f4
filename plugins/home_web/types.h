/* types.h - the media type of a file by its name. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_HOME_WEB_TYPES_H
#define GW6C_HOME_WEB_TYPES_H

#include <stddef.h>

struct types; /* those of the system; NULL is fine: ours alone count */

/* Of a file with lines "type suffix...", or NULL. */
struct types *types_load(const char *path);
void types_free(struct types *types);

/* "text/html; charset=utf-8"; in room, which is returned. charset "": none. */
const char *types_of(const struct types *types, const char *name,
		     const char *charset, char *room, size_t len);

#endif
