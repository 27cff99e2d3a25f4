/* hash.h - numbers for the buckets of tables. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_CORE_BASE_HASH_H
#define GW6C_CORE_BASE_HASH_H

#include <gw6c/addr.h>

#define HASH_KEY 16 /* octets */

/* SipHash-2-4: without the key, its values cannot be predicted. */
uint64_t hash_keyed(const uint8_t key[HASH_KEY], const uint8_t *octets,
		    size_t len);

/* The same with a random key of this process: strangers choose what is hashed,
 * and must not be able to choose the bucket. */
uint32_t hash_octets(const uint8_t *octets, size_t len);
uint32_t hash_endpoint(const struct gw6c_addr *addr, uint16_t port);

#endif
