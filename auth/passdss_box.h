/* passdss_box.h - what PASSDSS-3DES-1 makes of the key agreed on: hashes, and
 * the sealed box with the password. On GnuTLS. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_AUTH_PASSDSS_BOX_H
#define GW6C_AUTH_PASSDSS_BOX_H

#include "passdss_math.h"

#define PASSDSS_PASSWORD 128 /* octets of a password */
#define PASSDSS_BOX 192 /* octets of the largest box; 8 divides it */

struct passdss_secrets {
	uint8_t hash[PASSDSS_HASH]; /* of all that was said, and K: signed */
	uint8_t iv[8], key[24]; /* of triple DES */
	uint8_t mac[20]; /* key of the client's check value */
};

/* Are SHA-1 and triple DES allowed on this system? */
bool passdss_available(void);

/* said: both messages as they are hashed; shared: K. */
bool passdss_derive(struct gw6c_bytes said, struct gw6c_bytes shared,
		    struct passdss_secrets *out);

/* The client's second message. False: the password is too long. */
bool passdss_seal(const struct passdss_secrets *secrets, struct gw6c_bytes said,
		  const char *password, struct gw6c_buf *out);

/* The password in it, ended by a NUL. False: it was not made with these
 * secrets, or not well; password is all zero then. */
bool passdss_open(const struct passdss_secrets *secrets, struct gw6c_bytes said,
		  struct gw6c_bytes box, char password[PASSDSS_PASSWORD + 1]);

#endif
