/* session_login.c - the login of a session, by a mechanism's module. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/base/base64.h"
#include "core/base/exit_status.h"
#include "core/base/log.h"
#include "core/base/wipe.h"
#include "core/modules/host.h"
#include "session_parts.h"
#include <ctype.h>

#define LOGIN_MAX 3000 /* octets of a message that we make, before base64 */
#define LOGIN_IN_MAX 8192 /* octets of one that we are sent */

static bool offers(const struct tsp_capability *capability, const char *name)
{
	for (int i = 0; i < capability->auths; i++)
		if (strcmp(capability->auth[i], name) == 0)
			return true;
	return false;
}

/* "PLAIN, DIGEST-MD5" */
static void join_offers(const struct tsp_capability *capability, char *room,
			size_t len)
{
	struct gw6c_buf out = { .at = (uint8_t *)room, .cap = len - 1 };

	for (int i = 0; i < capability->auths; i++) {
		gw6c_put_text(&out, i ? ", " : "");
		gw6c_put_text(&out, capability->auth[i]);
	}
	room[out.len] = 0;
}

static const struct gw6c_plugin *
login_choose(const struct session *session,
	     const struct tsp_capability *capability)
{
	const struct gw6c_plugin *const *auths = session->params.auths;

	for (; *auths; auths++)
		if (offers(capability, (*auths)->auth->mechanism))
			return *auths;
	return NULL;
}

/* A mechanism has seen the broker prove that it has this key. */
static int login_trust(void *ctx, struct gw6c_bytes key, struct gw6c_err *err)
{
	const struct session_params *params = ctx;

	return params->trust(params->arg, &params->broker, key, err);
}

static int login_open(struct session *session, struct gw6c_err *err)
{
	const struct settings *settings = session->params.settings;
	const struct gw6c_auth_ops *ops = session->auth->auth;

	if ((ops->flags & GW6C_AUTH_PASSWORD) && !settings->userid[0])
		return gw6c_fail(err, GW6C_ECONFIG,
				 "login by %s needs an account: set userid and "
				 "passwd, or auth_method=" DEFAULT_AUTH,
				 ops->mechanism);
	session->login = (struct gw6c_login){
		.size = sizeof(session->login),
		.version = session->params.version,
		.user = settings->userid,
		.password = settings->passwd,
		.broker = session->params.broker.host,
		.trust = login_trust,
		.ctx = &session->params,
	};
	session->auth_host = host_new(session->auth, session->params.loop,
				      session->params.conf, NULL);
	if (!session->auth_host)
		return gw6c_fail(err, GW6C_EOS, "out of memory");
	return ops->open(session->auth_host, &session->login,
			 &session->auth_self, err);
}

void login_end(struct session *session)
{
	if (session->auth_self)
		session->auth->auth->close(session->auth_self);
	host_end(session->auth_host);
	session->auth_self = NULL;
	session->auth_host = NULL;
}

void login_begin(struct session *session,
		 const struct tsp_capability *capability)
{
	char offered[TSP_WORDS * (TSP_WORD + 2)], line[80];
	struct gw6c_err err = { 0 };
	uint32_t flags;

	session->auth = login_choose(session, capability);
	if (!session->auth) {
		join_offers(capability, offered, sizeof(offered));
		session_unoffered(session, capability->cut, END_MECHANISM,
				  "the broker offers login by %s, but "
				  "auth_method=%s allows none of these; set "
				  "another auth_method%s",
				  capability->auths ? offered : "nothing",
				  session->params.settings->auth_method,
				  session->params.settings->allow_plain
					  ? ""
					  : " (any takes one that sends the "
					    "password in clear text only with "
					    "allow_plain=yes)");
		return;
	}
	if (login_open(session, &err)) {
		session_fail(session, err.rc, 0, "%s", err.text);
		return;
	}
	flags = session->auth->auth->flags;
	session->result.mechanism = session->auth->name;
	session->stage = STAGE_AUTHENTICATE;
	if (flags & GW6C_AUTH_CLEARTEXT)
		log_msg(GW6C_WARN, "login",
			"login by %s sends the password in clear text; "
			"one that hashes it would not",
			session->result.mechanism);
	snprintf(line, sizeof(line), "AUTHENTICATE %s\r\n",
		 session->auth->auth->mechanism);
	session_say(session, gw6c_text(line),
		    flags & GW6C_AUTH_INITIAL ? WANT_NOTHING : WANT_LINE);
}

