/* test_net.c - the broker's data path: real sockets on the loopback, and a pair
 * of sockets in the place of the packet device. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "broker/data/net.h"
#include "core/base/sockaddr.h"
#include "core/tsp/rudp.h"
#include "tests/unit/unit.h"
#include <errno.h>
#include <net/if.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define INNER "2001:db8:7::2"
#define OTHER "2001:db8:ffff::80"
#define PACKET 48 /* octets of a test packet */
#define TURN_MS 20000 /* the most that anything may take */

static int ahead_s; /* of the clock */

int clock_gettime(clockid_t id, struct timespec *now)
{
	long rc = syscall(SYS_clock_gettime, id, now);

	now->tv_sec += ahead_s;
	return (int)rc;
}

/* --- two modes --------------------------------------------------------- */

static int no_plan(const struct gw6c_lease *lease, struct gw6c_plan *plan,
		   struct gw6c_err *err)
{
	(void)lease;
	(void)plan;
	(void)err;
	return GW6C_OK;
}

static void wrap(uint8_t *header, const uint8_t *packet, size_t len)
{
	header[0] = 'H';
	header[1] = packet[0];
	header[2] = (uint8_t)len;
}

static bool unwrap(struct gw6c_bytes data, struct gw6c_bytes *packet)
{
	if (data.len < 3 || data.at[0] != 'H')
		return false;
	*packet = (struct gw6c_bytes){ data.at + 3, data.len - 3 };
	return true;
}

static const struct gw6c_tunnel_ops plain_ops = {
	.size = sizeof(plain_ops),
	.inner = 6,
	.outer = 4,
	.plan = no_plan,
};
static const struct gw6c_tunnel_ops wrapped_ops = {
	.size = sizeof(wrapped_ops),
	.inner = 6,
	.outer = 4,
	.header = 3,
	.plan = no_plan,
	.wrap = wrap,
	.unwrap = unwrap,
};
static const struct gw6c_plugin plain = { GW6C_HEAD(GW6C_TUNNEL, "plain", ""),
					  .tunnel = &plain_ops };
static const struct gw6c_plugin wrapped = {
	GW6C_HEAD(GW6C_TUNNEL, "wrapped", ""), .tunnel = &wrapped_ops
};

/* --- a broker's data path, and two clients ----------------------------- */

static struct loop *loop;
static struct tunnels *tunnels;
static struct net *net;
static struct modes modes;
static int tun[2]; /* ours, the broker's */
static int client[2];
static struct endpoint where[2]; /* of the clients, as the broker sees them */
static int controls, breaks;
static uint8_t control[64];

static void on_control(void *arg, const struct endpoint *from,
		       struct gw6c_bytes datagram, struct gw6c_buf *out)
{
	(void)arg;
	controls++;
	where[from->port == where[1].port] = *from;
	memcpy(control, datagram.at,
	       datagram.len < sizeof(control) ? datagram.len : sizeof(control));
	gw6c_put_text(out, "answer");
	loop_stop(loop);
}

static void on_broken(void *arg, const struct gw6c_err *err)
{
	(void)arg;
	CU_ASSERT_PTR_NOT_NULL(strstr(err->text, "cannot be read"));
	breaks++;
	loop_stop(loop);
}

static void on_gone(void *arg, const struct tunnel_entry *entry)
{
	(void)arg;
	(void)entry;
}

static int heards;
static struct tunnel_entry *heard;

static void on_heard(void *arg, struct tunnel_entry *entry,
		     const struct endpoint *from, struct gw6c_bytes packet)
{
	(void)arg;
	CU_ASSERT_EQUAL(from->local.octets[0], 127);
	CU_ASSERT_EQUAL(packet.len, PACKET);
	heards++;
	heard = entry;
}

static const struct net_events events = { .control = on_control,
					  .heard = on_heard,
					  .broken = on_broken };

static void stop(void *arg)
{
	(void)arg;
	loop_stop(loop);
}

static void stop_fd(void *arg, int ready)
{
	(void)arg;
	(void)ready;
	loop_stop(loop);
}

/* Turn until there is something to read at fd, or all that has been sent to
 * the broker was taken: a control datagram comes after it. */
static void turn_until(int fd)
{
	struct gw6c_watch *watch = loop_fd(loop, fd, GW6C_READ, stop_fd, NULL);
	struct gw6c_watch *late = loop_timer(loop, TURN_MS, stop, NULL);

	loop_run(loop);
	loop_forget(watch);
	loop_forget(late);
}

