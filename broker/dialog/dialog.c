/* dialog.c - the server side of one TSP session: version and commands;
 * the login is in dialog_login.c, the request in dialog_create.c. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "dialog.h"
#include "core/base/text.h"
#include "dialog_create.h"
#include "dialog_login.h"
#include "dialog_mode.h"
#include "dialog_refuse.h"
#include "refusals.h"
#include <ctype.h>

#define CAPABILITY_MAX 148 /* octets: little more than the client has sent */

void dialog_init(struct dialog *dialog, const struct dialog_env *env,
		 const struct endpoint *from)
{
	memset(dialog, 0, sizeof(*dialog));
	dialog->env = env;
	dialog->from = *from;
	dialog->proven = from->tcp;
}

void dialog_end(struct dialog *dialog)
{
	dialog_login_end(dialog);
	dialog_create_end(dialog);
	if (dialog->offered && dialog->stage != DIALOG_DONE)
		env_release(dialog->env, &dialog->grant);
	dialog->offered = false;
}

bool dialog_is_echo(struct gw6c_bytes in)
{
	static const char echo[] = "ECHO REQUEST";
	struct gw6c_bytes line, rest;

	text_line(in, &line, &rest);
	return line.len == sizeof(echo) - 1 &&
	       memcmp(line.at, echo, line.len) == 0;
}

/* --- version ----------------------------------------------------------- */

static void put_word(char word[TSP_WORD], const char *text)
{
	for (size_t i = 0; i < TSP_WORD - 1 && text[i]; i++)
		word[i] = (char)toupper((unsigned char)text[i]);
}

static void put_capability(const struct dialog_env *env,
			   const struct endpoint *from, struct gw6c_buf *out)
{
	struct tsp_capability capability = { .tunnels = 0 };
	const struct gw6c_plugin *const *mode = env->modes->offer;
	const struct gw6c_plugin *const *auth = env->auth;

	for (; *mode && capability.tunnels < TSP_WORDS; mode++)
		if (mode_reaches(env, from, *mode))
			put_word(capability.tunnel[capability.tunnels++],
				 (*mode)->name);
	for (; *auth && capability.auths < TSP_WORDS; auth++) {
		snprintf(capability.auth[capability.auths++], TSP_WORD, "%s",
			 (*auth)->auth->mechanism);
		/* Without an account, a secret is all there is to go by. */
		capability.lease |= (*auth)->auth->flags & GW6C_AUTH_EMPTY;
	}
	tsp_put_capability(out, &capability);
}

bool dialog_is_short(const struct dialog_env *env)
{
	static const uint8_t families[] = { 4, 6 };

	for (size_t i = 0; i < sizeof(families); i++) {
		uint8_t room[CAPABILITY_MAX];
		struct gw6c_buf out = GW6C_BUF(room);
		struct endpoint from = { .addr.family = families[i] };

		put_capability(env, &from, &out);
		if (out.overflow)
			return false;
	}
	return true;
}

/* 1.0.1 has no datagrams. */
static bool is_spoken(const struct dialog *dialog)
{
	const uint32_t *version = dialog->env->options->version;

	while (*version && *version != dialog->version)
		version++;
	return *version && (*version >= TSP_V200 || dialog->from.tcp);
}

static void on_version(struct dialog *dialog, struct gw6c_bytes in,
		       struct gw6c_buf *out)
{
	struct gw6c_bytes line, rest;

	text_line(in, &line, &rest);
	if (!tsp_parse_version(line, &dialog->version)) {
		dialog_refuse(dialog, out, 500, "Invalid request");
		return;
	}
	if (refusals_say(dialog, PHASE_VERSION, out))
		return;
	if (!is_spoken(dialog)) {
		dialog_refuse(dialog, out, 302, "Unsupported client version");
		return;
	}
	dialog->stage = DIALOG_AUTH;
	put_capability(dialog->env, &dialog->from, out);
}

/* --- commands --------------------------------------------------------- */

static bool parse_request(struct gw6c_bytes in, struct tsp_tunnel *out)
{
	struct gw6c_err err = { 0 };
	size_t header;
	long len = tsp_content_length(in, &header);

	return len > 0 && (size_t)len <= in.len - header &&
	       tsp_parse_xml((struct gw6c_bytes){ in.at + header, (size_t)len },
			     out, &err) == GW6C_OK;
}

static void on_request(struct dialog *dialog, struct gw6c_bytes in,
		       struct gw6c_buf *out)
{
	struct tsp_tunnel request;

	if (refusals_say(dialog, PHASE_CREATE, out))
		return;
	if (parse_request(in, &request))
		dialog_create(dialog, &request, out);
	else
		dialog_refuse_request(dialog, out, 500, "Invalid request");
}

/* Another client of the same address may have been faster. */
static void on_accept(struct dialog *dialog, struct gw6c_buf *out)
{
	const struct dialog_env *env = dialog->env;

	if (env->vacant && !env->vacant(env->arg, dialog))
		dialog_refuse_request(dialog, out, 506,
				      "Address already in use");
	else
		dialog->stage = DIALOG_DONE;
}

/* The reply to "accept" is an empty acknowledgement. */
static void on_offer(struct dialog *dialog, struct gw6c_bytes in,
		     struct gw6c_buf *out)
{
	struct tsp_tunnel request;

	if (!parse_request(in, &request)) {
		dialog_refuse_request(dialog, out, 500, "Invalid request");
		return;
	}
	if (strcmp(request.action, "accept") == 0 &&
	    refusals_say(dialog, PHASE_ACCEPT, out))
		return;
	if (strcmp(request.action, "accept") == 0)
		on_accept(dialog, out);
	else if (strcmp(request.action, "reject") == 0)
		dialog->stage = DIALOG_DEAD;
	else if (strcmp(request.action, "create") == 0)
		tsp_put_message(out, 521, "Request already in progress", NULL);
	else
		dialog_refuse_request(dialog, out, 500, "Invalid request");
}

void dialog_message(struct dialog *dialog, struct gw6c_bytes in,
		    struct gw6c_buf *out)
{
	/* A poll with nothing to fetch is only acknowledged. */
	if (!in.len && dialog->stage != DIALOG_NEW &&
	    dialog->stage != DIALOG_LOGIN && dialog->stage != DIALOG_STATUS)
		return;
	switch (dialog->stage) {
	case DIALOG_NEW:
		on_version(dialog, in, out);
		break;
	case DIALOG_AUTH:
		dialog_authenticate(dialog, in, out);
		break;
	case DIALOG_LOGIN:
		dialog_login(dialog, in, out);
		break;
	case DIALOG_WAITING:
		break;
	case DIALOG_STATUS:
		dialog_logged_in(dialog, out);
		break;
	case DIALOG_REQUEST:
		on_request(dialog, in, out);
		break;
	case DIALOG_OFFER:
		on_offer(dialog, in, out);
		break;
	case DIALOG_DONE:
	case DIALOG_DEAD:
		dialog_say(out, 500, "Invalid request");
		break;
	}
}
