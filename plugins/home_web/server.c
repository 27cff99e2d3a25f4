/* server.c - the sockets that answer, by libmicrohttpd, without threads. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "server_parts.h"
#include "tls.h"
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#define TICK_MS 1000
#define LEAVING_MS 50 /* the same, while somebody waits for us */
#define LONGEST_MS 60000
#define TURNS 16 /* before anything else is looked at */
#define BUSY_MS 1 /* between turns of https, if something is sent, or not */
#define CALM_MS 5
#define BEYOND 16 /* connections that on_accept() sees, to refuse them */
#define BACKSTOP_S 300 /* of the library; connections.c is stricter */

uint64_t server_now_ms(void)
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

int server_fd(struct MHD_Connection *connection)
{
	const union MHD_ConnectionInfo *at =
		info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);

	return at ? at->connect_fd : -1;
}

const struct sockaddr *server_from(struct MHD_Connection *connection)
{
	const union MHD_ConnectionInfo *at =
		info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);

	return at ? at->client_addr : NULL;
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
		*context = connections_add(server->connections,
					   server_fd(connection),
					   server_from(connection),
					   server_now_ms());
	} else {
		connection_remove(server->connections, *context);
		*context = NULL;
	}
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

	return MHD_start_daemon(flags, 0, on_accept, server, server_request,
				server, MHD_OPTION_LISTEN_SOCKET, listener->fd,
				MHD_OPTION_URI_LOG_CALLBACK, server_target,
				server, MHD_OPTION_UNESCAPE_CALLBACK,
				server_unescape, NULL,
				MHD_OPTION_NOTIFY_CONNECTION, on_connection,
				server, MHD_OPTION_NOTIFY_COMPLETED,
				server_completed, server,
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
	uint64_t now = server_now_ms();
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
	now = server_now_ms();
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
