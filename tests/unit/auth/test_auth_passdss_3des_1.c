/* test_auth_passdss_3des_1.c - both ends of PASSDSS-3DES-1, by the vectors,
 * against each other, and against whatever is wrong. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "auth/passdss_box.h"
#include "tests/data/passdss_vectors.h"
#include "tests/fake/fake_host.h"
#include "tests/unit/unit.h"
#include <gnutls/abstract.h>
#include <gw6c/plugin.h>
#include <stdio.h>
#include <stdlib.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define ROOM 4096

extern const struct gw6c_plugin auth_passdss_3des_1_LTX_gw6c_plugin;
#define ops auth_passdss_3des_1_LTX_gw6c_plugin.auth

/* --- what a login is about ---------------------------------------------- */

/* Octets that host->random gives, in order. */
static uint8_t queue[1024];
static size_t queued, drawn;

static void queue_hex(const char *hex, size_t width)
{
	uint8_t octets[256];
	size_t len = unit_hex(hex, octets, sizeof(octets));

	memset(queue + queued, 0, width);
	memcpy(queue + queued + width - len, octets, len);
	queued += width;
}

static void draw(const struct gw6c_host *host, void *at, size_t len)
{
	(void)host;
	for (size_t i = 0; i < len; i++)
		((uint8_t *)at)[i] =
			drawn < queued ? queue[drawn++] : (uint8_t)rand();
}

static const char *only_user, *only_password;

static int secret_of(void *ctx, const char *user, struct gw6c_buf *out)
{
	(void)ctx;
	if (strcmp(user, "lee") == 0) { /* more than there is room for */
		static const char more[5000];

		gw6c_put_text(out, "s3cret");
		gw6c_put(out, more, sizeof(more));
		return GW6C_OK;
	}
	if (strcmp(user, only_user) != 0)
		return GW6C_EAUTH;
	gw6c_put_text(out, only_password);
	return GW6C_OK;
}

static int trusted; /* calls of trust() */
static int trust_rc;
static uint8_t trusted_key[ROOM];
static size_t trusted_len;

static int trust(void *ctx, struct gw6c_bytes key, struct gw6c_err *err)
{
	(void)ctx;
	trusted++;
	memcpy(trusted_key, key.at, key.len);
	trusted_len = key.len;
	return trust_rc ? gw6c_fail(err, trust_rc, "another key") : GW6C_OK;
}

/* The private key of the vectors, with one number in the place of another. */
static struct {
	const char *p, *q, *g, *y, *x;
} server_key;

static void put_hex(struct gw6c_buf *out, const char *hex)
{
	uint8_t octets[512];

	passdss_put_number(out, (struct gw6c_bytes){
					octets, unit_hex(hex, octets,
							 sizeof(octets)) });
}

static int give_key(void *ctx, struct gw6c_buf *out)
{
	(void)ctx;
	if (!server_key.p)
		return GW6C_ECONFIG;
	passdss_put_string(out, gw6c_text("ssh-dss"));
	put_hex(out, server_key.p);
	put_hex(out, server_key.q);
	put_hex(out, server_key.g);
	put_hex(out, server_key.y);
	put_hex(out, server_key.x);
	return GW6C_OK;
}

struct pair {
	struct fake_host fake;
	struct gw6c_login login;
	void *client, *broker;
	struct gw6c_err err;
	uint8_t hello[ROOM], reply[ROOM], box[ROOM];
	struct gw6c_buf hello_buf, reply_buf, box_buf;
};

