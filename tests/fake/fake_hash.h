/* fake_hash.h - the hashes of core/base/hash.h without luck: what shares a
 * bucket in one run of a test does so in each. Included once a program. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_FAKE_HASH_H
#define GW6C_FAKE_HASH_H

#include "core/base/hash.h"

static uint64_t fake_hash(uint64_t hash, const uint8_t *octets, size_t len)
{
	for (size_t i = 0; i < len; i++)
		hash = (hash ^ octets[i]) * 1099511628211u;
	return hash;
}

uint64_t hash_keyed(const uint8_t key[HASH_KEY], const uint8_t *octets,
		    size_t len)
{
	uint64_t hash = fake_hash(14695981039346656037u, key, HASH_KEY);

	hash = fake_hash(hash, octets, len);
	return hash ^ hash >> 32;
}

uint32_t hash_octets(const uint8_t *octets, size_t len)
{
	uint64_t hash = fake_hash(14695981039346656037u, octets, len);

	return (uint32_t)(hash ^ hash >> 32);
}

uint32_t hash_endpoint(const struct gw6c_addr *addr, uint16_t port)
{
	return hash_octets(addr->octets, sizeof(addr->octets)) ^
	       port * 2654435761u;
}

#endif
