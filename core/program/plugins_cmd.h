/* plugins_cmd.h - what --list-plugins and --describe print. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_CORE_PROGRAM_PLUGINS_CMD_H
#define GW6C_CORE_PROGRAM_PLUGINS_CMD_H

#include "core/modules/loader.h"

/* A table of all modules to stdout; broken ones with their cause. */
void plugins_list(struct loader *loader);

/* One plugin with its options; name: "digest-md5" or "auth:digest-md5". */
int plugins_describe(struct loader *loader, const char *name,
		     struct gw6c_err *err);

#endif
