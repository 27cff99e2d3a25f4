/* dialog_mode.h - choosing the tunnel mode of a request. RFC 5572
 * sections 4.5 and 5. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_BROKER_DIALOG_DIALOG_MODE_H
#define GW6C_BROKER_DIALOG_DIALOG_MODE_H

#include "dialog.h"

/* Can a client at that address be granted this mode at all? */
bool modes_offer(const struct dialog_env *env, const struct endpoint *from,
		 enum mode mode);

/* Fill in mode, outer, nat and proxy of dialog->grant. claimed: the address
 * that the client reports. Returns 0, or the status of the refusal and why. */
int modes_choose(struct dialog *dialog, const struct tsp_tunnel *request,
		 struct gw6c_addr *claimed, const char **text);

#endif
