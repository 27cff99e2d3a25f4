/* transport.h - carries one TSP dialogue: framed UDP, or TCP. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_CORE_TSP_TRANSPORT_H
#define GW6C_CORE_TSP_TRANSPORT_H

#include "core/base/loop.h"
#include <gw6c/addr.h>
#include <gw6c/buf.h>

/* What the caller of transport_ask() wants back. */
enum transport_want {
	WANT_NOTHING, /* TCP: nothing is read, the callback comes at once
			 with empty octets. UDP: the acknowledgement */
	WANT_LINE, /* one line; if its status is above 1000, with the XML
		      that follows it */
	WANT_BODY, /* Content-length: the body, header taken off; UDP polls
		      for what did not fit. A broker that answers without
		      the header but with a status line: that line */
};

struct transport;

/* The answer, borrowed for the call; or octets of none and err:
 * GW6C_ENET nobody listens, no answer, hung up; GW6C_EPEER against the
 * protocol. A late error of the wire is told even if nothing was asked. */
typedef void transport_done(void *arg, struct gw6c_bytes answer,
			    const struct gw6c_err *err);

/* Connect to addr:port, from local if its family is set. done is called for
 * each ask, and with GW6C_ENET if the connection fails. */
int transport_udp(struct loop *loop, const struct gw6c_addr *addr,
		  uint16_t port, const struct gw6c_addr *local,
		  transport_done *done, void *arg, struct transport **out,
		  struct gw6c_err *err);
int transport_tcp(struct loop *loop, const struct gw6c_addr *addr,
		  uint16_t port, const struct gw6c_addr *local,
		  transport_done *done, void *arg, struct transport **out,
		  struct gw6c_err *err);

/* Send a message (empty: UDP a poll; TCP nothing is sent) and give back what
 * is wanted. One outstanding ask. done never runs before this returns. */
void transport_ask(struct transport *transport, struct gw6c_bytes message,
		   enum transport_want want);

bool transport_is_udp(const struct transport *transport);
bool transport_answered(const struct transport *transport); /* ever? */
/* Did two different answers come to one message, over UDP? That is told as a
 * late error of the wire. */
bool transport_contradicted(const struct transport *transport);
/* Our own address and port on the wire. */
void transport_local(const struct transport *transport, struct gw6c_addr *addr,
		     uint16_t *port);

/* Stop reading and hand over the socket: the tunnel uses it from now on, but
 * it is closed by transport_free(). -1 if there is none. */
int transport_socket(struct transport *transport);
/* NULL is fine. Fine inside done, too. */
void transport_free(struct transport *transport);

#endif
