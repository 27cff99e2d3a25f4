/* tunnel_framed.c - a mode of a stranger's: IPv6 behind a header of its own, in
 * UDP, or with FRAMED_PROTOCOL in that IP protocol. Made from the public
 * headers alone. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <gw6c/plugin.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#ifdef FRAMED_PROTOCOL
#define NAME "framed-raw"
#define FLAGS 0
#define OVER (GW6C_OVER_UDP | GW6C_OVER_TCP)
#else
#define FRAMED_PROTOCOL 0
#define NAME "framed"
#define FLAGS GW6C_TUNNEL_NAT
#define OVER GW6C_OVER_UDP
#endif

#define HEADER 4 /* octets: 'F', 'R', length */
#define IP4_MAX 60 /* octets of an outer header */
#define PACKET_MAX 2048
#define TURNS 64 /* packets of one callback */

/* --- the header -------------------------------------------------------- */

static void framed_wrap(uint8_t *header, const uint8_t *packet, size_t len)
{
	(void)packet;
	header[0] = 'F';
	header[1] = 'R';
	header[2] = (uint8_t)(len >> 8);
	header[3] = (uint8_t)len;
}

static bool framed_unwrap(struct gw6c_bytes data, struct gw6c_bytes *packet)
{
	if (data.len < HEADER || data.at[0] != 'F' || data.at[1] != 'R' ||
	    (size_t)(data.at[2] << 8 | data.at[3]) != data.len - HEADER)
		return false;
	*packet = (struct gw6c_bytes){ data.at + HEADER, data.len - HEADER };
	return true;
}

/* --- the plan ---------------------------------------------------------- */

static void plan_router(const struct gw6c_lease *lease, struct gw6c_plan *plan)
{
	struct gw6c_step *step;

	gw6c_plan_add(plan, GW6C_FORWARD)->dst.family = 6;
	for (int i = 0; i < GW6C_LANS && lease->lans[i].dev[0]; i++) {
		step = gw6c_plan_add(plan, GW6C_ADDR);
		step->dst = lease->lans[i].prefix;
		step->dst.octets[15] = 1;
		memcpy(step->dev, lease->lans[i].dev, sizeof(step->dev));
	}
}

static int framed_plan(const struct gw6c_lease *lease, struct gw6c_plan *plan,
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
	if (lease->router && lease->prefix.family)
		plan_router(lease, plan);
	if (!lease->default_route)
		return GW6C_OK;
	step = gw6c_plan_add(plan, GW6C_ROUTE);
	step->dst.family = 6;
	step->value = lease->metric;
	return GW6C_OK;
}

/* --- the client's data path -------------------------------------------- */

struct framed {
	const struct gw6c_host *host;
	struct gw6c_watch *on_tun, *on_sock;
	int tun, sock;
	bool own; /* sock is ours */
	struct gw6c_counters count;
};

static void from_tun(void *arg, int ready)
{
	struct framed *framed = arg;
	uint8_t room[HEADER + PACKET_MAX];
	ssize_t len;

	(void)ready;
	for (int i = 0; i < TURNS; i++) {
		len = read(framed->tun, room + HEADER, PACKET_MAX);
		if (len <= 0)
			return;
		framed_wrap(room, room + HEADER, (size_t)len);
		if (send(framed->sock, room, HEADER + (size_t)len, 0) < 0) {
			framed->count.out_dropped++;
			continue;
		}
		framed->count.out_packets++;
		framed->count.out_octets += (uint64_t)len;
	}
}

/* A raw socket gives the outer header, too. */
static struct gw6c_bytes inside(const struct framed *framed,
				struct gw6c_bytes data)
{
	size_t header = framed->own && data.len ? (data.at[0] & 15u) * 4 : 0;

	if (header > data.len)
		return GW6C_NOTHING;
	return (struct gw6c_bytes){ data.at + header, data.len - header };
}

