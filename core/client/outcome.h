/* outcome.h - how gw6c exits because of how a session ended. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_CORE_CLIENT_OUTCOME_H
#define GW6C_CORE_CLIENT_OUTCOME_H

#include "core/base/exit_status.h"
#include "core/tsp/session.h"

/* Of a session that came to nothing, and is not tried again. */
enum end outcome_exit(const struct session_result *result);

#endif
