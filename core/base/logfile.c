/* logfile.c - the log file, and its rotation. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "logfile.h"
#include "trusted.h"
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A log is appended to, never through a symbolic link, and without waiting for
 * the reader of a pipe; what others have put there is not taken. Only a regular
 * file is ever renamed: /dev/null stays where it is. */
static bool logfile_begin(struct logfile *logfile)
{
	int fd = open(logfile->path,
		      O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW |
			      O_NONBLOCK | O_NOCTTY,
		      0640);
	struct stat info = { 0 };
	FILE *file = NULL;
	int error = errno;

	if (fd >= 0 && fstat(fd, &info) == 0 && !trusted_is_ours(&info))
		error = EPERM;
	else if (fd >= 0)
		file = fdopen(fd, "a");
	if (!file) {
		if (fd >= 0)
			close(fd);
		errno = error;
		return false;
	}
	if (logfile->file)
		fclose(logfile->file);
	logfile->file = file;
	logfile->plain = S_ISREG(info.st_mode);
	logfile->size = (long)info.st_size;
	logfile->full_at = logfile->limit;
	return true;
}

int logfile_open(struct logfile *logfile, const char *path, bool rotate,
		 bool rotate_delete, int rotate_kib, struct gw6c_err *err)
{
	static const char advice[] = "set log_filename, or log_file=0";

	logfile->path[0] = 0;
	logfile->file = NULL;
	if (strlen(path) >= sizeof(logfile->path))
		return gw6c_fail(err, GW6C_ECONFIG,
				 "the log file's name is longer than %zu "
				 "octets; %s",
				 sizeof(logfile->path) - 1, advice);
	snprintf(logfile->path, sizeof(logfile->path), "%s", path);
	logfile->rotate = rotate;
	logfile->rotate_delete = rotate_delete;
	logfile->limit = rotate_kib * 1024L;
	if (logfile_begin(logfile))
		return GW6C_OK;
	return gw6c_fail(err, GW6C_ECONFIG,
			 "cannot write the log file %.300s: %s; %s%s", path,
			 trusted_error(errno),
			 errno == EROFS ? "a service may write in /var/log/"
					  "gw6c/ (gw6c-broker/) only; "
					: "",
			 advice);
}

void logfile_close(struct logfile *logfile)
{
	if (logfile->file)
		fclose(logfile->file);
	logfile->file = NULL;
}

void logfile_reopen(struct logfile *logfile)
{
	if (logfile->file)
		logfile_begin(logfile);
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

/* True if the name of the log is free for a new file. */
static bool logfile_put_away(const struct logfile *logfile)
{
	char copy[sizeof(logfile->path) + 32];
	time_t now = time(NULL);
	struct tm local;

	if (logfile->rotate_delete)
		return unlink(logfile->path) == 0 || errno == ENOENT;
	localtime_r(&now, &local);
	logfile_copy_name(logfile->path, &local, copy, sizeof(copy));
	if (access(copy, F_OK) == 0)
		return false; /* a copy of this very second is not replaced */
	return rename(logfile->path, copy) == 0 || errno == ENOENT;
}

bool logfile_full(const struct logfile *logfile, size_t len)
{
	return logfile->file && logfile->plain && logfile->rotate &&
	       logfile->size > 0 &&
	       logfile->size + (long)len >= logfile->full_at;
}

void logfile_rotate(struct logfile *logfile, const char *last)
{
	bool away = logfile_put_away(logfile);

	if (away)
		logfile_line(logfile, last);
	if (!away || !logfile_begin(logfile))
		logfile->full_at = logfile->size + logfile->limit;
}

bool logfile_line(struct logfile *logfile, const char *line)
{
	if (!logfile->file && !logfile_begin(logfile))
		return false;
	/* Nothing stays in a buffer when the disk is full. */
	if (dprintf(fileno(logfile->file), "%s\n", line) < 0)
		return errno == EAGAIN && !logfile->plain;
	logfile->size += (long)strlen(line) + 1;
	return true;
}
