/* hash.c - numbers for the buckets of tables: SipHash-2-4, by Aumasson and
 * Bernstein. No library that is used anyway has it. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "hash.h"
#include "random.h"
#include <string.h>

struct sip {
	uint64_t a, b, c, d;
};

static uint64_t rotate(uint64_t word, int bits)
{
	return word << bits | word >> (64 - bits);
}

static void rounds(struct sip *sip, int n)
{
	while (n--) {
		sip->a += sip->b;
		sip->c += sip->d;
		sip->b = rotate(sip->b, 13) ^ sip->a;
		sip->d = rotate(sip->d, 16) ^ sip->c;
		sip->a = rotate(sip->a, 32);
		sip->c += sip->b;
		sip->a += sip->d;
		sip->b = rotate(sip->b, 17) ^ sip->c;
		sip->d = rotate(sip->d, 21) ^ sip->a;
		sip->c = rotate(sip->c, 32);
	}
}

/* Up to 8 octets, the first one lowest. */
static uint64_t word_of(const uint8_t *octets, size_t len)
{
	uint64_t word = 0;

	for (size_t i = 0; i < len; i++)
		word |= (uint64_t)octets[i] << 8 * i;
	return word;
}

static void take(struct sip *sip, uint64_t word)
{
	sip->d ^= word;
	rounds(sip, 2);
	sip->a ^= word;
}

uint64_t hash_keyed(const uint8_t key[HASH_KEY], const uint8_t *octets,
		    size_t len)
{
	uint64_t first = word_of(key, 8), second = word_of(key + 8, 8);
	struct sip sip = { first ^ 0x736f6d6570736575u,
			   second ^ 0x646f72616e646f6du,
			   first ^ 0x6c7967656e657261u,
			   second ^ 0x7465646279746573u };
	size_t at = 0;

	for (; len - at >= 8; at += 8)
		take(&sip, word_of(octets + at, 8));
	take(&sip, word_of(octets + at, len - at) | (uint64_t)len << 56);
	sip.c ^= 0xff;
	rounds(&sip, 4);
	return sip.a ^ sip.b ^ sip.c ^ sip.d;
}

static const uint8_t *own_key(void)
{
	static uint8_t key[HASH_KEY];
	static bool made;

	if (!made)
		random_octets(key, sizeof(key));
	made = true;
	return key;
}

uint32_t hash_octets(const uint8_t *octets, size_t len)
{
	return (uint32_t)hash_keyed(own_key(), octets, len);
}

uint32_t hash_endpoint(const struct gw6c_addr *addr, uint16_t port)
{
	uint8_t octets[sizeof(addr->octets) + 2];

	memcpy(octets, addr->octets, sizeof(addr->octets));
	octets[sizeof(addr->octets)] = (uint8_t)(port >> 8);
	octets[sizeof(addr->octets) + 1] = (uint8_t)port;
	return hash_octets(octets, sizeof(octets));
}
