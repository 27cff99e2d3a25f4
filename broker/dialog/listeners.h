/* listeners.h - the sockets that clients connect to over TCP. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_BROKER_DIALOG_LISTENERS_H
#define GW6C_BROKER_DIALOG_LISTENERS_H

#include "broker/config/options.h"
#include "core/base/loop.h"

#define LISTENERS_PAUSE_MS 500 /* while there are no descriptors */

struct listeners;

struct listeners_events {
	/* A connection, which belongs to the callee. */
	void (*connected)(void *arg, int fd);
	/* No descriptor is left: close one that is in use. False: none can
	 * be spared. */
	bool (*spare)(void *arg);
	void *arg;
};

/* Listen on all addresses of options. While no descriptor is left, nobody is
 * accepted, and nothing is tried. */
int listeners_open(struct loop *loop, const struct options *options,
		   const struct listeners_events *events,
		   struct listeners **out, struct gw6c_err *err);
void listeners_close(struct listeners *listeners); /* NULL is fine */

/* How often there was none, even after one was spared. */
unsigned long listeners_pauses(const struct listeners *listeners);

#endif
