/* dialog.c - the server side of one TSP session: version and commands;
 * the login is in dialog_login.c, the request in dialog_create.c. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "dialog.h"
#include "core/base/log.h"
#include "dialog_mode.h"
#include "dialog_parts.h"
#include "refusals.h"
#include <ctype.h>

#define CAPABILITY_MAX 140 /* octets: little more than the client has sent */

void dialog_init(struct dialog *dialog, const struct dialog_env *env,
		 const struct endpoint *from)
{
	memset(dialog, 0, sizeof(*dialog));
	dialog->env = env;
	dialog->from = *from;
}

void dialog_end(struct dialog *dialog)
{
	dialog_login_end(dialog);
	if (dialog->offered && dialog->stage != DIALOG_DONE)
		env_release(dialog->env, &dialog->grant);
	dialog->offered = false;
}

struct pool *env_pool(const struct dialog_env *env, int family)
{
	return family == 4 ? env->pool4 : env->pool6;
}

void env_release(const struct dialog_env *env, const struct grant *grant)
{
	pool_release(env_pool(env, grant->inner.family), &grant->inner);
	if (grant->prefix.family)
		pool_release(env->prefixes6, &grant->prefix);
}

bool dialog_is_echo(struct gw6c_bytes in)
{
	static const char echo[] = "ECHO REQUEST";
	struct gw6c_bytes line, rest;

	text_line(in, &line, &rest);
	return line.len == sizeof(echo) - 1 &&
	       memcmp(line.at, echo, line.len) == 0;
}

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

/* --- version ----------------------------------------------------------- */

static void put_word(char word[TSP_WORD], const char *text)
{
	for (size_t i = 0; i < TSP_WORD - 1 && text[i]; i++)
		word[i] = (char)toupper((unsigned char)text[i]);
}

/* from: the client; NULL: one that could get all modes. */
static void put_capability(const struct dialog_env *env,
			   const struct endpoint *from, struct gw6c_buf *out)
{
	struct tsp_capability capability = { .tunnels = 0 };
	const struct gw6c_plugin *const *auth = env->auth;

	for (int i = 0; i < MODES; i++)
		if (from ? modes_offer(env, from, (enum mode)i)
			 : i != MODE_V4V6)
			put_word(capability.tunnel[capability.tunnels++],
				 mode_name((enum mode)i));
	for (; *auth && capability.auths < TSP_WORDS; auth++)
		snprintf(capability.auth[capability.auths++], TSP_WORD, "%s",
			 (*auth)->auth->mechanism);
	tsp_put_capability(out, &capability);
}

bool dialog_is_short(const struct dialog_env *env)
{
	uint8_t room[CAPABILITY_MAX];
	struct gw6c_buf out = GW6C_BUF(room);

	put_capability(env, NULL, &out);
	return !out.overflow;
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
		dialog->stage = DIALOG_DONE;
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
