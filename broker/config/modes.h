/* modes.h - the tunnel modes that the broker offers, by their descriptors. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_BROKER_CONFIG_MODES_H
#define GW6C_BROKER_CONFIG_MODES_H

#include "core/modules/loader.h"
#include "options.h"

#define MODES_MAX OPTIONS_LIST

/* Descriptors, in the order offered; NULL ends. */
struct modes {
	const struct gw6c_plugin *offer[MODES_MAX + 1];
	/* Modes that only ask, where one of their grants is offered: served,
	 * not announced. */
	const struct gw6c_plugin *ask[MODES_MAX + 1];
};

/* Load the modes of options, all installed ones if it names none. GW6C_ECONFIG:
 * one is not installed, or has no pool for what is inside. */
int modes_load(const struct options *options, struct conf *conf,
	       struct loader *loader, struct modes *out, struct gw6c_err *err);

/* The mode that is offered under that name, any case, or NULL. */
const struct gw6c_plugin *modes_offered(const struct modes *modes,
					const char *name);
/* The mode, offered or only asking, whose requests have that type, or NULL. */
const struct gw6c_plugin *modes_asked(const struct modes *modes,
				      const char *type);
/* The first that is offered, passes NATs and carries that family, or NULL. */
const struct gw6c_plugin *modes_through_nat(const struct modes *modes,
					    uint8_t inner, uint8_t outer);
/* Is any with that family inside offered? */
bool modes_carry(const struct modes *modes, uint8_t inner);

/* What of the octets that came from a client is the packet; false: none. */
bool mode_unwrap(const struct gw6c_plugin *mode, struct gw6c_bytes data,
		 struct gw6c_bytes *packet);
/* Could it be a packet of the mode's inner family, by its first octets? */
bool mode_is_packet(const struct gw6c_plugin *mode, struct gw6c_bytes packet);

#endif
