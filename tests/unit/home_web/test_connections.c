/* test_connections.c - how many may be connected, and for how long. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "plugins/home_web/connections.h"
#include "tests/unit/unit.h"
#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

static struct sockaddr_in6 six;
static struct sockaddr_in four;
static int ends[2]; /* the first is with the server */

static const struct sockaddr *from(const char *text)
{
	six = (struct sockaddr_in6){ .sin6_family = AF_INET6 };
	four = (struct sockaddr_in){ .sin_family = AF_INET };
	if (inet_pton(AF_INET6, text, &six.sin6_addr) == 1)
		return (struct sockaddr *)&six;
	inet_pton(AF_INET, text, &four.sin_addr);
	return (struct sockaddr *)&four;
}

static struct connections *begin(void)
{
	static const struct connection_limits limits = { .all = 4,
							 .per_net = 2,
							 .head_s = 10,
							 .idle_s = 15,
							 .slowest = 100 };

	CU_ASSERT_EQUAL_FATAL(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
	return connections_new(&limits);
}

static void end(struct connections *all)
{
	CU_ASSERT_EQUAL(connections_count(all), 0);
	connections_free(all);
	close(ends[0]);
	close(ends[1]);
}

/* Our end of one that was shut reads its end. */
static bool is_shut(void)
{
	char octet;

	return recv(ends[1], &octet, 1, MSG_DONTWAIT) == 0;
}

static void counts_a_household_once(void)
{
	struct connections *all = begin();
	struct connection *one[4];

	one[0] = connections_add(all, -1, from("2001:db8::1"), 0);
	CU_ASSERT_TRUE(connections_admit(all, from("2001:db8::2")));
	one[1] = connections_add(all, -1, from("2001:db8:0:0:ffff::2"), 0);
	CU_ASSERT_FALSE(connections_admit(all, from("2001:db8::3")));
	CU_ASSERT_TRUE(connections_admit(all, from("2001:db8:0:1::1")));
	CU_ASSERT_TRUE(connections_admit(all, from("192.0.2.1")));
	one[2] = connections_add(all, -1, from("192.0.2.1"), 0);
	CU_ASSERT_TRUE(connections_admit(all, from("192.0.2.2")));
	one[3] = connections_add(all, -1, from("192.0.2.2"), 0);
	CU_ASSERT_EQUAL(connections_count(all), 4);
	CU_ASSERT_FALSE(connections_admit(all, from("192.0.2.3")));
	connection_remove(all, one[0]);
	CU_ASSERT_TRUE(connections_admit(all, from("2001:db8::3")));
	for (int i = 1; i < 4; i++)
		connection_remove(all, one[i]);
	connection_remove(all, NULL);
	end(all);
}

static void waits_so_long_for_a_head(void)
{
	struct connections *all = begin();
	struct connection *one =
		connections_add(all, ends[0], from("2001:db8::1"), 1000);

	connections_tick(all, 10999);
	CU_ASSERT_FALSE(is_shut());
	connections_tick(all, 11000);
	CU_ASSERT_TRUE(is_shut());
	connection_remove(all, one);
	end(all);
}

/* Where nobody says whether it has begun. */
static void waits_longer_for_the_next_one(void)
{
	struct connections *all = begin();
	struct connection *one =
		connections_add(all, ends[0], from("2001:db8::1"), 0);

	connection_answer(all, one, 5000);
	connections_tick(all, 60000); /* nothing was said of answers */
	CU_ASSERT_FALSE(is_shut());
	connection_rest(all, one, 60000);
	connections_tick(all, 84999);
	CU_ASSERT_FALSE(is_shut());
	connections_tick(all, 85000);
	CU_ASSERT_TRUE(is_shut());
	connection_remove(all, one);
	end(all);
}

/* The same by TCP, of which the kernel counts the octets. */
static struct connections *begin_tcp(struct connection **one)
{
	struct sockaddr_in at = { .sin_family = AF_INET };
	socklen_t len = sizeof(at);
	struct connections *all = begin();
	int listener = socket(AF_INET, SOCK_STREAM, 0);

