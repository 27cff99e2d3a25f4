/* fake_loader.h - a loader of plugins that a test has made. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_FAKE_LOADER_H
#define GW6C_FAKE_LOADER_H

#include "core/modules/loader.h"

#define FAKE_PLUGINS 24

/* What is installed; ends with NULL. */
extern const struct gw6c_plugin *fake_plugins[FAKE_PLUGINS + 1];
/* The name of one of these that cannot be loaded, or NULL. */
extern const char *fake_broken;
/* The only plugin directory. */
extern const char *fake_dir;

/* For all functions of loader.h that take one. */
struct loader *fake_loader(struct conf *conf);

#endif
