/* net.c - the broker's sockets and its packet device: many clients, one TUN.
 * Tunnels use UDP, or raw packets of IP protocol 41 or 4.
 * Packets of clients are checked before they reach this machine. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "net.h"
#include "core/base/addr_class.h"
#include "core/base/hash.h"
#include "core/base/sockaddr.h"
#include "core/tsp/rudp.h"
#include "datagram.h"
#include "tunnels/pump.h"
#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <unistd.h>

#define ROUNDS 4 /* batches of one callback */
#define BOUNCES 1024 /* a power of two */
#define BOUNCE_GAP_MS 10000
#define BUFFER (4 << 20) /* octets of a socket's queue, if the system allows */

enum kind { UDP, RAW4, RAW6 }; /* RAW4: outer IPv4 */

/* A socket that clients send to. */
struct listen_socket {
	struct net *net;
	struct gw6c_watch *watch;
	enum kind kind;
	int fd, number, family; /* 4 or 6, of the outer packets */
};

struct net {
	struct loop *loop;
	struct tunnels *tunnels;
	struct net_events events;
	struct net_counters counters;
	struct listen_socket sock[OPTIONS_LIST + 2]; /* all UDP, then raw */
	int sockets;
	int tun;
	struct gw6c_watch *on_tun;
	uint64_t bounced_ms[BOUNCES]; /* last "no session" for that bucket */
	struct mmsghdr message[PUMP_BATCH];
	struct datagram datagram[PUMP_BATCH];
};

/* --- in ---------------------------------------------------------------- */

static void send_answer(struct net *net, const struct endpoint *to,
			const struct gw6c_buf *answer)
{
	struct datagram datagram;
	struct msghdr header;

	memcpy(datagram.octets, answer->at, answer->len);
	datagram_address(&header, &datagram, to, answer->len);
	if (sendmsg(net->sock[to->sock].fd, &header, MSG_DONTWAIT) < 0)
		net->counters.lost++;
}

static void take_control(struct net *net, const struct endpoint *from,
			 struct gw6c_bytes datagram)
{
	uint8_t room[RUDP_HEADER + RUDP_SEND_MAX];
	struct gw6c_buf out = GW6C_BUF(room);

	net->events.control(net->events.arg, from, datagram, &out);
	if (out.len && !out.overflow)
		send_answer(net, from, &out);
}

/* Data of an unknown session, after a restart: tell the client, which has no
 * other way to notice soon. Rate-limited, and shorter than what was
 * received. */
static void bounce(struct net *net, const struct endpoint *from)
{
	uint64_t now_ms = loop_now_ms(net->loop);
	uint64_t *last =
		&net->bounced_ms[hash_endpoint(&from->addr, from->port) &
				 (BOUNCES - 1)];
	uint8_t room[64];
	struct gw6c_buf out = GW6C_BUF(room);
	struct rudp_header header = { .word = RUDP_LOST };

	net->counters.unknown++;
	if (*last && now_ms - *last < BOUNCE_GAP_MS)
		return;
	*last = now_ms;
	rudp_put(&out, header, gw6c_text("310 TSP status error\r\n"));
	send_answer(net, from, &out);
}

/* No multicast, and no link-local destinations: they are not valid beyond the
 * link. */
static bool is_target(const uint8_t *packet)
{
	bool four = packet[0] >> 4 == 4;
	struct gw6c_addr to = { .family = four ? 4 : 6 };

	memcpy(to.octets, packet + (four ? 16 : 24), four ? 4 : 16);
	return addr_is_routable(&to);
}

/* The packet length according to its header. */
static size_t packet_octets(const uint8_t *packet)
{
	if (packet[0] >> 4 == 4)
		return (size_t)packet[2] << 8 | packet[3];
	return 40 + ((size_t)packet[4] << 8 | packet[5]);
}

static void take_data(struct net *net, const struct endpoint *from,
		      const uint8_t *packet, size_t len)
{
	struct tunnel_entry *entry =
		tunnels_by_outer(net->tunnels, &from->addr, from->port);
	struct pump_rules rules;

	if (!entry && from->port)
		bounce(net, from);
	else if (!entry)
		net->counters.unknown++;
	if (!entry)
		return;
	rules = (struct pump_rules){ .inner = entry->grant.inner,
				     .prefix = entry->grant.prefix };
	if (pump_check_out(&rules, packet, len) != PUMP_PASS ||
	    !is_target(packet)) {
		net->counters.spoofed++;
		return;
	}
	entry->heard_ms = loop_now_ms(net->loop);
	entry->to.local = from->local;
	len = packet_octets(packet);
	if (write(net->tun, packet, len) != (ssize_t)len) {
		net->counters.lost++;
		return;
	}
	entry->in_packets++;
	entry->in_octets += len;
}

