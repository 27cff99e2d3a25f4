/* tsp.c - lines and frames of the Tunnel Setup Protocol; pure. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "tsp.h"
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

const uint32_t tsp_versions[] = { TSP_V202, 0x020001, TSP_V200, TSP_V101, 0 };

int tsp_status(struct gw6c_bytes in, struct gw6c_bytes *text)
{
	struct gw6c_bytes line, rest;
	size_t digits = 0;
	int code = 0;

	text_line(in, &line, &rest);
	while (digits < line.len && digits < 5 && isdigit(line.at[digits]))
		code = code * 10 + (line.at[digits++] - '0');
	if (digits < 3 || digits > 4 ||
	    (digits < line.len && line.at[digits] != ' '))
		return 0;
	if (text) {
		text->at = line.at + digits + (digits < line.len);
		text->len = line.len - digits - (digits < line.len);
	}
	return code;
}

void tsp_version_text(uint32_t version, char room[16])
{
	snprintf(room, 16, "%u.%u.%u", version >> 16 & 0xff,
		 version >> 8 & 0xff, version & 0xff);
}

void tsp_put_version(struct gw6c_buf *out, uint32_t version)
{
	char text[16];

	tsp_version_text(version, text);
	gw6c_put_text(out, "VERSION=");
	gw6c_put_text(out, text);
	gw6c_put_text(out, "\r\n");
}

bool tsp_parse_version(struct gw6c_bytes line, uint32_t *out)
{
	unsigned a, b, c;
	char text[32], end;

	if (line.len >= sizeof(text) || line.len < 8)
		return false;
	memcpy(text, line.at, line.len);
	text[line.len] = 0;
	if (strncasecmp(text, "VERSION=", 8) != 0 ||
	    !isdigit((unsigned char)text[8]) ||
	    sscanf(text + 8, "%3u.%3u.%3u%c", &a, &b, &c, &end) != 3 ||
	    a > 255 || b > 255 || c > 255)
		return false;
	*out = a << 16 | b << 8 | c;
	return true;
}

static void capability_item(const char *item, size_t len,
			    struct tsp_capability *out)
{
	const char *equal = memchr(item, '=', len);
	size_t name = equal ? (size_t)(equal - item) : 0;
	size_t value = equal ? len - name - 1 : 0;
	char(*list)[TSP_WORD] = NULL;
	int *count = NULL;

	if (name == 6 && strncasecmp(item, "TUNNEL", 6) == 0) {
		list = out->tunnel;
		count = &out->tunnels;
	} else if (name == 4 && strncasecmp(item, "AUTH", 4) == 0) {
		list = out->auth;
		count = &out->auths;
	} else if (name == 5 && strncasecmp(item, "LEASE", 5) == 0) {
		out->lease = true;
	}
	if (!list || !value || value >= TSP_WORD || *count == TSP_WORDS)
		return;
	for (size_t i = 0; i < value; i++)
		list[*count][i] = (char)toupper((unsigned char)equal[1 + i]);
	list[*count][value] = 0;
	++*count;
}

bool tsp_parse_capability(struct gw6c_bytes in, struct tsp_capability *out)
{
	static const char word[] = "CAPABILITY";
	struct gw6c_bytes line, rest;
	const char *at, *end;

	memset(out, 0, sizeof(*out));
	out->cut = !text_line(in, &line, &rest);
	at = (const char *)line.at;
	end = at + line.len;
	if (line.len < sizeof(word) - 1 ||
	    strncasecmp(at, word, sizeof(word) - 1) != 0)
		return false;
	at += sizeof(word) - 1;
	if (at < end && *at != ' ' && *at != '\t')
		return false;
	while (at < end) {
		const char *start = at;

		while (at < end && *at != ' ' && *at != '\t')
			at++;
		if (at > start)
			capability_item(start, (size_t)(at - start), out);
		else
			at++;
	}
	return true;
}

void tsp_put_capability(struct gw6c_buf *out,
			const struct tsp_capability *capability)
{
	gw6c_put_text(out, "CAPABILITY");
	for (int i = 0; i < capability->tunnels; i++) {
		gw6c_put_text(out, " TUNNEL=");
		gw6c_put_text(out, capability->tunnel[i]);
	}
	for (int i = 0; i < capability->auths; i++) {
		gw6c_put_text(out, " AUTH=");
		gw6c_put_text(out, capability->auth[i]);
	}
	if (capability->lease)
		gw6c_put_text(out, " LEASE=1");
	gw6c_put_text(out, "\r\n");
}

long tsp_content_length(struct gw6c_bytes in, size_t *header_len)
{
	static const char word[] = "Content-length:";
	struct gw6c_bytes line, rest;
	size_t at = sizeof(word) - 1;
	long len;

	*header_len = 0;
	if (!text_line(in, &line, &rest))
		return in.len < 40 ? 0 : -1;
	if (line.len < at || strncasecmp((const char *)line.at, word, at) != 0)
		return -1;
	while (at < line.len && (line.at[at] == ' ' || line.at[at] == '\t'))
		at++;
	while (line.len > at && line.at[line.len - 1] == ' ')
		line.len--;
	len = text_number((const char *)line.at + at, line.len - at,
			  TSP_BODY_MAX);
	if (len < 1)
		return -1;
	*header_len = in.len - rest.len;
	return len;
}

void tsp_put_message(struct gw6c_buf *out, int code, const char *text,
		     const struct tsp_tunnel *tunnel)
{
	uint8_t room[TSP_BODY_MAX];
	struct gw6c_buf body = GW6C_BUF(room);
	char line[128];

	if (code) {
		snprintf(line, sizeof(line), "%d %s\r\n", code, text);
		gw6c_put_text(&body, line);
	}
	if (tunnel)
		tsp_put_xml(&body, tunnel);
	snprintf(line, sizeof(line), "Content-length: %zu\r\n", body.len);
	gw6c_put_text(out, line);
	gw6c_put(out, body.at, body.len);
	out->overflow |= body.overflow;
}

void tsp_full_text(const struct gw6c_addr *addr, char room[GW6C_ADDR_TEXT])
{
	const uint8_t *o = addr->octets;

	if (addr->family != 6) {
		snprintf(room, GW6C_ADDR_TEXT, "%u.%u.%u.%u", o[0], o[1], o[2],
			 o[3]);
		return;
	}
	snprintf(room, GW6C_ADDR_TEXT,
		 "%02x%02x:%02x%02x:%02x%02x:%02x%02x:"
		 "%02x%02x:%02x%02x:%02x%02x:%02x%02x",
		 o[0], o[1], o[2], o[3], o[4], o[5], o[6], o[7], o[8], o[9],
		 o[10], o[11], o[12], o[13], o[14], o[15]);
}
