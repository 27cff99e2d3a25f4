/* listeners.c - the sockets that clients connect to over TCP. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "listeners.h"
#include "core/base/log.h"
#include "core/base/sockaddr.h"
#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <unistd.h>

#define BACKLOG 64
#define TOLD_GAP_MS 60000 /* between two lines of the log */

struct listener {
	struct listeners *listeners;
	struct gw6c_watch *watch; /* NULL: paused */
	int fd;
};

struct listeners {
	struct loop *loop;
	struct listeners_events events;
	struct listener listener[OPTIONS_LIST];
	int count;
	struct gw6c_watch *pause;
	unsigned long pauses;
	uint64_t told_ms; /* 0: never */
};

static bool watch(struct listeners *listeners);

static void on_pause_end(void *arg)
{
	struct listeners *listeners = arg;

	listeners->pause = NULL;
	if (!watch(listeners))
		log_msg(GW6C_ERROR, "network",
			"out of memory; no more TCP connections are accepted");
}

static void tell_none(struct listeners *listeners)
{
	uint64_t now_ms = loop_now_ms(listeners->loop);

	if (listeners->told_ms && now_ms - listeners->told_ms < TOLD_GAP_MS)
		return;
	listeners->told_ms = now_ms;
	log_msg(GW6C_WARN, "network",
		"no file descriptor is left for TCP connections: new ones wait "
		"until others end; raise the limit (LimitNOFILE, ulimit -n)");
}

/* A socket that is ready, and cannot be served, would call without end. */
static void pause_all(struct listeners *listeners)
{
	if (listeners->pause)
		return;
	listeners->pause = loop_timer(listeners->loop, LISTENERS_PAUSE_MS,
				      on_pause_end, listeners);
	if (!listeners->pause)
		return;
	for (int i = 0; i < listeners->count; i++) {
		loop_forget(listeners->listener[i].watch);
		listeners->listener[i].watch = NULL;
	}
	listeners->pauses++;
	tell_none(listeners);
}

static bool is_short_of_descriptors(int error)
{
	return error == EMFILE || error == ENFILE || error == ENOBUFS ||
	       error == ENOMEM;
}

static int accept_one(const struct listener *listener)
{
	return accept4(listener->fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
}

static void on_connection(void *arg, int ready)
{
	struct listener *listener = arg;
	struct listeners *listeners = listener->listeners;

	(void)ready;
	for (int i = 0; i < BACKLOG; i++) {
		int fd = accept_one(listener);

		if (fd < 0 && is_short_of_descriptors(errno)) {
			if (listeners->events.spare(listeners->events.arg))
				fd = accept_one(listener);
			if (fd < 0 && is_short_of_descriptors(errno))
				pause_all(listeners);
		}
		if (fd < 0)
			return;
		listeners->events.connected(listeners->events.arg, fd);
	}
}

static bool watch(struct listeners *listeners)
{
	bool all = true;

	for (int i = 0; i < listeners->count; i++) {
		struct listener *at = &listeners->listener[i];

		if (!at->watch)
			at->watch = loop_fd(listeners->loop, at->fd, GW6C_READ,
					    on_connection, at);
		all &= at->watch != NULL;
	}
	return all;
}

/* --- open and close ---------------------------------------------------- */

static int listen_at(struct listeners *listeners, const struct server_addr *at,
		     struct gw6c_err *err)
{
	struct listener *listener = &listeners->listener[listeners->count];
	struct sockaddr_storage addr;
	socklen_t len = sockaddr_put(&at->literal, at->port, &addr);
	int on = 1, fd = socket(addr.ss_family,
				SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (fd < 0)
		return gw6c_fail(err, GW6C_EOS,
				 "cannot create a TCP socket: %s",
				 strerror(errno));
	*listener = (struct listener){ .listeners = listeners, .fd = fd };
	listeners->count++;
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (addr.ss_family == AF_INET6)
		setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof(on));
	if (bind(fd, (struct sockaddr *)&addr, len) < 0 ||
	    listen(fd, BACKLOG) < 0)
		return gw6c_fail(err, GW6C_ECONFIG,
				 "cannot listen on %s TCP port %u: %s; change "
				 "listen, set tcp=no, or stop the program "
				 "using the port",
				 at->host, at->port, strerror(errno));
	return GW6C_OK;
}

static int listen_all(struct listeners *listeners,
		      const struct options *options, struct gw6c_err *err)
{
	for (int i = 0; i < options->listens; i++)
		if (listen_at(listeners, &options->listen[i], err))
			return err->rc;
	return watch(listeners) ? GW6C_OK
				: gw6c_fail(err, GW6C_EOS, "out of memory");
}

int listeners_open(struct loop *loop, const struct options *options,
		   const struct listeners_events *events,
		   struct listeners **out, struct gw6c_err *err)
{
	struct listeners *listeners = calloc(1, sizeof(*listeners));

	if (!listeners)
		return gw6c_fail(err, GW6C_EOS, "out of memory");
	listeners->loop = loop;
	listeners->events = *events;
	if (listen_all(listeners, options, err)) {
		listeners_close(listeners);
		return err->rc;
	}
	*out = listeners;
	return GW6C_OK;
}

void listeners_close(struct listeners *listeners)
{
	if (!listeners)
		return;
	loop_forget(listeners->pause);
	for (int i = 0; i < listeners->count; i++) {
		loop_forget(listeners->listener[i].watch);
		close(listeners->listener[i].fd);
	}
	free(listeners);
}

unsigned long listeners_pauses(const struct listeners *listeners)
{
	return listeners->pauses;
}
