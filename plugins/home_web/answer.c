/* answer.c - what a request gets: a file, a page of ours, or another place. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "answer_parts.h"
#include "listing.h"
#include "page.h"
#include "path.h"
#include "request.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define METHODS "GET, HEAD, OPTIONS"
#define ACME "/.well-known/acme-challenge/"
#define ERROR_PAGE_MAX (1 << 20) /* octets of one of the site's own */

static const char *field(struct MHD_Connection *connection, const char *name)
{
	return MHD_lookup_connection_value(connection, MHD_HEADER_KIND, name);
}

const char *answer_field(const struct asked *asked, const char *name)
{
	return field(asked->connection, name);
}

void answer_add(struct answer *answer, const char *name, const char *value)
{
	if (answer->response)
		MHD_add_response_header(answer->response, name, value);
}

struct answer answer_empty(unsigned status)
{
	static char nothing[1];
	struct answer answer = { .status = status };

	answer.response =
		MHD_create_response_from_buffer(0, nothing,
						MHD_RESPMEM_PERSISTENT);
	return answer;
}

struct answer answer_text(unsigned status, char *text, size_t len)
{
	struct answer answer = { .status = status, .octets = len };

	answer.response =
		MHD_create_response_from_buffer(len, text,
						MHD_RESPMEM_MUST_FREE);
	if (!answer.response)
		free(text);
	answer_add(&answer, "Content-Type", "text/html; charset=utf-8");
	answer_add(&answer, "Content-Security-Policy",
		   "default-src 'none'; style-src 'unsafe-inline'; "
		   "base-uri 'none'; form-action 'none'; "
		   "frame-ancestors 'none'");
	return answer;
}

/* "404.html" in the root */
static bool own_page(const struct site *site, unsigned status,
		     struct answer *answer)
{
	char name[16];
	struct stat at;
	int fd;

	snprintf(name, sizeof(name), "%u.html", status);
	fd = path_open(site->root, name, &at);
	if (fd < 0)
		return false;
	if (!S_ISREG(at.st_mode) || at.st_size > ERROR_PAGE_MAX) {
		close(fd);
		return false;
	}
	*answer = (struct answer){ .status = status,
				   .octets = (uint64_t)at.st_size };
	answer->response =
		MHD_create_response_from_fd((uint64_t)at.st_size, fd);
	if (!answer->response)
		close(fd);
	answer_add(answer, "Content-Type", "text/html; charset=utf-8");
	return true;
}

struct answer answer_error(const struct site *site, unsigned status)
{
	struct answer answer = { .status = status };
	char *text = NULL;
	size_t len = 0;
	FILE *out;

	if (own_page(site, status, &answer))
		return answer;
	out = open_memstream(&text, &len);
	if (!out)
		return answer;
	page_error(out, (int)status);
	if (fclose(out) == 0)
		return answer_text(status, text, len);
	free(text);
	return answer;
}

static unsigned status_of(int error)
{
	switch (error) {
	case EACCES:
	case EPERM:
		return 403;
	case EMFILE:
	case ENFILE:
	case ENOMEM:
		return 503;
	case EIO:
		return 500;
	default:
		return 404;
	}
}

/* --- other places ---------------------------------------------------------- */

static struct answer moved(const char *where)
{
	struct answer answer = answer_empty(301);

	answer_add(&answer, "Location", where);
	return answer;
}

/* The same with a slash, in which relative links of the page begin. */
static struct answer add_slash(const struct site *site,
			       const struct asked *asked, const char *path)
{
	char where[3 * REQUEST_PATH + 4], url[3 * REQUEST_PATH];
	const char *query = strchr(asked->target, '?');

	if (query && !request_is_url(query))
		return answer_error(site, 400);
	if (!request_encode(path, url, sizeof(url)) ||
	    snprintf(where, sizeof(where), "/%s/%s", url, query ? query : "") >=
		    (int)sizeof(where))
		return answer_error(site, 414);
	return moved(where);
}

static struct answer to_https(const struct site *site,
			      const struct asked *asked, const char *target)
{
	const char *host = answer_field(asked, "Host");
	char where[2 * REQUEST_PATH + REQUEST_HOST], name[REQUEST_HOST];
	char port[16] = "", path[REQUEST_PATH];

	if (strlen(target) >= REQUEST_PATH)
		return answer_error(site, 414);
	if (request_path(target, path) == 400 || !request_is_url(target))
		return answer_error(site, 400);
	request_host_name(host ? host : site->name, name);
	if (!*name)
		return answer_error(site, 400);
	if (site->tls_port != 443)
		snprintf(port, sizeof(port), ":%u", site->tls_port);
	snprintf(where, sizeof(where), "https://%s%s%s", name, port, target);
	return moved(where);
}

/* --- what is there ---------------------------------------------------------- */

