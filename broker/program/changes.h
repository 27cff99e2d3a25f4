/* changes.h - what a reload has changed, by name. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_BROKER_PROGRAM_CHANGES_H
#define GW6C_BROKER_PROGRAM_CHANGES_H

#include "core/config/conf.h"

/* Log the accounts and settings that differ. base: of the start, which is what
 * settings that need a restart are compared with. */
void changes_tell(struct conf *base, struct conf *old, struct conf *fresh);

#endif
