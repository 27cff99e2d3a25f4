/* dialog_state.h - how far a dialogue is. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_BROKER_DIALOG_DIALOG_STATE_H
#define GW6C_BROKER_DIALOG_DIALOG_STATE_H

#include "core/tsp/rudp.h"
#include "core/tsp/tsp.h"
#include "dialog_env.h"
#include "sources.h"

struct login_result;
struct create_wait;

enum dialog_stage {
	DIALOG_NEW, /* waiting for VERSION */
	DIALOG_AUTH, /* waiting for AUTHENTICATE */
	DIALOG_LOGIN, /* the mechanism's messages */
	DIALOG_WAITING, /* for a mechanism, or for the far end of
			   another tunnel, which answer later */
	DIALOG_STATUS, /* waiting for a poll for the status */
	DIALOG_REQUEST, /* logged in, waiting for create */
	DIALOG_OFFER, /* waiting for accept */
	DIALOG_DONE, /* accepted: grant is valid */
	DIALOG_DEAD, /* refused; replies are only repeated */
};

struct dialog {
	const struct dialog_env *env;
	struct endpoint from;
	enum dialog_stage stage;
	uint32_t version;
	const struct gw6c_plugin *auth;
	struct gw6c_host *auth_host;
	void *auth_self;
	struct gw6c_login login;
	struct login_result *result; /* that came later, or is held back */
	bool held; /* it was, as long as it has to be */
	/* The reply to a message that had none when it came. May be NULL. */
	void (*later)(void *arg, const struct gw6c_buf *out);
	void *arg;
	char user[256]; /* "" before login, and for anonymous */
	char tried[256]; /* the name of a login, before it is proven */
	bool anonymous;
	bool logged_in;
	bool challenged; /* the mechanism has sent what must be answered */
	bool proven; /* the client receives what is sent to from */
	struct grant grant;
	unsigned number; /* of the session of the account, from 1 */
	struct create_wait *create; /* a request that waits, or NULL */
	bool offered; /* the grant holds pool entries */
	uint64_t offered_ms;
	bool crowded; /* another tunnel is at its address, see struct mode_asker */
	bool nameless; /* its secret is in use elsewhere */
	bool wants_proof; /* for the last message; it was not worked on */
	bool wanted_proof;
	uint64_t wanted_ms; /* for the first time */
	bool patient; /* it has said the same again, a second later */
};

/* Does its mechanism work on that message? It may need long. A poll before
 * AUTHENTICATE is only acknowledged. */
static inline bool dialog_is_costly(const struct dialog *dialog,
				    struct gw6c_bytes in)
{
	return dialog->stage == DIALOG_LOGIN ||
	       (dialog->stage == DIALOG_AUTH && in.len);
}

/* Could it prove that it receives, before its request is worked on? */
static inline bool dialog_may_prove(const struct dialog *dialog)
{
	return !dialog->proven && !dialog->create;
}

/* Whom a proof would help is asked for it. Who does not bring it until a client
 * says the same again is an old one, which has none, or a patient forger. */
static inline bool dialog_wants_proof(struct dialog *dialog, uint64_t now_ms)
{
	dialog->wants_proof = dialog_may_prove(dialog) && !dialog->patient;
	if (!dialog->wants_proof)
		return false;
	if (!dialog->wanted_proof)
		dialog->wanted_ms = now_ms;
	dialog->wanted_proof = true;
	dialog->patient = now_ms - dialog->wanted_ms >= SOURCES_AGAIN_MS;
	dialog->wants_proof = !dialog->patient;
	return dialog->wants_proof;
}

#endif
