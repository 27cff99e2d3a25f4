/* host.h - makes the service table that a plugin instance is given. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_CORE_MODULES_HOST_H
#define GW6C_CORE_MODULES_HOST_H

#include "core/base/loop.h"
#include "core/config/conf.h"
#include <gw6c/plugin.h>

/* Whom the events of a plugin concern; members may be NULL. */
struct host_events {
	void (*network_changed)(void *arg);
	void (*control)(void *arg, struct gw6c_bytes datagram);
	void (*broken)(void *arg, const struct gw6c_err *err);
	void (*damaged)(void *arg, const char *what);
	void *arg;
};

/* Log lines carry "kind:name". Options come from conf, else from the
 * plugin's table. All but plugin may be NULL: then that service does
 * nothing. host_end() ends what the plugin left watched. */
struct gw6c_host *host_new(const struct gw6c_plugin *plugin, struct loop *loop,
			   struct conf *conf, const struct host_events *events);
void host_end(struct gw6c_host *host); /* NULL is fine */
/* Watches and programs that the plugin has not ended; last tasks may be
 * left. */
int host_left(const struct gw6c_host *host);

#endif
