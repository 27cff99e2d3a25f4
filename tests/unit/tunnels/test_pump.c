/* test_pump.c - what passes a tunnel, both ways, and what does not. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "tests/fake/fake_host.h"
#include "tests/unit/unit.h"
#include "tunnels/pump.h"
#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

#define OURS "2001:db8:1::2"
#define OTHER "2001:db8:ffff::80"
#define OF_PREFIX "2001:db8:aa:1::77"

static struct pump_rules rules;

/* --- the network's end, which may refuse ---------------------------------- */

static int refuse_at, refuse_error; /* the packet counted from 1; 0: none */
static int offered; /* packets, so far */

int sendmmsg(int fd, struct mmsghdr *message, unsigned n, int flags)
{
	for (unsigned i = 0; i < n; i++) {
		if (offered + 1 == refuse_at && i > 0)
			return (int)i;
		if (++offered == refuse_at) {
			errno = refuse_error;
			return -1;
		}
		if (sendmsg(fd, &message[i].msg_hdr, flags) < 0)
			return i ? (int)i : -1;
	}
	return (int)n;
}

/* A packet of 48 octets. */
static size_t packet(uint8_t *at, const char *source, const char *target)
{
	struct gw6c_addr addr = { 0 };

	memset(at, 0, 48);
	at[0] = 0x60;
	at[5] = 8;
	gw6c_addr_parse(source, &addr);
	memcpy(at + 8, addr.octets, 16);
	gw6c_addr_parse(target, &addr);
	memcpy(at + 24, addr.octets, 16);
	return 48;
}

static enum pump_verdict in(const char *source, const char *target)
{
	uint8_t at[64];
	size_t len = packet(at, source, target);

	return pump_check_in(&rules, at, &len);
}

static enum pump_verdict out(const char *source, const char *target)
{
	uint8_t at[64];

	return pump_check_out(&rules, at, packet(at, source, target));
}

static void only_what_is_for_us_comes_in(void)
{
	CU_ASSERT_EQUAL(in(OTHER, OURS), PUMP_PASS);
	CU_ASSERT_EQUAL(in(OTHER, OF_PREFIX), PUMP_PASS);
	CU_ASSERT_EQUAL(in(OTHER, "ff02::1"), PUMP_PASS);
	CU_ASSERT_EQUAL(in(OTHER, "ff05::1"), PUMP_SPOOF);
	CU_ASSERT_EQUAL(in(OTHER, "2001:db8:1::3"), PUMP_SPOOF);
	CU_ASSERT_EQUAL(in(OTHER, "::1"), PUMP_SPOOF);
	CU_ASSERT_EQUAL(in(OURS, OURS), PUMP_SPOOF);
	CU_ASSERT_EQUAL(in(OF_PREFIX, OURS), PUMP_SPOOF);
}

static void only_what_is_ours_goes_out(void)
{
	CU_ASSERT_EQUAL(out(OURS, OTHER), PUMP_PASS);
	CU_ASSERT_EQUAL(out(OF_PREFIX, OTHER), PUMP_PASS);
	CU_ASSERT_EQUAL(out("fe80::1", "ff02::2"), PUMP_SPOOF);
	CU_ASSERT_EQUAL(out(OTHER, OTHER), PUMP_SPOOF);
	CU_ASSERT_EQUAL(out("::", "ff02::16"), PUMP_SPOOF);
}

static void a_packet_must_be_as_long_as_it_says(void)
{
	uint8_t at[64];

	for (size_t cut = 0; cut <= 60; cut++) {
		size_t len = cut;
		enum pump_verdict want = cut < 48 ? PUMP_JUNK : PUMP_PASS;

		packet(at, OTHER, OURS);
		CU_ASSERT_EQUAL(pump_check_in(&rules, at, &len), want);
		if (cut >= 48)
			CU_ASSERT_EQUAL(len, 48); /* the excess is cut off */
	}
	packet(at, OTHER, OURS);
	at[0] = 0x45;
	CU_ASSERT_EQUAL(pump_check_out(&rules, at, 48), PUMP_JUNK);
}

