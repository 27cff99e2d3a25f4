/* dialog_mode.h - which tunnel a request gets. RFC 5572 sections 4.5 and 5. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_BROKER_DIALOG_DIALOG_MODE_H
#define GW6C_BROKER_DIALOG_DIALOG_MODE_H

#include "dialog.h"

/* Can a client that asks from there be granted such a tunnel at all? */
bool modes_offer(const struct dialog_env *env, const struct endpoint *from,
		 enum mode mode);

/* Fill in mode, outer, nat and proxy of dialog->grant. claimed: the address
 * that the client says it has. 0, or the status to refuse with, and why. */
int modes_choose(struct dialog *dialog, const struct tsp_tunnel *request,
		 struct gw6c_addr *claimed, const char **text);

#endif
