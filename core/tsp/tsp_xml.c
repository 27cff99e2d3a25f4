/* tsp_xml.c - the XML of a tunnel, read strictly and written plainly; the
 * only user of expat. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "tsp.h"
#include <ctype.h>
#include <expat.h>
#include <stdio.h>
#include <stdlib.h>

#define DEPTH_MAX 8
#define ELEMENTS_MAX 256
#define ATTRIBUTES_MAX 16
#define TEXT_MAX 1024 /* octets of a text or attribute value */
#define NUMBER_MAX 1000000000L

struct reader {
	XML_Parser parser;
	struct tsp_tunnel *out;
	struct gw6c_err *err;
	bool failed;
	int depth, elements;
	char path[DEPTH_MAX * 24]; /* "tunnel/client/address" */
	size_t mark[DEPTH_MAX + 1]; /* length of path at each depth */
	struct tsp_address *address; /* the one whose text is read */
	bool prefix; /* text is of a prefix */
	size_t text_len;
	char text[TEXT_MAX + 1];
};

/* Where an address element belongs, by its path. */
struct place {
	const char *path;
	size_t list, count; /* offsets in struct tsp_tunnel */
	int max;
};

#define PLACE(path, list, count, max)                                          \
	{                                                                      \
		path, offsetof(struct tsp_tunnel, list),                       \
			offsetof(struct tsp_tunnel, count), max                \
	}

static const struct place places[] = {
	PLACE("tunnel/client/address", client, clients, TSP_ADDRS),
	PLACE("tunnel/server/address", server, servers, TSP_ADDRS),
	PLACE("tunnel/client/router/dns_server/address", router_dns_server,
	      router_dns, TSP_ADDRS),
	PLACE("tunnel/client/dns_server/address", resolver, resolvers,
	      TSP_ADDRS),
	PLACE("tunnel/broker/address", broker, brokers, TSP_BROKERS),
};

void tsp_tunnel_init(struct tsp_tunnel *tunnel)
{
	memset(tunnel, 0, sizeof(*tunnel));
	tunnel->lifetime = -1;
	tunnel->mtu = -1;
	tunnel->keepalive = -1;
	tunnel->prefix_length = -1;
}

GW6C_PRINTF(2, 3)
static void reader_fail(struct reader *reader, const char *fmt, ...)
{
	char text[200];
	va_list args;

	if (reader->failed)
		return;
	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	gw6c_fail(reader->err, GW6C_EPEER, "invalid XML from the peer: %s",
		  text);
	reader->failed = true;
	XML_StopParser(reader->parser, XML_FALSE);
}

/* Attributes come as name, value, name, value, NULL. Values are kept in lower
 * case, for old peers differ in it. */
static void attr_text(const XML_Char **attrs, const char *name, char *room,
		      size_t len)
{
	for (; *attrs; attrs += 2) {
		size_t i = 0;

		if (strcmp(attrs[0], name) != 0)
			continue;
		for (; attrs[1][i] && i + 1 < len; i++)
			room[i] = (char)tolower((unsigned char)attrs[1][i]);
		room[i] = 0;
		return;
	}
}

static void attr_number(struct reader *reader, const XML_Char **attrs,
			const char *name, long *out)
{
	char text[16] = "", *end;
	long value;

	attr_text(attrs, name, text, sizeof(text));
	if (!text[0])
		return;
	value = strtol(text, &end, 10);
	if (*end || !isdigit((unsigned char)text[0]) || value > NUMBER_MAX) {
		reader_fail(reader, "%s=\"%s\" is not a number", name, text);
		return;
	}
	*out = value;
}

