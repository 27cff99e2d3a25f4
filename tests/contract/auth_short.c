/* auth_short.c - a descriptor that ends too early. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "module.h"

const struct {
	uint32_t abi, size;
} auth_short_LTX_gw6c_plugin GW6C_EXPORT = { GW6C_ABI, 8 };
