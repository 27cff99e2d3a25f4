/* settings_parts.h - the table of known keys, shared by settings*.c. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_CORE_CONFIG_SETTINGS_PARTS_H
#define GW6C_CORE_CONFIG_SETTINGS_PARTS_H

#include "settings.h"

struct reader; /* settings_store.h */

/* What a key holds, and so the type of its member in struct settings. */
enum key_type {
	KEY_TEXT, /* const char *: printable ASCII, up to max octets */
	KEY_SECRET, /* the same, never shown */
	KEY_PATH, /* const char *: printable, up to max octets */
	KEY_ADDR4, /* const char *: "auto" or a literal */
	KEY_ADDR6,
	KEY_SERVER, /* const char *, and broker */
	KEY_WORD, /* const char *: one of words */
	KEY_NAME, /* const char *: name of a plugin, in lower case */
	KEY_TEMPLATE, /* const char *: name of a plugin or script, or path */
	KEY_PAIR, /* bool: words[0] or words[1] */
	KEY_YES, /* bool */
	KEY_NUM, /* int: min..max */
	KEY_SIZE, /* int: one of words, numbers */
	KEY_NAMES, /* const char *[]: plugin names, ',' or blanks between */
	KEY_HOSTS, /* const char *[]: domain names, ':' as well */
};

struct key {
	const char *name;
	enum key_type type;
	size_t offset; /* of the member in struct settings */
	const char *fallback; /* default as text, "" for none */
	long min, max; /* of numbers; max also octets of text */
	const char *const *words;
	bool session; /* a change needs a new session */
	const char *meaning; /* one line */
};

extern const struct key settings_keys[]; /* ends with a name of NULL */

/* Read the value of one key into its member. */
int settings_value(struct reader *reader, const struct key *key,
		   const struct setting *at, struct gw6c_err *err);

/* What old files say in ways of their own; after all keys were read. */
void settings_old(struct reader *reader);
/* The same, once the mode is known. */
void settings_old_mode(struct reader *reader,
		       const struct gw6c_tunnel_ops *mode);

/* Fetch the password from where it is kept, if not in the configuration. */
void settings_secret(struct reader *reader);

/* Checks of keys against each other; after all keys were good. */
void settings_check(struct reader *reader);

#endif
