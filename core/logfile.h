/* logfile.h - the log file, and its rotation. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_CORE_LOGFILE_H
#define GW6C_CORE_LOGFILE_H

#include <gw6c/err.h>
#include <stdbool.h>
#include <stdio.h>
#include <time.h>

struct logfile {
	char path[1024];
	FILE *file; /* NULL: closed */
	long size; /* octets */
	bool rotate, rotate_delete;
	long limit; /* octets */
};

int logfile_open(struct logfile *logfile, const char *path, bool rotate,
		 bool rotate_delete, int rotate_kib, struct gw6c_err *err);
void logfile_close(struct logfile *logfile);
/* Under the same name again; keeps the old file if that fails. */
void logfile_reopen(struct logfile *logfile);

/* One line, without newline; rotates before it if it would not fit. */
void logfile_line(struct logfile *logfile, const char *line);

/* "gw6c.log" -> "gw6c.20240131235959.log": the stamp stands before the last
 * dot of the file's name, or behind a dot at its end. */
void logfile_copy_name(const char *path, const struct tm *when, char *room,
		       size_t len);

#endif
