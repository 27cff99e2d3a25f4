/* feature_circle_a.c - needs feature_circle_b, which needs this. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "module.h"

static const char *const needs[] = { "feature:circle-b", NULL };
static const struct gw6c_feature_ops ops = { M_FEATURE_OPS };

GW6C_PLUGIN(feature_circle_a) = {
	GW6C_HEAD(GW6C_FEATURE, "circle-a", "half of a circle"),
	.needs = needs,
	.feature = &ops,
};
