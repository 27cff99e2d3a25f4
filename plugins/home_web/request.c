/* request.c - what of a request is ours to parse: target and host. Pure. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "request.h"
#include <stdio.h>
#include <string.h>
#include <strings.h>

#define BAD 400
#define NOT_FOUND 404
#define TOO_LONG 414

#define UNRESERVED                                                             \
	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"

static int hex(char c)
{
	static const char digits[] = "0123456789abcdef";
	const char *at = c ? strchr(digits, c >= 'A' ? c | 0x20 : c) : NULL;

	return at ? (int)(at - digits) : -1;
}

/* One octet of the target; *status is set if none may be so. */
static unsigned char decode(const char **at, int *status)
{
	unsigned char c = (unsigned char)*(*at)++;
	int high, low;

	if (c <= ' ' || c > '~' || c == '#')
		*status = BAD;
	if (c == '\\')
		*status = NOT_FOUND;
	if (c != '%')
		return c;
	high = hex(**at);
	low = high < 0 ? -1 : hex((*at)[1]);
	if (low < 0) {
		*status = BAD;
		return c;
	}
	*at += 2;
	c = (unsigned char)(high << 4 | low);
	if (c < ' ' || c == 127)
		*status = BAD;
	else if (c == '/' || c == '\\')
		*status = NOT_FOUND;
	return c;
}

/* What stands between two slashes. Files with a dot in front are not for
 * others, and the steps "." and ".." are taken by the client, if at all. */
static int check_segment(const char *segment, size_t len)
{
	if (len == 1 && segment[0] == '.')
		return BAD;
	if (len == 2 && segment[0] == '.' && segment[1] == '.')
		return BAD;
	return segment[0] == '.' ? NOT_FOUND : 0;
}

/* An empty one may only be the last. */
static int check_segments(const char *path)
{
	int worst = 0;

	while (*path) {
		size_t len = strcspn(path, "/");
		int status = len ? check_segment(path, len) : NOT_FOUND;

		if (status && worst != BAD)
			worst = status;
		path += len + (path[len] == '/');
	}
	return worst;
}

int request_path(const char *target, char path[REQUEST_PATH])
{
	size_t used = 0;
	int status = 0;

	if (*target++ != '/')
		return BAD;
	while (*target && *target != '?' && status != BAD) {
		int one = 0;
		unsigned char c = decode(&target, &one);

		if (used == REQUEST_PATH - 1)
			return TOO_LONG;
		path[used++] = (char)c;
		if (one)
			status = one;
	}
	path[used] = 0;
	if (status == BAD)
		return BAD;
	return check_segments(path) == BAD ? BAD
	       : status			   ? status
					   : check_segments(path);
}

const char *request_absolute(const char *target, char host[REQUEST_HOST])
{
	size_t scheme = strncasecmp(target, "http://", 7) == 0	  ? 7
			: strncasecmp(target, "https://", 8) == 0 ? 8
								  : 0;
	size_t len = scheme ? strcspn(target + scheme, "/?") : 0;

	if (!len || len >= REQUEST_HOST)
		return NULL;
	snprintf(host, REQUEST_HOST, "%.*s", (int)len, target + scheme);
	target += scheme + len;
	return *target == '/' ? target : "/";
}

/* The octets of host before its port. 0: it is none. */
static size_t host_len(const char *host)
{
	size_t len;

	if (host[0] != '[')
		return strspn(host, UNRESERVED);
	len = 1 + strspn(host + 1, "0123456789abcdefABCDEF:.");
	return len > 2 && host[len] == ']' ? len + 1 : 0;
}

bool request_host_is_good(const char *host)
{
	size_t len = host_len(host), digits;

	if (!len || strlen(host) >= REQUEST_HOST)
		return false;
	if (!host[len])
		return true;
	digits = strspn(host + len + 1, "0123456789");
	return host[len] == ':' && digits <= 5 && !host[len + 1 + digits];
}

void request_host_name(const char *host, char room[REQUEST_HOST])
{
	snprintf(room, REQUEST_HOST, "%.*s", (int)host_len(host), host);
}

bool request_is_token(const char *name)
{
	size_t len = strlen(name);

	return len && len < 128 &&
	       strspn(name,
		      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
		      "0123456789-_") == len;
}

bool request_is_url(const char *text)
{
	while (*text > ' ' && *text <= '~')
		text++;
	return !*text;
}

bool request_encode(const char *path, char *room, size_t len)
{
	size_t used = 0;

	for (; *path; path++) {
		bool plain = strchr(UNRESERVED "/", *path);

		if (used + 4 > len)
			return false;
		if (plain)
			room[used++] = *path;
		else
			used += (size_t)
				snprintf(room + used, len - used, "%%%02X",
					 (unsigned)(unsigned char)*path);
	}
	if (used >= len)
		return false;
	room[used] = 0;
	return true;
}
