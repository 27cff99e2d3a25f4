/* dialog_offer.h - what a client gets, and how it is told. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_BROKER_DIALOG_DIALOG_OFFER_H
#define GW6C_BROKER_DIALOG_DIALOG_OFFER_H

#include "dialog_state.h"

/* Mode and holder of the grant are set. claimed: the address that the client
 * reports. The reply is an offer, or says why there is none; none and
 * dialog->wants_proof: a proof must come first. */
void dialog_offer(struct dialog *dialog, const struct tsp_tunnel *request,
		  const struct gw6c_addr *claimed, struct gw6c_buf *out);

#endif
