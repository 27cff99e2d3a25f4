/* scram.c - the arithmetic and the syntax of SCRAM-SHA-256. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "scram.h"
#include <gnutls/crypto.h>
#include <stdlib.h>

/* --- syntax ------------------------------------------------------------ */

/* The value of "X=value" at the start, and the comma behind it. */
static bool take(struct gw6c_bytes *in, char name, struct gw6c_bytes *value)
{
	const uint8_t *comma;

	if (in->len < 2 || in->at[0] != (uint8_t)name || in->at[1] != '=')
		return false;
	value->at = in->at + 2;
	comma = memchr(value->at, ',', in->len - 2);
	value->len = comma ? (size_t)(comma - value->at) : in->len - 2;
	in->at = value->at + value->len + (comma ? 1 : 0);
	in->len -= 2 + value->len + (comma ? 1 : 0);
	return true;
}

static bool keep_text(struct gw6c_bytes value, char *room, size_t len)
{
	if (value.len >= len)
		return false;
	for (size_t i = 0; i < value.len; i++)
		if (value.at[i] < 0x20 || value.at[i] == 0x7f)
			return false;
	memcpy(room, value.at, value.len);
	room[value.len] = 0;
	return true;
}

/* Names have =2C for a comma and =3D for '='. */
static bool keep_name(struct gw6c_bytes value, char *room, size_t len)
{
	size_t n = 0;

	for (size_t i = 0; i < value.len; i++) {
		uint8_t octet = value.at[i];

		if (octet == '=') {
			if (i + 2 >= value.len)
				return false;
			if (memcmp(value.at + i, "=2C", 3) == 0)
				octet = ',';
			else if (memcmp(value.at + i, "=3D", 3) != 0)
				return false;
			i += 2;
		}
		if (octet < 0x20 || octet == 0x7f || n + 1 >= len)
			return false;
		room[n++] = (char)octet;
	}
	room[n] = 0;
	return true;
}

static bool keep_base64(struct gw6c_bytes value, uint8_t *room, size_t cap,
			size_t *len)
{
	gnutls_datum_t text = { (unsigned char *)value.at,
				(unsigned)value.len },
		       raw;
	bool fits;

	if (!value.len || gnutls_base64_decode2(&text, &raw))
		return false;
	fits = raw.size <= cap;
	if (fits)
		memcpy(room, raw.data, raw.size);
	*len = raw.size;
	gnutls_free(raw.data);
	return fits;
}

bool scram_get_first(struct gw6c_bytes in, struct scram_first *out)
{
	struct gw6c_bytes begin = in, value;

	memset(out, 0, sizeof(*out));
	/* 'p': the client binds the login to a channel, and TSP has none. */
	if (in.len < 3 || (in.at[0] != 'n' && in.at[0] != 'y') ||
	    in.at[1] != ',')
		return false;
	in.at += 2;
	in.len -= 2;
	if (take(&in, 'a', &value)) {
		if (!keep_name(value, out->authzid, sizeof(out->authzid)))
			return false;
	} else if (in.len && *in.at == ',') {
		in.at++;
		in.len--;
	} else {
		return false;
	}
	out->header = (struct gw6c_bytes){ begin.at, begin.len - in.len };
	out->bare = in;
	return take(&in, 'n', &value) && value.len &&
	       keep_name(value, out->user, sizeof(out->user)) &&
	       take(&in, 'r', &value) && value.len &&
	       keep_text(value, out->nonce, sizeof(out->nonce));
}

static bool keep_rounds(struct gw6c_bytes value, unsigned long *out)
{
	char text[12], *end;

	if (!value.len || *value.at < '1' || *value.at > '9' ||
	    !keep_text(value, text, sizeof(text)))
		return false;
	*out = strtoul(text, &end, 10);
	return !*end;
}

bool scram_get_challenge(struct gw6c_bytes in, struct scram_challenge *out)
{
	struct gw6c_bytes value;

	memset(out, 0, sizeof(*out));
	return take(&in, 'r', &value) &&
	       keep_text(value, out->nonce, sizeof(out->nonce)) &&
	       take(&in, 's', &value) &&
	       keep_base64(value, out->salt, sizeof(out->salt),
			   &out->salt_len) &&
	       take(&in, 'i', &value) && keep_rounds(value, &out->rounds);
}

