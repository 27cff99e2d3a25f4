/* grant.h - where a client is, and what it was granted. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_BROKER_DATA_GRANT_H
#define GW6C_BROKER_DATA_GRANT_H

#include "pool.h"
#include "quota.h"
#include <gw6c/plugin.h>

/* Where a client is, as the outer network shows it. */
struct endpoint {
	struct gw6c_addr addr; /* the client's, behind its NAT */
	uint16_t port; /* host order */
	struct gw6c_addr local; /* ours that the client uses */
	int sock; /* number of the listening socket */
	uint8_t protocol; /* IP protocol that carries the tunnel; 0: UDP */
	bool tcp; /* its session runs over TCP: no datagrams */
};

/* What a client was granted. */
struct grant {
	char user[256]; /* the account; "" for anonymous */
	char key[POOL_KEY]; /* holder of the address: "ann", or POOL_GUEST and
			       what an anonymous one has proven; of further
			       sessions with their number */
	const struct gw6c_plugin *mode;
	const char *type; /* what the answer calls it; the mode's own */
	struct gw6c_addr outer; /* the tunnel's far end */
	struct gw6c_addr inner;
	struct gw6c_addr prefix; /* delegated, or none */
	uint32_t keepalive_s; /* 0: none */
	uint32_t lifetime_s; /* of the lease; 0: unlimited */
	bool nat, anonymous;
	bool proxy; /* the far end is not the client */
	bool proven; /* the client receives what is sent to its address */
	bool secret; /* nobody but the client was told the inner address */
	enum quota_class class; /* of the place it has, at source */
	struct gw6c_addr source; /* of an anonymous session */
};

#endif
