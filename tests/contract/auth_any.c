/* auth_any.c - a name that means something else in gw6c.conf. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "module.h"

static const struct gw6c_auth_ops ops = { M_AUTH_OPS };

GW6C_PLUGIN(auth_any) = {
	GW6C_HEAD(GW6C_AUTH, "any", "not any, but this"),
	.auth = &ops,
};
