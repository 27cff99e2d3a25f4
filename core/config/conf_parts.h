/* conf_parts.h - what the readers of conf share; not for other rooms. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_CORE_CONFIG_CONF_PARTS_H
#define GW6C_CORE_CONFIG_CONF_PARTS_H

#include "conf.h"
#include <stdint.h>

#define CONF_SIZE (16 * 1024 * 1024) /* octets of a file */
#define CONF_LINE 2047 /* octets of a classic line, as ever */
#define CONF_KEY 300 /* octets of a name with its NUL: user.NAME.address6 */
#define CONF_SETTINGS 500000
#define CONF_DEPTH 4 /* of includes */
#define CONF_FILES 256 /* of one conf_load() */
#define CONF_WARNINGS 256

enum conf_syntax {
	CONF_DETECT,
	CONF_CLASSIC,
	CONF_LIBCONFIG,
};

/* Where a reader is. */
struct conf_at {
	const char *file;
	int line, index;
	const char *bare; /* as in struct setting */
};

/* Read a text as if it were the file called name; includes are not
 * followed. */
int conf_parse(struct conf *conf, const char *name, const char *text,
	       size_t len, enum conf_syntax syntax, struct gw6c_err *err);

/* Add one setting. index 0 replaces what the key had. */
int conf_add(struct conf *conf, const struct conf_at *at, const char *key,
	     const char *value, struct gw6c_err *err);

/* A warning about a line that is no setting. */
void conf_warn_at(struct conf *conf, const struct conf_at *at, const char *fmt,
		  ...) GW6C_PRINTF(3, 4);

/* The copy of name that conf keeps, NULL when memory is out. */
const char *conf_keep_name(struct conf *conf, const char *name);

/* The same for names that are the same to conf_same(). */
uint32_t conf_hash(const char *key);

/* "file:line: key: " of a setting, in room. */
void conf_where(const struct setting *at, char *room, size_t len);

/* Which syntax is it? Text ends with LF and NUL. */
int conf_detect(const char *file, const char *text, enum conf_syntax *out,
		struct gw6c_err *err);

/* The readers. Text ends with LF and NUL, no other NUL, no BOM; the classic
 * one writes into it. */
int conf_read_classic(struct conf *conf, const char *file, char *text,
		      struct gw6c_err *err);
int conf_read_libconfig(struct conf *conf, const char *file, const char *text,
			struct gw6c_err *err);

#endif
