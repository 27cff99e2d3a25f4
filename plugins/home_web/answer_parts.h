/* answer_parts.h - pieces of an answer, shared by answer*.c only. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_HOME_WEB_ANSWER_PARTS_H
#define GW6C_HOME_WEB_ANSWER_PARTS_H

#include "answer.h"
#include "conditions.h"
#include "encodings.h"
#include "ranges.h"
#include <sys/stat.h>
#include <time.h>

/* A file about to be sent. */
struct file {
	int fd;
	struct stat at;
	char type[128];
	char etag[64]; /* with its quotes */
	const struct encoding *encoding; /* NULL: as it is */
	bool varies; /* packed forms are there */
	bool tls; /* the kernel cannot send it by itself */
};

const char *answer_field(const struct asked *asked, const char *name);
void answer_add(struct answer *answer, const char *name, const char *value);
struct answer answer_empty(unsigned status);
/* A page of our own; text is from malloc(), and ours to free. */
struct answer answer_text(unsigned status, char *text, size_t len);
/* The page of the site for that status, or else one of ours. */
struct answer answer_error(const struct site *site, unsigned status);

/* answer_file.c: all that is in the file, or what of it is asked for. */
struct answer answer_file(const struct site *site, const struct asked *asked,
			  const char *path, int fd, const struct stat *at);
/* answer_ranges.c: several parts of it. */
struct answer answer_ranges(const struct file *file, const struct range *ranges,
			    size_t n);
/* answer_check.c: 0, or the status that refuses what stands in the head. */
unsigned answer_check(const struct asked *asked);

#endif