/* An IPv4 packet of 28 octets. */
static size_t packet4(uint8_t *at, const char *source, const char *target)
{
	struct gw6c_addr addr = { 0 };

	memset(at, 0, 28);
	at[0] = 0x45;
	at[3] = 28;
	gw6c_addr_parse(source, &addr);
	memcpy(at + 12, addr.octets, 4);
	gw6c_addr_parse(target, &addr);
	memcpy(at + 16, addr.octets, 4);
	return 28;
}

static void ipv4_is_held_to_the_same_rules(void)
{
	struct pump_rules four = { .prefix = { .family = 0 } };
	uint8_t at[64];
	size_t len;

	gw6c_addr_parse("192.0.2.7", &four.inner);
	len = packet4(at, "203.0.113.9", "192.0.2.7");
	CU_ASSERT_EQUAL(pump_check_in(&four, at, &len), PUMP_PASS);
	CU_ASSERT_EQUAL(pump_check_out(&four, at, len), PUMP_SPOOF);
	len = packet4(at, "203.0.113.9", "192.0.2.8");
	CU_ASSERT_EQUAL(pump_check_in(&four, at, &len), PUMP_SPOOF);
	len = packet4(at, "203.0.113.9", "224.0.0.1");
	CU_ASSERT_EQUAL(pump_check_in(&four, at, &len), PUMP_PASS);
	len = packet4(at, "203.0.113.9", "224.0.1.1");
	CU_ASSERT_EQUAL(pump_check_in(&four, at, &len), PUMP_SPOOF);
	len = packet4(at, "192.0.2.7", "203.0.113.9");
	CU_ASSERT_EQUAL(pump_check_in(&four, at, &len), PUMP_SPOOF);
	CU_ASSERT_EQUAL(pump_check_out(&four, at, len), PUMP_PASS);
	for (len = 0; len < 28; len++)
		CU_ASSERT_EQUAL(pump_check_out(&four, at, len), PUMP_JUNK);
	len = 40;
	packet4(at, "203.0.113.9", "192.0.2.7");
	CU_ASSERT_EQUAL(pump_check_in(&four, at, &len), PUMP_PASS);
	CU_ASSERT_EQUAL(len, 28);
	at[3] = 19; /* less than its own header */
	CU_ASSERT_EQUAL(pump_check_in(&four, at, &len), PUMP_JUNK);
	len = packet(at, OTHER, OURS);
	CU_ASSERT_EQUAL(pump_check_in(&four, at, &len), PUMP_JUNK);
}

/* A pump between two pairs of sockets that stand for device and network. */
struct rig {
	struct fake_host fake;
	struct pump *pump;
	int tun[2], net[2]; /* [0] the pump's, [1] the test's */
};

static uint32_t mtu = 1280;

static void rig_open(struct rig *rig, enum pump_outer outer)
{
	struct gw6c_err err = { 0 };
	struct pump_ends ends = { .outer = outer, .mtu = mtu };

	refuse_at = offered = 0;
	fake_host_init(&rig->fake);
	CU_ASSERT_EQUAL_FATAL(socketpair(AF_UNIX,
					 SOCK_SEQPACKET | SOCK_NONBLOCK, 0,
					 rig->tun),
			      0);
	CU_ASSERT_EQUAL_FATAL(socketpair(AF_UNIX,
					 SOCK_SEQPACKET | SOCK_NONBLOCK, 0,
					 rig->net),
			      0);
	ends.tun = rig->tun[0];
	ends.sock = rig->net[0];
	CU_ASSERT_EQUAL_FATAL(pump_open(&rig->fake.host, &ends, &rules,
					&rig->pump, &err),
			      GW6C_OK);
}

static void rig_close(struct rig *rig)
{
	pump_close(rig->pump);
	CU_ASSERT_EQUAL(fake_host_left(&rig->fake), 0);
	for (int i = 0; i < 2; i++) {
		close(rig->tun[i]);
		close(rig->net[i]);
	}
}

