/* auth_passdss_3des_1.c - PASSDSS-3DES-1: the broker proves itself with a key
 * that the client knows, then the password crosses in a sealed box. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "passdss_box.h"
#include "passdss_key.h"
#include <gnutls/crypto.h>
#include <gw6c/plugin.h>
#include <stdlib.h>

/* Both messages as they are hashed: of the key, four numbers at most. */
#define SAID_MAX (2 * (PASSDSS_NAME + 4) + 7 * (PASSDSS_NUMBER + 4))
#define KEY_MAX (6 * (PASSDSS_NUMBER + 4))
#define SIGN_TRIES 3

enum stage { HELLO, REPLY, BOX, OVER };

struct passdss {
	const struct gw6c_host *host;
	const struct gw6c_login *login;
	enum stage stage;
	uint8_t secret[PASSDSS_SECRET]; /* of Diffie-Hellman */
	struct passdss_secrets secrets;
	uint8_t said_room[SAID_MAX];
	struct gw6c_buf said;
	char user[PASSDSS_NAME + 1]; /* broker: who logs in */
};

static int passdss_begin(const struct gw6c_host *host,
			 const struct gw6c_login *login, void **self,
			 struct gw6c_err *err)
{
	struct passdss *passdss;

	if (!passdss_available())
		return gw6c_fail(err, GW6C_ECONFIG,
				 "the crypto policy of this system forbids "
				 "SHA-1 or triple DES; set another "
				 "auth_method");
	passdss = calloc(1, sizeof(*passdss));
	if (!passdss)
		return gw6c_fail(err, GW6C_EOS, "out of memory");
	passdss->host = host;
	passdss->login = login;
	passdss->said = (struct gw6c_buf)GW6C_BUF(passdss->said_room);
	*self = passdss;
	return GW6C_OK;
}

static void passdss_close(void *self)
{
	gnutls_memset(self, 0, sizeof(struct passdss));
	free(self);
}

/* A secret of our own, and what is sent of it. */
static struct gw6c_bytes make_secret(struct passdss *passdss,
				     struct gw6c_buf *room)
{
	passdss->host->random(passdss->host, passdss->secret,
			      sizeof(passdss->secret));
	passdss_dh_public(passdss->secret, room);
	return gw6c_got(room);
}

/* What both ends hash of the broker's message. */
static void say_reply(struct passdss *passdss, struct gw6c_bytes blob,
		      struct gw6c_bytes dh, struct gw6c_bytes head)
{
	gw6c_put(&passdss->said, blob.at, blob.len);
	passdss_put_number(&passdss->said, dh);
	gw6c_put(&passdss->said, head.at, head.len);
}

/* False: the peer's number is out of range. */
static bool agree(struct passdss *passdss, struct gw6c_bytes peer)
{
	uint8_t room[PASSDSS_GROUP];
	struct gw6c_buf shared = GW6C_BUF(room);
	bool ok = passdss_dh_shared(passdss->secret, peer, &shared) &&
		  passdss_derive(gw6c_got(&passdss->said), gw6c_got(&shared),
				 &passdss->secrets) &&
		  !passdss->said.overflow;

	gnutls_memset(room, 0, sizeof(room));
	gnutls_memset(passdss->secret, 0, sizeof(passdss->secret));
	return ok;
}

/* --- client ------------------------------------------------------------ */

static int say_hello(struct passdss *passdss, struct gw6c_buf *out,
		     struct gw6c_err *err)
{
	uint8_t room[PASSDSS_GROUP];
	struct gw6c_buf dh = GW6C_BUF(room);
	struct passdss_hello hello = {
		.authname = gw6c_text(passdss->login->user),
	};

	if (hello.authname.len > PASSDSS_NAME ||
	    strlen(passdss->login->password) > PASSDSS_PASSWORD)
		return gw6c_fail(err, GW6C_ECONFIG,
				 "userid or passwd is too long for "
				 "PASSDSS-3DES-1");
	hello.dh = make_secret(passdss, &dh);
	passdss_put_hello(&passdss->said, &hello);
	gw6c_put(out, passdss->said.at, passdss->said.len);
	passdss->stage = REPLY;
	return GW6C_MORE;
}

/* The broker's message is consistent, and it holds the signing key. */
static int check_reply(struct passdss *passdss, struct gw6c_bytes in,
		       struct passdss_reply *reply, struct gw6c_err *err)
{
	const struct gw6c_host *host = passdss->host;
	unsigned bits = host->yes(host, "allow_short_keys") ? PASSDSS_WEAK_BITS
							    : PASSDSS_BITS;
	const char *flaw;

