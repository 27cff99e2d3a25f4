/* pool.c - assignments of inner addresses and prefixes. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/base/hash.h"
#include "core/base/prefix.h"
#include "core/base/random.h"
#include "pool_parts.h"
#include <stdlib.h>

#define REMEMBER 4 /* holders remembered for each one in use */
#define BUCKETS 64 /* at first */
#define LOOK_AT 64 /* of the idle, before any block will do */

/* --- blocks ------------------------------------------------------------ */

static uint8_t host_bits(const struct gw6c_addr *prefix)
{
	return prefix->family == 4 ? 32 : 128;
}

static bool same_block(const struct gw6c_addr *a, const struct gw6c_addr *b)
{
	return memcmp(a, b, sizeof(*a)) == 0;
}

bool pool_has(const struct pool *pool, const struct gw6c_addr *block)
{
	return gw6c_addr_in(block, &pool->prefix) &&
	       block->bits >= pool->prefix.bits &&
	       (!pool->hosts || block->bits == host_bits(&pool->prefix));
}

/* The first host, of those that we may assign. */
static struct gw6c_addr first_host(const struct pool *pool)
{
	struct gw6c_addr first;

	prefix_block(&pool->prefix, host_bits(&pool->prefix), 2, &first);
	return first;
}

static bool take_number(struct pool *pool, uint64_t n)
{
	struct gw6c_addr block;

	prefix_block(&pool->prefix, host_bits(&pool->prefix), n, &block);
	if (!space_take(pool->space, &block, pool->ours))
		return false;
	space_set_busy(pool->space, &block, true);
	return true;
}

/* Those that are no hosts, and our own. In IPv4 the last is for all. */
static bool take_ours(struct pool *pool)
{
	unsigned spare = host_bits(&pool->prefix) - pool->prefix.bits;

	return take_number(pool, 0) && take_number(pool, 1) &&
	       (pool->prefix.family != 4 ||
		take_number(pool, (1ull << spare) - 1));
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
	pool->max = limit * REMEMBER;
	pool->limit = pool->guests_max = limit;
	pool->buckets = BUCKETS;
	pool->bucket = calloc(pool->buckets, sizeof(struct holder *));
	pool->ours = calloc(1, sizeof(struct holder) + 1);
	pool->space = space_new(prefix);
	pool->path = path ? strdup(path) : NULL;
	if (hosts)
		pool->next = first_host(pool);
	if (pool->bucket && pool->ours && pool->space &&
	    (pool->path || !path) && (!hosts || take_ours(pool)))
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
	struct holder *next;

	if (!pool)
		return;
	for (size_t i = 0; pool->bucket && i < pool->buckets; i++)
		for (struct holder *at = pool->bucket[i]; at; at = next) {
			next = at->next;
			free(at);
		}
	free(pool->bucket);
	free(pool->ours);
	space_free(pool->space);
	free(pool->path);
	free(pool);
}

void pool_reserve(struct pool *pool, long reserved, long all)
{
	long most = pool->limit;

	if (pool->hosts && host_bits(&pool->prefix) - pool->prefix.bits < 31) {
		long hosts =
			(1l << (host_bits(&pool->prefix) - pool->prefix.bits)) -
			(pool->prefix.family == 4 ? 3 : 2);

		most = hosts < most ? hosts : most;
	}
	pool->guests_max =
		most - (long)((long long)most * reserved / (all ? all : 1));
}

void pool_server(const struct pool *pool, struct gw6c_addr *out)
{
	prefix_block(&pool->prefix, host_bits(&pool->prefix), 1, out);
}

/* --- holders ----------------------------------------------------------- */

static bool is_guest(const char *key)
{
	return *key == POOL_GUEST || *key == '?'; /* the latter of old files */
}

static struct holder **bucket_of(const struct pool *pool, const char *key)
{
	uint32_t hash = hash_octets((const uint8_t *)key, strlen(key));

	return &pool->bucket[hash & (pool->buckets - 1)];
}

struct holder *pool_holder(const struct pool *pool, const char *key)
{
	struct holder *at = *bucket_of(pool, key);

	while (at && strcmp(at->key, key) != 0)
		at = at->next;
	return at;
}

/* Twice as many buckets; without memory for them, look-ups take longer. */
static void grow(struct pool *pool)
{
	struct holder **old = pool->bucket, *next;
	size_t buckets = pool->buckets;
	struct holder **fresh = calloc(2 * buckets, sizeof(struct holder *));

	if (!fresh)
		return;
	pool->bucket = fresh;
	pool->buckets = 2 * buckets;
	for (size_t i = 0; i < buckets; i++)
		for (struct holder *at = old[i]; at; at = next) {
			struct holder **to = bucket_of(pool, at->key);

			next = at->next;
			at->next = *to;
			*to = at;
		}
	free(old);
}

