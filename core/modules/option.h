/* option.h - values of options that plugins declare, by their types. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_CORE_MODULES_OPTION_H
#define GW6C_CORE_MODULES_OPTION_H

#include "core/config/conf.h"
#include <gw6c/plugin.h>

#define OPTION_NAME 160 /* octets of KIND.NAME.KEY with its NUL */
#define OPTION_TEXT 1024 /* octets of one value with its NUL */

/* Has this setting, or each word of it if the option is a list, the declared
 * type? GW6C_ECONFIG: "file:line: key: expected ..., got ...". */
int option_check(const struct gw6c_opt *opt, const struct setting *at,
		 struct gw6c_err *err);

/* "90", "15m", "2h", "7d" in seconds; -1: not a duration. */
long option_duration(const char *text);
/* NUM, PORT and DURATION. 0 for what is none of them. */
long option_num(const struct gw6c_opt *opt, const char *text);
/* ADDRESS and PREFIX. */
bool option_addr(const struct gw6c_opt *opt, const char *text,
		 struct gw6c_addr *out);

/* Element n of the option that a plugin declares, as configured; NULL: there is
 * none. conf may be NULL. */
const struct setting *option_setting(const struct gw6c_plugin *plugin,
				     struct conf *conf,
				     const struct gw6c_opt *opt, int n);
/* Its value: as configured, else as declared; "" for none, and for an interface
 * that is "auto". */
const char *option_text(const struct gw6c_plugin *plugin, struct conf *conf,
			const struct gw6c_opt *opt);
/* The declaration of an option; NULL: there is none. */
const struct gw6c_opt *option_of(const struct gw6c_plugin *plugin,
				 const char *key);

/* Word n = 0.. of a list into room. False: there are no more. */
bool option_word(const char *list, unsigned n, char room[OPTION_TEXT]);

/* Is word one of those in list? As names compare. */
bool option_has_word(const char *list, const char *word);

/* What the operator may write, for people: "number 1 to 5". In room. */
const char *option_type_text(const struct gw6c_opt *opt, char *room,
			     size_t len);

#endif
