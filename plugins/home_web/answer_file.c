/* answer_file.c - a file, or what of it is asked for. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "answer_parts.h"
#include "config.h"
#include "http_date.h"
#include "path.h"
#include "request.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define BLOCK 65536
#define SMALL 16384 /* octets that are sent with the head, from memory */

static void name_version(struct file *file)
{
	const struct stat *at = &file->at;
#ifdef HAVE_STRUCT_STAT_ST_MTIM
	long fraction = at->st_mtim.tv_nsec;
#else
	long fraction = 0;
#endif

	snprintf(file->etag, sizeof(file->etag), "\"%llx-%llx-%llx\"",
		 (unsigned long long)at->st_ino,
		 (unsigned long long)at->st_size,
		 (unsigned long long)at->st_mtime * 1000000000ull +
			 (unsigned long long)fraction);
}

/* --- packed forms --------------------------------------------------------- */

static const struct encoding *all_encodings(size_t i)
{
	static const struct encoding *list[ENCODINGS + 1];

	if (!list[0])
		encodings_choose("*", list);
	return list[i];
}

/* One that is older than the file may be of another one. */
static bool packed_is_there(const struct site *site, const char *path,
			    const struct encoding *encoding,
			    const struct file *file, char packed[REQUEST_PATH])
{
	struct stat at;

	return snprintf(packed, REQUEST_PATH, "%s%s", path, encoding->suffix) <
		       REQUEST_PATH &&
	       path_look(site->root, packed, &at) && !S_ISDIR(at.st_mode) &&
	       at.st_mtime >= file->at.st_mtime;
}

static void choose_packed(const struct site *site, const struct asked *asked,
			  const char *path, struct file *file)
{
	const char *taken = answer_field(asked, "Accept-Encoding");
	const struct encoding *wanted[ENCODINGS + 1];
	char packed[REQUEST_PATH];
	struct stat at;

	for (size_t i = 0; all_encodings(i) && !file->varies; i++)
		file->varies = packed_is_there(site, path, all_encodings(i),
					       file, packed);
	if (!file->varies || !taken)
		return;
	encodings_choose(taken, wanted);
	for (size_t i = 0; wanted[i]; i++) {
		int fd;

		if (!packed_is_there(site, path, wanted[i], file, packed))
			continue;
		fd = path_open(site->root, packed, &at);
		if (fd < 0)
			continue;
		close(file->fd);
		file->fd = fd;
		file->at = at;
		file->encoding = wanted[i];
		return;
	}
}

/* --- its octets ------------------------------------------------------------ */

/* Of which the library would read 4 KiB at a time. */
struct body {
	int fd;
	uint64_t first;
};

static ssize_t body_read(void *arg, uint64_t pos, char *room, size_t max)
{
	const struct body *body = arg;
	ssize_t got = pread(body->fd, room, max, (off_t)(body->first + pos));

	return got > 0 ? got : MHD_CONTENT_READER_END_WITH_ERROR;
}

static void body_free(void *arg)
{
	struct body *body = arg;

	close(body->fd);
	free(body);
}

static struct MHD_Response *by_reading(int fd, uint64_t first, uint64_t len)
{
	struct body *body = malloc(sizeof(*body));
	struct MHD_Response *response = NULL;

	if (body) {
		*body = (struct body){ fd, first };
		response =
			MHD_create_response_from_callback(len, BLOCK, body_read,
							  body, body_free);
	}
	if (!response)
		free(body);
	return response;
}

/* From first on; the descriptor is closed, now or later. */
static struct answer octets(const struct file *file, unsigned status,
			    uint64_t first, uint64_t len)
{
	struct answer answer = { .status = status, .octets = len };
	char *small = len <= SMALL ? malloc((size_t)len + 1) : NULL;

	if (!small) {
		answer.response =
			file->tls ? by_reading(file->fd, first, len)
				  : MHD_create_response_from_fd_at_offset64(
					    len, file->fd, first);
		if (!answer.response)
			close(file->fd);
		return answer;
	}
	if (pread(file->fd, small, (size_t)len, (off_t)first) == (ssize_t)len)
		answer.response =
			MHD_create_response_from_buffer((size_t)len, small,
							MHD_RESPMEM_MUST_FREE);
	if (!answer.response)
		free(small);
	close(file->fd);
	return answer;
}

