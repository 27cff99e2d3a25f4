/* session.h - one TSP session: version, login, request, accept. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_CORE_TSP_SESSION_H
#define GW6C_CORE_TSP_SESSION_H

#include "answer.h"
#include "core/config/settings.h"
#include "core/modules/loader.h"
#include "transport.h"

/* What is known of the account's logins at a broker. */
struct login_past {
	uint32_t rank; /* of the mechanism by which the broker has last proven
			  itself; 0: it never has */
	char mechanism[64]; /* its name */
	bool told; /* that a login gives something away: once is enough */
};

/* Borrowed until the session is freed. */
struct session_params {
	struct loop *loop;
	struct conf *conf;
	const struct settings *settings;
	const struct gw6c_plugin *tunnel; /* to ask for: that of tunnel_mode,
					    or another that answers it */
	const struct gw6c_plugin *const *auths; /* allowed, best first, NULL
						   ends */
	const char *limit; /* why some that auth_method allows are not
			      among them; "": none is left out */
	int limit_rc; /* if the broker offers none that is */
	struct login_past *past; /* may be NULL */
	struct server_addr broker;
	struct gw6c_addr addr; /* the broker's address in use */
	bool udp; /* else TCP */
	uint32_t version; /* to offer */
	bool offer_only; /* a dry run: do not accept; the offer lapses */
	/* The broker has proven possession of this key: is it the right one?
	 * See struct gw6c_login. */
	int (*trust)(void *arg, const struct server_addr *broker,
		     struct gw6c_bytes key, struct gw6c_err *err);
	/* The plugin of a mode that was granted, NULL: not installed. */
	const struct gw6c_plugin *(*mode)(void *arg, const char *name);
	/* Can the lease be set up beside what this machine has? */
	int (*fits)(void *arg, const struct gw6c_lease *lease,
		    struct gw6c_err *err);
	void *arg; /* of trust(), mode() and fits() */
};

enum session_end {
	SESSION_UP, /* accepted: lease is filled, transport lives on */
	SESSION_SILENT, /* nobody answered: next transport or broker */
	SESSION_VERSION, /* status 302: offer the next older one */
	SESSION_REDIRECT, /* brokers[] is filled */
	SESSION_FAILED, /* err says why, err.rc how to treat it */
};

/* What was at fault, where no status says so. */
enum session_reason {
	REASON_NONE,
	REASON_RESOLVE, /* the client's: no address */
	REASON_REDIRECT, /* the redirection is of no use */
	REASON_MODE, /* tunnel mode not offered */
	REASON_MECHANISM, /* no common login mechanism */
	REASON_LOGIN, /* our end of the login refused */
	REASON_PARAMETERS, /* bad tunnel parameters */
	REASON_FORGED, /* one of two answers that differ */
	REASON_SETUP, /* the client's: granted, but not to be set up here */
};

struct session_result {
	enum session_end end;
	int status; /* of TSP, 0 if none was at fault */
	enum session_reason reason;
	struct gw6c_err err; /* for the operator: what, why, what to do */
	struct gw6c_lease lease;
	const char *mechanism; /* name of the auth plugin used to log in */
	bool proven; /* with it the broker has proven itself to us, too */
	int brokers;
	struct server_addr broker[TSP_BROKERS];
};

struct session;

/* Start; done is called once, never before this returned, and not after
 * session_free(). At most 120 s from start to end. */
int session_start(const struct session_params *params,
		  void (*done)(void *arg, const struct session_result *result),
		  void *arg, struct session **out, struct gw6c_err *err);

/* After SESSION_UP: the socket that v6udpv4 goes on to use. */
struct transport *session_transport(struct session *session);
/* What done() was given; after SESSION_UP: what was granted. */
const struct session_result *session_outcome(const struct session *session);
/* Closes the transport. Nothing is sent. NULL is fine. */
void session_free(struct session *session);

#endif