static struct line *line_of(struct pool *pool, const struct holder *holder)
{
	return &pool->idle[is_guest(holder->key) ? GUESTS : ACCOUNTS];
}

static void line_up(struct pool *pool, struct holder *holder)
{
	struct line *line = line_of(pool, holder);

	holder->before = line->last;
	holder->behind = NULL;
	*(line->last ? &line->last->behind : &line->first) = holder;
	line->last = holder;
}

static void leave_line(struct pool *pool, struct holder *holder)
{
	struct line *line = line_of(pool, holder);

	*(holder->before ? &holder->before->behind : &line->first) =
		holder->behind;
	*(holder->behind ? &holder->behind->before : &line->last) =
		holder->before;
}

struct holder *pool_add(struct pool *pool, const char *key,
			const struct gw6c_addr *block)
{
	size_t len = strlen(key) + 1;
	struct holder *holder = calloc(1, sizeof(*holder) + len);
	struct holder **bucket;

	if (!holder || !space_take(pool->space, block, holder)) {
		free(holder);
		return NULL;
	}
	if ((size_t)pool->holders >= pool->buckets)
		grow(pool);
	memcpy(holder->key, key, len);
	holder->block = *block;
	holder->kept = !is_guest(key);
	bucket = bucket_of(pool, key);
	holder->next = *bucket;
	*bucket = holder;
	line_up(pool, holder);
	pool->holders++;
	pool->changed = true;
	return holder;
}

/* Forget an idle holder. */
static void drop(struct pool *pool, struct holder *holder)
{
	struct holder **at = bucket_of(pool, holder->key);

	while (*at != holder)
		at = &(*at)->next;
	*at = holder->next;
	leave_line(pool, holder);
	space_drop(pool->space, &holder->block);
	free(holder);
	pool->holders--;
	pool->changed = true;
}

/* Forget whoever is idle and overlaps a block that overlaps no busy one. */
static void clear(struct pool *pool, const struct gw6c_addr *block)
{
	struct holder *rival;

	while ((rival = space_over(pool->space, block)))
		drop(pool, rival);
}

/* --- a block for a holder ------------------------------------------------ */

/* Addresses are given out in turn, so that one that became free rests. */
static bool find_host(struct pool *pool, struct gw6c_addr *out)
{
	struct gw6c_addr first = first_host(pool);

	if (!space_find_after(pool->space, &pool->next, out) &&
	    !space_find_after(pool->space, &first, out))
		return false;
	pool->next = *out;
	for (int i = 15; i >= 0 && ++pool->next.octets[i] == 0; i--)
		;
	return true;
}

/* In a prefix that is large enough, one that nobody can guess: a packet with
 * it shows that its sender has received our offer. */
static bool find_secret(const struct pool *pool, struct gw6c_addr *out)
{
	uint8_t bits = host_bits(&pool->prefix);
	uint32_t n;

	if (!pool->hosts || bits - pool->prefix.bits < 32)
		return false;
	random_octets(&n, sizeof(n));
	prefix_block(&pool->prefix, bits, n, out);
	return n > 1 && !space_over(pool->space, out);
}

/* Can one of those that are idle for longest make room? With the block that it
 * has, or with what is around it. */
static bool find_idle(const struct pool *pool, int line, uint8_t bits,
		      bool around, struct gw6c_addr *out)
{
	const struct holder *at = pool->idle[line].first;

	for (int i = 0; at && i < LOOK_AT; i++, at = at->behind) {
		if (at->block.bits > bits && !around)
			continue;
		*out = at->block;
		out->bits = bits;
		prefix_mask(out);
		if (!space_is_busy(pool->space, out))
			return true;
	}
	return false;
}

/* Those with an account are forgotten last. */
static bool find_forgotten(const struct pool *pool, uint8_t bits,
			   struct gw6c_addr *out)
{
	return find_idle(pool, GUESTS, bits, false, out) ||
	       find_idle(pool, ACCOUNTS, bits, false, out) ||
	       find_idle(pool, GUESTS, bits, true, out) ||
	       find_idle(pool, ACCOUNTS, bits, true, out) ||
	       space_find_idle(pool->space, bits, out);
}

static bool find_block(struct pool *pool, uint8_t bits, struct gw6c_addr *out)
{
	if (bits < pool->prefix.bits)
		return false;
	return (pool->hosts ? find_host(pool, out)
			    : space_find(pool->space, bits, out)) ||
	       find_forgotten(pool, bits, out);
}

static struct holder *longest_idle(const struct pool *pool)
{
	return pool->idle[GUESTS].first ? pool->idle[GUESTS].first
					: pool->idle[ACCOUNTS].first;
}

