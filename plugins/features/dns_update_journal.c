/* dns_update_journal.c - what is published, on disk: who was killed takes it
 * back at the next start. It is written before each attempt and after it. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "dns_update.h"
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define HEAD                                                                   \
	"# published by gw6c, which takes it back; see gw6c-dns-update(7)\n"
#define LINE (DNS_NAME + 32)
#define BY "by " /* before the name of a back end, for what follows */
#define BACKENDS 3 /* that may have left something */
#define JOURNAL (BACKENDS * (DNS_NAMES + 1) * LINE + sizeof(HEAD))

/* --- files -------------------------------------------------------------- */

/* Not through a link, and nothing that others have put or could change. */
static int open_ours(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK |
				    O_NOCTTY);
	struct stat info;

	if (fd < 0)
		return -1;
	if (fstat(fd, &info) == 0 && S_ISREG(info.st_mode) &&
	    (info.st_uid == 0 || info.st_uid == geteuid()) &&
	    info.st_nlink <= 1 && !(info.st_mode & (S_IWGRP | S_IWOTH)))
		return fd;
	close(fd);
	errno = EPERM;
	return -1;
}

long dns_file_read(const char *path, char *room, size_t len)
{
	int fd = open_ours(path);
	ssize_t used = 0, got = 1;

	if (fd < 0)
		return -1;
	while (got > 0 && (size_t)used < len - 1) {
		got = read(fd, room + used, len - 1 - (size_t)used);
		used += got > 0 ? got : 0;
	}
	close(fd);
	room[used] = 0;
	return got < 0 ? -1 : used;
}

static bool write_all(int fd, const char *text, size_t len)
{
	while (len) {
		ssize_t put = write(fd, text, len);

		if (put <= 0)
			return false;
		text += put;
		len -= (size_t)put;
	}
	return fsync(fd) == 0;
}

bool dns_file_replace(const char *path, const char *text, size_t len)
{
	char new[PATH_MAX];
	int fd, error;
	bool ok;

	if ((size_t)snprintf(new, sizeof(new), "%s.new", path) >= sizeof(new)) {
		errno = ENAMETOOLONG;
		return false;
	}
	unlink(new);
	fd = open(new, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW,
		  0644);
	if (fd < 0)
		return false;
	ok = write_all(fd, text, len) && fchmod(fd, 0644) == 0 &&
	     rename(new, path) == 0;
	error = errno;
	close(fd);
	if (!ok)
		unlink(new);
	errno = error;
	return ok;
}

/* --- the journal -------------------------------------------------------- */

static void put_entry(struct gw6c_buf *out, const struct dns_entry *entry)
{
	if (!entry->had)
		return;
	gw6c_put_text(out, entry->owner);
	for (uint16_t type = 1; type <= DNS_TYPES; type *= 2)
		if (entry->had & type) {
			gw6c_put_text(out, " ");
			gw6c_put_text(out, dns_type_text(type));
		}
	gw6c_put_text(out, "\n");
}

static int cannot(const char *path, const char *what, struct gw6c_err *err)
{
	return gw6c_fail(err, GW6C_EOS,
			 "cannot %s %.300s: %s; without it names could stay "
			 "behind after a crash",
			 what, path,
			 errno == EPERM ? "others own it, can write it or have "
					  "linked it"
					: strerror(errno));
}

int dns_journal_write(const char *path, const struct dns_queue *queue,
		      struct gw6c_err *err)
{
	struct gw6c_buf out = { .at = malloc(JOURNAL), .cap = JOURNAL };
	const char *by =
		queue->by && dns_queue_published(queue) ? queue->by : "";
	bool ok;

	if (!dns_queue_published(queue) && !queue->left) {
		free(out.at);
		return unlink(path) == 0 || errno == ENOENT
			       ? GW6C_OK
			       : cannot(path, "remove", err);
	}
	if (!out.at)
		return gw6c_fail(err, GW6C_EOS, "out of memory");
	gw6c_put_text(&out, HEAD);
	gw6c_put_text(&out, *by ? BY : "");
	gw6c_put_text(&out, by);
	gw6c_put_text(&out, *by ? "\n" : "");
	for (int i = 0; i < queue->n; i++)
		put_entry(&out, &queue->at[i]);
	gw6c_put_text(&out, queue->left ? queue->left : "");
	ok = !out.overflow &&
	     dns_file_replace(path, (const char *)out.at, out.len);
	free(out.at);
	return ok ? GW6C_OK : cannot(path, "write", err);
}

/* A name as we write it: of a service, it begins with "_". */
static bool is_owner(const char *name)
{
	size_t len = strcspn(name, ".");

	if (name[0] != '_')
		return dns_name_ok(name);
	return strlen(name) < DNS_NAME && len > 1 && name[len] &&
	       dns_name_ok(name + 1);
}

static uint8_t type_named(const char *word)
{
	for (uint16_t type = 1; type <= DNS_TYPES; type *= 2)
		if (strcmp(dns_type_text(type), word) == 0)
			return (uint8_t)type;
	return 0;
}

static void take_line(char *line, struct dns_queue *queue)
{
	char *rest = line, *word = strtok_r(rest, " ", &rest);
	const char *owner = word;
	uint8_t types = 0;
	struct dns_entry *entry;

	if (!owner || !is_owner(owner))
		return;
	while ((word = strtok_r(rest, " ", &rest)))
		types |= type_named(word);
	entry = types ? dns_queue_get(queue, owner) : NULL;
	if (entry)
		entry->had |= types;
}

/* What another back end has published cannot be deleted by this one. */
static void keep_line(struct dns_queue *queue, const char *line)
{
	size_t used = queue->left ? strlen(queue->left) : 0;
	size_t more = strlen(line) + 2;
	char *grown = realloc(queue->left, used + more);

	if (!grown)
		return;
	snprintf(grown + used, more, "%s\n", line);
	queue->left = grown;
}

bool dns_left_next(const char **at, char by[16], char line[LINE])
{
	while (*at && **at) {
		size_t len = strcspn(*at, "\n");
		const char *from = *at;
		size_t owner = strcspn(from, " \n");
		char name[LINE];

		*at += len + (from[len] == '\n');
		snprintf(line, LINE, "%.*s", (int)len, from);
		snprintf(name, sizeof(name), "%.*s", (int)owner, from);
		if (strncmp(line, BY, strlen(BY)) == 0)
			snprintf(by, 16, "%.15s", line + strlen(BY));
		else if (len < LINE && owner < len && is_owner(name))
			return true;
	}
	return false;
}

static void take_lines(char *text, struct dns_queue *queue)
{
	bool ours = !queue->by || *queue->by;
	char *rest = text, *line, by[16], name[LINE];
	const char *at;

	while ((line = strtok_r(rest, "\n", &rest))) {
		if (queue->by && strncmp(line, BY, strlen(BY)) == 0)
			ours = strcmp(line + strlen(BY), queue->by) == 0;
		if (ours)
			take_line(line, queue);
		else if (*line != '#')
			keep_line(queue, line);
	}
	at = queue->left;
	if (!dns_left_next(&at, by, name)) {
		free(queue->left);
		queue->left = NULL;
	}
}

int dns_journal_read(const char *path, struct dns_queue *queue,
		     struct gw6c_err *err)
{
	char *text = malloc(JOURNAL);
	long len = text ? dns_file_read(path, text, JOURNAL) : -1;

	if (len < 0) {
		free(text);
		return errno == ENOENT ? GW6C_OK : cannot(path, "read", err);
	}
	take_lines(text, queue);
	free(text);
	return GW6C_OK;
}
