/* server.c - the sockets that answer, by libmicrohttpd, without threads. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "server.h"
#include "access_log.h"
#include "tls.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define TICK_MS 1000
#define LEAVING_MS 50 /* the same, while somebody waits for us */
#define LONGEST_MS 60000
#define TURNS 16 /* before anything else is looked at */
#define BUSY_MS 1 /* between turns of https, if something is sent, or not */
#define CALM_MS 5
#define BRIEF 65536 /* octets that are out at once */
#define LONG (1 << 20) /* octets that take a while */
#define SOON_MS 10 /* until they are on the way */
#define BEYOND 16 /* connections that on_accept() sees, to refuse them */
#define BACKSTOP_S 300 /* of the library; connections.c is stricter */

struct server {
	struct worker_conf *conf;
	struct connections *connections;
	struct MHD_Daemon *daemon[LISTENERS];
	bool tls[LISTENERS];
	unsigned n;
	struct server_counts counts;
	uint64_t tick_ms; /* the next one */
};

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

static uint64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

static const union MHD_ConnectionInfo *info(struct MHD_Connection *connection,
					    enum MHD_ConnectionInfoType what)
{
	return MHD_get_connection_info(connection, what);
}

static int fd_of(struct MHD_Connection *connection)
{
	const union MHD_ConnectionInfo *at =
		info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);

	return at ? at->connect_fd : -1;
}

static const struct sockaddr *from(struct MHD_Connection *connection)
{
	const union MHD_ConnectionInfo *at =
		info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);

	return at ? at->client_addr : NULL;
}

static struct connection *one_of(struct MHD_Connection *connection)
{
	const union MHD_ConnectionInfo *at =
		info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);

	return at ? at->socket_context : NULL;
}

/* --- what the library calls ------------------------------------------------ */

static enum MHD_Result on_accept(void *arg, const struct sockaddr *addr,
				 socklen_t len)
{
	const struct server *server = arg;

	(void)len;
	return connections_admit(server->connections, addr) ? MHD_YES : MHD_NO;
}

static void on_connection(void *arg, struct MHD_Connection *connection,
			  void **context,
			  enum MHD_ConnectionNotificationCode what)
{
	struct server *server = arg;

	if (what == MHD_CONNECTION_NOTIFY_STARTED) {
		*context =
			connections_add(server->connections, fd_of(connection),
					from(connection), now_ms());
	} else {
		connection_remove(server->connections, *context);
		*context = NULL;
	}
}

/* The octets of a target are decoded once, and by us. */
static size_t on_unescape(void *arg, struct MHD_Connection *connection,
			  char *text)
{
	(void)arg;
	(void)connection;
	return strlen(text);
}

