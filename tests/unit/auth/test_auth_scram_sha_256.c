/* test_auth_scram_sha_256.c - both ends of SCRAM-SHA-256, by the example of
 * RFC 7677, against each other, and against whatever is wrong. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "auth/scram.h"
#include "tests/fake/fake_host.h"
#include "tests/unit/unit.h"
#include <gw6c/plugin.h>
#include <stdio.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

extern const struct gw6c_plugin auth_scram_sha_256_LTX_gw6c_plugin;
#define ops auth_scram_sha_256_LTX_gw6c_plugin.auth

/* RFC 7677 section 3 */
#define NONCE "rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0"
#define FIRST_BARE "n=user,r=rOprNGfwEbeRWgbNEkqO"
#define SERVER_FIRST "r=" NONCE ",s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096"
#define FINAL_BARE "c=biws,r=" NONCE
#define PROOF "dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ="
#define SIGNATURE "6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="

static void proofs_are_those_of_the_rfc(void)
{
	struct scram_challenge challenge;
	struct scram_proofs proofs;
	uint8_t room[64], signature[SCRAM_HASH];
	struct gw6c_buf out = GW6C_BUF(room);

	CU_ASSERT(scram_get_challenge(gw6c_text(SERVER_FIRST), &challenge));
	CU_ASSERT_STRING_EQUAL(challenge.nonce, NONCE);
	CU_ASSERT_EQUAL(challenge.rounds, 4096);
	CU_ASSERT_EQUAL(challenge.salt_len, 16);
	CU_ASSERT(scram_prove("pencil", &challenge,
			      gw6c_text(FIRST_BARE "," SERVER_FIRST
						   "," FINAL_BARE),
			      &proofs));
	scram_put_base64(&out, proofs.client, sizeof(proofs.client));
	CU_ASSERT_EQUAL(out.len, strlen(PROOF));
	CU_ASSERT_EQUAL(memcmp(room, PROOF, out.len), 0);
	CU_ASSERT(scram_get_signature(gw6c_text("v=" SIGNATURE), signature));
	CU_ASSERT_EQUAL(memcmp(signature, proofs.server, SCRAM_HASH), 0);
}

static void messages_are_taken_apart(void)
{
	struct scram_first first;
	struct scram_final final;

	CU_ASSERT(scram_get_first(gw6c_text("y,a=an=2Cn,n=a=3Db,r=xyz,e=1"),
				  &first));
	CU_ASSERT_STRING_EQUAL(first.user, "a=b");
	CU_ASSERT_STRING_EQUAL(first.authzid, "an,n");
	CU_ASSERT_STRING_EQUAL(first.nonce, "xyz");
	CU_ASSERT_EQUAL(first.header.len, strlen("y,a=an=2Cn,"));
	CU_ASSERT_EQUAL(first.bare.len, strlen("n=a=3Db,r=xyz,e=1"));
	CU_ASSERT(scram_get_first(gw6c_text("n,,n=a b =2C,r=x y "), &first));
	CU_ASSERT_STRING_EQUAL(first.user, "a b ,");
	CU_ASSERT_STRING_EQUAL(first.nonce, "x y ");
	for (size_t len = SCRAM_NAME - 1; len <= SCRAM_NAME; len++) {
		char text[SCRAM_NAME + 16] = "n,,n=";

		memset(text + 5, 'u', len);
		snprintf(text + 5 + len, 8, ",r=x");
		CU_ASSERT_EQUAL(scram_get_first(gw6c_text(text), &first),
				len < SCRAM_NAME);
	}
	/* What lies behind a message is none of it. */
	CU_ASSERT(scram_get_first(
		(struct gw6c_bytes){ (const uint8_t *)"n,,n=ann,r=xyz1,2", 14 },
		&first));
	CU_ASSERT_STRING_EQUAL(first.nonce, "xyz");
	CU_ASSERT_EQUAL(first.bare.len, strlen("n=ann,r=xyz"));
	CU_ASSERT(
		scram_get_final(gw6c_text(FINAL_BARE ",x=1,p=" PROOF), &final));
	CU_ASSERT_EQUAL(final.without_proof.len, strlen(FINAL_BARE ",x=1"));
	CU_ASSERT_STRING_EQUAL(final.nonce, NONCE);
	CU_ASSERT_EQUAL(final.header_len, 3);
}

