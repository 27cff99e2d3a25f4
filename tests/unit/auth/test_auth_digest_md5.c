/* test_auth_digest_md5.c - both ends of DIGEST-MD5, by the vectors, against
 * each other, and against whatever is wrong. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "auth/digest.h"
#include "tests/data/login_vectors.h"
#include "tests/fake/fake_host.h"
#include "tests/unit/unit.h"
#include <gw6c/plugin.h>
#include <stdio.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

extern const struct gw6c_plugin auth_digest_md5_LTX_gw6c_plugin;
#define ops auth_digest_md5_LTX_gw6c_plugin.auth

#define CHALLENGE                                                              \
	"realm=\"r\",nonce=\"0123456789abcdef\",qop=auth,"                     \
	"algorithm=md5-sess,charset=utf8"

static int secret_of_ann(void *ctx, const char *user, struct gw6c_buf *out)
{
	(void)ctx;
	if (strcmp(user, "lee") == 0) { /* more than there is room for */
		static const char more[5000];

		gw6c_put_text(out, "s3cret");
		gw6c_put(out, more, sizeof(more));
		return GW6C_OK;
	}
	if (strcmp(user, "ann") != 0)
		return GW6C_EAUTH;
	gw6c_put_text(out, "s3cret");
	return GW6C_OK;
}

/* One end, or both, with room for a message. */
struct pair {
	struct fake_host fake;
	struct gw6c_login login;
	void *client, *broker;
	uint8_t room[1024];
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

/* The next message of an end, to what is in out now. */
static int next(struct pair *pair,
		int (*turn)(void *, struct gw6c_bytes, struct gw6c_buf *,
			    struct gw6c_err *),
		void *self)
{
	uint8_t room[1024];
	struct gw6c_bytes in = { room, pair->out.len };

	memcpy(room, pair->room, pair->out.len);
	pair->out.len = 0;
	return turn(self, in, &pair->out, &pair->err);
}

static void digests_are_those_of_the_vectors(void)
{
	for (size_t i = 0; i < COUNT(digest_vectors); i++) {
		struct digest_input input = {
			.user = digest_vectors[i].user,
			.password = digest_vectors[i].password,
			.realm = digest_vectors[i].realm,
			.nonce = digest_vectors[i].nonce,
			.cnonce = digest_vectors[i].cnonce,
			.uri = digest_vectors[i].uri,
			.cut = digest_vectors[i].cut,
		};
		char response[DIGEST_HEX], rspauth[DIGEST_HEX];

		CU_ASSERT_TRUE(digest_compute(&input, response, rspauth));
		CU_ASSERT_STRING_EQUAL(response, digest_vectors[i].response);
		CU_ASSERT_STRING_EQUAL(rspauth, digest_vectors[i].rspauth);
	}
}

static void the_response_has_the_order_old_brokers_know(void)
{
	static const char want[] =
		"charset=utf8,username=\"a\\\"b\\\\c\",realm=\"r\","
		"nonce=\"0123456789abcdef\",nc=00000001,"
		"cnonce=\"000102030405060708090a0b0c0d0e0f\","
		"digest-uri=\"tsp/broker.example\",response=";
	struct pair pair;

	pair_open(&pair, "a\"b\\c", "pw");
	CU_ASSERT_EQUAL(ops->step(pair.client, gw6c_text(CHALLENGE), &pair.out,
				  &pair.err),
			GW6C_MORE);
	CU_ASSERT_EQUAL(memcmp(pair.room, want, sizeof(want) - 1), 0);
	CU_ASSERT_EQUAL(pair.out.len, sizeof(want) - 1 + 32 + 9);
	CU_ASSERT_EQUAL(memcmp(pair.room + pair.out.len - 9, ",qop=auth", 9),
			0);
	pair_close(&pair);
}

static void both_ends_log_in(void)
{
	struct pair pair;

	pair_open(&pair, "ann", "s3cret");
	CU_ASSERT_EQUAL(next(&pair, ops->serve, pair.broker), GW6C_MORE);
	CU_ASSERT_EQUAL(next(&pair, ops->step, pair.client), GW6C_MORE);
	CU_ASSERT_EQUAL(next(&pair, ops->serve, pair.broker), GW6C_OK);
	CU_ASSERT_STRING_EQUAL(ops->who(pair.broker), "ann");
	CU_ASSERT_EQUAL(next(&pair, ops->step, pair.client), GW6C_OK);
	CU_ASSERT_EQUAL(pair.out.len, 0);
	/* It is over for both. */
	CU_ASSERT_TRUE(next(&pair, ops->step, pair.client) < 0);
	CU_ASSERT_TRUE(next(&pair, ops->serve, pair.broker) < 0);
	pair_close(&pair);
}

static void wrong_users_and_passwords_are_refused_alike(void)
{
	static const char *const who[][2] = {
		{ "ann", "other" },
		{ "bob", "s3cret" },
		{ "lee", "s3cret" },
		{ "lee", "" },
	};
	char first[sizeof(((struct gw6c_err *)0)->text)] = "";

	for (size_t i = 0; i < COUNT(who); i++) {
		struct pair pair;

		pair_open(&pair, who[i][0], who[i][1]);
		next(&pair, ops->serve, pair.broker);
		next(&pair, ops->step, pair.client);
		CU_ASSERT_EQUAL(next(&pair, ops->serve, pair.broker),
				GW6C_EAUTH);
		CU_ASSERT_EQUAL(pair.out.len, 0);
		CU_ASSERT_STRING_EQUAL(ops->who(pair.broker), "");
		if (i)
			CU_ASSERT_STRING_EQUAL(first, pair.err.text);
		snprintf(first, sizeof(first), "%s", pair.err.text);
		pair_close(&pair);
	}
}

/* Each octet of the broker's proof, flipped: an impostor. */
static void a_broker_without_the_password_is_found_out(void)
{
	for (size_t at = 0; at < 40; at++) {
		struct pair pair;

		pair_open(&pair, "ann", "s3cret");
		next(&pair, ops->serve, pair.broker);
		next(&pair, ops->step, pair.client);
		next(&pair, ops->serve, pair.broker);
		CU_ASSERT_EQUAL_FATAL(pair.out.len, 40);
		pair.room[at] ^= 1;
		CU_ASSERT_EQUAL(next(&pair, ops->step, pair.client),
				GW6C_EAUTH);
		pair_close(&pair);
	}
}

/* Each octet of the client's response, but for the charset, which nobody
 * checks, and qop, which may be left out. */
static void a_changed_response_is_refused(void)
{
	size_t len = 1;

	for (size_t at = 0; at < len; at++) {
		struct pair pair;

		pair_open(&pair, "ann", "s3cret");
		next(&pair, ops->serve, pair.broker);
		next(&pair, ops->step, pair.client);
		len = pair.out.len - strlen(",qop=auth");
		pair.room[at < strlen("charset=utf8,") ? len - 9 : at] ^= 4;
		CU_ASSERT_EQUAL(next(&pair, ops->serve, pair.broker),
				GW6C_EAUTH);
		pair_close(&pair);
	}
	CU_ASSERT_TRUE(len > 150);
}

static void another_quality_of_protection_is_refused(void)
{
	static const struct {
		const char *qop;
		int rc;
	} cases[] = { { ",qop=auth", GW6C_OK },
		      { "", GW6C_OK },
		      { ",qop=x", GW6C_EAUTH },
		      { ",qop=auth-int", GW6C_EAUTH } };

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct pair pair;

		pair_open(&pair, "ann", "s3cret");
		next(&pair, ops->serve, pair.broker);
		next(&pair, ops->step, pair.client);
		pair.out.len -= strlen(",qop=auth");
		gw6c_put_text(&pair.out, cases[i].qop);
		CU_ASSERT_EQUAL(next(&pair, ops->serve, pair.broker),
				cases[i].rc);
		pair_close(&pair);
	}
}

