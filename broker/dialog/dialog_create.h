/* dialog_create.h - a client's request, and our offer. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_BROKER_DIALOG_DIALOG_CREATE_H
#define GW6C_BROKER_DIALOG_DIALOG_CREATE_H

#include "dialog_state.h"

#define DIALOG_LIFETIME_S 604800 /* announced where none is enforced */

/* In the stage DIALOG_WAITING afterwards, dialog->later() brings the reply. */
void dialog_create(struct dialog *dialog, const struct tsp_tunnel *request,
		   struct gw6c_buf *out);
/* Forget a request that waits. */
void dialog_create_end(struct dialog *dialog);

#endif
