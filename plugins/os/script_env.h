/* script_env.h - what a template script is told: its environment. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_SCRIPT_ENV_H
#define GW6C_SCRIPT_ENV_H

#include <gw6c/plugin.h>
#include <limits.h>

#define ENV_VARS 32
#define ENV_TEXT (4096 + 2 * PATH_MAX)

/* The script, and all but TSP_OPERATION; n 0: none. var[n] is NULL. */
struct script_env {
	char path[PATH_MAX];
	const char *var[ENV_VARS + 1]; /* into text; var[0] is the operation */
	int n;
	char text[ENV_TEXT];
	size_t used;
	bool overflow;
};

/* Of this lease, for the interface dev. */
int script_env_make(struct script_env *env, const struct gw6c_host *host,
		    const struct gw6c_lease *lease, const char *dev,
		    struct gw6c_err *err);

/* Set TSP_OPERATION. */
void script_env_operation(struct script_env *env, bool create);

/* So that a later process can run the same script for the same tunnel. Read:
 * false if there is no such file. */
int script_env_write(const struct script_env *env, const char *path,
		     struct gw6c_err *err);
bool script_env_read(struct script_env *env, const char *path);

#endif
