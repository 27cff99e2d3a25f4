/* proof.h - a number that only who receives at an address can bring back; we
 * keep nothing for it. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_BROKER_DIALOG_PROOF_H
#define GW6C_BROKER_DIALOG_PROOF_H

#include "broker/data/grant.h"
#include "core/base/hash.h"
#include "core/tsp/rudp.h"

#define PROOF_MS 30000 /* how long one is made; it holds once more as long */

struct proof {
	uint8_t key[HASH_KEY];
};

void proof_init(struct proof *proof);
/* The number of that address and port, at that time. */
void proof_make(const struct proof *proof, const struct endpoint *at,
		uint64_t now_ms, uint8_t out[RUDP_PROOF]);
bool proof_is_good(const struct proof *proof, const struct endpoint *at,
		   uint64_t now_ms, const uint8_t got[RUDP_PROOF]);

#endif
