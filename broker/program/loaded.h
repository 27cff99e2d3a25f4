/* loaded.h - a configuration file and what was made of it. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_BROKER_PROGRAM_LOADED_H
#define GW6C_BROKER_PROGRAM_LOADED_H

#include "broker/config/options.h"
#include "broker/dialog/dialog.h"
#include "core/modules/loader.h"

/* It never moves: others point into it until loaded_free(). */
struct loaded {
	const char *file; /* as it was named; it outlives this */
	struct conf *conf;
	struct options options;
	struct loader *loader;
	struct modes modes;
	/* Of the mechanisms that need one, in the order of auth. */
	struct identity identity[OPTIONS_LIST];
};

/* Errors in the file are logged, one per line; err has the summary. */
int loaded_read(const char *path, struct loaded **out, struct gw6c_err *err);
void loaded_free(struct loaded *loaded); /* NULL is fine */

/* Make env use the modes, mechanisms and accounts of this file. */
int loaded_env(struct loaded *loaded, struct dialog_env *env,
	       struct gw6c_err *err);

/* A mechanism that needs a server key: of those configured, else of those
 * installed. */
int loaded_key_owner(struct loaded *loaded, const struct gw6c_plugin **out,
		     struct gw6c_err *err);

#endif