static void reader_limits(struct reader *reader, const XML_Char **attrs)
{
	int n = 0;

	for (; attrs[2 * n]; n++)
		if (strlen(attrs[2 * n + 1]) > TEXT_MAX)
			reader_fail(reader, "a value of more than %d octets",
				    TEXT_MAX);
	if (n > ATTRIBUTES_MAX)
		reader_fail(reader, "more than %d attributes", ATTRIBUTES_MAX);
	if (++reader->elements > ELEMENTS_MAX)
		reader_fail(reader, "more than %d elements", ELEMENTS_MAX);
	if (reader->depth >= DEPTH_MAX)
		reader_fail(reader, "more than %d levels", DEPTH_MAX);
}

/* An element without a name we know has a path no table has. */
static void reader_enter(struct reader *reader, const char *name)
{
	size_t used = reader->mark[reader->depth];
	size_t len = strlen(name);

	if (len > 16) {
		name = "?";
		len = 1;
	}
	if (used)
		reader->path[used++] = '/';
	memcpy(reader->path + used, name, len + 1);
	reader->mark[++reader->depth] = used + len;
}

static struct tsp_address *reader_place(struct reader *reader)
{
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		const struct place *place = &places[i];
		char *base = (char *)reader->out;
		int *count = (int *)(base + place->count);

		if (strcmp(place->path, reader->path) != 0)
			continue;
		if (*count >= place->max)
			return NULL;
		return (struct tsp_address *)(base + place->list) + (*count)++;
	}
	if (strcmp(reader->path, "tunnel/client/keepalive/address") == 0)
		return &reader->out->keepalive_address;
	return NULL;
}

static void reader_attributes(struct reader *reader, const XML_Char **attrs)
{
	struct tsp_tunnel *out = reader->out;
	const char *path = reader->path;

	if (strcmp(path, "tunnel") == 0) {
		attr_text(attrs, "action", out->action, sizeof(out->action));
		attr_text(attrs, "type", out->type, sizeof(out->type));
		attr_text(attrs, "proxy", out->proxy, sizeof(out->proxy));
		attr_number(reader, attrs, "lifetime", &out->lifetime);
		attr_number(reader, attrs, "mtu", &out->mtu);
	} else if (strcmp(path, "tunnel/client/keepalive") == 0) {
		out->keepalive = 0;
		attr_number(reader, attrs, "interval", &out->keepalive);
	} else if (strcmp(path, "tunnel/client/lease") == 0) {
		attr_text(attrs, "secret", out->secret, sizeof(out->secret));
	} else if (strcmp(path, "tunnel/client/router") == 0) {
		out->router = true;
	} else if (strcmp(path, "tunnel/client/router/prefix") == 0) {
		out->prefix_length = 0;
		attr_number(reader, attrs, "length", &out->prefix_length);
		reader->prefix = true;
	}
}

static void on_start(void *arg, const XML_Char *name, const XML_Char **attrs)
{
	struct reader *reader = arg;

	if (reader->failed)
		return;
	reader_limits(reader, attrs);
	if (reader->failed)
		return;
	reader_enter(reader, name);
	if (reader->depth == 1 && strcmp(name, "tunnel") != 0) {
		reader_fail(reader, "the root element is not <tunnel>");
		return;
	}
	reader->prefix = false;
	reader->text_len = 0;
	reader_attributes(reader, attrs);
	reader->address = reader_place(reader);
	if (reader->address)
		attr_text(attrs, "type", reader->address->type,
			  sizeof(reader->address->type));
}

static void on_text(void *arg, const XML_Char *text, int len)
{
	struct reader *reader = arg;

	if (reader->failed || (!reader->address && !reader->prefix))
		return;
	if (reader->text_len + (size_t)len > TEXT_MAX) {
		reader_fail(reader, "a text of more than %d octets", TEXT_MAX);
		return;
	}
	memcpy(reader->text + reader->text_len, text, (size_t)len);
	reader->text_len += (size_t)len;
}

