/* wanted.h - which features the configuration asks for. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_CORE_MODULES_WANTED_H
#define GW6C_CORE_MODULES_WANTED_H

#include "core/config/settings.h"
#include "loader.h"

#define FEATURES_MAX 32

struct feature_list {
	struct {
		const struct gw6c_plugin *plugin;
		bool implied; /* nobody asked for it: it may fail to open */
	} item[FEATURES_MAX];
	int n;
};

/* Load, each once: those of features=; those with an option that loads them and
 * is set to yes; and on a router that asks for a prefix, those that are of use
 * with one of its family. What is asked for and cannot be loaded is an error,
 * the rest a warning. tunnel_mode has to be sound. */
int features_wanted(struct loader *loader, struct conf *conf,
		    const struct settings *settings, struct feature_list *out,
		    struct gw6c_err *err);

#endif
