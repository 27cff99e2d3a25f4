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

static struct web_stamp stamp_of(const struct stat *at)
{
	return (struct web_stamp){ at->st_dev, at->st_ino, at->st_mtime,
				   at->st_size };
}

static struct web_stamp stamp_fd(int fd)
{
	struct stat at;

	return fd >= 0 && fstat(fd, &at) == 0 ? stamp_of(&at)
					      : (struct web_stamp){ 0 };
}

/* Is something else there now? What is not there yet is waited for. */
static bool is_new(const char *path, const struct web_stamp *known)
{
	struct stat at;

	return stat(path, &at) == 0 &&
	       (at.st_dev != known->dev || at.st_ino != known->ino ||
		at.st_mtime != known->changed || at.st_size != known->size);
}

static int open_log(const struct gw6c_host *host, struct web_files *files,
		    struct gw6c_err *err)
{
	if (open_one(host->str(host, "access_log"),
		     O_WRONLY | O_APPEND | O_CREAT | O_NOCTTY, "access_log",
		     &files->log, err))
		return err->rc;
	files->log_stamp = stamp_fd(files->log);
	return GW6C_OK;
}

static void close_one(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

/* Both or none. */
static bool open_cert(const struct gw6c_host *host, struct web_files *files)
{
	struct gw6c_err err = { 0 };
	int cert = -1, key = -1;

	if (open_one(host->str(host, "certificate"), O_RDONLY | O_NOCTTY,
		     "certificate", &cert, &err) ||
	    open_one(host->str(host, "key"), O_RDONLY | O_NOCTTY, "key", &key,
		     &err)) {
		snprintf(files->cert_error, sizeof(files->cert_error), "%.*s",
			 WEB_TEXT - 1, err.text);
		close_one(&cert);
		return false;
	}
	close_one(&files->cert);
	close_one(&files->key);
	files->cert = cert;
	files->key = key;
	files->cert_stamp = stamp_fd(cert);
	files->key_stamp = stamp_fd(key);
	files->cert_error[0] = 0;
	return true;
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
			  "acme_dir", &out->acme, err) == GW6C_OK &&
		 open_log(host, out, err) == GW6C_OK) {
		open_cert(host, out);
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
	close_one(&files->cert);
	close_one(&files->key);
	files->cert_error[0] = 0;
}

/* A log grows: only another file counts. */
bool web_files_new_log(const struct gw6c_host *host, struct web_files *files)
{
	const char *path = host->str(host, "access_log");
	struct gw6c_err err = { 0 };
	struct stat at;

	if (!*path ||
	    (stat(path, &at) == 0 && at.st_ino == files->log_stamp.ino &&
	     at.st_dev == files->log_stamp.dev))
		return false;
	close_one(&files->log);
	return open_log(host, files, &err) == GW6C_OK;
}

bool web_files_new_cert(const struct gw6c_host *host, struct web_files *files)
{
	const char *cert = host->str(host, "certificate");

	if (!*cert || (!is_new(cert, &files->cert_stamp) &&
		       !is_new(host->str(host, "key"), &files->key_stamp)))
		return false;
	return open_cert(host, files);
}
