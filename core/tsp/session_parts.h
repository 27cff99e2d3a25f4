/* session_parts.h - the state of a session, shared by session*.c only. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_CORE_TSP_SESSION_PARTS_H
#define GW6C_CORE_TSP_SESSION_PARTS_H

#include "session.h"

enum session_stage {
	STAGE_VERSION, /* VERSION sent, CAPABILITY wanted */
	STAGE_AUTHENTICATE, /* AUTHENTICATE sent */
	STAGE_LOGIN, /* messages of the mechanism */
	STAGE_STATUS, /* the mechanism is done, its status wanted */
	STAGE_CREATE, /* tunnel requested */
	STAGE_ACCEPT, /* offer accepted */
	STAGE_OVER,
};

struct session {
	struct session_params params;
	enum session_stage stage;
	struct transport *transport;
	struct gw6c_watch *limit;
	const struct gw6c_plugin *auth; /* the mechanism chosen */
	struct gw6c_host *auth_host;
	void *auth_self;
	struct gw6c_login login;
	struct session_result result;
	void (*done)(void *arg, const struct session_result *result);
	void *arg;
};

/* End with what result holds; the session may be gone afterwards. */
void session_end(struct session *session, enum session_end end);
/* End with SESSION_FAILED. reason: enum end of exit.h, or 0. */
void session_fail(struct session *session, int rc, int reason, const char *fmt,
		  ...) GW6C_PRINTF(4, 5);

/* End because the capabilities lack what the configuration needs: for good, or
 * to be tried again when the list may have been cut short on the way. */
void session_unoffered(struct session *session, bool cut, int reason,
		       const char *fmt, ...) GW6C_PRINTF(4, 5);

/* If the answer is a status other than 200, end the session (refusal, or
 * redirect) and return true. body: all of the answer, the status first. */
bool session_refused(struct session *session, struct gw6c_bytes body);

/* Send a message of words that anybody may see. */
void session_say(struct session *session, struct gw6c_bytes message,
		 enum transport_want want);

/* session_login.c: choose a mechanism and begin; and go on with an answer.
 * session_request() follows once logged in. */
void login_begin(struct session *session,
		 const struct tsp_capability *capability);
void login_answer(struct session *session, struct gw6c_bytes answer);
void login_end(struct session *session); /* close the mechanism, wipe */

void session_request(struct session *session);

#endif
