/* public_words.h - what anybody on this machine may read of a message. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_CORE_CLIENT_PUBLIC_WORDS_H
#define GW6C_CORE_CLIENT_PUBLIC_WORDS_H

#include <stddef.h>

#define PUBLIC_HIDDEN "(hidden)"

/* text without the words that are the name of the account, or an address other
 * than broker, as far as there is room. user may be "". */
void public_words(const char *text, const char *user, const char *broker,
		  char *room, size_t len);

#endif
