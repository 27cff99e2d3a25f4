/* users.h - accounts: user.NAME.passwd, .address6, .address4, .prefix6,
 * .sessions. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_BROKER_CONFIG_USERS_H
#define GW6C_BROKER_CONFIG_USERS_H

#include "core/config/conf.h"
#include "options.h"
#include <gw6c/addr.h>

#define USERS_KEY 300 /* octets of a key with its NUL */

/* Does the key belong to an account? */
bool users_is_key(const char *key);
bool users_is_passwd(const char *key);

/* The key that was probably meant by one that begins with "user.": room, or
 * NULL. */
const char *users_near(const char *key, char room[USERS_KEY]);

/* Tell each error of an account. options: the pools; family 0: unknown. */
void users_check(const struct conf *conf, const struct options *options,
		 void (*told)(void *arg, const struct gw6c_err *err),
		 void *arg);

unsigned users_count(struct conf *conf);
/* NULL: no such user. */
const char *users_password(struct conf *conf, const char *user);
#define USERS_SESSIONS_MAX 16 /* tunnels of an account */

/* How many tunnels the account may have at a time. */
unsigned users_sessions(struct conf *conf, const char *user);
/* Blocks that are assigned permanently. */
enum user_block { USER_ADDRESS6, USER_ADDRESS4, USER_PREFIX6 };

/* False, and family 0 in out: none is configured. */
bool users_block(struct conf *conf, const char *user, enum user_block what,
		 struct gw6c_addr *out);
void users_each_block(struct conf *conf,
		      void (*call)(void *arg, const char *user,
				   enum user_block what,
				   const struct gw6c_addr *block),
		      void *arg);

#endif
