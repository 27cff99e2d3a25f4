/* pool.h - assignments of inner addresses and prefixes, kept across
 * restarts. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_BROKER_DATA_POOL_H
#define GW6C_BROKER_DATA_POOL_H

#include <gw6c/addr.h>
#include <gw6c/err.h>

#define POOL_KEY 280 /* octets of a holder's key with its NUL */

/* The first octet of the key of a holder without an account: no name of an
 * account begins with it. */
#define POOL_GUEST '\t'

struct pool;

/* A pool of addresses from a prefix: IPv6 of up to 112 bits or IPv4 of up to
 * 29. The first host is ours, the others are assigned, to at most limit holders
 * at a time; more are remembered. path: the file that remembers them, NULL:
 * none. */
struct pool *pool_new(const struct gw6c_addr *prefix, long limit,
		      const char *path);
/* A pool of prefixes of any longer length, which never overlap. */
struct pool *pool_new_prefixes(const struct gw6c_addr *prefix, long limit,
			       const char *path);
void pool_free(struct pool *pool); /* NULL is fine */
/* Of so many in use at a time, the others are for accounts: reserved of all
 * tunnels, or its share of what the prefix has. */
void pool_reserve(struct pool *pool, long reserved, long all);

/* Read the file; malformed lines are ignored. Returns the number of holders
 * read. */
int pool_load(struct pool *pool);

/* Our own address. */
void pool_server(const struct pool *pool, struct gw6c_addr *out);

/* The address of a holder: the one it wishes (family 0: none) unless a tunnel
 * uses it or the holder has a tunnel; else its previous one, else a free one,
 * else that of the longest idle holder. False: all are in use. Each call counts
 * as one use, to be ended by pool_release(). */
bool pool_acquire(struct pool *pool, const char *key,
		  const struct gw6c_addr *wish, struct gw6c_addr *out);
/* The same for a prefix of that length; one that the holder uses already, or
 * the wished one, may have a different length. */
bool pool_acquire_prefix(struct pool *pool, const char *key, uint8_t bits,
			 const struct gw6c_addr *wish, struct gw6c_addr *out);
/* End one use; the block stays remembered for its holder, if that has an
 * account or is kept. NULL and unassigned blocks are fine. */
void pool_release(struct pool *pool, const struct gw6c_addr *block);
/* Its holder has shown that it is there: remember it. NULL is fine. */
void pool_keep(struct pool *pool, const struct gw6c_addr *block);
/* How many dialogues and tunnels of that holder use its block; 0: none. */
unsigned pool_uses(const struct pool *pool, const char *key,
		   struct gw6c_addr *block);
/* Will the holder be given the wished block instead of its own as soon as the
 * only one that uses that has ended? NULL: no. */
bool pool_would_move(const struct pool *pool, const char *key,
		     const struct gw6c_addr *wish);
/* Was the block chosen so that nobody can guess it, and told nobody but its
 * holder? */
bool pool_is_secret(const struct pool *pool, const struct gw6c_addr *block);

/* Write the file if something has changed: atomically, mode 0600. NULL is
 * fine. */
int pool_save(struct pool *pool, struct gw6c_err *err);

#endif
