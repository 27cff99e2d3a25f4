/* passdss_box.c - what PASSDSS-3DES-1 makes of the key agreed on: hashes, and
 * the sealed box with the password. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "passdss_box.h"
#include <gnutls/crypto.h>

#define BLOCK 8 /* octets of triple DES */
#define MAC 20 /* octets of HMAC-SHA1 */
#define ZEROS_MAX 15 /* octets of padding by zeros */
#define BEFORE 8 /* octets of the box before the password */

static bool box_cipher(const struct passdss_secrets *secrets,
		       gnutls_cipher_hd_t *out)
{
	gnutls_datum_t key = { (unsigned char *)secrets->key,
			       sizeof(secrets->key) };
	gnutls_datum_t iv = { (unsigned char *)secrets->iv,
			      sizeof(secrets->iv) };

	return gnutls_cipher_init(out, GNUTLS_CIPHER_3DES_CBC, &key, &iv) == 0;
}

bool passdss_available(void)
{
	static const struct passdss_secrets secrets;
	uint8_t digest[PASSDSS_HASH];
	gnutls_cipher_hd_t cipher;

	if (gnutls_hash_fast(GNUTLS_DIG_SHA1, "", 0, digest) ||
	    gnutls_hmac_fast(GNUTLS_MAC_SHA1, "", 0, "", 0, digest) ||
	    !box_cipher(&secrets, &cipher))
		return false;
	gnutls_cipher_deinit(cipher);
	return true;
}

/* SHA1(shared | a | b) */
static bool hash_three(struct gw6c_bytes shared, struct gw6c_bytes a,
		       struct gw6c_bytes b, uint8_t out[PASSDSS_HASH])
{
	gnutls_hash_hd_t hash;

	if (gnutls_hash_init(&hash, GNUTLS_DIG_SHA1))
		return false;
	gnutls_hash(hash, shared.at, shared.len);
	gnutls_hash(hash, a.at, a.len);
	gnutls_hash(hash, b.at, b.len);
	gnutls_hash_deinit(hash, out);
	return true;
}

bool passdss_derive(struct gw6c_bytes said, struct gw6c_bytes shared,
		    struct passdss_secrets *out)
{
	uint8_t number[4 + PASSDSS_GROUP], key[2 * PASSDSS_HASH],
		iv[PASSDSS_HASH];
	struct gw6c_buf encoded = GW6C_BUF(number);
	struct gw6c_bytes hash = { out->hash, sizeof(out->hash) }, k;
	bool ok;

	passdss_put_number(&encoded, shared);
	k = gw6c_got(&encoded);
	ok = hash_three(said, k, GW6C_NOTHING, out->hash) &&
	     hash_three(k, gw6c_text("A"), hash, iv) &&
	     hash_three(k, gw6c_text("C"), hash, key) &&
	     hash_three(k, (struct gw6c_bytes){ key, PASSDSS_HASH },
			GW6C_NOTHING, key + PASSDSS_HASH) &&
	     hash_three(k, gw6c_text("E"), hash, out->mac);
	memcpy(out->iv, iv, sizeof(out->iv));
	memcpy(out->key, key, sizeof(out->key));
	gnutls_memset(number, 0, sizeof(number));
	gnutls_memset(key, 0, sizeof(key));
	gnutls_memset(iv, 0, sizeof(iv));
	return ok && !encoded.overflow;
}

/* Over what was said and the first octets of the box: not over the password,
 * which the comparison itself protects. */
static bool box_mac(const struct passdss_secrets *secrets,
		    struct gw6c_bytes said, const uint8_t head[PASSDSS_HEAD],
		    uint8_t out[MAC])
{
	gnutls_hmac_hd_t mac;

	if (gnutls_hmac_init(&mac, GNUTLS_MAC_SHA1, secrets->mac,
			     sizeof(secrets->mac)))
		return false;
	gnutls_hmac(mac, said.at, said.len);
	gnutls_hmac(mac, head, PASSDSS_HEAD);
	gnutls_hmac_deinit(mac, out);
	return true;
}

/* --- client ------------------------------------------------------------ */

bool passdss_seal(const struct passdss_secrets *secrets, struct gw6c_bytes said,
		  const char *password, struct gw6c_buf *out)
{
	static const uint8_t head[PASSDSS_HEAD] = { PASSDSS_NO_LAYER };
	uint8_t room[PASSDSS_BOX], mac[MAC], pad[BLOCK];
	struct gw6c_buf box = GW6C_BUF(room);
	gnutls_cipher_hd_t cipher;
	bool ok;

	ok = strlen(password) <= PASSDSS_PASSWORD &&
	     box_mac(secrets, said, head, mac) && box_cipher(secrets, &cipher);
	if (!ok)
		return false;
	gw6c_put(&box, head, sizeof(head));
	passdss_put_string(&box, gw6c_text(password));
	gw6c_put(&box, mac, sizeof(mac));
	memset(pad, (int)(BLOCK - box.len % BLOCK), sizeof(pad));
	gw6c_put(&box, pad, pad[0]);
	ok = !box.overflow && gnutls_cipher_encrypt(cipher, room, box.len) == 0;
	gnutls_cipher_deinit(cipher);
	if (ok)
		gw6c_put(out, room, box.len);
	gnutls_memset(room, 0, sizeof(room));
	return ok;
}

/* --- broker ------------------------------------------------------------ */

/* As PKCS#7 has it, or zeros. */
static bool is_padding(struct gw6c_bytes pad)
{
	uint8_t octet = pad.len ? pad.at[0] : 0;

	for (size_t i = 0; i < pad.len; i++)
		if (pad.at[i] != octet)
			return false;
	return octet ? octet == pad.len && octet <= BLOCK
		     : pad.len <= ZEROS_MAX;
}

static bool open_plain(const struct passdss_secrets *secrets,
		       struct gw6c_bytes said, struct gw6c_bytes plain,
		       char *password)
{
	struct gw6c_bytes tail = { plain.at + BEFORE, plain.len - BEFORE };
	const uint8_t *length = plain.at + PASSDSS_HEAD;
	size_t len = (size_t)length[2] << 8 | length[3];
	uint8_t mac[MAC];

	if (length[0] || length[1] || len > PASSDSS_PASSWORD ||
	    len + MAC > tail.len || memchr(tail.at, 0, len) ||
	    plain.at[0] != PASSDSS_NO_LAYER ||
	    !is_padding((struct gw6c_bytes){ tail.at + len + MAC,
					     tail.len - len - MAC }) ||
	    !box_mac(secrets, said, plain.at, mac) ||
	    gnutls_memcmp(mac, tail.at + len, sizeof(mac)) != 0)
		return false;
	memcpy(password, tail.at, len);
	return true;
}

bool passdss_open(const struct passdss_secrets *secrets, struct gw6c_bytes said,
		  struct gw6c_bytes box, char password[PASSDSS_PASSWORD + 1])
{
	uint8_t plain[PASSDSS_BOX];
	gnutls_cipher_hd_t cipher;
	bool ok;

	memset(password, 0, PASSDSS_PASSWORD + 1);
	if (box.len < BEFORE + MAC || box.len > sizeof(plain) ||
	    box.len % BLOCK || !box_cipher(secrets, &cipher))
		return false;
	ok = gnutls_cipher_decrypt2(cipher, box.at, box.len, plain,
				    sizeof(plain)) == 0 &&
	     open_plain(secrets, said, (struct gw6c_bytes){ plain, box.len },
			password);
	gnutls_cipher_deinit(cipher);
	gnutls_memset(plain, 0, sizeof(plain));
	return ok;
}
