/* stream.h - one dialogue over TCP. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_BROKER_DIALOG_STREAM_H
#define GW6C_BROKER_DIALOG_STREAM_H

#include "dialog.h"
#include "framing.h"

/* How long a client may take since it has connected, however busy it looks. A
 * person may be asked for a minute whether the server key is right. */
#define STREAM_START_MS 20000 /* to AUTHENTICATE */
#define STREAM_LOGIN_MS 90000 /* to the end of the login */

struct stream;

struct stream_events {
	/* As in dialogs.h. */
	void (*accepted)(void *arg, const struct dialog *dialog);
	/* It sends what is no message of the protocol. */
	void (*bad)(void *arg);
	/* It is about to be freed: take it out of the list. */
	void (*ended)(void *arg, struct stream *stream);
	void *arg;
};

struct stream {
	struct stream *next; /* the owner's */
	struct loop *loop;
	const struct stream_events *events;
	struct dialog dialog;
	int fd;
	struct gw6c_watch *reader, *idle, *late; /* late: of the session */
	struct gw6c_watch *gap; /* before the second of two replies */
	struct gw6c_watch *busy; /* others are worked for first */
	struct gw6c_watch *lull; /* reading a message without a line end */
	uint64_t begun_ms, moved_ms; /* moved: by a whole message */
	bool finished; /* the last reply was sent */
	size_t len;
	uint8_t in[FRAME_MAX];
};

/* Takes fd, also if it fails. NULL: out of memory. events is borrowed. */
struct stream *stream_new(struct loop *loop, const struct dialog_env *env,
			  const struct stream_events *events,
			  const struct endpoint *from, int fd);
void stream_end(struct stream *stream);

/* Has the client logged in, as an account, and is it not yet done? */
bool stream_is_proven(const struct stream *stream);

#endif
