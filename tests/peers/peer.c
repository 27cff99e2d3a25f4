/* peer.c - our two ends of a login, to be set against somebody else's. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "peer.h"
#include <stdlib.h>

int peer_failures;

static int secret(void *ctx, const char *user, struct gw6c_buf *out)
{
	(void)ctx;
	if (strcmp(user, PEER_USER) != 0)
		return GW6C_EAUTH;
	gw6c_put_text(out, PEER_PASSWORD);
	return GW6C_OK;
}

void peer_open(struct peer *peer, const struct gw6c_plugin *plugin,
	       const char *password)
{
	memset(peer, 0, sizeof(*peer));
	fake_host_init(&peer->fake);
	peer->ops = plugin->auth;
	peer->login = (struct gw6c_login){ .size = sizeof(peer->login),
					   .version = 0x020002,
					   .user = PEER_USER,
					   .password = password,
					   .broker = PEER_HOST,
					   .realm = PEER_REALM,
					   .secret = secret };
	if (peer->ops->open(&peer->fake.host, &peer->login, &peer->self,
			    &peer->err) == GW6C_OK)
		return;
	fprintf(stderr, "%s: %s\n", plugin->name, peer->err.text);
	exit(1);
}

static int peer_turn(struct peer *peer,
		     int (*turn)(void *, struct gw6c_bytes, struct gw6c_buf *,
				 struct gw6c_err *),
		     const void *in, size_t len)
{
	peer->out = (struct gw6c_buf)GW6C_BUF(peer->room);
	return turn(peer->self, (struct gw6c_bytes){ in, len }, &peer->out,
		    &peer->err);
}

int peer_step(struct peer *peer, const void *in, size_t len)
{
	return peer_turn(peer, peer->ops->step, in, len);
}

int peer_serve(struct peer *peer, const void *in, size_t len)
{
	return peer_turn(peer, peer->ops->serve, in, len);
}

void peer_close(struct peer *peer)
{
	peer->ops->close(peer->self);
}

void peer_check(bool ok, const char *what)
{
	printf("%s: %s\n", ok ? "ok" : "FAILED", what);
	peer_failures += !ok;
}
