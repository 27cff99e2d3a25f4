/* home_access_word.h - what may stand behind a device in its list. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_FEATURES_HOME_ACCESS_WORD_H
#define GW6C_FEATURES_HOME_ACCESS_WORD_H

#include "home_access_devices.h"

#define ACCESS_LINE 1001 /* octets of an entry with its NUL */
#define ACCESS_WORD ACCESS_LINE

/* The next word, without quotes; text moves behind it. GW6C_MORE: there is one,
 * GW6C_OK: there is none, before a comment or the end. */
int access_word(const char **text, char word[ACCESS_WORD],
		struct gw6c_err *err);
/* Obey a word; rest is what follows, of which it may take one more. */
int access_word_take(struct access_device *device, char *word,
		     const char **rest, struct gw6c_err *err);

bool access_port(const char *text, uint16_t *port);

#endif