static void packets_are_moved_both_ways_and_counted(void)
{
	struct rig rig;
	struct gw6c_counters count;
	uint8_t sent[64], got[64];
	size_t len;

	rig_open(&rig, PUMP_UDP);
	for (int i = 0; i < 40; i++) {
		len = packet(sent, OTHER, OURS);
		sent[47] = (uint8_t)i;
		CU_ASSERT_EQUAL(send(rig.net[1], sent, len, 0), 48);
		len = packet(sent, OURS, OTHER);
		sent[47] = (uint8_t)i;
		CU_ASSERT_EQUAL(send(rig.tun[1], sent, len, 0), 48);
	}
	fake_host_ready(&rig.fake, rig.net[0], GW6C_READ);
	fake_host_ready(&rig.fake, rig.tun[0], GW6C_READ);
	for (int i = 0; i < 40; i++) {
		CU_ASSERT_EQUAL(recv(rig.tun[1], got, sizeof(got), 0), 48);
		CU_ASSERT_EQUAL(got[47], i);
		CU_ASSERT_EQUAL(recv(rig.net[1], got, sizeof(got), 0), 48);
		CU_ASSERT_EQUAL(got[47], i);
	}
	pump_count(rig.pump, &count);
	CU_ASSERT_EQUAL(count.in_packets, 40);
	CU_ASSERT_EQUAL(count.out_packets, 40);
	CU_ASSERT_EQUAL(count.in_octets, 40 * 48);
	CU_ASSERT_EQUAL(count.in_dropped + count.out_dropped, 0);
	rig_close(&rig);
}

/* A packet that the network refuses is lost, and no other. */
static void a_refused_packet_is_lost_alone(void)
{
	static const int errors[] = { EAGAIN,	    ENOBUFS,	 ENOMEM,
				      EHOSTUNREACH, ENETUNREACH, ECONNREFUSED,
				      EMSGSIZE,	    EPERM,	 ENETDOWN,
				      EIO,	    EINVAL,	 EPROTO,
				      ENOPROTOOPT,  EHOSTDOWN };

	for (size_t i = 0; i < sizeof(errors) / sizeof(errors[0]); i++) {
		struct gw6c_counters count;
		struct rig rig;
		uint8_t sent[64], got[64];
		size_t len = packet(sent, OURS, OTHER);

		rig_open(&rig, PUMP_UDP);
		refuse_at = 1 + (int)i % 5;
		refuse_error = errors[i];
		for (int k = 1; k <= 5; k++) {
			sent[47] = (uint8_t)k;
			send(rig.tun[1], sent, len, 0);
		}
		fake_host_ready(&rig.fake, rig.tun[0], GW6C_READ);
		for (int k = 1; k <= 5; k++) {
			if (k == refuse_at)
				continue;
			CU_ASSERT_EQUAL(recv(rig.net[1], got, sizeof(got), 0),
					48);
			CU_ASSERT_EQUAL(got[47], k);
		}
		CU_ASSERT_EQUAL(recv(rig.net[1], got, sizeof(got), 0), -1);
		pump_count(rig.pump, &count);
		CU_ASSERT_EQUAL(count.out_packets, 4);
		CU_ASSERT_EQUAL(count.out_octets, 4 * 48);
		CU_ASSERT_EQUAL(count.out_dropped, 1);
		CU_ASSERT_EQUAL(rig.fake.broken, 0);
		rig_close(&rig);
	}
}

static void an_interrupted_send_goes_on(void)
{
	struct gw6c_counters count;
	struct rig rig;
	uint8_t sent[64];

	rig_open(&rig, PUMP_UDP);
	refuse_at = 1;
	refuse_error = EINTR;
	send(rig.tun[1], sent, packet(sent, OURS, OTHER), 0);
	fake_host_ready(&rig.fake, rig.tun[0], GW6C_READ);
	pump_count(rig.pump, &count);
	CU_ASSERT_EQUAL(count.out_packets, 1);
	CU_ASSERT_EQUAL(count.out_dropped, 0);
	rig_close(&rig);
}