	if (!passdss_get_reply(in, reply))
		return gw6c_fail(err, GW6C_EPEER,
				 "the broker's message is malformed");
	flaw = passdss_key_flaw(&reply->key, bits);
	if (flaw)
		return gw6c_fail(err, GW6C_EAUTH, "broker key rejected: %s",
				 flaw);
	if (reply->head.at[0] && !(reply->head.at[0] & PASSDSS_NO_LAYER))
		return gw6c_fail(err, GW6C_EAUTH,
				 "the broker requires a security layer, "
				 "which TSP does not have");
	say_reply(passdss, reply->blob, reply->dh, reply->head);
	if (!agree(passdss, reply->dh))
		return gw6c_fail(err, GW6C_EAUTH,
				 "the broker's part of the key exchange is out "
				 "of range: it may be an impostor");
	if (!passdss_verify(&reply->key, reply->r, reply->s,
			    passdss->secrets.hash))
		return gw6c_fail(err, GW6C_EAUTH,
				 "the broker's signature is wrong: it may be "
				 "an impostor");
	return GW6C_OK;
}

static int trust_key(const struct passdss *passdss,
		     const struct passdss_reply *reply, struct gw6c_err *err)
{
	const struct gw6c_login *login = passdss->login;
	struct gw6c_bytes key = { reply->blob.at + 4, reply->blob.len - 4 };

	if (!GW6C_HAS(login, trust) || !login->trust)
		return gw6c_fail(err, GW6C_EAUTH,
				 "cannot verify the broker's key: this "
				 "program keeps no known keys");
	return login->trust(login->ctx, key, err);
}

static int answer_reply(struct passdss *passdss, struct gw6c_bytes in,
			struct gw6c_buf *out, struct gw6c_err *err)
{
	struct passdss_reply reply;

	passdss->stage = OVER;
	if (check_reply(passdss, in, &reply, err) ||
	    trust_key(passdss, &reply, err))
		return err->rc;
	if (!passdss_seal(&passdss->secrets, gw6c_got(&passdss->said),
			  passdss->login->password, out) ||
	    out->overflow)
		return gw6c_fail(err, GW6C_EBUG, "cannot encrypt the password");
	return GW6C_OK;
}

static int passdss_step(void *self, struct gw6c_bytes in, struct gw6c_buf *out,
			struct gw6c_err *err)
{
	struct passdss *passdss = self;

	switch (passdss->stage) {
	case HELLO:
		return say_hello(passdss, out, err);
	case REPLY:
		return answer_reply(passdss, in, out, err);
	case BOX:
	case OVER:
		break;
	}
	return gw6c_fail(err, GW6C_EPEER,
			 "unexpected message after "
			 "PASSDSS-3DES-1 had finished");
}

/* --- broker ------------------------------------------------------------ */

static bool sign_hash(const struct passdss *passdss,
		      const struct passdss_key *key, struct gw6c_buf *r,
		      struct gw6c_buf *s)
{
	uint8_t nonce[PASSDSS_NONCE];
	bool ok = false;

	for (int i = 0; i < SIGN_TRIES && !ok; i++) {
		r->len = s->len = 0;
		passdss->host->random(passdss->host, nonce, sizeof(nonce));
		ok = passdss_sign(key, nonce, passdss->secrets.hash, r, s);
	}
	gnutls_memset(nonce, 0, sizeof(nonce));
	return ok;
}

/* With the key at hand: the broker's message to hello. */
static int say_signed(struct passdss *passdss, const struct passdss_key *key,
		      const struct passdss_hello *hello, struct gw6c_buf *out,
		      struct gw6c_err *err)
{
	static const uint8_t head[PASSDSS_HEAD] = { PASSDSS_NO_LAYER };
	uint8_t dh_room[PASSDSS_GROUP], r_room[64], s_room[64];
	struct gw6c_buf dh = GW6C_BUF(dh_room), r = GW6C_BUF(r_room),
			s = GW6C_BUF(s_room);
	struct passdss_reply reply = { .key = *key,
				       .head = { head, sizeof(head) } };

	reply.dh = make_secret(passdss, &dh);
	passdss_put_blob(&passdss->said, key);
	say_reply(passdss, GW6C_NOTHING, reply.dh, reply.head);
	if (!agree(passdss, hello->dh))
		return gw6c_fail(err, GW6C_EAUTH,
				 "the client's part of the key exchange is "
				 "out of range");
	if (!sign_hash(passdss, key, &r, &s))
		return gw6c_fail(err, GW6C_EBUG, "the server key cannot sign");
	reply.r = gw6c_got(&r);
	reply.s = gw6c_got(&s);
	passdss_put_reply(out, &reply);
	if (out->overflow)
		return gw6c_fail(err, GW6C_ECONFIG,
				 "the server key is too long for one message");
	passdss->stage = BOX;
	return GW6C_MORE;
}

