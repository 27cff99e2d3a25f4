/* feature_bereft.c - needs a plugin that is not there. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "module.h"

static const char *const needs[] = { "?feature:absent", "os:absent", NULL };
static const struct gw6c_feature_ops ops = { M_FEATURE_OPS };

GW6C_PLUGIN(feature_bereft) = {
	GW6C_HEAD(GW6C_FEATURE, "bereft", "misses another"),
	.needs = needs,
	.feature = &ops,
};
