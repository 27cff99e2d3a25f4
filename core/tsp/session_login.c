/* session_login.c - the login of a session, by a mechanism's module. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/base/base64.h"
#include "core/base/log.h"
#include "core/base/wipe.h"
#include "core/modules/host.h"
#include "session_parts.h"
#include <ctype.h>

#define RANK_SLOW 50 /* of mechanisms that are slow to guess, or better */
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

/* --- what the mechanism says -------------------------------------------- */

/* Frame what the mechanism made, and send it. */
static void login_send(struct session *session, struct gw6c_bytes message)
{
	uint32_t flags = session->auth->auth->flags;
	uint8_t room[LOGIN_MAX * 4 / 3 + 8];
	struct gw6c_buf out = GW6C_BUF(room);

	if (flags & GW6C_AUTH_BASE64)
		base64_put(&out, message);
	else
		gw6c_put(&out, message.at, message.len);
	if (!(flags & GW6C_AUTH_BARE))
		gw6c_put_text(&out, "\r\n");
	log_msg(GW6C_DEBUG, "session", "C: (login data, %zu octets)", out.len);
	transport_ask(session->transport, gw6c_got(&out), WANT_LINE);
	wipe(room, sizeof(room));
}

static void login_go_on(struct session *session, int rc,
			struct gw6c_bytes message, const struct gw6c_err *err)
{
	switch (rc) {
	case GW6C_LATER:
		session->stage = STAGE_LATER;
		break;
	case GW6C_OK:
		session->stage = STAGE_STATUS;
		if (message.len)
			login_send(session, message);
		else
			transport_ask(session->transport, GW6C_NOTHING,
				      WANT_LINE);
		break;
	case GW6C_MORE:
		session->stage = STAGE_LOGIN;
		login_send(session, message);
		break;
	default:
		session_fail(session, rc,
			     rc == GW6C_EAUTH ? REASON_LOGIN : REASON_NONE,
			     "login by %s: %s", session->result.mechanism,
			     err->text);
	}
}

static void login_use_later(void *arg)
{
	struct session *session = arg;
	struct login_later later = session->later;

	session->later.timer = NULL;
	login_go_on(session, later.rc,
		    (struct gw6c_bytes){ later.octets, later.len }, &later.err);
	wipe(&later, sizeof(later));
}

/* The mechanism had said GW6C_LATER, and has it now. */
static void login_later(void *arg, int rc, struct gw6c_bytes out,
			const struct gw6c_err *err)
{
	struct session *session = arg;
	struct login_later *later = &session->later;

	if (session->stage != STAGE_LATER || later->timer)
		return;
	later->rc = rc;
	if (err)
		later->err = *err;
	if (rc == GW6C_LATER || out.len > sizeof(later->octets)) {
		later->rc = gw6c_fail(&later->err, GW6C_EBUG,
				      "the module brought no result that can "
				      "be used; report it to its author");
		out = GW6C_NOTHING;
	}
	later->len = out.len;
	if (out.len)
		memcpy(later->octets, out.at, out.len);
	later->timer =
		loop_timer(session->params.loop, 0, login_use_later, session);
}

static void login_step(struct session *session, struct gw6c_bytes in)
{
	uint8_t room[LOGIN_MAX];
	struct gw6c_buf out = GW6C_BUF(room);
	struct gw6c_err err = { 0 };
	int rc = session->auth->auth->step(session->auth_self, in, &out, &err);

	login_go_on(session, rc, gw6c_got(&out), &err);
	wipe(room, sizeof(room));
}

/* --- beginning and end --------------------------------------------------- */

static int login_open(struct session *session, struct gw6c_err *err)
{
	const struct host_events events = { .done = login_later,
					    .arg = session };
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
				      session->params.conf, &events);
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
	loop_forget(session->later.timer);
	wipe(&session->later, sizeof(session->later));
	session->auth_self = NULL;
	session->auth_host = NULL;
}

/* What is missing is the broker's fault only where all that auth_method allows
 * would have been taken. */
static void login_unoffered(struct session *session,
			    const struct tsp_capability *capability)
{
	const struct session_params *params = &session->params;
	char offered[TSP_WORDS * (TSP_WORD + 2)];

	join_offers(capability, offered, sizeof(offered));
	if (params->limit && *params->limit) {
		session_fail(session, params->limit_rc, REASON_MECHANISM,
			     "the broker offers login by %s: %s",
			     capability->auths ? offered : "nothing",
			     params->limit);
		return;
	}
	session_unoffered(
		session, capability->cut, REASON_MECHANISM,
		"the broker offers login by %s, but auth_method=%s allows "
		"none of these; set another auth_method%s",
		capability->auths ? offered : "nothing",
		params->settings->auth_method,
		params->settings->allow_plain
			? ""
			: " (any takes one that sends the password in clear "
			  "text only with allow_plain=yes)");
}

