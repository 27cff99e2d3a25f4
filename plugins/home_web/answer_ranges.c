/* answer_ranges.c - several parts of a file in one answer. RFC 9110 section
 * 14.6. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "answer_parts.h"
#include <gnutls/crypto.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define BLOCK 65536
#define RANDOM 16 /* octets of a boundary, which no author can know */
#define BOUNDARY (2 * RANDOM + 1)

struct part {
	char head[256];
	size_t head_len;
	struct range range;
};

struct parts {
	int fd;
	size_t n;
	struct part part[RANGES_MAX + 1]; /* the last has only a head */
};

static uint64_t part_len(const struct parts *parts, size_t i)
{
	const struct range *range = &parts->part[i].range;
	uint64_t body = i < parts->n ? range->last - range->first + 1 : 0;

	return parts->part[i].head_len + body;
}

/* Octets of one part from pos on, as many as come at once. */
static ssize_t part_read(const struct parts *parts, size_t i, uint64_t pos,
			 char *room, size_t max)
{
	const struct part *part = &parts->part[i];
	uint64_t left = part_len(parts, i) - pos;

	if (max > left)
		max = (size_t)left;
	if (pos >= part->head_len)
		return pread(parts->fd, room, max,
			     (off_t)(part->range.first + pos - part->head_len));
	if (max > part->head_len - pos)
		max = part->head_len - (size_t)pos;
	memcpy(room, part->head + pos, max);
	return (ssize_t)max;
}

static ssize_t parts_read(void *arg, uint64_t pos, char *room, size_t max)
{
	const struct parts *parts = arg;
	size_t i = 0;
	ssize_t got;

	while (i <= parts->n && pos >= part_len(parts, i))
		pos -= part_len(parts, i++);
	if (i > parts->n)
		return MHD_CONTENT_READER_END_OF_STREAM;
	got = part_read(parts, i, pos, room, max);
	return got > 0 ? got : MHD_CONTENT_READER_END_WITH_ERROR;
}

static void parts_free(void *arg)
{
	struct parts *parts = arg;

	close(parts->fd);
	free(parts);
}

static bool draw_boundary(char boundary[BOUNDARY])
{
	unsigned char octets[RANDOM];

	if (gnutls_rnd(GNUTLS_RND_NONCE, octets, sizeof(octets)) < 0)
		return false;
	for (size_t i = 0; i < sizeof(octets); i++)
		snprintf(boundary + 2 * i, 3, "%02x", octets[i]);
	return true;
}

static void part_head(struct part *part, const struct file *file,
		      const char *boundary)
{
	part->head_len =
		(size_t)snprintf(part->head, sizeof(part->head),
				 "\r\n--%s\r\nContent-Type: %s\r\n"
				 "Content-Range: bytes %llu-%llu/%lld\r\n\r\n",
				 boundary, file->type,
				 (unsigned long long)part->range.first,
				 (unsigned long long)part->range.last,
				 (long long)file->at.st_size);
}

struct answer answer_ranges(const struct file *file, const struct range *ranges,
			    size_t n)
{
	struct answer answer = { .status = 206 };
	struct parts *parts = calloc(1, sizeof(*parts));
	char boundary[BOUNDARY], type[64];

	if (!parts || !draw_boundary(boundary)) {
		free(parts);
		close(file->fd);
		return answer;
	}
	parts->fd = file->fd;
	parts->n = n;
	for (size_t i = 0; i < n; i++) {
		parts->part[i].range = ranges[i];
		part_head(&parts->part[i], file, boundary);
	}
	parts->part[n].head_len = (size_t)snprintf(parts->part[n].head,
						   sizeof(parts->part[n].head),
						   "\r\n--%s--\r\n", boundary);
	for (size_t i = 0; i <= n; i++)
		answer.octets += part_len(parts, i);
	answer.response = MHD_create_response_from_callback(answer.octets,
							    BLOCK, parts_read,
							    parts, parts_free);
	if (!answer.response)
		parts_free(parts);
	snprintf(type, sizeof(type), "multipart/byteranges; boundary=%s",
		 boundary);
	answer_add(&answer, "Content-Type", type);
	return answer;
}
