/* bucket.h - so much at once, and so much a second. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_BROKER_DIALOG_BUCKET_H
#define GW6C_BROKER_DIALOG_BUCKET_H

#include <stdbool.h>
#include <stdint.h>

struct bucket {
	double left;
	uint64_t at_ms;
};

struct bucket_limit {
	double burst, per_s;
};

static inline void bucket_fill(struct bucket *bucket,
			       const struct bucket_limit *limit,
			       uint64_t now_ms)
{
	/* Two callers may have looked at the clock in the other order. */
	if (now_ms <= bucket->at_ms)
		return;
	bucket->left += (double)(now_ms - bucket->at_ms) / 1000 * limit->per_s;
	if (bucket->left > limit->burst)
		bucket->left = limit->burst;
	bucket->at_ms = now_ms;
}

static inline bool bucket_has(struct bucket *bucket,
			      const struct bucket_limit *limit, double wanted,
			      uint64_t now_ms)
{
	bucket_fill(bucket, limit, now_ms);
	return bucket->left >= wanted;
}

/* Take it, if it is there. */
static inline bool bucket_take(struct bucket *bucket,
			       const struct bucket_limit *limit, double wanted,
			       uint64_t now_ms)
{
	if (!bucket_has(bucket, limit, wanted, now_ms))
		return false;
	bucket->left -= wanted;
	return true;
}

#endif
