/* pool_file.c - the file that keeps assignments across restarts. */
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
static bool pool_line(struct pool *pool, char *line)
{
	char *space = strchr(line, ' ');
	struct gw6c_addr block;
	struct holder *holder;

	line[strcspn(line, "\n")] = 0;
	if (!space || !space[1] || strlen(space + 1) >= POOL_KEY)
		return false;
	*space = 0;
	if (pool->holders == pool->max || !prefix_parse(line, &block) ||
	    !pool_has(pool, &block) || pool_find_rival(pool, &block, NULL) ||
	    pool_find_key(pool, space + 1))
		return false;
	holder = &pool->holder[pool->holders++];
	*holder = (struct holder){ .block = block,
				   .used = ++pool->clock,
				   .kept = true };
	snprintf(holder->key, sizeof(holder->key), "%s", space + 1);
	return true;
}

int pool_load(struct pool *pool)
{
	int fd = pool->path ? trusted_open(pool->path, O_RDONLY, 0) : -1;
	FILE *file = fd < 0 ? NULL : fdopen(fd, "r");
	char line[POOL_KEY + GW6C_ADDR_TEXT];
	int n = 0;

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
		if (pool->holder[i].kept)
			fprintf(file, "%s %s\n",
				gw6c_addr_text(&pool->holder[i].block, room),
				pool->holder[i].key);
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
