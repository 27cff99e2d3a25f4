/* pool.c - assignments of inner addresses and prefixes; pool_file.c keeps them
 * across restarts. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/base/prefix.h"
#include "core/base/random.h"
#include "pool_parts.h"
#include <stdlib.h>

#define REMEMBER 4 /* holders remembered for each one in use */
#define SMALL 1024 /* hosts */
#define TRIES 65536 /* blocks examined to find a free one */

/* --- blocks ------------------------------------------------------------ */

static uint8_t host_bits(const struct gw6c_addr *prefix)
{
	return prefix->family == 4 ? 32 : 128;
}

/* The number of the last block of that size; in IPv4 the broadcast address
 * follows the last host. Numbers have at most 32 bits. */
static uint32_t last_block(const struct gw6c_addr *prefix, uint8_t bits)
{
	unsigned spare = (unsigned)bits - prefix->bits;
	uint32_t last = spare >= 32 ? UINT32_MAX : (1u << spare) - 1;

	return bits == 32 && prefix->family == 4 ? last - 1 : last;
}

static bool same_block(const struct gw6c_addr *a, const struct gw6c_addr *b)
{
	return memcmp(a, b, sizeof(*a)) == 0;
}

/* All hosts of a small prefix except ours; half of a large one, so that a free
 * host is found quickly. */
static long max_hosts(const struct gw6c_addr *prefix, long limit)
{
	long hosts = (long)last_block(prefix, host_bits(prefix)) - 1;

	if (hosts > SMALL)
		hosts /= 2;
	return limit * REMEMBER < hosts ? limit * REMEMBER : hosts;
}

/* --- open and close ---------------------------------------------------- */

static struct pool *make(const struct gw6c_addr *prefix, bool hosts, long limit,
			 const char *path)
{
	struct pool *pool = calloc(1, sizeof(*pool));

	if (!pool)
		return NULL;
	pool->prefix = *prefix;
	pool->hosts = hosts;
	pool->max = hosts ? max_hosts(prefix, limit) : limit * REMEMBER;
	pool->limit = pool->guests_max = limit;
	pool->holder = calloc((size_t)pool->max, sizeof(*pool->holder));
	pool->path = path ? strdup(path) : NULL;
	if (pool->holder && (pool->path || !path))
		return pool;
	pool_free(pool);
	return NULL;
}

struct pool *pool_new(const struct gw6c_addr *prefix, long limit,
		      const char *path)
{
	return make(prefix, true, limit, path);
}

struct pool *pool_new_prefixes(const struct gw6c_addr *prefix, long limit,
			       const char *path)
{
	return make(prefix, false, limit, path);
}

void pool_free(struct pool *pool)
{
	if (!pool)
		return;
	free(pool->holder);
	free(pool->path);
	free(pool);
}

void pool_reserve(struct pool *pool, long reserved, long all)
{
	long most = pool->limit < pool->max ? pool->limit : pool->max;

	pool->guests_max =
		most - (long)((long long)most * reserved / (all ? all : 1));
}

void pool_server(const struct pool *pool, struct gw6c_addr *out)
{
	prefix_block(&pool->prefix, host_bits(&pool->prefix), 1, out);
}

/* --- holders ----------------------------------------------------------- */

static struct holder *find_block(const struct pool *pool,
				 const struct gw6c_addr *block)
{
	for (long i = 0; i < pool->holders; i++)
		if (same_block(&pool->holder[i].block, block))
			return &pool->holder[i];
	return NULL;
}

struct holder *pool_find_key(const struct pool *pool, const char *key)
{
	for (long i = 0; i < pool->holders; i++)
		if (strcmp(pool->holder[i].key, key) == 0)
			return &pool->holder[i];
	return NULL;
}

