/* server.h - the sockets that answer, by libmicrohttpd, without threads. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_HOME_WEB_SERVER_H
#define GW6C_HOME_WEB_SERVER_H

#include "worker_conf.h"
#include <poll.h>

struct server_counts {
	uint64_t requests, octets;
	uint64_t errors; /* 5xx, and those that were broken off */
	uint64_t connections;
};

struct server;

/* conf stays the caller's, and lives as long. NULL: why says what failed. */
struct server *server_new(struct worker_conf *conf, char *why, size_t len);
void server_free(struct server *server);

/* Its descriptors to wait for; how many were put there. */
unsigned server_wait(const struct server *server, struct pollfd *at);
/* Milliseconds until it wants to run, or -1; and run what is ready. */
int server_timeout(const struct server *server);
void server_run(struct server *server);

/* Take no more connections, and end those that nothing is sent on. */
void server_leave(struct server *server);
struct server_counts server_count(const struct server *server);

#endif
