/* pool.c - who has which inner address, over restarts. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "pool.h"
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <unistd.h>

#define REMEMBER 4 /* holders for each that may be in use */
#define SMALL 1024 /* hosts */

struct holder {
	char key[POOL_KEY];
	struct gw6c_addr addr;
	unsigned in_use; /* dialogues and tunnels that hold it */
	uint64_t used; /* order of last use */
};

struct pool {
	struct gw6c_addr prefix;
	char *path;
	struct holder *holder;
	long holders, max; /* remembered */
	long taken, limit; /* in use at the same time */
	uint32_t next; /* host number to try next */
	uint64_t clock; /* counts uses */
	bool changed;
};

/* Bits of a host's number, 32 at most. */
static unsigned spare_bits(const struct gw6c_addr *prefix)
{
	unsigned spare = (prefix->family == 4 ? 32u : 128u) - prefix->bits;

	return spare < 32 ? spare : 32;
}

/* The number of the last host; in IPv4 there is the broadcast address behind
 * it. */
static uint32_t last_host(const struct gw6c_addr *prefix)
{
	unsigned spare = spare_bits(prefix);
	uint32_t last = spare == 32 ? UINT32_MAX : (1u << spare) - 1;

	return prefix->family == 4 ? last - 1 : last;
}

/* All hosts but our own of a small prefix; of a large one half, so that a
 * free one is found soon. */
static long pool_max(const struct gw6c_addr *prefix, long limit)
{
	long hosts = (long)last_host(prefix) - 1;

	if (hosts > SMALL)
		hosts /= 2;
	return limit * REMEMBER < hosts ? limit * REMEMBER : hosts;
}

struct pool *pool_new(const struct gw6c_addr *prefix, long limit,
		      const char *path)
{
	struct pool *pool = calloc(1, sizeof(*pool));
	long max = pool_max(prefix, limit);

	if (!pool)
		return NULL;
	pool->prefix = *prefix;
	pool->max = max;
	pool->limit = limit;
	pool->next = 2;
	pool->holder = calloc((size_t)max, sizeof(*pool->holder));
	pool->path = path ? strdup(path) : NULL;
	if (pool->holder && (pool->path || !path))
		return pool;
	pool_free(pool);
	return NULL;
}

void pool_free(struct pool *pool)
{
	if (!pool)
		return;
	free(pool->holder);
	free(pool->path);
	free(pool);
}

/* The n-th address of the prefix, n in its last 32 bits at most. */
static struct gw6c_addr pool_addr(const struct pool *pool, uint32_t n)
{
	struct gw6c_addr addr = pool->prefix;
	int last = addr.family == 4 ? 3 : 15;

	addr.bits = addr.family == 4 ? 32 : 128;
	for (int i = 0; i < 4; i++)
		addr.octets[last - i] |= (uint8_t)(n >> (8 * i));
	return addr;
}

void pool_server(const struct pool *pool, struct gw6c_addr *out)
{
	*out = pool_addr(pool, 1);
}

static struct holder *find_addr(const struct pool *pool,
				const struct gw6c_addr *addr)
{
	for (long i = 0; i < pool->holders; i++)
		if (memcmp(&pool->holder[i].addr, addr, sizeof(*addr)) == 0)
			return &pool->holder[i];
	return NULL;
}

static struct holder *find_key(const struct pool *pool, const char *key)
{
	for (long i = 0; i < pool->holders; i++)
		if (strcmp(pool->holder[i].key, key) == 0)
			return &pool->holder[i];
	return NULL;
}

/* May it be given out at all: in the prefix, and a host, and not our own? */
static bool pool_has(const struct pool *pool, const struct gw6c_addr *addr)
{
	struct gw6c_addr server, network = pool_addr(pool, 0), broadcast;

	pool_server(pool, &server);
	broadcast = pool_addr(pool, last_host(&pool->prefix) + 1);
	if (!gw6c_addr_in(addr, &pool->prefix) ||
	    memcmp(addr, &server, sizeof(server)) == 0)
		return false;
	return addr->family == 6 ||
	       (memcmp(addr, &network, sizeof(network)) != 0 &&
		memcmp(addr, &broadcast, sizeof(broadcast)) != 0);
}

static struct gw6c_addr pool_free_addr(struct pool *pool)
{
	uint32_t last = last_host(&pool->prefix);
	struct gw6c_addr addr;

	do {
		if (pool->next < 2 || pool->next > last)
			pool->next = 2;
		addr = pool_addr(pool, pool->next++);
	} while (find_addr(pool, &addr));
	return addr;
}

