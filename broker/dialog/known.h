/* known.h - from where which account has logged in before. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_BROKER_DIALOG_KNOWN_H
#define GW6C_BROKER_DIALOG_KNOWN_H

#include <gw6c/addr.h>
#include <gw6c/err.h>

#define KNOWN_SETS 256 /* a power of two */
#define KNOWN_WAYS 4 /* pairs of a set: of these, the oldest is replaced */
#define KNOWN_NAME 256 /* octets, with its NUL */

/* Failed logins of late. */
struct tries {
	unsigned failed;
	uint64_t last_ms;
};

/* An account and a network, a /32 or a /56. */
struct known_pair {
	struct gw6c_addr addr; /* family 0: none */
	char name[KNOWN_NAME];
	uint64_t order; /* of the last login */
	/* Since then, of those that may have forged their address, and of the
	 * others. */
	struct tries tries[2];
};

struct known;

/* path: the file that remembers them, NULL: none. What it has is read. NULL:
 * out of memory. */
struct known *known_new(const char *path);
void known_free(struct known *known); /* NULL is fine */

/* NULL: there is none. */
struct known_pair *known_find(struct known *known, const struct gw6c_addr *addr,
			      const char *name);
/* The account has logged in from there; its failed logins are forgotten. */
void known_add(struct known *known, const struct gw6c_addr *addr,
	       const char *name);
/* Write the file if something has changed. */
int known_save(struct known *known, struct gw6c_err *err);

#endif
