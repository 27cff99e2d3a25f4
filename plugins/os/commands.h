/* commands.h - commands as lists of words; no shell ever sees them. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_OS_COMMANDS_H
#define GW6C_OS_COMMANDS_H

#include <gw6c/plugin.h>

#define COMMANDS 24
#define COMMAND_WORDS 20 /* of one, with the NULL at its end */

struct commands {
	const char *argv[COMMANDS][COMMAND_WORDS];
	int n; /* commands */
	char text[4096]; /* the words */
	size_t used;
	bool overflow;
};

/* Begin a command with these words, up to NULL. */
void commands_add(struct commands *list, const char *tool, ...);
/* More words of the last one: these, or one in the manner of printf(). */
void commands_more(struct commands *list, const char *word, ...);
void commands_word(struct commands *list, const char *fmt, ...)
	GW6C_PRINTF(2, 3);

/* As a person would type it; words with blanks in quotes. */
void command_text(const char *const *argv, char *room, size_t len);

/* Words that commands are made of. The address without its length. */
const char *word_addr(const struct gw6c_addr *addr,
		      char room[INET6_ADDRSTRLEN]);
/* An IPv4 prefix length as "255.255.255.0". */
const char *word_mask(unsigned bits, char room[INET6_ADDRSTRLEN]);

#endif
