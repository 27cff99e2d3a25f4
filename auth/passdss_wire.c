/* passdss_wire.c - the messages of PASSDSS-3DES-1, octet by octet. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "passdss_wire.h"

static const char algorithm[] = "ssh-dss";

/* --- reading ----------------------------------------------------------- */

static bool take(struct gw6c_bytes *in, size_t len, struct gw6c_bytes *out)
{
	if (len > in->len)
		return false;
	*out = (struct gw6c_bytes){ in->at, len };
	in->at += len;
	in->len -= len;
	return true;
}

static bool take_string(struct gw6c_bytes *in, struct gw6c_bytes *out)
{
	struct gw6c_bytes length;

	return take(in, 4, &length) &&
	       take(in,
		    (size_t)length.at[0] << 24 | (size_t)length.at[1] << 16 |
			    (size_t)length.at[2] << 8 | length.at[3],
		    out);
}

/* With or without the sign octet of SSH: the octets are unsigned. */
static bool take_number(struct gw6c_bytes *in, struct gw6c_bytes *out)
{
	if (!take_string(in, out))
		return false;
	while (out->len && !*out->at) {
		out->at++;
		out->len--;
	}
	return out->len <= PASSDSS_NUMBER;
}

static bool take_algorithm(struct gw6c_bytes *in)
{
	struct gw6c_bytes name;

	return take_string(in, &name) && name.len == strlen(algorithm) &&
	       memcmp(name.at, algorithm, name.len) == 0;
}

static bool take_key(struct gw6c_bytes *in, struct passdss_key *out)
{
	return take_algorithm(in) && take_number(in, &out->p) &&
	       take_number(in, &out->q) && take_number(in, &out->g) &&
	       take_number(in, &out->y);
}

bool passdss_get_public(struct gw6c_bytes in, struct passdss_key *out)
{
	memset(out, 0, sizeof(*out));
	return take_key(&in, out) && !in.len;
}

bool passdss_get_private(struct gw6c_bytes in, struct passdss_key *out)
{
	memset(out, 0, sizeof(*out));
	return take_key(&in, out) && take_number(&in, &out->x) && !in.len;
}

bool passdss_get_hello(struct gw6c_bytes in, struct passdss_hello *out)
{
	memset(out, 0, sizeof(*out));
	return take_string(&in, &out->azname) &&
	       take_string(&in, &out->authname) && take_number(&in, &out->dh) &&
	       !in.len && out->azname.len <= PASSDSS_NAME &&
	       out->authname.len <= PASSDSS_NAME;
}

bool passdss_get_reply(struct gw6c_bytes in, struct passdss_reply *out)
{
	struct gw6c_bytes begin = in, blob, signature;

	memset(out, 0, sizeof(*out));
	if (!take_string(&in, &blob) || !passdss_get_public(blob, &out->key))
		return false;
	out->blob = (struct gw6c_bytes){ begin.at, 4 + blob.len };
	return take_number(&in, &out->dh) &&
	       take(&in, PASSDSS_HEAD, &out->head) &&
	       take_string(&in, &signature) && !in.len &&
	       take_algorithm(&signature) && take_number(&signature, &out->r) &&
	       take_number(&signature, &out->s) && !signature.len;
}

/* --- writing ----------------------------------------------------------- */

static void put_length(struct gw6c_buf *out, size_t len)
{
	const uint8_t octets[4] = { (uint8_t)(len >> 24), (uint8_t)(len >> 16),
				    (uint8_t)(len >> 8), (uint8_t)len };

	gw6c_put(out, octets, sizeof(octets));
}

void passdss_put_string(struct gw6c_buf *out, struct gw6c_bytes text)
{
	put_length(out, text.len);
	gw6c_put(out, text.at, text.len);
}

void passdss_put_number(struct gw6c_buf *out, struct gw6c_bytes number)
{
	while (number.len && !*number.at) {
		number.at++;
		number.len--;
	}
	passdss_put_string(out, number);
}

void passdss_put_hello(struct gw6c_buf *out, const struct passdss_hello *hello)
{
	passdss_put_string(out, hello->azname);
	passdss_put_string(out, hello->authname);
	passdss_put_number(out, hello->dh);
}

/* Write what is behind a length that is known only then. */
static size_t begin_length(struct gw6c_buf *out)
{
	size_t at = out->len;

	put_length(out, 0);
	return at;
}

static void end_length(struct gw6c_buf *out, size_t at)
{
	struct gw6c_buf length = { .at = out->at + at, .cap = 4 };

	if (!out->overflow)
		put_length(&length, out->len - at - 4);
}

void passdss_put_blob(struct gw6c_buf *out, const struct passdss_key *key)
{
	size_t at = begin_length(out);

	passdss_put_string(out, gw6c_text(algorithm));
	passdss_put_number(out, key->p);
	passdss_put_number(out, key->q);
	passdss_put_number(out, key->g);
	passdss_put_number(out, key->y);
	end_length(out, at);
}

void passdss_put_reply(struct gw6c_buf *out, const struct passdss_reply *reply)
{
	size_t at;

	passdss_put_blob(out, &reply->key);
	passdss_put_number(out, reply->dh);
	gw6c_put(out, reply->head.at, reply->head.len);
	at = begin_length(out);
	passdss_put_string(out, gw6c_text(algorithm));
	passdss_put_number(out, reply->r);
	passdss_put_number(out, reply->s);
	end_length(out, at);
}
