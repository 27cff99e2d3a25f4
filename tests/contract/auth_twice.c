/* auth_twice.c - declares an option twice. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "module.h"

static const struct gw6c_opt opts[] = {
	{ .key = "two-words", .type = GW6C_STR, .summary = "first" },
	{ .key = "two_words",
	  .type = GW6C_NUM,
	  .fallback = "1",
	  .summary = "second",
	  .min = 1,
	  .max = 2 },
	{ .key = NULL },
};
static const struct gw6c_auth_ops ops = { M_AUTH_OPS };

GW6C_PLUGIN(auth_twice) = {
	GW6C_HEAD(GW6C_AUTH, "twice", "too much of a good thing"),
	.opts = opts,
	.auth = &ops,
};
