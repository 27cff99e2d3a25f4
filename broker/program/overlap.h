/* overlap.h - pools that are on an interface of this machine already. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_BROKER_PROGRAM_OVERLAP_H
#define GW6C_BROKER_PROGRAM_OVERLAP_H

#include "broker/config/options.h"

/* Warn of each. running: the broker of these options is, so that the first
 * address of a pool is its own. */
void overlap_warn(const struct options *options, bool running);

#endif
