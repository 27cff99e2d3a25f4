/* tunnel_example.c - a mode with a header of its own: IPv6 in UDP in IPv4,
 * with four octets before each packet. For client and broker. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <gw6c/plugin.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

/* 0x42, 1, and the length of the packet. The first four bits are not 1111, so
 * nobody takes it for a control datagram of the session. */
#define HEADER 4
#define PACKET_MAX 1500
#define BATCH 32 /* packets of one callback: others want their turn, too */

/* --- both ends: pure -------------------------------------------------------*/

static void example_wrap(uint8_t *header, const uint8_t *packet, size_t len)
{
	(void)packet;
	header[0] = 0x42;
	header[1] = 1;
	header[2] = (uint8_t)(len >> 8);
	header[3] = (uint8_t)len;
}

static bool example_unwrap(struct gw6c_bytes data, struct gw6c_bytes *packet)
{
	if (data.len <= HEADER || data.at[0] != 0x42 || data.at[1] != 1)
		return false;
	packet->at = data.at + HEADER;
	packet->len = (size_t)data.at[2] << 8 | data.at[3];
	return packet->len == data.len - HEADER;
}

static int example_plan(const struct gw6c_lease *lease, struct gw6c_plan *plan,
			struct gw6c_err *err)
{
	struct gw6c_step *step;

	(void)err;
	gw6c_plan_add(plan, GW6C_LINK)->kind = GW6C_TUN;
	gw6c_plan_add(plan, GW6C_MTU)->value = lease->mtu;
	gw6c_plan_add(plan, GW6C_UP);
	step = gw6c_plan_add(plan, GW6C_ADDR);
	step->dst = lease->inner;
	step->remote = lease->peer;
	if (lease->router && lease->prefix.family) {
		gw6c_plan_add(plan, GW6C_FORWARD)->dst.family = 6;
		step = gw6c_plan_add(plan, GW6C_REJECT);
		step->dst = lease->prefix;
		step->value = 4096; /* any route of a part of it wins */
	}
	for (int i = 0; lease->router && i < GW6C_LANS; i++) {
		const struct gw6c_lan *lan = &lease->lans[i];

		if (!lan->dev[0] || !lan->prefix.family)
			continue;
		step = gw6c_plan_add(plan, GW6C_ADDR);
		step->dst = lan->prefix;
		step->dst.octets[15] = 1; /* the router is the first */
		memcpy(step->dev, lan->dev, sizeof(step->dev));
	}
	if (lease->default_route) {
		step = gw6c_plan_add(plan, GW6C_ROUTE);
		step->dst.family = 6; /* all of it */
		step->value = lease->metric;
	}
	return GW6C_OK;
}

/* --- the client's data path ------------------------------------------------*/

struct example {
	const struct gw6c_host *host;
	struct gw6c_watch *on_tun, *on_sock;
	int tun, sock;
	uint32_t mtu;
	struct gw6c_counters count;
};

static void count(uint64_t *packets, uint64_t *octets, uint64_t *dropped,
		  bool passed, size_t len)
{
	*packets += passed;
	*octets += passed ? len : 0;
	*dropped += !passed;
}

static bool is_ipv6(struct gw6c_bytes packet)
{
	return packet.len >= 40 && packet.at[0] >> 4 == 6;
}

static bool would_block(void)
{
	return errno == EAGAIN || errno == EWOULDBLOCK;
}

/* What does not pass by itself ends the tunnel; a lost packet does not. */
static bool is_over(ssize_t len)
{
	return len < 0 && !would_block() &&
	       (errno == EBADF || errno == EBADFD || errno == ENOTCONN);
}

static void end_path(struct example *self, const char *what)
{
	struct gw6c_err err = { 0 };

	gw6c_fail(&err, GW6C_ENET, "%s: %s", what, strerror(errno));
	self->host->forget(self->host, self->on_tun);
	self->host->forget(self->host, self->on_sock);
	self->on_tun = self->on_sock = NULL;
	self->host->broken(self->host, &err);
}

