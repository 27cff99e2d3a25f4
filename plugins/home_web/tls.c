/* tls.c - the certificate that the worker shows, and its exchange. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "tls.h"
#include <arpa/inet.h>
#include <fcntl.h>
#include <gnutls/x509.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define CHAIN 8 /* certificates */
#define PEM_MAX 65536 /* octets of a file */

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

static bool read_pem(int fd, gnutls_datum_t *out)
{
	size_t len = 0;
	ssize_t got = 1;

	out->data = malloc(PEM_MAX);
	while (out->data && len < PEM_MAX - 1 && got > 0) {
		got = pread(fd, out->data + len, PEM_MAX - 1 - len, (off_t)len);
		if (got > 0)
			len += (size_t)got;
	}
	close(fd);
	out->size = (unsigned)len;
	if (out->data)
		out->data[len] = 0;
	return out->data && len > 0;
}

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

/* Is it the key of that certificate? */
static int fits(struct shown *shown)
{
	unsigned char one[64], other[64];
	size_t n = sizeof(one), m = sizeof(other);
	gnutls_pubkey_t pub;
	int rc = gnutls_pubkey_init(&pub);

	if (rc < 0)
		return rc;
	rc = gnutls_pubkey_import_privkey(pub, shown->key, 0, 0);
	if (rc == 0)
		rc = gnutls_pubkey_get_key_id(pub, 0, one, &n);
	if (rc == 0)
		rc = gnutls_pubkey_get_key_id(shown->certs[0].pubkey, 0, other,
					      &m);
	gnutls_pubkey_deinit(pub);
	if (rc < 0)
		return rc;
	return n == m && memcmp(one, other, n) == 0
		       ? 0
		       : GNUTLS_E_CERTIFICATE_KEY_MISMATCH;
}

static int load(struct shown *shown, const gnutls_datum_t *cert,
		const gnutls_datum_t *key)
{
	int rc;

	shown->n = CHAIN;
	rc = gnutls_pcert_list_import_x509_raw(shown->certs, &shown->n, cert,
					       GNUTLS_X509_FMT_PEM, 0);
	if (rc < 0)
		return rc;
	rc = gnutls_privkey_init(&shown->key);
	if (rc == 0)
		rc = gnutls_privkey_import_x509_raw(shown->key, key,
						    GNUTLS_X509_FMT_PEM, NULL,
						    0);
	return rc < 0 ? rc : fits(shown);
}

static void drop(struct shown *shown)
{
	for (unsigned i = 0; i < shown->n && i < CHAIN; i++)
		gnutls_pcert_deinit(&shown->certs[i]);
	if (shown->key)
		gnutls_privkey_deinit(shown->key);
	free(shown);
}

static void forget(gnutls_datum_t *pem)
{
	if (pem->data)
		gnutls_memset(pem->data, 0, pem->size);
	free(pem->data);
}

bool tls_load(int cert_fd, int key_fd, char *why, size_t len)
{
	struct shown *shown = calloc(1, sizeof(*shown));
	gnutls_datum_t cert = { NULL, 0 }, key = { NULL, 0 };
	bool read_all = read_pem(cert_fd, &cert);
	int rc;

	read_all = read_pem(key_fd, &key) && read_all;
	rc = !shown || !read_all ? GNUTLS_E_FILE_ERROR
				 : load(shown, &cert, &key);
	if (rc == 0) {
		describe(shown, &cert);
		current = shown;
	} else {
		snprintf(why, len, "%s", gnutls_strerror(rc));
		if (shown && rc == GNUTLS_E_FILE_ERROR)
			free(shown);
		else if (shown)
			drop(shown);
	}
	forget(&cert);
	forget(&key);
	return rc == 0;
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
