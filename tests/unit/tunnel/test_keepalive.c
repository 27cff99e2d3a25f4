/* test_keepalive.c - pings, replies and misses, over a socket pair instead of
 * the network, with a clock of the test's. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/tunnel/keepalive.h"
#include "fake_loop.h"
#include "tests/unit/unit.h"
#include <errno.h>
#include <netinet/icmp6.h>
#include <netinet/in.h>
#include <netinet/ip_icmp.h>
#include <sys/socket.h>
#include <unistd.h>

static int near = -1, far = -1; /* the keepalive's end, and the broker's */
static int asked_family, asked_protocol;
static bool no_socket, no_bind;

/* In the place of the library's: a keepalive needs no network here. */
int socket(int family, int type, int protocol)
{
	int pair[2];

	(void)type;
	asked_family = family;
	asked_protocol = protocol;
	errno = EPERM;
	if (no_socket || socketpair(AF_UNIX, SOCK_DGRAM, 0, pair) < 0)
		return -1;
	near = pair[0];
	far = pair[1];
	return near;
}

int bind(int fd, const struct sockaddr *addr, socklen_t len)
{
	(void)fd;
	(void)addr;
	(void)len;
	errno = EADDRNOTAVAIL;
	return no_bind ? -1 : 0;
}

int connect(int fd, const struct sockaddr *addr, socklen_t len)
{
	(void)fd;
	(void)addr;
	(void)len;
	return 0;
}

static bool filtered, unlabelled; /* only echo replies; flow label 0 */

int setsockopt(int fd, int level, int name, const void *value, socklen_t len)
{
	struct icmp6_filter filter;

	(void)fd;
	if (level == IPPROTO_ICMPV6 && name == ICMP6_FILTER &&
	    len == sizeof(filter)) {
		memcpy(&filter, value, sizeof(filter));
		filtered = ICMP6_FILTER_WILLPASS(ICMP6_ECHO_REPLY, &filter) &&
			   ICMP6_FILTER_WILLBLOCK(ICMP6_ECHO_REQUEST, &filter);
	}
#ifdef IPV6_AUTOFLOWLABEL
	if (level == IPPROTO_IPV6 && name == IPV6_AUTOFLOWLABEL)
		unlabelled = *(const int *)value == 0;
#endif
	return 0;
}

static int send_errno; /* 0: it is sent */

ssize_t send(int fd, const void *at, size_t len, int flags)
{
	if (fd != near || !send_errno)
		return sendto(fd, at, len, flags, NULL, 0);
	errno = send_errno;
	return -1;
}

static struct loop *loop;
static struct keepalive *ka;
static int alive, missed, misses, rounds, bound;
static int bind_rc;
static uint8_t ping[64];
static ssize_t ping_len;

static void on_alive(void *arg, double rtt_ms)
{
	(void)arg;
	CU_ASSERT_TRUE(rtt_ms >= 0);
	alive++;
}

static void on_missed(void *arg, int n)
{
	(void)arg;
	missed++;
	misses = n;
}

static void on_round(void *arg)
{
	(void)arg;
	rounds++;
}

static bool traffic; /* something came through since it was asked last */
static int deaf, mute;

static bool on_heard(void *arg)
{
	bool was = traffic;

	(void)arg;
	traffic = false;
	return was;
}

static void on_deaf(void *arg, bool is_mute)
{
	(void)arg;
	deaf++;
	mute += is_mute;
}

static int denied;

static void on_denied(void *arg)
{
	(void)arg;
	denied++;
}

static int on_bind(void *arg, int fd, struct gw6c_err *err)
{
	(void)arg;
	CU_ASSERT_EQUAL(fd, near);
	bound++;
	return bind_rc ? gw6c_fail(err, bind_rc, "not this one") : GW6C_OK;
}

/* The pings that wait at the broker, the last in ping. */
static int pings(void)
{
	int n = 0;
	ssize_t len;

	while ((len = recv(far, ping, sizeof(ping), MSG_DONTWAIT)) > 0) {
		ping_len = len;
		n++;
	}
	return n;
}

