/* fuzz.h - the one function of every fuzz target. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_FUZZ_H
#define GW6C_FUZZ_H

#include <stddef.h>
#include <stdint.h>

/* The name and the result (0) are libFuzzer's. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#endif
