/* host.h - makes the service table that a plugin instance is given. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_CORE_MODULES_HOST_H
#define GW6C_CORE_MODULES_HOST_H

#include "core/base/loop.h"
#include "core/config/conf.h"
#include <gw6c/plugin.h>

/* What plugins may ask of the client. why begins with who asks. */
struct host_client {
	bool (*view)(void *arg, struct gw6c_view *out);
	/* Called from the loop, never from inside the plugin's call. */
	void (*reconnect)(void *arg, const char *why);
	void (*stop)(void *arg, const char *why);
	void *arg;
};

/* Whom the events of a plugin concern; members may be NULL. */
struct host_events {
	void (*network_changed)(void *arg);
	void (*control)(void *arg, struct gw6c_bytes datagram);
	void (*broken)(void *arg, const struct gw6c_err *err);
	void (*damaged)(void *arg, const char *what);
	void (*done)(void *arg, int rc, struct gw6c_bytes out,
		     const struct gw6c_err *err);
	int (*note)(void *arg, const struct gw6c_step *step,
		    struct gw6c_err *err);
	const struct host_client *client; /* NULL: there is none */
	void *arg;
};

/* Log lines carry "kind:name". Options come from conf, else from the
 * plugin's table. All but plugin may be NULL: then that service does
 * nothing. host_end() ends what the plugin left watched. */
struct gw6c_host *host_new(const struct gw6c_plugin *plugin, struct loop *loop,
			   struct conf *conf, const struct host_events *events);
void host_end(struct gw6c_host *host); /* NULL is fine */
/* Options come from this one from now on. */
void host_use_conf(struct gw6c_host *host, struct conf *conf);
/* Append the lines that the plugin has set: "KIND.NAME.key value". */
void host_put_status(const struct gw6c_host *host, struct gw6c_buf *out);
/* Watches and programs that the plugin has not ended; last tasks may be
 * left. */
int host_left(const struct gw6c_host *host);

#endif