struct holder *pool_find_rival(const struct pool *pool,
			       const struct gw6c_addr *block,
			       const struct holder *me)
{
	for (long i = 0; i < pool->holders; i++)
		if (&pool->holder[i] != me &&
		    prefix_overlap(&pool->holder[i].block, block))
			return &pool->holder[i];
	return NULL;
}

static bool is_guest(const char *key)
{
	return *key == POOL_GUEST || *key == '?'; /* the latter of old files */
}

/* Forget an idle holder. May move another one into its place. */
static void drop(struct pool *pool, struct holder *holder)
{
	*holder = pool->holder[--pool->holders];
	pool->changed = true;
}

/* A holder with an account is forgotten last. */
static bool goes_before(const struct holder *a, const struct holder *b)
{
	if (is_guest(a->key) != is_guest(b->key))
		return is_guest(a->key);
	return a->used < b->used;
}

/* Forget the holder that was idle longest, and return its block. False: all
 * are in use. */
static bool drop_oldest(struct pool *pool, struct gw6c_addr *block)
{
	struct holder *oldest = NULL;

	for (long i = 0; i < pool->holders; i++)
		if (!pool->holder[i].in_use &&
		    (!oldest || goes_before(&pool->holder[i], oldest)))
			oldest = &pool->holder[i];
	if (!oldest)
		return false;
	*block = oldest->block;
	drop(pool, oldest);
	return true;
}

bool pool_has(const struct pool *pool, const struct gw6c_addr *block)
{
	struct gw6c_addr first, last;

	if (!gw6c_addr_in(block, &pool->prefix) ||
	    block->bits < pool->prefix.bits)
		return false;
	if (!pool->hosts)
		return true;
	prefix_block(&pool->prefix, block->bits, 0, &first);
	prefix_block(&pool->prefix, block->bits,
		     last_block(&pool->prefix, block->bits) + 1ull, &last);
	if (block->bits != host_bits(&pool->prefix) ||
	    same_block(block, &first))
		return false;
	pool_server(pool, &first);
	return !same_block(block, &first) &&
	       (block->family == 6 || !same_block(block, &last));
}

static bool find_free(struct pool *pool, uint8_t bits, struct gw6c_addr *out)
{
	uint32_t last = last_block(&pool->prefix, bits);
	uint32_t first = pool->hosts ? 2 : 0;

	for (uint32_t tries = 0; tries <= last && tries < TRIES; tries++) {
		if (pool->next < first || pool->next > last)
			pool->next = first;
		prefix_block(&pool->prefix, bits, pool->next++, out);
		if (!pool_find_rival(pool, out, NULL))
			return true;
	}
	return false;
}

/* In a prefix that is large enough, one that nobody can guess: a packet with
 * it shows that its sender has received our offer. */
static bool find_secret(struct pool *pool, uint8_t bits, struct gw6c_addr *out)
{
	uint32_t n;

	if (last_block(&pool->prefix, bits) != UINT32_MAX)
		return false;
	random_octets(&n, sizeof(n));
	prefix_block(&pool->prefix, bits, n, out);
	return n > 1 && !pool_find_rival(pool, out, NULL);
}

/* A new holder with a free block, or with that of the longest idle holder. */
static struct holder *add_holder(struct pool *pool, const char *key,
				 uint8_t bits)
{
	struct gw6c_addr block = { 0 };
	struct holder *holder;
	bool secret;

	if (pool->holders == pool->max && !drop_oldest(pool, &block))
		return NULL;
	secret = block.bits != bits && is_guest(key) &&
		 find_secret(pool, bits, &block);
	while (block.bits != bits && !find_free(pool, bits, &block))
		if (!drop_oldest(pool, &block))
			return NULL;
	holder = &pool->holder[pool->holders++];
	*holder = (struct holder){ .block = block,
				   .kept = !is_guest(key),
				   .secret = secret };
	snprintf(holder->key, sizeof(holder->key), "%s", key);
	pool->changed = true;
	return holder;
}

