/* commands.c - commands as lists of words; no shell ever sees them. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "commands.h"

GW6C_PRINTF(2, 0)
static void put_word(struct commands *list, const char *fmt, va_list args)
{
	const char **argv;
	size_t room = sizeof(list->text) - list->used;
	int len, words = 0;

	if (list->overflow)
		return;
	argv = list->argv[list->n - 1];
	while (argv[words])
		words++;
	len = vsnprintf(list->text + list->used, room, fmt, args);
	if (words == COMMAND_WORDS - 1 || len < 0 || (size_t)len >= room) {
		list->overflow = true;
		return;
	}
	argv[words] = list->text + list->used;
	list->used += (size_t)len + 1;
}

void commands_word(struct commands *list, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	put_word(list, fmt, args);
	va_end(args);
}

static void put_words(struct commands *list, const char *word, va_list args)
{
	for (; word; word = va_arg(args, const char *))
		commands_word(list, "%s", word);
}

void commands_add(struct commands *list, const char *tool, ...)
{
	va_list args;

	if (list->n == COMMANDS) {
		list->overflow = true;
		return;
	}
	list->n++;
	va_start(args, tool);
	put_words(list, tool, args);
	va_end(args);
}

void commands_more(struct commands *list, const char *word, ...)
{
	va_list args;

	va_start(args, word);
	put_words(list, word, args);
	va_end(args);
}

void command_text(const char *const *argv, char *room, size_t len)
{
	size_t used = 0;

	room[0] = 0;
	for (; *argv && used < len; argv++) {
		const char *quote =
			!**argv || strpbrk(*argv, " \t") ? "\"" : "";
		int more = snprintf(room + used, len - used, "%s%s%s%s",
				    used ? " " : "", quote, *argv, quote);

		used += more > 0 ? (size_t)more : 0;
	}
}

const char *word_addr(const struct gw6c_addr *addr, char room[INET6_ADDRSTRLEN])
{
	if (!inet_ntop(addr->family == 4 ? AF_INET : AF_INET6, addr->octets,
		       room, INET6_ADDRSTRLEN))
		room[0] = 0;
	return room;
}

const char *word_mask(unsigned bits, char room[INET6_ADDRSTRLEN])
{
	uint32_t mask = bits ? htonl(0xffffffffu << (32 - bits)) : 0;

	if (!inet_ntop(AF_INET, &mask, room, INET6_ADDRSTRLEN))
		room[0] = 0;
	return room;
}
