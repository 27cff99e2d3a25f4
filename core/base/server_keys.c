/* server_keys.c - the file of known server keys. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "server_keys.h"
#include "files.h"
#include "text.h"
#include "trusted.h"
#include <errno.h>
#include <gnutls/crypto.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

#define FILE_MAX_OCTETS 262144 /* a longer file is left alone */
#define ALGORITHM_MAX 32 /* octets of its name */

/* --- keys -------------------------------------------------------------- */

static bool take_string(struct gw6c_bytes *in, struct gw6c_bytes *out)
{
	size_t len;

	if (in->len < 4)
		return false;
	len = (size_t)in->at[0] << 24 | (size_t)in->at[1] << 16 |
	      (size_t)in->at[2] << 8 | in->at[3];
	if (len > in->len - 4)
		return false;
	*out = (struct gw6c_bytes){ in->at + 4, len };
	in->at += 4 + len;
	in->len -= 4 + len;
	return true;
}

/* sign: with an octet of zero in front. */
static void put_string(struct gw6c_buf *out, bool sign, struct gw6c_bytes text)
{
	size_t len = text.len + sign;
	const uint8_t octets[5] = { (uint8_t)(len >> 24), (uint8_t)(len >> 16),
				    (uint8_t)(len >> 8), (uint8_t)len, 0 };

	gw6c_put(out, octets, sign ? 5 : 4);
	gw6c_put(out, text.at, text.len);
}

/* The name of the algorithm: it becomes a word of a line. */
static bool take_algorithm(struct gw6c_bytes *in, struct gw6c_bytes *name)
{
	if (!take_string(in, name) || !name->len || name->len > ALGORITHM_MAX)
		return false;
	for (size_t i = 0; i < name->len; i++)
		if (name->at[i] <= ' ' || name->at[i] > '~')
			return false;
	return true;
}

bool server_keys_normal(struct gw6c_bytes key, struct gw6c_buf *out)
{
	struct gw6c_bytes name, number;

	if (!take_algorithm(&key, &name))
		return false;
	put_string(out, false, name);
	while (key.len) {
		if (!take_string(&key, &number))
			return false;
		while (number.len && !*number.at) {
			number.at++;
			number.len--;
		}
		put_string(out, number.len && *number.at & 0x80, number);
	}
	return !out->overflow;
}

const char *server_keys_print(struct gw6c_bytes key,
			      char room[SERVER_KEYS_PRINT])
{
	uint8_t normal_room[SERVER_KEYS_BLOB], digest[32];
	struct gw6c_buf normal = GW6C_BUF(normal_room);
	gnutls_datum_t raw = { digest, sizeof(digest) }, text;

	room[0] = 0;
	if (!server_keys_normal(key, &normal) ||
	    gnutls_hash_fast(GNUTLS_DIG_SHA256, normal.at, normal.len,
			     digest) ||
	    gnutls_base64_encode2(&raw, &text))
		return room;
	while (text.size && text.data[text.size - 1] == '=')
		text.size--;
	snprintf(room, SERVER_KEYS_PRINT, "SHA256:%.*s", (int)text.size,
		 (const char *)text.data);
	gnutls_free(text.data);
	return room;
}

static bool same_key(struct gw6c_bytes a, struct gw6c_bytes b)
{
	uint8_t a_room[SERVER_KEYS_BLOB], b_room[SERVER_KEYS_BLOB];
	struct gw6c_buf a_normal = GW6C_BUF(a_room),
			b_normal = GW6C_BUF(b_room);

	return server_keys_normal(a, &a_normal) &&
	       server_keys_normal(b, &b_normal) &&
	       a_normal.len == b_normal.len &&
	       memcmp(a_room, b_room, a_normal.len) == 0;
}

/* --- lines ------------------------------------------------------------- */

static struct gw6c_bytes take_word(struct gw6c_bytes *line)
{
	struct gw6c_bytes word = { line->at, 0 };

	while (word.len < line->len && word.at[word.len] != ' ' &&
	       word.at[word.len] != '\t')
		word.len++;
	line->at += word.len;
	line->len -= word.len;
	while (line->len && (*line->at == ' ' || *line->at == '\t')) {
		line->at++;
		line->len--;
	}
	return word;
}

/* Of a line with its end left off; the key in room. */
static bool line_key(struct gw6c_bytes line, const struct server_addr *server,
		     struct gw6c_buf *key)
{
	struct gw6c_bytes host = take_word(&line);
	struct gw6c_bytes algorithm = take_word(&line),
			  base64 = take_word(&line);
	gnutls_datum_t text = { (unsigned char *)base64.at,
				(unsigned)base64.len },
		       raw;

	key->len = 0;
	if (!server_addr_named(host, server) || !algorithm.len || !base64.len ||
	    gnutls_base64_decode2(&text, &raw))
		return false;
	gw6c_put(key, raw.data, raw.size);
	gnutls_free(raw.data);
	return !key->overflow;
}

/* --- the file ---------------------------------------------------------- */

/* All of it; free() it. No file: nothing. */
static int keys_load(const char *path, struct gw6c_buf *out,
		     struct gw6c_err *err)
{
	ssize_t len;

