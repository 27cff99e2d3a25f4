/* pool.h - who has which inner address, or which prefix, over restarts. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_BROKER_DATA_POOL_H
#define GW6C_BROKER_DATA_POOL_H

#include <gw6c/addr.h>
#include <gw6c/err.h>

#define POOL_KEY 280 /* octets of a holder's key with its NUL */

struct pool;

/* Of addresses, out of a prefix: IPv6 of up to 112 bits or IPv4 of up to 29.
 * The first host is ours, the others are given out, to at most limit holders
 * at a time; some more are remembered. path: where they are remembered, NULL:
 * nowhere. */
struct pool *pool_new(const struct gw6c_addr *prefix, long limit,
		      const char *path);
/* Of prefixes of any longer lengths, which never overlap. */
struct pool *pool_new_prefixes(const struct gw6c_addr *prefix, long limit,
			       const char *path);
void pool_free(struct pool *pool); /* NULL is fine */

/* Read what was remembered; lines that make no sense are left out. Returns
 * holders read. */
int pool_load(struct pool *pool);

/* Our own address. */
void pool_server(const struct pool *pool, struct gw6c_addr *out);

/* The address of a holder: the one it wishes (family 0: none) unless a tunnel
 * has it or it has a tunnel; else the one it had, else a free one, else that
 * of whoever was away for longest. False: all are in use. Each call counts as
 * one use, to be ended by pool_release(). */
bool pool_acquire(struct pool *pool, const char *key,
		  const struct gw6c_addr *wish, struct gw6c_addr *out);
/* The same for a prefix of that length; one that is in use by the holder, or
 * wished, may have another. */
bool pool_acquire_prefix(struct pool *pool, const char *key, uint8_t bits,
			 const struct gw6c_addr *wish, struct gw6c_addr *out);
/* One use less; it stays remembered for its holder. Both NULL and what nobody
 * holds are fine. */
void pool_release(struct pool *pool, const struct gw6c_addr *block);

/* Write the file, if something has changed: atomic, mode 0600. NULL is
 * fine. */
int pool_save(struct pool *pool, struct gw6c_err *err);

#endif
