/* plugin_conf.h - the settings of a configuration that belong to plugins. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_CORE_MODULES_PLUGIN_CONF_H
#define GW6C_CORE_MODULES_PLUGIN_CONF_H

#include "core/config/conf.h"
#include "loader.h"

/* The setting that names a feature, an element of features. NULL: none does. */
const struct setting *plugin_conf_feature(struct conf *conf, const char *name);

enum plugin_conf_change {
	PLUGIN_CONF_SAME, /* plugins find the same in both */
	PLUGIN_CONF_FEATURES, /* features that are in use find other options */
	PLUGIN_CONF_MORE, /* others do, or other features are wanted */
};

/* From one configuration to another. */
enum plugin_conf_change plugin_conf_change(struct loader *loader,
					   const struct conf *from,
					   const struct conf *to);

/* Call back with "file:line: key: ..." for each setting of a plugin that is
 * not installed, and for those that are wrong for a plugin that is, but is
 * not in use. The others were checked when they were loaded. */
void plugin_conf_doubt(struct loader *loader, struct conf *conf,
		       void (*call)(const char *text));
/* The same for what is wrong alone: which plugin is missing was told. */
void plugin_conf_wrong(struct loader *loader, struct conf *conf,
		       void (*call)(const char *text));

#endif
