/* streams.c - dialogues over TCP: messages are reassembled, and each reply is
 * sent in one piece. A connection ends with its dialogue. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "streams.h"
#include "core/base/log.h"
#include "core/base/loop.h"
#include "core/base/sockaddr.h"
#include "framing.h"
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <unistd.h>

#define BACKLOG 64
#define LULL_MS 200 /* after base64 without a line end */
#define GAP_MS 200 /* between two replies: old clients read one at a time */
#define ANSWER_MAX 4096 /* octets */
#define DRAIN_MS 2000

struct stream {
	struct streams *streams;
	struct stream *next;
	struct dialog dialog;
	int fd;
	struct gw6c_watch *reader, *idle, *late; /* late: of the session */
	struct gw6c_watch *gap; /* before the second of two replies */
	struct gw6c_watch *lull; /* reading a message without a line end */
	bool finished; /* the last reply was sent */
	size_t len;
	uint8_t in[FRAME_MAX];
};

struct listener {
	struct streams *streams;
	struct gw6c_watch *watch;
	int fd;
};

struct streams {
	struct loop *loop;
	const struct dialog_env *env;
	void (*accepted)(void *arg, const struct dialog *dialog);
	void *arg;
	struct listener listener[OPTIONS_LIST];
	int listeners;
	struct stream *first;
	long count;
	struct streams_counters counters;
};

/* --- one connection ---------------------------------------------------- */

static void stream_end(struct stream *stream)
{
	struct stream **at = &stream->streams->first;

	while (*at != stream)
		at = &(*at)->next;
	*at = stream->next;
	stream->streams->count--;
	loop_forget(stream->reader);
	loop_forget(stream->idle);
	loop_forget(stream->late);
	loop_forget(stream->gap);
	loop_forget(stream->lull);
	close(stream->fd);
	dialog_end(&stream->dialog);
	explicit_bzero(stream, sizeof(*stream));
	free(stream);
}

static void stream_give_up(struct stream *stream, const char *why)
{
	char room[GW6C_ADDR_TEXT];

	log_msg(GW6C_INFO, "session", "%s TCP port %u: %s",
		gw6c_addr_text(&stream->dialog.from.addr, room),
		stream->dialog.from.port, why);
	stream_end(stream);
}

static void stream_idle(void *arg)
{
	struct stream *stream = arg;

	stream->idle = NULL;
	stream_give_up(stream, "idle timeout");
}

static void stream_late(void *arg)
{
	struct stream *stream = arg;

	stream->late = NULL;
	stream_give_up(stream, "session time limit exceeded");
}

static void stream_drained(void *arg)
{
	struct stream *stream = arg;

	stream->idle = NULL;
	stream_end(stream);
}

/* Closing a socket with unread data would reset the connection and lose our
 * last reply: keep reading for a while. */
static void stream_finish(struct stream *stream)
{
	stream->finished = true;
	shutdown(stream->fd, SHUT_WR);
	loop_forget(stream->idle);
	stream->idle = loop_timer(stream->streams->loop, DRAIN_MS,
				  stream_drained, stream);
}

/* In one piece: a reply always fits into the send buffer of a client that
 * reads. False: the client does not read. */
static bool stream_say(struct stream *stream, const struct gw6c_buf *answer)
{
	return !answer->len ||
	       send(stream->fd, answer->at, answer->len,
		    MSG_DONTWAIT | MSG_NOSIGNAL) == (ssize_t)answer->len;
}

static enum frame stream_frame(const struct dialog *dialog)
{
	if (dialog->stage == DIALOG_REQUEST || dialog->stage == DIALOG_OFFER)
		return FRAME_BODY;
	if (dialog->stage != DIALOG_LOGIN)
		return FRAME_LINE;
	if (!(dialog->auth->auth->flags & GW6C_AUTH_BASE64))
		return FRAME_RAW;
	return dialog->auth->auth->flags & GW6C_AUTH_BARE ? FRAME_BARE
							  : FRAME_LINE;
}

static bool stream_is_over(const struct stream *stream)
{
	return stream->dialog.stage == DIALOG_DEAD ||
	       stream->dialog.stage == DIALOG_DONE;
}

