/* server_parts.h - the server's inside, shared by server*.c only. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_HOME_WEB_SERVER_PARTS_H
#define GW6C_HOME_WEB_SERVER_PARTS_H

#include "server.h"

struct server {
	struct worker_conf *conf;
	struct connections *connections;
	struct MHD_Daemon *daemon[LISTENERS];
	bool tls[LISTENERS];
	unsigned n;
	struct server_counts counts;
	uint64_t tick_ms; /* the next one */
};

uint64_t server_now_ms(void);
int server_fd(struct MHD_Connection *connection);
const struct sockaddr *server_from(struct MHD_Connection *connection);

/* server_requests.c, for the library: MHD_OPTION_URI_LOG_CALLBACK,
 * MHD_OPTION_UNESCAPE_CALLBACK, a request, MHD_OPTION_NOTIFY_COMPLETED. */
void *server_target(void *arg, const char *target,
		    struct MHD_Connection *connection);
size_t server_unescape(void *arg, struct MHD_Connection *connection,
		       char *text);
enum MHD_Result server_request(void *arg, struct MHD_Connection *connection,
			       const char *url, const char *method,
			       const char *version, const char *upload,
			       size_t *upload_len, void **context);
void server_completed(void *arg, struct MHD_Connection *connection,
		      void **context, enum MHD_RequestTerminationCode code);

#endif
