/* tunnel_table.h - the broker's tunnels as a table for people. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_BROKER_PROGRAM_TUNNEL_TABLE_H
#define GW6C_BROKER_PROGRAM_TUNNEL_TABLE_H

#include <gw6c/buf.h>
#include <stdio.h>

#define TUNNEL_TABLE "tunnel" /* its lines in a status */

/* The status without its tunnels goes to rest, which has room for all. */
void tunnel_table_rest(struct gw6c_bytes status, struct gw6c_buf *rest);

/* Print the tunnels of a status within 80 columns; nothing if there are
 * none. */
void tunnel_table_print(FILE *file, struct gw6c_bytes status);

#endif