	close(ends[0]);
	close(ends[1]);
	at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	CU_ASSERT_EQUAL_FATAL(bind(listener, (void *)&at, len), 0);
	CU_ASSERT_EQUAL_FATAL(listen(listener, 1), 0);
	CU_ASSERT_EQUAL(getsockname(listener, (void *)&at, &len), 0);
	ends[1] = socket(AF_INET, SOCK_STREAM, 0);
	CU_ASSERT_EQUAL_FATAL(connect(ends[1], (void *)&at, len), 0);
	ends[0] = accept(listener, NULL, NULL);
	close(listener);
	*one = connections_add(all, ends[0], from("192.0.2.1"), 0);
	return all;
}

/* An octet of the visitor, which is there then. */
static void say_something(void)
{
	struct pollfd there = { .fd = ends[0], .events = POLLIN };
	char octet = 'G';

	CU_ASSERT_EQUAL(send(ends[1], &octet, 1, 0), 1);
	CU_ASSERT_EQUAL(poll(&there, 1, 20000), 1);
	CU_ASSERT_EQUAL(recv(ends[0], &octet, 1, 0), 1);
}

static bool will_be_shut(void)
{
	struct pollfd there = { .fd = ends[1], .events = POLLIN };

	return poll(&there, 1, 20000) == 1 && is_shut();
}

static void waits_so_long_between_two_requests(void)
{
	struct connection *one;
	struct connections *all = begin_tcp(&one);

	connection_answer(all, one, 1000);
	say_something(); /* with the head, or behind it */
	connection_rest(all, one, 2000);
	connections_tick(all, 16999);
	CU_ASSERT_FALSE(is_shut());
	connections_tick(all, 17000);
	CU_ASSERT_TRUE(will_be_shut());
	connection_remove(all, one);
	end(all);
}

static void gives_a_head_that_has_begun_its_time(void)
{
	struct connection *one;
	struct connections *all = begin_tcp(&one);

	connection_answer(all, one, 0);
	connection_rest(all, one, 0);
	connections_tick(all, 14000);
	say_something();
	connections_tick(all, 15000);
	CU_ASSERT_FALSE(is_shut());
	say_something(); /* no new time for that */
	connections_tick(all, 24999);
	CU_ASSERT_FALSE(is_shut());
	connections_tick(all, 25000);
	CU_ASSERT_TRUE(will_be_shut());
	connection_remove(all, one);
	end(all);
}

/* The next time the same. */
static void rests_after_each_answer(void)
{
	struct connection *one;
	struct connections *all = begin_tcp(&one);

	connection_answer(all, one, 0);
	connection_rest(all, one, 0);
	say_something();
	connections_tick(all, 1000);
	connection_answer(all, one, 2000);
	connection_rest(all, one, 3000);
	connections_tick(all, 17999);
	CU_ASSERT_FALSE(is_shut());
	connections_tick(all, 18000);
	CU_ASSERT_TRUE(will_be_shut());
	connection_remove(all, one);
	end(all);
}

static void ends_who_takes_nothing(void)
{
	struct connections *all = begin();
	struct connection *one =
		connections_add(all, ends[0], from("2001:db8::1"), 0);

	connection_answer(all, one, 1000);
	connections_tick(all, 1000 + CONNECTION_PACE_MS - 1);
	CU_ASSERT_FALSE(is_shut());
	connections_tick(all, 1000 + CONNECTION_PACE_MS);
	CU_ASSERT_TRUE(is_shut());
	connection_remove(all, one);
	end(all);
}

/* There is a deadline for all then. */
static void lets_the_slow_finish_while_it_drains(void)
{
	struct connections *all = begin();
	struct connection *one =
		connections_add(all, ends[0], from("2001:db8::1"), 0);

	connection_answer(all, one, 1000);
	connections_drain(all);
	connections_tick(all, 1000 + CONNECTION_PACE_MS);
	CU_ASSERT_FALSE(is_shut());
	connection_rest(all, one, 2000 + CONNECTION_PACE_MS);
	CU_ASSERT_TRUE(is_shut());
	connection_remove(all, one);
	end(all);
}

static void drains(void)
{
	struct connections *all = begin();
	struct connection *busy =
		connections_add(all, ends[0], from("2001:db8::1"), 0);
	int idle[2];
	struct connection *other;
	char octet;

	CU_ASSERT_EQUAL_FATAL(socketpair(AF_UNIX, SOCK_STREAM, 0, idle), 0);
	other = connections_add(all, idle[0], from("2001:db8::1"), 0);
	connection_answer(all, busy, 0);
	connections_drain(all);
	CU_ASSERT_FALSE(is_shut());
	CU_ASSERT_EQUAL(recv(idle[1], &octet, 1, MSG_DONTWAIT), 0);
	CU_ASSERT_FALSE(connections_admit(all, from("192.0.2.1")));
	connection_rest(all, busy, 10);
	CU_ASSERT_TRUE(is_shut());
	connection_remove(all, busy);
	connection_remove(all, other);
	close(idle[0]);
	close(idle[1]);
	end(all);
}

int main(void)
{
	static const struct unit_test tests[] = {
		UNIT_TEST(counts_a_household_once),
		UNIT_TEST(waits_so_long_for_a_head),
		UNIT_TEST(waits_longer_for_the_next_one),
		UNIT_TEST(waits_so_long_between_two_requests),
		UNIT_TEST(gives_a_head_that_has_begun_its_time),
		UNIT_TEST(rests_after_each_answer),
		UNIT_TEST(ends_who_takes_nothing),
		UNIT_TEST(lets_the_slow_finish_while_it_drains),
		UNIT_TEST(drains),
	};

	return UNIT_RUN("home-web: connections", tests);
}
