/* broker_events.c - what happens while the broker serves: clients connect,
 * time out and leave; accounts change. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "broker/config/users.h"
#include "broker/data/life.h"
#include "broker/dialog/dialog_create.h"
#include "broker/dialog/failures.h"
#include "broker/dialog/guesses.h"
#include "broker_parts.h"
#include "changes.h"
#include "core/base/log.h"

#define EXPIRE_MS 2000 /* how often to look for dead tunnels */
#define LAST_ASKS_MS 6500 /* before the end of a silent one */
#define ASKS 5 /* of one that does not answer */

const char *broker_holder(const struct grant *grant)
{
	return grant->anonymous ? "anonymous" : grant->user;
}

/* --- addresses --------------------------------------------------------- */

void broker_save(struct broker *broker)
{
	struct gw6c_err err = { 0 };

	if (broker->loop)
		broker->saved_ms = loop_now_ms(broker->loop);
	if (pool_save(broker->pool6, &err) || pool_save(broker->pool4, &err) ||
	    pool_save(broker->prefixes6, &err))
		log_msg(GW6C_WARN, "pool", "%s", err.text);
	if (broker->env.guesses && guesses_save(broker->env.guesses, &err))
		log_msg(GW6C_WARN, "login", "%s", err.text);
}

static void tell_kept(const struct pool *pool, const char *user,
		      const struct gw6c_addr *wish, const struct gw6c_addr *got)
{
	char wanted[GW6C_ADDR_TEXT], has[GW6C_ADDR_TEXT];

	if (pool_would_move(pool, user, wish))
		log_msg(GW6C_NOTICE, "pool",
			"%s keeps %s until the next login, and is then given "
			"%s",
			user, gw6c_addr_text(got, has),
			gw6c_addr_text(wish, wanted));
	else
		log_msg(GW6C_WARN, "pool",
			"%s cannot be assigned %s until the tunnel using it "
			"ends",
			user, gw6c_addr_text(wish, wanted));
}

static void reserve_one(void *arg, const char *user, enum user_block what,
			const struct gw6c_addr *block)
{
	struct broker *broker = arg;
	struct pool *pool = what == USER_PREFIX6
				    ? broker->prefixes6
				    : env_pool(&broker->env, block->family);
	struct gw6c_addr got;

	if (!pool || !pool_acquire_prefix(pool, user, block->bits, block, &got))
		return;
	pool_release(pool, &got);
	if (memcmp(&got, block, sizeof(got)) != 0)
		tell_kept(pool, user, block, &got);
}

/* Reserve the blocks that are configured for accounts. */
void broker_reserve(struct broker *broker, struct conf *conf)
{
	users_each_block(conf, reserve_one, broker);
}

void broker_gone(void *arg, const struct tunnel_entry *entry)
{
	struct broker *broker = arg;

	env_release(&broker->env, &entry->grant);
}

/* --- clients ----------------------------------------------------------- */

static struct life life_of(const struct broker *broker)
{
	return (struct life){
		.anonymous_ms =
			(uint64_t)broker->env.options->anonymous_idle * 1000,
		.most_ms = (uint64_t)DIALOG_LIFETIME_S * 1000,
	};
}

/* A silent anonymous client is asked before its tunnel ends, and each one that
 * has never answered, at first. */
static void ask_one(struct broker *broker, struct tunnel_entry *entry)
{
	uint64_t silent_ms = loop_now_ms(broker->loop) - entry->heard_ms;
	const struct life life = life_of(broker);

	if (!entry->answers && entry->asks < ASKS && !entry->grant.proxy)
		broker_ask(broker, entry);
	else if (entry->grant.anonymous &&
		 silent_ms + LAST_ASKS_MS >= life_patience_ms(&life, entry))
		broker_ask(broker, entry);
}

static void expire_one(void *arg, struct tunnel_entry *entry)
{
	struct broker *broker = arg;
	const struct life life = life_of(broker);
	char room[GW6C_ADDR_TEXT], why[LIFE_WHY];

	broker_try_again(broker, entry);
	if (!life_is_over(&life, entry, loop_now_ms(broker->loop), why)) {
		ask_one(broker, entry);
		return;
	}
	log_msg(GW6C_NOTICE, "tunnel", "tunnel of %s ended: %s: %s",
		broker_holder(&entry->grant),
		gw6c_addr_text(&entry->grant.inner, room), why);
	tunnels_remove(broker->tunnels, entry);
	broker->expired++;
}

