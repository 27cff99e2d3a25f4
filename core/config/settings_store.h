/* settings_store.h - the texts that settings point to, the settings that are in
 * force, and mistakes; for settings*.c. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_CORE_CONFIG_SETTINGS_STORE_H
#define GW6C_CORE_CONFIG_SETTINGS_STORE_H

#include "settings.h"

/* Another spelling of a key. */
struct alias {
	const char *name, *key;
	bool newer; /* wins if both are there; else it is an old one */
};

extern const struct alias settings_aliases[]; /* ends with a name of NULL */

/* One reading of settings. */
struct reader {
	struct conf *conf;
	struct settings *settings;
	char *errors;
	size_t room, used;
	bool bad;
};

/* Empty ones, or NULL. */
struct settings *settings_new(void);

/* A copy of text that settings keep until freed; NULL: out of memory. */
const char *settings_keep(struct settings *settings, const char *text,
			  size_t len);

/* The setting in force for a key, aliases included, or NULL; an empty value
 * is the same as none. */
const struct setting *settings_find(struct conf *conf, const char *key);

/* Note a mistake: one line of errors. */
void settings_error(struct reader *reader, const struct gw6c_err *err);

/* A mistake in a combination: it is told at the key that the operator wrote,
 * or without a place if all of it is defaults. */
void settings_refuse(struct reader *reader, const char *key, const char *fmt,
		     ...) GW6C_PRINTF(3, 4);

/* A warning, only if the operator wrote the key. */
void settings_doubt(struct reader *reader, const char *key, const char *fmt,
		    ...) GW6C_PRINTF(3, 4);

#endif
