/* logfile.c - the log file, and its rotation. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "logfile.h"
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A log is appended to, never through a link somebody else has laid. */
static FILE *logfile_stream(const char *path, long *size)
{
	int fd = open(path,
		      O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW,
		      0640);
	struct stat info;
	FILE *file;

	if (fd < 0)
		return NULL;
	*size = fstat(fd, &info) == 0 ? (long)info.st_size : 0;
	file = fdopen(fd, "a");
	if (!file)
		close(fd);
	return file;
}

int logfile_open(struct logfile *logfile, const char *path, bool rotate,
		 bool rotate_delete, int rotate_kib, struct gw6c_err *err)
{
	snprintf(logfile->path, sizeof(logfile->path), "%s", path);
	logfile->rotate = rotate;
	logfile->rotate_delete = rotate_delete;
	logfile->limit = rotate_kib * 1024L;
	logfile->file = logfile_stream(path, &logfile->size);
	if (logfile->file)
		return GW6C_OK;
	return gw6c_fail(err, GW6C_ECONFIG,
			 "cannot write the log file %s: %s; set log_filename, "
			 "or log_file=0",
			 path, strerror(errno));
}

void logfile_close(struct logfile *logfile)
{
	if (logfile->file)
		fclose(logfile->file);
	logfile->file = NULL;
}

void logfile_reopen(struct logfile *logfile)
{
	long size;
	FILE *fresh;

	if (!logfile->file)
		return;
	fresh = logfile_stream(logfile->path, &size);
	if (!fresh)
		return;
	fclose(logfile->file);
	logfile->file = fresh;
	logfile->size = size;
}

void logfile_copy_name(const char *path, const struct tm *when, char *room,
		       size_t len)
{
	const char *slash = strrchr(path, '/');
	const char *name = slash ? slash + 1 : path;
	const char *dot = strrchr(name, '.');
	size_t stem = dot ? (size_t)(dot - path) : strlen(path);
	char stamp[32];

	strftime(stamp, sizeof(stamp), "%Y%m%d%H%M%S", when);
	snprintf(room, len, "%.*s.%s%s", (int)stem, path, stamp,
		 dot ? dot : "");
}

/* If a copy of that very second exists, or the rename fails, the log goes on
 * in the same file: nothing is lost. */
static void logfile_rotate(struct logfile *logfile)
{
	char copy[sizeof(logfile->path) + 32];
	time_t now = time(NULL);
	struct tm local;
	int done;

	localtime_r(&now, &local);
	logfile_copy_name(logfile->path, &local, copy, sizeof(copy));
	if (logfile->rotate_delete)
		done = unlink(logfile->path);
	else if (access(copy, F_OK) == 0)
		return;
	else
		done = rename(logfile->path, copy);
	if (done == 0)
		logfile_reopen(logfile);
}

void logfile_line(struct logfile *logfile, const char *line)
{
	long len = (long)strlen(line) + 1;

	if (!logfile->file)
		return;
	if (logfile->rotate && logfile->size &&
	    logfile->size + len >= logfile->limit)
		logfile_rotate(logfile);
	if (fprintf(logfile->file, "%s\n", line) > 0)
		logfile->size += len;
	fflush(logfile->file);
}
