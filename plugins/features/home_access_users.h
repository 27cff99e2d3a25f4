/* home_access_users.h - who has a password, and its hash. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_FEATURES_HOME_ACCESS_USERS_H
#define GW6C_FEATURES_HOME_ACCESS_USERS_H

#include <gw6c/plugin.h>

#define ACCESS_ACCOUNTS 64

struct access_user {
	char name[32];
	char hash[160]; /* as crypt(3) has it */
};

struct access_users {
	struct access_user item[ACCESS_ACCOUNTS];
	int n;
};

/* Append what text has: a line "NAME:HASH" each, as htpasswd and openssl make
 * them. A mistake is told as "where:line: ...". */
void access_users_read(struct access_users *users, const char *where,
		       struct gw6c_bytes text,
		       void (*mistake)(void *arg, const char *text), void *arg);

/* NULL: there is no such user. */
const struct access_user *access_users_find(const struct access_users *users,
					    const char *name);

#endif
