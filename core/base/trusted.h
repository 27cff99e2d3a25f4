/* trusted.h - files that nobody can change but root and the user we run as. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_CORE_BASE_TRUSTED_H
#define GW6C_CORE_BASE_TRUSTED_H

#include <gw6c/err.h>
#include <stdbool.h>
#include <sys/stat.h>
#include <sys/types.h>

/* Before a file is obeyed, loaded or run, or a directory is used: it, every
 * directory above it and every link on the way belong to root or to us, and
 * are writable by nobody else. As for sshd and sudo, a directory above it may
 * be writable by all if it is sticky, as /tmp is: nobody can replace there
 * what is not theirs. A group that has no members but root and us may write
 * there, and, if we are not root, to the file. What is not there is fine.
 * GW6C_ECONFIG: err has the path and the command that mends it. */
int trusted_path(const char *path, struct gw6c_err *err);
/* The same of the directory that path is in, which may be sticky: for a file
 * that trusted_open() opens, or that is made anew. */
int trusted_parents(const char *path, struct gw6c_err *err);

/* open(2) of a file that we keep ourselves: never through a link in its last
 * place. -1: errno; EPERM if somebody else owns it, could have changed it, or
 * knows it under another name; EINVAL if it is no plain file. */
int trusted_open(const char *path, int flags, mode_t mode);
/* "it is a symbolic link": what errno means after trusted_open(). */
const char *trusted_error(int error);

/* Of an open file: it belongs to root or to us, under one name at most. */
bool trusted_is_ours(const struct stat *file);

#endif
