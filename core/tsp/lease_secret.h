/* lease_secret.h - by what a broker knows an anonymous client again. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_CORE_TSP_LEASE_SECRET_H
#define GW6C_CORE_TSP_LEASE_SECRET_H

#include "tsp.h"

/* What this machine tells that broker, another one to each: from a number in
 * the file lease_secret of state_dir, which is made if there is none. "" if
 * that is not possible. */
void lease_secret(const char *state_dir, const char *broker,
		  char out[TSP_SECRET]);

#endif