static int serve_hello(struct passdss *passdss, struct gw6c_bytes in,
		       struct gw6c_buf *out, struct gw6c_err *err)
{
	const struct gw6c_login *login = passdss->login;
	uint8_t room[KEY_MAX];
	struct gw6c_buf blob = GW6C_BUF(room);
	struct passdss_hello hello;
	struct passdss_key key;

	passdss->stage = OVER;
	if (!passdss_get_hello(in, &hello) || !hello.authname.len ||
	    memchr(hello.authname.at, 0, hello.authname.len) ||
	    (hello.azname.len &&
	     (hello.azname.len != hello.authname.len ||
	      memcmp(hello.azname.at, hello.authname.at, hello.azname.len))))
		return gw6c_fail(err, GW6C_EAUTH, "malformed first message");
	memcpy(passdss->user, hello.authname.at, hello.authname.len);
	gw6c_put(&passdss->said, in.at, in.len);
	if (!GW6C_HAS(login, server_key) || !login->server_key ||
	    login->server_key(login->ctx, &blob) ||
	    !passdss_get_private(gw6c_got(&blob), &key))
		gw6c_fail(err, GW6C_ECONFIG, "no server key is configured");
	else
		say_signed(passdss, &key, &hello, out, err);
	gnutls_memset(room, 0, sizeof(room));
	return passdss->stage == BOX ? GW6C_MORE : err->rc;
}

/* Constant time. Both buffers have the full size. */
static bool same_password(const char *a, const char *b)
{
	return gnutls_memcmp(a, b, PASSDSS_PASSWORD + 1) == 0;
}

static int serve_box(struct passdss *passdss, struct gw6c_bytes in,
		     struct gw6c_err *err)
{
	const struct gw6c_login *login = passdss->login;
	char got[PASSDSS_PASSWORD + 1], want[PASSDSS_PASSWORD + 1] = "";
	struct gw6c_buf secret = { .at = (uint8_t *)want,
				   .cap = PASSDSS_PASSWORD };
	bool opened, known, same;

	passdss->stage = OVER;
	opened = passdss_open(&passdss->secrets, gw6c_got(&passdss->said), in,
			      got);
	known = login->secret(login->ctx, passdss->user, &secret) == GW6C_OK;
	same = same_password(got, want) && !secret.overflow;
	gnutls_memset(got, 0, sizeof(got));
	gnutls_memset(want, 0, sizeof(want));
	if (!opened)
		return gw6c_fail(err, GW6C_EAUTH,
				 "the password message "
				 "failed its integrity check");
	if (!known || !same)
		return gw6c_fail(err, GW6C_EAUTH,
				 "unknown user or wrong password");
	return GW6C_OK;
}

static int passdss_serve(void *self, struct gw6c_bytes in, struct gw6c_buf *out,
			 struct gw6c_err *err)
{
	struct passdss *passdss = self;

	switch (passdss->stage) {
	case HELLO:
		return serve_hello(passdss, in, out, err);
	case BOX:
		return serve_box(passdss, in, err);
	case REPLY:
	case OVER:
		break;
	}
	return gw6c_fail(err, GW6C_EAUTH,
			 "unexpected message after "
			 "PASSDSS-3DES-1 had finished");
}

static const char *passdss_who(void *self)
{
	struct passdss *passdss = self;

	return passdss->user;
}

static const struct gw6c_opt options[] = {
	{ .key = "allow_short_keys",
	  .type = GW6C_YES,
	  .fallback = "no",
	  .summary =
		  "accept server keys of 512 to 1023 bits, which can be forged" },
	{ .key = "key_bits",
	  .type = GW6C_WORD,
	  .fallback = "2048",
	  .summary = "size of a key that gw6c-broker keygen makes",
	  .words = "1024 2048" },
	{ .key = NULL },
};

static const struct gw6c_auth_ops passdss_ops = {
	.size = sizeof(passdss_ops),
	.flags = GW6C_AUTH_INITIAL | GW6C_AUTH_BASE64 | GW6C_AUTH_BARE |
		 GW6C_AUTH_MUTUAL | GW6C_AUTH_PASSWORD | GW6C_AUTH_SERVER_KEY,
	.rank = 70,
	.mechanism = "PASSDSS-3DES-1",
	.open = passdss_begin,
	.close = passdss_close,
	.step = passdss_step,
	.serve = passdss_serve,
	.who = passdss_who,
	.key_type = "ssh-dss",
	.key_make = passdss_key_make,
	.key_read = passdss_key_read,
};

GW6C_PLUGIN(auth_passdss_3des_1) = {
	GW6C_HEAD(GW6C_AUTH, "passdss-3des-1",
		  "PASSDSS-3DES-1: the broker authenticates with its key"),
	.opts = options,
	.auth = &passdss_ops,
};
