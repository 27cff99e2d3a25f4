/* listing.h - a page with the files of a directory. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_HOME_WEB_LISTING_H
#define GW6C_HOME_WEB_LISTING_H

#include <stdio.h>

/* path, below root, is "" or ends in '/'; dir is that directory, and is closed.
 * 0 or an errno. */
int listing_write(FILE *out, int root, const char *path, int dir);

/* "1.4 MB"; in room, which is returned. */
const char *listing_size(unsigned long long octets, char room[16]);

#endif