static void fields_are_taken_apart(void)
{
	static const struct {
		const char *text;
		size_t len; /* 0: up to the NUL */
		bool fine, realm;
	} cases[] = {
		{ "nonce=n", 0, true, false },
		{ "nonce=n,realm=r", 0, true, true },
		{ "realm=\"\"", 0, true, true },
		{ "nonce=n,x", 0, false, false },
		{ "nonce=n,x", 8, true, false },
		{ "nonce=n,xy=1", 9, false, false },
		{ "nonce=n\0n", 9, false, false },
		{ "nonce=\"n\0n\"", 11, false, false },
	};
	char longest[16 + DIGEST_FIELD] = "nonce=";
	struct digest_fields fields;

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct gw6c_bytes text = gw6c_text(cases[i].text);

		if (cases[i].len)
			text.len = cases[i].len;
		CU_ASSERT_EQUAL(digest_parse(text, &fields), cases[i].fine);
		if (cases[i].fine)
			CU_ASSERT_EQUAL(fields.has_realm, cases[i].realm);
	}
	memset(longest + 6, 'n', DIGEST_FIELD - 1);
	CU_ASSERT_TRUE(digest_parse(gw6c_text(longest), &fields));
	CU_ASSERT_EQUAL(strlen(fields.nonce), DIGEST_FIELD - 1);
	longest[6 + DIGEST_FIELD - 1] = 'n';
	CU_ASSERT_FALSE(digest_parse(gw6c_text(longest), &fields));
	/* Nor does it end where there is no more room. */
	longest[6] = '"';
	memcpy(longest + 6 + DIGEST_FIELD, ",x=y", 5);
	CU_ASSERT_FALSE(digest_parse(gw6c_text(longest), &fields));
}

