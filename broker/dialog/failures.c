/* failures.c - failed logins, counted for each address: a flood of them must
 * not fill the log. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "failures.h"
#include "core/base/hash.h"
#include "core/base/log.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SOURCES 256 /* a power of two */
#define NAME 64 /* octets shown */

/* Another address of the same bucket waits its turn, and is counted with it:
 * a flood from many addresses is as bad as one from one. */
struct source {
	struct gw6c_addr addr;
	char name[NAME];
	unsigned long count; /* not yet told */
	uint64_t told_ms; /* 0: never */
};

struct failures {
	struct source source[SOURCES];
	unsigned long total;
};

struct failures *failures_new(void)
{
	return calloc(1, sizeof(struct failures));
}

void failures_free(struct failures *failures)
{
	free(failures);
}

static void tell(struct source *source, uint64_t now_ms)
{
	char room[GW6C_ADDR_TEXT];

	log_msg(GW6C_WARN, "login",
		"failed logins from %s: %lu, the last one as %s",
		gw6c_addr_text(&source->addr, room), source->count,
		*source->name ? source->name : "nobody known");
	source->count = 0;
	source->told_ms = now_ms;
}

static bool is_due(const struct source *source, uint64_t now_ms)
{
	return !source->told_ms || now_ms - source->told_ms >= FAILURES_GAP_MS;
}

/* Strangers choose the name. */
static void keep_name(struct source *source, const char *name)
{
	snprintf(source->name, sizeof(source->name), "%s", name);
	for (char *c = source->name; *c; c++)
		if ((unsigned char)*c < ' ' || *c == 127)
			*c = '?';
}

void failures_count(struct failures *failures, const struct gw6c_addr *addr,
		    const char *name, uint64_t now_ms)
{
	struct source *source;

	if (!failures)
		return;
	source = &failures->source[hash_endpoint(addr, 0) & (SOURCES - 1)];
	source->addr = *addr;
	keep_name(source, name);
	source->count++;
	failures->total++;
	if (is_due(source, now_ms))
		tell(source, now_ms);
}

bool failures_tell(struct failures *failures, uint64_t now_ms)
{
	bool more = false;

	for (int i = 0; i < SOURCES; i++) {
		struct source *source = &failures->source[i];

		if (source->count && is_due(source, now_ms))
			tell(source, now_ms);
		more |= source->count != 0;
	}
	return more;
}

unsigned long failures_total(const struct failures *failures)
{
	return failures->total;
}
