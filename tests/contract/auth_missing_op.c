/* auth_missing_op.c - cannot serve. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "module.h"

static const struct gw6c_auth_ops ops = {
	.size = sizeof(ops),
	.mechanism = "TEST",
	.open = m_open,
	.close = m_close,
	.step = m_step,
	.who = m_who,
};

GW6C_PLUGIN(auth_missing_op) = {
	GW6C_HEAD(GW6C_AUTH, "missing-op", "cannot serve"),
	.auth = &ops,
};
