/* auth_slow.c - a mechanism of a stranger's that answers later, as one does
 * that asks a server of its own: "user password" in one message. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include <gw6c/plugin.h>
#include <stdlib.h>

#define WORD 64 /* octets of a name or password with its NUL */

struct slow {
	const struct gw6c_host *host;
	const struct gw6c_login *login;
	struct gw6c_watch *timer;
	char user[WORD], password[WORD];
};

static int slow_open(const struct gw6c_host *host,
		     const struct gw6c_login *login, void **self,
		     struct gw6c_err *err)
{
	struct slow *slow = calloc(1, sizeof(*slow));

	if (!slow)
		return gw6c_fail(err, GW6C_EOS, "out of memory");
	slow->host = host;
	slow->login = login;
	*self = slow;
	return GW6C_OK;
}

static void slow_close(void *self)
{
	struct slow *slow = self;

	slow->host->forget(slow->host, slow->timer);
	memset(slow, 0, sizeof(*slow));
	free(slow);
}

static int slow_step(void *self, struct gw6c_bytes in, struct gw6c_buf *out,
		     struct gw6c_err *err)
{
	struct slow *slow = self;

	(void)in;
	(void)err;
	gw6c_put_text(out, slow->login->user);
	gw6c_put_text(out, " ");
	gw6c_put_text(out, slow->login->password);
	return GW6C_OK;
}

static void slow_answer(void *arg)
{
	struct slow *slow = arg;
	char room[WORD] = "";
	struct gw6c_buf secret = { .at = (uint8_t *)room,
				   .cap = sizeof(room) - 1 };
	struct gw6c_err err = { 0 };

	slow->timer = NULL;
	if (slow->login->secret(slow->login->ctx, slow->user, &secret) ||
	    strcmp(room, slow->password) != 0)
		gw6c_fail(&err, GW6C_EAUTH, "wrong, after all this time");
	slow->host->done(slow->host, err.rc, GW6C_NOTHING, &err);
}

static int slow_serve(void *self, struct gw6c_bytes in, struct gw6c_buf *out,
		      struct gw6c_err *err)
{
	struct slow *slow = self;
	char text[2 * WORD] = "";

	(void)out;
	if (in.len >= sizeof(text) || slow->timer)
		return gw6c_fail(err, GW6C_EAUTH, "malformed");
	memcpy(text, in.at, in.len);
	if (sscanf(text, "%63s %63s", slow->user, slow->password) != 2)
		return gw6c_fail(err, GW6C_EAUTH, "malformed");
	slow->host->log(slow->host, GW6C_NOTICE, "asked about %s", slow->user);
	slow->timer =
		slow->host->on_timer(slow->host,
				     (uint32_t)slow->host->num(slow->host,
							       "delay_ms"),
				     slow_answer, slow);
	return GW6C_LATER;
}

static const char *slow_who(void *self)
{
	struct slow *slow = self;

	return slow->user;
}

static const struct gw6c_opt options[] = {
	{ .key = "delay_ms",
	  .type = GW6C_NUM,
	  .fallback = "1500",
	  .summary = "how long the server thinks",
	  .max = 60000 },
	{ .key = NULL },
};

static const struct gw6c_auth_ops slow_ops = {
	.size = sizeof(slow_ops),
	.flags = GW6C_AUTH_INITIAL | GW6C_AUTH_CLEARTEXT | GW6C_AUTH_PASSWORD,
	.mechanism = "SLOW",
	.open = slow_open,
	.close = slow_close,
	.step = slow_step,
	.serve = slow_serve,
	.who = slow_who,
};

GW6C_PLUGIN(auth_slow) = {
	GW6C_HEAD(GW6C_AUTH, "slow", "asks a server that takes its time"),
	.opts = options,
	.auth = &slow_ops,
};
