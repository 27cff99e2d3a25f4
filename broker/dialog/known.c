/* known.c - from where which account has logged in before; kept across
 * restarts, in a table and a file of bounded size. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "known.h"
#include "core/base/files.h"
#include "core/base/hash.h"
#include "core/base/log.h"
#include "core/base/prefix.h"
#include "core/base/trusted.h"
#include <errno.h>
#include <gw6c/buf.h>
#include <stdio.h>
#include <stdlib.h>

#define PAIRS ((size_t)KNOWN_SETS * KNOWN_WAYS)
#define LINE (GW6C_ADDR_TEXT + KNOWN_NAME + 2) /* octets */

struct known {
	struct known_pair pair[KNOWN_SETS][KNOWN_WAYS];
	uint64_t clock; /* counts logins */
	char *path;
	bool changed;
};

static struct known_pair *set_of(struct known *known,
				 const struct gw6c_addr *addr, const char *name)
{
	uint32_t hash = hash_endpoint(addr, 0) ^
			hash_octets((const uint8_t *)name, strlen(name));

	return known->pair[hash & (KNOWN_SETS - 1)];
}

struct known_pair *known_find(struct known *known, const struct gw6c_addr *addr,
			      const char *name)
{
	struct known_pair *at = set_of(known, addr, name);

	for (int i = 0; *name && i < KNOWN_WAYS; i++)
		if (memcmp(&at[i].addr, addr, sizeof(*addr)) == 0 &&
		    strcmp(at[i].name, name) == 0)
			return &at[i];
	return NULL;
}

static struct known_pair *oldest(struct known_pair set[KNOWN_WAYS])
{
	struct known_pair *oldest = set;

	for (int i = 1; i < KNOWN_WAYS; i++)
		if (set[i].order < oldest->order)
			oldest = &set[i];
	return oldest;
}

void known_add(struct known *known, const struct gw6c_addr *addr,
	       const char *name)
{
	struct known_pair *pair = known_find(known, addr, name);

	if (!*name || strlen(name) >= KNOWN_NAME)
		return;
	known->changed |= !pair;
	if (!pair)
		pair = oldest(set_of(known, addr, name));
	*pair = (struct known_pair){ .addr = *addr, .order = ++known->clock };
	snprintf(pair->name, sizeof(pair->name), "%s", name);
}

/* --- the file ---------------------------------------------------------- */

static int by_order(const void *a, const void *b)
{
	const struct known_pair *const *one = a, *const *other = b;

	return (*one)->order < (*other)->order ? -1 : 1;
}

/* "address name", the oldest first. */
static void put_pairs(const struct known *known, struct gw6c_buf *out)
{
	const struct known_pair *sorted[PAIRS];
	char room[GW6C_ADDR_TEXT], line[LINE];
	size_t n = 0;

	for (int i = 0; i < KNOWN_SETS; i++)
		for (int j = 0; j < KNOWN_WAYS; j++)
			if (known->pair[i][j].addr.family)
				sorted[n++] = &known->pair[i][j];
	qsort(sorted, n, sizeof(sorted[0]), by_order);
	for (size_t i = 0; i < n; i++) {
		snprintf(line, sizeof(line), "%s %s\n",
			 gw6c_addr_text(&sorted[i]->addr, room),
			 sorted[i]->name);
		gw6c_put_text(out, line);
	}
}

int known_save(struct known *known, struct gw6c_err *err)
{
	struct gw6c_buf out = { .cap = PAIRS * LINE };
	int rc;

	if (!known->path || !known->changed)
		return GW6C_OK;
	out.at = malloc(out.cap);
	if (!out.at)
		return gw6c_fail(err, GW6C_EOS, "out of memory");
	put_pairs(known, &out);
	rc = files_replace(known->path, gw6c_got(&out), 0600, err);
	free(out.at);
	known->changed = rc != 0;
	return rc ? gw6c_fail(err, GW6C_EOS,
			      "cannot write %s: %s; after a restart, users "
			      "wait for strangers who guess passwords",
			      known->path, strerror(errno))
		  : GW6C_OK;
}

static void take_line(struct known *known, char *line)
{
	char *space = strchr(line, ' ');
	struct gw6c_addr addr;

	if (!space)
		return;
	*space = 0;
	if (prefix_parse(line, &addr))
		known_add(known, &addr, space + 1);
}

static void load(struct known *known)
{
	size_t cap = PAIRS * LINE;
	char *text = calloc(1, cap + 1), *rest = NULL;
	ssize_t len =
		text ? files_load(known->path, (uint8_t *)text, cap, NULL) : -1;

	if (text && len < 0 && errno != ENOENT)
		log_msg(GW6C_WARN, "login",
			"%s is not read: %s; who has logged in before is not "
			"known",
			known->path, trusted_error(errno));
	if (len > 0)
		for (char *line = strtok_r(text, "\n", &rest); line;
		     line = strtok_r(NULL, "\n", &rest))
			take_line(known, line);
	free(text);
	known->changed = false;
}

struct known *known_new(const char *path)
{
	struct known *known = calloc(1, sizeof(*known));

	if (!known || !path)
		return known;
	known->path = strdup(path);
	if (!known->path) {
		free(known);
		return NULL;
	}
	load(known);
	return known;
}

void known_free(struct known *known)
{
	if (known)
		free(known->path);
	free(known);
}