/* This machine to the tunnel. */
static void from_tun(void *arg, int ready)
{
	struct example *self = arg;
	uint8_t octets[HEADER + PACKET_MAX];
	ssize_t len = 0;

	(void)ready;
	for (int i = 0; i < BATCH; i++) {
		struct gw6c_bytes packet = { octets + HEADER, 0 };
		bool passed;

		len = read(self->tun, octets + HEADER, self->mtu);
		if (len <= 0)
			break;
		packet.len = (size_t)len;
		example_wrap(octets, packet.at, packet.len);
		passed = is_ipv6(packet) &&
			 send(self->sock, octets, HEADER + packet.len,
			      MSG_DONTWAIT) >= 0;
		count(&self->count.out_packets, &self->count.out_octets,
		      &self->count.out_dropped, passed, packet.len);
	}
	if (is_over(len))
		end_path(self, "the tunnel's interface");
}

/* One datagram of the broker. */
static void take(struct example *self, struct gw6c_bytes data)
{
	struct gw6c_bytes packet;
	bool passed;

	if (data.at[0] >> 4 == 0xf) {
		self->host->control(self->host, data);
		return;
	}
	passed = example_unwrap(data, &packet) && is_ipv6(packet) &&
		 packet.len <= self->mtu &&
		 write(self->tun, packet.at, packet.len) >= 0;
	count(&self->count.in_packets, &self->count.in_octets,
	      &self->count.in_dropped, passed, data.len);
}

/* The tunnel to this machine. */
static void from_sock(void *arg, int ready)
{
	struct example *self = arg;
	uint8_t octets[HEADER + PACKET_MAX];
	ssize_t len = 0;

	(void)ready;
	for (int i = 0; i < BATCH && self->on_sock; i++) {
		len = recv(self->sock, octets, sizeof(octets), MSG_DONTWAIT);
		if (len < 0)
			break;
		if (len > 0)
			take(self, (struct gw6c_bytes){ octets, (size_t)len });
	}
	if (is_over(len))
		end_path(self, "the socket of the session");
}

static void example_close(void *arg)
{
	struct example *self = arg;

	self->host->forget(self->host, self->on_tun);
	self->host->forget(self->host, self->on_sock);
	free(self); /* both descriptors are of others */
}

static int example_open(const struct gw6c_host *host,
			const struct gw6c_lease *lease,
			const struct gw6c_plan *plan, int sock, void **out,
			struct gw6c_err *err)
{
	struct example *self;

	if (plan->fd < 0 || sock < 0)
		return gw6c_fail(err, GW6C_EOS,
				 "this system has no packet device");
	self = calloc(1, sizeof(*self));
	if (!self)
		return gw6c_fail(err, GW6C_EOS, "out of memory");
	self->host = host;
	self->tun = plan->fd;
	self->sock = sock;
	self->mtu = lease->mtu < PACKET_MAX ? lease->mtu : PACKET_MAX;
	self->count.size = sizeof(self->count);
	self->on_tun = host->on_fd(host, self->tun, GW6C_READ, from_tun, self);
	self->on_sock =
		host->on_fd(host, self->sock, GW6C_READ, from_sock, self);
	if (!self->on_tun || !self->on_sock) {
		example_close(self);
		return gw6c_fail(err, GW6C_EOS, "out of memory");
	}
	*out = self;
	return GW6C_OK;
}

static void example_count(void *arg, struct gw6c_counters *out)
{
	const struct example *self = arg;

	*out = self->count;
}

/* --- the descriptor ----------------------------------------------------------*/

static const struct gw6c_granted grants[] = {
	{ .type = "example", .over = GW6C_OVER_UDP },
	{ .type = NULL },
};

static const struct gw6c_opt options[] = {
	{ .key = "interface",
	  .type = GW6C_DEVICE,
	  .summary = "name of the tunnel interface; auto: any free one" },
	{ .key = NULL },
};

static const struct gw6c_tunnel_ops ops = {
	.size = sizeof(ops),
	.flags = GW6C_TUNNEL_NAT,
	.inner = 6,
	.outer = 4,
	.protocol = 0, /* over the UDP socket of the session */
	.over = GW6C_OVER_UDP,
	.prefix_min = 16,
	.prefix_usual = 48,
	.prefix_max = 64,
	.header = HEADER,
	.overhead = 20 + 8 + HEADER,
	.keepalive_s = 30,
	.grants = grants,
	.plan = example_plan,
	.wrap = example_wrap,
	.unwrap = example_unwrap,
	.open = example_open,
	.close = example_close,
	.count = example_count,
};

GW6C_PLUGIN(tunnel_example) = {
	GW6C_HEAD(GW6C_TUNNEL, "example",
		  "IPv6 in UDP in IPv4, with a header of four octets"),
	.opts = options,
	.tunnel = &ops,
};
