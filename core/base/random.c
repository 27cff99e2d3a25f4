/* random.c - unpredictable octets and numbers. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "random.h"
#include <gnutls/crypto.h>
#include <stdlib.h>

void random_octets(void *at, size_t len)
{
	/* Without randomness every nonce is known to an attacker. */
	if (gnutls_rnd(GNUTLS_RND_NONCE, at, len) < 0)
		abort();
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
