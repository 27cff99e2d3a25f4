/* access_log.c - one line a request, in the combined format. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "access_log.h"
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

#define FIELD 2500 /* octets of what one field may become */

static const char *address(const struct sockaddr *from, char room[64])
{
	const void *at = NULL;

	if (from && from->sa_family == AF_INET6)
		at = &((const struct sockaddr_in6 *)(const void *)from)
			      ->sin6_addr;
	else if (from && from->sa_family == AF_INET)
		at = &((const struct sockaddr_in *)(const void *)from)
			      ->sin_addr;
	if (!at || !inet_ntop(from->sa_family, at, room, 64))
		snprintf(room, 64, "-");
	return room;
}

/* As nginx and Apache do it: \xNN. */
static const char *escape(const char *text, char room[FIELD])
{
	size_t used = 0;

	if (!text || !*text)
		text = "-";
	for (; *text && used + 5 < FIELD; text++) {
		unsigned char c = (unsigned char)*text;

		if (c < ' ' || c > '~' || c == '"' || c == '\\')
			used += (size_t)snprintf(room + used, FIELD - used,
						 "\\x%02X", (unsigned)c);
		else
			room[used++] = (char)c;
	}
	room[used] = 0;
	return room;
}

size_t access_line(const struct access *access, char room[ACCESS_LINE])
{
	char from[64], date[64] = "-", target[FIELD], referer[FIELD],
		       agent[FIELD], method[FIELD];
	struct tm tm;
	int len;

	if (gmtime_r(&access->at, &tm))
		strftime(date, sizeof(date), "%d/%b/%Y:%H:%M:%S +0000", &tm);
	len = snprintf(room, ACCESS_LINE,
		       "%s - - [%s] \"%.32s %s %.16s\" %d %llu \"%s\" \"%s\"\n",
		       address(access->from, from), date,
		       escape(access->method, method),
		       escape(access->target, target), access->version,
		       access->status, (unsigned long long)access->octets,
		       escape(access->referer, referer),
		       escape(access->agent, agent));
	return len < ACCESS_LINE ? (size_t)len : ACCESS_LINE - 1;
}
