/* test_cyrus.c - our logins against Cyrus SASL, at both ends. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "peer.h"
#include <sasl/sasl.h>
#include <sasl/saslplug.h>
#include <stdlib.h>
#include <unistd.h>

static char dir[] = "/tmp/gw6c-cyrus-XXXXXX";
static char database[64]; /* in dir */
static const char *client_password; /* of their client */

static int on_option(void *ctx, const char *plugin, const char *option,
		     const char **value, unsigned *len)
{
	static const struct {
		const char *option, *value;
	} known[] = { { "pwcheck_method", "auxprop" },
		      { "auxprop_plugin", "sasldb" },
		      { "sasldb_path", database } };

	(void)ctx;
	(void)plugin;
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (strcmp(known[i].option, option) == 0) {
			*value = known[i].value;
			if (len)
				*len = (unsigned)strlen(*value);
			return SASL_OK;
		}
	return SASL_FAIL;
}

static int on_name(void *ctx, int id, const char **value, unsigned *len)
{
	(void)ctx;
	*value = id == SASL_CB_USER ? "" : PEER_USER;
	if (len)
		*len = (unsigned)strlen(*value);
	return SASL_OK;
}

static int on_realm(void *ctx, int id, const char **realms, const char **value)
{
	(void)ctx;
	(void)id;
	(void)realms;
	*value = PEER_REALM;
	return SASL_OK;
}

static int on_password(sasl_conn_t *conn, void *ctx, int id,
		       sasl_secret_t **out)
{
	static union {
		sasl_secret_t secret;
		char room[sizeof(sasl_secret_t) + 64];
	} held;

	(void)conn;
	(void)ctx;
	(void)id;
	held.secret.len = strlen(client_password);
	memcpy(held.secret.data, client_password, held.secret.len + 1);
	*out = &held.secret;
	return SASL_OK;
}

static sasl_callback_t server_calls[] = {
	{ SASL_CB_GETOPT, (int (*)(void))(void *)on_option, NULL },
	{ SASL_CB_LIST_END, NULL, NULL },
};
static sasl_callback_t client_calls[] = {
	{ SASL_CB_USER, (int (*)(void))(void *)on_name, NULL },
	{ SASL_CB_AUTHNAME, (int (*)(void))(void *)on_name, NULL },
	{ SASL_CB_PASS, (int (*)(void))(void *)on_password, NULL },
	{ SASL_CB_GETREALM, (int (*)(void))(void *)on_realm, NULL },
	{ SASL_CB_LIST_END, NULL, NULL },
};

static void no_layers(sasl_conn_t *conn)
{
	sasl_security_properties_t none = { .max_ssf = 0, .maxbufsize = 0 };

	sasl_setprop(conn, SASL_SEC_PROPS, &none);
}

/* SASL_NOMECH: they do not have the mechanism here. */
static int login_there(const struct gw6c_plugin *plugin, const char *password,
		       bool *believed)
{
	struct peer peer;
	sasl_conn_t *server;
	const char *text = NULL;
	unsigned len = 0;
	int rc = GW6C_MORE, theirs;
	bool initial = plugin->auth->flags & GW6C_AUTH_INITIAL;

	peer_open(&peer, plugin, password);
	sasl_server_new("tsp", PEER_HOST, PEER_REALM, NULL, NULL, NULL, 0,
			&server);
	no_layers(server);
	if (initial)
		rc = peer_step(&peer, NULL, 0);
	theirs = sasl_server_start(server, plugin->auth->mechanism,
				   initial ? (char *)peer.room : NULL,
				   initial ? (unsigned)peer.out.len : 0, &text,
				   &len);
	while (rc == GW6C_MORE &&
	       (theirs == SASL_CONTINUE || theirs == SASL_OK)) {
		rc = peer_step(&peer, text, len);
		len = 0;
		if (theirs == SASL_CONTINUE && rc >= 0)
			theirs = sasl_server_step(server, (char *)peer.room,
						  (unsigned)peer.out.len, &text,
						  &len);
	}
	sasl_dispose(&server);
	peer_close(&peer);
	*believed = rc == GW6C_OK;
	return theirs;
}

