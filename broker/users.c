/* users.c - accounts: user.NAME.passwd, user.NAME.address6, .address4. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "users.h"
#include <string.h>

#define USER_MAX 253 /* octets: what clients can have in their files */
#define PASSWD_MAX 128

/* The part behind NAME, "" if this is no setting of an account. */
static const char *user_part(const char *key)
{
	const char *dot = strrchr(key, '.');

	if (strncmp(key, "user.", 5) != 0 || !dot || dot < key + 6)
		return "";
	return dot + 1;
}

bool users_is_passwd(const char *key)
{
	return strcmp(user_part(key), "passwd") == 0;
}

static bool is_address(const char *key, int family)
{
	return strcmp(user_part(key), family == 4 ? "address4" : "address6") ==
	       0;
}

bool users_is_key(const char *key)
{
	return users_is_passwd(key) || is_address(key, 6) || is_address(key, 4);
}

/* An account whose address stands in an earlier line, or NULL. */
static const struct setting *same_address(struct conf *conf,
					  const struct setting *mine,
					  const struct gw6c_addr *addr)
{
	const struct setting *at;
	struct gw6c_addr other;

	for (size_t i = 0; (at = conf_at(conf, i)) && at != mine; i++)
		if (is_address(at->key, addr->family) &&
		    gw6c_addr_parse(at->value, &other) &&
		    memcmp(&other, addr, sizeof(other)) == 0)
			return at;
	return NULL;
}

static int check_address(struct conf *conf, const struct setting *at,
			 const struct gw6c_addr *pool, struct gw6c_err *err)
{
	struct gw6c_addr addr = { 0 }, first = *pool;
	int four = pool->family == 4;
	const struct setting *other;
	char room[GW6C_ADDR_TEXT];

	first.bits = four ? 32 : 128;
	first.octets[four ? 3 : 15] |= 1;
	if (!gw6c_addr_parse(at->value, &addr) || !gw6c_addr_in(&addr, pool) ||
	    memcmp(&addr, &first, sizeof(addr)) == 0)
		return conf_fail(at, err,
				 "\"%.60s\" is no address of pool%d, or it is "
				 "the broker's own (%s)",
				 at->value, four ? 4 : 6,
				 gw6c_addr_text(&first, room));
	other = same_address(conf, at, &addr);
	if (other)
		return conf_fail(at, err,
				 "%.80s has that address, too (line %d)",
				 other->key, other->line);
	return GW6C_OK;
}

static int check_passwd(const struct setting *at, struct gw6c_err *err)
{
	size_t name = strlen(at->key) - strlen("user.") - strlen(".passwd");

	if (!*at->value)
		return conf_fail(at, err, "the password is empty");
	if (strlen(at->value) > PASSWD_MAX || name > USER_MAX)
		return conf_fail(at, err,
				 "a name has up to %d octets, a password up "
				 "to %d",
				 USER_MAX, PASSWD_MAX);
	return GW6C_OK;
}

int users_check(struct conf *conf, const struct gw6c_addr *pool6,
		const struct gw6c_addr *pool4, size_t *at, struct gw6c_err *err)
{
	const struct setting *setting;
	int rc = GW6C_OK;

	while (!rc && (setting = conf_at(conf, (*at)++))) {
		const char *part = user_part(setting->key);

		if (strcmp(part, "passwd") == 0)
			rc = check_passwd(setting, err);
		else if (is_address(setting->key, 6) && pool6->bits)
			rc = check_address(conf, setting, pool6, err);
		else if (is_address(setting->key, 4) && pool4->bits)
			rc = check_address(conf, setting, pool4, err);
	}
	return rc;
}

static const char *user_setting(struct conf *conf, const char *user,
				const char *what)
{
	char key[300];
	const struct setting *at;

	snprintf(key, sizeof(key), "user.%s.%s", user, what);
	at = conf_get(conf, key, 0);
	/* conf takes '-' and '_' for the same; names of users differ. */
	if (!at || strcmp(at->key, key) != 0 || !*at->value)
		return NULL;
	return at->value;
}

const char *users_password(struct conf *conf, const char *user)
{
	return user_setting(conf, user, "passwd");
}

bool users_address(struct conf *conf, const char *user, int family,
		   struct gw6c_addr *out)
{
	const char *text =
		user_setting(conf, user, family == 4 ? "address4" : "address6");

	memset(out, 0, sizeof(*out));
	return text && gw6c_addr_parse(text, out);
}

void users_each_address(struct conf *conf,
			void (*call)(void *arg, const char *user,
				     const struct gw6c_addr *addr),
			void *arg)
{
	const struct setting *at;

	for (size_t i = 0; (at = conf_at(conf, i)); i++) {
		char user[USER_MAX + 1];
		struct gw6c_addr addr;

		if ((!is_address(at->key, 6) && !is_address(at->key, 4)) ||
		    strlen(at->key) - strlen("user..address6") >= sizeof(user))
			continue;
		snprintf(user, sizeof(user), "%.*s",
			 (int)(strlen(at->key) - strlen("user..address6")),
			 at->key + strlen("user."));
		if (gw6c_addr_parse(at->value, &addr))
			call(arg, user, &addr);
	}
}
