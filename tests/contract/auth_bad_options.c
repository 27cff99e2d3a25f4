/* auth_bad_options.c - an option of a type that is not known here. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "module.h"

static const struct gw6c_opt opts[] = {
	{ .key = "fine", .type = GW6C_STR, .summary = "any text" },
	{ .key = "colour",
	  .type = (enum gw6c_type)99,
	  .summary = "of tomorrow" },
	{ .key = NULL },
};
static const struct gw6c_auth_ops ops = { M_AUTH_OPS };

GW6C_PLUGIN(auth_bad_options) = {
	GW6C_HEAD(GW6C_AUTH, "bad-options", "a strange option"),
	.opts = opts,
	.auth = &ops,
};
