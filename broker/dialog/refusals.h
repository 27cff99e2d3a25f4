/* refusals.h - what every client is told instead of an answer: that the broker
 * is closed, or which ones to ask. RFC 5572 section 4.7. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_BROKER_DIALOG_REFUSALS_H
#define GW6C_BROKER_DIALOG_REFUSALS_H

#include "dialog.h"

/* If clients are refused in this phase: the answer is in out, the dialogue is
 * over, and true is returned. */
bool refusals_say(struct dialog *dialog, enum phase phase,
		  struct gw6c_buf *out);

#endif
