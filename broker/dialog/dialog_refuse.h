/* dialog_refuse.h - replies that are only a status. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_BROKER_DIALOG_DIALOG_REFUSE_H
#define GW6C_BROKER_DIALOG_DIALOG_REFUSE_H

#include "dialog_state.h"

void dialog_say(struct gw6c_buf *out, int code, const char *text);
/* The same, and end the dialogue. */
void dialog_refuse(struct dialog *dialog, struct gw6c_buf *out, int code,
		   const char *text);
/* The same in the command phase, where replies carry a Content-length. */
void dialog_refuse_request(struct dialog *dialog, struct gw6c_buf *out,
			   int code, const char *text);

#endif