/* Frame what the mechanism made, and send it. */
static void login_send(struct session *session, const struct gw6c_buf *message)
{
	uint32_t flags = session->auth->auth->flags;
	uint8_t room[LOGIN_MAX * 4 / 3 + 8];
	struct gw6c_buf out = GW6C_BUF(room);

	if (flags & GW6C_AUTH_BASE64)
		base64_put(&out, gw6c_got(message));
	else
		gw6c_put(&out, message->at, message->len);
	if (!(flags & GW6C_AUTH_BARE))
		gw6c_put_text(&out, "\r\n");
	log_msg(GW6C_DEBUG, "session", "C: (login data, %zu octets)", out.len);
	transport_ask(session->transport, gw6c_got(&out), WANT_LINE);
	wipe(room, sizeof(room));
}

static void login_step(struct session *session, struct gw6c_bytes in)
{
	uint8_t room[LOGIN_MAX];
	struct gw6c_buf out = GW6C_BUF(room);
	struct gw6c_err err = { 0 };
	int rc = session->auth->auth->step(session->auth_self, in, &out, &err);

	if (rc != GW6C_OK && rc != GW6C_MORE) {
		wipe(room, sizeof(room));
		session_fail(session, rc, rc == GW6C_EAUTH ? END_AUTH : 0,
			     "login by %s: %s", session->result.mechanism,
			     err.text);
		return;
	}
	session->stage = rc == GW6C_OK ? STAGE_STATUS : STAGE_LOGIN;
	if (rc == GW6C_OK && !out.len)
		transport_ask(session->transport, GW6C_NOTHING, WANT_LINE);
	else
		login_send(session, &out);
	wipe(room, sizeof(room));
}

/* The base64 at the start of the answer; some brokers put the status line
 * right behind its padding. */
static struct gw6c_bytes base64_part(struct gw6c_bytes in,
				     struct gw6c_bytes *rest)
{
	struct gw6c_bytes part = { in.at, 0 };

	while (part.len < in.len &&
	       (isalnum(in.at[part.len]) || in.at[part.len] == '+' ||
		in.at[part.len] == '/'))
		part.len++;
	while (part.len < in.len && in.at[part.len] == '=')
		part.len++;
	rest->at = in.at + part.len;
	rest->len = in.len - part.len;
	return part;
}

static void login_message(struct session *session, struct gw6c_bytes answer)
{
	struct gw6c_bytes line = answer, rest = GW6C_NOTHING;
	uint8_t room[LOGIN_IN_MAX];
	struct gw6c_buf raw = GW6C_BUF(room);

	log_msg(GW6C_DEBUG, "session", "S: (login data, %zu octets)",
		answer.len);
	if (!(session->auth->auth->flags & GW6C_AUTH_BASE64)) {
		text_line(answer, &line, &rest);
		login_step(session, line);
		return;
	}
	line = base64_part(answer, &rest);
	if (!base64_get(line, &raw)) {
		session_fail(session, GW6C_EPEER, 0,
			     "login by %s: the broker's answer is not base64",
			     session->result.mechanism);
		return;
	}
	login_step(session, gw6c_got(&raw));
	wipe(room, sizeof(room));
}

static void login_done(struct session *session)
{
	log_msg(GW6C_INFO, "login", "logged in%s%s by %s",
		session->params.settings->userid[0] &&
				!(session->auth->auth->flags & GW6C_AUTH_EMPTY)
			? " as "
			: "",
		session->auth->auth->flags & GW6C_AUTH_EMPTY
			? ""
			: session->params.settings->userid,
		session->result.mechanism);
	login_end(session);
	session_request(session);
}

void login_answer(struct session *session, struct gw6c_bytes answer)
{
	uint32_t flags = session->auth->auth->flags;
	int status = tsp_status(answer, NULL);

	if (status)
		log_text(GW6C_DEBUG, "session", "S:", answer);
	if (status && session_refused(session, answer))
		return;
	if (session->stage == STAGE_STATUS ||
	    (flags & GW6C_AUTH_EMPTY && status)) {
		if (status == 200)
			login_done(session);
		else
			session_fail(session, GW6C_EPEER, 0,
				     "login by %s: the broker sent no status",
				     session->result.mechanism);
		return;
	}
	if (session->stage == STAGE_AUTHENTICATE && flags & GW6C_AUTH_INITIAL) {
		login_step(session, GW6C_NOTHING);
		return;
	}
	/* Success before the proof: the broker did not authenticate. */
	if (status || flags & GW6C_AUTH_EMPTY) {
		session_fail(session, GW6C_EPEER, 0,
			     "login by %s: the broker reported success "
			     "before authentication was complete",
			     session->result.mechanism);
		return;
	}
	login_message(session, answer);
}
