/* servers.c - the last-server file and the broker-list file. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "servers.h"
#include "daemon.h"
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

/* Files of old clients hold IPv6 literals without brackets; those parse. */
static bool servers_line(char *line, struct tsp_server *out)
{
	struct gw6c_err err;

	line[strcspn(line, "\r\n")] = 0;
	line += strspn(line, " \t");
	return *line && *line != '#' &&
	       tsp_parse_server(line, out, &err) == GW6C_OK;
}

int servers_read(const char *path, struct tsp_server *out, int max)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	FILE *file = fd < 0 ? NULL : fdopen(fd, "r");
	char line[GW6C_NAME + 16];
	int n = 0;

	if (!file) {
		if (fd >= 0)
			close(fd);
		return 0;
	}
	while (n < max && fgets(line, sizeof(line), file))
		n += servers_line(line, &out[n]);
	fclose(file);
	return n;
}

static int servers_fail(const char *path, struct gw6c_err *err)
{
	return gw6c_fail(err, GW6C_EOS,
			 "cannot write %s: %s; the next start will not know "
			 "the server",
			 path, strerror(errno));
}

int servers_write(const char *path, const struct tsp_server *servers, int n,
		  struct gw6c_err *err)
{
	uint8_t room[TSP_BROKERS * (GW6C_NAME + 16)];
	struct gw6c_buf text = GW6C_BUF(room);
	char fresh[PATH_MAX];
	bool ok;
	int fd;

	for (int i = 0; i < n; i++) {
		tsp_put_server(&text, &servers[i]);
		gw6c_put_text(&text, "\n");
	}
	if (daemon_directory(path, err))
		return err->rc;
	snprintf(fresh, sizeof(fresh), "%s.new", path);
	unlink(fresh);
	fd = open(fresh, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW,
		  0644);
	if (fd < 0)
		return servers_fail(path, err);
	ok = write(fd, text.at, text.len) == (ssize_t)text.len;
	ok = close(fd) == 0 && ok;
	if (ok && rename(fresh, path) == 0)
		return GW6C_OK;
	servers_fail(path, err);
	unlink(fresh);
	return err->rc;
}
