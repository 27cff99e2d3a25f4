/* identity.c - the server key, which authenticates the broker. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "identity.h"
#include "core/base/files.h"
#include <errno.h>
#include <gnutls/x509.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define BITS 1024
#define PEM_MAX 8192 /* octets */

void identity_wipe(struct identity *identity)
{
	gnutls_memset(identity, 0, sizeof(*identity));
}

static void put_field(struct gw6c_buf *out, const gnutls_datum_t *field)
{
	const uint8_t length[4] = { 0, 0, (uint8_t)(field->size >> 8),
				    (uint8_t)field->size };

	gw6c_put(out, length, sizeof(length));
	gw6c_put(out, field->data, field->size);
}

/* GnuTLS exports numbers with the sign octet that SSH requires. */
static int identity_take(gnutls_x509_privkey_t key, struct identity *out)
{
	static unsigned char name[] = "ssh-dss";
	const gnutls_datum_t algorithm = { name, sizeof(name) - 1 };
	struct gw6c_buf blob = GW6C_BUF(out->blob);
	gnutls_datum_t n[5]; /* p q g y x */
	unsigned bits = 0;

	if (gnutls_x509_privkey_get_pk_algorithm2(key, &bits) !=
		    GNUTLS_PK_DSA ||
	    bits != BITS ||
	    gnutls_x509_privkey_export_dsa_raw(key, &n[0], &n[1], &n[2], &n[3],
					       &n[4]))
		return -1;
	put_field(&blob, &algorithm);
	for (int i = 0; i < 5; i++) {
		out->public_len =
			i < 4 ? blob.len + 4 + n[i].size : out->public_len;
		put_field(&blob, &n[i]);
		gnutls_memset(n[i].data, 0, n[i].size);
		gnutls_free(n[i].data);
	}
	out->len = blob.len;
	return blob.overflow ? -1 : 0;
}

static int identity_parse(const gnutls_datum_t *pem, struct identity *out)
{
	gnutls_x509_privkey_t key;
	int rc;

	if (gnutls_x509_privkey_init(&key))
		return -1;
	rc = gnutls_x509_privkey_import2(key, pem, GNUTLS_X509_FMT_PEM, NULL,
					 GNUTLS_PKCS_PLAIN);
	if (rc == 0)
		rc = identity_take(key, out);
	gnutls_x509_privkey_deinit(key);
	return rc;
}

int identity_load(const char *path, struct identity *out, struct gw6c_err *err)
{
	uint8_t room[PEM_MAX];
	mode_t mode = 0;
	ssize_t len = files_load(path, room, sizeof(room), &mode);
	gnutls_datum_t pem = { room, len > 0 ? (unsigned)len : 0 };

	identity_wipe(out);
	if (len < 0)
		return gw6c_fail(err, GW6C_ECONFIG,
				 "cannot read the server key %s: %s%s", path,
				 errno == ELOOP ? "it is a symbolic link"
						: strerror(errno),
				 errno == ENOENT ? "; create it: gw6c-broker "
						   "keygen"
						 : "");
	if (mode & (S_IRWXG | S_IRWXO))
		gw6c_fail(err, GW6C_ECONFIG,
			  "the server key %s is readable by others; create a "
			  "new one, or chmod 600 %s",
			  path, path);
	else if (identity_parse(&pem, out))
		gw6c_fail(err, GW6C_ECONFIG,
			  "%s does not contain a %d-bit DSA key in PEM; create "
			  "one: gw6c-broker keygen",
			  path, BITS);
	gnutls_memset(room, 0, sizeof(room));
	if (err->rc)
		identity_wipe(out);
	return err->rc;
}

static int identity_write(const char *path, gnutls_x509_privkey_t key,
			  struct gw6c_err *err)
{
	gnutls_datum_t pem = { NULL, 0 };
	int rc;

	if (gnutls_x509_privkey_generate(key, GNUTLS_PK_DSA, BITS, 0) ||
	    gnutls_x509_privkey_export2(key, GNUTLS_X509_FMT_PEM, &pem))
		return gw6c_fail(err, GW6C_EOS,
				 "the crypto library cannot generate a %d-bit "
				 "DSA key; the system's crypto policy may "
				 "forbid it",
				 BITS);
	rc = files_replace(path, (struct gw6c_bytes){ pem.data, pem.size },
			   0600, err);
	if (rc && !err->rc)
		gw6c_fail(err, GW6C_EOS, "cannot write %s: %s", path,
			  strerror(errno));
	gnutls_memset(pem.data, 0, pem.size);
	gnutls_free(pem.data);
	return err->rc;
}

int identity_make(const char *path, struct gw6c_err *err)
{
	gnutls_x509_privkey_t key;
	struct stat there;

	if (lstat(path, &there) == 0)
		return gw6c_fail(err, GW6C_ECONFIG,
				 "the server key %s already exists; clients "
				 "that know it will reject a new one. To "
				 "replace it, remove it first",
				 path);
	if (gnutls_x509_privkey_init(&key))
		return gw6c_fail(err, GW6C_EOS, "out of memory");
	identity_write(path, key, err);
	gnutls_x509_privkey_deinit(key);
	return err->rc;
}

const char *identity_print(const struct identity *identity,
			   char room[SERVER_KEYS_PRINT])
{
	return server_keys_print((struct gw6c_bytes){ identity->blob,
						      identity->public_len },
				 room);
}
