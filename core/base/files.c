/* files.c - small files that are read and replaced as a whole. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "files.h"
#include "daemon.h"
#include "trusted.h"
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

ssize_t files_load(const char *path, uint8_t *room, size_t len, mode_t *mode)
{
	struct stat stat;
	ssize_t got;
	int fd, saved;

	/* Who can write there could put another file of ours in its place. */
	if (trusted_parents(path, NULL)) {
		errno = EPERM;
		return -1;
	}
	fd = trusted_open(path, O_RDONLY, 0);
	if (fd < 0)
		return -1;
	got = fstat(fd, &stat) == 0 ? read(fd, room, len) : -1;
	if (mode && got >= 0)
		*mode = stat.st_mode;
	saved = errno;
	close(fd);
	errno = saved;
	return got;
}

int files_unreadable(const char *path, struct gw6c_err *err)
{
	return gw6c_fail(err, GW6C_ECONFIG,
			 "cannot read %s: %s; it must be a regular file: fix "
			 "or remove it",
			 path, trusted_error(errno));
}

static int files_write(const char *path, struct gw6c_bytes text, mode_t mode)
{
	int fd =
		open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW,
		     mode);
	bool ok;

	if (fd < 0)
		return -1;
	errno = ENOSPC; /* for a write that is short */
	ok = fchmod(fd, mode) == 0 &&
	     write(fd, text.at, text.len) == (ssize_t)text.len &&
	     fsync(fd) == 0;
	return close(fd) == 0 && ok ? 0 : -1;
}

int files_replace(const char *path, struct gw6c_bytes text, mode_t mode,
		  struct gw6c_err *err)
{
	char fresh[PATH_MAX];
	int saved;

	if (daemon_directory(path, err))
		return -1;
	snprintf(fresh, sizeof(fresh), "%s.new", path);
	unlink(fresh);
	if (files_write(fresh, text, mode) == 0 && rename(fresh, path) == 0)
		return 0;
	saved = errno;
	unlink(fresh);
	errno = saved;
	return -1;
}
