/* features_file.h - the names of open features on disk, so that a later process
 * can take back what they left after a crash. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_CORE_TUNNEL_FEATURES_FILE_H
#define GW6C_CORE_TUNNEL_FEATURES_FILE_H

#include <gw6c/buf.h>
#include <gw6c/err.h>

/* One name a line; replaces the file atomically. */
int features_file_write(const char *path, struct gw6c_bytes names,
			struct gw6c_err *err);

/* Call back with each name that is there; no file: none. */
void features_file_read(const char *path,
			void (*call)(void *arg, const char *name), void *arg);

#endif
