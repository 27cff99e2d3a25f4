/* sessions.c - the tunnels of one account, and who takes whose place. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "sessions.h"
#include <stdlib.h>

#define MARK '\t' /* no name has it; before the number of a session */
#define SILENT_AFTER 2 /* keepalive intervals */
#define QUIET_MS 60000 /* the same without keepalives */
#define UNHEARD_MS 3000 /* for a client to set up its end */

struct search {
	const struct sessions_ask *ask;
	struct tunnel_entry *session[USERS_SESSIONS_MAX + 1]; /* by number */
};

void sessions_key(char key[POOL_KEY], const char *user, unsigned number)
{
	if (number > 1)
		snprintf(key, POOL_KEY, "%s%c%u", user, MARK, number);
	else
		snprintf(key, POOL_KEY, "%s", user);
}

/* 0: of another account. */
static unsigned number_of(const char *key, const char *user)
{
	size_t len = strlen(user);

	if (strncmp(key, user, len) != 0)
		return 0;
	if (!key[len])
		return 1;
	return key[len] == MARK ? (unsigned)strtoul(key + len + 1, NULL, 10)
				: 0;
}

static void find_one(void *arg, struct tunnel_entry *entry)
{
	struct search *search = arg;
	unsigned number = number_of(entry->grant.key, search->ask->user);

	if (number && number <= search->ask->limit &&
	    entry->grant.inner.family == search->ask->inner)
		search->session[number] = entry;
}

/* Of two tunnels without ports, or one, at the same address only one can be
 * up: the other is left from before. */
static bool is_same_client(const struct sessions_ask *ask,
			   const struct tunnel_entry *entry)
{
	const struct endpoint *a = &ask->to, *b = &entry->to;

	if (memcmp(&a->addr, &b->addr, sizeof(a->addr)) != 0)
		return false;
	return ask->leased || a->protocol || b->protocol || a->port == b->port;
}

static bool is_silent(const struct sessions_ask *ask,
		      const struct tunnel_entry *entry)
{
	uint64_t patience_ms =
		(uint64_t)entry->grant.keepalive_s * 1000 * SILENT_AFTER;

	if (patience_ms && ask->now_ms - entry->heard_ms >= patience_ms)
		return true;
	return ask->final && entry->heard_ms <= ask->probed_ms;
}

/* Has it been heard since it was asked? */
static bool is_alive(const struct sessions_ask *ask,
		     const struct tunnel_entry *entry)
{
	return ask->probed_ms && entry->heard_ms > ask->probed_ms;
}

static unsigned find_same(const struct search *search)
{
	for (unsigned i = 1; i <= search->ask->limit; i++)
		if (search->session[i] &&
		    is_same_client(search->ask, search->session[i]))
			return i;
	return 0;
}

static unsigned find_silent(const struct search *search)
{
	for (unsigned i = 1; i <= search->ask->limit; i++)
		if (search->session[i] &&
		    is_silent(search->ask, search->session[i]))
			return i;
	return 0;
}

static unsigned find_free(const struct search *search)
{
	for (unsigned i = 1; i <= search->ask->limit; i++)
		if (!search->session[i])
			return i;
	return 0;
}

/* Ask those of which nothing is known. True if there are any. */
static bool probe(const struct search *search)
{
	const struct sessions_ask *ask = search->ask;
	bool asked = false;

	for (unsigned i = 1; i <= ask->limit; i++) {
		const struct tunnel_entry *entry = search->session[i];

		if (!entry || is_silent(ask, entry) || is_alive(ask, entry))
			continue;
		ask->probe(ask->arg, entry);
		asked = true;
	}
	return asked;
}

enum sessions_verdict sessions_choose(struct tunnels *tunnels,
				      const struct sessions_ask *ask,
				      unsigned *number,
				      const struct tunnel_entry **rival)
{
	struct search search = { .ask = ask };

	tunnels_each(tunnels, find_one, &search);
	*rival = search.session[1];
	*number = ask->weak ? 0 : find_same(&search);
	if (*number)
		return SESSIONS_TAKE;
	if (probe(&search))
		return SESSIONS_WAIT;
	*number = find_silent(&search);
	if (!*number)
		*number = find_free(&search);
	return *number ? SESSIONS_TAKE : SESSIONS_FULL;
}

/* One that has answered before is gone if it does not; of one that never has,
 * a firewall may drop the probes. */
static bool is_gone(const struct tunnel_entry *old,
		    const struct sessions_ask *ask)
{
	uint64_t quiet_ms =
		old->grant.keepalive_s
			? (uint64_t)old->grant.keepalive_s * 1000 * SILENT_AFTER
			: QUIET_MS;

	return old->heard_ms <= ask->probed_ms &&
	       (old->answers || ask->now_ms - old->heard_ms >= quiet_ms);
}

/* Has it perhaps never been there? */
static bool is_doubtful(const struct tunnel_entry *old,
			const struct sessions_ask *ask)
{
	return !old->proven &&
	       (ask->proven || ask->now_ms - old->heard_ms >= UNHEARD_MS);
}

enum sessions_verdict sessions_displace(const struct tunnel_entry *old,
					const struct sessions_ask *ask)
{
	if (!old || number_of(old->grant.key, ask->user) ||
	    is_doubtful(old, ask))
		return SESSIONS_TAKE;
	if (!ask->proven || is_alive(ask, old))
		return SESSIONS_FULL;
	if (ask->final)
		return is_gone(old, ask) ? SESSIONS_TAKE : SESSIONS_FULL;
	ask->probe(ask->arg, old);
	return SESSIONS_WAIT;
}