/* What this login gives to a broker that is none. */
static void login_warn(const struct session *session)
{
	const struct gw6c_auth_ops *ops = session->auth->auth;
	struct login_past *past = session->params.past;

	if (ops->flags & GW6C_AUTH_CLEARTEXT)
		log_msg(GW6C_WARN, "login",
			"login by %s sends the password in clear text; "
			"one that hashes it would not",
			session->auth->name);
	if (!past || past->told || !(ops->flags & GW6C_AUTH_PASSWORD))
		return;
	past->told = true;
	if (ops->rank < past->rank)
		log_msg(GW6C_WARN, "login",
			"login by %s is weaker than that by %s, which this "
			"account has used at %s before; the configuration "
			"permits it",
			session->auth->name, past->mechanism,
			session->params.broker.host);
	else if (!past->rank && ops->rank < RANK_SLOW &&
		 !(ops->flags & GW6C_AUTH_CLEARTEXT))
		log_msg(GW6C_WARN, "login",
			"login by %s at %s, which has never proven itself to "
			"this account: an impostor could guess the password "
			"from the answer, with as many tries as it likes; use "
			"a long random password, or a mechanism that is slow "
			"to guess or checks the key of the broker first",
			session->auth->name, session->params.broker.host);
	else
		past->told = false;
}

void login_begin(struct session *session,
		 const struct tsp_capability *capability)
{
	struct gw6c_err err = { 0 };
	uint32_t flags;
	char line[80];

	session->auth = login_choose(session, capability);
	if (!session->auth) {
		login_unoffered(session, capability);
		return;
	}
	if (login_open(session, &err)) {
		session_fail(session, err.rc, REASON_NONE, "%s", err.text);
		return;
	}
	flags = session->auth->auth->flags;
	session->result.mechanism = session->auth->name;
	session->stage = STAGE_AUTHENTICATE;
	login_warn(session);
	snprintf(line, sizeof(line), "AUTHENTICATE %s\r\n",
		 session->auth->auth->mechanism);
	session_say(session, gw6c_text(line),
		    flags & GW6C_AUTH_INITIAL ? WANT_NOTHING : WANT_LINE);
}

/* --- what the broker says ------------------------------------------------ */

/* The base64 at the start of the answer; some brokers put the status line
 * right behind its padding. */
static struct gw6c_bytes base64_part(struct gw6c_bytes in)
{
	struct gw6c_bytes part = { in.at, 0 };

	while (part.len < in.len &&
	       (isalnum(in.at[part.len]) || in.at[part.len] == '+' ||
		in.at[part.len] == '/'))
		part.len++;
	while (part.len < in.len && in.at[part.len] == '=')
		part.len++;
	return part;
}

static void login_message(struct session *session, struct gw6c_bytes answer)
{
	struct gw6c_bytes line, rest;
	uint8_t room[LOGIN_IN_MAX];
	struct gw6c_buf raw = GW6C_BUF(room);

	log_msg(GW6C_DEBUG, "session", "S: (login data, %zu octets)",
		answer.len);
	if (!(session->auth->auth->flags & GW6C_AUTH_BASE64)) {
		text_line(answer, &line, &rest);
		login_step(session, line);
		return;
	}
	line = base64_part(answer);
	if (!base64_get(line, &raw)) {
		session_fail(session, GW6C_EPEER, REASON_NONE,
			     "login by %s: the broker's answer is not base64",
			     session->result.mechanism);
		return;
	}
	login_step(session, gw6c_got(&raw));
	wipe(room, sizeof(room));
}

static void login_done(struct session *session)
{
	session->result.proven = session->auth->auth->flags & GW6C_AUTH_MUTUAL;
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

	if (session->stage == STAGE_LATER)
		return; /* nothing was asked */
	if (status)
		log_text(GW6C_DEBUG, "session", "S:", answer);
	if (status && session_refused(session, answer))
		return;
	if (session->stage == STAGE_STATUS ||
	    (flags & GW6C_AUTH_EMPTY && status)) {
		if (status == 200)
			login_done(session);
		else
			session_fail(session, GW6C_EPEER, REASON_NONE,
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
		session_fail(session, GW6C_EPEER, REASON_NONE,
			     "login by %s: the broker reported success "
			     "before authentication was complete",
			     session->result.mechanism);
		return;
	}
	login_message(session, answer);
}
