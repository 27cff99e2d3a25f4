/* auth_no_head.c - a descriptor that does not say how long it is. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "module.h"

static const struct gw6c_auth_ops ops = { M_AUTH_OPS };

GW6C_PLUGIN(auth_no_head) = {
	.abi = GW6C_ABI,
	.kind = GW6C_AUTH,
	.name = "no-head",
	.summary = "without a size",
	.version = "1",
	.auth = &ops,
};
