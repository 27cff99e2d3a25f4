/* scram.h - the arithmetic and the syntax of SCRAM-SHA-256 (RFC 5802, 7677),
 * without channel binding. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_AUTH_SCRAM_H
#define GW6C_AUTH_SCRAM_H

#include <gw6c/buf.h>

#define SCRAM_HASH 32 /* octets of SHA-256 */
#define SCRAM_NAME 256 /* octets of a user name with its NUL */
#define SCRAM_NONCE 256 /* octets of both nonces with their NUL */
#define SCRAM_SALT 64 /* octets */
#define SCRAM_ROUNDS 4096 /* what RFC 7677 section 4 wants at least */
#define SCRAM_ROUNDS_MAX 500000 /* half a second of work */
#define SCRAM_MESSAGE 1024 /* octets of a message */

/* "n,,n=user,r=nonce" */
struct scram_first {
	struct gw6c_bytes header; /* "n,,": comes back in the final one */
	struct gw6c_bytes bare; /* what is behind it */
	char user[SCRAM_NAME], authzid[SCRAM_NAME], nonce[SCRAM_NONCE];
};

/* "r=nonce,s=salt,i=rounds" */
struct scram_challenge {
	char nonce[SCRAM_NONCE];
	uint8_t salt[SCRAM_SALT];
	size_t salt_len;
	unsigned long rounds;
};

/* "c=header,r=nonce,p=proof" */
struct scram_final {
	struct gw6c_bytes without_proof;
	uint8_t header[SCRAM_NAME + 8]; /* as the client says it was */
	size_t header_len;
	char nonce[SCRAM_NONCE];
	uint8_t proof[SCRAM_HASH];
};

/* All of these: false if it is malformed, asks for what we have not, or does
 * not fit. Extensions behind the known attributes are skipped. */
bool scram_get_first(struct gw6c_bytes in, struct scram_first *out);
bool scram_get_challenge(struct gw6c_bytes in, struct scram_challenge *out);
bool scram_get_final(struct gw6c_bytes in, struct scram_final *out);
/* "v=signature" */
bool scram_get_signature(struct gw6c_bytes in, uint8_t out[SCRAM_HASH]);

void scram_put_name(struct gw6c_buf *out, const char *name);
void scram_put_base64(struct gw6c_buf *out, const void *at, size_t len);

/* The keys made from a password; said: first bare, challenge and final without
 * proof, commas between. False: SHA-256 is unavailable. */
struct scram_proofs {
	uint8_t client[SCRAM_HASH], server[SCRAM_HASH];
};
bool scram_prove(const char *password, const struct scram_challenge *challenge,
		 struct gw6c_bytes said, struct scram_proofs *out);

#endif
