/* framing.c - splitting a stream of octets into messages. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "framing.h"

#define HEADER_MAX 64 /* octets of a Content-length line */

static struct gw6c_bytes behind(struct gw6c_bytes in, size_t octets)
{
	return (struct gw6c_bytes){ in.at + octets, in.len - octets };
}

static bool is_end(uint8_t octet)
{
	return octet == '\r' || octet == '\n';
}

/* A raw message may begin with a NUL of its own. */
size_t framing_stray(enum frame frame, struct gw6c_bytes in)
{
	bool ends = frame == FRAME_BARE || frame == FRAME_BODY;
	size_t n = 0;

	while (n < in.len && (!in.at[n] || (ends && is_end(in.at[n]))))
		n++;
	return n && frame == FRAME_RAW ? n - 1 : n;
}

static enum framing next_line(struct gw6c_bytes in, size_t *len)
{
	const uint8_t *end = in.len ? memchr(in.at, '\n', in.len) : NULL;

	*len = end ? (size_t)(end - in.at) + 1 : in.len;
	if (*len > FRAME_LINE_MAX)
		return FRAMING_BAD;
	return end ? FRAMING_WHOLE : FRAMING_MORE;
}

static enum framing next_bare(struct gw6c_bytes in, size_t *len)
{
	size_t n = 0;

	while (n < in.len && in.at[n] && !is_end(in.at[n]))
		n++;
	*len = n;
	if (n > FRAME_LINE_MAX)
		return FRAMING_BAD;
	return n < in.len || (n && n % 4 == 0 && in.at[n - 1] == '=')
		       ? FRAMING_WHOLE
		       : FRAMING_MORE;
}

static enum framing next_body(struct gw6c_bytes in, size_t *len)
{
	size_t header;
	long body = tsp_content_length(in, &header);

	if (body < 0 || (!body && in.len > HEADER_MAX))
		return FRAMING_BAD;
	*len = header + (size_t)body;
	return body && *len <= in.len ? FRAMING_WHOLE : FRAMING_MORE;
}

enum framing framing_next(enum frame frame, struct gw6c_bytes in,
			  struct gw6c_bytes *message, size_t *used)
{
	size_t skipped = framing_stray(frame, in), len = 0;
	struct gw6c_bytes rest = behind(in, skipped);
	enum framing framing = frame == FRAME_BODY   ? next_body(rest, &len)
			       : frame == FRAME_BARE ? next_bare(rest, &len)
						     : next_line(rest, &len);

	*message = GW6C_NOTHING;
	*used = 0;
	if (framing != FRAMING_WHOLE)
		return framing;
	*message = (struct gw6c_bytes){ rest.at, len };
	*used = skipped + len;
	return FRAMING_WHOLE;
}
