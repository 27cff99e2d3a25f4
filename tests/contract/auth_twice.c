/* auth_twice.c - declares an option twice. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "module.h"

static const struct gw6c_opt opts[] = {
	{ "two-words", GW6C_STR, NULL, "first", 0, 0 },
	{ "two_words", GW6C_NUM, "1", "second", 1, 2 },
	{ .key = NULL },
};
static const struct gw6c_auth_ops ops = { M_AUTH_OPS };

GW6C_PLUGIN(auth_twice) = {
	GW6C_HEAD(GW6C_AUTH, "twice", "too much of a good thing"),
	.opts = opts,
	.auth = &ops,
};
