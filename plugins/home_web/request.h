/* request.h - what of a request is ours to parse: target and host. Pure. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_HOME_WEB_REQUEST_H
#define GW6C_HOME_WEB_REQUEST_H

#include <stdbool.h>
#include <stddef.h>

#define REQUEST_PATH 2048 /* octets of a path with its NUL */
#define REQUEST_HOST 256 /* octets of a host, its port included, with NUL */

/* The path of a target without its query, decoded once, without the first '/':
 * "" is the root, "a/b" and "a/b/" are as asked for. 0, or the HTTP status that
 * refuses it: 400 for what no honest client sends, 404 for what is never
 * served, whether it is there or not. */
int request_path(const char *target, char path[REQUEST_PATH]);

/* An absolute target, "http://host/path", into its host and its path, which
 * begins in target. NULL: it is none. */
const char *request_absolute(const char *target, char host[REQUEST_HOST]);

/* May it stand in a Host field: a name or a literal, and perhaps a port? */
bool request_host_is_good(const char *host);
/* The same without its port, into room. */
void request_host_name(const char *host, char room[REQUEST_HOST]);

/* A name that a certificate authority looks for: base64url. */
bool request_is_token(const char *name);

/* Has it only octets that a URL may have? */
bool request_is_url(const char *text);

/* A decoded path as it stands in a URL; false: it does not fit. */
bool request_encode(const char *path, char *room, size_t len);

#endif