static ssize_t get(int fd, uint8_t *room, size_t len)
{
	turn_until(fd);
	return recv(fd, room, len, MSG_DONTWAIT);
}

static bool is_silent(int fd)
{
	uint8_t room[64];

	return recv(fd, room, sizeof(room), MSG_DONTWAIT) < 0 &&
	       errno == EAGAIN;
}

static int new_client(const struct endpoint *broker, struct endpoint *out)
{
	int fd = sockaddr_connect_udp(&broker->addr, broker->port);
	struct sockaddr_storage addr;
	socklen_t len = sizeof(addr);

	CU_ASSERT_TRUE_FATAL(fd >= 0);
	getsockname(fd, (struct sockaddr *)&addr, &len);
	*out = (struct endpoint){ .sock = 0 };
	sockaddr_get(&addr, &out->addr, &out->port);
	return fd;
}

/* A port that is free: bound once, and left. */
static uint16_t free_port(void)
{
	struct sockaddr_storage addr;
	struct gw6c_addr here;
	socklen_t len;
	uint16_t port = 0;
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	gw6c_addr_parse("127.0.0.1", &here);
	len = sockaddr_put(&here, 0, &addr);
	CU_ASSERT_EQUAL(bind(fd, (struct sockaddr *)&addr, len), 0);
	getsockname(fd, (struct sockaddr *)&addr, &len);
	sockaddr_get(&addr, &here, &port);
	close(fd);
	return port;
}

static void begin(void)
{
	static struct options options;
	struct endpoint broker = { .port = 0 };
	struct gw6c_err err = { 0 };

	options = (struct options){ .listens = 1 };
	modes = (struct modes){ .offer = { &plain, &wrapped } };
	controls = breaks = 0;
	loop = loop_new();
	tunnels = tunnels_new(on_gone, NULL);
	CU_ASSERT_EQUAL(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK, 0,
				   tun),
			0);
	gw6c_addr_parse("127.0.0.1", &options.listen[0].literal);
	do
		options.listen[0].port = free_port();
	while (net_open(loop, &options, &modes, tunnels, tun[1], &events, &net,
			&err));
	broker.addr = options.listen[0].literal;
	broker.port = options.listen[0].port;
	for (int i = 0; i < 2; i++)
		client[i] = new_client(&broker, &where[i]);
}

static void end(void)
{
	net_close(net);
	tunnels_free(tunnels);
	loop_free(loop);
	for (int i = 0; i < 2; i++) {
		close(tun[i]);
		close(client[i]);
	}
}

static struct tunnel_entry *add(int i, const struct gw6c_plugin *mode,
				const char *inner)
{
	struct grant grant = { .mode = mode };

	gw6c_addr_parse(inner, &grant.inner);
	return tunnels_add(tunnels, &where[i], &grant, 0);
}

static void make_packet(uint8_t at[PACKET], const char *from, const char *to)
{
	struct gw6c_addr addr = { 0 };

	memset(at, 0, PACKET);
	at[0] = 0x60;
	at[5] = PACKET - 40;
	gw6c_addr_parse(from, &addr);
	memcpy(at + 8, addr.octets, 16);
	gw6c_addr_parse(to, &addr);
	memcpy(at + 24, addr.octets, 16);
}

static void say(int i, const void *octets, size_t len)
{
	CU_ASSERT_EQUAL(send(client[i], octets, len, 0), (ssize_t)len);
}

/* All that was said before is taken when this is answered. */
static void flush(int i)
{
	uint8_t hello[9] = { 0xf0, 0, 0, 240, 1, 2, 3, 4, 'x' }, room[64];

	say(i, hello, sizeof(hello));
	while (get(client[i], room, sizeof(room)) != 6 ||
	       memcmp(room, "answer", 6) != 0)
		if (controls > 9)
			return;
}

/* --- in ---------------------------------------------------------------- */

