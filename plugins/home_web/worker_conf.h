/* worker_conf.h - what the worker is told on its standard input. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_HOME_WEB_WORKER_CONF_H
#define GW6C_HOME_WEB_WORKER_CONF_H

#include "answer.h"
#include "connections.h"

#define LISTENERS 10

struct listener {
	int fd;
	bool tls;
};

struct worker_conf {
	struct site site;
	struct connection_limits limits;
	unsigned head_octets;
	char mime_types[256];
	struct listener listener[LISTENERS];
	unsigned n_listeners;
	int control; /* its other end is with who started us */
	int log; /* of accesses, below 0: none */
};

/* "NAME=VALUE", a line each, to the end of fd. False: why says which line is
 * not understood. */
bool worker_conf_read(int fd, struct worker_conf *conf, char *why, size_t len);

#endif
