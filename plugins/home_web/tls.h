/* tls.h - the certificate that the worker shows, and its exchange. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_HOME_WEB_TLS_H
#define GW6C_HOME_WEB_TLS_H

#include <gnutls/abstract.h>
#include <gnutls/gnutls.h>
#include <stdbool.h>
#include <stddef.h>
#include <time.h>

/* Show another certificate from the next handshake on: its chain and its key
 * (PEM) with a NUL between them. False: that of before stays, if there is one;
 * why says what is wrong. */
bool tls_load(const char *pair, size_t pair_len, bool *of_key, char *why,
	      size_t len);
/* The end of the certificate shown, and the name in it; 0: none is. */
time_t tls_end(char *name, size_t len);

/* The priorities that the system has for its programs, or else GnuTLS'. */
const char *tls_priorities(void);

/* For the library: MHD_OPTION_HTTPS_CERT_CALLBACK. */
int tls_choose(gnutls_session_t session, const gnutls_datum_t *authorities,
	       int n_authorities, const gnutls_pk_algorithm_t *algorithms,
	       int n_algorithms, gnutls_pcert_st **certs, unsigned *n_certs,
	       gnutls_privkey_t *key);

#endif