/* The timer runs only while something can expire. */
static void on_expire(void *arg)
{
	struct broker *broker = arg;
	long left;

	broker->expire = NULL;
	tunnels_each(broker->tunnels, expire_one, broker);
	left = dialogs_expire(broker->dialogs, loop_now_ms(broker->loop));
	broker_save(broker);
	if (failures_tell(broker->env.failures, loop_now_ms(broker->loop)) ||
	    left || tunnels_count(broker->tunnels))
		broker_watch_expiry(broker);
}

void broker_watch_expiry(struct broker *broker)
{
	if (!broker->expire)
		broker->expire =
			loop_timer(broker->loop, EXPIRE_MS, on_expire, broker);
}

void broker_control(void *arg, const struct endpoint *from,
		    struct gw6c_bytes datagram, struct gw6c_buf *out)
{
	struct broker *broker = arg;

	dialogs_datagram(broker->dialogs, from, datagram,
			 loop_now_ms(broker->loop), out);
	broker_watch_expiry(broker);
}

void broker_send(void *arg, const struct endpoint *to,
		 const struct gw6c_buf *out)
{
	struct broker *broker = arg;

	net_send(broker->net, to, out);
}

/* --- reload ------------------------------------------------------------ */

static bool may_anonymous(const struct dialog_env *env)
{
	for (int i = 0; env->auth[i]; i++)
		if (env->auth[i]->auth->flags & GW6C_AUTH_EMPTY)
			return true;
	return false;
}

/* Why an account, or anonymous, can no longer log in as it did, or NULL. */
static const char *why_unwanted(const struct broker *broker, struct conf *old,
				const struct grant *grant)
{
	const char *now, *before;

	if (grant->anonymous)
		return may_anonymous(&broker->env)
			       ? NULL
			       : "anonymous clients are no longer allowed";
	now = users_password(broker->env.conf, grant->user);
	before = users_password(old, grant->user);
	if (!now)
		return "the account no longer exists";
	return before && strcmp(now, before) == 0
		       ? NULL
		       : "the password of the account has changed";
}

struct reloading {
	struct broker *broker;
	struct conf *old;
};

static void end_unwanted(void *arg, struct tunnel_entry *entry)
{
	struct reloading *reloading = arg;
	struct broker *broker = reloading->broker;
	const char *why = why_unwanted(broker, reloading->old, &entry->grant);

	if (!why)
		return;
	log_msg(GW6C_NOTICE, "tunnel", "tunnel of %s ended: %s",
		broker_holder(&entry->grant), why);
	net_tell_lost(broker->net, &entry->to);
	tunnels_remove(broker->tunnels, entry);
}

/* What needs a restart stays as it was: the modes, and the pools, whose largest
 * prefix bounds what can be delegated. */
static void keep_base(struct broker *broker, struct loaded *fresh)
{
	const struct options *base = &broker->base->options;

	broker->env.modes = &broker->base->modes;
	fresh->options.max_tunnels = base->max_tunnels;
	fresh->options.reserved_tunnels = base->reserved_tunnels;
	if (fresh->options.largest_prefix <
	    broker->base->options.prefixes6.bits)
		fresh->options.largest_prefix =
			broker->base->options.prefixes6.bits;
}

/* Dialogues point into the file that they began with: they end before it. */
static void take_fresh(struct broker *broker, struct loaded *fresh,
		       const struct dialog_env *env)
{
	struct loaded *old = broker->fresh ? broker->fresh : broker->base;
	struct reloading reloading = { broker, old->conf };

	dialogs_clear(broker->dialogs);
	streams_clear(broker->streams);
	broker->fresh = fresh;
	broker->env = *env;
	keep_base(broker, fresh);
	broker_reserve(broker, fresh->conf);
	tunnels_each(broker->tunnels, end_unwanted, &reloading);
	broker_save(broker);
	log_reopen();
	broker_obey(broker->args, &fresh->options);
	changes_tell(broker->base->conf, old->conf, fresh->conf);
	if (old != broker->base)
		loaded_free(old);
}

/* Accounts, logins and log settings are reloaded; settings of the sockets and
 * the device need a restart. */
void broker_reload(void *arg, int signo)
{
	struct broker *broker = arg;
	struct loaded *fresh;
	struct dialog_env env = broker->env;
	struct gw6c_err err = { 0 };

	(void)signo;
	if (broker->ending)
		return;
	log_msg(GW6C_NOTICE, "config", "reloading %s", broker->args->file);
	if (loaded_read(broker->args->file, &fresh, &err) == GW6C_OK &&
	    loaded_env(fresh, &env, &err) == GW6C_OK) {
		take_fresh(broker, fresh, &env);
		return;
	}
	loaded_free(fresh);
	log_msg(GW6C_ERROR, "config", "%s; keeping the current configuration",
		err.text);
}