static int try_begin(int family, uint32_t interval_s, struct gw6c_err *err)
{
	const struct keepalive_events events = { .alive = on_alive,
						 .missed = on_missed,
						 .denied = on_denied,
						 .heard = on_heard,
						 .deaf = on_deaf,
						 .round = on_round,
						 .bind = on_bind };
	struct gw6c_lease lease = { .keepalive_s = interval_s };

	gw6c_addr_parse(family == 6 ? "2001:db8::2" : "192.0.2.2",
			&lease.inner);
	gw6c_addr_parse(family == 6 ? "2001:db8::1" : "192.0.2.1",
			&lease.keepalive);
	loop = loop_new();
	filtered = unlabelled = false;
	alive = missed = misses = rounds = bound = 0;
	alive = missed = misses = rounds = bound = deaf = mute = 0;
	ka = NULL;
	return keepalive_start(loop, &lease, &events, &ka, err);
}

static void begin(int family, uint32_t interval_s)
{
	struct gw6c_err err = { 0 };

	CU_ASSERT_EQUAL_FATAL(try_begin(family, interval_s, &err), GW6C_OK);
}

static void end(void)
{
	keepalive_stop(ka);
	CU_ASSERT_EQUAL(fake_loop_left(), 0);
	close(far);
}

static void answer(uint8_t type)
{
	ping[0] = type;
	CU_ASSERT_EQUAL(send(far, ping, (size_t)ping_len, 0), ping_len);
	fake_loop_ready(near);
}

static void a_round_lasts_half_an_interval_at_most(void)
{
	CU_ASSERT_EQUAL(keepalive_round_ms(1), 500);
	CU_ASSERT_EQUAL(keepalive_round_ms(9), 4500);
	CU_ASSERT_EQUAL(keepalive_round_ms(10), 5000);
	CU_ASSERT_EQUAL(keepalive_round_ms(11), 5000);
	CU_ASSERT_EQUAL(keepalive_round_ms(600), 5000);
}

static void the_first_reply_is_news(void)
{
	double rtt_ms = -1;

	begin(6, 30);
	CU_ASSERT_EQUAL(asked_family, AF_INET6);
	CU_ASSERT_EQUAL(asked_protocol, IPPROTO_ICMPV6);
	CU_ASSERT_TRUE(filtered);
#ifdef IPV6_AUTOFLOWLABEL
	CU_ASSERT_TRUE(unlabelled);
#endif
	CU_ASSERT_EQUAL(bound, 1);
	CU_ASSERT_EQUAL(pings(), 1);
	CU_ASSERT_EQUAL(ping_len, 16);
	CU_ASSERT_EQUAL(ping[0], ICMP6_ECHO_REQUEST);
	CU_ASSERT_EQUAL(ping[1], 0);
	CU_ASSERT_EQUAL(keepalive_age_ms(ka, &rtt_ms), -1);
	answer(ICMP6_ECHO_REPLY);
	CU_ASSERT_EQUAL(alive, 1);
	answer(ICMP6_ECHO_REPLY); /* the same once more */
	CU_ASSERT_EQUAL(alive, 1);
	fake_loop_pass(700);
	CU_ASSERT_EQUAL(keepalive_age_ms(ka, &rtt_ms), 700);
	CU_ASSERT_TRUE(rtt_ms >= 0);
	CU_ASSERT_EQUAL(pings(), 0);
	end();
}

/* From the start of a round: three quarters of the interval, and up to all of
 * it. */
static void the_next_round_is_in_the_last_quarter(void)
{
	bool differ = false;
	uint32_t first = 0;

	for (int i = 0; i < 40; i++) {
		uint32_t ms = 0;

		begin(6, 8);
		pings();
		fake_loop_pass(1000);
		answer(ICMP6_ECHO_REPLY);
		fake_loop_pass(6000 - 1000 - 1);
		CU_ASSERT_EQUAL(pings(), 0);
		while (ms <= 2001 && !pings()) {
			fake_loop_pass(1);
			ms++;
		}
		CU_ASSERT_TRUE(ms >= 1 && ms <= 2001);
		if (i == 0)
			first = ms;
		differ = differ || ms != first;
		end();
	}
	CU_ASSERT_TRUE(differ);
}

