/* pool_file.c - a pool is kept across restarts. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/base/log.h"
#include "core/base/prefix.h"
#include "core/base/trusted.h"
#include "pool_parts.h"
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <unistd.h>

/* "block key": a key has no control octets and no leading space. */
static bool read_line(struct pool *pool, char *line)
{
	char *space = strchr(line, ' ');
	struct gw6c_addr block;
	struct holder *holder;

	line[strcspn(line, "\n")] = 0;
	if (!space || !space[1] || strlen(space + 1) >= POOL_KEY)
		return false;
	*space = 0;
	if (pool->holders >= pool->max || !prefix_parse(line, &block) ||
	    !pool_has(pool, &block) || pool_holder(pool, space + 1))
		return false;
	holder = pool_add(pool, space + 1, &block);
	if (holder)
		holder->kept = true;
	return holder;
}

/* What we cannot read, somebody else may. */
static void keep_aside(const struct pool *pool, int lines)
{
	char aside[PATH_MAX];

	snprintf(aside, sizeof(aside), "%s.damaged", pool->path);
	unlink(aside);
	if (link(pool->path, aside) < 0)
		snprintf(aside, sizeof(aside), "nothing: %s", strerror(errno));
	log_msg(GW6C_WARN, "pool",
		"%s: %d lines are damaged or do not fit the configuration, and "
		"are left out: their clients get other addresses; the file is "
		"kept as %s",
		pool->path, lines, aside);
}

int pool_load(struct pool *pool)
{
	int fd = pool->path ? trusted_open(pool->path, O_RDONLY, 0) : -1;
	FILE *file = fd < 0 ? NULL : fdopen(fd, "r");
	char line[POOL_KEY + GW6C_ADDR_TEXT];
	int n = 0, bad = 0;

	if (fd < 0 && pool->path && errno != ENOENT)
		log_msg(GW6C_WARN, "pool",
			"%s is not read: %s; clients get other addresses",
			pool->path, trusted_error(errno));
	if (!file) {
		if (fd >= 0)
			close(fd);
		return 0;
	}
	while (fgets(line, sizeof(line), file))
		*(read_line(pool, line) ? &n : &bad) += 1;
	fclose(file);
	pool->changed = bad;
	if (bad)
		keep_aside(pool, bad);
	return n;
}

static void write_one(const struct holder *holder, FILE *file)
{
	char room[GW6C_ADDR_TEXT];

	if (holder->kept)
		fprintf(file, "%s %s\n", gw6c_addr_text(&holder->block, room),
			holder->key);
}

/* Those that are idle for longest come first, when they are read, too. */
static void write_all(const struct pool *pool, FILE *file)
{
	for (int i = 0; i < LINES; i++)
		for (const struct holder *at = pool->idle[i].first; at;
		     at = at->behind)
			write_one(at, file);
	for (size_t i = 0; i < pool->buckets; i++)
		for (const struct holder *at = pool->bucket[i]; at;
		     at = at->next)
			if (at->in_use)
				write_one(at, file);
}

static int pool_write(const struct pool *pool, const char *path)
{
	int fd =
		open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW,
		     0600);
	FILE *file = fd < 0 ? NULL : fdopen(fd, "w");

	if (!file) {
		if (fd >= 0)
			close(fd);
		return -1;
	}
	write_all(pool, file);
	/* A power failure must not leave an empty file under the final name. */
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
			 "cannot write %s: %s; clients may get different "
			 "addresses after a restart",
			 pool->path, strerror(errno));
}