static void take_datagram(struct net *net, const struct endpoint *from,
			  struct gw6c_bytes datagram)
{
	switch (rudp_what(datagram)) {
	case RUDP_CONTROL:
		take_control(net, from, datagram);
		break;
	case RUDP_DATA6:
		take_data(net, from, datagram.at, datagram.len);
		break;
	case RUDP_JUNK:
		net->counters.junk++;
		break;
	}
}

/* Raw IPv4 sockets deliver the outer header, too. */
static void take_raw4(struct net *net, const struct endpoint *from,
		      struct gw6c_bytes packet)
{
	size_t header = packet.len >= 20 ? (packet.at[0] & 15u) * 4 : 0;

	if (header < 20 || packet.len <= header)
		net->counters.junk++;
	else
		take_data(net, from, packet.at + header, packet.len - header);
}

static void take(struct listen_socket *sock, struct mmsghdr *message,
		 struct datagram *datagram)
{
	struct gw6c_bytes octets = { datagram->octets, message->msg_len };
	struct endpoint from = { .sock = sock->number };

	if (!sockaddr_get(&datagram->addr, &from.addr, &from.port))
		return;
	datagram_local(&message->msg_hdr, &from.local);
	if (sock->kind == UDP) {
		take_datagram(sock->net, &from, octets);
		return;
	}
	from.port = 0; /* may hold a protocol number */
	if (sock->kind == RAW4)
		take_raw4(sock->net, &from, octets);
	else
		take_data(sock->net, &from, octets.at, octets.len);
}

static void on_socket(void *arg, int ready)
{
	struct listen_socket *sock = arg;
	struct net *net = sock->net;
	int n = PUMP_BATCH;

	(void)ready;
	for (int round = 0; round < ROUNDS && n == PUMP_BATCH; round++) {
		for (int i = 0; i < PUMP_BATCH; i++)
			datagram_empty(&net->message[i].msg_hdr,
				       &net->datagram[i]);
		n = recvmmsg(sock->fd, net->message, PUMP_BATCH, MSG_DONTWAIT,
			     NULL);
		for (int i = 0; i < n; i++)
			take(sock, &net->message[i], &net->datagram[i]);
	}
}

/* --- out --------------------------------------------------------------- */

/* All messages of a batch use the same socket. */
static void send_batch(struct net *net, int sock, int n)
{
	int done = 0;

	while (done < n) {
		int sent = sendmmsg(net->sock[sock].fd, net->message + done,
				    (unsigned)(n - done), MSG_DONTWAIT);

		if (sent <= 0) {
			net->counters.lost++;
			sent = 1;
		}
		done += sent;
	}
}

static struct tunnel_entry *find_target(struct net *net, const uint8_t *packet,
					ssize_t len)
{
	struct tunnel_entry *entry = NULL;

	uint8_t four[16] = { 0 };

	if (len >= 40 && packet[0] >> 4 == 6)
		entry = tunnels_route(net->tunnels, packet + 24);
	if (len >= 20 && packet[0] >> 4 == 4) {
		memcpy(four, packet + 16, 4);
		entry = tunnels_by_inner(net->tunnels, four);
	}
	if (!entry)
		net->counters.undeliverable++;
	return entry;
}

/* The device was removed: stop watching it, or we would be called over and
 * over. */
static void break_device(struct net *net, int error)
{
	struct gw6c_err err = { 0 };

	loop_forget(net->on_tun);
	net->on_tun = NULL;
	gw6c_fail(&err, GW6C_EOS, "the packet device cannot be read: %s",
		  strerror(error));
	net->events.broken(net->events.arg, &err);
}

static void on_tun(void *arg, int ready)
{
	struct net *net = arg;
	int n = 0, sock = 0;

	(void)ready;
	for (int i = 0; i < ROUNDS * PUMP_BATCH; i++) {
		struct datagram *datagram = &net->datagram[n];
		ssize_t len = read(net->tun, datagram->octets, PUMP_PACKET);
		struct tunnel_entry *entry;

		if (len < 0 && errno != EAGAIN && errno != EINTR)
			break_device(net, errno);
		if (len <= 0)
			break;
		entry = find_target(net, datagram->octets, len);
		if (!entry)
			continue;
		if (n && entry->to.sock != sock) {
			uint8_t packet[PUMP_PACKET];

			memcpy(packet, datagram->octets, (size_t)len);
			send_batch(net, sock, n);
			n = 0;
			datagram = &net->datagram[0];
			memcpy(datagram->octets, packet, (size_t)len);
		}
		sock = entry->to.sock;
		entry->out_packets++;
		entry->out_octets += (uint64_t)len;
		datagram_address(&net->message[n].msg_hdr, datagram, &entry->to,
				 (size_t)len);
		if (++n == PUMP_BATCH) {
			send_batch(net, sock, n);
			n = 0;
		}
	}
	send_batch(net, sock, n);
}

