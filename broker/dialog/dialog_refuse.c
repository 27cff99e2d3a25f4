/* dialog_refuse.c - replies that are only a status. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "dialog_refuse.h"
#include "core/base/log.h"

void dialog_say(struct gw6c_buf *out, int code, const char *text)
{
	char line[128];

	snprintf(line, sizeof(line), "%d %s\r\n", code, text);
	gw6c_put_text(out, line);
}

void dialog_refuse(struct dialog *dialog, struct gw6c_buf *out, int code,
		   const char *text)
{
	char room[GW6C_ADDR_TEXT];

	log_msg(GW6C_INFO, "session", "%s port %u: refused: %d %s",
		gw6c_addr_text(&dialog->from.addr, room), dialog->from.port,
		code, text);
	dialog->stage = DIALOG_DEAD;
	dialog_say(out, code, text);
}

void dialog_refuse_request(struct dialog *dialog, struct gw6c_buf *out,
			   int code, const char *text)
{
	char room[GW6C_ADDR_TEXT];

	/* What may be forged must not fill the log. */
	log_msg(dialog->anonymous && !dialog->proven ? GW6C_INFO : GW6C_NOTICE,
		"session", "%s%s at %s: request refused: %d %s", dialog->user,
		dialog->anonymous ? "anonymous" : "",
		gw6c_addr_text(&dialog->from.addr, room), code, text);
	dialog->stage = DIALOG_DEAD;
	tsp_put_message(out, code, text, NULL);
}
