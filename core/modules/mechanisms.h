/* mechanisms.h - which login mechanisms the configuration allows. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_CORE_MODULES_MECHANISMS_H
#define GW6C_CORE_MODULES_MECHANISMS_H

#include "core/config/settings.h"
#include "loader.h"

/* Load what auth_method names, strongest first, NULL ends. "any": the
 * modules of auth_list that are installed, or all if it is empty, but none that
 * sends the password in clear text unless allow_plain=yes, and never one that
 * asks for no name. A name and password that they need have to be there. */
int mechanisms_load(struct loader *loader, struct conf *conf,
		    const struct settings *settings,
		    const struct gw6c_plugin *out[SETTINGS_LIST + 1],
		    struct gw6c_err *err);

#endif
