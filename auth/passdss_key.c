/* passdss_key.c - the broker's key of PASSDSS-3DES-1 as a file. On GnuTLS. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "passdss_key.h"
#include <gnutls/abstract.h>
#include <gnutls/crypto.h>
#include <gnutls/x509.h>

#define FIELDS 5 /* p q g y, and x, which is private */

/* The sizes of FIPS 186 that go: with more octets the broker's message exceeds
 * what a datagram carries unbroken over almost every path. */
static const struct {
	unsigned p, q; /* bits */
} sizes[] = { { 1024, 160 }, { 2048, 224 } };

#define SIZES (sizeof(sizes) / sizeof(sizes[0]))

static void put_field(struct gw6c_buf *out, const gnutls_datum_t *field)
{
	const uint8_t length[4] = { 0, 0, (uint8_t)(field->size >> 8),
				    (uint8_t)field->size };

	gw6c_put(out, length, sizeof(length));
	gw6c_put(out, field->data, field->size);
}

/* q: with or without a sign octet. */
static bool is_of_a_size(unsigned bits, const gnutls_datum_t *q)
{
	for (size_t i = 0; i < SIZES; i++)
		if (bits == sizes[i].p)
			return q->size <= sizes[i].q / 8 + 1;
	return false;
}

/* GnuTLS exports numbers with the sign octet that SSH requires. */
static bool put_key(gnutls_x509_privkey_t key, struct gw6c_buf *private_key,
		    struct gw6c_buf *public_key)
{
	static unsigned char name[] = "ssh-dss";
	const gnutls_datum_t algorithm = { name, sizeof(name) - 1 };
	gnutls_datum_t n[FIELDS];
	unsigned bits = 0;
	bool ok;

	if (gnutls_x509_privkey_get_pk_algorithm2(key, &bits) !=
		    GNUTLS_PK_DSA ||
	    gnutls_x509_privkey_export_dsa_raw(key, &n[0], &n[1], &n[2], &n[3],
					       &n[4]))
		return false;
	ok = is_of_a_size(bits, &n[1]);
	if (ok) {
		put_field(private_key, &algorithm);
		put_field(public_key, &algorithm);
	}
	for (int i = 0; i < FIELDS; i++) {
		if (ok)
			put_field(private_key, &n[i]);
		if (ok && i < FIELDS - 1)
			put_field(public_key, &n[i]);
		gnutls_memset(n[i].data, 0, n[i].size);
		gnutls_free(n[i].data);
	}
	return ok;
}

int passdss_key_read(const struct gw6c_host *host, struct gw6c_bytes file,
		     struct gw6c_buf *private_key, struct gw6c_buf *public_key,
		     struct gw6c_err *err)
{
	const gnutls_datum_t pem = { (unsigned char *)file.at,
				     (unsigned)file.len };
	gnutls_x509_privkey_t key;
	bool ok;

	(void)host;
	if (gnutls_x509_privkey_init(&key))
		return gw6c_fail(err, GW6C_EOS, "out of memory");
	ok = gnutls_x509_privkey_import2(key, &pem, GNUTLS_X509_FMT_PEM, NULL,
					 GNUTLS_PKCS_PLAIN) == 0 &&
	     put_key(key, private_key, public_key);
	gnutls_x509_privkey_deinit(key);
	if (ok)
		return GW6C_OK;
	return gw6c_fail(err, GW6C_ECONFIG,
			 "it does not contain a DSA key of %u or %u bits in "
			 "PEM",
			 sizes[0].p, sizes[1].p);
}

int passdss_key_make(const struct gw6c_host *host, struct gw6c_buf *file,
		     struct gw6c_err *err)
{
	gnutls_datum_t pem = { NULL, 0 };
	gnutls_x509_privkey_t key;
	size_t size = strcmp(host->str(host, "key_bits"), "1024") != 0;
	bool ok;

	if (gnutls_x509_privkey_init(&key))
		return gw6c_fail(err, GW6C_EOS, "out of memory");
	ok = gnutls_x509_privkey_generate(
		     key, GNUTLS_PK_DSA,
		     GNUTLS_SUBGROUP_TO_BITS(sizes[size].p, sizes[size].q),
		     0) == 0 &&
	     gnutls_x509_privkey_export2(key, GNUTLS_X509_FMT_PEM, &pem) == 0;
	gnutls_x509_privkey_deinit(key);
	if (!ok)
		return gw6c_fail(err, GW6C_EOS,
				 "the crypto library cannot generate a %u-bit "
				 "DSA key; the system's crypto policy may "
				 "forbid it",
				 sizes[size].p);
	gw6c_put(file, pem.data, pem.size);
	gnutls_memset(pem.data, 0, pem.size);
	gnutls_free(pem.data);
	return GW6C_OK;
}
