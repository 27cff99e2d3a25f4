/* dialog.h - the broker's end of one TSP session; pure: a message in, an
 * answer out. RFC 5572 section 4. */
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

#define DIALOG_LIFETIME_S 604800 /* told to v6 clients; nothing ends then */
#define DIALOG_IDLE_MS 60000 /* an offer that nobody accepts is dropped */

/* What all dialogues share; borrowed. */
struct dialog_env {
	const struct options *options;
	struct conf *conf; /* accounts */
	struct loop *loop;
	struct pool *pool6, *pool4; /* pool4: NULL without v4v6 */
	struct pool *prefixes6; /* NULL: nothing is delegated */
	/* Does somebody else have a tunnel to that address? */
	bool (*taken)(void *arg, const struct gw6c_addr *outer,
		      const char *key);
	void *arg;
	const struct gw6c_plugin *auth[OPTIONS_LIST + 1]; /* NULL ends */
	const struct identity *identity; /* without a key: none needs it */
};

/* The pool that an inner address is of. */
struct pool *env_pool(const struct dialog_env *env, int family);
/* What was taken for a grant is in use no more. */
void env_release(const struct dialog_env *env, const struct grant *grant);

/* Do the mechanisms fit into an answer that we give to strangers? */
bool dialog_is_short(const struct dialog_env *env);

enum dialog_stage {
	DIALOG_NEW, /* VERSION wanted */
	DIALOG_AUTH, /* AUTHENTICATE wanted */
	DIALOG_LOGIN, /* the mechanism's messages */
	DIALOG_STATUS, /* a poll for the status wanted */
	DIALOG_REQUEST, /* logged in: create wanted */
	DIALOG_OFFER, /* accept wanted */
	DIALOG_DONE, /* accepted: grant holds */
	DIALOG_DEAD, /* refused; answers are only repeated */
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
	bool offered; /* what the grant has is taken from the pools */
};

void dialog_init(struct dialog *dialog, const struct dialog_env *env,
		 const struct endpoint *from);
/* Give back what it holds; the address too, unless accepted. */
void dialog_end(struct dialog *dialog);

/* One message, without the UDP header; the answer is appended to out, which
 * has room for RUDP_SEND_MAX octets. */
void dialog_message(struct dialog *dialog, struct gw6c_bytes in,
		    struct gw6c_buf *out);

/* "ECHO REQUEST": answered to anybody, without a dialogue. */
bool dialog_is_echo(struct gw6c_bytes in);

#endif
