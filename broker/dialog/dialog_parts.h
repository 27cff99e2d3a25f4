/* dialog_parts.h - what the files of a dialogue share. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_BROKER_DIALOG_DIALOG_PARTS_H
#define GW6C_BROKER_DIALOG_DIALOG_PARTS_H

#include "dialog.h"

void dialog_say(struct gw6c_buf *out, int code, const char *text);
/* The same, and end the dialogue. */
void dialog_refuse(struct dialog *dialog, struct gw6c_buf *out, int code,
		   const char *text);

/* dialog_create.c. Replies of the command phase have a Content-length. */
void dialog_refuse_request(struct dialog *dialog, struct gw6c_buf *out,
			   int code, const char *text);
void dialog_create(struct dialog *dialog, const struct tsp_tunnel *request,
		   struct gw6c_buf *out);

/* dialog_login.c */
void dialog_authenticate(struct dialog *dialog, struct gw6c_bytes in,
			 struct gw6c_buf *out);
void dialog_login(struct dialog *dialog, struct gw6c_bytes in,
		  struct gw6c_buf *out);
void dialog_logged_in(struct dialog *dialog, struct gw6c_buf *out);
void dialog_login_end(struct dialog *dialog);

#endif
