/* auth_example.c - a login mechanism whose broker takes its time to answer, so
 * that passwords cannot be guessed fast; nobody else waits meanwhile. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include <gw6c/plugin.h>
#include <stdlib.h>

#define NAME_MAX_OCTETS 256
#define TEXT_MAX 1024

struct example {
	const struct gw6c_host *host;
	const struct gw6c_login *login; /* valid until close() */
	struct gw6c_watch *on_timer; /* of an answer that is due */
	int answer; /* GW6C_OK or GW6C_EAUTH */
	char user[NAME_MAX_OCTETS];
};

/* A compiler may leave out memset() before free(). */
static void wipe(void *at, size_t len)
{
	volatile uint8_t *octet = at;

	while (len--)
		*octet++ = 0;
}

/* The client: user, a line end, password. */
static int example_step(void *arg, struct gw6c_bytes in, struct gw6c_buf *out,
			struct gw6c_err *err)
{
	const struct example *self = arg;

	(void)in;
	gw6c_put_text(out, self->login->user);
	gw6c_put_text(out, "\n");
	gw6c_put_text(out, self->login->password);
	if (out->overflow)
		return gw6c_fail(err, GW6C_ECONFIG,
				 "user name and password are too long");
	return GW6C_OK;
}

/* The same time for every password of the same length. */
static bool same(struct gw6c_bytes a, struct gw6c_bytes b)
{
	uint8_t differs = a.len != b.len;

	for (size_t i = 0; i < a.len; i++)
		differs |= a.at[i] ^ (b.len ? b.at[i % b.len] : 1);
	return !differs;
}

static void on_timer(void *arg)
{
	struct example *self = arg;
	struct gw6c_err err = { 0 };

	self->on_timer = NULL; /* it has fired, and is gone */
	if (self->answer != GW6C_OK)
		gw6c_fail(&err, self->answer, "wrong user name or password");
	self->host->done(self->host, self->answer, GW6C_NOTHING, &err);
}

/* Unknown user or wrong password: the same answer, after the same time. */
static void decide(struct example *self, struct gw6c_bytes password)
{
	uint8_t room[TEXT_MAX];
	struct gw6c_buf secret = GW6C_BUF(room);
	const struct gw6c_login *login = self->login;
	int known = login->secret(login->ctx, self->user, &secret);
	bool right = same(password, gw6c_got(&secret));

	self->answer = known == GW6C_OK && right ? GW6C_OK : GW6C_EAUTH;
	wipe(room, sizeof(room));
}

static int example_serve(void *arg, struct gw6c_bytes in, struct gw6c_buf *out,
			 struct gw6c_err *err)
{
	struct example *self = arg;
	const uint8_t *end = in.len ? memchr(in.at, '\n', in.len) : NULL;
	size_t len = end ? (size_t)(end - in.at) : 0;
	long ms = self->host->num(self->host, "delay");

	(void)out;
	if (!end || len >= sizeof(self->user) || memchr(in.at, 0, in.len))
		return gw6c_fail(err, GW6C_EAUTH,
				 "not a user name, a line end and a password");
	memcpy(self->user, in.at, len);
	self->user[len] = 0;
	decide(self, (struct gw6c_bytes){ end + 1, in.len - len - 1 });
	self->on_timer =
		self->host->on_timer(self->host, (uint32_t)ms, on_timer, self);
	if (!self->on_timer)
		return gw6c_fail(err, GW6C_EOS, "out of memory");
	return GW6C_LATER; /* on_timer() calls host->done() */
}

static const char *example_who(void *arg)
{
	const struct example *self = arg;

	return self->user;
}

/* Also while an answer is due: the client has given up. */
static void example_close(void *arg)
{
	struct example *self = arg;

	self->host->forget(self->host, self->on_timer);
	wipe(self, sizeof(*self));
	free(self);
}

static int example_open(const struct gw6c_host *host,
			const struct gw6c_login *login, void **out,
			struct gw6c_err *err)
{
	struct example *self = calloc(1, sizeof(*self));

	if (!self)
		return gw6c_fail(err, GW6C_EOS, "out of memory");
	self->host = host;
	self->login = login;
	*out = self;
	return GW6C_OK;
}

static const struct gw6c_opt options[] = {
	{ .key = "delay",
	  .type = GW6C_NUM,
	  .fallback = "50",
	  .min = 1,
	  .max = 5000,
	  .summary = "milliseconds before the broker answers" },
	{ .key = NULL },
};

static const struct gw6c_auth_ops ops = {
	.size = sizeof(ops),
	.flags = GW6C_AUTH_INITIAL | GW6C_AUTH_BASE64 | GW6C_AUTH_CLEARTEXT |
		 GW6C_AUTH_PASSWORD,
	.rank = 10,
	.mechanism = "X-EXAMPLE",
	.open = example_open,
	.close = example_close,
	.step = example_step,
	.serve = example_serve,
	.who = example_who,
};

GW6C_PLUGIN(auth_example) = {
	GW6C_HEAD(GW6C_AUTH, "example", "a password, and a slow answer"),
	.opts = options,
	.auth = &ops,
};
