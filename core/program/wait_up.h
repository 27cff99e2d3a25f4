/* wait_up.h - waits until the tunnel of the gw6c that runs is up. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_CORE_PROGRAM_WAIT_UP_H
#define GW6C_CORE_PROGRAM_WAIT_UP_H

#include "run.h"

/* END_OK once it is up, after limit_s seconds at most (-1: no limit); else
 * END_CONNECT, and the state in words on standard error. */
enum end run_wait_up(const struct run_params *params, long limit_s);

#endif