static void *on_target(void *arg, const char *target,
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
		info(connection, MHD_CONNECTION_INFO_DAEMON);

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

static enum MHD_Result on_request(void *arg, struct MHD_Connection *connection,
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
	connection_answer(server->connections, one_of(connection), now_ms());
	asked.target = request->target;
	request->method = method;
	request->version = version;
	request->answer = answer_make(&server->conf->site, &asked);
	request->status = request->answer.status;
	request->octets = strcmp(method, "HEAD") == 0 || request->status == 304
				  ? 0
				  : request->answer.octets;
	if (request->octets > BRIEF)
		request->arrived = connection_arrived(fd_of(connection));
	if (request->octets > LONG)
		server->tick_ms = now_ms() + SOON_MS;
	return send_answer(request, connection);
}

/* --- what is told of a request ---------------------------------------------- */

static void write_log(const struct request *request,
		      struct MHD_Connection *connection)
{
	struct access access = {
		.from = from(connection),
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
		uint64_t got = connection_arrived(fd_of(connection)) -
			       request->arrived;

		if (got < request->octets)
			request->octets = got;
	}
	counts->requests++;
	counts->octets += request->octets;
	counts->errors += request->status >= 500 || !whole;
}

static void on_completed(void *arg, struct MHD_Connection *connection,
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
	connection_rest(server->connections, one_of(connection), now_ms());
}

/* --- its life ----------------------------------------------------------------- */

static struct MHD_Daemon *start(struct server *server,
				const struct listener *listener)
{
	const struct MHD_OptionItem tls[] = {
		{ MHD_OPTION_HTTPS_CERT_CALLBACK, 0, (void *)tls_choose },
		{ MHD_OPTION_HTTPS_PRIORITIES, 0, (void *)tls_priorities() },
		{ MHD_OPTION_END, 0, NULL },
	};
	const struct MHD_OptionItem plain[] = { { MHD_OPTION_END, 0, NULL } };
	unsigned flags =
		MHD_USE_EPOLL | MHD_USE_ITC | (listener->tls ? MHD_USE_TLS : 0);

	return MHD_start_daemon(flags, 0, on_accept, server, on_request, server,
				MHD_OPTION_LISTEN_SOCKET, listener->fd,
				MHD_OPTION_URI_LOG_CALLBACK, on_target, server,
				MHD_OPTION_UNESCAPE_CALLBACK, on_unescape, NULL,
				MHD_OPTION_NOTIFY_CONNECTION, on_connection,
				server, MHD_OPTION_NOTIFY_COMPLETED,
				on_completed, server,
				MHD_OPTION_CONNECTION_LIMIT,
				server->conf->limits.all + BEYOND,
				MHD_OPTION_CONNECTION_MEMORY_LIMIT,
				(size_t)server->conf->head_octets,
				MHD_OPTION_CONNECTION_TIMEOUT,
				(unsigned)BACKSTOP_S,
				MHD_OPTION_SIGPIPE_HANDLED_BY_APP, 1,
				MHD_OPTION_STRICT_FOR_CLIENT, 0,
				MHD_OPTION_ARRAY, listener->tls ? tls : plain,
				MHD_OPTION_END);
}

struct server *server_new(struct worker_conf *conf, char *why, size_t len)
{
	struct server *server = calloc(1, sizeof(*server));

	if (!server) {
		snprintf(why, len, "out of memory");
		return NULL;
	}
	server->conf = conf;
	server->connections = connections_new(&conf->limits);
	for (unsigned i = 0; server->connections && i < conf->n_listeners;
	     i++) {
		server->tls[i] = conf->listener[i].tls;
		server->daemon[i] = start(server, &conf->listener[i]);
		if (!server->daemon[i])
			break;
		server->n++;
	}
	if (server->n == conf->n_listeners)
		return server;
	snprintf(why, len, "libmicrohttpd does not take a socket%s",
		 conf->listener[server->n].tls ? " for https" : "");
	server_free(server);
	return NULL;
}

void server_free(struct server *server)
{
	for (unsigned i = 0; i < server->n; i++)
		MHD_stop_daemon(server->daemon[i]);
	connections_free(server->connections);
	free(server);
}

unsigned server_wait(const struct server *server, struct pollfd *at)
{
	for (unsigned i = 0; i < server->n; i++) {
		const union MHD_DaemonInfo *one =
			MHD_get_daemon_info(server->daemon[i],
					    MHD_DAEMON_INFO_EPOLL_FD);

		at[i] = (struct pollfd){ .fd = one ? one->epoll_fd : -1,
					 .events = POLLIN };
	}
	return server->n;
}

/* libmicrohttpd 0.9.75 wants to run at once as long as a handshake is not
 * finished, and whoever does not finish it would keep us busy. */
static unsigned long long patience(const struct server *server, unsigned i,
				   unsigned long long ms)
{
	if (!server->tls[i] || ms)
		return ms;
	return connections_answering(server->connections) ? BUSY_MS : CALM_MS;
}

static int sooner(int one, unsigned long long other)
{
	if (other > LONGEST_MS)
		other = LONGEST_MS;
	return one < 0 || other < (unsigned long long)one ? (int)other : one;
}

/* Nobody there, nothing to do: we sleep until somebody comes. */
int server_timeout(const struct server *server)
{
	uint64_t now = now_ms();
	int timeout = -1;

	for (unsigned i = 0; i < server->n; i++) {
		MHD_UNSIGNED_LONG_LONG ms;

		if (MHD_get_timeout(server->daemon[i], &ms) == MHD_YES)
			timeout = sooner(timeout, patience(server, i, ms));
	}
	if (connections_count(server->connections))
		timeout = sooner(timeout, server->tick_ms > now
						  ? server->tick_ms - now
						  : 0);
	return timeout;
}

/* A long file takes many turns; a handshake waits for the other end. */
static void run_daemon(const struct server *server, unsigned i)
{
	bool calm =
		server->tls[i] && !connections_answering(server->connections);
	MHD_UNSIGNED_LONG_LONG ms = 0;

	for (int turn = 0; turn < (calm ? 1 : TURNS) && ms == 0; turn++) {
		MHD_run(server->daemon[i]);
		if (MHD_get_timeout(server->daemon[i], &ms) != MHD_YES)
			return;
	}
}

void server_run(struct server *server)
{
	uint64_t now;

	for (unsigned i = 0; i < server->n; i++)
		run_daemon(server, i);
	now = now_ms();
	if (now < server->tick_ms)
		return;
	server->tick_ms =
		now + (server->conf->site.leaving ? LEAVING_MS : TICK_MS);
	connections_tick(server->connections, now);
}

void server_leave(struct server *server)
{
	if (server->conf->site.leaving)
		return;
	server->conf->site.leaving = true;
	for (unsigned i = 0; i < server->n; i++) {
		int fd = MHD_quiesce_daemon(server->daemon[i]);

		if (fd >= 0)
			close(fd);
	}
	server->tick_ms = 0;
	connections_drain(server->connections);
}

struct server_counts server_count(const struct server *server)
{
	struct server_counts counts = server->counts;

	counts.connections = connections_count(server->connections);
	return counts;
}
