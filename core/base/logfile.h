/* logfile.h - the log file, and its rotation. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_CORE_BASE_LOGFILE_H
#define GW6C_CORE_BASE_LOGFILE_H

#include <gw6c/err.h>
#include <stdbool.h>
#include <stdio.h>
#include <time.h>

struct logfile {
	char path[1024];
	FILE *file; /* NULL: closed */
	bool plain; /* no device, no pipe: may be rotated */
	long size; /* octets */
	bool rotate, rotate_delete;
	long limit; /* octets a file may have */
	long full_at; /* octets: limit, more after a failed rotation */
};

int logfile_open(struct logfile *logfile, const char *path, bool rotate,
		 bool rotate_delete, int rotate_kib, struct gw6c_err *err);
void logfile_close(struct logfile *logfile);
/* Under the same name again; keeps the old file if that fails. */
void logfile_reopen(struct logfile *logfile);

/* One line, without newline. A file that could not be opened is tried again.
 * False: it is not in the file; errno. What a slow reader of a pipe misses is
 * no failure. */
bool logfile_line(struct logfile *logfile, const char *line);

/* Is it time to rotate before a line of len octets? */
bool logfile_full(const struct logfile *logfile, size_t len);

/* The file gets its dated name and a last line; a new one is begun. If that
 * fails, the log goes on in the old one, and is full again limit later. */
void logfile_rotate(struct logfile *logfile, const char *last);

/* "gw6c.log" -> "gw6c.20240131235959.log": the stamp stands before the last
 * dot of the file's name, or behind a dot at its end. */
void logfile_copy_name(const char *path, const struct tm *when, char *room,
		       size_t len);

#endif
