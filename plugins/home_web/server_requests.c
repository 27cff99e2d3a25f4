/* server_requests.c - requests, from their line to the end of their answer. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "access_log.h"
#include "server_parts.h"
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define BRIEF 65536 /* octets that are out at once */
#define LONG (1 << 20) /* octets that take a while */
#define SOON_MS 10 /* until they are on the way */

/* One request, from its line to the end of its answer. */
struct request {
	struct server *server;
	char *target;
	const char *method, *version;
	unsigned status; /* 0: it has got none yet */
	bool begun; /* its head was seen */
	uint64_t octets;
	uint64_t arrived; /* before it, on the connection */
	struct answer answer;
};

static struct connection *one_of(struct MHD_Connection *connection)
{
	const union MHD_ConnectionInfo *at =
		MHD_get_connection_info(connection,
					MHD_CONNECTION_INFO_SOCKET_CONTEXT);

	return at ? at->socket_context : NULL;
}

/* The octets of a target are decoded once, and by us. */
size_t server_unescape(void *arg, struct MHD_Connection *connection, char *text)
{
	(void)arg;
	(void)connection;
	return strlen(text);
}

void *server_target(void *arg, const char *target,
		    struct MHD_Connection *connection)
{
	struct request *request = calloc(1, sizeof(*request));

	(void)connection;
	if (request) {
		request->server = arg;
		request->target = strdup(target);
	}
	return request;
}

/* What connects to the second end, which is https. */
static bool is_tls(const struct server *server,
		   struct MHD_Connection *connection)
{
	const union MHD_ConnectionInfo *at =
		MHD_get_connection_info(connection, MHD_CONNECTION_INFO_DAEMON);

	for (unsigned i = 0; at && i < server->n; i++)
		if (server->daemon[i] == at->daemon)
			return server->tls[i];
	return false;
}

static enum MHD_Result send_answer(struct request *request,
				   struct MHD_Connection *connection)
{
	enum MHD_Result ok;

	if (!request->answer.response)
		return MHD_NO;
	ok = MHD_queue_response(connection, request->answer.status,
				request->answer.response);
	MHD_destroy_response(request->answer.response);
	request->answer.response = NULL;
	return ok;
}

enum MHD_Result server_request(void *arg, struct MHD_Connection *connection,
			       const char *url, const char *method,
			       const char *version, const char *upload,
			       size_t *upload_len, void **context)
{
	struct server *server = arg;
	struct request *request = *context;
	struct asked asked = { .connection = connection,
			       .method = method,
			       .version = version,
			       .tls = is_tls(server, connection) };

	(void)url;
	(void)upload;
	(void)upload_len;
	if (!request || !request->target)
		return MHD_NO;
	/* An answer before the end of a request ends the connection: that is
	 * for those with a body, which is not read. */
	if (!request->begun && !answer_has_body(connection)) {
		request->begun = true;
		return MHD_YES;
	}
	connection_answer(server->connections, one_of(connection),
			  server_now_ms());
	asked.target = request->target;
	request->method = method;
	request->version = version;
	request->answer = answer_make(&server->conf->site, &asked);
	request->status = request->answer.status;
	request->octets = strcmp(method, "HEAD") == 0 || request->status == 304
				  ? 0
				  : request->answer.octets;
	if (request->octets > BRIEF)
		request->arrived = connection_arrived(server_fd(connection));
	if (request->octets > LONG)
		server->tick_ms = server_now_ms() + SOON_MS;
	return send_answer(request, connection);
}

/* --- what is told of a request ---------------------------------------------- */

static void write_log(const struct request *request,
		      struct MHD_Connection *connection)
{
	struct access access = {
		.from = server_from(connection),
		.at = time(NULL),
		.method = request->method,
		.target = request->target,
		.version = request->version,
		.status = (int)request->status,
		.octets = request->octets,
		.referer =
			MHD_lookup_connection_value(connection, MHD_HEADER_KIND,
						    "Referer"),
		.agent =
			MHD_lookup_connection_value(connection, MHD_HEADER_KIND,
						    "User-Agent"),
	};
	char line[ACCESS_LINE];
	size_t len;

	if (request->server->conf->log < 0)
		return;
	len = access_line(&access, line);
	if (write(request->server->conf->log, line, len) < 0)
		request->server->counts.errors++;
}

static void count(struct request *request, struct MHD_Connection *connection,
		  bool whole)
{
	struct server_counts *counts = &request->server->counts;

	if (!whole && request->octets > BRIEF) {
		uint64_t got = connection_arrived(server_fd(connection)) -
			       request->arrived;

		if (got < request->octets)
			request->octets = got;
	}
	counts->requests++;
	counts->octets += request->octets;
	counts->errors += request->status >= 500 || !whole;
}

void server_completed(void *arg, struct MHD_Connection *connection,
		      void **context, enum MHD_RequestTerminationCode code)
{
	struct server *server = arg;
	struct request *request = *context;

	if (request && request->status) {
		count(request, connection,
		      code == MHD_REQUEST_TERMINATED_COMPLETED_OK);
		write_log(request, connection);
	}
	if (request)
		free(request->target);
	free(request);
	*context = NULL;
	connection_rest(server->connections, one_of(connection),
			server_now_ms());
}
