/* pool_parts.h - what a pool is made of, shared by pool*.c only. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_BROKER_DATA_POOL_PARTS_H
#define GW6C_BROKER_DATA_POOL_PARTS_H

#include "pool.h"

struct holder {
	char key[POOL_KEY];
	struct gw6c_addr block; /* an address, or a prefix */
	unsigned in_use; /* dialogues and tunnels that hold it */
	uint64_t used; /* order of last use */
	bool kept; /* when it is not in use */
	bool secret; /* the block was chosen at random, for this use */
};

struct pool {
	struct gw6c_addr prefix;
	bool hosts; /* of addresses; the first is ours */
	char *path;
	struct holder *holder;
	long holders, max; /* remembered */
	long taken, limit; /* in use at the same time */
	long guests, guests_max; /* of these, without an account */
	uint32_t next; /* block number to try next */
	uint64_t clock; /* counts uses */
	bool changed;
};

struct holder *pool_find_key(const struct pool *pool, const char *key);
/* A holder other than me that overlaps block. */
struct holder *pool_find_rival(const struct pool *pool,
			       const struct gw6c_addr *block,
			       const struct holder *me);
/* May the block be assigned: is it inside the prefix, and in a pool of hosts,
 * a host other than ours? */
bool pool_has(const struct pool *pool, const struct gw6c_addr *block);

#endif
