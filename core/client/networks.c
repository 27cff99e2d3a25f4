/* networks.c - the file of networks where the usual mode carries nothing. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "networks.h"
#include "core/base/files.h"
#include "core/base/text.h"
#include <errno.h>

#define LINE_MAX_OCTETS (GW6C_ADDR_TEXT + 2 * GW6C_MODE + 24)

static bool network_line(struct gw6c_bytes line, struct network *out)
{
	char text[LINE_MAX_OCTETS], addr[GW6C_ADDR_TEXT], end;
	unsigned long long until_s;

	if (line.len >= sizeof(text) || memchr(line.at, 0, line.len))
		return false;
	memcpy(text, line.at, line.len);
	text[line.len] = 0;
	*out = (struct network){ 0 };
	if (sscanf(text, "%49s %15s %15s %19llu%c", addr, out->asked, out->mode,
		   &until_s, &end) != 4)
		return false;
	out->until_s = until_s;
	return gw6c_addr_parse(addr, &out->local);
}

int networks_read(const char *path, struct network out[NETWORKS_MAX],
		  struct gw6c_err *err)
{
	uint8_t room[NETWORKS_MAX * LINE_MAX_OCTETS];
	ssize_t len = files_load(path, room, sizeof(room), NULL);
	struct gw6c_bytes rest, line;
	int n = 0;

	if (len < 0 && errno != ENOENT)
		files_unreadable(path, err);
	rest = (struct gw6c_bytes){ room, len > 0 ? (size_t)len : 0 };
	while (rest.len && n < NETWORKS_MAX) {
		text_line(rest, &line, &rest);
		n += network_line(line, &out[n]);
	}
	return n;
}

int networks_write(const char *path, const struct network *networks, int n,
		   struct gw6c_err *err)
{
	uint8_t room[NETWORKS_MAX * LINE_MAX_OCTETS];
	struct gw6c_buf text = GW6C_BUF(room);
	char line[LINE_MAX_OCTETS], addr[GW6C_ADDR_TEXT];

	for (int i = 0; i < n; i++) {
		snprintf(line, sizeof(line), "%s %s %s %llu\n",
			 gw6c_addr_text(&networks[i].local, addr),
			 networks[i].asked, networks[i].mode,
			 (unsigned long long)networks[i].until_s);
		gw6c_put_text(&text, line);
	}
	if (files_replace(path, gw6c_got(&text), 0644, err) == 0)
		return GW6C_OK;
	return err->rc ? err->rc
		       : gw6c_fail(err, GW6C_EOS, "cannot write %s: %s", path,
				   strerror(errno));
}
