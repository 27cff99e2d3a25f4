/* feature_good.c - what auth_good needs. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "module.h"

static const struct gw6c_feature_ops ops = { M_FEATURE_OPS };

GW6C_PLUGIN(feature_good) = {
	GW6C_HEAD(GW6C_FEATURE, "good", "does nothing"),
	.feature = &ops,
};
