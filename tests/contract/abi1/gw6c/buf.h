/* buf.h - borrowed octets, and a caller's buffer that remembers overflow. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_BUF_H
#define GW6C_BUF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Octets of somebody else, valid until the call returns. Not terminated. */
struct gw6c_bytes {
	const uint8_t *at;
	size_t len; /* octets */
};

#define GW6C_NOTHING ((struct gw6c_bytes){ NULL, 0 })

/* Room of the caller. Nothing is written past cap; once something did not fit,
 * overflow stays true and nothing is added. Check it once, at the end. */
struct gw6c_buf {
	uint8_t *at;
	size_t len; /* octets used */
	size_t cap; /* octets there are */
	bool overflow;
};

/* A buffer over an array: struct gw6c_buf out = GW6C_BUF(room); */
#define GW6C_BUF(room)                                                         \
	{ .at = (uint8_t *)(room), .len = 0, .cap = sizeof(room) }

static inline void gw6c_put(struct gw6c_buf *buf, const void *at, size_t len)
{
	if (buf->overflow || len > buf->cap - buf->len) {
		buf->overflow = true;
		return;
	}
	if (len)
		memcpy(buf->at + buf->len, at, len);
	buf->len += len;
}

static inline void gw6c_put_text(struct gw6c_buf *buf, const char *text)
{
	gw6c_put(buf, text, strlen(text));
}

static inline struct gw6c_bytes gw6c_got(const struct gw6c_buf *buf)
{
	return (struct gw6c_bytes){ buf->at, buf->len };
}

static inline struct gw6c_bytes gw6c_text(const char *text)
{
	return (struct gw6c_bytes){ (const uint8_t *)text, strlen(text) };
}

#endif
