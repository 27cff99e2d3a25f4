/* streams.c - the dialogues over TCP, and who may have one. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "streams.h"
#include "core/base/log.h"
#include "core/base/loop.h"
#include "core/base/sockaddr.h"
#include "listeners.h"
#include "stream.h"
#include <netinet/in.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#define FEWEST 8 /* connections, however low the limit is */

struct streams {
	struct loop *loop;
	const struct dialog_env *env;
	void (*accepted)(void *arg, const struct dialog *dialog);
	void *arg;
	struct listeners *listeners;
	struct stream_events events;
	struct stream *first;
	long count, most;
	struct streams_counters counters;
};

/* --- of a stream ------------------------------------------------------- */

static void on_accepted(void *arg, const struct dialog *dialog)
{
	struct streams *streams = arg;

	streams->accepted(streams->arg, dialog);
}

static void on_bad(void *arg)
{
	struct streams *streams = arg;

	streams->counters.bad++;
}

static void on_ended(void *arg, struct stream *stream)
{
	struct streams *streams = arg;
	struct stream **at = &streams->first;

	while (*at != stream)
		at = &(*at)->next;
	*at = stream->next;
	streams->count--;
}

/* --- who may connect --------------------------------------------------- */

static bool same_source(const struct gw6c_addr *a, const struct gw6c_addr *b)
{
	return a->family == b->family &&
	       memcmp(a->octets, b->octets, a->family == 6 ? 8 : 4) == 0;
}

/* source: of that one only; NULL: of all. */
static bool is_of(const struct stream *stream, const struct gw6c_addr *source)
{
	return !source || same_source(&stream->dialog.from.addr, source);
}

/* Who has connected and says nothing must not keep others out: close what has
 * been idle for the longest time and is not proven. False: there is none. */
static bool make_room(struct streams *streams, const struct gw6c_addr *source)
{
	struct stream *oldest = NULL;
	char room[GW6C_ADDR_TEXT];

	for (struct stream *at = streams->first; at; at = at->next)
		if (is_of(at, source) && !stream_is_proven(at) &&
		    (!oldest || at->moved_ms <= oldest->moved_ms))
			oldest = at;
	if (!oldest)
		return false;
	log_msg(GW6C_DEBUG, "session",
		"%s TCP port %u: closed, to make room for another connection",
		gw6c_addr_text(&oldest->dialog.from.addr, room),
		oldest->dialog.from.port);
	stream_end(oldest);
	streams->counters.closed++;
	return true;
}

static bool on_spare(void *arg)
{
	return make_room(arg, NULL);
}

static bool may_connect(struct streams *streams, const struct gw6c_addr *addr)
{
	int same = 0;

	for (const struct stream *at = streams->first; at; at = at->next)
		same += is_of(at, addr);
	if (same >= STREAMS_OF_ONE && !make_room(streams, addr))
		return false;
	return streams->count < streams->most || make_room(streams, NULL);
}

static bool find_ends(int fd, struct endpoint *from)
{
	struct sockaddr_storage far, near;
	socklen_t far_len = sizeof(far), near_len = sizeof(near);
	uint16_t port;

	from->tcp = true;
	return getpeername(fd, (struct sockaddr *)&far, &far_len) == 0 &&
	       getsockname(fd, (struct sockaddr *)&near, &near_len) == 0 &&
	       sockaddr_get(&far, &from->addr, &from->port) &&
	       sockaddr_get(&near, &from->local, &port);
}

static void on_connected(void *arg, int fd)
{
	struct streams *streams = arg;
	struct endpoint from = { .sock = -1 };
	struct stream *stream;

	if (!find_ends(fd, &from) || !may_connect(streams, &from.addr)) {
		streams->counters.turned_away++;
		close(fd);
		return;
	}
	stream = stream_new(streams->loop, streams->env, &streams->events,
			    &from, fd);
	if (!stream) {
		streams->counters.turned_away++;
		return;
	}
	stream->next = streams->first;
	streams->first = stream;
	streams->count++;
	streams->counters.connections++;
}

/* --- open and close ---------------------------------------------------- */

static long most_connections(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) < 0 ||
	    limit.rlim_cur >= STREAMS_MAX + STREAMS_SPARE)
		return STREAMS_MAX;
	return limit.rlim_cur > STREAMS_SPARE + FEWEST
		       ? (long)limit.rlim_cur - STREAMS_SPARE
		       : FEWEST;
}

int streams_open(struct loop *loop, const struct dialog_env *env,
		 void (*accepted)(void *arg, const struct dialog *dialog),
		 void *arg, struct streams **out, struct gw6c_err *err)
{
	struct streams *streams = calloc(1, sizeof(*streams));
	const struct listeners_events events = { .connected = on_connected,
						 .spare = on_spare,
						 .arg = streams };

	if (!streams)
		return gw6c_fail(err, GW6C_EOS, "out of memory");
	streams->loop = loop;
	streams->env = env;
	streams->accepted = accepted;
	streams->arg = arg;
	streams->most = most_connections();
	streams->events = (struct stream_events){ .accepted = on_accepted,
						  .bad = on_bad,
						  .ended = on_ended,
						  .arg = streams };
	if (listeners_open(loop, env->options, &events, &streams->listeners,
			   err)) {
		free(streams);
		return err->rc;
	}
	*out = streams;
	return GW6C_OK;
}

void streams_clear(struct streams *streams)
{
	while (streams && streams->first)
		stream_end(streams->first);
}

void streams_close(struct streams *streams)
{
	if (!streams)
		return;
	streams_clear(streams);
	listeners_close(streams->listeners);
	free(streams);
}

const struct streams_counters *streams_count(struct streams *streams)
{
	streams->counters.pauses = listeners_pauses(streams->listeners);
	return &streams->counters;
}
