/* auth_plain.c - SASL PLAIN (RFC 4616): one message, nothing hidden. TSP
 * carries it raw, and its session adds the line end. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include <gnutls/crypto.h>
#include <gw6c/plugin.h>
#include <stdlib.h>

#define FIELD_MAX 254 /* octets of a user name or password with its NUL */

struct plain {
	const struct gw6c_login *login;
	bool done;
	char user[FIELD_MAX]; /* broker: who logged in */
};

static int plain_open(const struct gw6c_host *host,
		      const struct gw6c_login *login, void **self,
		      struct gw6c_err *err)
{
	struct plain *plain = calloc(1, sizeof(*plain));

	(void)host;
	if (!plain)
		return gw6c_fail(err, GW6C_EOS, "out of memory");
	plain->login = login;
	*self = plain;
	return GW6C_OK;
}

static void plain_close(void *self)
{
	free(self);
}

static bool plain_carries(const char *text)
{
	return strlen(text) < FIELD_MAX && !strpbrk(text, "\r\n");
}

/* RFC 4616 section 2: [authzid] NUL authcid NUL passwd. We never act on behalf
 * of another user, so authzid is empty. */
static int plain_step(void *self, struct gw6c_bytes in, struct gw6c_buf *out,
		      struct gw6c_err *err)
{
	struct plain *plain = self;
	const char *user = plain->login->user;
	const char *password = plain->login->password;

	if (in.len || plain->done)
		return gw6c_fail(err, GW6C_EPEER,
				 "unexpected challenge: "
				 "PLAIN has none");
	if (!plain_carries(user) || !plain_carries(password))
		return gw6c_fail(err, GW6C_ECONFIG,
				 "userid and passwd must be shorter than %d "
				 "octets and must not contain line breaks",
				 FIELD_MAX);
	plain->done = true;
	gw6c_put(out, "", 1);
	gw6c_put(out, user, strlen(user) + 1);
	gw6c_put(out, password, strlen(password));
	if (out->overflow)
		return gw6c_fail(err, GW6C_ECONFIG,
				 "userid and passwd exceed %zu octets",
				 out->cap);
	return GW6C_OK;
}

/* Split at the NULs; what follows the password (a NUL of old clients) does
 * not count. */
static bool plain_split(struct gw6c_bytes in, char user[FIELD_MAX],
			struct gw6c_bytes *password)
{
	const uint8_t *end = in.at + in.len, *first, *second;

	first = in.len ? memchr(in.at, 0, in.len) : NULL;
	second = first ? memchr(first + 1, 0, (size_t)(end - first - 1)) : NULL;
	if (!second || first != in.at || second == first + 1 ||
	    second - first - 1 >= FIELD_MAX)
		return false;
	memcpy(user, first + 1, (size_t)(second - first));
	password->at = second + 1;
	password->len = (size_t)(end - second - 1);
	while (password->len && !password->at[password->len - 1])
		password->len--;
	return true;
}

/* Compare in constant time. */
static bool plain_equal(struct gw6c_bytes got, const char *want)
{
	char a[FIELD_MAX] = "", b[FIELD_MAX] = "";
	bool fits = got.len < FIELD_MAX && strlen(want) < FIELD_MAX;
	bool equal;

	if (fits) {
		if (got.len)
			memcpy(a, got.at, got.len);
		memcpy(b, want, strlen(want));
	}
	equal = gnutls_memcmp(a, b, FIELD_MAX) == 0;
	gnutls_memset(a, 0, sizeof(a));
	gnutls_memset(b, 0, sizeof(b));
	return fits && equal;
}

static int plain_serve(void *self, struct gw6c_bytes in, struct gw6c_buf *out,
		       struct gw6c_err *err)
{
	struct plain *plain = self;
	char user[FIELD_MAX], room[FIELD_MAX] = "";
	struct gw6c_buf secret = { .at = (uint8_t *)room,
				   .cap = sizeof(room) - 1 };
	struct gw6c_bytes password;
	bool known, equal;

	(void)out;
	if (plain->done || !plain_split(in, user, &password))
		return gw6c_fail(err, GW6C_EAUTH, "malformed PLAIN message");
	plain->done = true;
	known = plain->login->secret(plain->login->ctx, user, &secret) ==
		GW6C_OK;
	equal = plain_equal(password, room) && !secret.overflow;
	gnutls_memset(room, 0, sizeof(room));
	if (!known || !equal)
		return gw6c_fail(err, GW6C_EAUTH,
				 "unknown user or wrong password");
	memcpy(plain->user, user, sizeof(user));
	return GW6C_OK;
}

static const char *plain_who(void *self)
{
	struct plain *plain = self;

	return plain->user;
}

static const struct gw6c_auth_ops plain_ops = {
	.size = sizeof(plain_ops),
	.flags = GW6C_AUTH_INITIAL | GW6C_AUTH_CLEARTEXT | GW6C_AUTH_PASSWORD,
	.rank = 10,
	.mechanism = "PLAIN",
	.open = plain_open,
	.close = plain_close,
	.step = plain_step,
	.serve = plain_serve,
	.who = plain_who,
};

GW6C_PLUGIN(auth_plain) = {
	GW6C_HEAD(GW6C_AUTH, "plain", "SASL PLAIN: password in clear text"),
	.auth = &plain_ops,
};
