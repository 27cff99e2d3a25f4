/* server_keys.h - the file of known server keys, a line each:
 * HOST ssh-dss BASE64, as ssh has it in known_hosts. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_CORE_BASE_SERVER_KEYS_H
#define GW6C_CORE_BASE_SERVER_KEYS_H

#include "server_addr.h"

#define SERVER_KEYS_BLOB 2048 /* octets of a key */
#define SERVER_KEYS_PRINT 64 /* of a fingerprint with its NUL */

enum server_keys_match {
	SERVER_KEYS_UNKNOWN, /* no line of this server */
	SERVER_KEYS_SAME,
	SERVER_KEYS_OTHER, /* its last line has another key */
};

/* The same key in the one form that ssh writes: numbers with a sign octet
 * where the top bit is set, without leading zeros. False: it is none. */
bool server_keys_normal(struct gw6c_bytes key, struct gw6c_buf *out);

/* "SHA256:..." as ssh-keygen -l shows it; "" if it is no key. */
const char *server_keys_print(struct gw6c_bytes key,
			      char room[SERVER_KEYS_PRINT]);

/* What the file says of this server's key; keys are compared as numbers.
 * known: fingerprint of the line found, "" if there is none. No file is an
 * empty one. GW6C_ECONFIG: it cannot be read, or others could have written
 * it. */
int server_keys_find(const char *path, const struct server_addr *server,
		     struct gw6c_bytes key, enum server_keys_match *match,
		     char known[SERVER_KEYS_PRINT], struct gw6c_err *err);

/* Make this the server's only line, at the end; all others stay as they are.
 * The file is replaced at once, with mode 0600. */
int server_keys_store(const char *path, const struct server_addr *server,
		      struct gw6c_bytes key, struct gw6c_err *err);

#endif
