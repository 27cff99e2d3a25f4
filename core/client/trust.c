/* trust.c - whether the key that a broker has proven to have is the one that
 * this broker should have. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "trust.h"
#include "core/base/log.h"
#include "core/base/server_keys.h"
#include "proven.h"
#include "terminal.h"
#include <limits.h>

/* What is known when it is to be decided. */
struct candidate {
	char path[PATH_MAX];
	char print[SERVER_KEYS_PRINT], known[SERVER_KEYS_PRINT];
	bool changed;
	enum server_keys_match home; /* the same, as one of home, if that led
					here, or of those that it led to */
};

static int trust_refuse(const struct trust *trust, const struct candidate *key,
			struct gw6c_err *err)
{
	if (key->changed)
		return gw6c_fail(err, GW6C_EAUTH,
				 "the key of %s has changed: the known key "
				 "is %s, the broker's is %s; it may be an "
				 "impostor. If its operator confirms the new "
				 "key, remove its line from %s",
				 trust->server->host, key->known, key->print,
				 key->path);
	return gw6c_fail(err, GW6C_EAUTH,
			 "the key of %s is not known, and "
			 "server_key_policy=strict accepts no other: %s; if "
			 "its operator confirms the key, start once with -y",
			 trust->server->host, key->print);
}

/* Who could redirect us would else choose whom we trust; and who can do that,
 * can as well say that there is no redirection. */
static int trust_refuse_named(const struct trust *trust,
			      const struct candidate *key, struct gw6c_err *err)
{
	if (!trust->elsewhere)
		return gw6c_fail(
			err, GW6C_EAUTH,
			"the key of %.100s is not known (%s); since it has "
			"led to brokers whose keys are known, no other is "
			"accepted. If its operator confirms the key, "
			"start once on a terminal with server_key_policy=ask, "
			"or remove %s/" PROVEN_LED_FILE,
			trust->server->host, key->print,
			trust->settings->state_dir);
	return gw6c_fail(err, GW6C_EAUTH,
			 "a redirection leads to %s, whose key is not known "
			 "(%s); since that of %s%s is known, no other is "
			 "accepted. If the operator of %s confirms the key, "
			 "add it: start once with server=%s and -y, or on a "
			 "terminal with server_key_policy=ask",
			 trust->server->host, key->print, trust->home->host,
			 trust->n_led ? ", or of one that it led to," : "",
			 trust->server->host, trust->server->host);
}

static int trust_ask(const struct trust *trust, const struct candidate *key,
		     struct gw6c_err *err)
{
	const char *home = trust->elsewhere ? trust->home->host : NULL;
	char text[1200];

	if (key->changed)
		snprintf(text, sizeof(text),
			 "\n"
			 "The key of the broker %s has CHANGED.\n"
			 "  known key  %s\n"
			 "  new key    %s\n"
			 "This may be a man-in-the-middle attack. Accept the "
			 "new key only if\n"
			 "its operator confirms it. Replace the old key by "
			 "the new one? ",
			 trust->server->host, key->known, key->print);
	else
		snprintf(text, sizeof(text),
			 "\n"
			 "The key of the broker %s%s%s%s is not known yet.\n"
			 "  fingerprint  %s\n"
			 "Its operator can confirm that it is genuine. "
			 "Accept it? ",
			 trust->server->host,
			 home ? ", named by a redirection from " : "",
			 home ? home : "", home ? "," : "", key->print);
	switch (terminal_ask(text, TRUST_WAIT_S)) {
	case TERMINAL_YES:
		return GW6C_OK;
	case TERMINAL_NO:
		return gw6c_fail(err, GW6C_EAUTH,
				 "the key %s of %s was not accepted",
				 key->print, trust->server->host);
	case TERMINAL_SILENCE:
		break;
	}
	return gw6c_fail(err, GW6C_EAUTH,
			 "the key %s of %s was not confirmed; start again, "
			 "or set server_key_policy",
			 key->print, trust->server->host);
}

