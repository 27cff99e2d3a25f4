/* plugin_index.h - optional packages, and the settings that ask for them. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_CORE_MODULES_PLUGIN_INDEX_H
#define GW6C_CORE_MODULES_PLUGIN_INDEX_H

#include "core/config/settings.h"
#include "loader.h"
#include "option.h"

/* Read plugins.index, of the first plugin directory that has one, else the one
 * that was installed: a warning for each plugin that a setting asks for and
 * that is not installed, unless features= names it, for that is an error.
 * Settings of such a plugin count as known. */
void plugin_index_apply(struct loader *loader, struct conf *conf,
			const struct settings *settings);

/* The package that the plugin comes in; false: none that is known of. */
bool plugin_index_package(const struct loader *loader, enum gw6c_kind kind,
			  const char *name, char package[OPTION_TEXT]);

#endif
