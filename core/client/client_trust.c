/* client_trust.c - what a broker has to prove to an account, and what is kept
 * of what it says. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "client_parts.h"
#include "core/base/log.h"
#include "proven.h"
#include "trust.h"
#include <limits.h>

/* Not the broker that the operator chose: a redirection named it, now or
 * before the last start. */
static bool is_elsewhere(const struct client *client)
{
	return !server_addr_same(&client->params.settings->broker,
				 &client->attempts.broker);
}

/* Can any login of this account be worth something to a thief? */
static bool has_password(const struct client *client)
{
	for (int i = 0; client->auths[i]; i++)
		if (client->auths[i]->auth->flags & GW6C_AUTH_PASSWORD)
			return true;
	return false;
}

int client_trust(void *arg, const struct server_addr *broker,
		 struct gw6c_bytes key, struct gw6c_err *err)
{
	const struct client *client = arg;
	const struct settings *settings = client->params.settings;
	struct trust trust = {
		.settings = settings,
		.server = broker,
		.home = is_elsewhere(client) ? &settings->broker : NULL,
		.may_ask = !client->params.boot &&
			   client->phase.state != CLIENT_UP,
		.keep = !client->params.dry_run,
	};

	return trust_decide(&trust, key, err);
}

/* --- the record of logins ------------------------------------------------ */

static void proven_path(const struct client *client, char *room, size_t len)
{
	snprintf(room, len, "%s/" PROVEN_FILE,
		 client->params.settings->state_dir);
}

/* By what the account last had that broker prove itself. */
static struct proven last_login(const struct client *client,
				const struct server_addr *server)
{
	struct proven last = { .server = *server,
			       .user = client->params.settings->userid };
	struct gw6c_err err = { 0 };
	char path[PATH_MAX];

	proven_path(client, path, sizeof(path));
	if (proven_find(path, &last, &err))
		log_msg(GW6C_WARN, "login", "%s", err.text);
	return last;
}

void client_note_login(const struct client *client,
		       const struct session_result *result)
{
	struct proven now = { .server = client->attempts.broker,
			      .user = client->params.settings->userid };
	struct gw6c_err err = { 0 };
	char path[PATH_MAX];

	if (!result->proven || client->params.dry_run)
		return;
	for (int i = 0; client->auths[i]; i++)
		if (strcmp(client->auths[i]->name, result->mechanism) == 0)
			now.rank = client->auths[i]->auth->rank;
	snprintf(now.mechanism, sizeof(now.mechanism), "%s", result->mechanism);
	proven_path(client, path, sizeof(path));
	if (proven_store(path, &now, &err))
		log_msg(GW6C_WARN, "login",
			"%s; that %s has proven itself will not be known at "
			"the next start",
			err.text, now.server.host);
}

bool client_may_keep(const struct client *client,
		     const struct session_result *result)
{
	return result->proven || !has_password(client);
}

bool client_may_return(const struct client *client,
		       const struct session_result *result)
{
	return !is_elsewhere(client) || client_may_keep(client, result);
}

/* --- which mechanisms ---------------------------------------------------- */

/* Those of client->auths into allowed that have these flags and that rank. */
static void keep_mechanisms(struct client *client, uint32_t flags,
			    uint32_t rank)
{
	const struct gw6c_plugin *const *from = client->auths;
	int n = 0;

	for (; *from; from++)
		if (((*from)->auth->flags & flags) == flags &&
		    (*from)->auth->rank >= rank)
			client->allowed[n++] = *from;
	client->allowed[n] = NULL;
}

static bool has_flag(const struct client *client, uint32_t flag)
{
	for (int i = 0; client->auths[i]; i++)
		if (client->auths[i]->auth->flags & flag)
			return true;
	return false;
}

/* What a broker has once been able to do, it still is: else somebody has taken
 * that off its list, which nothing protects. */
static void keep_strength(struct client *client)
{
	const struct settings *settings = client->params.settings;
	const struct login_past *past = &client->past;

	if (!past->rank || settings->allow_weaker ||
	    strcmp(settings->auth_method, "any") != 0)
		return;
	keep_mechanisms(client, 0, past->rank);
	snprintf(client->limit, sizeof(client->limit),
		 "this account has logged in there by %s, and nothing weaker "
		 "is used, because somebody on the way may have shortened the "
		 "list; if the operator of the broker confirms it, set "
		 "allow_weaker=yes",
		 past->mechanism);
}

static void find_past(struct client *client)
{
	struct proven last = last_login(client, &client->attempts.broker);

	client->past.rank = last.rank;
	snprintf(client->past.mechanism, sizeof(client->past.mechanism), "%s",
		 last.mechanism);
}

/* Whoever could redirect us would else choose how we log in, too. A mechanism
 * that the operator named is used in any case. */
void client_choose_logins(struct client *client)
{
	const struct settings *settings = client->params.settings;
	struct proven last;

	client->limit[0] = 0;
	client->limit_rc = is_elsewhere(client) ? GW6C_EPEER : GW6C_ECONFIG;
	keep_mechanisms(client, 0, 0);
	find_past(client);
	keep_strength(client);
	if (!client->auths[1] || !is_elsewhere(client))
		return;
	if (has_flag(client, GW6C_AUTH_SERVER_KEY) &&
	    trust_is_pinned(settings, &settings->broker)) {
		keep_mechanisms(client, GW6C_AUTH_SERVER_KEY,
				*client->limit ? client->past.rank : 0);
		snprintf(client->limit, sizeof(client->limit),
			 "a redirection leads there, and the key of %.100s is "
			 "known: only a login by which a broker proves that "
			 "it has a known key is used; to use another, set "
			 "auth_method to it",
			 settings->broker.host);
		return;
	}
	last = last_login(client, &settings->broker);
	if (!last.rank || (*client->limit && last.rank <= client->past.rank))
		return;
	keep_mechanisms(client, 0, last.rank);
	snprintf(client->limit, sizeof(client->limit),
		 "a redirection leads there, and this account has logged in "
		 "at %.100s by %s: nothing weaker is used; to use another, "
		 "set auth_method to it",
		 settings->broker.host, last.mechanism);
}