static void control_is_told_by_four_bits_and_answered(void)
{
	static const uint8_t first[] = { 0xf0, 0, 0, 240, 9, 9, 9, 9, 'V' };
	static const uint8_t last[] = { 0xff, 0, 0, 1, 9, 9, 9, 9 };
	static const uint8_t small[] = { 0xf0, 0, 0, 240, 9, 9, 9 };
	uint8_t room[64];
	char text[GW6C_ADDR_TEXT];

	begin();
	say(0, first, sizeof(first));
	CU_ASSERT_EQUAL(get(client[0], room, sizeof(room)), 6);
	CU_ASSERT_EQUAL(memcmp(room, "answer", 6), 0);
	CU_ASSERT_EQUAL(memcmp(control, first, sizeof(first)), 0);
	CU_ASSERT_STRING_EQUAL(gw6c_addr_text(&where[0].local, text),
			       "127.0.0.1");
	CU_ASSERT_EQUAL(where[0].protocol, 0);
	say(0, last, sizeof(last));
	CU_ASSERT_EQUAL(get(client[0], room, sizeof(room)), 6);
	CU_ASSERT_EQUAL(controls, 2);
	say(0, small, sizeof(small));
	say(0, "", 0);
	flush(0);
	CU_ASSERT_EQUAL(controls, 3);
	CU_ASSERT_EQUAL(net_count(net)->junk, 2);
	end();
}

static void a_packet_of_a_tunnel_reaches_this_machine(void)
{
	uint8_t packet[PACKET + 5], room[128];
	struct tunnel_entry *entry;

	begin();
	entry = add(0, &plain, INNER);
	make_packet(packet, INNER, OTHER);
	packet[1] = 0xf3; /* a flow label; only the first octet tells */
	memset(packet + PACKET, 0xee, 5);
	say(0, packet, PACKET + 5);
	CU_ASSERT_EQUAL(get(tun[0], room, sizeof(room)), PACKET);
	CU_ASSERT_EQUAL(memcmp(room, packet, PACKET), 0);
	CU_ASSERT_EQUAL(entry->in_packets, 1);
	CU_ASSERT_EQUAL(entry->in_octets, PACKET);
	CU_ASSERT_EQUAL(entry->out_packets, 0);
	CU_ASSERT_NOT_EQUAL(entry->heard_ms, 0);
	CU_ASSERT_EQUAL(entry->to.local.octets[0], 0); /* not its own affair */
	end();
}

static void a_mode_takes_off_its_header(void)
{
	uint8_t data[PACKET + 3], room[128];
	struct tunnel_entry *entry;

	begin();
	entry = add(0, &wrapped, INNER);
	make_packet(data + 3, INNER, OTHER);
	memcpy(data, "H..", 3);
	say(0, data, sizeof(data));
	CU_ASSERT_EQUAL(get(tun[0], room, sizeof(room)), PACKET);
	CU_ASSERT_EQUAL(memcmp(room, data + 3, PACKET), 0);
	CU_ASSERT_EQUAL(entry->in_octets, PACKET);
	say(0, data + 3, PACKET); /* bare */
	flush(0);
	CU_ASSERT_EQUAL(net_count(net)->junk, 1);
	CU_ASSERT_EQUAL(entry->in_packets, 1);
	CU_ASSERT_TRUE(is_silent(tun[0]));
	end();
}

static void what_a_client_may_not_send_stays_outside(void)
{
	static const struct {
		const char *from, *to;
	} bad[] = {
		{ "2001:db8:7::3", OTHER }, { INNER, "ff02::1" },
		{ INNER, "fe80::1" },	    { INNER, "::1" },
		{ "fe80::2", OTHER },
	};
	uint8_t packet[PACKET];
	unsigned long n = sizeof(bad) / sizeof(bad[0]);

	begin();
	add(0, &plain, INNER);
	for (size_t i = 0; i < n; i++) {
		make_packet(packet, bad[i].from, bad[i].to);
		say(0, packet, PACKET);
	}
	make_packet(packet, INNER, OTHER);
	packet[5]++; /* shorter than it says */
	say(0, packet, PACKET);
	say(0, packet, 39);
	packet[0] = 0x45;
	say(0, packet, PACKET);
	flush(0);
	CU_ASSERT_EQUAL(net_count(net)->spoofed, n + 1);
	CU_ASSERT_EQUAL(net_count(net)->junk, 2);
	CU_ASSERT_TRUE(is_silent(tun[0]));
	end();
}

