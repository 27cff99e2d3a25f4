/* answer.h - what a request gets. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_HOME_WEB_ANSWER_H
#define GW6C_HOME_WEB_ANSWER_H

#include "types.h"
#include <microhttpd.h>
#include <stdbool.h>
#include <stdint.h>

/* What is published, and how. */
struct site {
	int root, acme; /* directories; acme below 0: none */
	struct types *types;
	char charset[32]; /* "": none is told */
	char name[256]; /* of this machine, for those who name none */
	bool listing; /* of directories without an index */
	bool redirect; /* to https; nothing is served in clear */
	unsigned tls_port; /* 0: there is no https */
	unsigned long hsts_s; /* 0: not told */
	bool leaving; /* connections end after their answer */
};

struct asked {
	struct MHD_Connection *connection;
	const char *method, *target, *version; /* as they came */
	bool tls;
};

struct answer {
	struct MHD_Response *response; /* NULL: out of memory */
	unsigned status;
	uint64_t octets; /* of its body */
};

/* A body is nothing that we read: what follows it may not be a request. */
bool answer_has_body(struct MHD_Connection *connection);
struct answer answer_make(const struct site *site, const struct asked *asked);

#endif
