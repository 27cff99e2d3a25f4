/* users.h - accounts: user.NAME.passwd, user.NAME.address6, .address4. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_BROKER_USERS_H
#define GW6C_BROKER_USERS_H

#include "core/conf.h"
#include <gw6c/addr.h>

/* Is that key of an account? */
bool users_is_key(const char *key);
bool users_is_passwd(const char *key);

/* Look for a mistake from the setting *at on, which is advanced: GW6C_OK if
 * there is no more. pool6, pool4: where addresses must be; bits 0: not
 * known. */
int users_check(struct conf *conf, const struct gw6c_addr *pool6,
		const struct gw6c_addr *pool4, size_t *at,
		struct gw6c_err *err);

/* NULL: no such user. */
const char *users_password(struct conf *conf, const char *user);
/* The address that is the user's for ever; false, and none: there is none. */
bool users_address(struct conf *conf, const char *user, int family,
		   struct gw6c_addr *out);
void users_each_address(struct conf *conf,
			void (*call)(void *arg, const char *user,
				     const struct gw6c_addr *addr),
			void *arg);

#endif
