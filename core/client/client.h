/* client.h - the client's life: connect, set up, keep alive, again. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_CORE_CLIENT_CLIENT_H
#define GW6C_CORE_CLIENT_CLIENT_H

#include "core/base/exit_status.h"
#include "core/config/settings.h"
#include "core/modules/loader.h"

struct client;

/* Borrowed until client_free(). */
struct client_params {
	struct loop *loop;
	struct conf *conf;
	const struct settings *settings;
	struct loader *loader;
	const char *os; /* name of the OS backend */
	bool dry_run; /* negotiate once, show the plan, end */
	bool boot; /* end at the first broker that cannot be reached */
	void (*up)(void *arg); /* each time the tunnel came up */
	/* Final: the client will do no more; free it, but not in here. */
	void (*ended)(void *arg, enum end status);
	void *arg;
};

/* Load and open the plugins that the settings name; *status says how to exit
 * if that fails. Changes nothing yet. */
int client_new(const struct client_params *params, struct client **out,
	       enum end *status, struct gw6c_err *err);

/* Check the machine, revert leftovers, begin. */
int client_start(struct client *client, enum end *status, struct gw6c_err *err);

/* Everything undone. NULL is fine. */
void client_free(struct client *client);

/* What status_ask() is answered. */
void client_status(struct client *client, struct gw6c_buf *out);

#endif
