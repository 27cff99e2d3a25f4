/* transport.c - what framed UDP and TCP have in common. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "transport.h"
#include "core/base/sockaddr.h"
#include "transport_parts.h"
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

int transport_connect(struct transport *transport, int type,
		      const struct gw6c_addr *addr, uint16_t port,
		      const struct gw6c_addr *local, struct gw6c_err *err)
{
	struct sockaddr_storage to, from;
	socklen_t len = sockaddr_put(addr, port, &to);
	char text[GW6C_ADDR_TEXT];

	transport->fd =
		socket(to.ss_family, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (transport->fd < 0)
		return gw6c_fail(err, GW6C_ENET, "socket: %s", strerror(errno));
	if (local && local->family == addr->family &&
	    bind(transport->fd, (struct sockaddr *)&from,
		 sockaddr_put(local, 0, &from)) < 0)
		return gw6c_fail(err, GW6C_ENET,
				 "this machine does not have the address %s "
				 "of client_v%d: %s; set one that it has, or "
				 "auto",
				 gw6c_addr_text(local, text), local->family,
				 strerror(errno));
	if (connect(transport->fd, (struct sockaddr *)&to, len) < 0 &&
	    errno != EINPROGRESS)
		return gw6c_fail(err, GW6C_ENET, "no route to the broker: %s",
				 strerror(errno));
	return GW6C_OK;
}

static int whole_fail(struct transport *transport, const char *why)
{
	return gw6c_fail(&transport->err, GW6C_EPEER, "the broker's answer %s",
			 why);
}

static int whole_is(struct transport *transport, size_t skip, size_t len)
{
	transport->skip = skip;
	transport->done_len = len;
	return 1;
}

/* Status and XML without a length: up to the end of the root element. */
static int whole_redirect(struct transport *transport, bool ended)
{
	static const char end[] = "</tunnel>";
	const uint8_t *at =
		memmem(transport->in, transport->in_len, end, sizeof(end) - 1);

	if (at)
		return whole_is(transport, 0,
				(size_t)(at - transport->in) + sizeof(end) - 1);
	return ended ? whole_is(transport, 0, transport->in_len) : 0;
}

static int whole_line(struct transport *transport, bool ended)
{
	struct gw6c_bytes in = { transport->in, transport->in_len };
	struct gw6c_bytes line, rest;

	if (!text_line(in, &line, &rest))
		return ended ? whole_is(transport, 0, in.len) : 0;
	if (TSP_REDIRECT(tsp_status(line, NULL)))
		return whole_redirect(transport, ended);
	return whole_is(transport, 0, in.len - rest.len);
}

static int whole_body(struct transport *transport, bool ended)
{
	struct gw6c_bytes in = { transport->in, transport->in_len };
	size_t header;
	long len = tsp_content_length(in, &header);

	if (len == 0)
		return 0;
	if (len < 0)
		return tsp_status(in, NULL)
			       ? whole_line(transport, ended)
			       : whole_fail(transport,
					    "has no usable Content-length");
	if (in.len - header < (size_t)len)
		return 0;
	return whole_is(transport, header, (size_t)len);
}

int transport_whole(struct transport *transport, bool ended)
{
	if (transport->want == WANT_BODY)
		return whole_body(transport, ended);
	if (transport->want == WANT_LINE)
		return whole_line(transport, ended);
	return whole_is(transport, 0, transport->in_len);
}

void transport_tell(struct transport *transport)
{
	struct gw6c_bytes answer = { transport->in + transport->skip,
				     transport->done_len };
	struct gw6c_err none = { 0 }, err = transport->err;
	bool gone = false;

	transport->asking = false;
	transport->gone = &gone;
	if (err.rc)
		answer = GW6C_NOTHING;
	transport->done(transport->arg, answer, err.rc ? &err : &none);
	if (!gone)
		transport->gone = NULL;
}

void transport_fail(struct transport *transport, int rc, const char *why)
{
	loop_forget(transport->timer);
	transport->timer = NULL;
	gw6c_fail(&transport->err, rc, "%s", why);
	transport_tell(transport);
}

static void transport_later(void *arg)
{
	struct transport *transport = arg;

	transport->later = NULL;
	transport_tell(transport);
}

void transport_tell_later(struct transport *transport)
{
	loop_forget(transport->later);
	transport->later =
		loop_timer(transport->loop, 0, transport_later, transport);
}

void transport_ask(struct transport *transport, struct gw6c_bytes message,
		   enum transport_want want)
{
	/* What is left behind the answer before belongs to the next one. */
	size_t used = transport->skip + transport->done_len;

	if (!transport->ops->udp && used <= transport->in_len) {
		transport->in_len -= used;
		memmove(transport->in, transport->in + used, transport->in_len);
	} else {
		transport->in_len = 0;
	}
	transport->skip = transport->done_len = 0;
	transport->want = want;
	transport->asking = true;
	transport->out_len = 0;
	if (message.len > RUDP_SEND_MAX && transport->ops->udp) {
		gw6c_fail(&transport->err, GW6C_ECONFIG,
			  "the message of %zu octets does not fit into a "
			  "datagram; shorten userid, passwd or dns_server",
			  message.len);
		transport_tell_later(transport);
		return;
	}
	if (message.len > sizeof(transport->out))
		message.len = sizeof(transport->out);
	transport->out_len = message.len;
	if (message.len)
		memcpy(transport->out, message.at, message.len);
	transport->ops->ask(transport);
}

bool transport_is_udp(const struct transport *transport)
{
	return transport->ops->udp;
}

bool transport_answered(const struct transport *transport)
{
	return transport->answered;
}

bool transport_contradicted(const struct transport *transport)
{
	return transport->contradicted;
}

void transport_local(const struct transport *transport, struct gw6c_addr *addr,
		     uint16_t *port)
{
	struct sockaddr_storage here;
	socklen_t len = sizeof(here);

	memset(addr, 0, sizeof(*addr));
	*port = 0;
	if (getsockname(transport->fd, (struct sockaddr *)&here, &len) == 0)
		sockaddr_get(&here, addr, port);
}

static void transport_quiet(struct transport *transport)
{
	transport->ops->stop(transport);
	loop_forget(transport->reader);
	loop_forget(transport->timer);
	loop_forget(transport->later);
	transport->reader = transport->timer = transport->later = NULL;
}

int transport_socket(struct transport *transport)
{
	transport_quiet(transport);
	return transport->fd;
}

void transport_free(struct transport *transport)
{
	if (!transport)
		return;
	if (transport->gone)
		*transport->gone = true;
	transport_quiet(transport);
	if (transport->fd >= 0)
		close(transport->fd);
	explicit_bzero(transport->out, sizeof(transport->out));
	free(transport);
}
