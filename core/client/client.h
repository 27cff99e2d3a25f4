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
	bool patient; /* nobody is there to mend what is refused: unless
			 on_refusal says otherwise, wait and try again */
	void (*up)(void *arg); /* each time the tunnel came up */
	/* The state has changed: in words. */
	void (*state)(void *arg, const char *words);
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

/* End in order: features say goodbye through the tunnel while it is alive, for
 * 5 s at most, then everything is undone, and ended() is called. reason:
 * GW6C_FOR_STOP or GW6C_FOR_RELOAD. */
void client_stop(struct client *client, enum gw6c_reason reason);

/* Options of features have changed, and nothing that needs a new session.
 * Takes conf over, which must not be freed any more. */
void client_reload(struct client *client, struct conf *conf);
/* The configuration that features have, or are about to have. */
struct conf *client_conf(const struct client *client);

/* Everything undone, at once. NULL is fine. */
void client_free(struct client *client);

/* What status_ask() is answered; others than the owner are not told the
 * account, nor what features are used for. */
void client_status(struct client *client, bool owner, struct gw6c_buf *out);

#endif
