/* tls.c - the certificate that the worker shows, and its exchange. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "tls.h"
#include <arpa/inet.h>
#include <gnutls/x509.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#define CHAIN 8 /* certificates */

/* A session may use it for as long as it lives. There is one every few weeks,
 * so none is given back. */
struct shown {
	gnutls_pcert_st certs[CHAIN];
	unsigned n;
	gnutls_privkey_t key;
	time_t end;
	char name[256];
};

static struct shown *current;

/* As people know it: its first name, or else its first address. */
static void name_of(gnutls_x509_crt_t cert, char *name, size_t room)
{
	int type = 0;

	for (unsigned i = 0; type >= 0 || type == GNUTLS_E_SHORT_MEMORY_BUFFER;
	     i++) {
		char text[256] = "";
		size_t len = sizeof(text) - 1;

		type = gnutls_x509_crt_get_subject_alt_name(cert, i, text, &len,
							    NULL);
		if (type == GNUTLS_SAN_DNSNAME) {
			snprintf(name, room, "%s", text);
			return;
		}
		if (type == GNUTLS_SAN_IPADDRESS && !*name &&
		    (len == 4 || len == 16))
			inet_ntop(len == 4 ? AF_INET : AF_INET6, text, name,
				  (socklen_t)room);
	}
}

static void describe(struct shown *shown, const gnutls_datum_t *pem)
{
	gnutls_x509_crt_t cert;

	if (gnutls_x509_crt_init(&cert) < 0)
		return;
	if (gnutls_x509_crt_import(cert, pem, GNUTLS_X509_FMT_PEM) == 0) {
		shown->end = gnutls_x509_crt_get_expiration_time(cert);
		name_of(cert, shown->name, sizeof(shown->name));
	}
	gnutls_x509_crt_deinit(cert);
}

/* --- what may be wrong ------------------------------------------------------ */

static bool fail(char *why, size_t len, const char *text)
{
	snprintf(why, len, "%s", text);
	return false;
}

static bool load_chain(struct shown *shown, const gnutls_datum_t *pem,
		       char *why, size_t len)
{
	int rc;

	shown->n = CHAIN;
	rc = gnutls_pcert_list_import_x509_raw(shown->certs, &shown->n, pem,
					       GNUTLS_X509_FMT_PEM, 0);
	if (rc >= 0 && shown->n)
		return true;
	shown->n = 0;
	if (rc == GNUTLS_E_SHORT_MEMORY_BUFFER)
		return fail(why, len, "the chain has more than 8 certificates");
	return fail(why, len,
		    "the file of the certificate has something in it that is "
		    "not a complete certificate in PEM form, or is damaged");
}

static bool load_key(struct shown *shown, const gnutls_datum_t *pem, char *why,
		     size_t len)
{
	int rc = gnutls_privkey_init(&shown->key);

	if (rc == 0)
		rc = gnutls_privkey_import_x509_raw(shown->key, pem,
						    GNUTLS_X509_FMT_PEM, NULL,
						    0);
	if (rc == 0)
		return true;
	if (rc == GNUTLS_E_DECRYPTION_FAILED)
		return fail(why, len,
			    "the key has a passphrase; store it without one");
	return fail(why, len,
		    "the file of the key has no complete private key in PEM "
		    "form, or one that is damaged");
}

/* Is it the key of that certificate? */
static bool fits(struct shown *shown, char *why, size_t len)
{
	unsigned char one[64], other[64];
	size_t n = sizeof(one), m = sizeof(other);
	gnutls_pubkey_t pub;
	int rc = gnutls_pubkey_init(&pub);

	if (rc < 0)
		return fail(why, len, gnutls_strerror(rc));
	rc = gnutls_pubkey_import_privkey(pub, shown->key, 0, 0);
	if (rc == 0)
		rc = gnutls_pubkey_get_key_id(pub, 0, one, &n);
	if (rc == 0)
		rc = gnutls_pubkey_get_key_id(shown->certs[0].pubkey, 0, other,
					      &m);
	gnutls_pubkey_deinit(pub);
	if (rc < 0)
		return fail(why, len, gnutls_strerror(rc));
	return (n == m && memcmp(one, other, n) == 0) ||
	       fail(why, len,
		    "the key does not belong to the certificate, which must be "
		    "the first one of its file");
}

static void drop(struct shown *shown)
{
	for (unsigned i = 0; i < shown->n; i++)
		gnutls_pcert_deinit(&shown->certs[i]);
	if (shown->key)
		gnutls_privkey_deinit(shown->key);
	free(shown);
}

bool tls_load(const char *pair, size_t pair_len, bool *of_key, char *why,
	      size_t len)
{
	size_t cert_len = strnlen(pair, pair_len);
	const gnutls_datum_t cert = { (void *)pair, (unsigned)cert_len };
	gnutls_datum_t key = { NULL, 0 };
	struct shown *shown = calloc(1, sizeof(*shown));

	*of_key = false;
	if (!shown)
		return fail(why, len, "out of memory");
	if (cert_len < pair_len)
		key = (gnutls_datum_t){ (void *)(pair + cert_len + 1),
					(unsigned)strnlen(pair + cert_len + 1,
							  pair_len - cert_len -
								  1) };
	*of_key = load_chain(shown, &cert, why, len);
	if (!*of_key || !load_key(shown, &key, why, len) ||
	    !fits(shown, why, len)) {
		drop(shown);
		return false;
	}
	describe(shown, &cert);
	current = shown;
	return true;
}

time_t tls_end(char *name, size_t len)
{
	snprintf(name, len, "%s", current ? current->name : "");
	return current ? current->end : 0;
}

const char *tls_priorities(void)
{
	static const char *const list[] = {
		"@SYSTEM:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2",
		"NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2",
	};
	gnutls_priority_t made;

	if (gnutls_priority_init(&made, list[0], NULL) < 0)
		return list[1];
	gnutls_priority_deinit(made);
	return list[0];
}

int tls_choose(gnutls_session_t session, const gnutls_datum_t *authorities,
	       int n_authorities, const gnutls_pk_algorithm_t *algorithms,
	       int n_algorithms, gnutls_pcert_st **certs, unsigned *n_certs,
	       gnutls_privkey_t *key)
{
	(void)session;
	(void)authorities;
	(void)n_authorities;
	(void)algorithms;
	(void)n_algorithms;
	if (!current)
		return -1;
	*certs = current->certs;
	*n_certs = current->n;
	*key = current->key;
	return 0;
}