	*out = (struct gw6c_buf){ .at = malloc(FILE_MAX_OCTETS + 1) };
	if (!out->at)
		return gw6c_fail(err, GW6C_EOS, "out of memory");
	len = files_load(path, out->at, FILE_MAX_OCTETS + 1, NULL);
	if (len < 0 && errno == EPERM)
		return gw6c_fail(err, GW6C_ECONFIG,
				 "the server keys in %s could have been "
				 "changed by others: %s; check them, then "
				 "chown root %s and chmod 600 %s, and see to "
				 "the directory",
				 path, trusted_error(errno), path, path);
	if (len < 0 && errno != ENOENT)
		return gw6c_fail(err, GW6C_ECONFIG,
				 "cannot read the server keys in %s: %s; %s",
				 path, trusted_error(errno),
				 errno == EACCES
					 ? "run it as root, or set "
					   "server_keys to a file of your own"
					 : "it must be a regular file: fix or "
					   "remove it");
	if (len > FILE_MAX_OCTETS)
		return gw6c_fail(err, GW6C_ECONFIG,
				 "the server keys in %s exceed %d octets; "
				 "remove old lines",
				 path, FILE_MAX_OCTETS);
	out->len = len > 0 ? (size_t)len : 0;
	return GW6C_OK;
}

int server_keys_find(const char *path, const struct server_addr *server,
		     struct gw6c_bytes key, enum server_keys_match *match,
		     char known[SERVER_KEYS_PRINT], struct gw6c_err *err)
{
	uint8_t room[SERVER_KEYS_BLOB];
	struct gw6c_buf file, found = GW6C_BUF(room);
	struct gw6c_bytes rest, line;

	*match = SERVER_KEYS_UNKNOWN;
	known[0] = 0;
	if (keys_load(path, &file, err)) {
		free(file.at);
		return err->rc;
	}
	rest = gw6c_got(&file);
	while (rest.len) {
		text_line(rest, &line, &rest);
		if (!line_key(line, server, &found))
			continue;
		*match = same_key(gw6c_got(&found), key) ? SERVER_KEYS_SAME
							 : SERVER_KEYS_OTHER;
		server_keys_print(gw6c_got(&found), known);
	}
	free(file.at);
	return GW6C_OK;
}

/* All lines but the server's, each with an end. */
static void keep_others(struct gw6c_bytes rest,
			const struct server_addr *server, struct gw6c_buf *out)
{
	struct gw6c_bytes line, word, whole;

	while (rest.len) {
		text_line(rest, &line, &rest);
		whole = line;
		word = take_word(&whole);
		if (server_addr_named(word, server))
			continue;
		gw6c_put(out, line.at, line.len);
		gw6c_put_text(out, "\n");
	}
}

static bool put_line(struct gw6c_buf *out, const struct server_addr *server,
		     struct gw6c_bytes key)
{
	uint8_t room[SERVER_KEYS_BLOB];
	struct gw6c_buf normal = GW6C_BUF(room);
	struct gw6c_bytes rest, name;
	gnutls_datum_t raw, text;

	if (strpbrk(server->host, " \t\r\n") ||
	    !server_keys_normal(key, &normal))
		return false;
	rest = gw6c_got(&normal);
	take_algorithm(&rest, &name);
	raw = (gnutls_datum_t){ normal.at, (unsigned)normal.len };
	if (gnutls_base64_encode2(&raw, &text))
		return false;
	if (server->port == SERVER_PORT && server->literal.family != 6)
		gw6c_put_text(out, server->host);
	else
		server_addr_put(out, server);
	gw6c_put_text(out, " ");
	gw6c_put(out, name.at, name.len);
	gw6c_put_text(out, " ");
	gw6c_put(out, text.data, text.size);
	gw6c_put_text(out, "\n");
	gnutls_free(text.data);
	return !out->overflow;
}

static int keys_replace(const char *path, const struct server_addr *server,
			struct gw6c_bytes key, const struct gw6c_buf *old,
			struct gw6c_buf *fresh, struct gw6c_err *err)
{
	if (!fresh->at)
		return gw6c_fail(err, GW6C_EOS, "out of memory");
	keep_others(gw6c_got(old), server, fresh);
	if (!put_line(fresh, server, key))
		return gw6c_fail(err, GW6C_EPEER,
				 "%s: its key cannot be encoded", server->host);
	if (files_replace(path, gw6c_got(fresh), 0600, err) == 0)
		return GW6C_OK;
	return err->rc ? err->rc
		       : gw6c_fail(err, GW6C_EOS, "cannot write %s: %s", path,
				   strerror(errno));
}

int server_keys_store(const char *path, const struct server_addr *server,
		      struct gw6c_bytes key, struct gw6c_err *err)
{
	struct gw6c_buf old, fresh;
	int rc = keys_load(path, &old, err);

	if (rc == GW6C_OK) {
		fresh = (struct gw6c_buf){ .cap = old.len + 1 + GW6C_NAME +
						  2 * SERVER_KEYS_BLOB };
		fresh.at = malloc(fresh.cap);
		rc = keys_replace(path, server, key, &old, &fresh, err);
		free(fresh.at);
	}
	free(old.at);
	return rc;
}
