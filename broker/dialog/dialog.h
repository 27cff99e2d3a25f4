/* dialog.h - the server side of one TSP session, without I/O: a message in, a
 * reply out. RFC 5572 section 4. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_BROKER_DIALOG_DIALOG_H
#define GW6C_BROKER_DIALOG_DIALOG_H

#include "broker/config/options.h"
#include "broker/data/grant.h"
#include "broker/data/pool.h"
#include "core/modules/loader.h"
#include "core/tsp/rudp.h"
#include "core/tsp/tsp.h"
#include "identity.h"

#define DIALOG_LIFETIME_S 604800 /* announced to v6 clients; not enforced */
#define DIALOG_IDLE_MS 60000 /* after which an unaccepted offer is dropped */

/* Shared by all dialogues; borrowed. */
struct dialog_env {
	const struct options *options;
	struct conf *conf; /* accounts */
	struct loop *loop;
	struct pool *pool6, *pool4; /* pool4: NULL without v4v6 */
	struct pool *prefixes6; /* NULL: nothing is delegated */
	/* Does another holder have a tunnel to that address? */
	bool (*taken)(void *arg, const struct gw6c_addr *outer,
		      const char *key);
	void *arg;
	const struct gw6c_plugin *auth[OPTIONS_LIST + 1]; /* NULL ends */
	const struct identity *identity; /* no key: not needed */
};

/* The pool of inner addresses of that family. */
struct pool *env_pool(const struct dialog_env *env, int family);
/* Release the pool entries of a grant. */
void env_release(const struct dialog_env *env, const struct grant *grant);

/* Do the mechanisms fit into a reply to an unauthenticated client? */
bool dialog_is_short(const struct dialog_env *env);

enum dialog_stage {
	DIALOG_NEW, /* waiting for VERSION */
	DIALOG_AUTH, /* waiting for AUTHENTICATE */
	DIALOG_LOGIN, /* the mechanism's messages */
	DIALOG_STATUS, /* waiting for a poll for the status */
	DIALOG_REQUEST, /* logged in, waiting for create */
	DIALOG_OFFER, /* waiting for accept */
	DIALOG_DONE, /* accepted: grant is valid */
	DIALOG_DEAD, /* refused; replies are only repeated */
};

struct dialog {
	const struct dialog_env *env;
	struct endpoint from;
	enum dialog_stage stage;
	uint32_t version;
	const struct gw6c_plugin *auth;
	struct gw6c_host *auth_host;
	void *auth_self;
	struct gw6c_login login;
	char user[256]; /* "" before login, and for anonymous */
	bool anonymous;
	bool logged_in;
	struct grant grant;
	bool offered; /* the grant holds pool entries */
};

void dialog_init(struct dialog *dialog, const struct dialog_env *env,
		 const struct endpoint *from);
/* Release its resources; also the address, unless accepted. */
void dialog_end(struct dialog *dialog);

/* One message, without the UDP header; the reply is appended to out, which
 * has room for RUDP_SEND_MAX octets. */
void dialog_message(struct dialog *dialog, struct gw6c_bytes in,
		    struct gw6c_buf *out);

/* "ECHO REQUEST": answered for any client, without a dialogue. */
bool dialog_is_echo(struct gw6c_bytes in);

#endif
