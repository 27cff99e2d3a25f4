/* options_words.h - what gw6c-broker offers: logins, modes, versions; and what
 * it rejects. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_BROKER_CONFIG_OPTIONS_WORDS_H
#define GW6C_BROKER_CONFIG_OPTIONS_WORDS_H

#include "options_reader.h"

/* Errors are appended to those of the reader. */
void options_words(struct reader *reader);

#endif
