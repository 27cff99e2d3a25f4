/* client_prefixes.c - the prefixes that we have had: what is granted again is
 * no surprise. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "client_parts.h"
#include "core/base/files.h"
#include "core/base/log.h"
#include "core/base/prefix.h"
#include <errno.h>
#include <limits.h>

#define PREFIXES_FILE "prefixes.txt" /* in state_dir, the last at the end */
#define PREFIXES_MAX 8

struct prefixes {
	struct gw6c_addr prefix[PREFIXES_MAX];
	int n;
};

static void prefixes_path(const struct client *client, char room[PATH_MAX])
{
	snprintf(room, PATH_MAX, "%s/" PREFIXES_FILE,
		 client->params.settings->state_dir);
}

static void prefixes_line(struct prefixes *prefixes, struct gw6c_bytes line)
{
	char text[GW6C_ADDR_TEXT];

	if (line.len >= sizeof(text) || prefixes->n == PREFIXES_MAX)
		return;
	memcpy(text, line.at, line.len);
	text[line.len] = 0;
	prefixes->n += prefix_parse(text, &prefixes->prefix[prefixes->n]);
}

static void prefixes_read(const struct client *client,
			  struct prefixes *prefixes)
{
	uint8_t room[PREFIXES_MAX * GW6C_ADDR_TEXT];
	struct gw6c_bytes rest, line;
	char path[PATH_MAX];
	ssize_t len;

	prefixes->n = 0;
	prefixes_path(client, path);
	len = files_load(path, room, sizeof(room), NULL);
	rest = (struct gw6c_bytes){ room, len > 0 ? (size_t)len : 0 };
	while (rest.len) {
		text_line(rest, &line, &rest);
		prefixes_line(prefixes, line);
	}
}

static int prefixes_find(const struct prefixes *prefixes,
			 const struct gw6c_addr *prefix)
{
	for (int i = 0; i < prefixes->n; i++)
		if (memcmp(&prefixes->prefix[i], prefix, sizeof(*prefix)) == 0)
			return i;
	return -1;
}

/* At the end; in the place of where it was, or of the oldest. */
static void prefixes_add(struct prefixes *prefixes,
			 const struct gw6c_addr *prefix)
{
	int out = prefixes_find(prefixes, prefix);

	if (out < 0 && prefixes->n == PREFIXES_MAX)
		out = 0;
	if (out >= 0) {
		prefixes->n--;
		memmove(&prefixes->prefix[out], &prefixes->prefix[out + 1],
			sizeof(*prefix) * (size_t)(prefixes->n - out));
	}
	prefixes->prefix[prefixes->n++] = *prefix;
}

bool client_knows_prefix(const struct client *client,
			 const struct gw6c_addr *prefix)
{
	struct prefixes prefixes;

	if (!prefix->family)
		return false;
	prefixes_read(client, &prefixes);
	return prefixes_find(&prefixes, prefix) >= 0;
}

void client_note_prefix(const struct client *client,
			const struct gw6c_lease *lease)
{
	uint8_t room[PREFIXES_MAX * GW6C_ADDR_TEXT];
	struct gw6c_buf out = GW6C_BUF(room);
	char path[PATH_MAX], text[GW6C_ADDR_TEXT];
	struct gw6c_err err = { 0 };
	struct prefixes prefixes;

	if (!lease->prefix.family || lease->proxy || client->params.dry_run)
		return;
	prefixes_read(client, &prefixes);
	prefixes_add(&prefixes, &lease->prefix);
	for (int i = 0; i < prefixes.n; i++) {
		gw6c_put_text(&out, gw6c_addr_text(&prefixes.prefix[i], text));
		gw6c_put_text(&out, "\n");
	}
	prefixes_path(client, path);
	if (files_replace(path, gw6c_got(&out), 0644, &err))
		log_msg(GW6C_WARN, "client", "cannot write %s: %s", path,
			err.rc ? err.text : strerror(errno));
}
