/* conf.h - configuration files of both syntaxes, as one list of settings. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_CORE_CONFIG_CONF_H
#define GW6C_CORE_CONFIG_CONF_H

#include <gw6c/err.h>
#include <stdbool.h>
#include <stddef.h>

/* One setting with its origin. Groups of libconfig are flattened with dots:
 * os: { linux: { table = 7; }; };  is  os.linux.table=7  of the classic
 * syntax. '-' and '_' in names are the same to all functions here. Elements of
 * a list or array are settings with the same key, in order, "index" 0, 1, ...
 * An empty list is one empty text. Valid until the setting is replaced. */
struct setting {
	const char *key, *value; /* value: text as written, unquoted */
	const char *bare; /* a value without quotes in libconfig syntax, as it
			     is written there: no text; else NULL */
	const char *file; /* as named when it was loaded; "-i" and the like
			     for the command line */
	int line; /* 1.., 0 for the command line */
	int index; /* element of a list, else 0 */
	const char *said; /* NULL, or the key as the operator wrote it: the
			     setting was adopted under another one */
	bool used; /* somebody asked for it; the rest is unknown to us */
};

struct conf;

struct conf *conf_new(void);
void conf_free(struct conf *conf); /* wipes values; NULL is fine */

/* Load a file of either syntax, then what its "include" settings name
 * (glob(3) patterns relative to the file, depth 4). Later files replace
 * settings of earlier ones; the same key twice in one file: the last
 * counts, with a warning (in libconfig syntax it is an error). "include"
 * and "log" may be repeated in a classic file and make a list. GW6C_ECONFIG
 * with "file:line: what, why, what to do". */
int conf_load(struct conf *conf, const char *path, struct gw6c_err *err);

/* A setting of the command line: replaces what files say. */
int conf_set(struct conf *conf, const char *key, const char *value,
	     const char *option, struct gw6c_err *err);

/* The same setting, all elements of it, under another key; messages go on to
 * call it what the operator did. It counts as used under its own. */
int conf_adopt(struct conf *conf, const char *from, const char *key,
	       struct gw6c_err *err);

/* The setting in force (element index), or NULL. Marks it used. */
const struct setting *conf_get(struct conf *conf, const char *key, int index);

/* Settings in order, for those who need all below a name; NULL at the end. */
const struct setting *conf_at(const struct conf *conf, size_t n);

/* Take the setting as used without reading it (of a plugin not loaded). */
void conf_mark(struct conf *conf, const char *prefix);

/* The nearest of names (NULL ends) to key, or NULL if none is near. */
const char *conf_nearest(const char *key, const char *const *names);

/* Warnings collected while loading, in order; NULL at the end. */
const char *conf_warning(const struct conf *conf, size_t n);
void conf_warn(struct conf *conf, const struct setting *at, const char *fmt,
	       ...) GW6C_PRINTF(3, 4);

/* Value parsers; GW6C_ECONFIG says file:line, key, value and what is taken.
 * Words compare without case. yes/no/true/false/on/off/1/0. */
int conf_yes(const struct setting *at, bool *out, struct gw6c_err *err);
int conf_num(const struct setting *at, long min, long max, long *out,
	     struct gw6c_err *err);
int conf_word(const struct setting *at, const char *const *words, int *out,
	      struct gw6c_err *err);

/* GW6C_ECONFIG if the value of a text setting lacks the quotes that libconfig
 * wants: it would be a number, and 0123 not what was meant. secret: it is not
 * repeated in the message. */
int conf_text(const struct setting *at, bool secret, struct gw6c_err *err);

/* Compare names, '-' as '_', but exactly below "user.". */
bool conf_same(const char *a, const char *b);

/* "file:line: key: " and then as printf: GW6C_ECONFIG. */
int conf_fail(const struct setting *at, struct gw6c_err *err, const char *fmt,
	      ...) GW6C_PRINTF(3, 4);

/* trusted_path() (core/base/trusted.h) of a path that is configured there, or
 * on the command line: NULL. */
int conf_trusted(const struct setting *at, const char *path,
		 struct gw6c_err *err);

#endif
