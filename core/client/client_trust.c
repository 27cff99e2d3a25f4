/* client_trust.c - what a broker has to prove to an account, and what is kept
 * of what it says. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "client_parts.h"
#include "proven.h"
#include "trust.h"
#include <stdarg.h>

bool client_is_elsewhere(const struct client *client)
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
		.home = &settings->broker,
		.elsewhere = client_is_elsewhere(client),
		.may_ask = !client->params.boot &&
			   client->phase.state != CLIENT_UP,
		.keep = !client->params.dry_run,
	};

	trust.n_led = client_led_to(client, trust.led, TRUST_LED);
	return trust_decide(&trust, key, err);
}

bool client_may_keep(const struct client *client,
		     const struct session_result *result)
{
	return result->proven || !has_password(client);
}

bool client_may_return(const struct client *client,
		       const struct session_result *result)
{
	return !client_is_elsewhere(client) || client_may_keep(client, result);
}

/* --- which mechanisms ---------------------------------------------------- */

/* Of those left in allowed, the ones that have all of these flags and that
 * rank. */
static void keep_mechanisms(struct client *client, uint32_t flags,
			    uint32_t rank)
{
	const struct gw6c_plugin **to = client->allowed;

	for (int i = 0; client->allowed[i]; i++)
		if ((client->allowed[i]->auth->flags & flags) == flags &&
		    client->allowed[i]->auth->rank >= rank)
			*to++ = client->allowed[i];
	*to = NULL;
}

/* Take those out that have all of these flags, and none of the others. True:
 * there was one. */
static bool drop_mechanisms(struct client *client, uint32_t flags,
			    uint32_t others)
{
	const struct gw6c_plugin **to = client->allowed;
	int i = 0;

	for (; client->allowed[i]; i++) {
		uint32_t has = client->allowed[i]->auth->flags;

		if ((has & flags) != flags || has & others)
			*to++ = client->allowed[i];
	}
	*to = NULL;
	return to != client->allowed + i;
}

static bool has_flag(const struct client *client, uint32_t flag)
{
	for (int i = 0; client->auths[i]; i++)
		if (client->auths[i]->auth->flags & flag)
			return true;
	return false;
}

static void set_limit(struct client *client, const char *fmt, ...)
	GW6C_PRINTF(2, 3);

static void set_limit(struct client *client, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vsnprintf(client->limit, sizeof(client->limit), fmt, args);
	va_end(args);
}

static bool is_any(const struct client *client)
{
	return strcmp(client->params.settings->auth_method, "any") == 0;
}

/* Somebody has logged in there by a key, so that broker can; the account may
 * be new, and there is no other record of it. */
static void keep_key(struct client *client)
{
	const struct server_addr *broker = &client->attempts.broker;
	bool pinned = trust_is_pinned(client->params.settings, broker);

	if (!has_flag(client, GW6C_AUTH_SERVER_KEY))
		return;
	if (!pinned &&
	    (client_is_elsewhere(client) || !client_home_is_pinned(client)))
		return;
	keep_mechanisms(client, GW6C_AUTH_SERVER_KEY, 0);
	set_limit(client,
		  "the key of %.100s%s is known, but no login of this account "
		  "there: nothing without a known key is used, because "
		  "somebody on the way may have shortened the list; if its "
		  "operator confirms the list, set allow_weaker=yes",
		  broker->host, pinned ? "" : ", or of one that it led to,");
}

/* What a broker has once been able to do, it still is: else somebody has taken
 * that off its list, which nothing protects. */
static void keep_strength(struct client *client)
{
	const struct login_past *past = &client->past;

	if (client->params.settings->allow_weaker || !is_any(client))
		return;
	if (!past->rank) {
		keep_key(client);
		return;
	}
	keep_mechanisms(client, 0, past->rank);
	set_limit(client,
		  "this account has logged in there by %s, and nothing weaker "
		  "is used, because somebody on the way may have shortened the "
		  "list; if the operator of the broker confirms it, set "
		  "allow_weaker=yes",
		  past->mechanism);
}

static void find_past(struct client *client)
{
	struct proven last =
		client_last_login(client, &client->attempts.broker);

	client->past.rank = last.rank;
	snprintf(client->past.mechanism, sizeof(client->past.mechanism), "%s",
		 last.mechanism);
}

/* --- after a redirection ------------------------------------------------- */

/* The password itself is for nobody whom a redirection named. */
static void hold_password(struct client *client)
{
	const struct settings *settings = client->params.settings;

	if (drop_mechanisms(client, GW6C_AUTH_CLEARTEXT, 0) && !*client->limit)
		set_limit(
			client,
			"a redirection from %.100s leads there, and a login "
			"that sends the password in clear text is not used "
			"then; if its operator confirms it, set server=%.100s",
			settings->broker.host, client->attempts.broker.host);
}

/* Nor is an answer that the password can be guessed from, where home has shown
 * that it can do better. What the operator named is used where the broker has
 * been known before. */
static void hold_answer(struct client *client)
{
	const struct settings *settings = client->params.settings;
	const struct server_addr *there = &client->attempts.broker;
	bool choice = is_any(client) && has_flag(client, GW6C_AUTH_SERVER_KEY);

	if (!client_home_is_pinned(client))
		return;
	if (!choice && (client->past.rank || trust_is_pinned(settings, there)))
		return;
	if (choice)
		keep_mechanisms(client, GW6C_AUTH_SERVER_KEY, 0);
	if (choice ||
	    drop_mechanisms(client, GW6C_AUTH_PASSWORD, GW6C_AUTH_SERVER_KEY))
		set_limit(client,
			  "a redirection leads there, and the key of %.100s is "
			  "known: only a login by which a broker proves that "
			  "it has a known key is used; to use another, set "
			  "server=%.100s if its operator confirms it",
			  settings->broker.host, there->host);
}

static void keep_strength_of_home(struct client *client)
{
	const struct settings *settings = client->params.settings;
	struct proven last;

	if (!is_any(client))
		return;
	last = client_last_login(client, &settings->broker);
	if (!last.rank || (*client->limit && last.rank <= client->past.rank))
		return;
	keep_mechanisms(client, 0, last.rank);
	set_limit(client,
		  "a redirection leads there, and this account has logged in "
		  "at %.100s by %s: nothing weaker is used; to use another, "
		  "set auth_method to it",
		  settings->broker.host, last.mechanism);
}

/* Whoever could redirect us would else choose how we log in, too. */
void client_choose_logins(struct client *client)
{
	client->limit[0] = 0;
	client->limit_rc =
		client_is_elsewhere(client) ? GW6C_EPEER : GW6C_ECONFIG;
	memcpy(client->allowed, client->auths, sizeof(client->allowed));
	find_past(client);
	keep_strength(client);
	if (!client_is_elsewhere(client))
		return;
	keep_strength_of_home(client);
	hold_answer(client);
	hold_password(client);
}
