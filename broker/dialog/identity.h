/* identity.h - the server key, by which the broker proves itself: a file; what
 * is in it, the login mechanism knows. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_BROKER_DIALOG_IDENTITY_H
#define GW6C_BROKER_DIALOG_IDENTITY_H

#include "core/base/server_keys.h"
#include "core/config/conf.h"
#include <gw6c/plugin.h>

#define IDENTITY_MAX 1024 /* octets of a key */

struct identity {
	uint8_t key[IDENTITY_MAX]; /* private, as the mechanism has it */
	uint8_t public_key[IDENTITY_MAX]; /* RFC 4253 section 6.6 */
	size_t len, public_len; /* octets; 0: no key */
};

/* Does the mechanism need one? */
bool identity_needed(const struct gw6c_plugin *auth);

/* Read it from a file that must not be readable by others. */
int identity_load(const char *path, const char *conf,
		  const struct gw6c_plugin *auth, struct identity *out,
		  struct gw6c_err *err);
void identity_wipe(struct identity *identity);

/* Make a new one for the mechanism, as its options in conf ask for it, mode
 * 0600. GW6C_ECONFIG if the file exists: clients know that key. */
int identity_make(const char *path, const struct gw6c_plugin *auth,
		  struct conf *conf, struct gw6c_err *err);

/* "SHA256:...", which operators give to their users. */
const char *identity_print(const struct identity *identity,
			   char room[SERVER_KEYS_PRINT]);

#endif
