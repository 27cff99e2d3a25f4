/* auth_inside.c - linked into a test program, not loaded. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "module.h"

static const struct gw6c_auth_ops ops = { M_AUTH_OPS };

GW6C_PLUGIN(auth_inside) = {
	GW6C_HEAD(GW6C_AUTH, "inside", "built in"),
	.auth = &ops,
};