static void pair_open(struct pair *pair, const char *user, const char *password)
{
	memset(pair, 0, sizeof(*pair));
	fake_host_init(&pair->fake);
	fake_host_option(&pair->fake, "allow_short_keys", "no");
	pair->fake.host.random = draw;
	pair->login = (struct gw6c_login){ .size = sizeof(pair->login),
					   .version = 0x020002,
					   .user = user,
					   .password = password,
					   .broker = "broker.example",
					   .realm = "r",
					   .secret = secret_of,
					   .trust = trust,
					   .server_key = give_key };
	pair->hello_buf = (struct gw6c_buf)GW6C_BUF(pair->hello);
	pair->reply_buf = (struct gw6c_buf)GW6C_BUF(pair->reply);
	pair->box_buf = (struct gw6c_buf)GW6C_BUF(pair->box);
	only_user = user;
	only_password = password;
	server_key.p = vector_key.p;
	server_key.q = vector_key.q;
	server_key.g = vector_key.g;
	server_key.y = vector_key.y;
	server_key.x = vector_key.x;
	queued = drawn = 0;
	trusted = trust_rc = 0;
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

static int say_hello(struct pair *pair)
{
	return ops->step(pair->client, GW6C_NOTHING, &pair->hello_buf,
			 &pair->err);
}

static int say_reply(struct pair *pair)
{
	pair->reply_buf.len = 0;
	return ops->serve(pair->broker, gw6c_got(&pair->hello_buf),
			  &pair->reply_buf, &pair->err);
}

static int say_box(struct pair *pair)
{
	return ops->step(pair->client, gw6c_got(&pair->reply_buf),
			 &pair->box_buf, &pair->err);
}

static int take_box(struct pair *pair)
{
	struct gw6c_buf none = { NULL, 0, 0, false };

	return ops->serve(pair->broker, gw6c_got(&pair->box_buf), &none,
			  &pair->err);
}

/* Up to the client's turn, with what it says to the reply. */
static int up_to_box(struct pair *pair)
{
	CU_ASSERT_EQUAL_FATAL(say_hello(pair), GW6C_MORE);
	CU_ASSERT_EQUAL_FATAL(say_reply(pair), GW6C_MORE);
	return say_box(pair);
}

static bool is_hex(const struct gw6c_buf *got, const char *hex)
{
	uint8_t want[ROOM];
	size_t len = unit_hex(hex, want, sizeof(want));

	return got->len == len && memcmp(got->at, want, len) == 0;
}

/* --- vectors ----------------------------------------------------------- */

/* What the key of a signature is when that many octets are drawn for it. */
static void queue_nonce(const char *k)
{
	uint8_t octets[PASSDSS_NONCE] = { 0 }, short_k[PASSDSS_NONCE];
	size_t len = unit_hex(k, short_k, sizeof(short_k));
	int at = PASSDSS_NONCE - 1;

	memcpy(octets + PASSDSS_NONCE - len, short_k, len);
	while (octets[at]-- == 0) /* one is added to what was drawn */
		at--;
	memcpy(queue + queued, octets, sizeof(octets));
	queued += sizeof(octets);
}

static void exchanges_are_those_of_the_vectors(void)
{
	for (size_t i = 0; i < COUNT(vector_exchanges); i++) {
		struct pair pair;

		pair_open(&pair, vector_exchanges[i].user,
			  vector_exchanges[i].password);
		queue_hex(vector_exchanges[i].dh_x, PASSDSS_SECRET);
		queue_hex(vector_exchanges[i].dh_y, PASSDSS_SECRET);
		queue_nonce(vector_exchanges[i].k);
		CU_ASSERT_EQUAL(say_hello(&pair), GW6C_MORE);
		CU_ASSERT(is_hex(&pair.hello_buf, vector_exchanges[i].hello));
		CU_ASSERT_EQUAL(say_reply(&pair), GW6C_MORE);
		CU_ASSERT(is_hex(&pair.reply_buf, vector_exchanges[i].reply));
		CU_ASSERT_EQUAL(say_box(&pair), GW6C_OK);
		CU_ASSERT(is_hex(&pair.box_buf, vector_exchanges[i].box));
		CU_ASSERT_EQUAL(trusted, 1);
		CU_ASSERT_EQUAL(take_box(&pair), GW6C_OK);
		CU_ASSERT_STRING_EQUAL(ops->who(pair.broker),
				       vector_exchanges[i].user);
		pair_close(&pair);
	}
}

static void boxes_of_another_implementation_open(void)
{
	for (size_t i = 0; i < COUNT(vector_boxes); i++) {
		uint8_t said[ROOM], shared[256], box[256], want[256];
		char password[PASSDSS_PASSWORD + 1];
		struct passdss_secrets secrets;
		struct gw6c_buf got = GW6C_BUF(want);
		size_t said_len = unit_hex(vector_boxes[i].said, said, ROOM);
		size_t len = unit_hex(vector_boxes[i].shared, shared, 256);
		size_t box_len = unit_hex(vector_boxes[i].box, box, 256);
		struct gw6c_bytes all = { said, said_len };

		CU_ASSERT(passdss_derive(all,
					 (struct gw6c_bytes){ shared, len },
					 &secrets));
		gw6c_put(&got, secrets.hash, sizeof(secrets.hash));
		CU_ASSERT(is_hex(&got, vector_boxes[i].hash));
		got.len = 0;
		gw6c_put(&got, secrets.iv, sizeof(secrets.iv));
		CU_ASSERT(is_hex(&got, vector_boxes[i].iv));
		got.len = 0;
		gw6c_put(&got, secrets.key, sizeof(secrets.key));
		CU_ASSERT(is_hex(&got, vector_boxes[i].key));
		got.len = 0;
		gw6c_put(&got, secrets.mac, sizeof(secrets.mac));
		CU_ASSERT(is_hex(&got, vector_boxes[i].mac));
		/* There are no security layers in TSP. */
		CU_ASSERT_EQUAL(passdss_open(&secrets, all,
					     (struct gw6c_bytes){ box,
								  box_len },
					     password),
				vector_boxes[i].layer == PASSDSS_NO_LAYER);
		got.len = 0;
		gw6c_put_text(&got, password);
		CU_ASSERT(is_hex(&got, vector_boxes[i].layer == PASSDSS_NO_LAYER
					       ? vector_boxes[i].password
					       : ""));
	}
}

static void bad_replies_of_the_vectors_are_refused(void)
{
	for (size_t i = 0; i < COUNT(vector_bad_replies); i++) {
		struct pair pair;

		pair_open(&pair, "jane", "secret");
		pair.fake.option[0].value = "yes";
		CU_ASSERT_EQUAL(say_hello(&pair), GW6C_MORE);
		pair.reply_buf.len = unit_hex(vector_bad_replies[i].message,
					      pair.reply, ROOM);
		CU_ASSERT_EQUAL(say_box(&pair), vector_bad_replies[i].malformed
							? GW6C_EPEER
							: GW6C_EAUTH);
		CU_ASSERT_EQUAL(trusted, 0);
		CU_ASSERT_EQUAL(pair.box_buf.len, 0);
		pair_close(&pair);
	}
}

/* --- form -------------------------------------------------------------- */

static void a_reply_cut_anywhere_is_malformed(void)
{
	struct pair pair;
	struct passdss_reply reply;

	pair_open(&pair, "ann", "s3cret");
	say_hello(&pair);
	say_reply(&pair);
	CU_ASSERT(passdss_get_reply(gw6c_got(&pair.reply_buf), &reply));
	for (size_t len = 0; len < pair.reply_buf.len; len++) {
		/* a copy of that very size: a tool sees a read behind it */
		uint8_t *copy = malloc(len ? len : 1);

		memcpy(copy, pair.reply, len);
		CU_ASSERT_FALSE(
			passdss_get_reply((struct gw6c_bytes){ copy, len },
					  &reply));
		free(copy);
	}
	gw6c_put(&pair.reply_buf, "", 1);
	CU_ASSERT_FALSE(passdss_get_reply(gw6c_got(&pair.reply_buf), &reply));
	pair_close(&pair);
}

static void a_hello_cut_anywhere_is_refused(void)
{
	struct pair pair;
	struct passdss_hello hello;

	pair_open(&pair, "ann", "s3cret");
	say_hello(&pair);
	for (size_t len = 0; len < pair.hello_buf.len; len++) {
		uint8_t *copy = malloc(len ? len : 1);

		memcpy(copy, pair.hello, len);
		CU_ASSERT_FALSE(
			passdss_get_hello((struct gw6c_bytes){ copy, len },
					  &hello));
		free(copy);
	}
	gw6c_put(&pair.hello_buf, "", 1);
	CU_ASSERT_EQUAL(say_reply(&pair), GW6C_EAUTH);
	pair_close(&pair);
}

/* Every octet of the reply counts: no bit of it may change unnoticed. */
static void a_reply_with_a_flipped_bit_is_refused(void)
{
	struct pair pair;
	size_t len;

	pair_open(&pair, "ann", "s3cret");
	CU_ASSERT_EQUAL(up_to_box(&pair), GW6C_OK);
	len = pair.reply_buf.len;
	pair_close(&pair);
	for (size_t i = 0; i < len; i++) {
		pair_open(&pair, "ann", "s3cret");
		say_hello(&pair);
		say_reply(&pair);
		pair.reply[i % pair.reply_buf.len] ^= 0x10;
		CU_ASSERT(say_box(&pair) < 0);
		CU_ASSERT_EQUAL(trusted, 0);
		CU_ASSERT_EQUAL(pair.box_buf.len, 0);
		pair_close(&pair);
	}
}

/* --- values ------------------------------------------------------------ */

#define N                                                                      \
	"ffffffffffffffffc90fdaa22168c234c4c6628b80dc1cd129024e088a67cc74"     \
	"020bbea63b139b22514a08798e3404ddef9519b3cd3a431b302b0a6df25f1437"     \
	"4fe1356d6d51c245e485b576625e7ec6f44c42e9a637ed6b0bff5cb6f406b7ed"     \
	"ee386bfb5a899fa5ae9f24117c4b1fe649286651ece65381ffffffff"
static const char *const bad_dh[] = { "", "01", N "fffffffe", N "ffffffff" };

static void the_brokers_number_must_be_in_range(void)
{
	for (size_t i = 0; i < COUNT(bad_dh); i++) {
		uint8_t octets[PASSDSS_GROUP], copy[ROOM];
		struct passdss_reply reply;
		struct pair pair;

		pair_open(&pair, "ann", "s3cret");
		say_hello(&pair);
		say_reply(&pair);
		memcpy(copy, pair.reply, pair.reply_buf.len);
		passdss_get_reply((struct gw6c_bytes){ copy,
						       pair.reply_buf.len },
				  &reply);
		reply.dh =
			(struct gw6c_bytes){ octets, unit_hex(bad_dh[i], octets,
							      sizeof(octets)) };
		pair.reply_buf.len = 0;
		passdss_put_reply(&pair.reply_buf, &reply);
		CU_ASSERT_EQUAL(say_box(&pair), GW6C_EAUTH);
		CU_ASSERT_PTR_NOT_NULL(strstr(pair.err.text, "out of range"));
		CU_ASSERT_EQUAL(pair.box_buf.len, 0);
		pair_close(&pair);
	}
}

static void the_clients_number_must_be_in_range(void)
{
	for (size_t i = 0; i < COUNT(bad_dh); i++) {
		uint8_t octets[PASSDSS_GROUP];
		struct passdss_hello hello = {
			.authname = gw6c_text("ann"),
			.dh = { octets,
				unit_hex(bad_dh[i], octets, sizeof(octets)) },
		};
		struct pair pair;

		pair_open(&pair, "ann", "s3cret");
		passdss_put_hello(&pair.hello_buf, &hello);
		CU_ASSERT_EQUAL(say_reply(&pair), GW6C_EAUTH);
		CU_ASSERT_EQUAL(pair.reply_buf.len, 0);
		pair_close(&pair);
	}
}

/* Both ends of the range are good: only what is outside is not. */
static void the_range_ends_where_it_should(void)
{
	static const char *const good[] = { "02", N "fffffffd" };

	for (size_t i = 0; i < COUNT(good); i++) {
		uint8_t octets[PASSDSS_GROUP], room[PASSDSS_GROUP];
		uint8_t secret[PASSDSS_SECRET] = { 1, 2, 3 };
		struct gw6c_buf out = GW6C_BUF(room);

		CU_ASSERT(passdss_dh_shared(secret,
					    (struct gw6c_bytes){
						    octets,
						    unit_hex(good[i], octets,
							     sizeof(octets)) },
					    &out));
		CU_ASSERT(out.len > PASSDSS_GROUP - 4);
	}
}

/* The flaw of the vectors' key with some of its numbers replaced. */
static const char *flaw(const char *p, const char *q, const char *g,
			const char *y, unsigned bits)
{
	uint8_t room[4][512];
	const char *const hex[] = { p ? p : vector_key.p, q ? q : vector_key.q,
				    g ? g : vector_key.g,
				    y ? y : vector_key.y };
	struct gw6c_bytes number[4];
	struct passdss_key key;

	for (int i = 0; i < 4; i++)
		number[i] = (struct gw6c_bytes){
			room[i], unit_hex(hex[i], room[i], sizeof(room[i]))
		};
	key = (struct passdss_key){
		.p = number[0], .q = number[1], .g = number[2], .y = number[3]
	};
	return passdss_key_flaw(&key, bits);
}

static bool says(const char *text, const char *words)
{
	return text && strstr(text, words);
}

static void keys_that_are_none_are_refused(void)
{
	char even[300], zero[2] = "";

	CU_ASSERT_PTR_NULL(flaw(NULL, NULL, NULL, NULL, PASSDSS_BITS));
	CU_ASSERT(says(flaw(NULL, NULL, NULL, NULL, 1025), "too short"));
	CU_ASSERT(says(flaw(zero, NULL, NULL, NULL, PASSDSS_WEAK_BITS),
		       "too short"));
	CU_ASSERT(says(flaw(NULL, "07", NULL, NULL, PASSDSS_BITS), "p or q"));
	snprintf(even, sizeof(even), "%s", vector_key.q);
	even[strlen(even) - 1] = '0';
	CU_ASSERT(says(flaw(NULL, even, NULL, NULL, PASSDSS_BITS), "p or q"));
	snprintf(even, sizeof(even), "%s", vector_key.p);
	even[strlen(even) - 1] = '0';
	CU_ASSERT(says(flaw(even, NULL, NULL, NULL, PASSDSS_BITS), "p or q"));
	CU_ASSERT(says(flaw(NULL, vector_key.p, NULL, NULL, PASSDSS_BITS),
		       "too long"));
	CU_ASSERT(says(flaw(NULL, NULL, "01", NULL, PASSDSS_BITS),
		       "out of range"));
	CU_ASSERT(says(flaw(NULL, NULL, zero, NULL, PASSDSS_BITS),
		       "out of range"));
	CU_ASSERT(says(flaw(NULL, NULL, NULL, "01", PASSDSS_BITS),
		       "out of range"));
	CU_ASSERT(says(flaw(NULL, NULL, NULL, vector_key.p, PASSDSS_BITS),
		       "out of range"));
	CU_ASSERT(says(flaw(NULL, NULL, NULL, "02", PASSDSS_BITS),
		       "not in the group"));
	CU_ASSERT(says(flaw(NULL, NULL, "02", NULL, PASSDSS_BITS),
		       "not in the group"));
}

static void signatures_out_of_range_are_wrong(void)
{
	uint8_t digest[PASSDSS_HASH] = { 1 };
	uint8_t nonce[PASSDSS_NONCE] = { 2 }, r_room[64], s_room[64], q[64];
	struct gw6c_buf r = GW6C_BUF(r_room), s = GW6C_BUF(s_room);
	struct gw6c_bytes order = { q, unit_hex(vector_key.q, q, sizeof(q)) };
	struct gw6c_bytes one = gw6c_text("\001");
	struct passdss_key key;
	uint8_t blob_room[ROOM];
	struct gw6c_buf blob = GW6C_BUF(blob_room);

	server_key.p = vector_key.p;
	server_key.q = vector_key.q;
	server_key.g = vector_key.g;
	server_key.y = vector_key.y;
	server_key.x = vector_key.x;
	give_key(NULL, &blob);
	CU_ASSERT_FATAL(passdss_get_private(gw6c_got(&blob), &key));
	CU_ASSERT(passdss_key_whole(&key));
	CU_ASSERT(passdss_sign(&key, nonce, digest, &r, &s));
	CU_ASSERT(passdss_verify(&key, gw6c_got(&r), gw6c_got(&s), digest));
	CU_ASSERT_FALSE(
		passdss_verify(&key, GW6C_NOTHING, gw6c_got(&s), digest));
	CU_ASSERT_FALSE(
		passdss_verify(&key, gw6c_got(&r), GW6C_NOTHING, digest));
	CU_ASSERT_FALSE(passdss_verify(&key, order, gw6c_got(&s), digest));
	CU_ASSERT_FALSE(passdss_verify(&key, gw6c_got(&r), order, digest));
	CU_ASSERT_FALSE(
		passdss_verify(&key, gw6c_got(&s), gw6c_got(&r), digest));
	/* With s a multiple of q, anybody could sign: r would be 1. */
	CU_ASSERT_FALSE(passdss_verify(&key, one, GW6C_NOTHING, digest));
	CU_ASSERT_FALSE(passdss_verify(&key, one, order, digest));
	CU_ASSERT_FALSE(passdss_verify(&key, GW6C_NOTHING, one, digest));
	CU_ASSERT_FALSE(passdss_verify(&key, order, one, digest));
	digest[19] ^= 1;
	CU_ASSERT_FALSE(
		passdss_verify(&key, gw6c_got(&r), gw6c_got(&s), digest));
	key.x.len--;
	CU_ASSERT_FALSE(passdss_key_whole(&key));
}

/* Without those that only say that a number is not negative. */
static void numbers_have_384_octets_at_most(void)
{
	static uint8_t octets[PASSDSS_NUMBER + 2];
	struct passdss_key key;

	for (size_t more = 0; more < 2; more++) {
		uint8_t room[ROOM];
		struct gw6c_buf blob = GW6C_BUF(room);
		struct gw6c_bytes number = { octets, PASSDSS_NUMBER + 1 };

		octets[0] = 0;
		memset(octets + 1, 7, PASSDSS_NUMBER + 1);
		number.len += more;
		passdss_put_string(&blob, gw6c_text("ssh-dss"));
		passdss_put_string(&blob, number);
		for (int i = 0; i < 3; i++)
			passdss_put_string(&blob, gw6c_text("\001"));
		CU_ASSERT_EQUAL(passdss_get_public(gw6c_got(&blob), &key),
				!more);
		CU_ASSERT_TRUE(more || key.p.len == PASSDSS_NUMBER);
	}
}

/* --- logins ------------------------------------------------------------ */

static void a_box_that_does_not_fit_is_an_error(void)
{
	struct pair pair;

	pair_open(&pair, "ann", "s3cret");
	pair.box_buf.cap = 20;
	CU_ASSERT_EQUAL(up_to_box(&pair), GW6C_EBUG);
	pair_close(&pair);
}

static void a_login_works(void)
{
	uint8_t room[ROOM];
	struct gw6c_buf want = GW6C_BUF(room);
	struct passdss_key key;
	struct pair pair;

	pair_open(&pair, "ann", "s3cret");
	CU_ASSERT_EQUAL(up_to_box(&pair), GW6C_OK);
	CU_ASSERT_EQUAL(take_box(&pair), GW6C_OK);
	CU_ASSERT_STRING_EQUAL(ops->who(pair.broker), "ann");
	/* What was to be trusted is the broker's key. */
	CU_ASSERT(passdss_get_public((struct gw6c_bytes){ trusted_key,
							  trusted_len },
				     &key));
	passdss_put_number(&want, key.y);
	CU_ASSERT_FALSE(memcmp(want.at + 4, key.y.at, key.y.len));
	want.len = 0;
	gw6c_put(&want, key.y.at, key.y.len);
	CU_ASSERT(is_hex(&want, vector_key.y));
	/* Neither end does it twice. */
	CU_ASSERT(say_box(&pair) < 0);
	CU_ASSERT(take_box(&pair) < 0);
	pair_close(&pair);
}

/* --- keys that are made here --------------------------------------------- */

static uint8_t made_room[ROOM];
static struct gw6c_buf made;

static int give_made(void *ctx, struct gw6c_buf *out)
{
	(void)ctx;
	gw6c_put(out, made.at, made.len);
	return GW6C_OK;
}

/* Into made, with its parts in key. */
static void make_key(const char *bits, struct passdss_key *key)
{
	uint8_t rooms[2][8192];
	struct gw6c_buf file = GW6C_BUF(rooms[0]),
			public_key = GW6C_BUF(rooms[1]);
	struct fake_host fake;
	struct gw6c_err err = { 0 };

	fake_host_init(&fake);
	fake_host_option(&fake, "key_bits", bits);
	made = (struct gw6c_buf)GW6C_BUF(made_room);
	CU_ASSERT_EQUAL_FATAL(ops->key_make(&fake.host, &file, &err), GW6C_OK);
	CU_ASSERT_EQUAL_FATAL(ops->key_read(&fake.host, gw6c_got(&file), &made,
					    &public_key, &err),
			      GW6C_OK);
	CU_ASSERT_FATAL(passdss_get_private(gw6c_got(&made), key));
}

/* What a broker can say in one datagram: 1400 octets of base64 and CR LF. */
static void new_keys_have_2048_bits_and_fit_into_a_datagram(void)
{
	static const struct {
		const char *bits;
		size_t p, q, reply;
	} want[] = { { "2048", 256, 28, 1042 }, { "1024", 128, 20, 634 } };
	struct passdss_key key;
	struct pair pair;

	for (int i = 0; i < 2; i++) {
		make_key(want[i].bits, &key);
		CU_ASSERT_EQUAL(key.p.len, want[i].p);
		CU_ASSERT_EQUAL(key.q.len, want[i].q);
		CU_ASSERT_TRUE(passdss_key_whole(&key));
		CU_ASSERT_PTR_NULL(passdss_key_flaw(&key, PASSDSS_BITS));
		pair_open(&pair, "ann", "s3cret");
		pair.login.server_key = give_made;
		CU_ASSERT_EQUAL(up_to_box(&pair), GW6C_OK);
		CU_ASSERT_EQUAL(take_box(&pair), GW6C_OK);
		/* A number may begin with an octet of zero, which is left out */
		CU_ASSERT_TRUE(pair.reply_buf.len <= want[i].reply);
		CU_ASSERT_TRUE(pair.reply_buf.len > want[i].reply - 12);
		CU_ASSERT_TRUE((pair.reply_buf.len + 2) / 3 * 4 + 2 <= 1400);
		pair_close(&pair);
	}
}

static void keys_of_other_sizes_are_not_read(void)
{
	static const struct {
		unsigned p, q;
		bool fits;
	} sizes[] = { { 2048, 256, false },
		      { 2048, 224, true },
		      { 1024, 160, true } };
	uint8_t rooms[2][ROOM];
	struct fake_host fake;

	fake_host_init(&fake);
	for (int i = 0; i < 3; i++) {
		struct gw6c_buf a = GW6C_BUF(rooms[0]), b = GW6C_BUF(rooms[1]);
		gnutls_datum_t pem = { NULL, 0 };
		gnutls_x509_privkey_t key;
		struct gw6c_err err = { 0 };

		gnutls_x509_privkey_init(&key);
		CU_ASSERT_EQUAL_FATAL(
			gnutls_x509_privkey_generate(
				key, GNUTLS_PK_DSA,
				GNUTLS_SUBGROUP_TO_BITS(sizes[i].p, sizes[i].q),
				0),
			0);
		gnutls_x509_privkey_export2(key, GNUTLS_X509_FMT_PEM, &pem);
		gnutls_x509_privkey_deinit(key);
		CU_ASSERT_EQUAL(ops->key_read(&fake.host,
					      (struct gw6c_bytes){ pem.data,
								   pem.size },
					      &a, &b, &err),
				sizes[i].fits ? GW6C_OK : GW6C_ECONFIG);
		CU_ASSERT_EQUAL(strstr(err.text, "1024 or 2048 bits") != NULL,
				!sizes[i].fits);
		gnutls_free(pem.data);
	}
}

static void another_password_or_user_is_refused(void)
{
	struct pair pair;

	pair_open(&pair, "ann", "s3cret");
	CU_ASSERT_EQUAL(up_to_box(&pair), GW6C_OK);
	only_password = "s3cres";
	CU_ASSERT_EQUAL(take_box(&pair), GW6C_EAUTH);
	pair_close(&pair);

	pair_open(&pair, "ann", "s3cret");
	CU_ASSERT_EQUAL(up_to_box(&pair), GW6C_OK);
	only_password = "s3cret2";
	CU_ASSERT_EQUAL(take_box(&pair), GW6C_EAUTH);
	pair_close(&pair);

	pair_open(&pair, "lee", "s3cret");
	CU_ASSERT_EQUAL(up_to_box(&pair), GW6C_OK);
	CU_ASSERT_EQUAL(take_box(&pair), GW6C_EAUTH);
	pair_close(&pair);

	pair_open(&pair, "ann", "");
	CU_ASSERT_EQUAL(up_to_box(&pair), GW6C_OK);
	only_user = "bob"; /* no such user, and no password */
	CU_ASSERT_EQUAL(take_box(&pair), GW6C_EAUTH);
	pair_close(&pair);
}

static void an_untrusted_key_gets_no_password(void)
{
	struct pair pair;

	pair_open(&pair, "ann", "s3cret");
	trust_rc = GW6C_EAUTH;
	CU_ASSERT_EQUAL(up_to_box(&pair), GW6C_EAUTH);
	CU_ASSERT_EQUAL(pair.box_buf.len, 0);
	CU_ASSERT_STRING_EQUAL(pair.err.text, "another key");
	pair_close(&pair);

	pair_open(&pair, "ann", "s3cret");
	pair.login.trust = NULL;
	CU_ASSERT_EQUAL(up_to_box(&pair), GW6C_EAUTH);
	CU_ASSERT_EQUAL(pair.box_buf.len, 0);
	pair_close(&pair);

	/* A core that is older than trust(). */
	pair_open(&pair, "ann", "s3cret");
	pair.login.size = offsetof(struct gw6c_login, trust);
	CU_ASSERT_EQUAL(say_hello(&pair), GW6C_MORE);
	CU_ASSERT_EQUAL(say_reply(&pair), GW6C_ECONFIG);
	pair_close(&pair);
}

static void a_broker_without_a_key_says_so(void)
{
	struct pair pair;

	pair_open(&pair, "ann", "s3cret");
	say_hello(&pair);
	server_key.p = NULL;
	CU_ASSERT_EQUAL(say_reply(&pair), GW6C_ECONFIG);
	CU_ASSERT_EQUAL(pair.reply_buf.len, 0);
	pair_close(&pair);
}

/* Somebody in between who has another key, and signs well. */
static void another_key_is_shown_to_trust(void)
{
	struct passdss_key key;
	struct pair pair;

	pair_open(&pair, "ann", "s3cret");
	say_hello(&pair);
	server_key.x = "05";
	server_key.y = vector_key.y;
	CU_ASSERT_EQUAL(say_reply(&pair), GW6C_MORE);
	CU_ASSERT_EQUAL(say_box(&pair), GW6C_EAUTH); /* x is not y's */
	CU_ASSERT_PTR_NOT_NULL(strstr(pair.err.text, "signature is wrong"));
	CU_ASSERT_EQUAL(trusted, 0);
	pair_close(&pair);

	pair_open(&pair, "ann", "s3cret");
	say_hello(&pair);
	server_key.x = "01"; /* whose y is g */
	server_key.y = vector_key.g;
	CU_ASSERT_EQUAL(say_reply(&pair), GW6C_MORE);
	CU_ASSERT_EQUAL(say_box(&pair), GW6C_OK);
	CU_ASSERT(passdss_get_public((struct gw6c_bytes){ trusted_key,
							  trusted_len },
				     &key));
	CU_ASSERT(key.y.len == key.g.len &&
		  memcmp(key.y.at, key.g.at, key.y.len) == 0);
	pair_close(&pair);
}

static void layers_that_are_a_must_are_refused(void)
{
	static const struct {
		uint8_t layers;
		bool wanted;
	} offers[] = { { 2, true }, { 6, true }, { 1, false }, { 7, false } };

	for (size_t i = 0; i < COUNT(offers); i++) {
		struct passdss_reply reply;
		struct pair pair;

		pair_open(&pair, "ann", "s3cret");
		say_hello(&pair);
		say_reply(&pair);
		passdss_get_reply(gw6c_got(&pair.reply_buf), &reply);
		pair.reply[reply.head.at - pair.reply] = offers[i].layers;
		CU_ASSERT_EQUAL(say_box(&pair),
				offers[i].layers == 1 ? GW6C_OK : GW6C_EAUTH);
		CU_ASSERT_EQUAL(!!strstr(pair.err.text, "security layer"),
				offers[i].wanted);
		pair_close(&pair);
	}
}

static void a_hello_for_somebody_else_is_refused(void)
{
	static const struct {
		const char *azname, *authname;
		int rc;
	} hellos[] = {
		{ "", "ann", GW6C_MORE },      { "ann", "ann", GW6C_MORE },
		{ "root", "ann", GW6C_EAUTH }, { "bob", "ann", GW6C_EAUTH },
		{ "", "", GW6C_EAUTH },
	};

	for (size_t i = 0; i < COUNT(hellos); i++) {
		uint8_t two[] = { 2 };
		struct passdss_hello hello = {
			.azname = gw6c_text(hellos[i].azname),
			.authname = gw6c_text(hellos[i].authname),
			.dh = { two, 1 },
		};
		struct pair pair;

		pair_open(&pair, "ann", "s3cret");
		passdss_put_hello(&pair.hello_buf, &hello);
		CU_ASSERT_EQUAL(say_reply(&pair), hellos[i].rc);
		pair_close(&pair);
	}
}

static void a_box_with_a_flipped_bit_is_refused(void)
{
	for (size_t i = 0; i < 48; i++) {
		struct pair pair;

		pair_open(&pair, "ann", "correct horse");
		CU_ASSERT_EQUAL(up_to_box(&pair), GW6C_OK);
		CU_ASSERT_EQUAL_FATAL(pair.box_buf.len, 48);
		pair.box[i] ^= 0x40;
		CU_ASSERT_EQUAL(take_box(&pair), GW6C_EAUTH);
		pair_close(&pair);
	}
	for (size_t len = 0; len < 48; len++) {
		struct pair pair;

		pair_open(&pair, "ann", "correct horse");
		CU_ASSERT_EQUAL(up_to_box(&pair), GW6C_OK);
		pair.box_buf.len = len;
		CU_ASSERT_EQUAL(take_box(&pair), GW6C_EAUTH);
		pair_close(&pair);
	}
}

static void passwords_of_every_length_cross(void)
{
	static char password[PASSDSS_PASSWORD + 2];

	for (size_t len = 1; len <= PASSDSS_PASSWORD + 1; len++) {
		struct pair pair;

		memset(password, 'a' + (int)(len % 26), len);
		pair_open(&pair, "ann", password);
		if (len > PASSDSS_PASSWORD) {
			CU_ASSERT_EQUAL(say_hello(&pair), GW6C_ECONFIG);
		} else {
			CU_ASSERT_EQUAL(up_to_box(&pair), GW6C_OK);
			CU_ASSERT_EQUAL(pair.box_buf.len % 8, 0);
			CU_ASSERT_EQUAL(take_box(&pair), GW6C_OK);
		}
		pair_close(&pair);
	}
}

/* The reply again, with a p of 1023 bits. */
static void shorten_key(struct pair *pair)
{
	uint8_t copy[ROOM], p[PASSDSS_NUMBER];
	struct passdss_reply reply;

	memcpy(copy, pair->reply, pair->reply_buf.len);
	passdss_get_reply((struct gw6c_bytes){ copy, pair->reply_buf.len },
			  &reply);
	memcpy(p, reply.key.p.at, reply.key.p.len);
	p[0] = 0x7f;
	reply.key.p.at = p;
	pair->reply_buf.len = 0;
	passdss_put_reply(&pair->reply_buf, &reply);
}

static void short_keys_need_a_word_of_the_operator(void)
{
	static const char *const words[] = { "no", "yes" };

	for (size_t i = 0; i < COUNT(words); i++) {
		struct pair pair;

		pair_open(&pair, "ann", "s3cret");
		pair.fake.option[0].value = words[i];
		say_hello(&pair);
		say_reply(&pair);
		shorten_key(&pair);
		CU_ASSERT_EQUAL(say_box(&pair), GW6C_EAUTH);
		CU_ASSERT_EQUAL(!!strstr(pair.err.text, "too short"), i == 0);
		pair_close(&pair);
	}
}

/* See gw6c/auth.h: auth_method=any takes the highest. */
static void it_has_the_rank_of_its_kind(void)
{
	CU_ASSERT_EQUAL(ops->rank, 70);
	CU_ASSERT_STRING_EQUAL(ops->mechanism, "PASSDSS-3DES-1");
}

int main(void)
{
	static const struct unit_test tests[] = {
		UNIT_TEST(it_has_the_rank_of_its_kind),
		UNIT_TEST(exchanges_are_those_of_the_vectors),
		UNIT_TEST(boxes_of_another_implementation_open),
		UNIT_TEST(bad_replies_of_the_vectors_are_refused),
		UNIT_TEST(a_reply_cut_anywhere_is_malformed),
		UNIT_TEST(a_hello_cut_anywhere_is_refused),
		UNIT_TEST(a_reply_with_a_flipped_bit_is_refused),
		UNIT_TEST(the_brokers_number_must_be_in_range),
		UNIT_TEST(the_clients_number_must_be_in_range),
		UNIT_TEST(the_range_ends_where_it_should),
		UNIT_TEST(keys_that_are_none_are_refused),
		UNIT_TEST(signatures_out_of_range_are_wrong),
		UNIT_TEST(numbers_have_384_octets_at_most),
		UNIT_TEST(a_box_that_does_not_fit_is_an_error),
		UNIT_TEST(a_login_works),
		UNIT_TEST(new_keys_have_2048_bits_and_fit_into_a_datagram),
		UNIT_TEST(keys_of_other_sizes_are_not_read),
		UNIT_TEST(another_password_or_user_is_refused),
		UNIT_TEST(an_untrusted_key_gets_no_password),
		UNIT_TEST(a_broker_without_a_key_says_so),
		UNIT_TEST(another_key_is_shown_to_trust),
		UNIT_TEST(layers_that_are_a_must_are_refused),
		UNIT_TEST(a_hello_for_somebody_else_is_refused),
		UNIT_TEST(a_box_with_a_flipped_bit_is_refused),
		UNIT_TEST(passwords_of_every_length_cross),
		UNIT_TEST(short_keys_need_a_word_of_the_operator),
	};

	return UNIT_RUN("auth_passdss_3des_1", tests);
}
