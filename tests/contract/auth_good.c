/* auth_good.c - a module that does everything right. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "module.h"

static const struct gw6c_opt opts[] = {
	{ .key = "realm", .type = GW6C_STR, .summary = "any text" },
	{ .key = "key", .type = GW6C_SECRET, .summary = "a secret" },
	{ .key = "rounds",
	  .type = GW6C_NUM,
	  .fallback = "16",
	  .summary = "how often",
	  .min = 1,
	  .max = 4096 },
	{ .key = "strict",
	  .type = GW6C_YES,
	  .fallback = "no",
	  .summary = "refuse more" },
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
