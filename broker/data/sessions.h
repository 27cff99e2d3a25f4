/* sessions.h - the tunnels of one account, and who takes whose place. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_BROKER_DATA_SESSIONS_H
#define GW6C_BROKER_DATA_SESSIONS_H

#include "broker/config/users.h"
#include "tunnels.h"

/* Somebody wants a tunnel. */
struct sessions_ask {
	const char *user; /* key of the first session of the account */
	struct endpoint to; /* the far end of the new tunnel */
	uint8_t inner; /* family */
	bool weak; /* others can have the same key: ask even at the same end */
	bool proven; /* who asks receives what is sent to its address */
	bool leased; /* renewed while it is up, maybe from another port */
	unsigned limit; /* sessions, 1..USERS_SESSIONS_MAX */
	uint64_t now_ms;
	uint64_t probed_ms; /* the other ends were asked then; 0: not yet */
	bool final; /* they have had time to answer */
	/* Ask the far end of a tunnel whether it is there. */
	void (*probe)(void *arg, const struct tunnel_entry *entry);
	void *arg;
};

enum sessions_verdict {
	SESSIONS_TAKE, /* number is the session to take */
	SESSIONS_WAIT, /* for answers of other ends, which were asked */
	SESSIONS_FULL, /* rival is one of those in use */
};

/* Of an account's tunnels with the same family inside, one of the same client
 * or one that is silent is replaced; else a free session is taken. */
enum sessions_verdict sessions_choose(struct tunnels *tunnels,
				      const struct sessions_ask *ask,
				      unsigned *number,
				      const struct tunnel_entry **rival);

/* The same of a tunnel at the same outer end that belongs to somebody else; old
 * is NULL if there is none. It is replaced only if it is gone. */
enum sessions_verdict sessions_displace(const struct tunnel_entry *old,
					const struct sessions_ask *ask);

/* The key of a session: of the first, the account's own. */
void sessions_key(char key[POOL_KEY], const char *user, unsigned number);

#endif
