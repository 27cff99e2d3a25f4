/* fuzz_login.c - any octets as what the parsers of PASSDSS-3DES-1, of server
 * keys and of SCRAM-SHA-256 read. The first octet picks the parser. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "auth/passdss_box.h"
#include "auth/scram.h"
#include "core/base/files.h"
#include "core/base/server_keys.h"
#include "fuzz.h"
#include <gnutls/crypto.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define ROOM 4096
#define SMALL 64 /* octets of p with which the arithmetic is quick */

static void claim(bool holds)
{
	if (!holds)
		abort();
}

static void hello(struct gw6c_bytes in)
{
	struct passdss_hello first, second;
	uint8_t room[ROOM];
	struct gw6c_buf out = GW6C_BUF(room);

	if (!passdss_get_hello(in, &first))
		return;
	passdss_put_hello(&out, &first);
	claim(passdss_get_hello(gw6c_got(&out), &second));
	claim(second.authname.len == first.authname.len &&
	      second.dh.len == first.dh.len);
}

static void reply(struct gw6c_bytes in)
{
	static const uint8_t digest[PASSDSS_HASH];
	struct passdss_reply first, second;
	uint8_t room[ROOM];
	struct gw6c_buf out = GW6C_BUF(room);

	if (!passdss_get_reply(in, &first))
		return;
	passdss_put_reply(&out, &first);
	claim(passdss_get_reply(gw6c_got(&out), &second));
	claim(second.key.y.len == first.key.y.len &&
	      second.s.len == first.s.len);
	if (first.key.p.len <= SMALL &&
	    !passdss_key_flaw(&first.key, PASSDSS_WEAK_BITS))
		passdss_verify(&first.key, first.r, first.s, digest);
}

/* in is what the box holds: sealed with a known key, and opened. */
static void box(struct gw6c_bytes in)
{
	static const struct passdss_secrets secrets;
	gnutls_datum_t key = { (unsigned char *)secrets.key, 24 };
	gnutls_datum_t iv = { (unsigned char *)secrets.iv, 8 };
	char password[PASSDSS_PASSWORD + 1];
	uint8_t room[PASSDSS_BOX + 8];
	gnutls_cipher_hd_t cipher;

	if (in.len > sizeof(room))
		in.len = sizeof(room);
	if (in.len)
		memcpy(room, in.at, in.len);
	if (in.len % 8 == 0 && in.len &&
	    gnutls_cipher_init(&cipher, GNUTLS_CIPHER_3DES_CBC, &key, &iv) ==
		    0) {
		gnutls_cipher_encrypt(cipher, room, in.len);
		gnutls_cipher_deinit(cipher);
	}
	if (!passdss_open(&secrets, GW6C_NOTHING,
			  (struct gw6c_bytes){ room, in.len }, password))
		claim(!password[0]);
}

static void key(struct gw6c_bytes in)
{
	uint8_t a[ROOM], b[ROOM];
	struct gw6c_buf first = GW6C_BUF(a), second = GW6C_BUF(b);
	char print[SERVER_KEYS_PRINT];
	struct passdss_key parts;

	server_keys_print(in, print);
	passdss_get_private(in, &parts);
	if (!server_keys_normal(in, &first))
		return;
	claim(server_keys_normal(gw6c_got(&first), &second));
	claim(first.len == second.len && memcmp(a, b, first.len) == 0);
}

/* in is the file of known keys; what is stored is found, others stay. */
static void file(struct gw6c_bytes in)
{
	static const uint8_t blob[] = "\0\0\0\7ssh-dss\0\0\0\1\5";
	struct gw6c_bytes known = { blob, sizeof(blob) - 1 };
	struct server_addr server = { .host = "b", .port = SERVER_PORT };
	char path[80], print[SERVER_KEYS_PRINT];
	enum server_keys_match match;
	struct gw6c_err err = { 0 };

	snprintf(path, sizeof(path), "/dev/shm/gw6c-fuzz-%ld", (long)getpid());
	if (in.len > 16384 || files_replace(path, in, 0600, &err))
		return;
	claim(server_keys_find(path, &server, known, &match, print, &err) ==
	      GW6C_OK);
	claim(server_keys_store(path, &server, known, &err) == GW6C_OK);
	claim(server_keys_find(path, &server, known, &match, print, &err) ==
		      GW6C_OK &&
	      match == SERVER_KEYS_SAME);
	unlink(path);
}

static void scram(struct gw6c_bytes in)
{
	struct scram_challenge challenge;
	uint8_t signature[SCRAM_HASH];
	struct scram_first first;
	struct scram_final final;

	if (scram_get_first(in, &first))
		claim(first.header.len + first.bare.len == in.len &&
		      first.user[0]);
	if (scram_get_challenge(in, &challenge))
		claim(challenge.salt_len && challenge.rounds);
	if (scram_get_final(in, &final))
		claim(final.without_proof.len < in.len);
	scram_get_signature(in, signature);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static void (*const parsers[])(
		struct gw6c_bytes) = { hello, reply, box, key, file, scram };

	if (size)
		parsers[data[0] % (sizeof(parsers) / sizeof(parsers[0]))](
			(struct gw6c_bytes){ data + 1, size - 1 });
	return 0;
}
