/* session_end.c - how a session ends, and whether that may be believed. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "session_parts.h"

#define SECOND_MS 300 /* in which a second answer would come */

static void session_tell(void *arg)
{
	struct session *session = arg;

	session->limit = NULL;
	session->done(session->arg, &session->result);
}

/* What is not a tunnel was perhaps said by somebody in the broker's name, who
 * then was faster: another answer would show that. */
static bool session_may_be_forged(const struct session *session)
{
	return session->params.udp && !session->result.proven &&
	       session->result.end != SESSION_UP &&
	       transport_answered(session->transport) &&
	       !transport_contradicted(session->transport);
}

void session_end(struct session *session, enum session_end end)
{
	loop_forget(session->limit);
	session->limit = NULL;
	session->stage = STAGE_OVER;
	session->result.end = end;
	login_end(session);
	if (session_may_be_forged(session))
		session->limit = loop_timer(session->params.loop, SECOND_MS,
					    session_tell, session);
	if (!session->limit)
		session_tell(session);
}

void session_fail(struct session *session, int rc, enum session_reason reason,
		  const char *fmt, ...)
{
	char text[480];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	session->result.reason = reason;
	gw6c_fail(&session->result.err, rc, "%s: %s",
		  session->params.broker.host, text);
	session_end(session, SESSION_FAILED);
}

/* Other services, too, answer what they do not understand with "500 ...": from
 * somebody who has not shown that it speaks TSP, that is no verdict. */
static bool session_is_verdict(const struct session *session, int code)
{
	int rc = tsp_meaning(code)->rc;

	return session->stage != STAGE_VERSION || code < 500 || rc == GW6C_ENET;
}

bool session_refused(struct session *session, struct gw6c_bytes body)
{
	struct gw6c_bytes text = GW6C_NOTHING;
	int code = tsp_status(body, &text);
	const struct tsp_meaning *meaning;

	if (code == 200)
		return false;
	session->result.status = code;
	if (TSP_REDIRECT(code)) {
		session_redirected(session, body);
		return true;
	}
	meaning = tsp_meaning(code);
	gw6c_fail(&session->result.err,
		  session_is_verdict(session, code) ? meaning->rc : GW6C_EPEER,
		  "%s: %s (status %d \"%.*s\"); %s",
		  session->params.broker.host, meaning->text, code,
		  text.len > 100 ? 100 : (int)text.len, text.at,
		  meaning->remedy);
	session_end(session, session->stage == STAGE_VERSION && code == 302
				     ? SESSION_VERSION
				     : SESSION_FAILED);
	return true;
}

void session_unoffered(struct session *session, bool cut,
		       enum session_reason reason, const char *fmt, ...)
{
	char text[400];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	if (cut)
		session_fail(session, GW6C_EPEER, REASON_NONE,
			     "%s; the capability list may be truncated", text);
	else
		session_fail(session, GW6C_ECONFIG, reason, "%s", text);
}
