/* net_out.c - packets from the packet device to the clients. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "net_parts.h"
#include <errno.h>
#include <unistd.h>

/* Messages first to n - 1, which all use the same socket. */
struct batch {
	int sock, first, n;
};

static void send_batch(struct net *net, struct batch *batch)
{
	while (batch->first < batch->n) {
		int sent = sendmmsg(net->sock[batch->sock].fd,
				    net->message + batch->first,
				    (unsigned)(batch->n - batch->first),
				    MSG_DONTWAIT);

		if (sent <= 0) {
			net->counters.lost++;
			sent = 1;
		}
		batch->first += sent;
	}
	if (batch->n == PUMP_BATCH)
		batch->first = batch->n = 0;
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

/* The packet is behind DATAGRAM_HEADER octets of room for what its mode puts
 * before it. */
static void put_packet(struct net *net, struct batch *batch,
		       struct tunnel_entry *entry, size_t len)
{
	struct datagram *datagram = &net->datagram[batch->n];
	const struct gw6c_tunnel_ops *mode = entry->grant.mode->tunnel;
	size_t header = mode->wrap ? mode->header : 0;
	uint8_t *packet = datagram->octets + DATAGRAM_HEADER;

	if (entry->to.sock != batch->sock)
		send_batch(net, batch);
	batch->sock = entry->to.sock;
	if (mode->wrap)
		mode->wrap(packet - header, packet, len);
	datagram_address(&net->message[batch->n].msg_hdr, datagram, &entry->to,
			 DATAGRAM_HEADER - header, header + len);
	entry->out_packets++;
	entry->out_octets += len;
	if (++batch->n == PUMP_BATCH)
		send_batch(net, batch);
}

/* Not from the batch, which may be in use by what has led here. */
void net_put(struct net *net, const struct endpoint *to,
	     const struct gw6c_plugin *plugin, struct gw6c_bytes packet)
{
	const struct gw6c_tunnel_ops *mode = plugin->tunnel;
	size_t header = mode->wrap ? mode->header : 0;
	struct datagram datagram;
	uint8_t *at = datagram.octets + DATAGRAM_HEADER;
	struct msghdr message;

	memcpy(at, packet.at, packet.len);
	if (mode->wrap)
		mode->wrap(at - header, at, packet.len);
	datagram_address(&message, &datagram, to, DATAGRAM_HEADER - header,
			 header + packet.len);
	if (sendmsg(net->sock[to->sock].fd, &message, MSG_DONTWAIT) < 0)
		net->counters.lost++;
}

void net_on_tun(void *arg, int ready)
{
	struct net *net = arg;
	struct batch batch = { .n = 0 };

	(void)ready;
	for (int i = 0; i < ROUNDS * PUMP_BATCH; i++) {
		uint8_t *packet =
			net->datagram[batch.n].octets + DATAGRAM_HEADER;
		ssize_t len = read(net->tun, packet, PUMP_PACKET);
		struct tunnel_entry *entry;

		if (len < 0 && errno != EAGAIN && errno != EINTR)
			break_device(net, errno);
		if (len <= 0)
			break;
		entry = find_target(net, packet, len);
		if (entry && tunnels_may_send(entry, (size_t)len))
			put_packet(net, &batch, entry, (size_t)len);
		else if (entry)
			net->counters.unproven++;
	}
	send_batch(net, &batch);
}