static struct answer list(const struct site *site, const char *path, int fd)
{
	struct answer failed = { .status = 503 };
	char *text = NULL;
	size_t len = 0;
	FILE *out;
	int error;

	if (!site->listing) {
		close(fd);
		return answer_error(site, 403);
	}
	out = open_memstream(&text, &len);
	if (!out) {
		close(fd);
		return failed;
	}
	error = listing_write(out, site->root, path, fd);
	if (fclose(out) == 0 && !error)
		return answer_text(200, text, len);
	free(text);
	return answer_error(site, 503);
}

static struct answer directory(const struct site *site,
			       const struct asked *asked, const char *path,
			       int fd)
{
	static const char *const names[] = { "index.html", "index.htm" };
	char index[REQUEST_PATH + 16];
	struct stat at;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		int file;

		snprintf(index, sizeof(index), "%s%s", path, names[i]);
		file = path_open(site->root, index, &at);
		if (file >= 0 && S_ISREG(at.st_mode)) {
			close(fd);
			return answer_file(site, asked, index, file, &at);
		}
		if (file >= 0)
			close(file);
		if (file == -EACCES) {
			close(fd);
			return answer_error(site, 403);
		}
	}
	return list(site, path, fd);
}

static struct answer challenge(const struct site *site, const char *token)
{
	struct answer answer;
	struct stat at;
	int fd = -ENOENT;

	if (request_is_token(token))
		fd = path_open(site->acme, token, &at);
	if (fd >= 0 && S_ISREG(at.st_mode) && at.st_size < 4096) {
		answer = (struct answer){ .status = 200,
					  .octets = (uint64_t)at.st_size };
		answer.response =
			MHD_create_response_from_fd((uint64_t)at.st_size, fd);
		if (!answer.response)
			close(fd);
		answer_add(&answer, "Content-Type", "text/plain");
		return answer;
	}
	if (fd >= 0)
		close(fd);
	return answer_error(site, 404);
}

static struct answer find(const struct site *site, const struct asked *asked,
			  const char *target)
{
	char path[REQUEST_PATH];
	int status = request_path(target, path), fd;
	size_t len = status ? 0 : strlen(path);
	bool slash = !len || path[len - 1] == '/';
	struct stat at;

	if (status)
		return answer_error(site, (unsigned)status);
	fd = path_open(site->root, path, &at);
	if (fd < 0)
		return answer_error(site, status_of(-fd));
	if (S_ISDIR(at.st_mode) && slash)
		return directory(site, asked, path, fd);
	if (!S_ISDIR(at.st_mode) && !slash)
		return answer_file(site, asked, path, fd, &at);
	close(fd);
	return slash ? answer_error(site, 404) : add_slash(site, asked, path);
}

/* --- all of it -------------------------------------------------------------- */

static bool is(const char *text, const char *other)
{
	return strcmp(text, other) == 0;
}

static struct answer not_allowed(const struct site *site)
{
	struct answer answer = answer_error(site, 405);

	answer_add(&answer, "Allow", METHODS);
	return answer;
}

static struct answer choose(const struct site *site, const struct asked *asked)
{
	unsigned status = answer_check(asked);
	char host[REQUEST_HOST];
	const char *target = asked->target;

	if (status)
		return answer_error(site, status);
	if (is(asked->method, "OPTIONS")) {
		struct answer answer = answer_empty(204);

		answer_add(&answer, "Allow", METHODS);
		return answer;
	}
	if (!is(asked->method, "GET") && !is(asked->method, "HEAD"))
		return not_allowed(site);
	if (target[0] != '/') {
		target = request_absolute(target, host);
		if (!target || !request_host_is_good(host))
			return answer_error(site, 400);
	}
	if (site->acme >= 0 && strncmp(target, ACME, strlen(ACME)) == 0)
		return challenge(site, target + strlen(ACME));
	if (site->redirect && !site->tls_port && !asked->tls)
		return answer_error(site, 503);
	if (site->redirect && !asked->tls)
		return to_https(site, asked, target);
	return find(site, asked, target);
}

bool answer_has_body(struct MHD_Connection *connection)
{
	const char *length = field(connection, "Content-Length");

	return field(connection, "Transfer-Encoding") ||
	       (length && length[strspn(length, "0")]);
}

struct answer answer_make(const struct site *site, const struct asked *asked)
{
	struct answer answer = choose(site, asked);
	char text[64];

	answer_add(&answer, "X-Content-Type-Options", "nosniff");
	answer_add(&answer, "Referrer-Policy", "same-origin");
	if (asked->tls && site->hsts_s) {
		snprintf(text, sizeof(text), "max-age=%lu", site->hsts_s);
		answer_add(&answer, "Strict-Transport-Security", text);
	}
	if (site->leaving || answer.status == 400 || answer.status == 431 ||
	    answer_has_body(asked->connection))
		answer_add(&answer, "Connection", "close");
	return answer;
}