static void malformed_messages_are_refused(void)
{
	static const char *const firsts[] = {
		"",
		"n",
		"n,",
		"n,,",
		"n,,n=",
		"n,,n=,r=x",
		"n,,n=a",
		"n,,n=a,r=",
		"n,,r=x,n=a",
		"p=tls-unique,,n=a,r=x",
		"x,,n=a,r=x",
		"n,b=c,n=a,r=x",
		"n,,m=1,n=a,r=x",
		"n,,n=a=,r=x",
		"n,,n=a=2,r=x",
		"n,,n=a=2D,r=x",
		"n,,n=a\001,r=x",
		"n,,n=a,r=\177",
		"n,an=a,r=x",
	};
	static const char *const challenges[] = {
		"",
		"r=",
		"r=x",
		"r=x,s=QQ==",
		"r=x,s=,i=4096",
		"r=x,s=!,i=4096",
		"r=x,s=QQ==,i=",
		"r=x,s=QQ==,i=0",
		"r=x,s=QQ==,i=-1",
		"r=x,s=QQ==,i=4096x",
		"s=QQ==,r=x,i=4096",
		"m=1,r=x,s=QQ==,i=4096",
		"r=x,s=QQ==,i=123456789012",
		"e=other",
	};
	static const char *const finals[] = {
		"",
		"c=biws",
		"c=biws,r=x",
		"c=biws,p=" PROOF,
		"r=x,p=" PROOF,
		"c=!,r=x,p=" PROOF,
		"c=biws,r=x,p=QQ==",
		"c=biws,r=x,p=",
		"c=biws,r=x,p=" PROOF ",x=1",
		"c=biws,r=x,,p=" PROOF,
	};
	struct scram_challenge challenge;
	struct scram_first first;
	struct scram_final final;
	uint8_t signature[SCRAM_HASH];

	for (size_t i = 0; i < COUNT(firsts); i++)
		CU_ASSERT_FALSE(scram_get_first(gw6c_text(firsts[i]), &first));
	for (size_t i = 0; i < COUNT(challenges); i++)
		CU_ASSERT_FALSE(scram_get_challenge(gw6c_text(challenges[i]),
						    &challenge));
	for (size_t i = 0; i < COUNT(finals); i++)
		CU_ASSERT_FALSE(scram_get_final(gw6c_text(finals[i]), &final));
	CU_ASSERT_FALSE(scram_get_signature(gw6c_text("e=no"), signature));
	CU_ASSERT_FALSE(scram_get_signature(gw6c_text("v=QQ=="), signature));
}

/* --- both ends --------------------------------------------------------- */

static const char *stored; /* password of ann */

/* As long as a password may be. */
static const char *longest(void)
{
	static char password[SCRAM_NAME];

	memset(password, 'x', SCRAM_NAME - 1);
	return password;
}

static int secret_of_ann(void *ctx, const char *user, struct gw6c_buf *out)
{
	(void)ctx;
	if (strcmp(user, "lee") == 0) { /* more than there is room for */
		static const char more[5000];

		gw6c_put_text(out, "s3cret");
		gw6c_put(out, more, sizeof(more));
		return GW6C_OK;
	}
	if (strcmp(user, "too") == 0) { /* one octet too many */
		gw6c_put_text(out, longest());
		gw6c_put_text(out, "x");
		return GW6C_OK;
	}
	if (strcmp(user, "max") == 0) {
		gw6c_put_text(out, longest());
		return GW6C_OK;
	}
	if (strcmp(user, "ann") != 0)
		return GW6C_EAUTH;
	gw6c_put_text(out, stored);
	return GW6C_OK;
}

struct pair {
	struct fake_host fake;
	struct gw6c_login login;
	void *client, *broker;
	uint8_t room[2048];
	struct gw6c_buf out;
	struct gw6c_err err;
};

static void pair_open(struct pair *pair, const char *user, const char *password)
{
	memset(pair, 0, sizeof(*pair));
	fake_host_init(&pair->fake);
	pair->login = (struct gw6c_login){ .size = sizeof(pair->login),
					   .version = 0x020002,
					   .user = user,
					   .password = password,
					   .broker = "broker.example",
					   .realm = "r",
					   .secret = secret_of_ann };
	pair->out = (struct gw6c_buf)GW6C_BUF(pair->room);
	stored = "s3cret";
	CU_ASSERT_EQUAL_FATAL(ops->open(&pair->fake.host, &pair->login,
					&pair->client, &pair->err),
			      GW6C_OK);
	CU_ASSERT_EQUAL_FATAL(ops->open(&pair->fake.host, &pair->login,
					&pair->broker, &pair->err),
			      GW6C_OK);
}

static void pair_close(struct pair *pair)
{
	ops->close(pair->client);
	ops->close(pair->broker);
}

static int next(struct pair *pair, bool broker)
{
	uint8_t room[2048];
	struct gw6c_bytes in = { room, pair->out.len };

	memcpy(room, pair->room, pair->out.len);
	pair->out.len = 0;
	return broker ? ops->serve(pair->broker, in, &pair->out, &pair->err)
		      : ops->step(pair->client, in, &pair->out, &pair->err);
}

static void put(struct pair *pair, const char *text)
{
	pair->out.len = 0;
	gw6c_put_text(&pair->out, text);
}