static void three_pings_unanswered_are_a_miss(void)
{
	begin(6, 30); /* a ping each 1666 ms */
	CU_ASSERT_EQUAL(pings(), 1);
	fake_loop_pass(1665);
	CU_ASSERT_EQUAL(pings(), 0);
	CU_ASSERT_EQUAL(rounds, 0);
	fake_loop_pass(1);
	CU_ASSERT_EQUAL(pings(), 1);
	CU_ASSERT_EQUAL(rounds, 1);
	fake_loop_pass(1666);
	CU_ASSERT_EQUAL(pings(), 1);
	CU_ASSERT_EQUAL(missed, 0);
	fake_loop_pass(1666);
	CU_ASSERT_EQUAL(pings(), 1); /* of the next round */
	CU_ASSERT_EQUAL(missed, 1);
	CU_ASSERT_EQUAL(misses, 1);
	fake_loop_pass(3 * 1666);
	CU_ASSERT_EQUAL(misses, 2);
	fake_loop_pass(3 * 1666);
	CU_ASSERT_EQUAL(misses, 3);
	CU_ASSERT_EQUAL(KEEPALIVE_MISSES, 3);
	fake_loop_pass(3 * 1666);
	CU_ASSERT_EQUAL(misses, 4); /* and it goes on */
	CU_ASSERT_EQUAL(alive, 0);
	CU_ASSERT_EQUAL(pings(), 9);
	answer(ICMP6_ECHO_REPLY);
	CU_ASSERT_EQUAL(alive, 1);
	CU_ASSERT_EQUAL(keepalive_age_ms(ka, &(double){ 0 }), 0);
	end();
}

/* Where an interval is short, each ping has a sixth of it. */
static void a_short_interval_has_short_rounds(void)
{
	begin(6, 8);
	pings();
	for (int i = 0; i < 6; i++) {
		fake_loop_pass(1332);
		CU_ASSERT_EQUAL(pings(), 0);
		fake_loop_pass(1);
		CU_ASSERT_EQUAL(pings(), 1);
	}
	CU_ASSERT_EQUAL(missed, 2);
	end();
}

/* The answer to an earlier ping of the round says nothing of the way's length,
 * since it is not known when that was sent. */
static void a_late_reply_has_no_round_trip_time(void)
{
	uint8_t first[64];
	double rtt_ms = -1;

	begin(6, 30);
	pings();
	memcpy(first, ping, sizeof(first));
	fake_loop_pass(1666);
	CU_ASSERT_EQUAL(pings(), 1);
	memcpy(ping, first, sizeof(first));
	answer(ICMP6_ECHO_REPLY);
	CU_ASSERT_EQUAL(alive, 1);
	CU_ASSERT_NOT_EQUAL(keepalive_age_ms(ka, &rtt_ms), -1);
	CU_ASSERT_EQUAL(rtt_ms, 0);
	end();
	begin(6, 30);
	pings();
	answer(ICMP6_ECHO_REPLY);
	keepalive_age_ms(ka, &rtt_ms);
	CU_ASSERT_TRUE(rtt_ms > 0);
	end();
}

/* When the next round begins is left to chance, so these wait for it. */
static void pass_until_ping(void)
{
	int ms = 0;

	while (!pings() && ms++ < 60000)
		fake_loop_pass(1);
}

static void pass_until_missed(int n)
{
	int ms = 0;

	while (missed < n && ms++ < 60000)
		fake_loop_pass(1);
}

static void a_reply_after_a_miss_is_news(void)
{
	uint8_t old[8];

	begin(6, 30);
	pings();
	memcpy(old, ping + 8, sizeof(old));
	answer(ICMP6_ECHO_REPLY);
	pass_until_ping();
	CU_ASSERT_NOT_EQUAL(memcmp(old, ping + 8, sizeof(old)), 0);
	answer(ICMP6_ECHO_REPLY);
	CU_ASSERT_EQUAL(alive, 1);
	pass_until_missed(2);
	CU_ASSERT_EQUAL(misses, 2);
	pings();
	answer(ICMP6_ECHO_REPLY);
	CU_ASSERT_EQUAL(alive, 2);
	pass_until_missed(3);
	CU_ASSERT_EQUAL(misses, 1); /* counted anew */
	end();
}

