/* tunnel_table.c - the broker's tunnels as a table for people. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "tunnel_table.h"
#include "core/base/status.h"
#include "core/base/text.h"
#include "core/base/units.h"
#include <stdlib.h>

/* Columns; all of them, with a blank between each, are 75. */
#define USER 14
#define FROM 21 /* 255.255.255.255:65535 */
#define WORD 64 /* octets of any other value */
#define USER_MAX 32 /* columns of a longer user, on a line with a longer from */

/* What of it is shown. */
struct row {
	char user[4 * 256]; /* escaped */
	char from[WORD], mode[WORD], address[WORD], prefix[WORD];
	char up[UNITS_TEXT], heard[UNITS_TEXT];
	char in[UNITS_TEXT], out[UNITS_TEXT];
	bool nat;
};

static const char name[] = TUNNEL_TABLE STATUS_LIST " ";

static bool is_tunnel(struct gw6c_bytes line)
{
	return line.len > sizeof(name) - 1 &&
	       memcmp(line.at, name, sizeof(name) - 1) == 0;
}

void tunnel_table_rest(struct gw6c_bytes status, struct gw6c_buf *rest)
{
	struct gw6c_bytes line;

	while (status.len) {
		text_line(status, &line, &status);
		if (is_tunnel(line))
			continue;
		gw6c_put(rest, line.at, line.len);
		gw6c_put(rest, "\n", 1);
	}
}

/* --- one row ----------------------------------------------------------- */

/* The value of "key=value" in the words of a line; "" if it is not there. */
static const char *value(struct gw6c_bytes line, const char *key, char *room,
			 size_t cap)
{
	const char *at = (const char *)line.at, *end = at + line.len;
	size_t len = strlen(key);

	room[0] = 0;
	while (at < end) {
		const char *stop = memchr(at, ' ', (size_t)(end - at));

		if (!stop)
			stop = end;
		if ((size_t)(stop - at) > len && at[len] == '=' &&
		    memcmp(at, key, len) == 0) {
			at += len + 1;
			snprintf(room, cap, "%.*s", (int)(stop - at), at);
			break;
		}
		at = stop + 1;
	}
	return room;
}

static uint64_t number(struct gw6c_bytes line, const char *key)
{
	char room[WORD];

	return strtoull(value(line, key, room, sizeof(room)), NULL, 10);
}

/* "203.0.113.2:40000", "[2001:db8::2]:40000"; without a port the address. */
static void read_from(struct gw6c_bytes line, struct row *row)
{
	char addr[WORD - 10];
	unsigned port = (unsigned)number(line, "port");

	value(line, "outer", addr, sizeof(addr));
	if (!port)
		snprintf(row->from, sizeof(row->from), "%s", addr);
	else if (strchr(addr, ':'))
		snprintf(row->from, sizeof(row->from), "[%s]:%hu", addr,
			 (unsigned short)port);
	else
		snprintf(row->from, sizeof(row->from), "%s:%hu", addr,
			 (unsigned short)port);
}

static void read_row(struct gw6c_bytes line, struct row *row)
{
	char nat[WORD];

	value(line, "user", row->user, sizeof(row->user));
	value(line, "mode", row->mode, sizeof(row->mode));
	value(line, "address", row->address, sizeof(row->address));
	value(line, "prefix", row->prefix, sizeof(row->prefix));
	row->nat = strcmp(value(line, "nat", nat, sizeof(nat)), "yes") == 0;
	read_from(line, row);
	units_time(number(line, "up_s"), row->up);
	units_time(number(line, "heard_s"), row->heard);
	units_size(number(line, "in_octets"), row->in);
	units_size(number(line, "out_octets"), row->out);
}

/* What is too wide for its column has a line of its own. */
static void put_ends(FILE *file, const struct row *row)
{
	size_t user = strlen(row->user);

	if (user <= USER && strlen(row->from) <= FROM) {
		fprintf(file, "%-*s %-*s", USER, row->user, FROM, row->from);
		return;
	}
	if (user > USER_MAX)
		fprintf(file, "%.*s... ", USER_MAX - 3, row->user);
	else
		fprintf(file, "%-*s ", USER, row->user);
	fprintf(file, "%s\n%*s", row->from, USER + 1 + FROM, "");
}

static void put_rest(FILE *file, const struct row *row)
{
	bool routed = row->prefix[0] && strcmp(row->prefix, "-") != 0;

	fprintf(file, " %-8.10s %11s %8s %8s\n", row->mode, row->up, row->in,
		row->out);
	fprintf(file, "  has %s%s; silent %s\n", row->address,
		row->nat ? "; behind a NAT" : "", row->heard);
	if (routed)
		fprintf(file, "  routes %s\n", row->prefix);
}

void tunnel_table_print(FILE *file, struct gw6c_bytes status)
{
	struct gw6c_bytes line;
	struct row row;
	bool any = false;

	while (status.len) {
		text_line(status, &line, &status);
		if (!is_tunnel(line))
			continue;
		if (!any)
			fprintf(file, "\n%-*s %-*s %-8s %11s %8s %8s\n", USER,
				"USER", FROM, "FROM", "MODE", "UP", "IN",
				"OUT");
		any = true;
		line.at += sizeof(name) - 1;
		line.len -= sizeof(name) - 1;
		read_row(line, &row);
		put_ends(file, &row);
		put_rest(file, &row);
	}
}
