/* loaded.h - a configuration file and what was made of it. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_BROKER_PROGRAM_LOADED_H
#define GW6C_BROKER_PROGRAM_LOADED_H

#include "broker/config/options.h"
#include "broker/dialog/dialog.h"
#include "core/modules/loader.h"

struct loaded {
	struct conf *conf;
	struct options options;
	struct loader *loader;
	struct identity identity; /* read when a mechanism needs it */
};

/* Mistakes in the file are logged, one a line; err says the rest. */
int loaded_read(const char *path, struct loaded *out, struct gw6c_err *err);
void loaded_free(struct loaded *loaded); /* also one that is all zero */

/* Let the env log in by the mechanisms and accounts of this file. */
int loaded_env(struct loaded *loaded, struct dialog_env *env,
	       struct gw6c_err *err);

/* Is anything different that only a new start can change? */
bool loaded_needs_start(const struct loaded *base, const struct loaded *fresh);

#endif