static void what_is_not_ours_is_no_reply(void)
{
	static const int at[] = { 0, 4, 5, 8, 15 }; /* type, id, cookie */
	uint8_t good[64];

	begin(6, 30);
	pings();
	memcpy(good, ping, sizeof(good));
	good[0] = ICMP6_ECHO_REPLY;
	for (size_t i = 0; i < sizeof(at) / sizeof(at[0]); i++) {
		uint8_t bad[64];

		memcpy(bad, good, sizeof(bad));
		bad[at[i]] ^= 1;
		send(far, bad, 16, 0);
		fake_loop_ready(near);
	}
	send(far, good, 15, 0);
	fake_loop_ready(near);
	CU_ASSERT_EQUAL(alive, 0);
	send(far, good, 16, 0);
	fake_loop_ready(near);
	CU_ASSERT_EQUAL(alive, 1);
	end();
	/* With more behind it, it is one. */
	begin(6, 30);
	pings();
	memcpy(good, ping, 16);
	good[0] = ICMP6_ECHO_REPLY;
	send(far, good, 40, 0);
	fake_loop_ready(near);
	CU_ASSERT_EQUAL(alive, 1);
	end();
}

static unsigned sum_of(const uint8_t *octets, size_t len)
{
	unsigned sum = 0;

	for (size_t i = 0; i < len; i += 2)
		sum += (unsigned)octets[i] << 8 | octets[i + 1];
	while (sum >> 16)
		sum = (sum >> 16) + (sum & 0xffff);
	return sum;
}

static void over_ipv4_there_is_a_header_and_a_checksum(void)
{
	uint8_t packet[257] = { 0x46 }; /* six words */

	begin(4, 30);
	CU_ASSERT_EQUAL(asked_family, AF_INET);
	CU_ASSERT_EQUAL(asked_protocol, IPPROTO_ICMP);
	CU_ASSERT_FALSE(filtered);
	for (int i = 0; i < 50; i++) {
		CU_ASSERT_EQUAL(pings(), 1);
		CU_ASSERT_EQUAL(ping[0], ICMP_ECHO);
		CU_ASSERT_EQUAL(sum_of(ping, 16), 0xffff);
		keepalive_now(ka);
	}
	pings();
	memcpy(packet + 24, ping, 16);
	packet[24] = ICMP_ECHOREPLY;
	send(far, packet, 257, 0);
	fake_loop_ready(near);
	send(far, packet, 39, 0);
	fake_loop_ready(near);
	CU_ASSERT_EQUAL(alive, 0);
	send(far, packet, 40, 0);
	fake_loop_ready(near);
	CU_ASSERT_EQUAL(alive, 1);
	end();
}

static void one_can_ask_at_once(void)
{
	uint8_t old[8];

	begin(6, 30);
	pings();
	answer(ICMP6_ECHO_REPLY);
	memcpy(old, ping + 8, sizeof(old));
	fake_loop_pass(2000);
	keepalive_now(ka);
	CU_ASSERT_EQUAL(pings(), 1);
	CU_ASSERT_NOT_EQUAL(memcmp(old, ping + 8, sizeof(old)), 0);
	CU_ASSERT_EQUAL(fake_loop_left(), 2);
	fake_loop_pass(4998);
	CU_ASSERT_EQUAL(missed, 1);
	keepalive_now(NULL);
	end();
}

