/* auth_good.c - a module that does everything right. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "module.h"

static const struct gw6c_opt opts[] = {
	{ "realm", GW6C_STR, NULL, "any text", 0, 0 },
	{ "key", GW6C_SECRET, NULL, "a secret", 0, 0 },
	{ "rounds", GW6C_NUM, "16", "how often", 1, 4096 },
	{ "strict", GW6C_YES, "no", "refuse more", 0, 0 },
	{ .key = NULL },
};
static const char *const needs[] = { "feature:good", "?os:absent", NULL };
static const struct gw6c_auth_ops ops = { M_AUTH_OPS };

GW6C_PLUGIN(auth_good) = {
	GW6C_HEAD(GW6C_AUTH, "good", "what all should be like"),
	.opts = opts,
	.needs = needs,
	.auth = &ops,
};
