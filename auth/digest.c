/* digest.c - the arithmetic and the syntax of DIGEST-MD5 (RFC 2831). */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "digest.h"
#include <ctype.h>
#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>

#define MD5_LEN 16 /* octets */
#define NC "00000001"

/* --- syntax ------------------------------------------------------------ */

struct name_room {
	const char *name;
	size_t offset;
};

static const struct name_room names[] = {
	{ "realm", offsetof(struct digest_fields, realm) },
	{ "nonce", offsetof(struct digest_fields, nonce) },
	{ "qop", offsetof(struct digest_fields, qop) },
	{ "charset", offsetof(struct digest_fields, charset) },
	{ "username", offsetof(struct digest_fields, username) },
	{ "cnonce", offsetof(struct digest_fields, cnonce) },
	{ "nc", offsetof(struct digest_fields, nc) },
	{ "digest-uri", offsetof(struct digest_fields, uri) },
	{ "response", offsetof(struct digest_fields, response) },
	{ "rspauth", offsetof(struct digest_fields, rspauth) },
};

/* What is left to read. */
struct cursor {
	const uint8_t *at, *end;
};

static void skip_blanks(struct cursor *cursor)
{
	while (cursor->at < cursor->end && isspace(*cursor->at))
		cursor->at++;
}

static bool read_quoted(struct cursor *cursor, char value[DIGEST_FIELD])
{
	size_t len = 0;

	for (cursor->at++; cursor->at < cursor->end; cursor->at++) {
		if (*cursor->at == '"') {
			cursor->at++;
			value[len] = 0;
			return true;
		}
		if (*cursor->at == '\\' && ++cursor->at == cursor->end)
			return false;
		if (!*cursor->at || len + 1 >= DIGEST_FIELD)
			return false;
		value[len++] = (char)*cursor->at;
	}
	return false;
}

static bool read_token(struct cursor *cursor, char value[DIGEST_FIELD])
{
	size_t len = 0;

	while (cursor->at < cursor->end && *cursor->at != ',' &&
	       !isspace(*cursor->at)) {
		if (!*cursor->at || len + 1 >= DIGEST_FIELD)
			return false;
		value[len++] = (char)*cursor->at++;
	}
	value[len] = 0;
	return true;
}

static bool read_name(struct cursor *cursor, char name[32])
{
	size_t len = 0;

	while (cursor->at < cursor->end && len + 1 < 32 &&
	       (isalnum(*cursor->at) || *cursor->at == '-'))
		name[len++] = (char)tolower(*cursor->at++);
	name[len] = 0;
	skip_blanks(cursor);
	if (!len || cursor->at == cursor->end || *cursor->at != '=')
		return false;
	cursor->at++;
	skip_blanks(cursor);
	return true;
}

static void keep(struct digest_fields *out, const char *name, const char *value)
{
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		char *room = (char *)out + names[i].offset;

		if (strcmp(names[i].name, name) == 0 && !*room)
			memcpy(room, value, strlen(value) + 1);
	}
	if (strcmp(name, "realm") == 0)
		out->has_realm = true;
}

bool digest_parse(struct gw6c_bytes text, struct digest_fields *out)
{
	struct cursor cursor = { text.at, text.at + text.len };
	char name[32], value[DIGEST_FIELD];

	memset(out, 0, sizeof(*out));
	skip_blanks(&cursor);
	while (cursor.at < cursor.end) {
		if (*cursor.at == ',') {
			cursor.at++;
			skip_blanks(&cursor);
			continue;
		}
		if (!read_name(&cursor, name))
			return false;
		if (cursor.at < cursor.end && *cursor.at == '"') {
			if (!read_quoted(&cursor, value))
				return false;
		} else if (!read_token(&cursor, value)) {
			return false;
		}
		keep(out, name, value);
		skip_blanks(&cursor);
		if (cursor.at < cursor.end && *cursor.at != ',')
			return false;
	}
	return true;
}

void digest_put_quoted(struct gw6c_buf *out, const char *name,
		       const char *value)
{
	gw6c_put_text(out, name);
	gw6c_put_text(out, "=\"");
	for (; *value; value++) {
		if (*value == '"' || *value == '\\')
			gw6c_put(out, "\\", 1);
		gw6c_put(out, value, 1);
	}
	gw6c_put_text(out, "\"");
}

