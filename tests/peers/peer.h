/* peer.h - our two ends of a login, to be set against somebody else's. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_PEER_H
#define GW6C_PEER_H

#include "tests/fake/fake_host.h"
#include <gw6c/plugin.h>

#define PEER_USER "ann"
#define PEER_PASSWORD "s3cret pass"
#define PEER_REALM "example.net"
#define PEER_HOST "broker.example.net"
#define SKIP 77

/* The modules, linked in. */
extern const struct gw6c_plugin auth_plain_LTX_gw6c_plugin;
extern const struct gw6c_plugin auth_digest_md5_LTX_gw6c_plugin;
extern const struct gw6c_plugin auth_scram_sha_256_LTX_gw6c_plugin;

/* Both ends of ours of one mechanism. */
struct peer {
	const struct gw6c_auth_ops *ops;
	struct fake_host fake;
	struct gw6c_login login;
	void *self;
	uint8_t room[2048]; /* the last message made */
	struct gw6c_buf out;
	struct gw6c_err err;
};

/* Exits with a message if that fails. password: what our client says. */
void peer_open(struct peer *peer, const struct gw6c_plugin *plugin,
	       const char *password);
/* The next message of our client or broker; returns the rc of the step. */
int peer_step(struct peer *peer, const void *in, size_t len);
int peer_serve(struct peer *peer, const void *in, size_t len);
void peer_close(struct peer *peer);

/* Count a check; exit status of the program in peer_failures. */
extern int peer_failures;
void peer_check(bool ok, const char *what);

#endif