/* Without it on disk, the next start takes any other key for new. */
static void trust_keep(const struct trust *trust, const struct candidate *key,
		       struct gw6c_bytes blob)
{
	struct gw6c_err err = { 0 };

	if (!trust->keep)
		return;
	if (server_keys_store(key->path, trust->server, blob, &err))
		log_msg(GW6C_WARN, "server-key",
			"%s; the key of %s will not be known at the next "
			"start",
			err.text, trust->server->host);
}

static int trust_new(const struct trust *trust, const struct candidate *key,
		     struct gw6c_bytes blob, struct gw6c_err *err)
{
	const char *policy = trust->settings->server_key_policy;

	if (key->home == SERVER_KEYS_SAME && !key->changed) {
		log_msg(GW6C_INFO, "server-key",
			"%s has the known key of another broker "
			"fingerprint=%s",
			trust->server->host, key->print);
		trust_keep(trust, key, blob);
		return GW6C_OK;
	}
	if (strcmp(policy, "strict") == 0)
		return trust_refuse(trust, key, err);
	if (strcmp(policy, "ask") == 0 && trust->may_ask &&
	    terminal_attended()) {
		if (trust_ask(trust, key, err))
			return err->rc;
	} else if (key->changed) {
		return trust_refuse(trust, key, err);
	} else if (key->home == SERVER_KEYS_OTHER) {
		return trust_refuse_named(trust, key, err);
	} else {
		log_msg(GW6C_WARN, "server-key",
			"the key of %s is not known yet and is accepted "
			"without asking: compare it with the one that its "
			"operator publishes fingerprint=%s",
			trust->server->host, key->print);
	}
	trust_keep(trust, key, blob);
	return GW6C_OK;
}

bool trust_is_pinned(const struct settings *settings,
		     const struct server_addr *server)
{
	enum server_keys_match match;
	char path[PATH_MAX], known[SERVER_KEYS_PRINT];
	struct gw6c_err err = { 0 };

	settings_path(settings, settings->server_keys, path, sizeof(path));
	if (server_keys_find(path, server, GW6C_NOTHING, &match, known, &err))
		return true; /* the login will say what is wrong with it */
	return match != SERVER_KEYS_UNKNOWN;
}

/* What is known of one more server to judge the key by. */
static int trust_compare(struct candidate *key, struct gw6c_bytes blob,
			 const struct server_addr *server, struct gw6c_err *err)
{
	char print[SERVER_KEYS_PRINT];
	enum server_keys_match match;

	if (key->home == SERVER_KEYS_SAME)
		return GW6C_OK;
	if (server_keys_find(key->path, server, blob, &match, print, err))
		return err->rc;
	if (match != SERVER_KEYS_UNKNOWN)
		key->home = match;
	return GW6C_OK;
}

int trust_decide(const struct trust *trust, struct gw6c_bytes blob,
		 struct gw6c_err *err)
{
	enum server_keys_match match;
	struct candidate key;

	settings_path(trust->settings, trust->settings->server_keys, key.path,
		      sizeof(key.path));
	if (server_keys_find(key.path, trust->server, blob, &match, key.known,
			     err))
		return err->rc;
	key.home = SERVER_KEYS_UNKNOWN;
	if (trust->elsewhere && trust_compare(&key, blob, trust->home, err))
		return err->rc;
	for (int i = 0; i < trust->n_led; i++)
		if (trust_compare(&key, blob, &trust->led[i], err))
			return err->rc;
	server_keys_print(blob, key.print);
	key.changed = match == SERVER_KEYS_OTHER;
	if (match != SERVER_KEYS_SAME)
		return trust_new(trust, &key, blob, err);
	log_msg(GW6C_INFO, "server-key",
		"the key of %s matches the known one "
		"fingerprint=%s",
		trust->server->host, key.print);
	return GW6C_OK;
}
