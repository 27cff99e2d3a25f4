/* net.c - the broker's sockets and its packet device: many clients, one TUN.
 * Tunnels use UDP, or packets of the IP protocol that their mode names.
 * Packets of clients are checked before they reach this machine. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/base/hash.h"
#include "core/base/sockaddr.h"
#include "core/tsp/rudp.h"
#include "datagram.h"
#include "listen.h"
#include "net_parts.h"
#include "packet.h"
#include <stdlib.h>
#include <unistd.h>

#define BOUNCE_GAP_MS 10000

/* --- in ---------------------------------------------------------------- */

void net_send(struct net *net, const struct endpoint *to,
	      const struct gw6c_buf *answer)
{
	struct datagram datagram;
	struct msghdr header;

	if (!answer->len || answer->overflow)
		return;
	memcpy(datagram.octets, answer->at, answer->len);
	datagram_address(&header, &datagram, to, 0, answer->len);
	if (sendmsg(net->sock[to->sock].fd, &header, MSG_DONTWAIT) < 0)
		net->counters.lost++;
}

static void take_control(struct net *net, const struct endpoint *from,
			 struct gw6c_bytes datagram)
{
	uint8_t room[RUDP_HEADER + RUDP_SEND_MAX];
	struct gw6c_buf out = GW6C_BUF(room);

	net->events.control(net->events.arg, from, datagram, &out);
	net_send(net, from, &out);
}

static void put_lost(struct gw6c_buf *out)
{
	struct rudp_header header = { .word = RUDP_LOST };

	rudp_put(out, header, gw6c_text("310 TSP status error\r\n"));
}

void net_tell_lost(struct net *net, const struct endpoint *to)
{
	uint8_t room[64];
	struct gw6c_buf out = GW6C_BUF(room);

	if (to->protocol)
		return;
	put_lost(&out);
	net_send(net, to, &out);
}

/* Data of an unknown session, after a restart: tell the client, which has no
 * other way to notice soon. Rate-limited, and shorter than what was
 * received. */
static void bounce(struct net *net, const struct endpoint *from, size_t heard)
{
	uint64_t now_ms = loop_now_ms(net->loop);
	uint64_t *last =
		&net->bounced_ms[hash_endpoint(&from->addr, from->port) &
				 (BOUNCES - 1)];
	uint8_t room[64];
	struct gw6c_buf out = GW6C_BUF(room);

	put_lost(&out);
	if (out.len > heard || (*last && now_ms - *last < BOUNCE_GAP_MS))
		return;
	*last = now_ms;
	net_send(net, from, &out);
}

/* Is that the data of any mode that a client at this end could have? */
static bool is_data(const struct net *net, const struct endpoint *from,
		    struct gw6c_bytes data)
{
	const struct gw6c_plugin *const *at = net->modes->offer;
	struct gw6c_bytes packet;

	for (; *at; at++)
		if ((*at)->tunnel->protocol == from->protocol &&
		    (*at)->tunnel->outer == from->addr.family &&
		    mode_unwrap(*at, data, &packet) &&
		    mode_is_packet(*at, packet))
			return true;
	return false;
}

static void take_unknown(struct net *net, const struct endpoint *from,
			 struct gw6c_bytes data)
{
	if (!is_data(net, from, data)) {
		net->counters.junk++;
		return;
	}
	net->counters.unknown++;
	if (!from->protocol)
		bounce(net, from, data.len);
}

/* May the client of that tunnel send this packet to anybody here? */
static bool may_pass(struct net *net, const struct tunnel_entry *entry,
		     struct gw6c_bytes packet)
{
	switch (packet_check(&entry->grant, packet)) {
	case PUMP_PASS:
		return true;
	case PUMP_JUNK:
		net->counters.junk++;
		return false;
	case PUMP_SPOOF:
		break;
	}
	net->counters.spoofed++;
	return false;
}

/* May it be news about the far end of the tunnel? */
static bool tells_something(const struct tunnel_entry *entry,
			    const struct endpoint *from)
{
	return !entry->proven || !entry->answers ||
	       memcmp(&entry->to.local, &from->local, sizeof(from->local)) != 0;
}

static void take_data(struct net *net, const struct endpoint *from,
		      struct gw6c_bytes data)
{
	struct tunnel_entry *entry = tunnels_by_outer(net->tunnels, from);
	struct gw6c_bytes packet;

