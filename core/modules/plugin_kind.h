/* plugin_kind.h - the kinds of plugins, by name. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_CORE_MODULES_PLUGIN_KIND_H
#define GW6C_CORE_MODULES_PLUGIN_KIND_H

#include <gw6c/plugin.h>

const char *plugin_kind_name(enum gw6c_kind kind); /* "auth", ... */
/* "auth" and so on, len octets. False: no kind. */
bool plugin_kind_parse(const char *text, size_t len, enum gw6c_kind *out);

/* Can this OS backend show what it would do, without doing it? */
bool os_can_show(const struct gw6c_plugin *os);

#endif
