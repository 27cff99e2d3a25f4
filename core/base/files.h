/* files.h - small files that are read and replaced as a whole. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_CORE_BASE_FILES_H
#define GW6C_CORE_BASE_FILES_H

#include <gw6c/buf.h>
#include <gw6c/err.h>
#include <sys/types.h>

/* The octets of a file of our own, in a directory of our own, into room, at most
 * len. -1: errno says why, as trusted_open() has it. mode: its rights, may be
 * NULL. */
ssize_t files_load(const char *path, uint8_t *room, size_t len, mode_t *mode);
/* Of errno after that: GW6C_ECONFIG, with the cause and what to do. */
int files_unreadable(const char *path, struct gw6c_err *err);

/* Put text in the place of what is there, all of it or nothing; the directory
 * is made (daemon.h). mode: rights, whatever the umask. -1: errno, and err if
 * it is the directory. */
int files_replace(const char *path, struct gw6c_bytes text, mode_t mode,
		  struct gw6c_err *err);

#endif
