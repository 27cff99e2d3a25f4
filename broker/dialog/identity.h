/* identity.h - the server key, which authenticates the broker: 1024-bit DSA,
 * the largest that fits into PASSDSS-3DES-1 over UDP. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_BROKER_DIALOG_IDENTITY_H
#define GW6C_BROKER_DIALOG_IDENTITY_H

#include "core/base/server_keys.h"
#include <gw6c/err.h>

struct identity {
	uint8_t blob[1024]; /* "ssh-dss" p q g y x: private */
	size_t len, public_len; /* octets; public_len: without x; 0: no key */
};

/* Read it from a PEM file that must not be readable by others. */
int identity_load(const char *path, struct identity *out, struct gw6c_err *err);
void identity_wipe(struct identity *identity);

/* Generate one, mode 0600. GW6C_ECONFIG if the file exists: clients know that
 * key. */
int identity_make(const char *path, struct gw6c_err *err);

/* "SHA256:...", which operators give to their users. */
const char *identity_print(const struct identity *identity,
			   char room[SERVER_KEYS_PRINT]);

#endif
