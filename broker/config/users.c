/* users.c - accounts: user.NAME.passwd, .address6, .address4, .prefix6,
 * .sessions. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "users.h"
#include "core/base/prefix.h"
#include "core/base/space.h"
#include <string.h>

#define USER_MAX 253 /* octets: the limit of clients */
#define PASSWD_MAX 128
#define BLOCKS 3

/* By enum user_block; pool: the setting whose prefix must contain it. */
static const struct {
	const char *part, *pool;
	size_t offset;
	bool prefix;
} blocks[BLOCKS] = {
	[USER_ADDRESS6] = { "address6", "pool6",
			    offsetof(struct options, pool6), false },
	[USER_ADDRESS4] = { "address4", "pool4",
			    offsetof(struct options, pool4), false },
	[USER_PREFIX6] = { "prefix6", "prefixes6",
			   offsetof(struct options, prefixes6), true },
};

/* The part after NAME, "" if the key does not belong to an account. */
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

static bool is_sessions(const char *key)
{
	return strcmp(user_part(key), "sessions") == 0;
}

/* An enum user_block, or BLOCKS. */
static int block_kind(const char *key)
{
	int what = 0;

	while (what < BLOCKS && strcmp(user_part(key), blocks[what].part) != 0)
		what++;
	return what;
}

bool users_is_key(const char *key)
{
	return users_is_passwd(key) || is_sessions(key) ||
	       block_kind(key) < BLOCKS;
}

/* "user.ann" and "user.ann.password" are meant to be "user.ann.passwd". */
const char *users_near(const char *key, char room[USERS_KEY])
{
	static const char *const parts[] = { "passwd",	"address6", "address4",
					     "prefix6", "sessions", NULL };
	const char *part = user_part(key), *near;
	size_t name = strlen(key);

	if (strncmp(key, "user.", 5) != 0 || !key[5])
		return NULL;
	near = *part ? conf_nearest(part, parts) : NULL;
	if (near)
		name = (size_t)(part - 1 - key);
	snprintf(room, USERS_KEY, "%.*s.%s", (int)name, key,
		 near ? near : "passwd");
	return room;
}

/* --- checks ------------------------------------------------------------ */

/* The settings of a check so far, by what they assign. */
struct check {
	const struct options *options;
	struct space *taken[BLOCKS];
};

static const struct gw6c_addr *pool_of(const struct options *options, int what)
{
	return (const struct gw6c_addr *)((const char *)options +
					  blocks[what].offset);
}

/* The first host of a pool is the broker itself. */
static bool is_brokers(const struct gw6c_addr *block,
		       const struct gw6c_addr *pool)
{
	struct gw6c_addr first = *pool;

	first.bits = block->bits;
	first.octets[pool->family == 4 ? 3 : 15] |= 1;
	return memcmp(block, &first, sizeof(first)) == 0;
}

static int check_block(struct check *check, const struct setting *at,
		       struct gw6c_err *err)
{
	int what = block_kind(at->key);
	const struct gw6c_addr *pool = pool_of(check->options, what);
	bool prefix = blocks[what].prefix;
	const struct setting *rival;
	struct gw6c_addr block;

	if (!pool->family && !prefix)
		return GW6C_OK; /* reported already, or unused */
	if (!prefix_parse(at->value, &block) || !gw6c_addr_in(&block, pool) ||
	    (prefix ? block.bits > 64 || block.bits < pool->bits
		    : block.bits != (block.family == 4 ? 32 : 128) ||
			      is_brokers(&block, pool)))
		return conf_fail(at, err, "\"%.60s\" is not a %s %s%s",
				 at->value,
				 prefix ? "prefix in" : "client address in",
				 blocks[what].pool,
				 prefix ? " of up to 64 bits"
					: "; the first one is the broker's");
	rival = space_over(check->taken[what], &block);
	if (rival)
		return conf_fail(at, err,
				 "%.80s has the same or overlaps (line %d)",
				 rival->key, rival->line);
	if (!space_take(check->taken[what], &block, (void *)at))
		return gw6c_fail(err, GW6C_EOS, "out of memory");
	return GW6C_OK;
}

/* The userid of a client is nothing else. */
static bool is_printable(const char *text)
{
	for (; *text; text++)
		if (*text < ' ' || *text > '~')
			return false;
	return true;
}

