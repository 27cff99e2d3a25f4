/* dialog_mode.h - choosing the tunnel mode of a request. RFC 5572
 * sections 4.5 and 5. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_BROKER_DIALOG_DIALOG_MODE_H
#define GW6C_BROKER_DIALOG_DIALOG_MODE_H

#include "core/tsp/tsp.h"
#include "dialog_env.h"

/* Who asks for a tunnel. */
struct mode_asker {
	const struct endpoint *from;
	const char *user; /* NULL: anonymous */
	bool crowded; /* there is a tunnel at its address already, so the next
			 one needs a port */
};

/* Why it gets none. */
struct refusal {
	char text[100];
};

/* Can a client at that end be granted this mode at all? */
bool mode_reaches(const struct dialog_env *env, const struct endpoint *from,
		  const struct gw6c_plugin *mode);

/* Fill in mode, type, outer, nat and proxy of grant. claimed: the address
 * that the client reports. Returns 0, or the status of the refusal. */
int mode_choose(const struct dialog_env *env, const struct mode_asker *asker,
		const struct tsp_tunnel *request, struct grant *grant,
		struct gw6c_addr *claimed, struct refusal *why);

#endif