static void a_socket_that_is_gone_is_told(void)
{
	struct gw6c_counters count;
	struct rig rig;
	uint8_t sent[64];

	rig_open(&rig, PUMP_UDP);
	refuse_at = 2;
	refuse_error = EBADF;
	for (int i = 0; i < 3; i++)
		send(rig.tun[1], sent, packet(sent, OURS, OTHER), 0);
	fake_host_ready(&rig.fake, rig.tun[0], GW6C_READ);
	CU_ASSERT_EQUAL(rig.fake.broken, 1);
	CU_ASSERT_PTR_NOT_NULL(strstr(rig.fake.log, "the tunnel's socket: "));
	CU_ASSERT_EQUAL(offered, 2);
	pump_count(rig.pump, &count);
	CU_ASSERT_EQUAL(count.out_packets, 1);
	CU_ASSERT_EQUAL(count.out_dropped, 1);
	rig_close(&rig);
}

/* A packet may be larger than the tunnel's own, and not by much. */
static void large_packets_pass_as_far_as_there_is_room(void)
{
	static const struct {
		uint32_t mtu;
		size_t most;
	} cases[] = { { 1280, PUMP_PACKET }, { 9000, 9000 + PUMP_EXCESS } };
	static uint8_t sent[10000];

	for (int i = 0; i < 2; i++) {
		struct gw6c_counters count;
		struct rig rig;
		size_t most = cases[i].most;

		mtu = cases[i].mtu;
		rig_open(&rig, PUMP_UDP);
		mtu = 1280;
		packet(sent, OTHER, OURS);
		for (size_t len = most; len <= most + 1; len++) {
			sent[4] = (uint8_t)((len - 40) >> 8);
			sent[5] = (uint8_t)(len - 40);
			send(rig.net[1], sent, len, 0);
		}
		fake_host_ready(&rig.fake, rig.net[0], GW6C_READ);
		pump_count(rig.pump, &count);
		CU_ASSERT_EQUAL(count.in_packets, 1);
		CU_ASSERT_EQUAL(count.in_octets, most);
		CU_ASSERT_EQUAL(count.in_dropped, 1);
		rig_close(&rig);
	}
}

static void what_must_not_pass_is_counted_and_nothing_else(void)
{
	struct rig rig;
	struct gw6c_counters count;
	uint8_t sent[PUMP_PACKET + 100] = { 0 }, got[64];

	rig_open(&rig, PUMP_UDP);
	send(rig.net[1], sent, packet(sent, OURS, OURS), 0);
	send(rig.net[1], sent, 3, 0);
	packet(sent, OTHER, OURS);
	sent[4] = 0xff;
	send(rig.net[1], sent, 48, 0);
	send(rig.net[1], sent, sizeof(sent), 0);
	send(rig.tun[1], sent, packet(sent, OTHER, OTHER), 0);
	fake_host_ready(&rig.fake, rig.net[0], GW6C_READ);
	fake_host_ready(&rig.fake, rig.tun[0], GW6C_READ);
	CU_ASSERT_TRUE(recv(rig.tun[1], got, sizeof(got), 0) < 0);
	CU_ASSERT_TRUE(recv(rig.net[1], got, sizeof(got), 0) < 0);
	pump_count(rig.pump, &count);
	CU_ASSERT_EQUAL(count.in_dropped, 4);
	CU_ASSERT_EQUAL(count.out_dropped, 1);
	CU_ASSERT_EQUAL(rig.fake.broken, 0);
	rig_close(&rig);
}

