/* stream.c - one dialogue over TCP: messages are reassembled, and each reply is
 * sent in one piece. The connection ends with its dialogue. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "stream.h"
#include "core/base/log.h"
#include "core/base/loop.h"
#include "core/base/wipe.h"
#include "sources.h"
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#define LULL_MS 200 /* after base64 without a line end */
#define GAP_MS 200 /* between two replies: old clients read one at a time */
#define BUSY_MS 50 /* until a login is worked on that was one too many */
#define ANSWER_MAX 4096 /* octets */
#define DRAIN_MS 2000

static void stream_free(struct stream *stream)
{
	loop_forget(stream->reader);
	loop_forget(stream->idle);
	loop_forget(stream->late);
	loop_forget(stream->gap);
	loop_forget(stream->busy);
	loop_forget(stream->lull);
	close(stream->fd);
	dialog_end(&stream->dialog);
	wipe(stream, sizeof(*stream));
	free(stream);
}

void stream_end(struct stream *stream)
{
	stream->events->ended(stream->events->arg, stream);
	stream_free(stream);
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

/* How far it must be by then is a matter of how far it is. */
static uint32_t stream_limit_ms(const struct stream *stream)
{
	if (stream->dialog.logged_in)
		return DIALOG_LONG_MS;
	return stream->dialog.stage < DIALOG_LOGIN ? STREAM_START_MS
						   : STREAM_LOGIN_MS;
}

static void stream_late(void *arg)
{
	struct stream *stream = arg;
	uint64_t age_ms = loop_now_ms(stream->loop) - stream->begun_ms;
	uint32_t limit_ms = stream_limit_ms(stream);

	stream->late = NULL;
	if (age_ms < limit_ms)
		stream->late =
			loop_timer(stream->loop, limit_ms - (uint32_t)age_ms,
				   stream_late, stream);
	if (!stream->late)
		stream_give_up(stream, "session time limit exceeded");
}

/* Octets that are no message yet are no reason to wait longer. */
static void stream_patience(struct stream *stream)
{
	stream->moved_ms = loop_now_ms(stream->loop);
	loop_forget(stream->idle);
	stream->idle =
		loop_timer(stream->loop, DIALOG_IDLE_MS, stream_idle, stream);
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
	stream->idle =
		loop_timer(stream->loop, DRAIN_MS, stream_drained, stream);
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
static void stream_busy(void *arg);

/* Send the reply. False: the session is over. */
static bool stream_answer(struct stream *stream, const struct gw6c_buf *answer)
{
	struct dialog *dialog = &stream->dialog;

	if (answer->overflow || !stream_say(stream, answer))
		return false;
	if (dialog->stage == DIALOG_STATUS)
		stream->gap =
			loop_timer(stream->loop, GAP_MS, stream_gap, stream);
	if (dialog->stage == DIALOG_DONE && dialog->offered) {
		dialog->offered = false;
		stream->events->accepted(stream->events->arg, dialog);
	}
	return !stream_is_over(stream);
}

/* Process one message and send the reply. False: the session is over. */
static bool stream_message(struct stream *stream, struct gw6c_bytes message)
{
	struct dialog *dialog = &stream->dialog;
	uint8_t room[ANSWER_MAX];
	struct gw6c_buf answer = GW6C_BUF(room);

	stream_patience(stream);
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
	return stream->gap || stream->busy ||
	       stream->dialog.stage == DIALOG_WAITING;
}

/* A message that costs much waits until there is time for one more of its
 * address. */
static bool stream_may_work(struct stream *stream, struct gw6c_bytes message)
{
	const struct dialog *dialog = &stream->dialog;

	if (!dialog_is_costly(dialog, message) || !dialog->env->sources ||
	    sources_may_work(dialog->env->sources, &dialog->from.addr, true,
			     loop_now_ms(stream->loop)))
		return true;
	stream->busy = loop_timer(stream->loop, BUSY_MS, stream_busy, stream);
	return !stream->busy;
}

/* A message without an end mark ends when nothing more arrives. */
static void stream_listen(struct stream *stream)
{
	enum frame frame = stream_frame(&stream->dialog);
	struct gw6c_bytes in = { stream->in, stream->len };

	if (frame == FRAME_BARE && framing_stray(frame, in) < in.len)
		stream->lull =
			loop_timer(stream->loop, LULL_MS, stream_lull, stream);
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
			stream->events->bad(stream->events->arg);
		loop_forget(stream->lull);
		stream->lull = NULL;
		if (framing == FRAMING_MORE)
			stream_listen(stream);
		if (framing != FRAMING_WHOLE)
			return framing == FRAMING_MORE &&
			       stream->len < sizeof(stream->in);
		if (!stream_may_work(stream, message))
			return true;
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
	if (!stream_may_work(stream, message))
		return;
	stream->len = 0;
	if (!stream_message(stream, message))
		stream_finish(stream);
}

static void stream_busy(void *arg)
{
	struct stream *stream = arg;

	stream->busy = NULL;
	if (!stream_take(stream))
		stream_finish(stream);
}

/* The reply that came later. */
static void stream_later(void *arg, const struct gw6c_buf *answer)
{
	struct stream *stream = arg;

	if (!stream_answer(stream, answer) || !stream_take(stream))
		stream_finish(stream);
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
	if (!stream_take(stream))
		stream_finish(stream);
}

bool stream_is_proven(const struct stream *stream)
{
	const struct dialog *dialog = &stream->dialog;

	return dialog->logged_in && !dialog->anonymous && !stream->finished;
}

static bool stream_watch(struct stream *stream)
{
	stream_patience(stream);
	stream->late =
		loop_timer(stream->loop, STREAM_START_MS, stream_late, stream);
	stream->reader = loop_fd(stream->loop, stream->fd, GW6C_READ,
				 stream_read, stream);
	return stream->reader && stream->idle && stream->late;
}

struct stream *stream_new(struct loop *loop, const struct dialog_env *env,
			  const struct stream_events *events,
			  const struct endpoint *from, int fd)
{
	struct stream *stream = calloc(1, sizeof(*stream));
	int on = 1;

	if (!stream) {
		close(fd);
		return NULL;
	}
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	stream->loop = loop;
	stream->events = events;
	stream->fd = fd;
	stream->begun_ms = loop_now_ms(loop);
	dialog_init(&stream->dialog, env, from);
	stream->dialog.later = stream_later;
	stream->dialog.arg = stream;
	if (stream_watch(stream))
		return stream;
	stream_free(stream);
	return NULL;
}