static void the_first_octets_tell_a_packet(void)
{
	static const struct {
		uint8_t first;
		size_t len;
		bool six, four;
	} cases[] = {
		{ 0x60, 40, true, false },  { 0x60, 39, false, false },
		{ 0x6f, 41, true, false },  { 0x45, 20, false, true },
		{ 0x45, 19, false, false }, { 0x50, 40, false, false },
		{ 0x70, 40, false, false },
	};
	static const struct gw6c_tunnel_ops ops = { .size = sizeof(ops),
						    .inner = 4,
						    .outer = 6 };
	static const struct gw6c_plugin four = {
		GW6C_HEAD(GW6C_TUNNEL, "four", ""), .tunnel = &ops
	};
	uint8_t packet[64] = { 0 };

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct gw6c_bytes bytes = { packet, cases[i].len };

		packet[0] = cases[i].first;
		CU_ASSERT_EQUAL(mode_is_packet(&plain, bytes), cases[i].six);
		CU_ASSERT_EQUAL(mode_is_packet(&four, bytes), cases[i].four);
	}
}

/* A client whose tunnel we have forgotten, and only such a one; again after ten
 * seconds. */
static void data_of_no_tunnel_is_answered_once(void)
{
	static const char lost[] = "\xff\xff\xff\xff\0\0\0\0"
				   "310 TSP status error\r\n";
	uint8_t packet[PACKET + 3], room[128];

	begin();
	make_packet(packet + 3, INNER, OTHER);
	memcpy(packet, "H..", 3);
	say(0, packet + 3, PACKET);
	CU_ASSERT_EQUAL(get(client[0], room, sizeof(room)), sizeof(lost) - 1);
	CU_ASSERT_EQUAL(memcmp(room, lost, sizeof(lost) - 1), 0);
	say(0, packet + 3, PACKET); /* again, and soon */
	flush(0);
	CU_ASSERT_TRUE(is_silent(client[0]));
	CU_ASSERT_EQUAL(net_count(net)->unknown, 2);
	CU_ASSERT_EQUAL(net_count(net)->junk, 0);
	say(1, packet, PACKET + 3); /* of the mode with a header */
	CU_ASSERT_EQUAL(get(client[1], room, sizeof(room)), sizeof(lost) - 1);
	CU_ASSERT_EQUAL(net_count(net)->unknown, 3);
	ahead_s = 10;
	say(0, packet + 3, PACKET);
	CU_ASSERT_EQUAL(get(client[0], room, sizeof(room)), sizeof(lost) - 1);
	end();
	/* Of no mode that is offered. */
	begin();
	modes.offer[0] = &wrapped;
	modes.offer[1] = NULL;
	say(0, packet + 3, PACKET);
	say(0, "0123456789012345678901234567890123456789", 40);
	flush(0);
	CU_ASSERT_TRUE(is_silent(client[0]));
	CU_ASSERT_EQUAL(net_count(net)->unknown, 0);
	CU_ASSERT_EQUAL(net_count(net)->junk, 2);
	end();
}

/* --- out --------------------------------------------------------------- */

static void a_packet_goes_to_the_client_it_is_for(void)
{
	uint8_t packet[PACKET], room[128];
	struct tunnel_entry *bare, *header;

	begin();
	bare = add(0, &plain, INNER);
	header = add(1, &wrapped, "2001:db8:7::3");
	make_packet(packet, OTHER, "2001:db8:7::3");
	CU_ASSERT_EQUAL(send(tun[0], packet, PACKET, 0), PACKET);
	CU_ASSERT_EQUAL(get(client[1], room, sizeof(room)), PACKET + 3);
	CU_ASSERT_EQUAL(memcmp(room, "H`0", 3), 0);
	CU_ASSERT_EQUAL(memcmp(room + 3, packet, PACKET), 0);
	make_packet(packet, OTHER, INNER);
	CU_ASSERT_EQUAL(send(tun[0], packet, PACKET, 0), PACKET);
	CU_ASSERT_EQUAL(get(client[0], room, sizeof(room)), PACKET);
	CU_ASSERT_EQUAL(memcmp(room, packet, PACKET), 0);
	CU_ASSERT_EQUAL(bare->out_packets, 1);
	CU_ASSERT_EQUAL(bare->out_octets, PACKET);
	CU_ASSERT_EQUAL(header->out_octets, PACKET);
	CU_ASSERT_EQUAL(bare->in_packets, 0);
	CU_ASSERT_TRUE(is_silent(client[1]));
	make_packet(packet, OTHER, "2001:db8:7::4");
	CU_ASSERT_EQUAL(send(tun[0], packet, PACKET, 0), PACKET);
	CU_ASSERT_EQUAL(send(tun[0], packet, 39, 0), 39);
	make_packet(packet, OTHER, INNER);
	CU_ASSERT_EQUAL(send(tun[0], packet, PACKET, 0), PACKET);
	CU_ASSERT_EQUAL(get(client[0], room, sizeof(room)), PACKET);
	CU_ASSERT_EQUAL(net_count(net)->undeliverable, 2);
	CU_ASSERT_EQUAL(net_count(net)->lost, 0);
	end();
}

