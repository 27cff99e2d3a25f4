/* transport_tcp.c - TSP over TCP: answers may come in any pieces. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "transport_parts.h"
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <sys/socket.h>

#define CONNECT_MS 10000
#define REPLY_MS 30000 /* restarted whenever something comes */

struct tcp {
	struct transport transport; /* first */
	struct gw6c_watch *writer;
	bool connected, ended;
	size_t sent; /* octets of out */
};

static void tcp_timeout(void *arg)
{
	struct tcp *tcp = arg;

	tcp->transport.timer = NULL;
	transport_fail(&tcp->transport, GW6C_ENET,
		       tcp->connected ? "the broker stopped answering"
				      : "no answer to the TCP connection");
}

static void tcp_patience(struct tcp *tcp, uint32_t ms)
{
	loop_forget(tcp->transport.timer);
	tcp->transport.timer =
		loop_timer(tcp->transport.loop, ms, tcp_timeout, tcp);
}

static void tcp_broken(struct tcp *tcp, int error)
{
	char why[160];

	snprintf(why, sizeof(why), "%s", strerror(error));
	transport_fail(&tcp->transport, GW6C_ENET, why);
}

/* Old brokers put NULs between messages. */
static void tcp_skip_nuls(struct transport *transport)
{
	size_t nuls = 0;

	while (nuls < transport->in_len && !transport->in[nuls])
		nuls++;
	transport->in_len -= nuls;
	memmove(transport->in, transport->in + nuls, transport->in_len);
}

/* See whether what has come is the answer. */
static void tcp_look(struct tcp *tcp)
{
	struct transport *transport = &tcp->transport;
	int whole;

	if (!transport->asking || tcp->sent < transport->out_len)
		return;
	tcp_skip_nuls(transport);
	if (transport->in_len || transport->want == WANT_NOTHING) {
		whole = transport_whole(transport, false);
		if (whole) {
			loop_forget(transport->timer);
			transport->timer = NULL;
			transport_tell(transport);
			return;
		}
	}
	if (tcp->ended)
		transport_fail(transport, GW6C_ENET,
			       transport->in_len
				       ? "the broker closed the connection "
					 "in the middle of a reply"
				       : "the broker closed the connection");
	else if (transport->in_len == sizeof(transport->in))
		transport_fail(transport, GW6C_EPEER,
			       "the broker's answer is too long");
}

static void tcp_read(void *arg, int ready)
{
	struct tcp *tcp = arg;
	struct transport *transport = &tcp->transport;
	ssize_t len =
		recv(transport->fd, transport->in + transport->in_len,
		     sizeof(transport->in) - transport->in_len, MSG_DONTWAIT);

	(void)ready;
	if (len < 0) {
		if (errno != EAGAIN && errno != EINTR) {
			loop_forget(transport->reader);
			transport->reader = NULL;
			tcp_broken(tcp, errno);
		}
		return;
	}
	if (len == 0) {
		tcp->ended = true;
		loop_forget(transport->reader);
		transport->reader = NULL;
	} else {
		transport->answered = true;
		transport->in_len += (size_t)len;
		if (transport->asking)
			tcp_patience(tcp, REPLY_MS);
	}
	tcp_look(tcp);
}

static int tcp_finish_connect(struct tcp *tcp)
{
	struct transport *transport = &tcp->transport;
	socklen_t len;
	int error = 0, on = 1;

	len = sizeof(error);
	getsockopt(transport->fd, SOL_SOCKET, SO_ERROR, &error, &len);
	if (error)
		return error;
	tcp->connected = true;
	setsockopt(transport->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	transport->reader = loop_fd(transport->loop, transport->fd, GW6C_READ,
				    tcp_read, tcp);
	tcp_patience(tcp, REPLY_MS);
	return 0;
}

static void tcp_write(void *arg, int ready)
{
	struct tcp *tcp = arg;
	struct transport *transport = &tcp->transport;
	ssize_t len;
	int error = tcp->connected ? 0 : tcp_finish_connect(tcp);

	(void)ready;
	if (!error && tcp->sent < transport->out_len) {
		len = send(transport->fd, transport->out + tcp->sent,
			   transport->out_len - tcp->sent, MSG_NOSIGNAL);
		if (len >= 0)
			tcp->sent += (size_t)len;
		else if (errno != EAGAIN && errno != EINTR)
			error = errno;
	}
	if (!error && tcp->sent < transport->out_len)
		return;
	loop_forget(tcp->writer);
	tcp->writer = NULL;
	if (error)
		tcp_broken(tcp, error);
	else
		tcp_look(tcp);
}

static void tcp_ask(struct transport *transport)
{
	struct tcp *tcp = (struct tcp *)transport;

	tcp->sent = 0;
	tcp_patience(tcp, tcp->connected ? REPLY_MS : CONNECT_MS);
	if (!tcp->writer)
		tcp->writer = loop_fd(transport->loop, transport->fd,
				      GW6C_WRITE, tcp_write, tcp);
}

static void tcp_stop(struct transport *transport)
{
	struct tcp *tcp = (struct tcp *)transport;

	loop_forget(tcp->writer);
	tcp->writer = NULL;
}

static const struct transport_ops tcp_ops = {
	.ask = tcp_ask,
	.stop = tcp_stop,
};

int transport_tcp(struct loop *loop, const struct gw6c_addr *addr,
		  uint16_t port, const struct gw6c_addr *local,
		  transport_done *done, void *arg, struct transport **out,
		  struct gw6c_err *err)
{
	struct tcp *tcp = calloc(1, sizeof(*tcp));

	if (!tcp)
		return gw6c_fail(err, GW6C_EOS, "out of memory");
	tcp->transport = (struct transport){ .ops = &tcp_ops,
					     .loop = loop,
					     .fd = -1,
					     .done = done,
					     .arg = arg };
	if (transport_connect(&tcp->transport, SOCK_STREAM, addr, port, local,
			      err)) {
		transport_free(&tcp->transport);
		return err->rc;
	}
	*out = &tcp->transport;
	return GW6C_OK;
}
