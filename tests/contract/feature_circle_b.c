/* feature_circle_b.c - needs feature_circle_a, which needs this. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "module.h"

static const char *const needs[] = { "feature:circle-a", NULL };
static const struct gw6c_feature_ops ops = { M_FEATURE_OPS };

GW6C_PLUGIN(feature_circle_b) = {
	GW6C_HEAD(GW6C_FEATURE, "circle-b", "half of a circle"),
	.needs = needs,
	.feature = &ops,
};