static void control_datagrams_go_to_the_core(void)
{
	static const uint8_t control[] = { 0xff, 0xff, 0xff, 0xff, 0,  0,
					   0,	 0,    '3',  '1',  '0' };
	struct rig rig;
	uint8_t got[64];

	rig_open(&rig, PUMP_UDP);
	send(rig.net[1], control, sizeof(control), 0);
	fake_host_ready(&rig.fake, rig.net[0], GW6C_READ);
	CU_ASSERT_EQUAL(rig.fake.control_len, sizeof(control));
	CU_ASSERT_EQUAL(memcmp(rig.fake.control, control, sizeof(control)), 0);
	CU_ASSERT_TRUE(recv(rig.tun[1], got, sizeof(got), 0) < 0);
	rig_close(&rig);
}

/* An IPv4 header of so many octets, and our packet behind it. */
static size_t raw_packet(uint8_t *at, size_t header)
{
	memset(at, 0, header);
	at[0] = (uint8_t)(0x40 | header / 4);
	return header + packet(at + header, OTHER, OURS);
}

static void a_raw_socket_gives_an_outer_header(void)
{
	struct rig rig;
	struct gw6c_counters count;
	uint8_t sent[200], got[200];

	rig_open(&rig, PUMP_RAW4);
	for (size_t header = 0; header <= 60; header += 4)
		send(rig.net[1], sent, raw_packet(sent, header), 0);
	send(rig.net[1], sent, 19, 0);
	fake_host_ready(&rig.fake, rig.net[0], GW6C_READ);
	for (size_t header = 20; header <= 60; header += 4) {
		CU_ASSERT_EQUAL(recv(rig.tun[1], got, sizeof(got), 0), 48);
		CU_ASSERT_EQUAL(got[0], 0x60);
	}
	CU_ASSERT_TRUE(recv(rig.tun[1], got, sizeof(got), 0) < 0);
	pump_count(rig.pump, &count);
	CU_ASSERT_EQUAL(count.in_packets, 11);
	CU_ASSERT_EQUAL(count.in_dropped, 6);
	rig_close(&rig);
}

/* There are no control datagrams beside the packets of a raw socket. */
static void a_raw_socket_has_no_control(void)
{
	static const uint8_t control[48] = { 0xff, 0xff, 0xff, 0xff };
	struct rig rig;
	struct gw6c_counters count;

	rig_open(&rig, PUMP_RAW6);
	send(rig.net[1], control, sizeof(control), 0);
	fake_host_ready(&rig.fake, rig.net[0], GW6C_READ);
	CU_ASSERT_EQUAL(rig.fake.control_len, 0);
	pump_count(rig.pump, &count);
	CU_ASSERT_EQUAL(count.in_dropped, 1);
	rig_close(&rig);
}

/* More packets than are sent at a time make no more of it. */
static void a_socket_that_is_gone_is_told_once(void)
{
	struct rig rig;
	uint8_t sent[64];

	rig_open(&rig, PUMP_UDP);
	refuse_at = 2;
	refuse_error = EBADF;
	for (int i = 0; i < 150; i++)
		CU_ASSERT_TRUE(send(rig.tun[1], sent, packet(sent, OURS, OTHER),
				    0) > 0);
	fake_host_ready(&rig.fake, rig.tun[0], GW6C_READ);
	CU_ASSERT_EQUAL(rig.fake.broken, 1);
	CU_ASSERT_EQUAL(offered, 2);
	rig_close(&rig);
}

static void a_device_that_is_gone_is_told_once(void)
{
	struct rig rig;
	int gone;

	rig_open(&rig, PUMP_UDP);
	gone = rig.tun[0];
	rig.tun[0] = dup(gone);
	close(gone);
	fake_host_ready(&rig.fake, gone, GW6C_READ);
	fake_host_ready(&rig.fake, gone, GW6C_READ);
	CU_ASSERT_EQUAL(rig.fake.broken, 1);
	rig_close(&rig);
}

/* --- senders that are told ---------------------------------------------- */

#define STALE "2001:db8:bb::9" /* of a prefix that was ours */

