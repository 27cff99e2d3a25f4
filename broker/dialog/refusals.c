/* refusals.c - refusing or redirecting every client, as configured. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "refusals.h"
#include "core/base/log.h"

#define ROOM 1400 /* octets of a reply, section 2.5 of RFC 5572 over UDP */

/* Old clients accept a port after names and IPv4 addresses only. */
static void put_broker(struct tsp_tunnel *list,
		       const struct server_addr *broker)
{
	struct tsp_address *out = &list->broker[list->brokers++];
	int family = broker->literal.family;
	const char *format = family == 6 ? "[%s]:%u" : "%s:%u";

	snprintf(out->type, sizeof(out->type), "%s",
		 family == 4   ? "ipv4"
		 : family == 6 ? "ipv6"
			       : "dn");
	if (broker->port == SERVER_PORT)
		format = "%s";
	snprintf(out->text, sizeof(out->text), format, broker->host,
		 broker->port);
}

static void put_redirect(const struct options *options, struct tsp_tunnel *list)
{
	tsp_tunnel_init(list);
	snprintf(list->action, sizeof(list->action), "list");
	snprintf(list->type, sizeof(list->type), "broker");
	for (int i = 0; i < options->redirects; i++)
		put_broker(list, &options->redirect[i]);
}

/* As many brokers as fit. */
static void put_answer(enum phase phase, int code, struct tsp_tunnel *list,
		       struct gw6c_buf *out)
{
	const char *text = tsp_meaning(code % 1000)->text;
	bool body = phase == PHASE_CREATE;
	size_t start = out->len;

	if (code == 1200)
		text = "Redirect";
	do {
		char line[128];

		out->len = start;
		out->overflow = false;
		snprintf(line, sizeof(line), "%d %s\r\n", code, text);
		if (body) {
			tsp_put_message(out, code, text, list);
		} else {
			gw6c_put_text(out, line);
			if (list)
				tsp_put_xml(out, list);
		}
	} while (list && (out->overflow || out->len - start > ROOM) &&
		 --list->brokers > 0);
}

bool refusals_say(struct dialog *dialog, enum phase phase, struct gw6c_buf *out)
{
	const struct options *options = dialog->env->options;
	int code = options->refuse[phase];
	struct tsp_tunnel list;
	char room[GW6C_ADDR_TEXT];

	if (!code)
		return false;
	log_msg(GW6C_INFO, "session", "%s port %u: refused as configured: %d",
		gw6c_addr_text(&dialog->from.addr, room), dialog->from.port,
		code);
	if (TSP_REDIRECT(code))
		put_redirect(options, &list);
	put_answer(phase, code, TSP_REDIRECT(code) ? &list : NULL, out);
	dialog->stage = DIALOG_DEAD;
	return true;
}