static struct answer one_range(const struct file *file,
			       const struct range *range)
{
	struct answer answer =
		octets(file, 206, range->first, range->last - range->first + 1);
	char text[96];

	snprintf(text, sizeof(text), "bytes %llu-%llu/%lld",
		 (unsigned long long)range->first,
		 (unsigned long long)range->last, (long long)file->at.st_size);
	answer_add(&answer, "Content-Range", text);
	return answer;
}

static struct answer outside(const struct site *site, const struct file *file)
{
	struct answer answer = answer_error(site, 416);
	char text[64];

	close(file->fd);
	snprintf(text, sizeof(text), "bytes */%lld",
		 (long long)file->at.st_size);
	answer_add(&answer, "Content-Range", text);
	return answer;
}

static void describe(struct answer *answer, const struct file *file)
{
	time_t now = time(NULL), changed = file->at.st_mtime;
	char date[HTTP_DATE];

	/* Not later than Date: RFC 9110 section 8.8.2.1. */
	if (changed > now)
		changed = now;
	answer_add(answer, "ETag", file->etag);
	answer_add(answer, "Last-Modified", http_date(changed, date));
	if (file->varies)
		answer_add(answer, "Vary", "Accept-Encoding");
}

static ssize_t nothing(void *arg, uint64_t pos, char *room, size_t max)
{
	(void)arg;
	(void)pos;
	(void)room;
	(void)max;
	return MHD_CONTENT_READER_END_WITH_ERROR;
}

/* A length that is told is that of the file, of which nothing is sent. RFC 9110
 * section 8.6. */
static struct answer unchanged(const struct file *file)
{
	struct answer answer = { .status = 304 };

	answer.response =
		MHD_create_response_from_callback((uint64_t)file->at.st_size, 1,
						  nothing, NULL, NULL);
	describe(&answer, file);
	return answer;
}

static struct answer content(const struct site *site, const struct asked *asked,
			     const struct conditions *conditions,
			     const struct file *file)
{
	uint64_t size = (uint64_t)file->at.st_size;
	struct range ranges[RANGES_MAX];
	enum ranges result = RANGES_NONE;
	struct answer answer;
	size_t n = 0;

	if (strcmp(asked->method, "GET") == 0 &&
	    conditions_want_range(conditions, file->etag, file->at.st_mtime,
				  time(NULL)))
		result = ranges_parse(answer_field(asked, "Range"), size,
				      ranges, &n);
	if (result == RANGES_OUTSIDE)
		return outside(site, file);
	if (result == RANGES_SOME && n > 1)
		answer = answer_ranges(file, ranges, n);
	else if (result == RANGES_SOME)
		answer = one_range(file, ranges);
	else
		answer = octets(file, 200, 0, size);
	if (n < 2)
		answer_add(&answer, "Content-Type", file->type);
	if (file->encoding)
		answer_add(&answer, "Content-Encoding", file->encoding->name);
	answer_add(&answer, "Accept-Ranges", "bytes");
	describe(&answer, file);
	return answer;
}

struct answer answer_file(const struct site *site, const struct asked *asked,
			  const char *path, int fd, const struct stat *at)
{
	const struct conditions conditions = {
		.if_match = answer_field(asked, "If-Match"),
		.if_unmodified_since =
			answer_field(asked, "If-Unmodified-Since"),
		.if_none_match = answer_field(asked, "If-None-Match"),
		.if_modified_since = answer_field(asked, "If-Modified-Since"),
		.if_range = answer_field(asked, "If-Range"),
	};
	struct file file = { .fd = fd, .at = *at, .tls = asked->tls };
	int status;

	types_of(site->types, path, site->charset, file.type,
		 sizeof(file.type));
	choose_packed(site, asked, path, &file);
	name_version(&file);
	status = conditions_check(&conditions, file.etag, file.at.st_mtime);
	if (!status)
		return content(site, asked, &conditions, &file);
	close(file.fd);
	return status == 304 ? unchanged(&file) : answer_error(site, 412);
}