static void a_login_proves_both_ends(void)
{
	struct pair pair;

	pair_open(&pair, "ann", "s3cret");
	CU_ASSERT_EQUAL(next(&pair, false), GW6C_MORE);
	CU_ASSERT_EQUAL(next(&pair, true), GW6C_MORE);
	CU_ASSERT_EQUAL(next(&pair, false), GW6C_MORE);
	CU_ASSERT_EQUAL(next(&pair, true), GW6C_OK);
	CU_ASSERT(pair.out.len > 0);
	CU_ASSERT_STRING_EQUAL(ops->who(pair.broker), "ann");
	CU_ASSERT_EQUAL(next(&pair, false), GW6C_OK);
	CU_ASSERT_EQUAL(pair.out.len, 0);
	CU_ASSERT(next(&pair, false) < 0);
	CU_ASSERT(next(&pair, true) < 0);
	pair_close(&pair);
}

static void a_password_has_as_many_octets_as_a_name(void)
{
	struct pair pair;

	pair_open(&pair, "max", longest());
	next(&pair, false);
	next(&pair, true);
	next(&pair, false);
	CU_ASSERT_EQUAL(next(&pair, true), GW6C_OK);
	CU_ASSERT_EQUAL(next(&pair, false), GW6C_OK);
	pair_close(&pair);
}

/* With an extension that nobody knows. */
static void a_message_has_an_end(void)
{
	char text[SCRAM_MESSAGE + 2];

	for (size_t more = 0; more < 2; more++) {
		struct pair pair;

		memset(text, 'e', sizeof(text));
		memcpy(text, "n,,n=ann,r=xyz,e=", 17);
		text[SCRAM_MESSAGE + more] = 0;
		pair_open(&pair, "ann", "s3cret");
		put(&pair, text);
		CU_ASSERT_EQUAL(next(&pair, true),
				more ? GW6C_EAUTH : GW6C_MORE);
		pair_close(&pair);
	}
}

/* Both parts have 255 characters at most, and the broker's has 24. */
static void a_nonce_has_an_end(void)
{
	char text[300];

	for (size_t more = 0; more < 2; more++) {
		struct pair pair;

		memset(text, 'x', sizeof(text));
		memcpy(text, "n,,n=ann,r=", 11);
		text[11 + SCRAM_NONCE - 1 - 24 + more] = 0;
		pair_open(&pair, "ann", "s3cret");
		put(&pair, text);
		CU_ASSERT_EQUAL(next(&pair, true),
				more ? GW6C_EAUTH : GW6C_MORE);
		if (more)
			CU_ASSERT_STRING_EQUAL(pair.err.text,
					       "the nonce is too long");
		pair_close(&pair);
	}
}

static void a_wrong_password_or_user_is_refused(void)
{
	char too_long[SCRAM_NAME + 1];
	static const char *const who[][2] = {
		{ "ann", "s3cres" }, { "ann", "" },	  { "lee", "s3cret" },
		{ "too", NULL },     { "bob", "s3cret" }, { "bob", "" }
	};

	for (size_t i = 0; i < COUNT(who); i++) {
		struct pair pair;

		snprintf(too_long, sizeof(too_long), "%sx", longest());
		pair_open(&pair, who[i][0], who[i][1] ? who[i][1] : too_long);
		next(&pair, false);
		CU_ASSERT_EQUAL(next(&pair, true), GW6C_MORE);
		CU_ASSERT_EQUAL(next(&pair, false), GW6C_MORE);
		CU_ASSERT_EQUAL(next(&pair, true), GW6C_EAUTH);
		CU_ASSERT_EQUAL(pair.out.len, 0);
		pair_close(&pair);
	}
}

static void an_impostor_is_noticed(void)
{
	struct pair pair;

	pair_open(&pair, "ann", "s3cret");
	next(&pair, false);
	next(&pair, true);
	next(&pair, false);
	CU_ASSERT_EQUAL(next(&pair, true), GW6C_OK);
	pair.room[5] ^= 1;
	CU_ASSERT_EQUAL(next(&pair, false), GW6C_EAUTH);
	pair_close(&pair);

	pair_open(&pair, "ann", "s3cret");
	next(&pair, false);
	next(&pair, true);
	next(&pair, false);
	put(&pair, "e=invalid-proof");
	CU_ASSERT_EQUAL(next(&pair, false), GW6C_EAUTH);
	pair_close(&pair);
}

