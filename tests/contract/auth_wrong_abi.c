/* auth_wrong_abi.c - made for another ABI. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "module.h"

GW6C_PLUGIN(auth_wrong_abi) = {
	.abi = GW6C_ABI + 1,
	.size = sizeof(struct gw6c_plugin),
	/* Nothing behind these two may be looked at. */
	.name = (const char *)8,
	.ops_size = (const uint32_t *)8,
};
