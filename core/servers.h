/* servers.h - the last-server file and the broker-list file. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_CORE_SERVERS_H
#define GW6C_CORE_SERVERS_H

#include "tsp.h"

/* One server a line; '#' and blank lines are skipped, lines that are no
 * server too. Returns how many, at most max; 0 if there is no file. */
int servers_read(const char *path, struct tsp_server *out, int max);

/* Replace the file atomically, mode 0644, never through a symbolic link. */
int servers_write(const char *path, const struct tsp_server *servers, int n,
		  struct gw6c_err *err);

#endif
