/* refusals.h - refusing every client, or redirecting it to other brokers, as
 * configured. RFC 5572 section 4.7. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_BROKER_DIALOG_REFUSALS_H
#define GW6C_BROKER_DIALOG_REFUSALS_H

#include "dialog_state.h"

/* If clients are refused in this phase, put the reply into out, end the
 * dialogue and return true. */
bool refusals_say(struct dialog *dialog, enum phase phase,
		  struct gw6c_buf *out);

#endif
