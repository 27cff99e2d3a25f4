/* home_web_cert.c - certificate and key as texts: the files may be overwritten
 * by what cannot be used, and what is in use must outlive that, and the worker
 * as well. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "config.h"
#include "home_web.h"
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

static void drop(struct web_pair *pair)
{
	if (pair->text)
		explicit_bzero(pair->text, pair->len);
	free(pair->text);
	*pair = (struct web_pair){ NULL, 0 };
}

static void stamp(const struct stat *at, struct web_stamp *out)
{
	*out = (struct web_stamp){ .dev = at->st_dev,
				   .ino = at->st_ino,
				   .changed = at->st_ctime,
				   .size = at->st_size };
#ifdef HAVE_STRUCT_STAT_ST_MTIM
	out->changed_ns = at->st_ctim.tv_nsec;
#endif
}

static size_t read_all(int fd, char *room, size_t max)
{
	size_t len = 0;
	ssize_t got;

	while (len < max && (got = read(fd, room + len, max - len)) > 0)
		len += (size_t)got;
	return len;
}

/* Its octets behind those of the pair, with a NUL at the end. */
static int read_one(const char *what, const char *path, struct web_pair *pair,
		    struct web_stamp *known, struct gw6c_err *err)
{
	int fd = open(path, O_RDONLY | O_NOCTTY | O_CLOEXEC | O_NONBLOCK);
	char *text = pair->text + pair->len;
	struct stat at = { .st_mode = 0 };
	size_t len;

	if (fd < 0)
		return gw6c_fail(err, GW6C_EOS, "cannot open %s %s: %s", what,
				 path, strerror(errno));
	/* Of before it is read: what is written meanwhile is new. */
	if (fstat(fd, &at) == 0)
		stamp(&at, known);
	len = S_ISREG(at.st_mode) ? read_all(fd, text, WEB_PEM_MAX + 1) : 0;
	close(fd);
	pair->len += len + 1;
	if (!S_ISREG(at.st_mode))
		return gw6c_fail(err, GW6C_EOS, "%s %s is not a file", what,
				 path);
	if (!len)
		return gw6c_fail(err, GW6C_EOS, "%s %s is empty", what, path);
	if (len > WEB_PEM_MAX)
		return gw6c_fail(err, GW6C_EOS, "%s %s has more than %d octets",
				 what, path, WEB_PEM_MAX);
	if (memchr(text, 0, len))
		return gw6c_fail(err, GW6C_EOS, "%s %s is not text (PEM)", what,
				 path);
	text[len] = 0;
	return GW6C_OK;
}

bool web_cert_read(const struct gw6c_host *host, struct web_cert *cert)
{
	struct gw6c_err err = { 0 };

	drop(&cert->asked);
	cert->error[0] = 0;
	cert->of_key = false;
	if (!*host->str(host, "certificate")) {
		drop(&cert->good);
		return false;
	}
	cert->asked.text = malloc(2 * (WEB_PEM_MAX + 1));
	if (!cert->asked.text)
		gw6c_fail(&err, GW6C_EOS, "out of memory");
	else if (read_one("certificate", host->str(host, "certificate"),
			  &cert->asked, &cert->cert_stamp, &err) == GW6C_OK)
		cert->of_key =
			read_one("key", host->str(host, "key"), &cert->asked,
				 &cert->key_stamp, &err) != GW6C_OK;
	if (!err.rc)
		return true;
	drop(&cert->asked);
	snprintf(cert->error, sizeof(cert->error), "%.*s", WEB_TEXT - 1,
		 err.text);
	return false;
}

/* What is not there yet is waited for. */
static bool is_new(const char *path, const struct web_stamp *known)
{
	struct web_stamp now;
	struct stat at;

	if (stat(path, &at) < 0)
		return false;
	stamp(&at, &now);
	return now.dev != known->dev || now.ino != known->ino ||
	       now.changed != known->changed ||
	       now.changed_ns != known->changed_ns || now.size != known->size;
}

bool web_cert_is_new(const struct gw6c_host *host, const struct web_cert *cert)
{
	const char *path = host->str(host, "certificate");

	return *path && (is_new(path, &cert->cert_stamp) ||
			 is_new(host->str(host, "key"), &cert->key_stamp));
}

void web_cert_works(struct web_cert *cert)
{
	if (!cert->asked.text)
		return;
	drop(&cert->good);
	cert->good = cert->asked;
	cert->asked = (struct web_pair){ NULL, 0 };
}

void web_cert_close(struct web_cert *cert)
{
	drop(&cert->good);
	drop(&cert->asked);
}