/* --- open and close ---------------------------------------------------- */

static int listen_fail(const struct server_addr *at, struct gw6c_err *err)
{
	return gw6c_fail(err, GW6C_ECONFIG,
			 "cannot listen on %s UDP port %u: %s; change listen, "
			 "or stop the program using the port",
			 at->host, at->port, strerror(errno));
}

/* A socket that reports the destination address, and whose packets may be
 * fragmented. */
static int open_socket(struct net *net, enum kind kind, int family,
		       int protocol)
{
	struct listen_socket *sock = &net->sock[net->sockets];
	int on = 1, size = BUFFER;
	int fd = socket(family == 4 ? AF_INET : AF_INET6,
			(kind == UDP ? SOCK_DGRAM : SOCK_RAW) | SOCK_CLOEXEC |
				SOCK_NONBLOCK,
			protocol);

	if (fd < 0)
		return fd;
	*sock = (struct listen_socket){ .net = net,
					.kind = kind,
					.fd = fd,
					.family = family,
					.number = net->sockets++ };
	setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
	setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &size, sizeof(size));
	if (family == 4) {
		setsockopt(fd, IPPROTO_IP, IP_PKTINFO, &on, sizeof(on));
		sockaddr_may_fragment(fd);
	} else {
		setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof(on));
		setsockopt(fd, IPPROTO_IPV6, IPV6_RECVPKTINFO, &on, sizeof(on));
	}
	sock->watch = loop_fd(net->loop, fd, GW6C_READ, on_socket, sock);
	return sock->watch ? fd : -1;
}

static int listen_at(struct net *net, const struct server_addr *at,
		     struct gw6c_err *err)
{
	struct sockaddr_storage addr;
	socklen_t len = sockaddr_put(&at->literal, at->port, &addr);
	int fd = open_socket(net, UDP, at->literal.family, 0);

	if (fd < 0 || bind(fd, (struct sockaddr *)&addr, len) < 0)
		return listen_fail(at, err);
	return GW6C_OK;
}

static int open_raw(struct net *net, enum mode mode, struct gw6c_err *err)
{
	bool outer6 = mode == MODE_V4V6;

	if (open_socket(net, outer6 ? RAW6 : RAW4, outer6 ? 6 : 4,
			outer6 ? IPPROTO_IPIP : IPPROTO_IPV6) >= 0)
		return GW6C_OK;
	return gw6c_fail(err, GW6C_EOS,
			 "cannot open a raw socket for %s tunnels: %s; run as "
			 "root, with CAP_NET_RAW, or remove the mode from "
			 "tunnel_modes",
			 mode_name(mode), strerror(errno));
}

static int open_sockets(struct net *net, const struct options *options,
			struct gw6c_err *err)
{
	for (int i = 0; i < options->listens; i++)
		if (listen_at(net, &options->listen[i], err))
			return err->rc;
	if (net->tun < 0)
		return GW6C_OK;
	if (options->mode[MODE_V6V4] && open_raw(net, MODE_V6V4, err))
		return err->rc;
	if (options->mode[MODE_V4V6] && open_raw(net, MODE_V4V6, err))
		return err->rc;
	return GW6C_OK;
}

int net_open(struct loop *loop, const struct options *options,
	     struct tunnels *tunnels, int tun, const struct net_events *events,
	     struct net **out, struct gw6c_err *err)
{
	struct net *net = calloc(1, sizeof(*net));

	if (!net)
		return gw6c_fail(err, GW6C_EOS, "out of memory");
	net->loop = loop;
	net->tunnels = tunnels;
	net->tun = tun;
	net->events = *events;
	if (open_sockets(net, options, err)) {
		net_close(net);
		return err->rc;
	}
	if (tun >= 0)
		net->on_tun = loop_fd(loop, tun, GW6C_READ, on_tun, net);
	*out = net;
	return GW6C_OK;
}

int net_raw_socket(const struct net *net, int family)
{
	for (int i = 0; i < net->sockets; i++)
		if (net->sock[i].kind == (family == 4 ? RAW4 : RAW6))
			return i;
	return -1;
}

void net_close(struct net *net)
{
	if (!net)
		return;
	loop_forget(net->on_tun);
	for (int i = 0; i < net->sockets; i++) {
		loop_forget(net->sock[i].watch);
		close(net->sock[i].fd);
	}
	free(net);
}

const struct net_counters *net_count(const struct net *net)
{
	return &net->counters;
}
