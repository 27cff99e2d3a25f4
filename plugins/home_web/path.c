/* path.c - files below a directory, and nothing outside it. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "path.h"
#include "config.h"
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#ifdef HAVE_LINUX_OPENAT2_H
#include <linux/openat2.h>
#include <sys/syscall.h>
#endif

#define DEEP 64 /* directories below root */
#define LINKS 16 /* followed on the way */
#ifdef O_PATH
#define LOOK O_PATH
#else
#define LOOK (O_RDONLY | O_NONBLOCK | O_NOCTTY)
#endif

/* --- by steps of our own ------------------------------------------------ */

/* Where we are: the directories from root down to here, all open, so that ".."
 * of a link is a step back in here and never asks the kernel. */
struct walk {
	int dir[DEEP];
	int depth; /* dir[0] is root, which is not ours */
	int links;
	char rest[PATH_MAX]; /* still to go */
};

static int walk_back(struct walk *walk)
{
	if (!walk->depth)
		return -ENOENT;
	close(walk->dir[walk->depth--]);
	return 0;
}

/* The text of a link takes the place of its name. What is still to go is empty,
 * or begins with a slash. */
static int walk_link(struct walk *walk, const char *name)
{
	char text[PATH_MAX], rest[PATH_MAX];
	ssize_t len = readlinkat(walk->dir[walk->depth], name, text,
				 sizeof(text) - 1);

	if (len <= 0)
		return -ENOENT;
	text[len] = 0;
	if (text[0] == '/' || walk->links++ == LINKS)
		return -ENOENT;
	memcpy(rest, walk->rest, sizeof(rest));
	if (snprintf(walk->rest, sizeof(walk->rest), "%s%s", text, rest) >=
	    (int)sizeof(walk->rest))
		return -ENAMETOOLONG;
	return 0;
}

/* Into a directory, or to the file at the end: 1, and it is the last. */
static int walk_down(struct walk *walk, const char *name, struct stat *at)
{
	int here = walk->dir[walk->depth], fd;

	if (fstatat(here, name, at, AT_SYMLINK_NOFOLLOW) < 0)
		return -errno;
	if (S_ISLNK(at->st_mode))
		return walk_link(walk, name);
	if (S_ISREG(at->st_mode))
		return walk->rest[0] ? -ENOENT : 1;
	if (!S_ISDIR(at->st_mode))
		return -ENOENT;
	if (walk->depth == DEEP - 1)
		return -ENAMETOOLONG;
	fd = openat(here, name, LOOK | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	walk->dir[++walk->depth] = fd;
	return 0;
}

static int walk_step(struct walk *walk, char name[NAME_MAX + 1],
		     struct stat *at)
{
	const char *from = walk->rest + strspn(walk->rest, "/");
	size_t len = strcspn(from, "/");

	if (len > NAME_MAX)
		return -ENOENT;
	snprintf(name, NAME_MAX + 1, "%.*s", (int)len, from);
	memmove(walk->rest, from + len, strlen(from + len) + 1);
	if (!len || strcmp(name, ".") == 0)
		return 0;
	if (strcmp(name, "..") == 0)
		return walk_back(walk);
	return name[0] == '.' ? -ENOENT : walk_down(walk, name, at);
}

static int same_file(int fd, const struct stat *seen, struct stat *at)
{
	if (fstat(fd, at) == 0 && at->st_dev == seen->st_dev &&
	    at->st_ino == seen->st_ino &&
	    (at->st_mode & S_IFMT) == (seen->st_mode & S_IFMT))
		return fd;
	close(fd);
	return -ENOENT;
}

#define READ (O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC)

int path_walk(int root, const char *path, struct stat *at)
{
	struct walk walk = { .dir = { root } };
	char name[NAME_MAX + 1] = ".";
	struct stat seen;
	int got = 0, fd;

	if (snprintf(walk.rest, sizeof(walk.rest), "%s", path) >=
	    (int)sizeof(walk.rest))
		return -ENAMETOOLONG;
	while (got == 0 && walk.rest[strspn(walk.rest, "/")])
		got = walk_step(&walk, name, &seen);
	fd = got;
	if (got == 0 && fstat(walk.dir[walk.depth], &seen) < 0)
		fd = -errno;
	else if (got >= 0)
		fd = openat(walk.dir[walk.depth], got ? name : ".",
			    READ | O_NOFOLLOW);
	if (got >= 0)
		fd = fd < 0 ? -errno : same_file(fd, &seen, at);
	while (walk.depth)
		walk_back(&walk);
	return fd;
}

/* --- by the kernel ------------------------------------------------------ */

#ifdef HAVE_LINUX_OPENAT2_H
static int kernel_open(int root, const char *path, int flags)
{
	struct open_how how = { .flags = (uint64_t)flags,
				.resolve = RESOLVE_BENEATH |
					   RESOLVE_NO_MAGICLINKS |
					   RESOLVE_NO_SYMLINKS };
	int fd = (int)syscall(SYS_openat2, root, path, &how, sizeof(how));

	return fd < 0 ? -errno : fd;
}

/* What it is, before it is opened: that alone may do something to a device. */
static int kernel_look(int root, const char *path, struct stat *at)
{
	int fd = kernel_open(root, path, O_PATH | O_CLOEXEC);
	int rc;

	if (fd < 0)
		return fd;
	rc = fstat(fd, at) < 0 ? -errno : 0;
	close(fd);
	return rc;
}

/* -ELOOP: there is a link on the way, which is not followed even to look: what
 * is outside must not be told from what is nowhere. -ENOSYS: it cannot be
 * done. */
static int path_kernel(int root, const char *path, struct stat *at)
{
	struct stat seen;
	int fd;

	if (!*path)
		path = ".";
	fd = kernel_look(root, path, &seen);
	if (fd < 0)
		return fd;
	if (!S_ISREG(seen.st_mode) && !S_ISDIR(seen.st_mode))
		return -ENOENT;
	fd = kernel_open(root, path, READ);
	return fd < 0 ? fd : same_file(fd, &seen, at);
}
#else
static int path_kernel(int root, const char *path, struct stat *at)
{
	(void)root;
	(void)path;
	(void)at;
	return -ENOSYS;
}
#endif

/* Whether a link leads to something hidden the kernel does not know. */
int path_open(int root, const char *path, struct stat *at)
{
	int fd = path_kernel(root, path, at);

	return fd == -ELOOP || fd == -ENOSYS || fd == -EPERM || fd == -EAGAIN
		       ? path_walk(root, path, at)
		       : fd;
}

bool path_look(int root, const char *path, struct stat *at)
{
	int fd;

	if (fstatat(root, path, at, AT_SYMLINK_NOFOLLOW) < 0)
		return false;
	if (S_ISREG(at->st_mode) || S_ISDIR(at->st_mode))
		return true;
	if (!S_ISLNK(at->st_mode))
		return false;
	fd = path_walk(root, path, at);
	if (fd >= 0)
		close(fd);
	return fd >= 0;
}