static void take(struct framed *framed, struct gw6c_bytes data)
{
	struct gw6c_bytes packet;

	if (!framed->own && data.len && data.at[0] >> 4 == 15) {
		framed->host->control(framed->host, data);
		return;
	}
	if (!framed_unwrap(inside(framed, data), &packet) ||
	    write(framed->tun, packet.at, packet.len) < 0) {
		framed->count.in_dropped++;
		return;
	}
	framed->count.in_packets++;
	framed->count.in_octets += packet.len;
}

static void from_sock(void *arg, int ready)
{
	struct framed *framed = arg;
	uint8_t room[IP4_MAX + HEADER + 4096];
	ssize_t len;

	(void)ready;
	for (int i = 0; i < TURNS; i++) {
		len = recv(framed->sock, room, sizeof(room), MSG_DONTWAIT);
		if (len < 0)
			return;
		take(framed, (struct gw6c_bytes){ room, (size_t)len });
	}
}

static int open_socket(struct framed *framed, const struct gw6c_lease *lease,
		       struct gw6c_err *err)
{
	struct sockaddr_in to = { .sin_family = AF_INET };

	framed->own = true;
	framed->sock = socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK,
			      FRAMED_PROTOCOL);
	memcpy(&to.sin_addr, lease->remote.octets, 4);
	if (framed->sock >= 0 &&
	    connect(framed->sock, (struct sockaddr *)&to, sizeof(to)) == 0)
		return GW6C_OK;
	return gw6c_fail(err, GW6C_EOS, "no raw socket: %s", strerror(errno));
}

static void framed_close(void *self)
{
	struct framed *framed = self;

	framed->host->forget(framed->host, framed->on_tun);
	framed->host->forget(framed->host, framed->on_sock);
	if (framed->own && framed->sock >= 0)
		close(framed->sock);
	free(framed);
}

static int framed_open(const struct gw6c_host *host,
		       const struct gw6c_lease *lease,
		       const struct gw6c_plan *plan, int sock, void **self,
		       struct gw6c_err *err)
{
	struct framed *framed = calloc(1, sizeof(*framed));

	if (!framed || plan->fd < 0) {
		free(framed);
		return gw6c_fail(err, GW6C_EOS, "there is no packet device");
	}
	framed->host = host;
	framed->tun = plan->fd;
	framed->sock = sock;
	framed->count.size = sizeof(framed->count);
	if (FRAMED_PROTOCOL && open_socket(framed, lease, err)) {
		framed_close(framed);
		return err->rc;
	}
	framed->on_tun =
		host->on_fd(host, framed->tun, GW6C_READ, from_tun, framed);
	framed->on_sock =
		host->on_fd(host, framed->sock, GW6C_READ, from_sock, framed);
	*self = framed;
	return GW6C_OK;
}

static void framed_count(void *self, struct gw6c_counters *out)
{
	struct framed *framed = self;

	*out = framed->count;
}

/* --- the descriptor ---------------------------------------------------- */

static const struct gw6c_granted grants[] = {
	{ NAME, NULL, OVER },
	{ .type = NULL },
};

static const struct gw6c_tunnel_ops framed_ops = {
	.size = sizeof(framed_ops),
	.flags = FLAGS,
	.inner = 6,
	.outer = 4,
	.protocol = FRAMED_PROTOCOL,
	.over = OVER,
	.prefix_min = 16,
	.prefix_usual = 56,
	.prefix_max = 64,
	.header = HEADER,
	.overhead = 28 + HEADER,
	.keepalive_s = 30,
	.grants = grants,
	.plan = framed_plan,
	.wrap = framed_wrap,
	.unwrap = framed_unwrap,
	.open = framed_open,
	.close = framed_close,
	.count = framed_count,
};

#if FRAMED_PROTOCOL
GW6C_PLUGIN(tunnel_framed_raw) = {
#else
GW6C_PLUGIN(tunnel_framed) = {
#endif
	GW6C_HEAD(GW6C_TUNNEL, NAME, "IPv6 behind a header of 4 octets"),
	.tunnel = &framed_ops,
};
