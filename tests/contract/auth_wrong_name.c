/* auth_wrong_name.c - calls itself otherwise than its file. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "module.h"

static const struct gw6c_auth_ops ops = { M_AUTH_OPS };

GW6C_PLUGIN(auth_wrong_name) = {
	GW6C_HEAD(GW6C_AUTH, "other", "has two names"),
	.auth = &ops,
};
