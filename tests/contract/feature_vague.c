/* feature_vague.c - needs something that is no plugin. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "module.h"

static const char *const needs[] = { "rain", NULL };
static const struct gw6c_feature_ops ops = { M_FEATURE_OPS };

GW6C_PLUGIN(feature_vague) = {
	GW6C_HEAD(GW6C_FEATURE, "vague", "wants rain"),
	.needs = needs,
	.feature = &ops,
};
