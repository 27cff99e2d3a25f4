/* settings_secret.c - the password, when it is not in gw6c.conf itself:
 * passwd_file, or the credential "passwd" of a service manager. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "settings_parts.h"
#include "settings_store.h"
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SECRET_MAX 128 /* octets of a password */
#define SECRET_ROOM (SECRET_MAX + 8) /* with a mark, CR LF and a NUL */

/* What the file holds, at most len octets. -1: errno. Links are followed:
 * that is how service managers and packages hand out secrets. */
static ssize_t secret_load(const char *path, char *room, size_t len,
			   mode_t *mode)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct stat stat;
	ssize_t got = -1;
	int saved;

	if (fd < 0)
		return -1;
	errno = EINVAL;
	if (fstat(fd, &stat) == 0 && S_ISREG(stat.st_mode)) {
		*mode = stat.st_mode;
		got = read(fd, room, len);
	}
	saved = errno;
	close(fd);
	errno = saved;
	return got;
}

static int secret_fail(const struct setting *at, const char *path,
		       const char *why, struct gw6c_err *err)
{
	if (at)
		return conf_fail(at, err, "%s: %s", path, why);
	return gw6c_fail(err, GW6C_ECONFIG, "%s: %s", path, why);
}

/* The first line of room; what editors leave around a password is taken off,
 * or told where it may be meant. */
static void secret_trim(struct reader *reader, const char *path, char *room)
{
	static const char mark[] = "\xef\xbb\xbf";
	size_t len = strcspn(room, "\n");

	while (len && room[len - 1] == '\r')
		len--;
	room[len] = 0;
	if (strncmp(room, mark, strlen(mark)) == 0) {
		memmove(room, room + strlen(mark), len + 1 - strlen(mark));
		len -= strlen(mark);
		conf_warn(reader->conf, NULL,
			  "%s: the byte order mark before the password is "
			  "removed; save the file as UTF-8 without one",
			  path);
	}
	if (len && strchr(" \t", room[len - 1]))
		conf_warn(reader->conf, NULL,
			  "%s: the password ends in a blank; remove it if "
			  "that is not intended",
			  path);
}

/* Its first line. at: the setting that names it, or NULL. */
static int secret_line(struct reader *reader, const struct setting *at,
		       const char *path, char *room, struct gw6c_err *err)
{
	mode_t mode = 0;
	ssize_t len;
	int rc = conf_trusted(at, path, err);

	if (rc)
		return rc;
	len = secret_load(path, room, SECRET_ROOM - 1, &mode);
	if (len < 0)
		return secret_fail(at, path, strerror(errno), err);
	room[len] = 0;
	secret_trim(reader, path, room);
	if (!*room)
		return secret_fail(at, path, "no password on its first line",
				   err);
	if (strlen(room) > SECRET_MAX)
		return secret_fail(at, path,
				   "the password is longer than 128 "
				   "characters",
				   err);
	for (const char *c = room; *c; c++)
		if (*c < 0x20 || *c > 0x7e)
			return secret_fail(at, path,
					   "the password contains a "
					   "character that is not printable "
					   "ASCII",
					   err);
	if (at && mode & S_IROTH)
		conf_warn(reader->conf, at,
			  "%s is world-readable; chmod o-rwx it", path);
	return GW6C_OK;
}

/* "DIRECTORY/passwd" of the service manager in room, or false. */
static bool credential_path(char *room, size_t len)
{
	const char *dir = getenv("CREDENTIALS_DIRECTORY");

	if (!dir || !*dir)
		return false;
	snprintf(room, len, "%s/passwd", dir);
	return access(room, F_OK) == 0;
}

void settings_secret(struct reader *reader)
{
	const struct setting *at = settings_find(reader->conf, "passwd_file");
	struct settings *settings = reader->settings;
	char path[PATH_MAX], room[SECRET_ROOM];
	struct gw6c_err err = { 0 };

	if (at && *settings->passwd)
		conf_fail(at, &err, "passwd is also set; remove one of them");
	else if (at)
		secret_line(reader, at,
			    settings_path(settings, settings->passwd_file, path,
					  sizeof(path)),
			    room, &err);
	else if (!*settings->passwd && credential_path(path, sizeof(path)))
		secret_line(reader, NULL, path, room, &err);
	else
		return;
	if (err.rc) {
		settings_error(reader, &err);
	} else {
		settings->passwd = settings_keep(settings, room, strlen(room));
		if (!settings->passwd)
			settings->passwd = "";
	}
	explicit_bzero(room, sizeof(room));
}
