/* auth_newer.c - of a later release: longer tables, a new member each. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "module.h"

static const struct {
	struct gw6c_auth_ops known;
	int (*added)(void *self);
	const char *more;
} ops = {
	.known = { .size = sizeof(ops), M_AUTH_REST },
	.more = "more",
};

extern const struct newer auth_newer_LTX_gw6c_plugin;

GW6C_EXPORT const struct newer {
	struct gw6c_plugin known;
	const char *homepage;
} auth_newer_LTX_gw6c_plugin = {
	.known = { .abi = GW6C_ABI,
		   .size = sizeof(auth_newer_LTX_gw6c_plugin),
		   .kind = GW6C_AUTH,
		   .name = "newer",
		   .summary = "of tomorrow",
		   .version = "2",
		   .auth = &ops.known },
	.homepage = "none",
};
