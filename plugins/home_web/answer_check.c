/* answer_check.c - a head that no honest client sends. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "answer_parts.h"
#include "request.h"
#include <stdio.h>
#include <string.h>
#include <strings.h>

#define FIELDS 64 /* of a head */
#define FIELD 512 /* octets of one that says where the request ends */

struct seen {
	unsigned fields, hosts, lengths, codings;
	bool bad; /* a name or a value that cannot be */
};

/* RFC 9110 section 5.6.2 */
static bool is_name(const char *text)
{
	static const char token[] =
		"!#$%&'*+-.^_`|~0123456789"
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

	return *text && !text[strspn(text, token)];
}

static bool is_value(const char *text)
{
	for (; *text; text++)
		if (((unsigned char)*text < ' ' && *text != '\t') ||
		    *text == 127)
			return false;
	return true;
}

/* Without the blanks behind it, which the library leaves there. */
static const char *trim(const char *value, char room[FIELD])
{
	size_t len = strlen(value);

	while (len && (value[len - 1] == ' ' || value[len - 1] == '\t'))
		len--;
	snprintf(room, FIELD, "%.*s", (int)len, value);
	return len < FIELD ? room : value;
}

/* Those that say who is meant, and where the request ends. */
static void see_framing(struct seen *seen, const char *name, const char *value)
{
	if (strcasecmp(name, "Host") == 0) {
		seen->hosts++;
		seen->bad = seen->bad || !request_host_is_good(value);
	} else if (strcasecmp(name, "Content-Length") == 0) {
		seen->lengths++;
		seen->bad = seen->bad || !*value ||
			    value[strspn(value, "0123456789")];
	} else if (strcasecmp(name, "Transfer-Encoding") == 0) {
		seen->codings++;
		seen->bad = seen->bad || strcasecmp(value, "chunked") != 0;
	}
}

static enum MHD_Result see(void *arg, enum MHD_ValueKind kind, const char *name,
			   size_t name_len, const char *value, size_t value_len)
{
	struct seen *seen = arg;
	char room[FIELD];

	(void)kind;
	if (!value)
		value = "";
	seen->fields++;
	if (strlen(name) != name_len || !is_name(name) ||
	    strlen(value) != value_len || !is_value(value))
		seen->bad = true;
	see_framing(seen, name, trim(value, room));
	return MHD_YES;
}

unsigned answer_check(const struct asked *asked)
{
	struct seen seen = { 0 };
	bool old = strcmp(asked->version, "HTTP/1.0") == 0;

	if (!old && strcmp(asked->version, "HTTP/1.1") != 0)
		return 400;
	MHD_get_connection_values_n(asked->connection, MHD_HEADER_KIND, see,
				    &seen);
	if (seen.fields > FIELDS)
		return 431;
	if (seen.bad || seen.hosts > 1 || (!seen.hosts && !old))
		return 400;
	if (seen.lengths + seen.codings > 1 || (old && seen.codings))
		return 400;
	return 0;
}