/* Evict every idle holder that overlaps block; false if one is in use. */
static bool make_free(struct pool *pool, const struct gw6c_addr *block,
		      const char *key)
{
	struct holder *rival;

	if (!pool_has(pool, block))
		return false;
	for (long i = 0; i < pool->holders; i++)
		if (pool->holder[i].in_use &&
		    strcmp(pool->holder[i].key, key) != 0 &&
		    prefix_overlap(&pool->holder[i].block, block))
			return false;
	while ((rival = pool_find_rival(pool, block, pool_find_key(pool, key))))
		drop(pool, rival);
	return true;
}

/* A configured block goes to its account, even if another holder had it; but
 * a tunnel that is up keeps its block. */
static struct holder *grant_wish(struct pool *pool, const char *key,
				 const struct gw6c_addr *wish)
{
	struct holder *holder = pool_find_key(pool, key);

	if ((holder && holder->in_use) || !make_free(pool, wish, key))
		return NULL;
	holder = pool_find_key(pool, key); /* it may have moved */
	if (!holder)
		holder = add_holder(pool, key, wish->bits);
	if (!holder)
		return NULL;
	if (!same_block(&holder->block, wish)) {
		holder->block = *wish;
		pool->changed = true;
	}
	return holder;
}

static struct holder *find_holder(struct pool *pool, const char *key,
				  uint8_t bits, const struct gw6c_addr *wish)
{
	struct holder *holder = NULL;

	if (wish->family)
		holder = grant_wish(pool, key, wish);
	if (!holder)
		holder = pool_find_key(pool, key);
	/* The size has changed. */
	if (holder && holder->block.bits != bits && !wish->family &&
	    !holder->in_use) {
		drop(pool, holder);
		holder = NULL;
	}
	return holder ? holder : add_holder(pool, key, bits);
}

bool pool_acquire_prefix(struct pool *pool, const char *key, uint8_t bits,
			 const struct gw6c_addr *wish, struct gw6c_addr *out)
{
	struct holder *holder = pool_find_key(pool, key);

	if ((!holder || !holder->in_use) &&
	    (pool->taken >= pool->limit ||
	     (is_guest(key) && pool->guests >= pool->guests_max)))
		return false;
	holder = find_holder(pool, key, bits, wish);
	if (!holder)
		return false;
	/* Two of them were told the same. */
	if (holder->in_use)
		holder->secret = false;
	pool->taken += !holder->in_use;
	pool->guests += !holder->in_use && is_guest(key);
	holder->in_use++;
	holder->used = ++pool->clock;
	*out = holder->block;
	return true;
}

bool pool_acquire(struct pool *pool, const char *key,
		  const struct gw6c_addr *wish, struct gw6c_addr *out)
{
	return pool_acquire_prefix(pool, key, host_bits(&pool->prefix), wish,
				   out);
}

void pool_release(struct pool *pool, const struct gw6c_addr *block)
{
	struct holder *holder = pool ? find_block(pool, block) : NULL;

	if (!holder || !holder->in_use)
		return;
	if (--holder->in_use)
		return;
	pool->taken--;
	pool->guests -= is_guest(holder->key);
	holder->secret = false;
	if (!holder->kept)
		drop(pool, holder);
}

void pool_keep(struct pool *pool, const struct gw6c_addr *block)
{
	struct holder *holder = pool ? find_block(pool, block) : NULL;

	if (!holder || holder->kept)
		return;
	holder->kept = true;
	pool->changed = true;
}

unsigned pool_uses(const struct pool *pool, const char *key,
		   struct gw6c_addr *block)
{
	const struct holder *holder = pool_find_key(pool, key);

	if (!holder || !holder->in_use)
		return 0;
	*block = holder->block;
	return holder->in_use;
}

bool pool_is_secret(const struct pool *pool, const struct gw6c_addr *block)
{
	const struct holder *holder = find_block(pool, block);

	return holder && holder->secret;
}
