/* servers.c - the last-server file and the broker-list file. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "servers.h"
#include "core/base/files.h"
#include "core/base/log.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#define FILE_MAX_OCTETS 65536 /* what is behind is not looked at */

static struct gw6c_bytes trim(struct gw6c_bytes line)
{
	while (line.len && (*line.at == ' ' || *line.at == '\t')) {
		line.at++;
		line.len--;
	}
	while (line.len &&
	       (line.at[line.len - 1] == ' ' || line.at[line.len - 1] == '\t'))
		line.len--;
	return line;
}

/* The contents of the file are not trusted. IPv6 literals without brackets are
 * how old clients write them. */
static bool servers_line(struct gw6c_bytes line, struct server_addr *out)
{
	char text[SERVERS_LINE + 1];
	struct gw6c_err err;

	if (line.len > SERVERS_LINE || memchr(line.at, 0, line.len))
		return false;
	memcpy(text, line.at, line.len);
	text[line.len] = 0;
	return server_addr_parse(text, out, &err) == GW6C_OK;
}

static int servers_parse(const char *path, struct gw6c_bytes text,
			 struct server_addr *out, int max)
{
	struct gw6c_bytes line;
	int n = 0;

	for (int number = 1; text.len && n < max; number++) {
		text_line(text, &line, &text);
		line = trim(line);
		if (!line.len || *line.at == '#')
			continue;
		if (servers_line(line, &out[n]))
			n++;
		else
			log_msg(GW6C_INFO, "servers",
				"%s:%d: ignored: not a server address", path,
				number);
	}
	return n;
}

int servers_read(const char *path, struct server_addr *out, int max,
		 struct gw6c_err *err)
{
	uint8_t *room = malloc(FILE_MAX_OCTETS);
	ssize_t len = room ? files_load(path, room, FILE_MAX_OCTETS, NULL) : -1;
	int n = 0;

	if (len == FILE_MAX_OCTETS) /* half a line is no line */
		while (len > 0 && room[len - 1] != '\n')
			len--;
	if (len >= 0)
		n = servers_parse(path,
				  (struct gw6c_bytes){ room, (size_t)len }, out,
				  max);
	else if (errno != ENOENT)
		n = -1;
	if (n < 0)
		files_unreadable(path, err);
	free(room);
	return n;
}

/* There is nothing secret in it. */
static int servers_write(const char *path, struct gw6c_bytes text,
			 struct gw6c_err *err)
{
	if (files_replace(path, text, 0644, err) == 0)
		return GW6C_OK;
	if (err->rc)
		return err->rc;
	return gw6c_fail(
		err, GW6C_EOS,
		"cannot write %s: %s; its contents will not be known at the "
		"next start",
		path, strerror(errno));
}

int servers_write_last(const char *path, const struct server_addr *server,
		       struct gw6c_err *err)
{
	uint8_t room[GW6C_NAME + 16];
	struct gw6c_buf text = GW6C_BUF(room);

	server_addr_put(&text, server);
	gw6c_put_text(&text, "\n");
	return servers_write(path, gw6c_got(&text), err);
}

int servers_write_list(const char *path, const struct server_addr *servers,
		       int n, struct gw6c_err *err)
{
	uint8_t room[TSP_BROKERS * (GW6C_NAME + 16)];
	struct gw6c_buf text = GW6C_BUF(room);

	for (int i = 0; i < n; i++) {
		if (servers[i].port == SERVER_PORT)
			gw6c_put_text(&text, servers[i].host);
		else
			server_addr_put(&text, &servers[i]);
		gw6c_put_text(&text, "\n");
	}
	return servers_write(path, gw6c_got(&text), err);
}