/* Who has shown nothing is listened to, and sent little. */
static void a_stranger_is_heard_and_sent_little(void)
{
	static const struct {
		bool proven, answers;
		const char *local; /* where it was heard before */
		int heards;
	} cases[] = { { false, false, "127.0.0.1", 1 },
		      { true, false, "127.0.0.1", 1 },
		      { false, true, "127.0.0.1", 1 },
		      { true, true, "127.0.0.1", 0 },
		      { true, true, "127.0.0.2", 1 } };

	for (int i = 0; i < 5; i++) {
		uint8_t packet[PACKET], room[128];
		struct tunnel_entry *entry;

		begin();
		entry = add(0, &plain, INNER);
		entry->proven = cases[i].proven;
		entry->answers = cases[i].answers;
		gw6c_addr_parse(cases[i].local, &entry->to.local);
		entry->grant.anonymous = true;
		heards = 0;
		make_packet(packet, INNER, OTHER);
		say(0, packet, PACKET);
		CU_ASSERT_EQUAL(get(tun[0], room, sizeof(room)), PACKET);
		CU_ASSERT_EQUAL(heards, cases[i].heards);
		CU_ASSERT_TRUE(!heards || heard == entry);
		entry->out_octets = TUNNELS_ADVANCE;
		gw6c_addr_parse("127.0.0.1", &entry->to.local);
		make_packet(packet, OTHER, INNER);
		for (int k = 0; k < 2; k++)
			CU_ASSERT_EQUAL(send(tun[0], packet, PACKET, 0),
					PACKET);
		CU_ASSERT_EQUAL(get(client[0], room, sizeof(room)), PACKET);
		flush(1);
		CU_ASSERT_EQUAL(net_count(net)->unproven,
				cases[i].proven ? 0 : 1);
		end();
	}
}

/* More than a batch, in turn to both, and each in its order. */
static void many_packets_keep_their_order(void)
{
	enum { MANY = 100 };
	uint8_t packet[PACKET], room[128];

	begin();
	add(0, &plain, INNER);
	add(1, &wrapped, "2001:db8:7::3");
	for (int i = 0; i < MANY; i++) {
		make_packet(packet, OTHER, i % 3 ? INNER : "2001:db8:7::3");
		packet[PACKET - 1] = (uint8_t)i;
		CU_ASSERT_EQUAL(send(tun[0], packet, PACKET, 0), PACKET);
	}
	for (int i = 0; i < MANY; i++) {
		ssize_t len = i % 3 ? PACKET : PACKET + 3;

		CU_ASSERT_EQUAL(get(client[i % 3 == 0], room, sizeof(room)),
				len);
		CU_ASSERT_EQUAL(room[len - 1], i);
	}
	CU_ASSERT_EQUAL(net_count(net)->lost, 0);
	CU_ASSERT_TRUE(is_silent(client[0]));
	CU_ASSERT_TRUE(is_silent(client[1]));
	end();
}

static const struct gw6c_tunnel_ops four_ops = {
	.size = sizeof(four_ops), .inner = 4, .outer = 4, .plan = no_plan
};
static const struct gw6c_plugin four = { GW6C_HEAD(GW6C_TUNNEL, "four", ""),
					 .tunnel = &four_ops };

static void ipv4_is_routed_by_its_own_target(void)
{
	uint8_t packet[24] = { 0x45 }, room[64];

	begin();
	add(0, &four, "192.0.2.7");
	packet[3] = sizeof(packet);
	memcpy(packet + 16, "\xc0\0\2\7\7", 5);
	CU_ASSERT_EQUAL(send(tun[0], packet, sizeof(packet), 0),
			(ssize_t)sizeof(packet));
	CU_ASSERT_EQUAL(get(client[0], room, sizeof(room)),
			(ssize_t)sizeof(packet));
	CU_ASSERT_EQUAL(memcmp(room, packet, sizeof(packet)), 0);
	CU_ASSERT_EQUAL(net_count(net)->undeliverable, 0);
	end();
}

