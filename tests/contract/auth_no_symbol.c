/* auth_no_symbol.c - a shared object that is no plugin. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "module.h"

static const struct gw6c_auth_ops ops = { M_AUTH_OPS };

GW6C_PLUGIN(auth_renamed) = {
	GW6C_HEAD(GW6C_AUTH, "no-symbol", "was renamed"),
	.auth = &ops,
};