/* Nobody is forgotten for what cannot be given. */
static struct holder *place(struct pool *pool, const char *key,
			    const struct gw6c_addr *block)
{
	struct holder *oldest;

	clear(pool, block);
	while (pool->holders >= pool->max && (oldest = longest_idle(pool)))
		drop(pool, oldest);
	return pool_add(pool, key, block);
}

static struct holder *add_holder(struct pool *pool, const char *key,
				 uint8_t bits)
{
	bool secret = false;
	struct gw6c_addr block;
	struct holder *holder;

	if (is_guest(key))
		secret = find_secret(pool, &block);
	if (!secret && !find_block(pool, bits, &block))
		return NULL;
	holder = place(pool, key, &block);
	if (holder)
		holder->secret = secret;
	return holder;
}

/* A configured block goes to its account, even if another holder had it; but
 * a tunnel that is up keeps its block. */
static struct holder *grant_wish(struct pool *pool, struct holder *holder,
				 const char *key, const struct gw6c_addr *wish)
{
	if (holder && (holder->in_use || same_block(&holder->block, wish)))
		return holder;
	if (!pool_has(pool, wish) || space_is_busy(pool->space, wish))
		return holder;
	if (holder)
		drop(pool, holder);
	return place(pool, key, wish);
}

/* The size has changed: of its own block, if that is large enough. */
static struct holder *resize(struct pool *pool, struct holder *holder,
			     const char *key, uint8_t bits)
{
	struct gw6c_addr block = holder->block;

	if (block.bits > bits && !find_block(pool, bits, &block))
		return NULL;
	block.bits = bits;
	drop(pool, holder);
	return place(pool, key, &block);
}

static struct holder *find_holder(struct pool *pool, const char *key,
				  uint8_t bits, const struct gw6c_addr *wish)
{
	struct holder *holder = pool_holder(pool, key);

	if (wish->family)
		holder = grant_wish(pool, holder, key, wish);
	else if (holder && holder->block.bits != bits && !holder->in_use)
		return resize(pool, holder, key, bits);
	return holder ? holder : add_holder(pool, key, bits);
}

/* --- uses ---------------------------------------------------------------- */

static void begin_use(struct pool *pool, struct holder *holder)
{
	/* Two of them were told the same. */
	if (holder->in_use++) {
		holder->secret = false;
		return;
	}
	pool->taken++;
	pool->guests += is_guest(holder->key);
	leave_line(pool, holder);
	space_set_busy(pool->space, &holder->block, true);
}

static void end_use(struct pool *pool, struct holder *holder)
{
	pool->taken--;
	pool->guests -= is_guest(holder->key);
	holder->secret = false;
	line_up(pool, holder);
	space_set_busy(pool->space, &holder->block, false);
	if (!holder->kept)
		drop(pool, holder);
}

bool pool_acquire_prefix(struct pool *pool, const char *key, uint8_t bits,
			 const struct gw6c_addr *wish, struct gw6c_addr *out)
{
	struct holder *holder = pool_holder(pool, key);

	if ((!holder || !holder->in_use) &&
	    (pool->taken >= pool->limit ||
	     (is_guest(key) && pool->guests >= pool->guests_max)))
		return false;
	holder = find_holder(pool, key, bits, wish);
	if (!holder)
		return false;
	begin_use(pool, holder);
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
	struct holder *holder = pool ? space_owner(pool->space, block) : NULL;

	if (holder && holder->in_use && --holder->in_use == 0)
		end_use(pool, holder);
}

void pool_keep(struct pool *pool, const struct gw6c_addr *block)
{
	struct holder *holder = pool ? space_owner(pool->space, block) : NULL;

	if (!holder || holder == pool->ours || holder->kept)
		return;
	holder->kept = true;
	pool->changed = true;
}

unsigned pool_uses(const struct pool *pool, const char *key,
		   struct gw6c_addr *block)
{
	const struct holder *holder = pool_holder(pool, key);

	if (!holder || !holder->in_use)
		return 0;
	*block = holder->block;
	return holder->in_use;
}

bool pool_would_move(const struct pool *pool, const char *key,
		     const struct gw6c_addr *wish)
{
	const struct holder *holder = pool ? pool_holder(pool, key) : NULL;

	if (!holder || holder->in_use != 1 || !wish->family ||
	    same_block(&holder->block, wish) || !pool_has(pool, wish))
		return false;
	return !space_is_busy(pool->space, wish) ||
	       space_over(pool->space, wish) == holder;
}

bool pool_is_secret(const struct pool *pool, const struct gw6c_addr *block)
{
	const struct holder *holder = space_owner(pool->space, block);

	return holder && holder->secret;
}
