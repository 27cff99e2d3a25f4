/* random.c - unpredictable octets and numbers. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "random.h"
#include <gnutls/crypto.h>
#include <stdlib.h>

/* Without randomness every nonce is known to an attacker. */
static void fill(gnutls_rnd_level_t level, void *at, size_t len)
{
	if (gnutls_rnd(level, at, len) < 0)
		abort();
}

void random_octets(void *at, size_t len)
{
	fill(GNUTLS_RND_NONCE, at, len);
}

void random_secret(void *at, size_t len)
{
	fill(GNUTLS_RND_KEY, at, len);
}

uint32_t random_below(uint32_t limit)
{
	uint64_t wide;

	random_octets(&wide, sizeof(wide));
	return (uint32_t)(wide % limit);
}

double random_unit(void)
{
	return random_below(1u << 30) / (double)(1u << 30);
}