static bool login_here(const struct gw6c_plugin *plugin, const char *password,
		       bool *believed)
{
	struct peer peer;
	sasl_conn_t *client;
	const char *text = NULL, *mechanism;
	unsigned len = 0;
	int rc = GW6C_MORE, theirs;
	bool initial = plugin->auth->flags & GW6C_AUTH_INITIAL;

	client_password = password;
	peer_open(&peer, plugin, "");
	sasl_client_new("tsp", PEER_HOST, NULL, NULL, client_calls, 0, &client);
	no_layers(client);
	theirs = sasl_client_start(client, plugin->auth->mechanism, NULL,
				   initial ? &text : NULL, &len, &mechanism);
	if (!initial) {
		peer_serve(&peer, NULL, 0);
		theirs = sasl_client_step(client, (char *)peer.room,
					  (unsigned)peer.out.len, NULL, &text,
					  &len);
	}
	while ((rc = peer_serve(&peer, text, len)) == GW6C_MORE &&
	       theirs == SASL_CONTINUE)
		theirs = sasl_client_step(client, (char *)peer.room,
					  (unsigned)peer.out.len, NULL, &text,
					  &len);
	if (rc == GW6C_OK && peer.out.len)
		theirs = sasl_client_step(client, (char *)peer.room,
					  (unsigned)peer.out.len, NULL, &text,
					  &len);
	sasl_dispose(&client);
	*believed = theirs == SASL_OK;
	peer_close(&peer);
	return rc == GW6C_OK;
}

static int meet(const struct gw6c_plugin *plugin)
{
	bool believed, in;
	int theirs = login_there(plugin, PEER_PASSWORD, &believed);

	if (theirs == SASL_NOMECH) {
		printf("Cyrus SASL has no %s here\n", plugin->auth->mechanism);
		return 0;
	}
	printf("# %s\n", plugin->auth->mechanism);
	peer_check(theirs == SASL_OK && believed,
		   "our client logs in to their server");
	peer_check(login_there(plugin, "another", &believed) != SASL_OK,
		   "their server refuses a wrong password of ours");
	in = login_here(plugin, PEER_PASSWORD, &believed);
	peer_check(in && believed, "their client logs in to our broker");
	in = login_here(plugin, "another", &believed);
	peer_check(!in, "our broker refuses a wrong password of theirs");
	return 1;
}

/* Their own store of accounts, with ours in it. */
static bool make_account(void)
{
	sasl_conn_t *server;
	int rc;

	if (!mkdtemp(dir))
		return false;
	snprintf(database, sizeof(database), "%s/sasldb", dir);
	if (sasl_server_init(server_calls, "gw6c-test") != SASL_OK ||
	    sasl_client_init(client_calls) != SASL_OK)
		return false;
	sasl_server_new("tsp", PEER_HOST, PEER_REALM, NULL, NULL, NULL, 0,
			&server);
	rc = sasl_setpass(server, PEER_USER, PEER_PASSWORD,
			  strlen(PEER_PASSWORD), NULL, 0, SASL_SET_CREATE);
	if (rc != SASL_OK)
		printf("cannot make an account: %s\n", sasl_errdetail(server));
	sasl_dispose(&server);
	return rc == SASL_OK;
}

int main(void)
{
	int met = 0;

	if (!make_account()) {
		printf("skipped: Cyrus SASL has no sasldb here\n");
		rmdir(dir);
		return SKIP;
	}
	met += meet(&auth_plain_LTX_gw6c_plugin);
	met += meet(&auth_digest_md5_LTX_gw6c_plugin);
	met += meet(&auth_scram_sha_256_LTX_gw6c_plugin);
	sasl_done();
	unlink(database);
	rmdir(dir);
	if (!met)
		printf("skipped: Cyrus SASL has none of our mechanisms\n");
	return peer_failures ? 1 : met ? 0 : SKIP;
}
