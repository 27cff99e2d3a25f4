/* auth.h - one login mechanism: octets in, octets out, for both ends. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_AUTH_H
#define GW6C_AUTH_H

#include "buf.h"
#include "err.h"
#include "host.h"

/* How the session frames what step() and serve() make. The answer to
 * AUTHENTICATE is by default the broker's first message. */
enum gw6c_auth_flags {
	GW6C_AUTH_EMPTY = 1, /* no messages: AUTHENTICATE is answered with
				the status; step and serve return GW6C_OK */
	GW6C_AUTH_INITIAL = 2, /* the client speaks first, after an empty
				  acknowledgement over UDP */
	GW6C_AUTH_BASE64 = 4, /* messages travel as one base64 line */
	GW6C_AUTH_BARE = 8, /* the client's lines have no CR LF */
	GW6C_AUTH_CLEARTEXT = 16, /* shows the password to any listener */
	GW6C_AUTH_MUTUAL = 32, /* a 200 before step() said GW6C_OK is refused */
	GW6C_AUTH_PASSWORD = 64, /* userid and passwd must be configured */
	GW6C_AUTH_SERVER_KEY = 128, /* the broker proves itself by a key: the
				       client calls trust(), and there are
				       key_type, key_make and key_read */
};

/* What a login is about; borrowed from open() to close(). */
struct gw6c_login {
	uint32_t size; /* sizeof(struct gw6c_login) */
	uint32_t version; /* of TSP, 0x020002 is 2.0.2 */
	const char *user, *password; /* client side; never NULL */
	const char *broker; /* client side: host as configured, no port */
	const char *realm; /* broker side */
	/* Broker side: append the user's password to out. GW6C_EAUTH when
	 * there is no such user; do the same work then, answer the same. */
	int (*secret)(void *ctx, const char *user, struct gw6c_buf *out);
	void *ctx;
	/* Client side: key, as in RFC 4253 section 6.6, was proven to be the
	 * broker's. GW6C_OK: it is known, or is from now on. GW6C_EAUTH: do
	 * not go on. May ask a person, and so take a minute. */
	int (*trust)(void *ctx, struct gw6c_bytes key, struct gw6c_err *err);
	/* Broker side: append the private key, as key_read() made it; to be
	 * wiped after use. GW6C_ECONFIG when there is none. */
	int (*server_key)(void *ctx, struct gw6c_buf *out);
};

/* Pure: no descriptor, no clock, no randomness but host->random; one that asks
 * a server of its own does so by host services and GW6C_LATER. in is borrowed,
 * decoded, without line end. Secrets are wiped before close() returns. GW6C_OK:
 * what is in out, if anything, is sent, then a status; GW6C_MORE: it is sent,
 * and the answer is the next in; GW6C_LATER: that by host->done(). */
struct gw6c_auth_ops {
	uint32_t size; /* sizeof(struct gw6c_auth_ops) */
	uint32_t flags; /* enum gw6c_auth_flags */
	uint32_t rank; /* auth_method=any takes the highest: 10 password in
			  clear, 30 hashed, 50 slow to guess, 70 with a proof
			  of the broker; 0 never */
	const char *mechanism; /* on the wire, upper case, "DIGEST-MD5" */
	int (*open)(const struct gw6c_host *host,
		    const struct gw6c_login *login, void **self,
		    struct gw6c_err *err);
	void (*close)(void *self);
	/* The client's end. */
	int (*step)(void *self, struct gw6c_bytes in, struct gw6c_buf *out,
		    struct gw6c_err *err);
	/* The broker's end. First call: in is empty unless INITIAL. GW6C_OK:
	 * logged in, who() tells as whom. GW6C_EAUTH: refused. */
	int (*serve)(void *self, struct gw6c_bytes in, struct gw6c_buf *out,
		     struct gw6c_err *err);
	/* After serve() said GW6C_OK: the user, "" for anonymous; valid until
	 * close(). */
	const char *(*who)(void *self);

	/* Of GW6C_AUTH_SERVER_KEY; else NULL. */
	const char *key_type; /* as RFC 4253 names it, "ssh-dss" */
	/* Make a new private key, as the text of its file. */
	int (*key_make)(const struct gw6c_host *host, struct gw6c_buf *file,
			struct gw6c_err *err);
	/* What such a file holds: private, in a form of the mechanism's; and
	 * public, in that of RFC 4253 section 6.6. */
	int (*key_read)(const struct gw6c_host *host, struct gw6c_bytes file,
			struct gw6c_buf *private_key,
			struct gw6c_buf *public_key, struct gw6c_err *err);
};

#endif