static int check_passwd(const struct setting *at, struct gw6c_err *err)
{
	size_t name = strlen(at->key) - strlen("user.") - strlen(".passwd");

	if (conf_text(at, true, err))
		return err->rc;
	if (!is_printable(at->key))
		return conf_fail(at, err,
				 "no client can send this name; use printable "
				 "ASCII characters");
	if (!*at->value)
		return conf_fail(at, err, "the password is empty");
	if (strlen(at->value) > PASSWD_MAX || name > USER_MAX)
		return conf_fail(at, err,
				 "too long; the maximum is %d octets for a "
				 "name and %d for a password",
				 USER_MAX, PASSWD_MAX);
	return GW6C_OK;
}

static int check_setting(struct check *check, const struct setting *at,
			 struct gw6c_err *err)
{
	long sessions;

	if (users_is_passwd(at->key))
		return check_passwd(at, err);
	if (is_sessions(at->key))
		return conf_num(at, 1, USERS_SESSIONS_MAX, &sessions, err);
	return block_kind(at->key) < BLOCKS ? check_block(check, at, err)
					    : GW6C_OK;
}

void users_check(const struct conf *conf, const struct options *options,
		 void (*told)(void *arg, const struct gw6c_err *err), void *arg)
{
	struct check check = { .options = options };
	const struct setting *at;
	bool ready = true;

	for (int i = 0; i < BLOCKS; i++) {
		check.taken[i] = space_new(pool_of(options, i));
		ready = ready && check.taken[i];
	}
	for (size_t i = 0; ready && (at = conf_at(conf, i)); i++) {
		struct gw6c_err err = { 0 };

		if (check_setting(&check, at, &err))
			told(arg, &err);
	}
	if (!ready)
		told(arg, &(struct gw6c_err){ .rc = GW6C_EOS,
					      .text = "out of memory" });
	for (int i = 0; i < BLOCKS; i++)
		space_free(check.taken[i]);
}

/* --- lookup ------------------------------------------------------------ */

static const struct setting *user_setting(struct conf *conf, const char *user,
					  const char *what)
{
	char key[300];
	const struct setting *at;

	snprintf(key, sizeof(key), "user.%s.%s", user, what);
	at = conf_get(conf, key, 0);
	/* conf treats '-' and '_' alike; in user names they differ. */
	if (!at || strcmp(at->key, key) != 0 || !*at->value)
		return NULL;
	return at;
}

unsigned users_count(struct conf *conf)
{
	const struct setting *at;
	unsigned n = 0;

	for (size_t i = 0; (at = conf_at(conf, i)); i++)
		n += users_is_passwd(at->key);
	return n;
}

const char *users_password(struct conf *conf, const char *user)
{
	const struct setting *at = user_setting(conf, user, "passwd");

	return at ? at->value : NULL;
}

unsigned users_sessions(struct conf *conf, const char *user)
{
	const struct setting *at = user_setting(conf, user, "sessions");
	struct gw6c_err err = { 0 };
	long sessions = 1;

	if (at)
		conf_num(at, 1, USERS_SESSIONS_MAX, &sessions, &err);
	return (unsigned)sessions;
}

bool users_block(struct conf *conf, const char *user, enum user_block what,
		 struct gw6c_addr *out)
{
	const struct setting *at = user_setting(conf, user, blocks[what].part);

	memset(out, 0, sizeof(*out));
	return at && prefix_parse(at->value, out);
}

void users_each_block(struct conf *conf,
		      void (*call)(void *arg, const char *user,
				   enum user_block what,
				   const struct gw6c_addr *block),
		      void *arg)
{
	const struct setting *at;

	for (size_t i = 0; (at = conf_at(conf, i)); i++) {
		int what = block_kind(at->key);
		char user[USER_MAX + 1];
		struct gw6c_addr block;
		size_t len;

		if (what == BLOCKS || !prefix_parse(at->value, &block))
			continue;
		len = (size_t)(user_part(at->key) - 1 - at->key) -
		      strlen("user.");
		if (len >= sizeof(user))
			continue;
		snprintf(user, sizeof(user), "%.*s", (int)len,
			 at->key + strlen("user."));
		call(arg, user, (enum user_block)what, &block);
	}
}
