/* wipe.h - overwrites secrets. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_CORE_BASE_WIPE_H
#define GW6C_CORE_BASE_WIPE_H

#include <stddef.h>

/* Overwrite what is no longer needed; no compiler leaves this out. */
void wipe(void *at, size_t len);

#endif