/* Header of the answer, and of its message; the packet follows. */
static const uint8_t refusal[48] = {
	0x60, 0,    0,	  0,	0, 56,	 58, 64, /* 56 octets of ICMPv6 */
	0x20, 0x01, 0x0d, 0xb8, 0, 1,	 0,  0,	 0, 0, 0, 0, 0, 0, 0, 2, /* OURS */
	0x20, 0x01, 0x0d, 0xb8, 0, 0xbb, 0,  0,	 0, 0, 0, 0, 0, 0, 0, 9, 1,
	5,    0xd4, 0x90, 0,	0, 0,	 0,
};

static size_t stale(uint8_t *at, uint8_t next, uint8_t first)
{
	size_t len = packet(at, STALE, OTHER);

	at[6] = next;
	at[40] = first;
	return len;
}

static size_t refused(uint8_t next, uint8_t first)
{
	uint8_t at[64], out[PUMP_ANSWER];
	size_t len = stale(at, next, first);

	return pump_refuse(&rules, at, len, out);
}

static void a_stale_source_is_refused_by_icmpv6(void)
{
	uint8_t at[64], out[PUMP_ANSWER];
	size_t len = stale(at, 17, 0);

	CU_ASSERT_EQUAL(pump_refuse(&rules, at, len, out), 96);
	CU_ASSERT_EQUAL(memcmp(out, refusal, 48), 0);
	CU_ASSERT_EQUAL(memcmp(out + 48, at, 48), 0);
	CU_ASSERT_TRUE(pump_is_refusal(&rules, out, 96));
	CU_ASSERT_EQUAL(pump_check_out(&rules, out, 96), PUMP_PASS);
}

/* RFC 8200 section 8.1: with its checksum, the sum is all ones. */
static bool sums_up(const uint8_t *answer, size_t len)
{
	unsigned sum = (unsigned)len - 40 + 58;

	for (size_t i = 8; i < len; i += 2)
		sum += (unsigned)(answer[i] << 8 | answer[i + 1]);
	sum = (sum & 0xffff) + (sum >> 16);
	sum = (sum & 0xffff) + (sum >> 16);
	return sum == 0xffff;
}

static void a_refusal_has_its_checksum(void)
{
	uint8_t at[64], out[PUMP_ANSWER];
	size_t len = stale(at, 17, 0);
	int wrong = 0;

	for (int i = 0; i <= 0xffff; i++) {
		at[46] = (uint8_t)(i >> 8);
		at[47] = (uint8_t)i;
		CU_ASSERT_EQUAL_FATAL(pump_refuse(&rules, at, len, out), 96);
		wrong += !sums_up(out, 96);
	}
	CU_ASSERT_EQUAL(wrong, 0);
}

static void a_refusal_fits_everywhere(void)
{
	uint8_t at[1500] = { 0 }, out[PUMP_ANSWER];

	stale(at, 17, 0);
	at[4] = 1460 >> 8;
	at[5] = 1460 & 0xff;
	memset(at + 48, 0xa5, sizeof(at) - 48);
	CU_ASSERT_EQUAL(pump_refuse(&rules, at, sizeof(at), out), 1280);
	CU_ASSERT_EQUAL(out[4] << 8 | out[5], 1240);
	CU_ASSERT_EQUAL(memcmp(out + 48, at, 1280 - 48), 0);
	CU_ASSERT_TRUE(sums_up(out, 1280));
}

static void no_error_answers_an_error(void)
{
	CU_ASSERT_EQUAL(refused(58, 1), 0); /* unreachable */
	CU_ASSERT_EQUAL(refused(58, 127), 0);
	CU_ASSERT_EQUAL(refused(58, 128), 96); /* echo request */
	CU_ASSERT_EQUAL(refused(58, 136), 96);
	CU_ASSERT_EQUAL(refused(58, 137), 0); /* redirect */
	CU_ASSERT_EQUAL(refused(58, 138), 96);
	CU_ASSERT_EQUAL(refused(6, 1), 96);
	CU_ASSERT_EQUAL(refused(44, 0), 0); /* who knows what it is of */
}

