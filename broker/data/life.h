/* life.h - how long a tunnel stays that is not heard. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_BROKER_DATA_LIFE_H
#define GW6C_BROKER_DATA_LIFE_H

#include "tunnels.h"

#define LIFE_WHY 80 /* octets of a reason */
#define LIFE_UNPROVEN_MS 20000 /* of silence, for one that has proven nothing */
#define LIFE_PLACE_MS 40000 /* for the same, however much is heard of it */

/* Of the configuration and the protocol. */
struct life {
	uint64_t anonymous_ms; /* of silence, for one without an account */
	uint64_t most_ms; /* for one without keepalives */
};

/* How long it may be silent. */
uint64_t life_patience_ms(const struct life *life,
			  const struct tunnel_entry *entry);
/* Does it have to end now, and why? */
bool life_is_over(const struct life *life, const struct tunnel_entry *entry,
		  uint64_t now_ms, char why[LIFE_WHY]);

#endif
