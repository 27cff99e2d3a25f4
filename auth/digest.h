/* digest.h - the arithmetic and the syntax of DIGEST-MD5 (RFC 2831). */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_AUTH_DIGEST_H
#define GW6C_AUTH_DIGEST_H

#include <gw6c/buf.h>

#define DIGEST_FIELD 256 /* octets of one directive's value with its NUL */
#define DIGEST_HEX 33 /* octets of a digest in hexadecimal with its NUL */

/* What goes into the hash, as text. */
struct digest_input {
	const char *user, *realm, *password;
	const char *nonce, *cnonce, *uri;
	bool cut; /* A1 ends at its first NUL, as TSP up to 2.0.0 had it */
};

/* Directives of a challenge or response; "" if absent. */
struct digest_fields {
	char realm[DIGEST_FIELD], nonce[DIGEST_FIELD], qop[DIGEST_FIELD];
	char charset[DIGEST_FIELD], username[DIGEST_FIELD];
	char cnonce[DIGEST_FIELD], nc[DIGEST_FIELD];
	char uri[DIGEST_FIELD], response[DIGEST_FIELD], rspauth[DIGEST_FIELD];
	bool has_realm;
};

/* Strict enough to be safe, lenient as brokers differ: blanks around commas
 * and '=', quotes with backslashes; the first of repeated directives counts.
 * False: it is malformed, or a value is too long. */
bool digest_parse(struct gw6c_bytes text, struct digest_fields *out);

/* The response (client) and the rspauth (broker) value; false: MD5 is
 * unavailable. RFC 2831 section 2.1.2.1, qop auth. */
bool digest_compute(const struct digest_input *input, char response[DIGEST_HEX],
		    char rspauth[DIGEST_HEX]);

/* Append name="value" with '"' and '\' escaped. */
void digest_put_quoted(struct gw6c_buf *out, const char *name,
		       const char *value);

/* Compare in constant time; case of hexadecimal digits does not count. */
bool digest_same(const char *a, const char *b);

#endif
