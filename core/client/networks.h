/* networks.h - the file of networks where the usual mode carries nothing, a
 * line each: OUR-ADDRESS ASKED-FOR INSTEAD UNTIL. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_CORE_CLIENT_NETWORKS_H
#define GW6C_CORE_CLIENT_NETWORKS_H

#include <gw6c/err.h>
#include <gw6c/lease.h>

#define NETWORKS_FILE "networks.txt" /* in state_dir */
#define NETWORKS_MAX 16 /* lines that are kept */

struct network {
	struct gw6c_addr local; /* our address there */
	char asked[GW6C_MODE]; /* tunnel_mode */
	char mode[GW6C_MODE]; /* what to ask for instead */
	uint64_t until_s; /* as time(2) */
};

/* How many there are, at most NETWORKS_MAX; lines that are none are skipped.
 * No file is an empty one; one that cannot be read, too, and err says so. */
int networks_read(const char *path, struct network out[NETWORKS_MAX],
		  struct gw6c_err *err);
/* All at once, mode 0644. */
int networks_write(const char *path, const struct network *networks, int n,
		   struct gw6c_err *err);

#endif
