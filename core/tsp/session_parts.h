/* session_parts.h - the state of a session, shared by session*.c only. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_CORE_TSP_SESSION_PARTS_H
#define GW6C_CORE_TSP_SESSION_PARTS_H

#include "session.h"

#define LOGIN_MAX 3000 /* octets of a message that we make, before base64 */

enum session_stage {
	STAGE_VERSION, /* VERSION sent, CAPABILITY wanted */
	STAGE_AUTHENTICATE, /* AUTHENTICATE sent */
	STAGE_LOGIN, /* messages of the mechanism */
	STAGE_LATER, /* the mechanism will say when it has its message */
	STAGE_STATUS, /* the mechanism is done, its status wanted */
	STAGE_CREATE, /* tunnel requested */
	STAGE_ACCEPT, /* offer accepted */
	STAGE_OVER,
};

/* What a mechanism brought that had said GW6C_LATER. It is used when the call
 * that brought it is over: the mechanism may be closed then. */
struct login_later {
	struct gw6c_watch *timer; /* to use it, NULL: it has not come */
	int rc;
	struct gw6c_err err;
	size_t len;
	uint8_t octets[LOGIN_MAX];
};

struct session {
	struct session_params params;
	enum session_stage stage;
	struct transport *transport;
	struct gw6c_watch *limit; /* of all; when over: until it is told */
	bool lease; /* the broker knows clients again by a secret */
	const struct gw6c_plugin *auth; /* the mechanism chosen */
	struct gw6c_host *auth_host;
	void *auth_self;
	struct gw6c_login login;
	struct login_later later;
	struct session_result result;
	void (*done)(void *arg, const struct session_result *result);
	void *arg;
};

/* End with what result holds; the session may be gone afterwards. */
void session_end(struct session *session, enum session_end end);
/* End with SESSION_FAILED. */
void session_fail(struct session *session, int rc, enum session_reason reason,
		  const char *fmt, ...) GW6C_PRINTF(4, 5);

/* End because the capabilities lack what the configuration needs: for good, or
 * to be tried again when the list may have been cut short on the way. */
void session_unoffered(struct session *session, bool cut,
		       enum session_reason reason, const char *fmt, ...)
	GW6C_PRINTF(4, 5);

/* If the answer is a status other than 200, end the session (refusal, or
 * redirect) and return true. body: all of the answer, the status first. */
bool session_refused(struct session *session, struct gw6c_bytes body);

/* session_redirect.c: status above 1000, with brokers to ask instead in XML
 * behind it. Ends the session. */
void session_redirected(struct session *session, struct gw6c_bytes body);

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