static void a_network_that_keeps_changing_hides_no_loss(void)
{
	uint8_t cookie[8];

	begin(6, 30);
	CU_ASSERT_EQUAL(pings(), 1);
	memcpy(cookie, ping + 8, sizeof(cookie));
	for (int ms = 0; ms < 3 * 1666 - 1; ms++) {
		keepalive_now(ka);
		fake_loop_pass(1);
		CU_ASSERT_TRUE(pings() >= 1);
		CU_ASSERT_EQUAL(memcmp(cookie, ping + 8, sizeof(cookie)), 0);
	}
	CU_ASSERT_EQUAL(missed, 0);
	fake_loop_pass(1);
	CU_ASSERT_EQUAL(missed, 1);
	CU_ASSERT_EQUAL(rounds, 3);
	/* A reply to a ping in between counts. */
	pings();
	keepalive_now(ka);
	CU_ASSERT_EQUAL(pings(), 1);
	answer(ICMP6_ECHO_REPLY);
	CU_ASSERT_EQUAL(alive, 1);
	/* A doubt stays one, and takes no longer. */
	keepalive_doubt(ka);
	for (int ms = 0; ms < 299; ms++) {
		keepalive_now(ka);
		pings();
		fake_loop_pass(1);
	}
	CU_ASSERT_EQUAL(denied, 0);
	fake_loop_pass(1);
	CU_ASSERT_EQUAL(denied, 1);
	CU_ASSERT_EQUAL(missed, 1);
	end();
	denied = 0;
	/* What this machine lets out of these tells nothing of the round's. */
	send_errno = EPERM;
	begin(6, 30);
	for (int i = 0; i < 3; i++) {
		keepalive_now(ka);
		fake_loop_pass(1666);
	}
	CU_ASSERT_EQUAL(mute, 1);
	CU_ASSERT_EQUAL(missed, 0);
	send_errno = 0;
	end();
}

static void a_doubt_is_settled_in_a_short_round(void)
{
	begin(6, 30);
	pings();
	answer(ICMP6_ECHO_REPLY);
	/* It is answered: nothing comes of it, and the next round is as usual. */
	keepalive_doubt(ka);
	fake_loop_pass(199);
	CU_ASSERT_EQUAL(pings(), 2);
	answer(ICMP6_ECHO_REPLY);
	fake_loop_pass(20000);
	CU_ASSERT_EQUAL(pings(), 0);
	CU_ASSERT_EQUAL(denied + missed, 0);
	CU_ASSERT_EQUAL(alive, 1);
	pass_until_ping();
	fake_loop_pass(4997);
	CU_ASSERT_EQUAL(denied + missed, 0);
	fake_loop_pass(1);
	CU_ASSERT_EQUAL(missed, 1);
	CU_ASSERT_EQUAL(denied, 0);
	/* It is not: three pings in 0.3 s. */
	keepalive_doubt(ka);
	fake_loop_pass(150);
	keepalive_doubt(ka); /* it is under way */
	fake_loop_pass(149);
	CU_ASSERT_EQUAL(denied, 0);
	fake_loop_pass(1);
	CU_ASSERT_EQUAL(denied, 1);
	CU_ASSERT_EQUAL(missed, 1);
	end();
	denied = 0;
}

static void in_doubt_other_packets_count_too(void)
{
	begin(6, 30);
	keepalive_doubt(ka); /* how long the way is, is not known */
	fake_loop_pass(1000);
	traffic = true;
	fake_loop_pass(499);
	CU_ASSERT_EQUAL(deaf, 0);
	fake_loop_pass(1);
	CU_ASSERT_EQUAL(denied, 0);
	CU_ASSERT_EQUAL(deaf, 1);
	fake_loop_pass(20000);
	CU_ASSERT_EQUAL(denied, 0);
	end();
}

/* A firewall of this machine may drop the replies: only silence is a loss. */
static void a_round_with_other_packets_is_not_missed(void)
{
	begin(6, 30);
	traffic = true;
	fake_loop_pass(2 * 1666);
	CU_ASSERT_EQUAL(deaf, 0);
	CU_ASSERT_EQUAL(pings(), 3);
	fake_loop_pass(1666);
	CU_ASSERT_EQUAL(deaf, 1);
	CU_ASSERT_EQUAL(missed, 0);
	CU_ASSERT_EQUAL(alive, 0);
	/* The next round has its time, and no sooner. */
	fake_loop_pass(22500 - 3 * 1666 - 1);
	CU_ASSERT_EQUAL(pings(), 0);
	pass_until_ping();
	traffic = true;
	fake_loop_pass(3 * 1666);
	CU_ASSERT_EQUAL(deaf, 2);
	CU_ASSERT_EQUAL(missed, 0);
	pass_until_missed(2);
	CU_ASSERT_EQUAL(misses, 2);
	traffic = true;
	fake_loop_pass(3 * 1666);
	CU_ASSERT_EQUAL(deaf, 3);
	CU_ASSERT_EQUAL(mute, 0);
	pass_until_missed(3);
	CU_ASSERT_EQUAL(misses, 1); /* counted anew */
	end();
}

