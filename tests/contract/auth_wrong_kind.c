/* auth_wrong_kind.c - a feature in the file of an auth plugin. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "module.h"

static const struct gw6c_feature_ops ops = { M_FEATURE_OPS };

GW6C_PLUGIN(auth_wrong_kind) = {
	GW6C_HEAD(GW6C_FEATURE, "wrong-kind", "in the wrong file"),
	.feature = &ops,
};
