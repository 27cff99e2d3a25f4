/* passdss_math.c - Diffie-Hellman and DSA of PASSDSS-3DES-1, on GMP. What is
 * secret is computed by mpz_powm_sec() and wiped. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "passdss_math.h"
#include <gmp.h>

#define Q_BITS_MIN 160
#define Q_BITS_MAX 256
#define P_BITS_MAX 3072

/* RFC 2409 section 6.2: the second Oakley group, generator 2. */
static const char group[] =
	"ffffffffffffffffc90fdaa22168c234c4c6628b80dc1cd129024e088a67cc74"
	"020bbea63b139b22514a08798e3404ddef9519b3cd3a431b302b0a6df25f1437"
	"4fe1356d6d51c245e485b576625e7ec6f44c42e9a637ed6b0bff5cb6f406b7ed"
	"ee386bfb5a899fa5ae9f24117c4b1fe649286651ece65381ffffffffffffffff";

static void load(mpz_t number, struct gw6c_bytes octets)
{
	mpz_init(number);
	mpz_import(number, octets.len, 1, 1, 1, 0, octets.at);
}

static void load_group(mpz_t n)
{
	mpz_init_set_str(n, group, 16);
}

static void put(struct gw6c_buf *out, const mpz_t number)
{
	uint8_t room[PASSDSS_NUMBER];
	size_t len = 0;

	if (mpz_sizeinbase(number, 256) <= sizeof(room))
		mpz_export(room, &len, 1, 1, 1, 0, number);
	gw6c_put(out, room, len);
	explicit_bzero(room, sizeof(room));
}

/* GMP does not wipe what it frees. */
static void wipe(mpz_t number)
{
	size_t limbs = mpz_size(number);

	if (limbs)
		explicit_bzero(mpz_limbs_modify(number, (mp_size_t)limbs),
			       limbs * sizeof(mp_limb_t));
	mpz_clear(number);
}

/* --- Diffie-Hellman ---------------------------------------------------- */

static void dh_power(const mpz_t base, const uint8_t *secret, const mpz_t n,
		     struct gw6c_buf *out)
{
	mpz_t exponent, power;

	load(exponent, (struct gw6c_bytes){ secret, PASSDSS_SECRET });
	mpz_init(power);
	if (mpz_sgn(exponent)) /* mpz_powm_sec() takes no zero */
		mpz_powm_sec(power, base, exponent, n);
	put(out, power);
	wipe(exponent);
	wipe(power);
}

void passdss_dh_public(const uint8_t *secret, struct gw6c_buf *out)
{
	mpz_t n, base;

	load_group(n);
	mpz_init_set_ui(base, 2);
	dh_power(base, secret, n, out);
	mpz_clears(n, base, NULL);
}

bool passdss_dh_shared(const uint8_t *secret, struct gw6c_bytes peer,
		       struct gw6c_buf *out)
{
	mpz_t n, base, last;
	bool inside;

	load_group(n);
	load(base, peer);
	mpz_init(last);
	mpz_sub_ui(last, n, 1);
	inside = mpz_cmp_ui(base, 1) > 0 && mpz_cmp(base, last) < 0;
	if (inside)
		dh_power(base, secret, n, out);
	mpz_clears(n, base, last, NULL);
	return inside;
}

/* --- DSA (FIPS 186) ---------------------------------------------------- */

struct dsa {
	mpz_t p, q, g, y;
};

static void dsa_load(struct dsa *dsa, const struct passdss_key *key)
{
	load(dsa->p, key->p);
	load(dsa->q, key->q);
	load(dsa->g, key->g);
	load(dsa->y, key->y);
}

static void dsa_clear(struct dsa *dsa)
{
	mpz_clears(dsa->p, dsa->q, dsa->g, dsa->y, NULL);
}

static bool is_inside(const mpz_t number, const mpz_t limit)
{
	return mpz_cmp_ui(number, 1) > 0 && mpz_cmp(number, limit) < 0;
}

/* number^q mod p == 1: it is in the subgroup of order q. */
static bool in_subgroup(const struct dsa *dsa, const mpz_t number)
{
	mpz_t power;
	bool is;

	mpz_init(power);
	mpz_powm(power, number, dsa->q, dsa->p);
	is = mpz_cmp_ui(power, 1) == 0;
	mpz_clear(power);
	return is;
}

static const char *dsa_flaw(const struct dsa *dsa, unsigned min_bits)
{
	size_t p_bits = mpz_sizeinbase(dsa->p, 2);
	size_t q_bits = mpz_sizeinbase(dsa->q, 2);

	if (p_bits < min_bits)
		return "it is too short";
	if (p_bits > P_BITS_MAX || q_bits > Q_BITS_MAX)
		return "it is too long";
	if (q_bits < Q_BITS_MIN || mpz_even_p(dsa->p) || mpz_even_p(dsa->q))
		return "p or q is not valid for DSA";
	if (!is_inside(dsa->g, dsa->p) || !is_inside(dsa->y, dsa->p))
		return "g or y is out of range";
	if (!in_subgroup(dsa, dsa->g) || !in_subgroup(dsa, dsa->y))
		return "g or y is not in the group of q";
	return NULL;
}

