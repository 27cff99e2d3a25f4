/* pool_parts.h - what the files of a pool share. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_BROKER_DATA_POOL_PARTS_H
#define GW6C_BROKER_DATA_POOL_PARTS_H

#include "core/base/space.h"
#include "pool.h"

struct holder {
	struct holder *next; /* in its bucket */
	struct holder *before, *behind; /* in the line of the idle */
	struct gw6c_addr block; /* an address, or a prefix */
	unsigned in_use; /* dialogues and tunnels that hold it */
	bool kept; /* when it is not in use */
	bool secret; /* the block was chosen at random, for this use */
	char key[];
};

/* Holders that are idle, in the order in which they became so. */
struct line {
	struct holder *first, *last;
};

enum { GUESTS, ACCOUNTS, LINES };

struct pool {
	struct gw6c_addr prefix;
	bool hosts; /* of addresses; the first is ours */
	char *path;
	struct space *space;
	struct holder *ours; /* it has what is assigned to nobody */
	struct holder **bucket;
	size_t buckets; /* a power of two */
	struct line idle[LINES];
	long holders, max; /* remembered */
	long taken, limit; /* in use at the same time */
	long guests, guests_max; /* of these, without an account */
	struct gw6c_addr next; /* address to try next */
	bool changed;
};

/* Is it a block of the sort that the pool assigns? */
bool pool_has(const struct pool *pool, const struct gw6c_addr *block);
/* By its key; NULL: there is none. */
struct holder *pool_holder(const struct pool *pool, const char *key);
/* A new one, idle, with a block that is free. NULL: it is not, or out of
 * memory. */
struct holder *pool_add(struct pool *pool, const char *key,
			const struct gw6c_addr *block);

#endif
