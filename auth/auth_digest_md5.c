/* auth_digest_md5.c - SASL DIGEST-MD5 (RFC 2831), qop auth: neither end sends
 * the password, and both prove that they know it. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "digest.h"
#include <gnutls/crypto.h>
#include <gw6c/plugin.h>
#include <stdlib.h>

#define NONCE_OCTETS 16
#define NONCE_HEX (2 * NONCE_OCTETS + 1)
#define VERSION_200 0x020000u /* of TSP; see digest_input.cut */

enum stage { START, PROOF, OVER };

struct digest {
	const struct gw6c_host *host;
	const struct gw6c_login *login;
	enum stage stage;
	char nonce[NONCE_HEX]; /* ours: cnonce of a client, nonce of a broker */
	char rspauth[DIGEST_HEX]; /* client: what the broker must know */
	char user[DIGEST_FIELD]; /* broker: who logged in */
};

static bool have_md5(void)
{
	uint8_t digest[16];

	return gnutls_hash_fast(GNUTLS_DIG_MD5, "", 0, digest) == 0;
}

static int digest_open(const struct gw6c_host *host,
		       const struct gw6c_login *login, void **self,
		       struct gw6c_err *err)
{
	struct digest *digest;

	if (!have_md5())
		return gw6c_fail(err, GW6C_ECONFIG,
				 "the crypto policy of this system forbids "
				 "MD5; set another auth_method");
	digest = calloc(1, sizeof(*digest));
	if (!digest)
		return gw6c_fail(err, GW6C_EOS, "out of memory");
	digest->host = host;
	digest->login = login;
	*self = digest;
	return GW6C_OK;
}

static void digest_close(void *self)
{
	gnutls_memset(self, 0, sizeof(struct digest));
	free(self);
}

static void make_nonce(struct digest *digest)
{
	static const char digits[] = "0123456789abcdef";
	uint8_t octets[NONCE_OCTETS];

	digest->host->random(digest->host, octets, sizeof(octets));
	for (int i = 0; i < NONCE_OCTETS; i++) {
		digest->nonce[2 * i] = digits[octets[i] >> 4];
		digest->nonce[2 * i + 1] = digits[octets[i] & 15];
	}
	digest->nonce[NONCE_HEX - 1] = 0;
}

/* Is "auth" one of the words of "auth,auth-int"? */
static bool offers_auth(const char *qop)
{
	while (*qop) {
		size_t len = strcspn(qop, ", ");

		if (len == 4 && strncmp(qop, "auth", 4) == 0)
			return true;
		qop += len;
		qop += strspn(qop, ", ");
	}
	return false;
}

/* --- client ------------------------------------------------------------ */

static void put_response(struct digest *digest,
			 const struct digest_fields *challenge, const char *uri,
			 const char *response, struct gw6c_buf *out)
{
	if (challenge->charset[0]) {
		gw6c_put_text(out, "charset=");
		gw6c_put_text(out, challenge->charset);
		gw6c_put_text(out, ",");
	}
	digest_put_quoted(out, "username", digest->login->user);
	gw6c_put_text(out, ",");
	digest_put_quoted(out, "realm", challenge->realm);
	gw6c_put_text(out, ",");
	digest_put_quoted(out, "nonce", challenge->nonce);
	gw6c_put_text(out, ",nc=00000001,");
	digest_put_quoted(out, "cnonce", digest->nonce);
	gw6c_put_text(out, ",");
	digest_put_quoted(out, "digest-uri", uri);
	gw6c_put_text(out, ",response=");
	gw6c_put_text(out, response);
	gw6c_put_text(out, ",qop=auth");
}

static int answer_challenge(struct digest *digest, struct gw6c_bytes in,
			    struct gw6c_buf *out, struct gw6c_err *err)
{
	struct digest_fields challenge;
	char uri[DIGEST_FIELD + 8], response[DIGEST_HEX];
	struct digest_input input = {
		.user = digest->login->user,
		.password = digest->login->password,
		.realm = challenge.realm,
		.nonce = challenge.nonce,
		.cnonce = digest->nonce,
		.uri = uri,
		.cut = digest->login->version <= VERSION_200,
	};

	if (!digest_parse(in, &challenge) || !challenge.nonce[0])
		return gw6c_fail(err, GW6C_EPEER,
				 "the broker's challenge is malformed");
	if (challenge.qop[0] && !offers_auth(challenge.qop))
		return gw6c_fail(err, GW6C_EPEER,
				 "the broker requires a quality of "
				 "protection other than auth");
	snprintf(uri, sizeof(uri), "tsp/%s", digest->login->broker);
	make_nonce(digest);
	if (!digest_compute(&input, response, digest->rspauth))
		return gw6c_fail(err, GW6C_ECONFIG,
				 "userid or passwd is too long for "
				 "DIGEST-MD5");
	put_response(digest, &challenge, uri, response, out);
	if (out->overflow)
		return gw6c_fail(err, GW6C_EPEER,
				 "the response exceeds %zu octets", out->cap);
	digest->stage = PROOF;
	return GW6C_MORE;
}