static void a_challenge_that_is_not_ours_or_too_cheap_is_refused(void)
{
	static const struct {
		const char *rounds;
		int rc;
	} cases[] = {
		{ "4096", GW6C_MORE },	  { "4095", GW6C_EAUTH },
		{ "1", GW6C_EAUTH },	  { "500000", GW6C_MORE },
		{ "500001", GW6C_EAUTH }, { "4294967296", GW6C_EAUTH },
	};
	char nonce[64], text[200];
	struct pair pair;

	for (size_t i = 0; i < COUNT(cases); i++) {
		pair_open(&pair, "ann", "s3cret");
		next(&pair, false);
		snprintf(nonce, sizeof(nonce), "%.*s",
			 (int)(pair.out.len - strlen("n,,n=ann,r=")),
			 (const char *)pair.room + strlen("n,,n=ann,r="));
		snprintf(text, sizeof(text), "r=%sX,s=QUJD,i=%s", nonce,
			 cases[i].rounds);
		put(&pair, text);
		CU_ASSERT_EQUAL(next(&pair, false), cases[i].rc);
		pair_close(&pair);
	}
	pair_open(&pair, "ann", "s3cret");
	next(&pair, false);
	put(&pair, "r=another,s=QUJD,i=4096");
	CU_ASSERT_EQUAL(next(&pair, false), GW6C_EAUTH);
	pair_close(&pair);

	/* Without a part of the broker's own, it is no challenge. */
	pair_open(&pair, "ann", "s3cret");
	next(&pair, false);
	snprintf(text, sizeof(text), "r=%s,s=QUJD,i=4096", nonce);
	put(&pair, text);
	CU_ASSERT_EQUAL(next(&pair, false), GW6C_EAUTH);
	pair_close(&pair);
}

/* What the client says at the end must be what it said at the start. */
static void a_final_of_another_login_is_refused(void)
{
	static const char *const finals[] = {
		"c=eSws,r=%s,p=" PROOF,
		"c=biws,r=%sX,p=" PROOF,
		"c=biws,r=X,p=" PROOF,
		"c=biws,r=%s,p=" PROOF,
	};

	for (size_t i = 0; i < COUNT(finals); i++) {
		struct scram_challenge challenge;
		char text[300];
		struct pair pair;

		pair_open(&pair, "ann", "s3cret");
		next(&pair, false);
		next(&pair, true);
		CU_ASSERT(scram_get_challenge(gw6c_got(&pair.out), &challenge));
		snprintf(text, sizeof(text), finals[i], challenge.nonce);
		put(&pair, text);
		CU_ASSERT_EQUAL(next(&pair, true), GW6C_EAUTH);
		pair_close(&pair);
	}
}

static void nobody_logs_in_for_somebody_else(void)
{
	static const struct {
		const char *first;
		int rc;
	} cases[] = {
		{ "n,a=ann,n=ann,r=xyz", GW6C_MORE },
		{ "y,,n=ann,r=xyz", GW6C_MORE },
		{ "n,a=root,n=ann,r=xyz", GW6C_EAUTH },
		{ "n,a=r,n=ann,r=xyz", GW6C_EAUTH },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct pair pair;

		pair_open(&pair, "ann", "s3cret");
		put(&pair, cases[i].first);
		CU_ASSERT_EQUAL(next(&pair, true), cases[i].rc);
		pair_close(&pair);
	}
}

static void every_login_has_a_nonce_of_its_own(void)
{
	uint8_t first[2048];
	struct pair pair;
	size_t len;

	pair_open(&pair, "ann", "s3cret");
	next(&pair, false);
	len = pair.out.len;
	memcpy(first, pair.room, len);
	pair_close(&pair);
	pair_open(&pair, "ann", "s3cret");
	pair.fake.random = 77;
	next(&pair, false);
	CU_ASSERT(len != pair.out.len || memcmp(first, pair.room, len) != 0);
	pair_close(&pair);
}

/* See gw6c/auth.h: auth_method=any takes the highest. */
static void it_has_the_rank_of_its_kind(void)
{
	CU_ASSERT_EQUAL(ops->rank, 50);
	CU_ASSERT_STRING_EQUAL(ops->mechanism, "SCRAM-SHA-256");
}

int main(void)
{
	static const struct unit_test tests[] = {
		UNIT_TEST(it_has_the_rank_of_its_kind),
		UNIT_TEST(proofs_are_those_of_the_rfc),
		UNIT_TEST(messages_are_taken_apart),
		UNIT_TEST(malformed_messages_are_refused),
		UNIT_TEST(a_login_proves_both_ends),
		UNIT_TEST(a_password_has_as_many_octets_as_a_name),
		UNIT_TEST(a_message_has_an_end),
		UNIT_TEST(a_nonce_has_an_end),
		UNIT_TEST(a_wrong_password_or_user_is_refused),
		UNIT_TEST(an_impostor_is_noticed),
		UNIT_TEST(a_challenge_that_is_not_ours_or_too_cheap_is_refused),
		UNIT_TEST(a_final_of_another_login_is_refused),
		UNIT_TEST(nobody_logs_in_for_somebody_else),
		UNIT_TEST(every_login_has_a_nonce_of_its_own),
	};

	return UNIT_RUN("auth_scram_sha_256", tests);
}
