/* proven.c - by which mechanism a broker has last proven itself to an
 * account. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "proven.h"
#include "core/base/files.h"
#include "core/base/text.h"
#include <errno.h>
#include <stdlib.h>

#define FILE_MAX_OCTETS 65536 /* oldest lines go beyond that */
#define LINE_MAX_OCTETS 1024
#define RANK_MAX 1000000

/* A line in its parts, each within it. */
struct parts {
	struct gw6c_bytes server, mechanism, rank, user;
};

/* Up to the next blank, which goes, too. */
static struct gw6c_bytes take_word(struct gw6c_bytes *rest)
{
	const uint8_t *blank = memchr(rest->at, ' ', rest->len);
	size_t len = blank ? (size_t)(blank - rest->at) : rest->len;
	struct gw6c_bytes word = { rest->at, len };

	rest->at += len + (blank != NULL);
	rest->len -= len + (blank != NULL);
	return word;
}

/* An account's name may have blanks: it comes last. */
static struct parts split(struct gw6c_bytes line)
{
	struct parts parts;

	parts.server = take_word(&line);
	parts.mechanism = take_word(&line);
	parts.rank = take_word(&line);
	parts.user = line;
	return parts;
}

static bool is_users(const struct parts *parts, const char *user)
{
	return parts->user.len == strlen(user) &&
	       memcmp(parts->user.at, user, parts->user.len) == 0;
}

static bool is_of(const struct parts *parts, const struct proven *proven)
{
	return is_users(parts, proven->user) &&
	       server_addr_named(parts->server, &proven->server);
}

/* What we did not write ourselves is as good as not there. */
static void take(const struct parts *parts, struct proven *proven)
{
	long rank = text_number((const char *)parts->rank.at, parts->rank.len,
				RANK_MAX);

	if (rank < 0 || !parts->mechanism.len ||
	    parts->mechanism.len >= sizeof(proven->mechanism))
		return;
	memcpy(proven->mechanism, parts->mechanism.at, parts->mechanism.len);
	proven->mechanism[parts->mechanism.len] = 0;
	proven->rank = (uint32_t)rank;
}

/* All of it; free() it. No file: nothing. */
static int load(const char *path, struct gw6c_buf *out, struct gw6c_err *err)
{
	ssize_t len;

	*out = (struct gw6c_buf){ .at = malloc(FILE_MAX_OCTETS) };
	if (!out->at)
		return gw6c_fail(err, GW6C_EOS, "out of memory");
	len = files_load(path, out->at, FILE_MAX_OCTETS, NULL);
	if (len < 0 && errno != ENOENT)
		return files_unreadable(path, err);
	out->len = len > 0 ? (size_t)len : 0;
	return GW6C_OK;
}

int proven_find(const char *path, struct proven *proven, struct gw6c_err *err)
{
	struct gw6c_bytes rest, line;
	struct parts parts;
	struct gw6c_buf file;
	int rc = load(path, &file, err);

	proven->mechanism[0] = 0;
	proven->rank = 0;
	rest = gw6c_got(&file);
	while (rest.len) {
		text_line(rest, &line, &rest);
		parts = split(line);
		if (is_of(&parts, proven))
			take(&parts, proven);
	}
	free(file.at);
	return rc;
}

static bool take_server(const struct parts *parts, struct server_addr *out)
{
	struct gw6c_err err = { 0 };
	char text[GW6C_NAME + 16];

	if (!parts->server.len || parts->server.len >= sizeof(text))
		return false;
	memcpy(text, parts->server.at, parts->server.len);
	text[parts->server.len] = 0;
	return server_addr_parse(text, out, &err) == GW6C_OK;
}

int proven_each(const char *path, const char *user,
		void (*call)(void *arg, const struct proven *proven), void *arg,
		struct gw6c_err *err)
{
	struct gw6c_bytes rest, line;
	struct parts parts;
	struct gw6c_buf file;
	int rc = load(path, &file, err);

	rest = gw6c_got(&file);
	while (rest.len) {
		struct proven proven = { .user = user };

		text_line(rest, &line, &rest);
		parts = split(line);
		if (!is_users(&parts, user) ||
		    !take_server(&parts, &proven.server))
			continue;
		take(&parts, &proven);
		if (*proven.mechanism)
			call(arg, &proven);
	}
	free(file.at);
	return rc;
}

/* The newest of the others that leave room octets. */
static void keep_others(struct gw6c_bytes rest, const struct proven *proven,
			size_t room, struct gw6c_buf *out)
{
	struct gw6c_bytes line;
	struct parts parts;

	while (rest.len) {
		size_t left = rest.len + 1; /* the last may have no end */

		text_line(rest, &line, &rest);
		parts = split(line);
		if (left > room || is_of(&parts, proven))
			continue;
		gw6c_put(out, line.at, line.len);
		gw6c_put_text(out, "\n");
	}
}

static bool can_be_written(const char *text)
{
	for (; *text; text++)
		if ((unsigned char)*text < ' ' || *text == 127)
			return false;
	return true;
}

int proven_store(const char *path, const struct proven *proven,
		 struct gw6c_err *err)
{
	uint8_t room[LINE_MAX_OCTETS];
	struct gw6c_buf line = GW6C_BUF(room), old, fresh;
	char rank[16];
	int rc = load(path, &old, err);

	snprintf(rank, sizeof(rank), " %u ", proven->rank);
	server_addr_put(&line, &proven->server);
	gw6c_put_text(&line, " ");
	gw6c_put_text(&line, proven->mechanism);
	gw6c_put_text(&line, rank);
	gw6c_put_text(&line, proven->user);
	gw6c_put_text(&line, "\n");
	fresh = (struct gw6c_buf){ .at = malloc(FILE_MAX_OCTETS),
				   .cap = FILE_MAX_OCTETS };
	if (rc == GW6C_OK && fresh.at && !line.overflow &&
	    can_be_written(proven->user)) {
		keep_others(gw6c_got(&old), proven, fresh.cap - line.len,
			    &fresh);
		gw6c_put(&fresh, line.at, line.len);
		if (files_replace(path, gw6c_got(&fresh), 0600, err))
			rc = err->rc ? err->rc
				     : gw6c_fail(err, GW6C_EOS,
						 "cannot write %s: %s", path,
						 strerror(errno));
	}
	free(old.at);
	free(fresh.at);
	return rc;
}
