/* own_file.h - a file that we left in run_dir ourselves: what somebody else has
 * put there is not obeyed. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_OWN_FILE_H
#define GW6C_OWN_FILE_H

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

/* open(2), not through a link. -1: errno; EPERM: it is not ours alone. */
static inline int own_file(const char *path, int flags)
{
	int fd = open(path,
		      flags | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY,
		      0600);
	struct stat info;

	if (fd < 0)
		return -1;
	if (fstat(fd, &info) == 0 && S_ISREG(info.st_mode) &&
	    (info.st_uid == 0 || info.st_uid == geteuid()) &&
	    info.st_nlink <= 1 && !(info.st_mode & (S_IWGRP | S_IWOTH)))
		return fd;
	close(fd);
	errno = EPERM;
	return -1;
}

#endif
