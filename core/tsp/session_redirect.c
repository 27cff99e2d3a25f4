/* session_redirect.c - a broker names others to ask instead. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/base/addr_class.h"
#include "session_parts.h"
#include <stdlib.h>
#include <strings.h>

#define CUT_LEAST 500 /* octets; less would have fitted into any datagram */

/* A type that we do not know may be of a later protocol: not for us. */
static bool redirect_type(const char *type, int family)
{
	if (strcmp(type, "ipv4") == 0)
		return family == 4;
	if (strcmp(type, "ipv6") == 0)
		return family == 6;
	return strcmp(type, "dn") == 0;
}

static bool redirect_entry(const struct tsp_address *address,
			   struct server_addr *out)
{
	char text[GW6C_NAME + 2];
	struct gw6c_err err;

	snprintf(text, sizeof(text), "%s", address->text);
	if (!*text || server_addr_parse(text, out, &err) ||
	    !redirect_type(address->type, out->literal.family))
		return false;
	if (out->literal.family)
		return addr_is_unicast(&out->literal);
	return strcasecmp(out->host, "localhost") != 0;
}

/* The end did not fit: over TCP it will. */
static bool is_cut(struct gw6c_bytes xml)
{
	static const char end[] = "</tunnel>";

	return xml.len >= CUT_LEAST &&
	       !memmem(xml.at, xml.len, end, sizeof(end) - 1);
}

void session_redirected(struct session *session, struct gw6c_bytes body)
{
	struct session_result *result = &session->result;
	struct gw6c_bytes line, xml;
	struct gw6c_err err = { 0 };
	struct tsp_tunnel *list = malloc(sizeof(*list));

	text_line(body, &line, &xml);
	if (session->params.udp && is_cut(xml)) {
		free(list);
		result->status = 0;
		session_fail(session, GW6C_ENET, REASON_NONE,
			     "the redirection is too long for a datagram");
		return;
	}
	if (!list || tsp_parse_xml(xml, list, &err)) {
		free(list);
		session_fail(session, GW6C_EPEER, REASON_REDIRECT,
			     "invalid redirection: %s", err.text);
		return;
	}
	for (int i = 0; i < list->brokers; i++)
		if (redirect_entry(&list->broker[i],
				   &result->broker[result->brokers]))
			result->brokers++;
	free(list);
	if (!result->brokers) {
		session_fail(session, GW6C_EPEER, REASON_REDIRECT,
			     "the redirection names no usable broker");
		return;
	}
	gw6c_fail(&result->err, GW6C_EPEER, "%s redirects to %s%s",
		  session->params.broker.host, result->broker[0].host,
		  result->brokers > 1 ? " and others" : "");
	session_end(session, SESSION_REDIRECT);
}