/* To a broadcast address the system lets nobody send who has not asked. */
static void one_that_cannot_be_sent_costs_no_other(void)
{
	uint8_t packet[PACKET], room[128];
	struct endpoint all = where[0];
	struct grant grant = { .mode = &plain };

	begin();
	gw6c_addr_parse("255.255.255.255", &all.addr);
	all.port = 9;
	gw6c_addr_parse("2001:db8:7::9", &grant.inner);
	tunnels_add(tunnels, &all, &grant, 0);
	add(0, &plain, INNER);
	make_packet(packet, OTHER, "2001:db8:7::9");
	CU_ASSERT_EQUAL(send(tun[0], packet, PACKET, 0), PACKET);
	make_packet(packet, OTHER, INNER);
	for (uint8_t i = 1; i <= 2; i++) {
		packet[PACKET - 1] = i;
		CU_ASSERT_EQUAL(send(tun[0], packet, PACKET, 0), PACKET);
	}
	for (uint8_t i = 1; i <= 2; i++) {
		CU_ASSERT_EQUAL(get(client[0], room, sizeof(room)), PACKET);
		CU_ASSERT_EQUAL(room[PACKET - 1], i);
	}
	CU_ASSERT_EQUAL(net_count(net)->lost, 1);
	end();
}

static void what_is_sent_later_goes_the_same_way(void)
{
	uint8_t room[64], text[] = "later";
	struct gw6c_buf out = GW6C_BUF(text);

	begin();
	flush(0);
	net_send(net, &where[0], &out); /* nothing in it */
	out.len = 5;
	net_send(net, &where[0], &out);
	CU_ASSERT_EQUAL(get(client[0], room, sizeof(room)), 5);
	CU_ASSERT_EQUAL(memcmp(room, "later", 5), 0);
	out.overflow = true;
	net_send(net, &where[0], &out);
	flush(0);
	CU_ASSERT_TRUE(is_silent(client[0]));
	end();
}

/* --- an IP protocol ---------------------------------------------------- */

#define PROTOCOL 253 /* for experiments, RFC 3692 */

static const struct gw6c_tunnel_ops raw_ops = { .size = sizeof(raw_ops),
						.inner = 6,
						.outer = 4,
						.protocol = PROTOCOL,
						.plan = no_plan };
static const struct gw6c_plugin raw = { GW6C_HEAD(GW6C_TUNNEL, "raw", ""),
					.tunnel = &raw_ops };
static const struct gw6c_plugin raw2 = { GW6C_HEAD(GW6C_TUNNEL, "raw2", ""),
					 .tunnel = &raw_ops };

/* From another address of the loopback, to tell both ends. */
static int raw_client(struct endpoint *out)
{
	struct sockaddr_storage addr;
	struct gw6c_addr broker;
	socklen_t len;
	int fd = socket(AF_INET, SOCK_RAW | SOCK_NONBLOCK, PROTOCOL);

	*out = (struct endpoint){ .protocol = PROTOCOL };
	gw6c_addr_parse("127.0.0.7", &out->addr);
	len = sockaddr_put(&out->addr, 0, &addr);
	CU_ASSERT_EQUAL(bind(fd, (struct sockaddr *)&addr, len), 0);
	gw6c_addr_parse("127.0.0.1", &broker);
	len = sockaddr_put(&broker, 0, &addr);
	CU_ASSERT_EQUAL(connect(fd, (struct sockaddr *)&addr, len), 0);
	return fd;
}

/* In a network of our own, since all raw sockets of one get all packets; only
 * root may have that. */
static bool may_be_raw(void)
{
	struct ifreq request = { .ifr_flags = IFF_UP };
	int fd, rc;

	if (unshare(CLONE_NEWNET) < 0)
		return false;
	fd = socket(AF_INET, SOCK_DGRAM, 0);
	snprintf(request.ifr_name, sizeof(request.ifr_name), "lo");
	rc = ioctl(fd, SIOCSIFFLAGS, &request);
	close(fd);
	return rc == 0;
}

