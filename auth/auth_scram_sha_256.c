/* auth_scram_sha_256.c - SASL SCRAM-SHA-256 (RFC 7677): neither end sends the
 * password, and both prove that they know it. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "scram.h"
#include <gnutls/crypto.h>
#include <gw6c/plugin.h>
#include <stdlib.h>

#define NONCE_OCTETS 18
#define SALT_OCTETS 16
#define SAID_MAX (3 * SCRAM_MESSAGE)

/* Of the client's end, and of the broker's. */
enum stage { FIRST, CHALLENGE, SIGNATURE, FINAL, OVER };

struct scram {
	const struct gw6c_host *host;
	const struct gw6c_login *login;
	enum stage stage;
	char nonce[SCRAM_NONCE]; /* client: ours; broker: both together */
	uint8_t said_room[SAID_MAX]; /* what the proofs are about */
	struct gw6c_buf said;
	uint8_t signature[SCRAM_HASH]; /* client: what the broker must know */
	struct scram_challenge challenge; /* broker: what it sent */
	char header[SCRAM_NAME + 8]; /* broker: of the first message */
	char user[SCRAM_NAME]; /* broker: who logs in */
};

static int scram_begin(const struct gw6c_host *host,
		       const struct gw6c_login *login, void **self,
		       struct gw6c_err *err)
{
	struct scram *scram = calloc(1, sizeof(*scram));

	if (!scram)
		return gw6c_fail(err, GW6C_EOS, "out of memory");
	scram->host = host;
	scram->login = login;
	scram->said = (struct gw6c_buf)GW6C_BUF(scram->said_room);
	*self = scram;
	return GW6C_OK;
}

static void scram_close(void *self)
{
	gnutls_memset(self, 0, sizeof(struct scram));
	free(self);
}

static void put_nonce(const struct scram *scram, struct gw6c_buf *out)
{
	uint8_t octets[NONCE_OCTETS];

	scram->host->random(scram->host, octets, sizeof(octets));
	scram_put_base64(out, octets, sizeof(octets));
}

static void say(struct scram *scram, struct gw6c_bytes text)
{
	if (scram->said.len)
		gw6c_put_text(&scram->said, ",");
	gw6c_put(&scram->said, text.at, text.len);
}

/* --- client ------------------------------------------------------------ */

static int say_first(struct scram *scram, struct gw6c_buf *out,
		     struct gw6c_err *err)
{
	struct gw6c_buf nonce = { .at = (uint8_t *)scram->nonce,
				  .cap = sizeof(scram->nonce) - 1 };
	size_t bare;

	put_nonce(scram, &nonce);
	gw6c_put_text(out, "n,,");
	bare = out->len;
	gw6c_put_text(out, "n=");
	scram_put_name(out, scram->login->user);
	gw6c_put_text(out, ",r=");
	gw6c_put_text(out, scram->nonce);
	if (out->overflow || out->len > SCRAM_MESSAGE)
		return gw6c_fail(err, GW6C_ECONFIG,
				 "userid is too long for SCRAM-SHA-256");
	say(scram, (struct gw6c_bytes){ out->at + bare, out->len - bare });
	scram->stage = CHALLENGE;
	return GW6C_MORE;
}

static int check_challenge(const struct scram *scram,
			   const struct scram_challenge *challenge,
			   struct gw6c_err *err)
{
	size_t len = strlen(scram->nonce);

	if (strncmp(challenge->nonce, scram->nonce, len) != 0 ||
	    !challenge->nonce[len])
		return gw6c_fail(err, GW6C_EAUTH,
				 "the broker's nonce does not begin with ours: "
				 "it may be an impostor");
	if (challenge->rounds < SCRAM_ROUNDS ||
	    challenge->rounds > SCRAM_ROUNDS_MAX)
		return gw6c_fail(err, GW6C_EAUTH,
				 "the broker requests %lu iterations; %d to "
				 "%d are accepted",
				 challenge->rounds, SCRAM_ROUNDS,
				 SCRAM_ROUNDS_MAX);
	return GW6C_OK;
}

