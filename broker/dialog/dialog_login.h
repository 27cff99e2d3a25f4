/* dialog_login.h - the server side of a login, by an auth plugin. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_BROKER_DIALOG_DIALOG_LOGIN_H
#define GW6C_BROKER_DIALOG_DIALOG_LOGIN_H

#include "dialog_state.h"

/* "AUTHENTICATE ...", and the messages of the mechanism. */
void dialog_authenticate(struct dialog *dialog, struct gw6c_bytes in,
			 struct gw6c_buf *out);
void dialog_login(struct dialog *dialog, struct gw6c_bytes in,
		  struct gw6c_buf *out);
/* The status after its last message. */
void dialog_logged_in(struct dialog *dialog, struct gw6c_buf *out);
/* Close the mechanism, if one is open. */
void dialog_login_end(struct dialog *dialog);

#endif