static void stream_gap(void *arg);
static void stream_lull(void *arg);

/* Send the reply. False: the session is over. */
static bool stream_answer(struct stream *stream, const struct gw6c_buf *answer)
{
	struct dialog *dialog = &stream->dialog;

	if (answer->overflow || !stream_say(stream, answer))
		return false;
	if (dialog->stage == DIALOG_STATUS)
		stream->gap = loop_timer(stream->streams->loop, GAP_MS,
					 stream_gap, stream);
	if (dialog->stage == DIALOG_DONE && dialog->offered) {
		dialog->offered = false;
		stream->streams->accepted(stream->streams->arg, dialog);
	}
	return !stream_is_over(stream);
}

/* Process one message and send the reply. False: the session is over. */
static bool stream_message(struct stream *stream, struct gw6c_bytes message)
{
	struct dialog *dialog = &stream->dialog;
	uint8_t room[ANSWER_MAX];
	struct gw6c_buf answer = GW6C_BUF(room);

	if (dialog->stage == DIALOG_NEW && dialog_is_echo(message)) {
		gw6c_put_text(&answer, "200 OK\r\n");
		stream_say(stream, &answer);
		return false;
	}
	dialog_message(dialog, message, &answer);
	return stream_answer(stream, &answer);
}

/* Is the next message one to wait with? */
static bool stream_holds(const struct stream *stream)
{
	return stream->gap || stream->dialog.stage == DIALOG_WAITING;
}

/* A message without an end mark ends when nothing more arrives. */
static void stream_listen(struct stream *stream)
{
	enum frame frame = stream_frame(&stream->dialog);
	struct gw6c_bytes in = { stream->in, stream->len };

	if (frame == FRAME_BARE && framing_stray(frame, in) < in.len)
		stream->lull = loop_timer(stream->streams->loop, LULL_MS,
					  stream_lull, stream);
}

/* False: the session is over. */
static bool stream_take(struct stream *stream)
{
	struct gw6c_bytes message;
	size_t used;

	while (!stream_holds(stream)) {
		struct gw6c_bytes in = { stream->in, stream->len };
		enum framing framing =
			framing_next(stream_frame(&stream->dialog), in,
				     &message, &used);

		if (framing == FRAMING_BAD)
			stream->streams->counters.bad++;
		loop_forget(stream->lull);
		stream->lull = NULL;
		if (framing == FRAMING_MORE)
			stream_listen(stream);
		if (framing != FRAMING_WHOLE)
			return framing == FRAMING_MORE &&
			       stream->len < sizeof(stream->in);
		if (!stream_message(stream, message))
			return false;
		stream->len -= used;
		memmove(stream->in, stream->in + used, stream->len);
	}
	return true;
}

/* The client sends nothing between the two replies. */
static void stream_gap(void *arg)
{
	struct stream *stream = arg;

	stream->gap = NULL;
	if (!stream_message(stream, GW6C_NOTHING) || !stream_take(stream))
		stream_finish(stream);
}

static void stream_lull(void *arg)
{
	struct stream *stream = arg;
	struct gw6c_bytes in = { stream->in, stream->len };
	size_t stray = framing_stray(FRAME_BARE, in);
	struct gw6c_bytes message = { in.at + stray, in.len - stray };

	stream->lull = NULL;
	stream->len = 0;
	if (!stream_message(stream, message))
		stream_finish(stream);
}

/* The reply that came later. */
static void stream_later(void *arg, const struct gw6c_buf *answer)
{
	struct stream *stream = arg;

	if (!stream_answer(stream, answer) || !stream_take(stream))
		stream_finish(stream);
}

static void stream_patience(struct stream *stream)
{
	loop_forget(stream->idle);
	stream->idle = loop_timer(stream->streams->loop, DIALOG_IDLE_MS,
				  stream_idle, stream);
}