/* A new holder, in the place of the one away for longest if it must be. */
static struct holder *pool_new_holder(struct pool *pool, const char *key)
{
	struct holder *oldest = NULL;

	if (pool->holders < pool->max) {
		oldest = &pool->holder[pool->holders];
		oldest->addr = pool_free_addr(pool);
		pool->holders++;
	} else {
		for (long i = 0; i < pool->holders; i++)
			if (!pool->holder[i].in_use &&
			    (!oldest || pool->holder[i].used < oldest->used))
				oldest = &pool->holder[i];
	}
	if (oldest)
		snprintf(oldest->key, sizeof(oldest->key), "%s", key);
	return oldest;
}

bool pool_take(struct pool *pool, const char *key, const struct gw6c_addr *wish,
	       struct gw6c_addr *out)
{
	struct holder *holder = find_key(pool, key);
	bool wishes = wish->family && pool_has(pool, wish);
	struct holder *rival = wishes ? find_addr(pool, wish) : NULL;

	if ((!holder || !holder->in_use) && pool->taken >= pool->limit)
		return false;
	if (!holder) {
		holder = pool_new_holder(pool, key);
		pool->changed = true;
	}
	if (!holder)
		return false;
	/* A configured address is its account's, whoever had it before; but
	 * no tunnel that is up changes its address. */
	if (wishes && rival != holder && !holder->in_use &&
	    !(rival && rival->in_use)) {
		if (rival)
			rival->addr = holder->addr;
		holder->addr = *wish;
		pool->changed = true;
	}
	pool->taken += !holder->in_use;
	holder->in_use++;
	holder->used = ++pool->clock;
	*out = holder->addr;
	return true;
}

void pool_leave(struct pool *pool, const struct gw6c_addr *addr)
{
	struct holder *holder = find_addr(pool, addr);

	if (!holder || !holder->in_use)
		return;
	holder->in_use--;
	pool->taken -= !holder->in_use;
}

/* "address key": a key has no control octets and no blank at its start. */
static bool pool_line(struct pool *pool, char *line)
{
	char *space = strchr(line, ' ');
	struct gw6c_addr addr;
	struct holder *holder;

	line[strcspn(line, "\n")] = 0;
	if (!space || !space[1] || strlen(space + 1) >= POOL_KEY)
		return false;
	*space = 0;
	if (pool->holders == pool->max || !gw6c_addr_parse(line, &addr) ||
	    !pool_has(pool, &addr) || find_addr(pool, &addr) ||
	    find_key(pool, space + 1))
		return false;
	holder = &pool->holder[pool->holders++];
	snprintf(holder->key, sizeof(holder->key), "%s", space + 1);
	holder->addr = addr;
	holder->used = ++pool->clock;
	return true;
}

int pool_load(struct pool *pool)
{
	int fd = pool->path
			 ? open(pool->path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
			 : -1;
	FILE *file = fd < 0 ? NULL : fdopen(fd, "r");
	char line[POOL_KEY + GW6C_ADDR_TEXT];
	int n = 0;

	if (!file) {
		if (fd >= 0)
			close(fd);
		return 0;
	}
	while (fgets(line, sizeof(line), file))
		n += pool_line(pool, line);
	fclose(file);
	return n;
}

static int pool_write(const struct pool *pool, const char *path)
{
	int fd =
		open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW,
		     0600);
	FILE *file = fd < 0 ? NULL : fdopen(fd, "w");
	char room[GW6C_ADDR_TEXT];

	if (!file) {
		if (fd >= 0)
			close(fd);
		return -1;
	}
	for (long i = 0; i < pool->holders; i++)
		fprintf(file, "%s %s\n",
			gw6c_addr_text(&pool->holder[i].addr, room),
			pool->holder[i].key);
	/* A power cut must not leave an empty file under the good name. */
	if (fflush(file) != 0 || fsync(fd) < 0) {
		fclose(file);
		return -1;
	}
	return fclose(file);
}

int pool_save(struct pool *pool, struct gw6c_err *err)
{
	char fresh[PATH_MAX];

	if (!pool || !pool->path || !pool->changed)
		return GW6C_OK;
	snprintf(fresh, sizeof(fresh), "%s.new", pool->path);
	unlink(fresh);
	if (pool_write(pool, fresh) == 0 && rename(fresh, pool->path) == 0) {
		pool->changed = false;
		return GW6C_OK;
	}
	return gw6c_fail(err, GW6C_EOS,
			 "cannot write %s: %s; after a restart clients may get "
			 "other addresses",
			 pool->path, strerror(errno));
}
