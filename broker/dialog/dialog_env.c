/* dialog_env.c - what all dialogues share. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "dialog_env.h"

struct pool *env_pool(const struct dialog_env *env, int family)
{
	return family == 4 ? env->pool4 : env->pool6;
}

struct pool *env_prefixes(const struct dialog_env *env, int family)
{
	return family == 6 ? env->prefixes6 : NULL;
}

bool env_shares_place(const struct dialog_env *env, const struct grant *grant)
{
	struct gw6c_addr inner;

	return grant->class == QUOTA_ACCOUNT &&
	       pool_uses(env_pool(env, grant->mode->tunnel->inner), grant->key,
			 &inner) > 0;
}

void env_give_place(const struct dialog_env *env, const struct grant *grant)
{
	if (env->quota && !env_shares_place(env, grant))
		quota_give(env->quota, &grant->source, grant->class);
}

void env_release(const struct dialog_env *env, const struct grant *grant)
{
	pool_release(env_pool(env, grant->inner.family), &grant->inner);
	if (grant->prefix.family)
		pool_release(env_prefixes(env, grant->prefix.family),
			     &grant->prefix);
	env_give_place(env, grant);
}

struct quota_limits env_limits(const struct dialog_env *env)
{
	const struct options *options = env->options;

	return (struct quota_limits){ .all = options->max_tunnels,
				      .reserved = options_reserved(options),
				      .one = options->max_per_address,
				      .network = options->max_per_network };
}

/* From the places of those that have proven nothing to the others. */
static bool move_place(const struct dialog_env *env, struct grant *grant)
{
	const struct quota_limits limits = env_limits(env);

	if (!env->quota || !quota_is_doubtful(grant->class))
		return true;
	if (quota_check(env->quota, &limits, &grant->source, QUOTA_ANONYMOUS) !=
		    QUOTA_TAKEN ||
	    !quota_take(env->quota, &grant->source, QUOTA_ANONYMOUS))
		return false;
	quota_give(env->quota, &grant->source, grant->class);
	grant->class = QUOTA_ANONYMOUS;
	return true;
}

bool env_keep(const struct dialog_env *env, struct grant *grant)
{
	if (!move_place(env, grant))
		return false;
	grant->proven = true;
	pool_keep(env_pool(env, grant->inner.family), &grant->inner);
	return true;
}
