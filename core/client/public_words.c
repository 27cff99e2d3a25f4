/* public_words.c - what anybody on this machine may read of a message. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "public_words.h"
#include "core/base/prefix.h"
#include <gw6c/buf.h>
#include <stdio.h>

#define BREAKS " \t\"'()<>[],;=" /* between words */
#define WORD_MAX 256

/* The end of a sentence is no part of an address. */
static size_t without_end(const char *at, size_t len)
{
	while (len && (at[len - 1] == '.' || at[len - 1] == ':'))
		len--;
	return len;
}

static bool is_address(const char *at, size_t len)
{
	struct gw6c_addr addr;
	char word[WORD_MAX];

	snprintf(word, sizeof(word), "%.*s", (int)len, at);
	return prefix_parse(word, &addr);
}

/* How much of the word is an address; a port may follow. 0: nothing. */
static size_t address_part(const char *at, size_t len)
{
	size_t cut = without_end(at, len);

	if (is_address(at, cut))
		return cut;
	while (cut && at[cut - 1] >= '0' && at[cut - 1] <= '9')
		cut--;
	cut = without_end(at, cut);
	return is_address(at, cut) ? cut : 0;
}

static bool is_text(const char *at, size_t len, const char *text)
{
	return *text && strlen(text) == len && memcmp(at, text, len) == 0;
}

/* How much of the word is to be hidden. */
static size_t private_part(const char *at, size_t len, const char *user,
			   const char *broker)
{
	size_t part = without_end(at, len);

	if (is_text(at, len, user))
		return len;
	if (is_text(at, part, user))
		return part;
	part = address_part(at, len);
	return is_text(at, part, broker) ? 0 : part;
}

/* A name may have blanks, or be quoted. */
static size_t user_at(const char *text, const char *user)
{
	size_t len = strlen(user);

	return len && strpbrk(user, BREAKS) && strncmp(text, user, len) == 0
		       ? len
		       : 0;
}

void public_words(const char *text, const char *user, const char *broker,
		  char *room, size_t len)
{
	struct gw6c_buf out = { .at = (uint8_t *)room, .cap = len - 1 };

	while (*text && !out.overflow) {
		size_t hidden = user_at(text, user), word = hidden;

		if (!word)
			word = strcspn(text, BREAKS);
		if (!hidden && word)
			hidden = private_part(text, word, user, broker);
		word += !word;
		if (hidden)
			gw6c_put_text(&out, PUBLIC_HIDDEN);
		gw6c_put(&out, text + hidden, word - hidden);
		text += word;
	}
	room[out.len] = 0;
}
