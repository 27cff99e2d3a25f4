/* proven.h - the file that remembers by which mechanism a broker has last
 * proven itself to an account, a line each: SERVER MECHANISM RANK ACCOUNT. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_CORE_CLIENT_PROVEN_H
#define GW6C_CORE_CLIENT_PROVEN_H

#include "core/base/server_addr.h"

#define PROVEN_FILE "proven-logins.txt" /* in state_dir */
/* The same of brokers that a configured one led to; that is their ACCOUNT. */
#define PROVEN_LED_FILE "proven-redirections.txt"
#define PROVEN_NAME 64 /* octets of a mechanism's name with its NUL */

struct proven {
	struct server_addr server;
	const char *user;
	char mechanism[PROVEN_NAME]; /* name of its plugin; "": none is known */
	uint32_t rank; /* struct gw6c_auth_ops; kept for when it is gone */
};

/* What the file says of server and user: mechanism and rank. No file, or no
 * such line, is no error. GW6C_ECONFIG: it cannot be read. */
int proven_find(const char *path, struct proven *proven, struct gw6c_err *err);

/* Call for each line of that user, the oldest first. Errors as above. */
int proven_each(const char *path, const char *user,
		void (*call)(void *arg, const struct proven *proven), void *arg,
		struct gw6c_err *err);

/* Make this the only line of server and user, at the end; the oldest lines go
 * when there are too many. The file is replaced at once, with mode 0600. */
int proven_store(const char *path, const struct proven *proven,
		 struct gw6c_err *err);

#endif
