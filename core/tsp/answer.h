/* answer.h - from the broker's answer to a lease: nothing is believed. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_CORE_TSP_ANSWER_H
#define GW6C_CORE_TSP_ANSWER_H

#include "core/config/settings.h"
#include "tsp.h"
#include <gw6c/plugin.h>

/* What the session knows that the answer does not say. */
struct answer_context {
	const struct settings *settings;
	const struct gw6c_tunnel_ops *asked; /* of tunnel_mode */
	/* The plugin of a mode that was granted, NULL: not installed. */
	const struct gw6c_plugin *(*mode)(void *arg, const char *name);
	void *arg; /* of mode() */
	struct conf *conf; /* options of the mode; NULL: all as declared */
	uint32_t version; /* of TSP */
	bool udp; /* session over UDP, not TCP */
	struct server_addr broker;
	struct gw6c_addr local, remote; /* of the session's socket */
	uint16_t local_port, remote_port;
};

/* The request for a tunnel, from settings. client: the outer address to
 * announce. */
void answer_request(const struct settings *settings,
		    const struct gw6c_tunnel_ops *mode,
		    const struct gw6c_addr *client, struct tsp_tunnel *out);

/* Check every value and write the lease. GW6C_EPEER: bad tunnel parameters,
 * and which. Notes that are worth a log line (another prefix length, another
 * tunnel server) go to note(), which may be NULL. */
int answer_lease(const struct tsp_tunnel *tunnel,
		 const struct answer_context *context, struct gw6c_lease *lease,
		 void (*note)(void *arg, const char *text), void *arg,
		 struct gw6c_err *err);

#endif
