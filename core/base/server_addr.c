/* server_addr.c - a broker as it is written: name or address, and port. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "server_addr.h"
#include "text.h"
#include <ctype.h>
#include <strings.h>

static int server_fail(const char *text, const char *why, struct gw6c_err *err)
{
	return gw6c_fail(err, GW6C_ECONFIG,
			 "server \"%.100s\": %s; write a name or an IPv4 "
			 "address, with \":port\" if it is not 3653, or "
			 "\"[IPv6 address]:port\"",
			 text, why);
}

static bool host_char(char c)
{
	return isalnum((unsigned char)c) || c == '-' || c == '.' || c == '_';
}

/* The port part, blanks around it taken; empty means the default. */
static int server_port(const char *text, const char *port, uint16_t *out,
		       struct gw6c_err *err)
{
	size_t len;
	long value;

	port += strspn(port, " \t");
	len = strlen(port);
	while (len && (port[len - 1] == ' ' || port[len - 1] == '\t'))
		len--;
	value = text_number(port, len, 65535);
	if (value < 1)
		return server_fail(text,
				   "the port must be a number from 1 to 65535",
				   err);
	*out = (uint16_t)value;
	return GW6C_OK;
}

static int server_host(const char *text, const char *host, size_t len,
		       struct server_addr *out, struct gw6c_err *err)
{
	while (len && (host[len - 1] == ' ' || host[len - 1] == '\t'))
		len--;
	if (!len)
		return server_fail(text, "the host is missing", err);
	if (len >= sizeof(out->host))
		return server_fail(text, "the host is too long", err);
	memcpy(out->host, host, len);
	out->host[len] = 0;
	return GW6C_OK;
}

static int server_bracket(const char *text, struct server_addr *out,
			  struct gw6c_err *err)
{
	const char *close = strchr(text, ']');

	if (!close)
		return server_fail(text, "the bracket is not closed", err);
	if (server_host(text, text + 1, (size_t)(close - text - 1), out, err))
		return err->rc;
	if (!gw6c_addr_parse(out->host, &out->literal) ||
	    out->literal.family != 6)
		return server_fail(text, "no IPv6 address in the brackets",
				   err);
	close++;
	close += strspn(close, " \t");
	if (!*close)
		return GW6C_OK;
	if (*close != ':')
		return server_fail(text, "unexpected text after ']'", err);
	return server_port(text, close + 1, &out->port, err);
}

int server_addr_parse(const char *text, struct server_addr *out,
		      struct gw6c_err *err)
{
	const char *colon;

	memset(out, 0, sizeof(*out));
	out->port = SERVER_PORT;
	if (*text == '[')
		return server_bracket(text, out, err);
	colon = strchr(text, ':');
	if (colon && strchr(colon + 1, ':')) {
		if (server_host(text, text, strlen(text), out, err))
			return err->rc;
		if (gw6c_addr_parse(out->host, &out->literal))
			return GW6C_OK;
		return server_fail(text, "more than one colon", err);
	}
	if (server_host(text, text,
			colon ? (size_t)(colon - text) : strlen(text), out,
			err))
		return err->rc;
	for (const char *at = out->host; *at; at++)
		if (!host_char(*at))
			return server_fail(text,
					   "invalid character in host "
					   "name",
					   err);
	if (!gw6c_addr_parse(out->host, &out->literal) &&
	    !out->host[strspn(out->host, "0123456789.")])
		return server_fail(text, "no IPv4 address, and no name", err);
	return colon ? server_port(text, colon + 1, &out->port, err) : GW6C_OK;
}

void server_addr_put(struct gw6c_buf *out, const struct server_addr *server)
{
	bool brackets = server->literal.family == 6;
	char port[8];

	gw6c_put_text(out, brackets ? "[" : "");
	gw6c_put_text(out, server->host);
	gw6c_put_text(out, brackets ? "]" : "");
	if (server->port == SERVER_PORT)
		return;
	snprintf(port, sizeof(port), ":%u", server->port);
	gw6c_put_text(out, port);
}

bool server_addr_same(const struct server_addr *a, const struct server_addr *b)
{
	if (a->port != b->port)
		return false;
	if (a->literal.family && b->literal.family)
		return memcmp(&a->literal, &b->literal, sizeof(a->literal)) ==
		       0;
	return strcasecmp(a->host, b->host) == 0;
}

bool server_addr_named(struct gw6c_bytes text, const struct server_addr *server)
{
	char room[GW6C_NAME + 16];
	struct server_addr named;
	struct gw6c_err err;

	if (!text.len || text.len >= sizeof(room) ||
	    memchr(text.at, 0, text.len))
		return false;
	memcpy(room, text.at, text.len);
	room[text.len] = 0;
	return server_addr_parse(room, &named, &err) == GW6C_OK &&
	       server_addr_same(&named, server);
}
