/* passdss_wire.h - the messages of PASSDSS-3DES-1, octet by octet
 * (draft-newman-sasl-passdss-01, in the form that TSP brokers speak). */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_AUTH_PASSDSS_WIRE_H
#define GW6C_AUTH_PASSDSS_WIRE_H

#include <gw6c/buf.h>

#define PASSDSS_NAME 253 /* octets of a user name */
#define PASSDSS_NUMBER 384 /* octets of a number: 3072 bits */
#define PASSDSS_HEAD 4 /* octets of layers and buffer size */
#define PASSDSS_NO_LAYER 1 /* the only security layer there is in TSP */

/* Numbers are magnitudes without leading zeros, most significant octet first;
 * all of this is borrowed from the message. */
struct passdss_key {
	struct gw6c_bytes p, q, g, y;
	struct gw6c_bytes x; /* the private part, nothing in a public key */
};

/* What the client says first. */
struct passdss_hello {
	struct gw6c_bytes azname, authname, dh; /* dh: 2^x mod n */
};

/* What the broker answers. */
struct passdss_reply {
	struct gw6c_bytes
		blob; /* the public key as it came, length before it */
	struct passdss_key key; /* the same, taken apart */
	struct gw6c_bytes dh; /* 2^y mod n */
	struct gw6c_bytes head; /* PASSDSS_HEAD octets: layers, buffer size */
	struct gw6c_bytes r, s; /* signature */
};

/* All of these: false if a length does not fit, anything is left over or a
 * name is wrong. Nothing is said about the values of numbers. */
bool passdss_get_hello(struct gw6c_bytes in, struct passdss_hello *out);
bool passdss_get_reply(struct gw6c_bytes in, struct passdss_reply *out);
/* "ssh-dss", p, q, g, y, as RFC 4253 section 6.6 has it; x behind them. */
bool passdss_get_public(struct gw6c_bytes in, struct passdss_key *out);
bool passdss_get_private(struct gw6c_bytes in, struct passdss_key *out);

void passdss_put_string(struct gw6c_buf *out, struct gw6c_bytes text);
/* A number as these brokers write it: never with a sign octet. */
void passdss_put_number(struct gw6c_buf *out, struct gw6c_bytes number);
void passdss_put_hello(struct gw6c_buf *out, const struct passdss_hello *hello);
/* blob is made from key, not read. */
void passdss_put_reply(struct gw6c_buf *out, const struct passdss_reply *reply);
/* The key with its length before it. */
void passdss_put_blob(struct gw6c_buf *out, const struct passdss_key *key);

#endif
