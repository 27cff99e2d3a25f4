/* proof.c - a number that only who receives at an address can bring back. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "proof.h"
#include "core/base/random.h"

void proof_init(struct proof *proof)
{
	random_octets(proof->key, sizeof(proof->key));
}

static void make(const struct proof *proof, const struct endpoint *at,
		 uint64_t period, uint8_t out[RUDP_PROOF])
{
	uint8_t what[sizeof(at->addr) + 2 + 8];
	size_t n = sizeof(at->addr);
	uint64_t sum;

	memcpy(what, &at->addr, n);
	what[n++] = (uint8_t)(at->port >> 8);
	what[n++] = (uint8_t)at->port;
	for (int i = 0; i < 8; i++)
		what[n++] = (uint8_t)(period >> 8 * i);
	sum = hash_keyed(proof->key, what, n);
	for (int i = 0; i < RUDP_PROOF; i++)
		out[i] = (uint8_t)(sum >> 8 * i);
}

void proof_make(const struct proof *proof, const struct endpoint *at,
		uint64_t now_ms, uint8_t out[RUDP_PROOF])
{
	make(proof, at, now_ms / PROOF_MS, out);
}

/* Without a branch that tells how much of it was right. */
static bool same(const uint8_t *a, const uint8_t *b)
{
	uint8_t differs = 0;

	for (int i = 0; i < RUDP_PROOF; i++)
		differs |= a[i] ^ b[i];
	return !differs;
}

bool proof_is_good(const struct proof *proof, const struct endpoint *at,
		   uint64_t now_ms, const uint8_t got[RUDP_PROOF])
{
	uint64_t period = now_ms / PROOF_MS;
	uint8_t now[RUDP_PROOF], before[RUDP_PROOF];

	make(proof, at, period, now);
	make(proof, at, period - 1, before);
	return same(now, got) || same(before, got);
}
