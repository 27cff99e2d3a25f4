/* home_access_lists.c - reads the list of devices and that of users, and sees
 * when they change. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "home_access.h"
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#define FILE_MAX (1 << 20) /* octets */

/* One more octet than what is taken tells that there is more. */
static bool read_fd(int fd, char *text, size_t *len)
{
	ssize_t got;

	*len = 0;
	while ((got = read(fd, text + *len, FILE_MAX + 1 - *len)) > 0)
		*len += (size_t)got;
	if (got == 0 && *len > FILE_MAX)
		errno = EFBIG;
	return got == 0 && *len <= FILE_MAX;
}

bool access_file_read(const char *path, char **text, size_t *len)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	int error;
	bool ok;

	*text = fd < 0 ? NULL : malloc(FILE_MAX + 1);
	ok = *text && read_fd(fd, *text, len);
	if (ok)
		(*text)[*len] = 0;
	error = errno;
	if (fd >= 0)
		close(fd);
	if (!ok) {
		free(*text);
		*text = NULL;
		*len = 0;
	}
	errno = error;
	return ok;
}

static struct access_stamp stamp_of(const char *path)
{
	struct access_stamp stamp = { 0 };
	struct stat at;

	if (!*path || stat(path, &at) < 0)
		return stamp;
	stamp.ino = at.st_ino;
	stamp.size = at.st_size;
	stamp.changed = at.st_mtim;
	return stamp;
}

static bool is_new(const char *path, const struct access_stamp *known)
{
	struct access_stamp stamp = stamp_of(path);

	return stamp.ino != known->ino || stamp.size != known->size ||
	       stamp.changed.tv_sec != known->changed.tv_sec ||
	       stamp.changed.tv_nsec != known->changed.tv_nsec;
}

static void cannot_read(const char *path, access_mistake call, void *arg)
{
	char text[ACCESS_TEXT];

	snprintf(text, sizeof(text), "cannot read %s: %s", path,
		 strerror(errno));
	call(arg, text);
}

static void read_devices(const struct gw6c_host *host,
			 struct access_lists *lists, access_mistake call,
			 void *arg)
{
	const char *path = host->str(host, "devices_file");
	char *text;
	size_t len;

	access_list_read(&lists->list, "feature.home-access.devices",
			 gw6c_text(host->str(host, "devices")), ';', call, arg);
	if (!*path)
		return;
	lists->devices_stamp = stamp_of(path);
	if (access_file_read(path, &text, &len))
		access_list_read(&lists->list, path,
				 (struct gw6c_bytes){ (const uint8_t *)text,
						      len },
				 '\n', call, arg);
	else if (errno != ENOENT)
		cannot_read(path, call, arg);
	free(text);
}

static void read_users(const struct gw6c_host *host, struct access_lists *lists,
		       access_mistake call, void *arg)
{
	const char *path = host->str(host, "users_file");
	char *text;
	size_t len;

	if (!*path)
		return;
	lists->users_stamp = stamp_of(path);
	if (access_file_read(path, &text, &len))
		access_users_read(&lists->users, path,
				  (struct gw6c_bytes){ (const uint8_t *)text,
						       len },
				  call, arg);
	else
		cannot_read(path, call, arg);
	free(text);
}

void access_lists_look(const struct gw6c_host *host, struct access_lists *lists,
		       access_mistake call, void *arg)
{
	access_list_free(&lists->list);
	memset(lists, 0, sizeof(*lists));
	lists->cert_stamp = stamp_of(host->str(host, "certificate"));
	lists->key_stamp = stamp_of(host->str(host, "key"));
	read_users(host, lists, call, arg);
	read_devices(host, lists, call, arg);
}

struct telling {
	const struct gw6c_host *host;
	struct access_lists *lists;
};

static void tell_mistake(void *arg, const char *text)
{
	const struct telling *telling = arg;
	struct access_lists *lists = telling->lists;

	telling->host->log(telling->host, GW6C_WARN, "%s", text);
	if (lists->n_mistakes < ACCESS_MISTAKES)
		snprintf(lists->mistake[lists->n_mistakes], ACCESS_TEXT, "%s",
			 text);
	lists->n_mistakes++;
}

void access_lists_read(const struct gw6c_host *host, struct access_lists *lists)
{
	struct telling telling = { host, lists };

	access_lists_look(host, lists, tell_mistake, &telling);
}

bool access_lists_changed(const struct gw6c_host *host,
			  const struct access_lists *lists)
{
	return is_new(host->str(host, "devices_file"), &lists->devices_stamp) ||
	       is_new(host->str(host, "users_file"), &lists->users_stamp);
}

bool access_cert_changed(const struct gw6c_host *host,
			 const struct access_lists *lists)
{
	return is_new(host->str(host, "certificate"), &lists->cert_stamp) ||
	       is_new(host->str(host, "key"), &lists->key_stamp);
}

void access_lists_free(struct access_lists *lists)
{
	access_list_free(&lists->list);
	memset(lists, 0, sizeof(*lists));
}
