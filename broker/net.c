/* net.c - the broker's sockets and its packet device: many clients, one TUN.
 * What a client may send is checked before it reaches this machine. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "net.h"
#include "core/rudp.h"
#include "core/sockaddr.h"
#include "hash.h"
#include "parcel.h"
#include "tunnels/pump.h"
#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <unistd.h>

#define ROUNDS 4 /* batches of one callback */
#define BOUNCES 1024 /* a power of two */
#define BOUNCE_GAP_MS 10000
#define BUFFER (4 << 20) /* octets of a socket's queue, if the system lets us */

struct listener {
	struct net *net;
	struct gw6c_watch *watch;
	int fd, number, family; /* 4 or 6 */
};

struct net {
	struct loop *loop;
	struct tunnels *tunnels;
	struct net_events events;
	struct net_counters counters;
	struct listener listener[OPTIONS_LIST];
	int listeners;
	int tun;
	struct gw6c_watch *on_tun;
	uint64_t bounced_ms[BOUNCES]; /* last "no session" to that bucket */
	struct mmsghdr message[PUMP_BATCH];
	struct parcel parcel[PUMP_BATCH];
};

/* --- in ---------------------------------------------------------------- */

static void send_answer(struct net *net, const struct endpoint *to,
			const struct gw6c_buf *answer)
{
	struct parcel parcel;
	struct msghdr header;

	memcpy(parcel.octets, answer->at, answer->len);
	parcel_address(&header, &parcel, to, answer->len);
	if (sendmsg(net->listener[to->sock].fd, &header, MSG_DONTWAIT) < 0)
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

/* Data of a session that we do not know, after a restart: tell the client,
 * which has no other way to find out soon. Seldom, and shorter than what
 * came. */
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

/* Clients reach this machine by its addresses, not by groups; and nobody
 * beyond the link is meant by a link-local one. */
static bool is_target(const uint8_t *octets)
{
	return octets[0] != 0xff &&
	       !(octets[0] == 0xfe && (octets[1] & 0xc0) == 0x80);
}

static void take_data(struct net *net, const struct endpoint *from,
		      const uint8_t *packet, size_t len)
{
	struct tunnel_entry *entry =
		tunnels_by_outer(net->tunnels, &from->addr, from->port);
	struct pump_rules rules;

	if (!entry) {
		bounce(net, from);
		return;
	}
	rules = (struct pump_rules){ .inner = entry->grant.inner };
	if (pump_check_out(&rules, packet, len) != PUMP_PASS ||
	    !is_target(packet + 24)) {
		net->counters.spoofed++;
		return;
	}
	entry->heard_ms = loop_now_ms(net->loop);
	len = 40 + ((size_t)packet[4] << 8 | packet[5]);
	if (write(net->tun, packet, len) != (ssize_t)len) {
		net->counters.lost++;
		return;
	}
	entry->in_packets++;
	entry->in_octets += len;
}

static void take(struct listener *listener, struct mmsghdr *message,
		 struct parcel *parcel)
{
	struct net *net = listener->net;
	struct gw6c_bytes datagram = { parcel->octets, message->msg_len };
	struct endpoint from = { .sock = listener->number };

	if (!sockaddr_get(&parcel->addr, &from.addr, &from.port))
		return;
	parcel_local(&message->msg_hdr, &from.local);
	switch (rudp_what(datagram)) {
	case RUDP_CONTROL:
		take_control(net, &from, datagram);
		break;
	case RUDP_DATA6:
		take_data(net, &from, datagram.at, datagram.len);
		break;
	case RUDP_JUNK:
		net->counters.junk++;
		break;
	}
}

static void on_socket(void *arg, int ready)
{
	struct listener *listener = arg;
	struct net *net = listener->net;
	int n = PUMP_BATCH;

	(void)ready;
	for (int round = 0; round < ROUNDS && n == PUMP_BATCH; round++) {
		for (int i = 0; i < PUMP_BATCH; i++)
			parcel_empty(&net->message[i].msg_hdr, &net->parcel[i]);
		n = recvmmsg(listener->fd, net->message, PUMP_BATCH,
			     MSG_DONTWAIT, NULL);
		for (int i = 0; i < n; i++)
			take(listener, &net->message[i], &net->parcel[i]);
	}
}

/* --- out --------------------------------------------------------------- */

/* Sent one after the other by their sockets: a batch is of one socket. */
static void send_batch(struct net *net, int sock, int n)
{
	int done = 0;

	while (done < n) {
		int sent = sendmmsg(net->listener[sock].fd, net->message + done,
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

	if (len >= 40 && packet[0] >> 4 == 6)
		entry = tunnels_by_inner(net->tunnels, packet + 24);
	if (!entry)
		net->counters.undeliverable++;
	return entry;
}

/* Somebody has removed the device: without an end we would be called again
 * and again. */
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
		struct parcel *parcel = &net->parcel[n];
		ssize_t len = read(net->tun, parcel->octets, PUMP_PACKET);
		struct tunnel_entry *entry;

		if (len < 0 && errno != EAGAIN && errno != EINTR)
			break_device(net, errno);
		if (len <= 0)
			break;
		entry = find_target(net, parcel->octets, len);
		if (!entry)
			continue;
		if (n && entry->to.sock != sock) {
			uint8_t packet[PUMP_PACKET];

			memcpy(packet, parcel->octets, (size_t)len);
			send_batch(net, sock, n);
			n = 0;
			parcel = &net->parcel[0];
			memcpy(parcel->octets, packet, (size_t)len);
		}
		sock = entry->to.sock;
		entry->out_packets++;
		entry->out_octets += (uint64_t)len;
		parcel_address(&net->message[n].msg_hdr, parcel, &entry->to,
			       (size_t)len);
		if (++n == PUMP_BATCH) {
			send_batch(net, sock, n);
			n = 0;
		}
	}
	send_batch(net, sock, n);
}

/* --- open and close ---------------------------------------------------- */

static int listen_fail(const struct tsp_server *at, struct gw6c_err *err)
{
	return gw6c_fail(err, GW6C_ECONFIG,
			 "cannot listen at %s port %u: %s; set listen, or "
			 "stop what is there",
			 at->host, at->port, strerror(errno));
}

static int listen_at(struct net *net, const struct tsp_server *at,
		     struct gw6c_err *err)
{
	struct listener *listener = &net->listener[net->listeners];
	struct sockaddr_storage addr;
	socklen_t len = sockaddr_put(&at->literal, at->port, &addr);
	int on = 1, size = BUFFER, off = IP_PMTUDISC_DONT;
	int fd = socket(addr.ss_family,
			SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (fd < 0)
		return listen_fail(at, err);
	listener->fd = fd;
	listener->net = net;
	listener->family = at->literal.family;
	listener->number = net->listeners++;
	setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
	setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &size, sizeof(size));
	if (listener->family == 4) {
		setsockopt(fd, IPPROTO_IP, IP_PKTINFO, &on, sizeof(on));
		setsockopt(fd, IPPROTO_IP, IP_MTU_DISCOVER, &off, sizeof(off));
	} else {
		setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof(on));
		setsockopt(fd, IPPROTO_IPV6, IPV6_RECVPKTINFO, &on, sizeof(on));
	}
	if (bind(fd, (struct sockaddr *)&addr, len) < 0)
		return listen_fail(at, err);
	listener->watch =
		loop_fd(net->loop, fd, GW6C_READ, on_socket, listener);
	return listener->watch ? GW6C_OK
			       : gw6c_fail(err, GW6C_EOS, "out of memory");
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
	for (int i = 0; i < options->listens; i++)
		if (listen_at(net, &options->listen[i], err)) {
			net_close(net);
			return err->rc;
		}
	if (tun >= 0)
		net->on_tun = loop_fd(loop, tun, GW6C_READ, on_tun, net);
	*out = net;
	return GW6C_OK;
}

void net_close(struct net *net)
{
	if (!net)
		return;
	loop_forget(net->on_tun);
	for (int i = 0; i < net->listeners; i++) {
		loop_forget(net->listener[i].watch);
		close(net->listener[i].fd);
	}
	free(net);
}

const struct net_counters *net_count(const struct net *net)
{
	return &net->counters;
}