/* An error in a packet with extension headers is one, too. */
static void extension_headers_are_passed_over(void)
{
	static const uint8_t kinds[] = { 0, 43, 60 };
	uint8_t at[80], out[PUMP_ANSWER];

	for (size_t i = 0; i < sizeof(kinds); i++) {
		memset(at, 0, sizeof(at));
		stale(at, kinds[i], 58);
		at[41] = 1; /* 16 octets */
		at[56] = 128;
		at[5] = 24;
		CU_ASSERT_EQUAL(pump_refuse(&rules, at, 64, out), 112);
		at[56] = 3;
		CU_ASSERT_EQUAL(pump_refuse(&rules, at, 64, out), 0);
		CU_ASSERT_EQUAL(pump_refuse(&rules, at, 56, out), 0);
		at[41] = 255; /* beyond the packet */
		CU_ASSERT_EQUAL(pump_refuse(&rules, at, 64, out), 0);
	}
}

static size_t refused_of(const char *source, const char *target)
{
	uint8_t at[64], out[PUMP_ANSWER];
	size_t len = packet(at, source, target);

	at[6] = 17;
	return pump_refuse(&rules, at, len, out);
}

static void only_a_single_sender_is_told(void)
{
	CU_ASSERT_EQUAL(refused_of("fd00::1", OTHER), 96);
	CU_ASSERT_EQUAL(refused_of("fc00::1", OTHER), 96);
	CU_ASSERT_EQUAL(refused_of("3fff::1", OTHER), 96);
	CU_ASSERT_EQUAL(refused_of("::", OTHER), 0);
	CU_ASSERT_EQUAL(refused_of("::1", OTHER), 0);
	CU_ASSERT_EQUAL(refused_of("fe80::1", OTHER), 0);
	CU_ASSERT_EQUAL(refused_of("4000::1", OTHER), 0);
	CU_ASSERT_EQUAL(refused_of("ff02::1", OTHER), 0);
	CU_ASSERT_EQUAL(refused_of(STALE, "ff05::2"), 0);
}

static void what_is_no_ipv6_is_not_answered(void)
{
	struct pump_rules four = { .inner = { .family = 4 } };
	uint8_t at[64], out[PUMP_ANSWER];
	size_t len = stale(at, 17, 0);

	CU_ASSERT_EQUAL(pump_refuse(&four, at, len, out), 0);
	CU_ASSERT_EQUAL(pump_refuse(&rules, at, 40, out), 0);
	CU_ASSERT_EQUAL(pump_refuse(&rules, at, 39, out), 0);
	at[0] = 0x45;
	CU_ASSERT_EQUAL(pump_refuse(&rules, at, len, out), 0);
}

/* A firewall here may say the same of what came in: that is to go out. */
static void refusals_of_others_pass(void)
{
	uint8_t at[64], out[PUMP_ANSWER];

	pump_refuse(&rules, at, stale(at, 17, 0), out);
	packet(out + 48, STALE, OURS);
	CU_ASSERT_FALSE(pump_is_refusal(&rules, out, 96));
	packet(out + 48, STALE, OF_PREFIX);
	CU_ASSERT_FALSE(pump_is_refusal(&rules, out, 96));
	packet(out + 48, STALE, OTHER);
	CU_ASSERT_TRUE(pump_is_refusal(&rules, out, 96));
	CU_ASSERT_TRUE(pump_is_refusal(&rules, out, 88));
	CU_ASSERT_FALSE(pump_is_refusal(&rules, out, 87));
	out[41] = 4;
	CU_ASSERT_FALSE(pump_is_refusal(&rules, out, 96));
	out[41] = 5;
	out[40] = 3;
	CU_ASSERT_FALSE(pump_is_refusal(&rules, out, 96));
	out[40] = 1;
	out[6] = 17;
	CU_ASSERT_FALSE(pump_is_refusal(&rules, out, 96));
	out[6] = 58;
	out[23] = 3; /* of somebody in the prefix */
	CU_ASSERT_FALSE(pump_is_refusal(&rules, out, 96));
}