/* The text without blanks around it. */
static void reader_keep_text(struct reader *reader, char *room, size_t len)
{
	char *at = reader->text;
	size_t n = reader->text_len;

	while (n && isspace((unsigned char)at[n - 1]))
		n--;
	while (n && isspace((unsigned char)*at)) {
		at++;
		n--;
	}
	if (n >= len) {
		reader_fail(reader, "address too long (%zu octets)", n);
		return;
	}
	memcpy(room, at, n);
	room[n] = 0;
}

static void on_end(void *arg, const XML_Char *name)
{
	struct reader *reader = arg;

	(void)name;
	if (reader->failed)
		return;
	if (reader->address)
		reader_keep_text(reader, reader->address->text,
				 sizeof(reader->address->text));
	else if (reader->prefix)
		reader_keep_text(reader, reader->out->prefix,
				 sizeof(reader->out->prefix));
	reader->address = NULL;
	reader->prefix = false;
	reader->depth--; /* the path is written from there */
}

static void on_doctype(void *arg, const XML_Char *name, const XML_Char *sysid,
		       const XML_Char *pubid, int internal)
{
	(void)name;
	(void)sysid;
	(void)pubid;
	(void)internal;
	reader_fail(arg, "a DOCTYPE is not allowed");
}

static struct gw6c_bytes xml_trim(struct gw6c_bytes xml)
{
	while (xml.len &&
	       (isspace(xml.at[xml.len - 1]) || !xml.at[xml.len - 1]))
		xml.len--;
	while (xml.len && isspace(*xml.at)) {
		xml.at++;
		xml.len--;
	}
	return xml;
}

int tsp_parse_xml(struct gw6c_bytes xml, struct tsp_tunnel *out,
		  struct gw6c_err *err)
{
	struct reader reader = { .out = out, .err = err };
	struct gw6c_bytes body = xml_trim(xml);

	tsp_tunnel_init(out);
	reader.parser = XML_ParserCreate(NULL);
	if (!reader.parser)
		return gw6c_fail(err, GW6C_EOS, "out of memory");
	XML_SetUserData(reader.parser, &reader);
	XML_SetElementHandler(reader.parser, on_start, on_end);
	XML_SetCharacterDataHandler(reader.parser, on_text);
	XML_SetStartDoctypeDeclHandler(reader.parser, on_doctype);
	if (body.len > TSP_BODY_MAX)
		reader_fail(&reader, "more than %d octets", TSP_BODY_MAX);
	else if (XML_Parse(reader.parser, (const char *)body.at, (int)body.len,
			   1) != XML_STATUS_OK)
		reader_fail(&reader, "%s in line %lu",
			    XML_ErrorString(XML_GetErrorCode(reader.parser)),
			    XML_GetCurrentLineNumber(reader.parser));
	XML_ParserFree(reader.parser);
	return reader.failed ? err->rc : GW6C_OK;
}

/* --- writing ----------------------------------------------------------- */

static void put_escaped(struct gw6c_buf *out, const char *text)
{
	for (; *text; text++) {
		if (*text == '&')
			gw6c_put_text(out, "&amp;");
		else if (*text == '<')
			gw6c_put_text(out, "&lt;");
		else if (*text == '>')
			gw6c_put_text(out, "&gt;");
		else if (*text == '"')
			gw6c_put_text(out, "&quot;");
		else
			gw6c_put(out, text, 1);
	}
}

static void put_attr(struct gw6c_buf *out, const char *name, const char *value)
{
	if (!*value)
		return;
	gw6c_put_text(out, " ");
	gw6c_put_text(out, name);
	gw6c_put_text(out, "=\"");
	put_escaped(out, value);
	gw6c_put_text(out, "\"");
}

static void put_number(struct gw6c_buf *out, const char *name, long value)
{
	char text[24];

	if (value < 0)
		return;
	snprintf(text, sizeof(text), "%ld", value);
	put_attr(out, name, text);
}

