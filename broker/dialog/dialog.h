/* dialog.h - the server side of one TSP session, without I/O: a message in, a
 * reply out. RFC 5572 section 4. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_BROKER_DIALOG_DIALOG_H
#define GW6C_BROKER_DIALOG_DIALOG_H

#include "dialog_state.h"

#define DIALOG_IDLE_MS 60000 /* after which an unaccepted offer is dropped */
#define DIALOG_LONG_MS 120000 /* the limit of a dialogue, however busy */

/* Do modes and mechanisms fit into a reply to an unauthenticated client? */
bool dialog_is_short(const struct dialog_env *env);

void dialog_init(struct dialog *dialog, const struct dialog_env *env,
		 const struct endpoint *from);
/* Release its resources; also the address, unless accepted. */
void dialog_end(struct dialog *dialog);

/* One message, without the UDP header; the reply is appended to out, which
 * has room for RUDP_SEND_MAX octets. In the stage DIALOG_WAITING there is no
 * reply yet: dialog->later() brings it, unless the dialogue ends first. */
void dialog_message(struct dialog *dialog, struct gw6c_bytes in,
		    struct gw6c_buf *out);

/* "ECHO REQUEST": answered for any client, without a dialogue. */
bool dialog_is_echo(struct gw6c_bytes in);

#endif