	if (!entry) {
		take_unknown(net, from, data);
		return;
	}
	if (!mode_unwrap(entry->grant.mode, data, &packet)) {
		net->counters.junk++;
		return;
	}
	if (!may_pass(net, entry, packet))
		return;
	entry->heard_ms = loop_now_ms(net->loop);
	packet.len = packet_octets(packet.at);
	if (net->events.heard && tells_something(entry, from))
		net->events.heard(net->events.arg, entry, from, packet);
	if (write(net->tun, packet.at, packet.len) != (ssize_t)packet.len) {
		net->counters.lost++;
		return;
	}
	entry->in_packets++;
	entry->in_octets += packet.len;
}

/* Control begins with the bits 1111, and no data of a mode does. */
static void take_datagram(struct net *net, const struct endpoint *from,
			  struct gw6c_bytes datagram)
{
	if (rudp_what(datagram) == RUDP_CONTROL)
		take_control(net, from, datagram);
	else if (!datagram.len || datagram.at[0] >> 4 == 15)
		net->counters.junk++;
	else
		take_data(net, from, datagram);
}

/* Raw IPv4 sockets deliver the outer header, too. */
static void take_raw(struct net *net, const struct endpoint *from,
		     struct gw6c_bytes packet)
{
	size_t header = 0;

	if (from->addr.family == 4) {
		header = packet.len >= 20 ? (packet.at[0] & 15u) * 4 : 0;
		if (header < 20 || packet.len <= header) {
			net->counters.junk++;
			return;
		}
	}
	take_data(net, from,
		  (struct gw6c_bytes){ packet.at + header,
				       packet.len - header });
}

static void take(struct listen_socket *sock, struct mmsghdr *message,
		 struct datagram *datagram)
{
	struct gw6c_bytes octets = { datagram->octets, message->msg_len };
	struct endpoint from = { .sock = sock->number,
				 .protocol = sock->protocol };

	if (!sockaddr_get(&datagram->addr, &from.addr, &from.port))
		return;
	datagram_local(&message->msg_hdr, &from.local);
	if (!sock->protocol) {
		take_datagram(sock->net, &from, octets);
		return;
	}
	from.port = 0; /* may hold a protocol number */
	take_raw(sock->net, &from, octets);
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

/* --- open and close ---------------------------------------------------- */

/* Watch it from now on. */
static int add_socket(struct net *net, int fd, uint8_t family, uint8_t protocol,
		      struct gw6c_err *err)
{
	struct listen_socket *sock = &net->sock[net->sockets];

	if (fd < 0)
		return err->rc;
	*sock = (struct listen_socket){ .net = net,
					.fd = fd,
					.number = net->sockets++,
					.family = family,
					.protocol = protocol };
	sock->watch = loop_fd(net->loop, fd, GW6C_READ, on_socket, sock);
	return sock->watch ? GW6C_OK
			   : gw6c_fail(err, GW6C_EOS, "out of memory");
}

/* One for all modes of that outer family and protocol. */
static int open_raw(struct net *net, const struct gw6c_plugin *mode,
		    struct gw6c_err *err)
{
	const struct gw6c_tunnel_ops *ops = mode->tunnel;

	if (net_raw_socket(net, ops->outer, ops->protocol) >= 0)
		return GW6C_OK;
	return add_socket(net, listen_raw(mode, err), ops->outer, ops->protocol,
			  err);
}

static int open_sockets(struct net *net, const struct options *options,
			struct gw6c_err *err)
{
	const struct gw6c_plugin *const *mode = net->modes->offer;

	for (int i = 0; i < options->listens; i++)
		if (add_socket(net, listen_udp(&options->listen[i], err),
			       options->listen[i].literal.family, 0, err))
			return err->rc;
	for (; net->tun >= 0 && *mode; mode++)
		if ((*mode)->tunnel->protocol && open_raw(net, *mode, err))
			return err->rc;
	return GW6C_OK;
}

int net_open(struct loop *loop, const struct options *options,
	     const struct modes *modes, struct tunnels *tunnels, int tun,
	     const struct net_events *events, struct net **out,
	     struct gw6c_err *err)
{
	struct net *net = calloc(1, sizeof(*net));

	if (!net)
		return gw6c_fail(err, GW6C_EOS, "out of memory");
	net->loop = loop;
	net->modes = modes;
	net->tunnels = tunnels;
	net->tun = tun;
	net->events = *events;
	if (open_sockets(net, options, err)) {
		net_close(net);
		return err->rc;
	}
	if (tun >= 0)
		net->on_tun = loop_fd(loop, tun, GW6C_READ, net_on_tun, net);
	*out = net;
	return GW6C_OK;
}

int net_raw_socket(const struct net *net, uint8_t family, uint8_t protocol)
{
	for (int i = 0; i < net->sockets; i++)
		if (net->sock[i].family == family &&
		    net->sock[i].protocol == protocol)
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
