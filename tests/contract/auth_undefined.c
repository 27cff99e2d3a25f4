/* auth_undefined.c - calls a function that no library has. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "module.h"

extern int gw6c_contract_nowhere(void);

static int step(void *self, struct gw6c_bytes in, struct gw6c_buf *out,
		struct gw6c_err *err)
{
	(void)self;
	(void)in;
	(void)out;
	(void)err;
	return gw6c_contract_nowhere();
}

static const struct gw6c_auth_ops ops = {
	.size = sizeof(ops),
	.mechanism = "TEST",
	.open = m_open,
	.close = m_close,
	.step = step,
	.serve = m_step,
	.who = m_who,
};

GW6C_PLUGIN(auth_undefined) = {
	GW6C_HEAD(GW6C_AUTH, "undefined", "calls what is not there"),
	.auth = &ops,
};