bool digest_same(const char *a, const char *b)
{
	char left[DIGEST_HEX] = "", right[DIGEST_HEX] = "";

	if (strlen(a) != DIGEST_HEX - 1 || strlen(b) != DIGEST_HEX - 1)
		return false;
	for (int i = 0; i < DIGEST_HEX - 1; i++) {
		left[i] = (char)tolower((unsigned char)a[i]);
		right[i] = (char)tolower((unsigned char)b[i]);
	}
	return gnutls_memcmp(left, right, DIGEST_HEX) == 0;
}

/* --- arithmetic -------------------------------------------------------- */

static bool md5(const struct gw6c_buf *text, uint8_t digest[MD5_LEN])
{
	return !text->overflow && gnutls_hash_fast(GNUTLS_DIG_MD5, text->at,
						   text->len, digest) == 0;
}

static void to_hex(const uint8_t digest[MD5_LEN], char hex[DIGEST_HEX])
{
	static const char digits[] = "0123456789abcdef";

	for (int i = 0; i < MD5_LEN; i++) {
		hex[2 * i] = digits[digest[i] >> 4];
		hex[2 * i + 1] = digits[digest[i] & 15];
	}
	hex[DIGEST_HEX - 1] = 0;
}

/* HEX(MD5(A1)) */
static bool hash_a1(const struct digest_input *input, char hex[DIGEST_HEX])
{
	uint8_t room[4 * DIGEST_FIELD], digest[MD5_LEN] = { 0 };
	struct gw6c_buf text = GW6C_BUF(room);
	const uint8_t *nul;
	bool ok;

	gw6c_put_text(&text, input->user);
	gw6c_put_text(&text, ":");
	gw6c_put_text(&text, input->realm);
	gw6c_put_text(&text, ":");
	gw6c_put_text(&text, input->password);
	ok = md5(&text, digest);
	text.len = 0;
	gw6c_put(&text, digest, MD5_LEN);
	gw6c_put_text(&text, ":");
	gw6c_put_text(&text, input->nonce);
	gw6c_put_text(&text, ":");
	gw6c_put_text(&text, input->cnonce);
	nul = input->cut ? memchr(text.at, 0, text.len) : NULL;
	if (nul)
		text.len = (size_t)(nul - text.at);
	ok = ok && md5(&text, digest);
	to_hex(digest, hex);
	gnutls_memset(room, 0, sizeof(room));
	gnutls_memset(digest, 0, sizeof(digest));
	return ok;
}

/* HEX(MD5(HEX(A1):nonce:nc:cnonce:auth:HEX(MD5(A2)))) */
static bool hash_response(const struct digest_input *input, const char *a1,
			  const char *method, char out[DIGEST_HEX])
{
	uint8_t room[4 * DIGEST_FIELD], digest[MD5_LEN] = { 0 };
	struct gw6c_buf text = GW6C_BUF(room);
	char a2[DIGEST_HEX];
	bool ok;

	gw6c_put_text(&text, method);
	gw6c_put_text(&text, ":");
	gw6c_put_text(&text, input->uri);
	ok = md5(&text, digest);
	to_hex(digest, a2);
	text.len = 0;
	gw6c_put_text(&text, a1);
	gw6c_put_text(&text, ":");
	gw6c_put_text(&text, input->nonce);
	gw6c_put_text(&text, ":" NC ":");
	gw6c_put_text(&text, input->cnonce);
	gw6c_put_text(&text, ":auth:");
	gw6c_put_text(&text, a2);
	ok = ok && md5(&text, digest);
	to_hex(digest, out);
	gnutls_memset(room, 0, sizeof(room));
	return ok;
}

bool digest_compute(const struct digest_input *input, char response[DIGEST_HEX],
		    char rspauth[DIGEST_HEX])
{
	char a1[DIGEST_HEX];
	bool ok = hash_a1(input, a1) &&
		  hash_response(input, a1, "AUTHENTICATE", response) &&
		  hash_response(input, a1, "", rspauth);

	gnutls_memset(a1, 0, sizeof(a1));
	return ok;
}
