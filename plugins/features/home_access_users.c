/* home_access_users.c - reads the file of users. A password in clear is refused:
 * this file lies about for years. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "home_access_users.h"

#define LINE 256

const struct access_user *access_users_find(const struct access_users *users,
					    const char *name)
{
	for (int i = 0; i < users->n; i++)
		if (strcmp(users->item[i].name, name) == 0)
			return &users->item[i];
	return NULL;
}

/* SHA-256, SHA-512, yescrypt and bcrypt; what is older is guessed fast. */
static bool hash_is_good(const char *hash)
{
	static const char *const kinds[] = { "$5$", "$6$", "$y$", "$2y$",
					     "$2b$" };

	if (strspn(hash, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
			 "0123456789$./=") != strlen(hash))
		return false;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (strncmp(hash, kinds[i], strlen(kinds[i])) == 0)
			return strlen(hash) > 20;
	return false;
}

static const char *take(struct access_users *users, char *line)
{
	struct access_user *user = &users->item[users->n];
	char *colon = strchr(line, ':');

	if (!colon)
		return "expected NAME:HASH";
	*colon++ = 0;
	if (!*line || strlen(line) >= sizeof(user->name) ||
	    strspn(line, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
			 "0123456789-_.@") != strlen(line))
		return "the name of the user cannot be used; take 1 to 31 "
		       "letters, digits and - _ . @";
	if (strlen(colon) >= sizeof(user->hash) || !hash_is_good(colon))
		return "this is no hash of a password that can be used; make "
		       "one with openssl passwd -6";
	if (access_users_find(users, line))
		return "this user is there already; the first one counts";
	if (users->n == ACCESS_ACCOUNTS)
		return "there are more than 64 users";
	snprintf(user->name, sizeof(user->name), "%s", line);
	snprintf(user->hash, sizeof(user->hash), "%s", colon);
	users->n++;
	return NULL;
}

void access_users_read(struct access_users *users, const char *where,
		       struct gw6c_bytes text,
		       void (*mistake)(void *arg, const char *text), void *arg)
{
	size_t from = 0;

	for (int number = 1; from < text.len; number++) {
		const uint8_t *at = text.at + from;
		const uint8_t *end = memchr(at, '\n', text.len - from);
		size_t len = end ? (size_t)(end - at) : text.len - from;
		char line[LINE], whole[LINE + 200];
		const char *wrong;

		from += len + 1;
		if (len && at[len - 1] == '\r')
			len--;
		snprintf(line, sizeof(line), "%.*s", (int)len,
			 (const char *)at);
		if (!*line || *line == '#')
			continue;
		wrong = len < sizeof(line) ? take(users, line)
					   : "the line is too long";
		if (!wrong)
			continue;
		snprintf(whole, sizeof(whole), "%s:%d: %s", where, number,
			 wrong);
		mistake(arg, whole);
	}
}
