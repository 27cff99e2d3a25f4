/* pool.h - who has which inner address, over restarts. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_BROKER_POOL_H
#define GW6C_BROKER_POOL_H

#include <gw6c/addr.h>
#include <gw6c/err.h>

#define POOL_KEY 280 /* octets of a holder's key with its NUL */

struct pool;

/* prefix: the first address is ours, the others are given out; at most max
 * holders. path: where they are remembered, NULL: nowhere. */
struct pool *pool_new(const struct gw6c_addr *prefix, long max,
		      const char *path);
void pool_free(struct pool *pool); /* NULL is fine */

/* Read what was remembered; lines that make no sense are left out. Returns
 * holders read. */
int pool_load(struct pool *pool);

/* Our own address. */
void pool_server(const struct pool *pool, struct gw6c_addr *out);

/* The address of a holder: the one it had, else the one it wishes (family 0:
 * none) if that is free, else a free one, else the one whose holder was away
 * for longest. False: all are in use. Marks it in use. */
bool pool_take(struct pool *pool, const char *key, const struct gw6c_addr *wish,
	       struct gw6c_addr *out);
/* No longer in use, but still remembered for its holder. */
void pool_leave(struct pool *pool, const struct gw6c_addr *addr);

/* Write the file, if something has changed: atomic, mode 0600. */
int pool_save(struct pool *pool, struct gw6c_err *err);

#endif
