/* servers.h - the last-server file and the broker-list file. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_CORE_CLIENT_SERVERS_H
#define GW6C_CORE_CLIENT_SERVERS_H

#include "core/tsp/tsp.h"

#define SERVERS_LINE 254 /* octets of a line, at most */

/* One server a line; '#' and blank lines are skipped, and, with a word in
 * the log, lines that are no server. Returns how many, at most max; 0 also
 * if there is no file; -1 and GW6C_ECONFIG if it cannot be read. */
int servers_read(const char *path, struct server_addr *out, int max,
		 struct gw6c_err *err);

/* Replace the file atomically, mode 0644, never through a symbolic link. */
int servers_write_last(const char *path, const struct server_addr *server,
		       struct gw6c_err *err);
/* As old clients write it: IPv6 without brackets. A port they did not know
 * in here is written where it is not 3653. */
int servers_write_list(const char *path, const struct server_addr *servers,
		       int n, struct gw6c_err *err);

#endif
