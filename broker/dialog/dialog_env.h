/* dialog_env.h - what all dialogues share. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_BROKER_DIALOG_DIALOG_ENV_H
#define GW6C_BROKER_DIALOG_DIALOG_ENV_H

#include "broker/config/modes.h"
#include "broker/data/sessions.h"
#include "identity.h"

struct dialog;

/* Shared by all dialogues; borrowed. */
struct dialog_env {
	const struct options *options;
	struct conf *conf; /* accounts */
	struct loop *loop;
	struct pool *pool6, *pool4; /* pool4: NULL if no mode needs it */
	struct pool *prefixes6; /* NULL: nothing is delegated */
	struct quota *quota; /* NULL: no limits but the pools' */
	struct sources *sources; /* NULL: TCP has no limits, UDP needs it */
	/* Does another holder have a tunnel at that end? */
	bool (*taken)(void *arg, const struct endpoint *to, const char *key);
	/* Which session of the account may this dialogue have, at that time?
	 * NULL: the first. */
	enum sessions_verdict (*sessions)(void *arg,
					  const struct dialog *dialog,
					  struct sessions_ask *ask,
					  unsigned *number,
					  const struct tunnel_entry **rival);
	/* What the tunnel has that is up with that inner address, or NULL.
	 * NULL: none is. */
	const struct grant *(*up)(void *arg, const struct gw6c_addr *inner);
	/* End that tunnel, since the client of the dialogue gets another address.
	 * Not NULL if up is not. */
	void (*displace)(void *arg, const struct dialog *dialog,
			 const struct gw6c_addr *inner);
	/* Is the outer end of what was offered still free? NULL: yes. */
	bool (*vacant)(void *arg, const struct dialog *dialog);
	void *arg;
	struct failures *failures; /* of logins; NULL: not counted */
	struct guesses *guesses; /* of passwords; NULL: nobody waits */
	const struct modes *modes;
	const struct gw6c_plugin *auth[OPTIONS_LIST + 1]; /* NULL ends */
	/* Keys of these mechanisms, in the same order; empty: none needed. */
	const struct identity *identity;
};

/* The pool of inner addresses, and of prefixes, of that family, or NULL. */
struct pool *env_pool(const struct dialog_env *env, int family);
struct pool *env_prefixes(const struct dialog_env *env, int family);
/* All that an account was offered and has with one key share a place. Does
 * anything else have it, when the grant has no pool entry (yet, or any more)? */
bool env_shares_place(const struct dialog_env *env, const struct grant *grant);
void env_give_place(const struct dialog_env *env, const struct grant *grant);
/* Release the pool entries of a grant, and its place. */
void env_release(const struct dialog_env *env, const struct grant *grant);
/* The client has proven that it is there: its address is remembered. False: no
 * place is left for it. */
bool env_keep(const struct dialog_env *env, struct grant *grant);
/* Of the configuration. */
struct quota_limits env_limits(const struct dialog_env *env);

#endif
