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

void env_release(const struct dialog_env *env, const struct grant *grant)
{
	pool_release(env_pool(env, grant->inner.family), &grant->inner);
	if (grant->prefix.family)
		pool_release(env_prefixes(env, grant->prefix.family),
			     &grant->prefix);
}
