/* auth_abi1.c - built with the frozen headers of ABI 1, for ever. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "module.h"

#if GW6C_ABI != 1
#error "these are not the frozen headers"
#endif

static const struct gw6c_opt opts[] = {
	{ .key = "rounds",
	  .type = GW6C_NUM,
	  .fallback = "16",
	  .summary = "how often",
	  .min = 1,
	  .max = 4096 },
	{ .key = NULL },
};
static const struct gw6c_auth_ops ops = { M_AUTH_OPS };

GW6C_PLUGIN(auth_abi1) = {
	GW6C_HEAD(GW6C_AUTH, "abi1", "as of the first release"),
	.opts = opts,
	.auth = &ops,
};
