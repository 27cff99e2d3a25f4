/* lookups.h - what loop.c and loop_resolve.c share: the lookups. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_CORE_BASE_LOOKUPS_H
#define GW6C_CORE_BASE_LOOKUPS_H

#include "loop.h"

/* Head of the list of lookups that are not freed yet. */
struct lookup **loop_lookups(struct loop *loop);

/* Cancel all of them. */
void lookups_cancel(struct loop *loop);

#endif
