/* hash.h - numbers for the buckets of tables. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_CORE_BASE_HASH_H
#define GW6C_CORE_BASE_HASH_H

#include <gw6c/addr.h>

/* FNV-1a. Strangers choose what is hashed, but tables are bounded, and a long
 * chain costs them as much as us. */
static inline uint32_t hash_octets(const uint8_t *octets, size_t len)
{
	uint32_t hash = 2166136261u;

	for (size_t i = 0; i < len; i++)
		hash = (hash ^ octets[i]) * 16777619u;
	return hash ^ hash >> 15;
}

static inline uint32_t hash_endpoint(const struct gw6c_addr *addr,
				     uint16_t port)
{
	return hash_octets(addr->octets, sizeof(addr->octets)) ^
	       port * 2654435761u;
}

#endif
