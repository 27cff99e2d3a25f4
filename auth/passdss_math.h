/* passdss_math.h - Diffie-Hellman and DSA of PASSDSS-3DES-1, on GMP. Numbers
 * are octet strings, most significant octet first. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_AUTH_PASSDSS_MATH_H
#define GW6C_AUTH_PASSDSS_MATH_H

#include "passdss_wire.h"

#define PASSDSS_GROUP 128 /* octets of a group element, and of K */
#define PASSDSS_SECRET 127 /* octets of a Diffie-Hellman secret */
#define PASSDSS_HASH 20 /* octets of SHA-1, which is what is signed */
/* Octets of randomness that a signature needs, whatever the key. */
#define PASSDSS_NONCE 48
/* Bits of p; smaller ones must be allowed explicitly. */
#define PASSDSS_WEAK_BITS 512
#define PASSDSS_BITS 1024

/* 2 to the power of secret, in the group of RFC 2409 section 6.2. secret:
 * PASSDSS_SECRET random octets. */
void passdss_dh_public(const uint8_t *secret, struct gw6c_buf *out);
/* peer to the power of secret. False: the peer's number is not in 2..n-2. */
bool passdss_dh_shared(const uint8_t *secret, struct gw6c_bytes peer,
		       struct gw6c_buf *out);

/* What is wrong with a public key, as a message; NULL: nothing. min_bits:
 * PASSDSS_BITS, or PASSDSS_WEAK_BITS. */
const char *passdss_key_flaw(const struct passdss_key *key, unsigned min_bits);
/* Is (r, s) the signature over the digest itself? The key is flawless. */
bool passdss_verify(const struct passdss_key *key, struct gw6c_bytes r,
		    struct gw6c_bytes s, const uint8_t digest[PASSDSS_HASH]);
/* Sign with the private key. nonce: PASSDSS_NONCE random octets, different
 * each time. False: once in 2^150 tries, take another nonce. */
bool passdss_sign(const struct passdss_key *key, const uint8_t *nonce,
		  const uint8_t digest[PASSDSS_HASH], struct gw6c_buf *r,
		  struct gw6c_buf *s);
/* Does x belong to y? */
bool passdss_key_whole(const struct passdss_key *key);

#endif