bool scram_get_final(struct gw6c_bytes in, struct scram_final *out)
{
	struct gw6c_bytes begin = in, value;
	size_t len;

	memset(out, 0, sizeof(*out));
	if (!take(&in, 'c', &value) ||
	    !keep_base64(value, out->header, sizeof(out->header),
			 &out->header_len) ||
	    !take(&in, 'r', &value) ||
	    !keep_text(value, out->nonce, sizeof(out->nonce)))
		return false;
	while (in.len && *in.at != 'p')
		if (!take(&in, (char)*in.at, &value))
			return false;
	out->without_proof =
		(struct gw6c_bytes){ begin.at, begin.len - in.len - 1 };
	return take(&in, 'p', &value) && !in.len &&
	       keep_base64(value, out->proof, sizeof(out->proof), &len) &&
	       len == SCRAM_HASH;
}

bool scram_get_signature(struct gw6c_bytes in, uint8_t out[SCRAM_HASH])
{
	struct gw6c_bytes value;
	size_t len;

	return take(&in, 'v', &value) &&
	       keep_base64(value, out, SCRAM_HASH, &len) && len == SCRAM_HASH;
}

void scram_put_name(struct gw6c_buf *out, const char *name)
{
	for (; *name; name++) {
		if (*name == ',')
			gw6c_put_text(out, "=2C");
		else if (*name == '=')
			gw6c_put_text(out, "=3D");
		else
			gw6c_put(out, name, 1);
	}
}

void scram_put_base64(struct gw6c_buf *out, const void *at, size_t len)
{
	gnutls_datum_t raw = { (unsigned char *)at, (unsigned)len }, text;

	if (gnutls_base64_encode2(&raw, &text)) {
		out->overflow = true;
		return;
	}
	gw6c_put(out, text.data, text.size);
	gnutls_free(text.data);
}

/* --- arithmetic (RFC 5802 section 3) ----------------------------------- */

static bool hmac(const uint8_t key[SCRAM_HASH], struct gw6c_bytes text,
		 uint8_t out[SCRAM_HASH])
{
	return gnutls_hmac_fast(GNUTLS_MAC_SHA256, key, SCRAM_HASH, text.at,
				text.len, out) == 0;
}

static bool prove_client(const uint8_t salted[SCRAM_HASH],
			 struct gw6c_bytes said, uint8_t out[SCRAM_HASH])
{
	uint8_t key[SCRAM_HASH], stored[SCRAM_HASH];
	bool ok = hmac(salted, gw6c_text("Client Key"), key) &&
		  gnutls_hash_fast(GNUTLS_DIG_SHA256, key, sizeof(key),
				   stored) == 0 &&
		  hmac(stored, said, out);

	for (int i = 0; i < SCRAM_HASH; i++)
		out[i] ^= key[i];
	gnutls_memset(key, 0, sizeof(key));
	gnutls_memset(stored, 0, sizeof(stored));
	return ok;
}

static bool prove_server(const uint8_t salted[SCRAM_HASH],
			 struct gw6c_bytes said, uint8_t out[SCRAM_HASH])
{
	uint8_t key[SCRAM_HASH];
	bool ok = hmac(salted, gw6c_text("Server Key"), key) &&
		  hmac(key, said, out);

	gnutls_memset(key, 0, sizeof(key));
	return ok;
}

bool scram_prove(const char *password, const struct scram_challenge *challenge,
		 struct gw6c_bytes said, struct scram_proofs *out)
{
	gnutls_datum_t secret = { (unsigned char *)password,
				  (unsigned)strlen(password) };
	gnutls_datum_t salt = { (unsigned char *)challenge->salt,
				(unsigned)challenge->salt_len };
	uint8_t salted[SCRAM_HASH];
	bool ok;

	memset(out, 0, sizeof(*out));
	ok = gnutls_pbkdf2(GNUTLS_MAC_SHA256, &secret, &salt,
			   (unsigned)challenge->rounds, salted,
			   sizeof(salted)) == 0 &&
	     prove_client(salted, said, out->client) &&
	     prove_server(salted, said, out->server);
	gnutls_memset(salted, 0, sizeof(salted));
	return ok;
}
