/* test_gsasl.c - our logins against GNU SASL, at both ends. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "peer.h"
#include <gsasl.h>
#include <stdlib.h>

static int on_property(Gsasl *gsasl, Gsasl_session *session,
		       Gsasl_property property)
{
	const char *value = NULL;

	(void)gsasl;
	switch (property) {
	case GSASL_AUTHID:
		value = PEER_USER;
		break;
	case GSASL_PASSWORD:
		value = PEER_PASSWORD;
		break;
	case GSASL_SERVICE:
		value = "tsp";
		break;
	case GSASL_HOSTNAME:
		value = PEER_HOST;
		break;
	case GSASL_REALM:
		value = PEER_REALM;
		break;
	case GSASL_QOP:
	case GSASL_QOPS:
		value = "qop-auth";
		break;
	default:
		return GSASL_NO_CALLBACK;
	}
	gsasl_property_set(session, property, value);
	return GSASL_OK;
}

static Gsasl *gsasl;

/* Our client against their server. Returns whether they let us in, and
 * whether we believe them. */
static bool login_there(const struct gw6c_plugin *plugin, const char *password,
			bool *believed)
{
	struct peer peer;
	Gsasl_session *server;
	char *text = NULL;
	size_t len = 0;
	int rc = GW6C_MORE, theirs = GSASL_NEEDS_MORE;
	bool initial = plugin->auth->flags & GW6C_AUTH_INITIAL;

	peer_open(&peer, plugin, password);
	gsasl_server_start(gsasl, plugin->auth->mechanism, &server);
	if (!initial)
		theirs = gsasl_step(server, NULL, 0, &text, &len);
	while (rc == GW6C_MORE && theirs <= GSASL_NEEDS_MORE) {
		rc = peer_step(&peer, text, len);
		gsasl_free(text);
		text = NULL;
		len = 0;
		if (theirs == GSASL_NEEDS_MORE && rc >= 0)
			theirs = gsasl_step(server, (char *)peer.room,
					    peer.out.len, &text, &len);
	}
	gsasl_free(text);
	gsasl_finish(server);
	peer_close(&peer);
	*believed = rc == GW6C_OK;
	return theirs == GSASL_OK;
}

/* Their client against our broker. */
static bool login_here(const struct gw6c_plugin *plugin, const char *password,
		       bool *believed)
{
	struct peer peer;
	Gsasl_session *client;
	char *text = NULL;
	size_t len = 0;
	int rc = GW6C_MORE, theirs = GSASL_NEEDS_MORE;

	peer_open(&peer, plugin, "");
	gsasl_client_start(gsasl, plugin->auth->mechanism, &client);
	gsasl_property_set(client, GSASL_PASSWORD, password);
	if (!(plugin->auth->flags & GW6C_AUTH_INITIAL))
		peer_serve(&peer, NULL, 0);
	while (rc == GW6C_MORE && theirs == GSASL_NEEDS_MORE) {
		theirs = gsasl_step(client, (char *)peer.room, peer.out.len,
				    &text, &len);
		rc = peer_serve(&peer, text, len);
		gsasl_free(text);
		text = NULL;
	}
	if (rc == GW6C_OK && peer.out.len) {
		theirs = gsasl_step(client, (char *)peer.room, peer.out.len,
				    &text, &len);
		gsasl_free(text);
	}
	if (rc == GW6C_OK)
		peer_check(strcmp(peer.ops->who(peer.self), PEER_USER) == 0,
			   "our broker knows who it is");
	gsasl_finish(client);
	peer_close(&peer);
	*believed = theirs == GSASL_OK;
	return rc == GW6C_OK;
}

static void meet(const struct gw6c_plugin *plugin)
{
	bool believed, in;

	if (!gsasl_client_support_p(gsasl, plugin->auth->mechanism)) {
		printf("GNU SASL has no %s here\n", plugin->auth->mechanism);
		return;
	}
	printf("# %s\n", plugin->auth->mechanism);
	in = login_there(plugin, PEER_PASSWORD, &believed);
	peer_check(in && believed, "our client logs in to their server");
	in = login_there(plugin, "another", &believed);
	peer_check(!in, "their server refuses a wrong password of ours");
	in = login_here(plugin, PEER_PASSWORD, &believed);
	peer_check(in && believed, "their client logs in to our broker");
	in = login_here(plugin, "another", &believed);
	peer_check(!in, "our broker refuses a wrong password of theirs");
}

int main(void)
{
	if (gsasl_init(&gsasl) != GSASL_OK)
		return SKIP;
	gsasl_callback_set(gsasl, on_property);
	meet(&auth_plain_LTX_gw6c_plugin);
	meet(&auth_digest_md5_LTX_gw6c_plugin);
	meet(&auth_scram_sha_256_LTX_gw6c_plugin);
	gsasl_done(gsasl);
	return peer_failures ? 1 : 0;
}
