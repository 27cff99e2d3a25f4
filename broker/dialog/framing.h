/* framing.h - splitting a stream of octets into messages: TSP over TCP has no
 * framing except its text. RFC 5572 section 4.1. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_BROKER_DIALOG_FRAMING_H
#define GW6C_BROKER_DIALOG_FRAMING_H

#include "core/tsp/tsp.h"

#define FRAME_LINE_MAX 4096 /* octets of a line with its end */
#define FRAME_MAX (TSP_BODY_MAX + 64) /* of any message */

/* The next message. Old clients put NULs between messages. */
enum frame {
	FRAME_LINE, /* one line */
	FRAME_RAW, /* one line that may begin with a NUL of its own */
	FRAME_BARE, /* base64 without a line end: complete when padded, or
		       when nothing more arrives for a while */
	FRAME_BODY, /* Content-length, and that many octets */
};

enum framing {
	FRAMING_MORE, /* the message is incomplete */
	FRAMING_WHOLE,
	FRAMING_BAD, /* malformed, or too long: close the stream */
};

/* Leading octets that belong to no message: NULs of old clients, and line ends
 * of messages that were already processed. */
size_t framing_stray(enum frame frame, struct gw6c_bytes in);

/* message is borrowed from in; used: octets of in up to its end. */
enum framing framing_next(enum frame frame, struct gw6c_bytes in,
			  struct gw6c_bytes *message, size_t *used);

#endif
