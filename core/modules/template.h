/* template.h - which backend the setting "template" means. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_CORE_MODULES_TEMPLATE_H
#define GW6C_CORE_MODULES_TEMPLATE_H

#include "core/config/settings.h"
#include "loader.h"

/* The name of an OS plugin, into os. A name that no plugin has, and a path,
 * mean a script: the plugin that runs scripts is told its path in conf. A name
 * that a backend once had draws a warning of conf. dry_run: one that can show
 * what it would do. */
int template_choose(struct loader *loader, struct conf *conf,
		    const struct settings *settings, bool dry_run,
		    char os[LOADER_NAME], struct gw6c_err *err);

#endif