static int answer_challenge(struct scram *scram, struct gw6c_bytes in,
			    struct gw6c_buf *out, struct gw6c_err *err)
{
	struct scram_challenge challenge;
	struct scram_proofs proofs;
	bool ok;

	scram->stage = OVER;
	if (in.len > SCRAM_MESSAGE || !scram_get_challenge(in, &challenge))
		return gw6c_fail(err, GW6C_EPEER,
				 "the broker's challenge is malformed");
	if (check_challenge(scram, &challenge, err))
		return err->rc;
	gw6c_put_text(out, "c=biws,r="); /* "n,,": no channel is bound */
	gw6c_put_text(out, challenge.nonce);
	say(scram, in);
	say(scram, gw6c_got(out));
	ok = !scram->said.overflow &&
	     scram_prove(scram->login->password, &challenge,
			 gw6c_got(&scram->said), &proofs);
	if (!ok)
		return gw6c_fail(err, GW6C_ECONFIG,
				 "the crypto policy of this system forbids "
				 "SHA-256; set another auth_method");
	gw6c_put_text(out, ",p=");
	scram_put_base64(out, proofs.client, sizeof(proofs.client));
	memcpy(scram->signature, proofs.server, sizeof(scram->signature));
	gnutls_memset(&proofs, 0, sizeof(proofs));
	scram->stage = SIGNATURE;
	return GW6C_MORE;
}

static int check_signature(struct scram *scram, struct gw6c_bytes in,
			   struct gw6c_err *err)
{
	uint8_t got[SCRAM_HASH] = { 0 };

	scram->stage = OVER;
	if (!scram_get_signature(in, got) ||
	    gnutls_memcmp(got, scram->signature, sizeof(got)) != 0)
		return gw6c_fail(err, GW6C_EAUTH,
				 "the broker did not prove that it knows the "
				 "password: it may be an impostor");
	return GW6C_OK;
}

static int scram_step(void *self, struct gw6c_bytes in, struct gw6c_buf *out,
		      struct gw6c_err *err)
{
	struct scram *scram = self;

	switch (scram->stage) {
	case FIRST:
		return say_first(scram, out, err);
	case CHALLENGE:
		return answer_challenge(scram, in, out, err);
	case SIGNATURE:
		return check_signature(scram, in, err);
	case FINAL:
	case OVER:
		break;
	}
	return gw6c_fail(err, GW6C_EPEER,
			 "unexpected message after "
			 "SCRAM-SHA-256 had finished");
}

/* --- broker ------------------------------------------------------------ */

/* The salt is new each time, so that a login attempt does not reveal whether
 * the user exists. */
static void make_challenge(struct scram *scram, const struct scram_first *first)
{
	struct gw6c_buf nonce = { .at = (uint8_t *)scram->nonce,
				  .cap = sizeof(scram->nonce) - 1 };

	gw6c_put_text(&nonce, first->nonce);
	put_nonce(scram, &nonce);
	if (nonce.overflow)
		scram->nonce[0] = 0;
	scram->host->random(scram->host, scram->challenge.salt, SALT_OCTETS);
	scram->challenge.salt_len = SALT_OCTETS;
	scram->challenge.rounds = SCRAM_ROUNDS;
}

static int serve_first(struct scram *scram, struct gw6c_bytes in,
		       struct gw6c_buf *out, struct gw6c_err *err)
{
	struct scram_first first;
	char rounds[24];