const char *passdss_key_flaw(const struct passdss_key *key, unsigned min_bits)
{
	struct dsa dsa;
	const char *flaw;

	dsa_load(&dsa, key);
	flaw = dsa_flaw(&dsa, min_bits);
	dsa_clear(&dsa);
	return flaw;
}

/* The digest as a number: as many bits from its left as q has. */
static void load_digest(mpz_t number, const uint8_t digest[PASSDSS_HASH])
{
	_Static_assert(8 * PASSDSS_HASH <= Q_BITS_MIN, "q takes all of it");
	load(number, (struct gw6c_bytes){ digest, PASSDSS_HASH });
}

/* v = (g^u1 * y^u2 mod p) mod q, with u1 = h/s and u2 = r/s. */
static void dsa_value(mpz_t v, const struct dsa *dsa, const mpz_t h,
		      const mpz_t r, const mpz_t s)
{
	mpz_t w, u, power;

	mpz_inits(w, u, power, NULL);
	if (mpz_invert(w, s, dsa->q)) {
		mpz_mul(u, h, w);
		mpz_mod(u, u, dsa->q);
		mpz_powm(v, dsa->g, u, dsa->p);
		mpz_mul(u, r, w);
		mpz_mod(u, u, dsa->q);
		mpz_powm(power, dsa->y, u, dsa->p);
		mpz_mul(v, v, power);
		mpz_mod(v, v, dsa->p);
		mpz_mod(v, v, dsa->q);
	}
	mpz_clears(w, u, power, NULL);
}

bool passdss_verify(const struct passdss_key *key, struct gw6c_bytes r_octets,
		    struct gw6c_bytes s_octets,
		    const uint8_t digest[PASSDSS_HASH])
{
	struct dsa dsa;
	mpz_t h, r, s, v;
	bool ok;

	dsa_load(&dsa, key);
	load_digest(h, digest);
	load(r, r_octets);
	load(s, s_octets);
	mpz_init(v);
	ok = mpz_sgn(r) > 0 && mpz_cmp(r, dsa.q) < 0 && mpz_sgn(s) > 0 &&
	     mpz_cmp(s, dsa.q) < 0;
	if (ok) {
		dsa_value(v, &dsa, h, r, s);
		ok = mpz_cmp(v, r) == 0;
	}
	mpz_clears(h, r, s, v, NULL);
	dsa_clear(&dsa);
	return ok;
}

/* 1..q-1, of so many more bits than q has that no value is likelier. */
static void load_nonce(mpz_t k, const uint8_t *nonce, const mpz_t q)
{
	mpz_t range;

	load(k, (struct gw6c_bytes){ nonce, PASSDSS_NONCE });
	mpz_init(range);
	mpz_sub_ui(range, q, 1);
	mpz_mod(k, k, range);
	mpz_add_ui(k, k, 1);
	mpz_clear(range);
}

/* s = (h + x*r) / k mod q. The inverse of k by Fermat: in constant time. */
static void dsa_prove(mpz_t s, const struct dsa *dsa, const mpz_t h,
		      const mpz_t x, const mpz_t r, const mpz_t k)
{
	mpz_t inverse, exponent;

	mpz_inits(inverse, exponent, NULL);
	mpz_sub_ui(exponent, dsa->q, 2);
	mpz_powm_sec(inverse, k, exponent, dsa->q);
	mpz_mul(s, x, r);
	mpz_add(s, s, h);
	mpz_mul(s, s, inverse);
	mpz_mod(s, s, dsa->q);
	wipe(inverse);
	mpz_clear(exponent);
}

bool passdss_sign(const struct passdss_key *key, const uint8_t *nonce,
		  const uint8_t digest[PASSDSS_HASH], struct gw6c_buf *r_out,
		  struct gw6c_buf *s_out)
{
	struct dsa dsa;
	mpz_t h, x, k, r, s;
	bool ok;

	dsa_load(&dsa, key);
	load_digest(h, digest);
	load(x, key->x);
	load_nonce(k, nonce, dsa.q);
	mpz_inits(r, s, NULL);
	mpz_powm_sec(r, dsa.g, k, dsa.p);
	mpz_mod(r, r, dsa.q);
	dsa_prove(s, &dsa, h, x, r, k);
	ok = mpz_sgn(r) > 0 && mpz_sgn(s) > 0;
	put(r_out, r);
	put(s_out, s);
	wipe(x);
	wipe(k);
	wipe(s);
	mpz_clears(h, r, NULL);
	dsa_clear(&dsa);
	return ok;
}

bool passdss_key_whole(const struct passdss_key *key)
{
	struct dsa dsa;
	mpz_t x, y;
	bool whole;

	dsa_load(&dsa, key);
	load(x, key->x);
	mpz_init(y);
	whole = mpz_sgn(x) > 0 && mpz_odd_p(dsa.p) && mpz_sgn(dsa.p) > 0;
	if (whole) {
		mpz_powm_sec(y, dsa.g, x, dsa.p);
		whole = mpz_cmp(y, dsa.y) == 0;
	}
	wipe(x);
	mpz_clear(y);
	dsa_clear(&dsa);
	return whole;
}
