/* auth_no_size.c - a table that does not say how long it is. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "module.h"

static const struct gw6c_auth_ops ops = { M_AUTH_REST };

GW6C_PLUGIN(auth_no_size) = {
	GW6C_HEAD(GW6C_AUTH, "no-size", "without a size"),
	.auth = &ops,
};
