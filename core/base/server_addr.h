/* server_addr.h - a broker as it is written: name or address, and port. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_CORE_BASE_SERVER_ADDR_H
#define GW6C_CORE_BASE_SERVER_ADDR_H

#include <gw6c/buf.h>
#include <gw6c/err.h>
#include <gw6c/lease.h>

#define SERVER_PORT 3653 /* of TSP, RFC 5572 section 6 */

/* host, host:port, a.b.c.d[:port], [v6], [v6]:port; a bare IPv6 literal is
 * taken too. Blanks around the inner colon are taken. */
struct server_addr {
	char host[GW6C_NAME]; /* without brackets */
	uint16_t port; /* host order */
	struct gw6c_addr literal; /* family 0: host is a name */
};

int server_addr_parse(const char *text, struct server_addr *out,
		      struct gw6c_err *err);
/* As it is written in files: brackets, port if not 3653. */
void server_addr_put(struct gw6c_buf *out, const struct server_addr *server);
/* The same host and port, however they are written. A name and an address are
 * never the same. */
bool server_addr_same(const struct server_addr *a, const struct server_addr *b);
/* Is it what text names, with or without the usual port? */
bool server_addr_named(struct gw6c_bytes text,
		       const struct server_addr *server);

#endif
