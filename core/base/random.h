/* random.h - unpredictable octets and numbers. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_CORE_BASE_RANDOM_H
#define GW6C_CORE_BASE_RANDOM_H

#include <stddef.h>
#include <stdint.h>

/* For what everybody may see: numbers that must not be guessed beforehand. */
void random_octets(void *at, size_t len);
/* For what must stay secret: keys, exponents, nonces of signatures. */
void random_secret(void *at, size_t len);
uint32_t random_below(uint32_t limit); /* 0..limit-1; limit >= 1 */
double random_unit(void); /* 0 <= x < 1 */

#endif