static void packets_of_a_protocol_have_no_ports(void)
{
	uint8_t packet[PACKET], room[128];
	struct tunnel_entry *entry;
	struct grant grant = { .mode = &raw };
	struct options options = { .listens = 0 };
	struct gw6c_err err = { 0 };
	struct endpoint to;
	int fd;

	if (!may_be_raw())
		return;
	begin();
	net_close(net);
	modes = (struct modes){ .offer = { &raw, &raw2 } };
	CU_ASSERT_EQUAL_FATAL(net_open(loop, &options, &modes, tunnels, tun[1],
				       &events, &net, &err),
			      GW6C_OK);
	CU_ASSERT_EQUAL(net_raw_socket(net, 4, PROTOCOL), 0);
	CU_ASSERT_EQUAL(net_raw_socket(net, 4, 41), -1);
	CU_ASSERT_EQUAL(net_raw_socket(net, 6, PROTOCOL), -1);
	fd = raw_client(&to);
	gw6c_addr_parse(INNER, &grant.inner);
	entry = tunnels_add(tunnels, &to, &grant, 0);
	make_packet(packet, INNER, OTHER);
	CU_ASSERT_EQUAL(send(fd, packet, PACKET, 0), PACKET);
	CU_ASSERT_EQUAL(get(tun[0], room, sizeof(room)), PACKET);
	CU_ASSERT_EQUAL(memcmp(room, packet, PACKET), 0);
	CU_ASSERT_EQUAL(entry->in_packets, 1); /* one socket for both modes */
	make_packet(packet, OTHER, INNER);
	CU_ASSERT_EQUAL(send(tun[0], packet, PACKET, 0), PACKET);
	CU_ASSERT_EQUAL(get(fd, room, sizeof(room)), 20 + PACKET);
	CU_ASSERT_EQUAL(memcmp(room + 20, packet, PACKET), 0);
	tunnels_remove(tunnels, entry);
	make_packet(packet, INNER, OTHER);
	CU_ASSERT_EQUAL(send(fd, packet, PACKET, 0), PACKET);
	CU_ASSERT_EQUAL(send(fd, "", 0, 0), 0);
	for (int i = 0; i < 1000 && !net_count(net)->junk; i++) {
		struct gw6c_watch *late = loop_timer(loop, 20, stop, NULL);

		CU_ASSERT_PTR_NOT_NULL(late);
		loop_run(loop);
	}
	/* Its own packet came back to the broker, too: the same machine. */
	CU_ASSERT_EQUAL(net_count(net)->unknown, 2);
	CU_ASSERT_EQUAL(net_count(net)->junk, 1);
	CU_ASSERT_EQUAL(recv(fd, room, sizeof(room), 0), -1); /* no bounce */
	close(fd);
	end();
}

static void a_port_in_use_is_named(void)
{
	struct options options = { .listens = 1 };
	struct gw6c_err err = { 0 };
	struct net *second = NULL;
	struct sockaddr_storage addr;
	socklen_t len = sizeof(addr);

	begin();
	getpeername(client[0], (struct sockaddr *)&addr, &len);
	sockaddr_get(&addr, &options.listen[0].literal,
		     &options.listen[0].port);
	snprintf(options.listen[0].host, sizeof(options.listen[0].host), "%s",
		 "127.0.0.1");
	CU_ASSERT_EQUAL(net_open(loop, &options, &modes, tunnels, -1, &events,
				 &second, &err),
			GW6C_ECONFIG);
	CU_ASSERT_PTR_NOT_NULL(strstr(err.text, "cannot listen on 127.0.0.1"));
	CU_ASSERT_PTR_NULL(second);
	CU_ASSERT_EQUAL(net_raw_socket(net, 4, 41), -1);
	end();
}

int main(void)
{
	static const struct unit_test tests[] = {
		UNIT_TEST(control_is_told_by_four_bits_and_answered),
		UNIT_TEST(a_packet_of_a_tunnel_reaches_this_machine),
		UNIT_TEST(a_mode_takes_off_its_header),
		UNIT_TEST(what_a_client_may_not_send_stays_outside),
		UNIT_TEST(the_first_octets_tell_a_packet),
		UNIT_TEST(data_of_no_tunnel_is_answered_once),
		UNIT_TEST(a_packet_goes_to_the_client_it_is_for),
		UNIT_TEST(a_stranger_is_heard_and_sent_little),
		UNIT_TEST(many_packets_keep_their_order),
		UNIT_TEST(ipv4_is_routed_by_its_own_target),
		UNIT_TEST(one_that_cannot_be_sent_costs_no_other),
		UNIT_TEST(what_is_sent_later_goes_the_same_way),
		UNIT_TEST(a_port_in_use_is_named),
		UNIT_TEST(packets_of_a_protocol_have_no_ports),
	};

	return UNIT_RUN("broker: net", tests);
}
