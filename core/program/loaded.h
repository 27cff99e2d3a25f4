/* loaded.h - a configuration, and what was made of it. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_CORE_PROGRAM_LOADED_H
#define GW6C_CORE_PROGRAM_LOADED_H

#include "core/config/settings.h"
#include "core/modules/loader.h"
#include "run.h"

/* Replaced as one by a reload. */
struct loaded {
	struct conf *conf;
	struct settings *settings;
	struct loader *loader;
	char os[LOADER_NAME]; /* name of the OS backend */
	size_t warned; /* warnings of conf that were logged */
};

/* All three log what is wrong, and leave *out empty then. */

/* Files, settings and a loader. */
bool loaded_read(const struct run_params *params, struct loaded *out);
/* The same, but without a file there are the defaults: plugins can be looked at
 * before there is a configuration. */
bool loaded_look(const struct run_params *params, struct loaded *out);
/* The same, and all that a tunnel needs. */
bool loaded_prepare(const struct run_params *params, struct loaded *out);

void loaded_free(struct loaded *loaded);

#endif
