/* path.h - files below a directory, and nothing outside it. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_HOME_WEB_PATH_H
#define GW6C_HOME_WEB_PATH_H

#include <stdbool.h>
#include <sys/stat.h>

/* Open a regular file or a directory for reading by its path below root, ""
 * being root itself. Links are followed as long as they stay below it and lead
 * to nothing hidden. Anything else, a fifo or a device, is not even opened.
 * Below 0: -ENOENT, -EACCES, or another errno of this machine. */
int path_open(int root, const char *path, struct stat *at);
/* What is there, without opening it. False: nothing that would be served. */
bool path_look(int root, const char *path, struct stat *at);

/* path_open() by steps of our own, for systems without openat2(2). */
int path_walk(int root, const char *path, struct stat *at);

#endif