static int answers(struct rig *rig, int packets)
{
	uint8_t sent[64], got[2048];
	int n = 0;

	for (int i = 0; i < packets; i++) {
		send(rig->tun[1], sent, stale(sent, 17, 0), 0);
		fake_host_ready(&rig->fake, rig->tun[0], GW6C_READ);
	}
	while (recv(rig->tun[1], got, sizeof(got), 0) == 96)
		n += memcmp(got, refusal, 48) == 0;
	return n;
}

/* RFC 4443 section 2.4 (f) */
static void senders_are_told_ten_times_a_second(void)
{
	struct rig rig;
	struct gw6c_counters count;
	uint8_t sent[PUMP_ANSWER];
	uint8_t at[64], got[64];
	size_t len;

	rig_open(&rig, PUMP_UDP);
	CU_ASSERT_EQUAL(answers(&rig, 15), 10);
	fake_host_pass(&rig.fake, 99);
	CU_ASSERT_EQUAL(answers(&rig, 5), 0);
	fake_host_pass(&rig.fake, 1);
	CU_ASSERT_EQUAL(answers(&rig, 5), 1);
	fake_host_pass(&rig.fake, 60000);
	CU_ASSERT_EQUAL(answers(&rig, 15), 10);
	pump_count(rig.pump, &count);
	CU_ASSERT_EQUAL(count.out_dropped, 40);
	/* It comes back: nobody there has that address. */
	len = pump_refuse(&rules, at, stale(at, 17, 0), sent);
	send(rig.tun[1], sent, len, 0);
	fake_host_ready(&rig.fake, rig.tun[0], GW6C_READ);
	CU_ASSERT_TRUE(recv(rig.net[1], got, sizeof(got), 0) < 0);
	CU_ASSERT_TRUE(recv(rig.tun[1], got, sizeof(got), 0) < 0);
	pump_count(rig.pump, &count);
	CU_ASSERT_EQUAL(count.out_dropped, 41);
	CU_ASSERT_EQUAL(count.out_packets, 0);
	rig_close(&rig);
}

int main(void)
{
	static const struct unit_test tests[] = {
		UNIT_TEST(only_what_is_for_us_comes_in),
		UNIT_TEST(only_what_is_ours_goes_out),
		UNIT_TEST(a_packet_must_be_as_long_as_it_says),
		UNIT_TEST(ipv4_is_held_to_the_same_rules),
		UNIT_TEST(packets_are_moved_both_ways_and_counted),
		UNIT_TEST(a_refused_packet_is_lost_alone),
		UNIT_TEST(an_interrupted_send_goes_on),
		UNIT_TEST(a_socket_that_is_gone_is_told),
		UNIT_TEST(large_packets_pass_as_far_as_there_is_room),
		UNIT_TEST(what_must_not_pass_is_counted_and_nothing_else),
		UNIT_TEST(control_datagrams_go_to_the_core),
		UNIT_TEST(a_raw_socket_gives_an_outer_header),
		UNIT_TEST(a_raw_socket_has_no_control),
		UNIT_TEST(a_socket_that_is_gone_is_told_once),
		UNIT_TEST(a_device_that_is_gone_is_told_once),
		UNIT_TEST(a_stale_source_is_refused_by_icmpv6),
		UNIT_TEST(a_refusal_has_its_checksum),
		UNIT_TEST(a_refusal_fits_everywhere),
		UNIT_TEST(no_error_answers_an_error),
		UNIT_TEST(extension_headers_are_passed_over),
		UNIT_TEST(only_a_single_sender_is_told),
		UNIT_TEST(what_is_no_ipv6_is_not_answered),
		UNIT_TEST(refusals_of_others_pass),
		UNIT_TEST(senders_are_told_ten_times_a_second),
	};

	gw6c_addr_parse(OURS, &rules.inner);
	gw6c_addr_parse("2001:db8:aa::", &rules.prefix);
	rules.prefix.bits = 48;
	return UNIT_RUN("pump", tests);
}
