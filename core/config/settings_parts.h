/* settings_parts.h - the table of known keys, shared by settings*.c. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_CORE_CONFIG_SETTINGS_PARTS_H
#define GW6C_CORE_CONFIG_SETTINGS_PARTS_H

#include "settings.h"

/* What a key holds, and so the type of its member in struct settings. */
enum key_type {
	KEY_TEXT, /* const char *: printable ASCII, up to max octets */
	KEY_SECRET, /* the same, never shown */
	KEY_PATH, /* const char *: printable, up to max octets */
	KEY_DEV, /* const char *: interface name, "" for auto */
	KEY_ADDR4, /* const char *: "auto" or a literal */
	KEY_ADDR6,
	KEY_SERVER, /* const char *, and broker */
	KEY_WORD, /* const char *: one of words */
	KEY_NAME, /* const char *: one of words, or of a plugin or script */
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

/* Another spelling of a key. */
struct alias {
	const char *name, *key;
	bool newer; /* wins if both are there; else it is an old one */
};

extern const struct alias settings_aliases[]; /* ends with a name of NULL */

/* One settings_read(). */
struct reader {
	struct conf *conf;
	struct settings *settings;
	char *errors;
	size_t room, used;
	bool bad;
};

/* The setting in force for a key, aliases included, or NULL; an empty value
 * is the same as none. */
const struct setting *settings_find(struct conf *conf, const char *key);

/* Note a mistake: one line of errors. */
void settings_error(struct reader *reader, const struct gw6c_err *err);

/* A copy of text that settings keep until freed; NULL: out of memory. */
const char *settings_keep(struct settings *settings, const char *text,
			  size_t len);

/* Read the value of one key into its member. */
int settings_value(struct reader *reader, const struct key *key,
		   const struct setting *at, struct gw6c_err *err);

/* What old files say in ways of their own; after all keys were read. */
void settings_old(struct reader *reader);
/* The present name of an OS backend, or NULL. */
const char *settings_old_template(const char *name);

/* Fetch the password from where it is kept, if not in the configuration. */
void settings_secret(struct reader *reader);

/* Checks of keys against each other; after all keys were good. */
void settings_check(struct reader *reader);

#endif