static int check_proof(struct digest *digest, struct gw6c_bytes in,
		       struct gw6c_err *err)
{
	struct digest_fields proof;

	digest->stage = OVER;
	if (!digest_parse(in, &proof) ||
	    !digest_same(proof.rspauth, digest->rspauth))
		return gw6c_fail(err, GW6C_EAUTH,
				 "the broker did not prove that it knows the "
				 "password: it may be an impostor");
	return GW6C_OK;
}

static int digest_step(void *self, struct gw6c_bytes in, struct gw6c_buf *out,
		       struct gw6c_err *err)
{
	struct digest *digest = self;

	switch (digest->stage) {
	case START:
		return answer_challenge(digest, in, out, err);
	case PROOF:
		return check_proof(digest, in, err);
	case OVER:
		break;
	}
	return gw6c_fail(err, GW6C_EPEER,
			 "unexpected message after "
			 "DIGEST-MD5 had finished");
}

/* --- broker ------------------------------------------------------------ */

static int put_challenge(struct digest *digest, struct gw6c_buf *out,
			 struct gw6c_err *err)
{
	make_nonce(digest);
	digest_put_quoted(out, "realm", digest->login->realm);
	gw6c_put_text(out, ",");
	digest_put_quoted(out, "nonce", digest->nonce);
	gw6c_put_text(out, ",qop=auth,algorithm=md5-sess,charset=utf-8");
	if (out->overflow)
		return gw6c_fail(err, GW6C_ECONFIG,
				 "the realm exceeds %zu octets", out->cap);
	digest->stage = PROOF;
	return GW6C_MORE;
}

/* Everything but the password. */
static bool response_fits(const struct digest *digest,
			  const struct digest_fields *got)
{
	return got->username[0] && got->cnonce[0] &&
	       strcmp(got->nonce, digest->nonce) == 0 &&
	       strcmp(got->nc, "00000001") == 0 &&
	       (!got->qop[0] || strcmp(got->qop, "auth") == 0) &&
	       strncmp(got->uri, "tsp/", 4) == 0 &&
	       (!got->has_realm ||
		strcmp(got->realm, digest->login->realm) == 0);
}

static int check_response(struct digest *digest, struct gw6c_bytes in,
			  struct gw6c_buf *out, struct gw6c_err *err)
{
	struct digest_fields got;
	char password[DIGEST_FIELD] = "", want[DIGEST_HEX], rspauth[DIGEST_HEX];
	struct gw6c_buf secret = { .at = (uint8_t *)password,
				   .cap = sizeof(password) - 1 };
	struct digest_input input = {
		.user = got.username,
		.password = password,
		.realm = got.realm,
		.nonce = digest->nonce,
		.cnonce = got.cnonce,
		.uri = got.uri,
		.cut = digest->login->version <= VERSION_200,
	};
	bool known, ok;

	digest->stage = OVER;
	if (!digest_parse(in, &got) || !response_fits(digest, &got))
		return gw6c_fail(err, GW6C_EAUTH, "malformed response");
	known = digest->login->secret(digest->login->ctx, got.username,
				      &secret) == GW6C_OK;
	ok = digest_compute(&input, want, rspauth) && !secret.overflow;
	gnutls_memset(password, 0, sizeof(password));
	if (!digest_same(want, got.response) || !known || !ok)
		return gw6c_fail(err, GW6C_EAUTH,
				 "unknown user or wrong password");
	memcpy(digest->user, got.username, sizeof(digest->user));
	gw6c_put_text(out, "rspauth=");
	gw6c_put_text(out, rspauth);
	if (out->overflow)
		return gw6c_fail(err, GW6C_EBUG, "reply buffer too small");
	return GW6C_OK;
}

static int digest_serve(void *self, struct gw6c_bytes in, struct gw6c_buf *out,
			struct gw6c_err *err)
{
	struct digest *digest = self;

	switch (digest->stage) {
	case START:
		return put_challenge(digest, out, err);
	case PROOF:
		return check_response(digest, in, out, err);
	case OVER:
		break;
	}
	return gw6c_fail(err, GW6C_EAUTH,
			 "unexpected message after "
			 "DIGEST-MD5 had finished");
}

static const char *digest_who(void *self)
{
	struct digest *digest = self;

	return digest->user;
}

static const struct gw6c_auth_ops digest_ops = {
	.size = sizeof(digest_ops),
	.flags = GW6C_AUTH_BASE64 | GW6C_AUTH_MUTUAL | GW6C_AUTH_PASSWORD,
	.rank = 30,
	.mechanism = "DIGEST-MD5",
	.open = digest_open,
	.close = digest_close,
	.step = digest_step,
	.serve = digest_serve,
	.who = digest_who,
};

GW6C_PLUGIN(auth_digest_md5) = {
	GW6C_HEAD(GW6C_AUTH, "digest-md5",
		  "SASL DIGEST-MD5: the password is not sent"),
	.auth = &digest_ops,
};
