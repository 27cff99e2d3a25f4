/* loop_parts.h - what loop.c and resolve.c share: the library's base. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_CORE_BASE_LOOP_PARTS_H
#define GW6C_CORE_BASE_LOOP_PARTS_H

#include "loop.h"

struct event_base;

struct event_base *loop_base(struct loop *loop);

/* Head of the list of lookups that are not freed yet. */
struct lookup **loop_lookups(struct loop *loop);

/* Cancel all of them; those the library holds are freed by later turns. */
void lookups_cancel(struct loop *loop);

#endif