static void a_truncated_response_is_refused(void)
{
	size_t len = 200;

	for (size_t cut = 0; cut < len; cut++) {
		struct pair pair;

		pair_open(&pair, "ann", "s3cret");
		next(&pair, ops->serve, pair.broker);
		next(&pair, ops->step, pair.client);
		/* What follows the response itself is not needed. */
		len = pair.out.len - strlen(",qop=auth");
		pair.out.len = cut;
		CU_ASSERT_EQUAL(next(&pair, ops->serve, pair.broker),
				GW6C_EAUTH);
		pair_close(&pair);
	}
}

static void challenges_of_all_brokers_are_read(void)
{
	static const char *const good[] = {
		CHALLENGE,
		"realm=\"r\" , nonce = \"n\",qop=\"auth,auth-int\"",
		"nonce=\"n\"",
		"nonce=\"n\",realm=\"a,b\",realm=\"c\",unknown=x",
		",,nonce=n,",
	};
	static const char *const bad[] = {
		"",	     "realm=\"r\",qop=auth", "nonce=\"n",
		"nonce",     "nonce=\"n\" x",	     "qop=auth-int,nonce=\"n\"",
		"=,nonce=n", "nonce=\"n\\"
	};

	for (size_t i = 0; i < COUNT(good) + COUNT(bad); i++) {
		bool fine = i < COUNT(good);
		struct pair pair;

		pair_open(&pair, "ann", "s3cret");
		CU_ASSERT_EQUAL(ops->step(pair.client,
					  gw6c_text(
						  fine ? good[i]
						       : bad[i - COUNT(good)]),
					  &pair.out, &pair.err),
				fine ? GW6C_MORE : GW6C_EPEER);
		pair_close(&pair);
	}
}

static void a_room_too_small_is_an_error_never_an_overflow(void)
{
	for (size_t cap = 0; cap < 200; cap++) {
		struct pair pair;
		int rc;

		pair_open(&pair, "ann", "s3cret");
		pair.out.cap = cap;
		rc = ops->step(pair.client, gw6c_text(CHALLENGE), &pair.out,
			       &pair.err);
		CU_ASSERT_EQUAL(rc == GW6C_MORE, !pair.out.overflow);
		CU_ASSERT_TRUE(pair.out.len <= cap);
		pair_close(&pair);
	}
}

static void a_nonce_serves_once(void)
{
	struct pair pair;
	uint8_t response[1024];
	size_t len;

	pair_open(&pair, "ann", "s3cret");
	next(&pair, ops->serve, pair.broker);
	next(&pair, ops->step, pair.client);
	len = pair.out.len;
	memcpy(response, pair.room, len);
	CU_ASSERT_EQUAL(next(&pair, ops->serve, pair.broker), GW6C_OK);
	ops->close(pair.broker);
	ops->open(&pair.fake.host, &pair.login, &pair.broker, &pair.err);
	pair.out.len = 0;
	CU_ASSERT_EQUAL(ops->serve(pair.broker, GW6C_NOTHING, &pair.out,
				   &pair.err),
			GW6C_MORE);
	pair.out.len = 0;
	CU_ASSERT_EQUAL(ops->serve(pair.broker,
				   (struct gw6c_bytes){ response, len },
				   &pair.out, &pair.err),
			GW6C_EAUTH);
	pair_close(&pair);
}

/* See gw6c/auth.h: auth_method=any takes the highest. */
static void it_has_the_rank_of_its_kind(void)
{
	CU_ASSERT_EQUAL(ops->rank, 30);
	CU_ASSERT_STRING_EQUAL(ops->mechanism, "DIGEST-MD5");
}

int main(void)
{
	static const struct unit_test tests[] = {
		UNIT_TEST(it_has_the_rank_of_its_kind),
		UNIT_TEST(digests_are_those_of_the_vectors),
		UNIT_TEST(the_response_has_the_order_old_brokers_know),
		UNIT_TEST(both_ends_log_in),
		UNIT_TEST(wrong_users_and_passwords_are_refused_alike),
		UNIT_TEST(a_broker_without_the_password_is_found_out),
		UNIT_TEST(a_changed_response_is_refused),
		UNIT_TEST(a_truncated_response_is_refused),
		UNIT_TEST(another_quality_of_protection_is_refused),
		UNIT_TEST(fields_are_taken_apart),
		UNIT_TEST(challenges_of_all_brokers_are_read),
		UNIT_TEST(a_room_too_small_is_an_error_never_an_overflow),
		UNIT_TEST(a_nonce_serves_once),
	};

	return UNIT_RUN("auth_digest_md5", tests);
}
