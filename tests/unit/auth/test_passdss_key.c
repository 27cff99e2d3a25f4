/* test_passdss_key.c - the broker's key as a file: made, read, and what is no
 * such key. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "auth/passdss_key.h"
#include "auth/passdss_math.h"
#include "auth/passdss_wire.h"
#include "tests/fake/fake_host.h"
#include "tests/unit/unit.h"
#include <gnutls/x509.h>

#define ROOM 8192

static uint8_t file_room[ROOM], private_room[ROOM], public_room[ROOM];
static struct gw6c_buf file, private_key, public_key;
static struct gw6c_err err;

static int read_file(void)
{
	private_key = (struct gw6c_buf)GW6C_BUF(private_room);
	public_key = (struct gw6c_buf)GW6C_BUF(public_room);
	err = (struct gw6c_err){ 0 };
	return passdss_key_read(NULL, gw6c_got(&file), &private_key,
				&public_key, &err);
}

/* By another kind of key, or another length. */
static void make(gnutls_pk_algorithm_t kind, unsigned bits)
{
	gnutls_datum_t pem = { NULL, 0 };
	gnutls_x509_privkey_t key;

	file = (struct gw6c_buf)GW6C_BUF(file_room);
	CU_ASSERT_EQUAL_FATAL(gnutls_x509_privkey_init(&key), 0);
	CU_ASSERT_EQUAL_FATAL(gnutls_x509_privkey_generate(key, kind, bits, 0),
			      0);
	CU_ASSERT_EQUAL_FATAL(gnutls_x509_privkey_export2(key,
							  GNUTLS_X509_FMT_PEM,
							  &pem),
			      0);
	gw6c_put(&file, pem.data, pem.size);
	gnutls_free(pem.data);
	gnutls_x509_privkey_deinit(key);
}

static void a_key_that_is_made_can_be_read(void)
{
	static const struct {
		const char *bits;
		unsigned octets; /* of p */
	} cases[] = { { "1024", 128 }, { "2048", 256 } };

	for (int i = 0; i < 2; i++) {
		uint8_t digest[PASSDSS_HASH] = { 1 },
			nonce[PASSDSS_NONCE] = { 2 };
		uint8_t r_room[64], s_room[64];
		struct gw6c_buf r = GW6C_BUF(r_room), s = GW6C_BUF(s_room);
		struct passdss_key whole, open;
		struct fake_host fake;

		fake_host_init(&fake);
		fake_host_option(&fake, "key_bits", cases[i].bits);
		file = (struct gw6c_buf)GW6C_BUF(file_room);
		CU_ASSERT_EQUAL_FATAL(passdss_key_make(&fake.host, &file, &err),
				      GW6C_OK);
		CU_ASSERT_EQUAL_FATAL(read_file(), GW6C_OK);
		CU_ASSERT_TRUE(
			passdss_get_private(gw6c_got(&private_key), &whole));
		CU_ASSERT_TRUE(passdss_key_whole(&whole));
		CU_ASSERT_TRUE(
			passdss_get_public(gw6c_got(&public_key), &open));
		CU_ASSERT_EQUAL(open.p.len, cases[i].octets);
		/* The private form begins with the public one. */
		CU_ASSERT_TRUE(private_key.len > public_key.len);
		CU_ASSERT_EQUAL(memcmp(private_key.at, public_key.at,
				       public_key.len),
				0);
		/* What the one signs, the other verifies. */
		CU_ASSERT_TRUE(passdss_sign(&whole, nonce, digest, &r, &s));
		CU_ASSERT_TRUE(passdss_verify(&open, gw6c_got(&r), gw6c_got(&s),
					      digest));
	}
}

static void what_is_no_such_key_is_refused(void)
{
	static const struct {
		gnutls_pk_algorithm_t kind;
		unsigned bits;
	} cases[] = { { GNUTLS_PK_RSA, 1024 }, { GNUTLS_PK_DSA, 3072 } };

	for (int i = 0; i < 2; i++) {
		make(cases[i].kind, cases[i].bits);
		CU_ASSERT_EQUAL(read_file(), GW6C_ECONFIG);
		CU_ASSERT_STRING_EQUAL(err.text,
				       "it does not contain a DSA key of "
				       "1024 or 2048 bits in PEM");
		CU_ASSERT_EQUAL(private_key.len, 0);
		CU_ASSERT_EQUAL(public_key.len, 0);
	}
	file.len = 0;
	CU_ASSERT_EQUAL(read_file(), GW6C_ECONFIG);
	gw6c_put_text(&file, "no key at all\n");
	CU_ASSERT_EQUAL(read_file(), GW6C_ECONFIG);
}

int main(void)
{
	static const struct unit_test tests[] = {
		UNIT_TEST(a_key_that_is_made_can_be_read),
		UNIT_TEST(what_is_no_such_key_is_refused),
	};

	return UNIT_RUN("passdss_key", tests);
}