static void put_address(struct gw6c_buf *out, const struct tsp_address *address)
{
	gw6c_put_text(out, "<address");
	put_attr(out, "type", address->type);
	gw6c_put_text(out, ">");
	put_escaped(out, address->text);
	gw6c_put_text(out, "</address>");
}

static void put_lines(struct gw6c_buf *out, const struct tsp_address *list,
		      int n)
{
	for (int i = 0; i < n; i++) {
		gw6c_put_text(out, "  ");
		put_address(out, &list[i]);
		gw6c_put_text(out, "\r\n");
	}
}

static void put_list(struct gw6c_buf *out, const char *indent, const char *name,
		     const struct tsp_address *list, int n)
{
	if (!n)
		return;
	gw6c_put_text(out, indent);
	gw6c_put_text(out, "<");
	gw6c_put_text(out, name);
	gw6c_put_text(out, ">");
	for (int i = 0; i < n; i++)
		put_address(out, &list[i]);
	gw6c_put_text(out, "</");
	gw6c_put_text(out, name);
	gw6c_put_text(out, ">\r\n");
}

static void put_router(struct gw6c_buf *out, const struct tsp_tunnel *tunnel)
{
	gw6c_put_text(out, "  <router>");
	if (tunnel->prefix_length >= 0) {
		gw6c_put_text(out, "<prefix");
		put_number(out, "length", tunnel->prefix_length);
		gw6c_put_text(out, tunnel->prefix[0] ? ">" : "/>");
		put_escaped(out, tunnel->prefix);
		gw6c_put_text(out, tunnel->prefix[0] ? "</prefix>" : "");
	}
	if (tunnel->router_dns) {
		gw6c_put_text(out, "\r\n");
		put_list(out, "   ", "dns_server", tunnel->router_dns_server,
			 tunnel->router_dns);
		gw6c_put_text(out, "  ");
	}
	gw6c_put_text(out, "</router>\r\n");
}

static void put_client(struct gw6c_buf *out, const struct tsp_tunnel *tunnel)
{
	if (!tunnel->clients)
		return;
	gw6c_put_text(out, " <client>\r\n");
	put_lines(out, tunnel->client, tunnel->clients);
	if (tunnel->keepalive >= 0) {
		gw6c_put_text(out, "  <keepalive");
		put_number(out, "interval", tunnel->keepalive);
		gw6c_put_text(out, ">");
		if (tunnel->keepalive_address.type[0])
			put_address(out, &tunnel->keepalive_address);
		gw6c_put_text(out, "</keepalive>\r\n");
	}
	if (tunnel->secret[0]) {
		gw6c_put_text(out, "  <lease");
		put_attr(out, "secret", tunnel->secret);
		gw6c_put_text(out, "/>\r\n");
	}
	if (tunnel->router)
		put_router(out, tunnel);
	put_list(out, "  ", "dns_server", tunnel->resolver, tunnel->resolvers);
	gw6c_put_text(out, " </client>\r\n");
}

void tsp_put_xml(struct gw6c_buf *out, const struct tsp_tunnel *tunnel)
{
	bool inner = tunnel->clients || tunnel->servers || tunnel->brokers;

	gw6c_put_text(out, "<tunnel");
	put_attr(out, "action", tunnel->action);
	put_attr(out, "type", tunnel->type);
	put_number(out, "lifetime", tunnel->lifetime);
	put_attr(out, "proxy", tunnel->proxy);
	put_number(out, "mtu", tunnel->mtu);
	gw6c_put_text(out, inner ? ">\r\n" : ">");
	if (tunnel->servers) {
		gw6c_put_text(out, " <server>\r\n");
		put_lines(out, tunnel->server, tunnel->servers);
		gw6c_put_text(out, " </server>\r\n");
	}
	put_client(out, tunnel);
	for (int i = 0; i < tunnel->brokers; i++)
		put_list(out, " ", "broker", &tunnel->broker[i], 1);
	gw6c_put_text(out, "</tunnel>\r\n");
}