	scram->stage = OVER;
	if (in.len > SCRAM_MESSAGE || !scram_get_first(in, &first) ||
	    first.header.len >= sizeof(scram->header))
		return gw6c_fail(err, GW6C_EAUTH, "malformed first message");
	if (first.authzid[0] && strcmp(first.authzid, first.user) != 0)
		return gw6c_fail(err, GW6C_EAUTH,
				 "authorization identities are not supported");
	make_challenge(scram, &first);
	if (!scram->nonce[0])
		return gw6c_fail(err, GW6C_EAUTH, "the nonce is too long");
	memcpy(scram->header, first.header.at, first.header.len);
	memcpy(scram->user, first.user, sizeof(scram->user));
	gw6c_put_text(out, "r=");
	gw6c_put_text(out, scram->nonce);
	gw6c_put_text(out, ",s=");
	scram_put_base64(out, scram->challenge.salt, SALT_OCTETS);
	snprintf(rounds, sizeof(rounds), ",i=%lu", scram->challenge.rounds);
	gw6c_put_text(out, rounds);
	say(scram, first.bare);
	say(scram, gw6c_got(out));
	if (out->overflow || scram->said.overflow)
		return gw6c_fail(err, GW6C_EAUTH, "the nonce is too long");
	scram->stage = FINAL;
	return GW6C_MORE;
}

/* Everything but the proof. */
static bool final_fits(const struct scram *scram,
		       const struct scram_final *final)
{
	return strcmp(final->nonce, scram->nonce) == 0 &&
	       final->header_len == strlen(scram->header) &&
	       memcmp(final->header, scram->header, final->header_len) == 0;
}

static int serve_final(struct scram *scram, struct gw6c_bytes in,
		       struct gw6c_buf *out, struct gw6c_err *err)
{
	const struct gw6c_login *login = scram->login;
	char password[SCRAM_NAME] = "";
	struct gw6c_buf secret = { .at = (uint8_t *)password,
				   .cap = sizeof(password) - 1 };
	struct scram_proofs proofs;
	struct scram_final final;
	bool known, ok;

	scram->stage = OVER;
	if (in.len > SCRAM_MESSAGE || !scram_get_final(in, &final) ||
	    !final_fits(scram, &final))
		return gw6c_fail(err, GW6C_EAUTH, "malformed second message");
	say(scram, final.without_proof);
	known = login->secret(login->ctx, scram->user, &secret) == GW6C_OK;
	ok = scram_prove(password, &scram->challenge, gw6c_got(&scram->said),
			 &proofs) &&
	     !secret.overflow && !scram->said.overflow;
	gnutls_memset(password, 0, sizeof(password));
	if (gnutls_memcmp(final.proof, proofs.client, sizeof(final.proof)) !=
		    0 ||
	    !known || !ok) {
		gnutls_memset(&proofs, 0, sizeof(proofs));
		return gw6c_fail(err, GW6C_EAUTH,
				 "unknown user or wrong password");
	}
	gw6c_put_text(out, "v=");
	scram_put_base64(out, proofs.server, sizeof(proofs.server));
	gnutls_memset(&proofs, 0, sizeof(proofs));
	return out->overflow ? gw6c_fail(err, GW6C_EBUG,
					 "reply buffer too "
					 "small")
			     : GW6C_OK;
}

static int scram_serve(void *self, struct gw6c_bytes in, struct gw6c_buf *out,
		       struct gw6c_err *err)
{
	struct scram *scram = self;

	switch (scram->stage) {
	case FIRST:
		return serve_first(scram, in, out, err);
	case FINAL:
		return serve_final(scram, in, out, err);
	case CHALLENGE:
	case SIGNATURE:
	case OVER:
		break;
	}
	return gw6c_fail(err, GW6C_EAUTH,
			 "unexpected message after "
			 "SCRAM-SHA-256 had finished");
}

static const char *scram_who(void *self)
{
	struct scram *scram = self;

	return scram->user;
}

static const struct gw6c_auth_ops scram_ops = {
	.size = sizeof(scram_ops),
	.flags = GW6C_AUTH_INITIAL | GW6C_AUTH_BASE64 | GW6C_AUTH_MUTUAL |
		 GW6C_AUTH_PASSWORD,
	.rank = 50,
	.mechanism = "SCRAM-SHA-256",
	.open = scram_begin,
	.close = scram_close,
	.step = scram_step,
	.serve = scram_serve,
	.who = scram_who,
};

GW6C_PLUGIN(auth_scram_sha_256) = {
	GW6C_HEAD(GW6C_AUTH, "scram-sha-256",
		  "SASL SCRAM-SHA-256: the password is not sent"),
	.auth = &scram_ops,
};
