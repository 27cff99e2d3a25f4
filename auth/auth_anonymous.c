/* auth_anonymous.c - SASL ANONYMOUS as TSP has it: no message at all. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include <gw6c/plugin.h>

static int anonymous_open(const struct gw6c_host *host,
			  const struct gw6c_login *login, void **self,
			  struct gw6c_err *err)
{
	(void)login;
	(void)err;
	*self = (void *)host; /* no state of its own */
	return GW6C_OK;
}

static void anonymous_close(void *self)
{
	(void)self;
}

/* Both ends: the status that answers AUTHENTICATE is all there is. */
static int anonymous_step(void *self, struct gw6c_bytes in,
			  struct gw6c_buf *out, struct gw6c_err *err)
{
	(void)self;
	(void)out;
	if (in.len)
		return gw6c_fail(err, GW6C_EPEER, "ANONYMOUS has no messages");
	return GW6C_OK;
}

static const char *anonymous_who(void *self)
{
	(void)self;
	return "";
}

static const struct gw6c_auth_ops anonymous_ops = {
	.size = sizeof(anonymous_ops),
	.flags = GW6C_AUTH_EMPTY,
	.rank = 0,
	.mechanism = "ANONYMOUS",
	.open = anonymous_open,
	.close = anonymous_close,
	.step = anonymous_step,
	.serve = anonymous_step,
	.who = anonymous_who,
};

GW6C_PLUGIN(auth_anonymous) = {
	GW6C_HEAD(GW6C_AUTH, "anonymous", "no account, no password"),
	.auth = &anonymous_ops,
};
