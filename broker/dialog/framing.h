/* framing.h - where the messages in a stream of octets end: TSP over TCP has
 * no framing but its own text. RFC 5572 section 4.1. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_BROKER_DIALOG_FRAMING_H
#define GW6C_BROKER_DIALOG_FRAMING_H

#include "core/tsp/tsp.h"

#define FRAME_LINE_MAX 4096 /* octets of a line with its end */
#define FRAME_MAX (TSP_BODY_MAX + 64) /* of any message */

/* What comes next. Old clients put NULs between messages. */
enum frame {
	FRAME_LINE, /* one line */
	FRAME_RAW, /* one line that may begin with a NUL of its own */
	FRAME_BARE, /* base64 that need not end: what is there is whole when
		       it is padded, or when nothing more comes for a while */
	FRAME_BODY, /* Content-length, and so many octets */
};

enum framing {
	FRAMING_MORE, /* the message is not whole yet */
	FRAMING_WHOLE,
	FRAMING_BAD, /* no message, or too long: the stream is lost */
};

/* Octets in front that belong to no message: NULs of old clients, and ends of
 * lines that were taken for whole before. */
size_t framing_stray(enum frame frame, struct gw6c_bytes in);

/* message is borrowed from in; used: octets of in up to its end. */
enum framing framing_next(enum frame frame, struct gw6c_bytes in,
			  struct gw6c_bytes *message, size_t *used);

#endif
