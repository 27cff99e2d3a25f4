/* trust.h - whether the key that a broker has proven to have is the one that
 * this broker should have: server_key_policy. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_CORE_CLIENT_TRUST_H
#define GW6C_CORE_CLIENT_TRUST_H

#include "core/config/settings.h"

#define TRUST_LED 16 /* brokers that are looked at, the last ones */

struct trust {
	const struct settings *settings; /* server_key_policy, server_keys */
	const struct server_addr *server;
	const struct server_addr *home; /* the configured broker */
	bool elsewhere; /* a redirection from home named server */
	/* Those that home led the account to before. */
	struct server_addr led[TRUST_LED];
	int n_led;
	bool may_ask; /* a person may be at the terminal */
	bool keep; /* write down what was accepted */
};

/* GW6C_OK: it is, or the policy or a person takes it for that; it is known
 * from now on then. GW6C_EAUTH: no, err says why and what to do. Waits for a
 * person TRUST_WAIT_S at most. */
int trust_decide(const struct trust *trust, struct gw6c_bytes key,
		 struct gw6c_err *err);

#define TRUST_WAIT_S 50

/* Is there a key of this server among the known ones? */
bool trust_is_pinned(const struct settings *settings,
		     const struct server_addr *server);

#endif
