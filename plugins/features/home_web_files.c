/* home_web_files.c - what the worker is given to read: it opens nothing but
 * what is below the root. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "home_web.h"
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>
#ifdef O_PATH
#define LOOK O_PATH
#else
#define LOOK O_RDONLY
#endif

const char *web_root(const struct gw6c_host *host, char *room, size_t len)
{
	snprintf(room, len, "%s", host->str(host, "root"));
	for (char *at = room; *at; at++)
		if (*at == '\\')
			*at = '/';
	return room;
}

/* 0, or below 0 with err; without a path *out stays. */
static int open_one(const char *path, int flags, const char *what, int *out,
		    struct gw6c_err *err)
{
	if (!*path)
		return GW6C_OK;
	*out = open(path, flags | O_CLOEXEC | O_NONBLOCK, 0640);
	if (*out >= 0)
		return GW6C_OK;
	return gw6c_fail(err, GW6C_EOS, "cannot open %s %s: %s", what, path,
			 strerror(errno));
}

/* The pages are worth more than a log of who has read them. */
static void open_log(const struct gw6c_host *host, struct web_files *files)
{
	struct gw6c_err err = { 0 };
	struct stat at;

	open_one(host->str(host, "access_log"),
		 O_WRONLY | O_APPEND | O_CREAT | O_NOCTTY, "access_log",
		 &files->log, &err);
	snprintf(files->log_error, sizeof(files->log_error), "%.*s",
		 WEB_TEXT - 1, err.text);
	if (files->log >= 0 && fstat(files->log, &at) == 0) {
		files->log_dev = at.st_dev;
		files->log_ino = at.st_ino;
	}
}

static void close_one(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

int web_files_open(const struct gw6c_host *host, struct web_files *out,
		   struct gw6c_err *err)
{
	char root[1024];

	*out = WEB_NO_FILES;
	if (!*web_root(host, root, sizeof(root)))
		gw6c_fail(err, GW6C_ECONFIG,
			  "no directory is named; set "
			  "hap6_document_root");
	else if (open_one(root, LOOK | O_DIRECTORY, "root", &out->root, err) ==
			 GW6C_OK &&
		 open_one(host->str(host, "acme_dir"), LOOK | O_DIRECTORY,
			  "acme_dir", &out->acme, err) == GW6C_OK) {
		open_log(host, out);
		return GW6C_OK;
	}
	web_files_close(out);
	return err->rc;
}

void web_files_close(struct web_files *files)
{
	close_one(&files->root);
	close_one(&files->acme);
	close_one(&files->log);
	files->log_error[0] = 0;
}

/* A log grows: only another file counts. */
bool web_files_new_log(const struct gw6c_host *host, struct web_files *files)
{
	const char *path = host->str(host, "access_log");
	struct stat at;

	if (!*path ||
	    (files->log >= 0 && stat(path, &at) == 0 &&
	     at.st_ino == files->log_ino && at.st_dev == files->log_dev))
		return false;
	close_one(&files->log);
	open_log(host, files);
	return files->log >= 0;
}
