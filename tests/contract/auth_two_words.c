/* auth_two_words.c - a module with a dash in its name. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "module.h"

static const struct gw6c_auth_ops ops = { M_AUTH_OPS };

GW6C_PLUGIN(auth_two_words) = {
	GW6C_HEAD(GW6C_AUTH, "two-words", "a dash in the name"),
	.auth = &ops,
};