static void stream_read(void *arg, int ready)
{
	struct stream *stream = arg;
	size_t at = stream->finished ? 0 : stream->len;
	ssize_t len = recv(stream->fd, stream->in + at, sizeof(stream->in) - at,
			   MSG_DONTWAIT);

	(void)ready;
	if (len < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (len <= 0) {
		stream_end(stream);
		return;
	}
	if (stream->finished)
		return;
	stream->len += (size_t)len;
	stream_patience(stream);
	if (!stream_take(stream))
		stream_finish(stream);
}

/* --- who may connect --------------------------------------------------- */

static bool same_source(const struct gw6c_addr *a, const struct gw6c_addr *b)
{
	return a->family == b->family &&
	       memcmp(a->octets, b->octets, a->family == 6 ? 8 : 4) == 0;
}

static bool may_connect(const struct streams *streams,
			const struct gw6c_addr *addr)
{
	int same = 0;

	for (const struct stream *at = streams->first; at; at = at->next)
		same += same_source(&at->dialog.from.addr, addr);
	return streams->count < STREAMS_MAX && same < STREAMS_OF_ONE;
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

static void stream_begin(struct streams *streams, int fd)
{
	struct endpoint from = { .sock = -1 };
	struct stream *stream;
	int on = 1;

	if (!find_ends(fd, &from) || !may_connect(streams, &from.addr) ||
	    !(stream = calloc(1, sizeof(*stream)))) {
		streams->counters.turned_away++;
		close(fd);
		return;
	}
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	stream->streams = streams;
	stream->fd = fd;
	dialog_init(&stream->dialog, streams->env, &from);
	stream->dialog.later = stream_later;
	stream->dialog.arg = stream;
	stream->next = streams->first;
	streams->first = stream;
	streams->count++;
	streams->counters.connections++;
	stream_patience(stream);
	stream->late =
		loop_timer(streams->loop, STREAM_LONG_MS, stream_late, stream);
	stream->reader =
		loop_fd(streams->loop, fd, GW6C_READ, stream_read, stream);
	if (!stream->reader || !stream->idle || !stream->late)
		stream_end(stream);
}

static void on_connection(void *arg, int ready)
{
	struct listener *listener = arg;
	int fd;

	(void)ready;
	for (int i = 0; i < BACKLOG; i++) {
		fd = accept4(listener->fd, NULL, NULL,
			     SOCK_CLOEXEC | SOCK_NONBLOCK);
		if (fd < 0)
			return;
		stream_begin(listener->streams, fd);
	}
}

/* --- open and close ---------------------------------------------------- */

static int listen_at(struct streams *streams, const struct server_addr *at,
		     struct gw6c_err *err)
{
	struct listener *listener = &streams->listener[streams->listeners];
	struct sockaddr_storage addr;
	socklen_t len = sockaddr_put(&at->literal, at->port, &addr);
	int on = 1, fd = socket(addr.ss_family,
				SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (fd < 0)
		return gw6c_fail(err, GW6C_EOS,
				 "cannot create a TCP socket: %s",
				 strerror(errno));
	*listener = (struct listener){ .streams = streams, .fd = fd };
	streams->listeners++;
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
	listener->watch =
		loop_fd(streams->loop, fd, GW6C_READ, on_connection, listener);
	return listener->watch ? GW6C_OK
			       : gw6c_fail(err, GW6C_EOS, "out of memory");
}

int streams_open(struct loop *loop, const struct dialog_env *env,
		 void (*accepted)(void *arg, const struct dialog *dialog),
		 void *arg, struct streams **out, struct gw6c_err *err)
{
	struct streams *streams = calloc(1, sizeof(*streams));

	if (!streams)
		return gw6c_fail(err, GW6C_EOS, "out of memory");
	streams->loop = loop;
	streams->env = env;
	streams->accepted = accepted;
	streams->arg = arg;
	for (int i = 0; i < env->options->listens; i++)
		if (listen_at(streams, &env->options->listen[i], err)) {
			streams_close(streams);
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
	for (int i = 0; i < streams->listeners; i++) {
		loop_forget(streams->listener[i].watch);
		close(streams->listener[i].fd);
	}
	free(streams);
}

const struct streams_counters *streams_count(const struct streams *streams)
{
	return &streams->counters;
}