/* A firewall of this machine drops our own pings: nobody was asked. */
static void a_round_without_a_ping_is_not_missed(void)
{
	send_errno = EPERM;
	begin(6, 30);
	fake_loop_pass(3 * 1666);
	CU_ASSERT_EQUAL(deaf, 1);
	CU_ASSERT_EQUAL(mute, 1);
	CU_ASSERT_EQUAL(missed, 0);
	send_errno = 0;
	pass_until_ping();
	send_errno = EPERM; /* one is enough to be answered */
	fake_loop_pass(3 * 1666);
	CU_ASSERT_EQUAL(missed, 1);
	CU_ASSERT_EQUAL(mute, 1);
	send_errno = ENETUNREACH; /* may well be the tunnel's end */
	pass_until_missed(2);
	pass_until_missed(3);
	CU_ASSERT_EQUAL(deaf, 1);
	send_errno = 0;
	end();
}

/* What came before a round tells nothing of it. */
static void packets_before_a_round_do_not_count(void)
{
	begin(6, 30);
	pings();
	answer(ICMP6_ECHO_REPLY);
	traffic = true;
	pass_until_ping();
	fake_loop_pass(3 * 1666);
	CU_ASSERT_EQUAL(missed, 1);
	CU_ASSERT_EQUAL(deaf, 0);
	end();
}

static void without_rights_it_says_so(void)
{
	struct gw6c_err err = { 0 };

	no_socket = true;
	CU_ASSERT_EQUAL(try_begin(6, 30, &err), GW6C_EOS);
	CU_ASSERT_PTR_NOT_NULL(strstr(err.text, "CAP_NET_RAW"));
	no_socket = false;
	no_bind = true;
	CU_ASSERT_EQUAL(try_begin(6, 30, &err), GW6C_EOS);
	close(far);
	no_bind = false;
	bind_rc = GW6C_ENET;
	CU_ASSERT_EQUAL(try_begin(6, 30, &err), GW6C_ENET);
	CU_ASSERT_STRING_EQUAL(err.text, "not this one");
	close(far);
	bind_rc = 0;
	CU_ASSERT_EQUAL(fake_loop_left(), 0);
	CU_ASSERT_EQUAL(keepalive_age_ms(NULL, NULL), -1);
}

int main(void)
{
	static const struct unit_test tests[] = {
		UNIT_TEST(a_round_lasts_half_an_interval_at_most),
		UNIT_TEST(the_first_reply_is_news),
		UNIT_TEST(the_next_round_is_in_the_last_quarter),
		UNIT_TEST(three_pings_unanswered_are_a_miss),
		UNIT_TEST(a_short_interval_has_short_rounds),
		UNIT_TEST(a_late_reply_has_no_round_trip_time),
		UNIT_TEST(a_reply_after_a_miss_is_news),
		UNIT_TEST(what_is_not_ours_is_no_reply),
		UNIT_TEST(over_ipv4_there_is_a_header_and_a_checksum),
		UNIT_TEST(one_can_ask_at_once),
		UNIT_TEST(a_network_that_keeps_changing_hides_no_loss),
		UNIT_TEST(a_doubt_is_settled_in_a_short_round),
		UNIT_TEST(in_doubt_other_packets_count_too),
		UNIT_TEST(a_round_with_other_packets_is_not_missed),
		UNIT_TEST(a_round_without_a_ping_is_not_missed),
		UNIT_TEST(packets_before_a_round_do_not_count),
		UNIT_TEST(without_rights_it_says_so),
	};

	return UNIT_RUN("keepalive", tests);
}
