/* life.c - how long a tunnel stays that is not heard. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "life.h"
#include <stdio.h>

#define DEAD_AFTER 5 /* keepalive intervals without a packet */

/* Without keepalives, silence proves little: allow a whole lifetime. Anonymous
 * clients are asked sooner. */
uint64_t life_patience_ms(const struct life *life,
			  const struct tunnel_entry *entry)
{
	const struct grant *grant = &entry->grant;
	uint64_t ms = grant->keepalive_s
			      ? (uint64_t)grant->keepalive_s * 1000 * DEAD_AFTER
			      : life->most_ms;

	if (quota_is_doubtful(grant->class))
		return LIFE_UNPROVEN_MS;
	return grant->anonymous && life->anonymous_ms < ms ? life->anonymous_ms
							   : ms;
}

/* What is heard of one that has proven nothing may be forged: it does not keep
 * its place. */
static bool has_had_its_time(const struct tunnel_entry *entry, uint64_t now_ms)
{
	return quota_is_doubtful(entry->grant.class) &&
	       now_ms - entry->place_ms >= LIFE_PLACE_MS;
}

bool life_is_over(const struct life *life, const struct tunnel_entry *entry,
		  uint64_t now_ms, char why[LIFE_WHY])
{
	uint64_t silent_ms = now_ms - entry->heard_ms;
	uint32_t lifetime_s = entry->grant.lifetime_s;

	if (lifetime_s &&
	    now_ms - entry->since_ms >= (uint64_t)lifetime_s * 1000) {
		snprintf(why, LIFE_WHY, "its lease of %u s was not renewed",
			 lifetime_s);
		return true;
	}
	if (has_had_its_time(entry, now_ms)) {
		snprintf(why, LIFE_WHY, "%s",
			 entry->proven ? "no place for it became free"
				       : "its address has proven nothing");
		return true;
	}
	snprintf(why, LIFE_WHY, "no packets received for %llu s",
		 (unsigned long long)silent_ms / 1000);
	return silent_ms >= life_patience_ms(life, entry);
}
