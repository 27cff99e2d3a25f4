/* test_transport.c - answers over TCP, in whatever pieces they come, and what
 * is told when there is none. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/tsp/transport.h"
#include "core/tsp/transport_parts.h"
#include "tests/unit/unit.h"
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#define GUARD_MS 20000
#define PIECES 4

static struct loop *loop;
static struct gw6c_watch *guard, *acceptor, *reader, *pause_end;
static struct transport *transport;
static int listener, peer;
static struct sockaddr_in seen; /* where the peer sees us */

/* What the peer sends for the first message. */
static const char *pieces[PIECES];
static size_t flood; /* octets that it sends instead */
static int sent;
static enum { STAYS, HANGS_UP, RESETS } then;

static char answer[TRANSPORT_MAX + 1];
static struct gw6c_err err;
static int answers;
static char asked[64]; /* all that came */
static size_t asked_len;

/* What the system takes of our message at a time: octets, or an errno. */
static const int *takes; /* 0 ends */

ssize_t send(int fd, const void *at, size_t len, int flags)
{
	if (transport && fd == transport->fd && takes && *takes) {
		int now = *takes++;

		if (now < 0) {
			errno = -now;
			return -1;
		}
		len = len < (size_t)now ? len : (size_t)now;
	}
	return sendto(fd, at, len, flags, NULL, 0);
}

static void leave(void)
{
	const struct linger now = { .l_onoff = 1 };

	if (then == RESETS)
		setsockopt(peer, SOL_SOCKET, SO_LINGER, &now, sizeof(now));
	if (then == STAYS)
		return;
	loop_forget(reader);
	reader = NULL;
	close(peer);
	peer = -1;
}

static void send_flood(void)
{
	char room[1000];

	memset(room, 'x', sizeof(room));
	for (size_t left = flood; left;) {
		size_t n = left < sizeof(room) ? left : sizeof(room);

		CU_ASSERT_EQUAL(send(peer, room, n, 0), (ssize_t)n);
		left -= n;
	}
	flood = 0;
}

static void on_pause(void *arg);

/* Each piece comes by itself. */
static void send_piece(void)
{
	send_flood();
	if (sent == PIECES || !pieces[sent]) {
		leave();
		return;
	}
	if (*pieces[sent] == '0') /* NULs between messages */
		send(peer, "\0\0", 2, 0);
	else
		send(peer, pieces[sent], strlen(pieces[sent]), 0);
	sent++;
	pause_end = loop_timer(loop, 20, on_pause, NULL);
}

static void on_pause(void *arg)
{
	(void)arg;
	pause_end = NULL;
	send_piece();
}

static void on_peer(void *arg, int ready)
{
	ssize_t len =
		recv(peer, asked + asked_len, sizeof(asked) - 1 - asked_len, 0);

	(void)arg;
	(void)ready;
	if (len <= 0) {
		loop_forget(reader);
		reader = NULL;
	} else {
		asked_len += (size_t)len;
		if (!sent)
			send_piece();
	}
}

static void on_accept(void *arg, int ready)
{
	socklen_t size = sizeof(seen);

	(void)arg;
	(void)ready;
	loop_forget(acceptor);
	acceptor = NULL;
	peer = accept(listener, (struct sockaddr *)&seen, &size);
	reader = loop_fd(loop, peer, GW6C_READ, on_peer, NULL);
}

static void on_done(void *arg, struct gw6c_bytes got,
		    const struct gw6c_err *why)
{
	(void)arg;
	answers++;
	err = *why;
	snprintf(answer, sizeof(answer), "%.*s", (int)got.len, got.at);
	loop_stop(loop);
}

static void on_guard(void *arg)
{
	(void)arg;
	guard = NULL;
	loop_stop(loop);
}

/* To a port of ours, where somebody listens or not. */
static void dial(bool listens)
{
	struct sockaddr_in at = { .sin_family = AF_INET };
	socklen_t size = sizeof(at);
	struct gw6c_addr addr, none = { 0 };

	at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	listener = socket(AF_INET, SOCK_STREAM, 0);
	CU_ASSERT_EQUAL(bind(listener, (struct sockaddr *)&at, sizeof(at)), 0);
	CU_ASSERT_TRUE(!listens || listen(listener, 1) == 0);
	getsockname(listener, (struct sockaddr *)&at, &size);
	gw6c_addr_parse("127.0.0.1", &addr);
	CU_ASSERT_EQUAL_FATAL(transport_tcp(loop, &addr, ntohs(at.sin_port),
					    &none, on_done, NULL, &transport,
					    &err),
			      GW6C_OK);
	acceptor = listens ? loop_fd(loop, listener, GW6C_READ, on_accept, NULL)
			   : NULL;
}

static void prepare(const char *a, const char *b, const char *c)
{
	pieces[0] = a;
	pieces[1] = b;
	pieces[2] = c;
	sent = answers = 0;
	flood = 0;
	peer = -1;
	memset(asked, 0, sizeof(asked));
	asked_len = 0;
	then = STAYS;
	loop = loop_new();
}

static void begin(const char *a, const char *b, const char *c)
{
	prepare(a, b, c);
	dial(true);
}

static void ask(const char *text, enum transport_want want)
{
	int before = answers;

	answer[0] = 0;
	guard = loop_timer(loop, GUARD_MS, on_guard, NULL);
	transport_ask(transport, gw6c_text(text), want);
	CU_ASSERT_EQUAL(answers, before); /* never inside of it */
	loop_run(loop);
	CU_ASSERT_EQUAL(answers, before + 1);
	loop_forget(guard);
	guard = NULL;
}

static void end(void)
{
	transport_free(transport);
	transport = NULL;
	loop_forget(acceptor);
	loop_forget(reader);
	loop_forget(pause_end);
	acceptor = reader = pause_end = NULL;
	if (peer >= 0)
		close(peer);
	close(listener);
	loop_free(loop);
}

static void a_line_may_come_in_pieces(void)
{
	begin("200 O", "K\r", "\n");
	ask("hello", WANT_LINE);
	CU_ASSERT_STRING_EQUAL(answer, "200 OK\r\n");
	CU_ASSERT_EQUAL(err.rc, GW6C_OK);
	CU_ASSERT_STRING_EQUAL(asked, "hello");
	CU_ASSERT_TRUE(transport_answered(transport));
	CU_ASSERT_FALSE(transport_contradicted(transport));
	CU_ASSERT_FALSE(transport_is_udp(transport));
	end();
}

/* What comes behind an answer belongs to the next one. */
static void answers_may_come_together(void)
{
	static const struct {
		const char *pieces[3], *first, *second;
		enum transport_want want;
	} cases[] = {
		{ { "200 A\r\n200 B\r\n" },
		  "200 A\r\n",
		  "200 B\r\n",
		  WANT_LINE },
		{ { "0", "200 A\r\n", "200 B\r\n" },
		  "200 A\r\n",
		  "200 B\r\n",
		  WANT_LINE },
		{ { "1100 R\r\n<tunnel>", "</tunnel", ">200 B\r\n" },
		  "1100 R\r\n<tunnel></tunnel>",
		  "200 B\r\n",
		  WANT_LINE },
		{ { "Content-length: 5\r\nhel", "lo200 B\r\n" },
		  "hello",
		  "200 B\r\n",
		  WANT_BODY },
		{ { "500 no\r\n200 B\r\n" },
		  "500 no\r\n",
		  "200 B\r\n",
		  WANT_BODY },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		begin(cases[i].pieces[0], cases[i].pieces[1],
		      cases[i].pieces[2]);
		ask("hello", cases[i].want);
		CU_ASSERT_STRING_EQUAL(answer, cases[i].first);
		ask("more", WANT_LINE);
		CU_ASSERT_STRING_EQUAL(answer, cases[i].second);
		end();
	}
}

static void nothing_may_be_wanted(void)
{
	begin("200 A\r\n", NULL, NULL);
	ask("hello", WANT_NOTHING);
	CU_ASSERT_STRING_EQUAL(answer, "");
	CU_ASSERT_EQUAL(err.rc, GW6C_OK);
	ask("", WANT_LINE);
	CU_ASSERT_STRING_EQUAL(answer, "200 A\r\n");
	CU_ASSERT_STRING_EQUAL(asked, "hello");
	end();
}

static void no_answer_is_told_apart(void)
{
	static const struct {
		const char *piece;
		int then, rc;
		const char *text;
	} cases[] = {
		{ "Content-length: 9\r\nabc", HANGS_UP, GW6C_ENET,
		  "the broker closed the connection in the middle of a "
		  "reply" },
		{ NULL, HANGS_UP, GW6C_ENET,
		  "the broker closed the connection" },
		{ "Content-length: 9\r\nabc", RESETS, GW6C_ENET,
		  "Connection reset by peer" },
		{ "Content-length: x\r\n", STAYS, GW6C_EPEER,
		  "the broker's answer has no usable Content-length" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		begin(cases[i].piece, NULL, NULL);
		then = cases[i].then;
		ask("hello", WANT_BODY);
		CU_ASSERT_EQUAL(err.rc, cases[i].rc);
		CU_ASSERT_STRING_EQUAL(err.text, cases[i].text);
		CU_ASSERT_STRING_EQUAL(answer, "");
		end();
	}
}

static void an_answer_has_an_end(void)
{
	begin(NULL, NULL, NULL);
	flood = TRANSPORT_MAX;
	ask("hello", WANT_LINE);
	CU_ASSERT_EQUAL(err.rc, GW6C_EPEER);
	CU_ASSERT_STRING_EQUAL(err.text, "the broker's answer is too long");
	end();
	/* One octet less could still end. */
	begin(NULL, NULL, NULL);
	flood = TRANSPORT_MAX - 1;
	then = HANGS_UP;
	ask("hello", WANT_LINE);
	CU_ASSERT_EQUAL(err.rc, GW6C_ENET);
	CU_ASSERT_PTR_NOT_NULL(strstr(err.text, "in the middle of a reply"));
	end();
}

static void a_message_may_go_in_pieces(void)
{
	static const int pieces_of[] = { 2, -EAGAIN, 3, -EINTR, 4, 0 };
	static const int broken[] = { 2, -EPIPE, 0 };

	begin("200 A\r\n", NULL, NULL);
	takes = pieces_of;
	ask("how do you do?", WANT_LINE);
	CU_ASSERT_STRING_EQUAL(answer, "200 A\r\n");
	for (int i = 0; i < 20 && asked_len < 14; i++)
		on_peer(NULL, GW6C_READ);
	CU_ASSERT_EQUAL(asked_len, 14);
	CU_ASSERT_TRUE(recv(peer, answer, 1, MSG_DONTWAIT) < 0);
	CU_ASSERT_STRING_EQUAL(asked, "how do you do?");
	CU_ASSERT_EQUAL(*takes, 0);
	end();
	begin(NULL, NULL, NULL);
	takes = broken;
	ask("how do you do?", WANT_LINE);
	CU_ASSERT_EQUAL(err.rc, GW6C_ENET);
	CU_ASSERT_STRING_EQUAL(err.text, "Broken pipe");
	takes = NULL;
	end();
}

static void nobody_there_is_told(void)
{
	prepare(NULL, NULL, NULL);
	dial(false);
	ask("hello", WANT_LINE);
	CU_ASSERT_EQUAL(err.rc, GW6C_ENET);
	CU_ASSERT_STRING_EQUAL(err.text, "Connection refused");
	CU_ASSERT_FALSE(transport_answered(transport));
	end();
}

static int descriptors(void)
{
	int n = 0;

	for (int fd = 0; fd < 256; fd++)
		n += fcntl(fd, F_GETFD) >= 0;
	return n;
}

static void the_socket_is_known_and_closed(void)
{
	struct gw6c_addr addr;
	char text[GW6C_ADDR_TEXT];
	uint16_t port;
	int before = descriptors();

	begin("200 A\r\n", NULL, NULL);
	ask("hello", WANT_LINE);
	transport_local(transport, &addr, &port);
	CU_ASSERT_STRING_EQUAL(gw6c_addr_text(&addr, text), "127.0.0.1");
	CU_ASSERT_EQUAL(port, ntohs(seen.sin_port));
	CU_ASSERT_EQUAL(transport_socket(transport), transport->fd);
	CU_ASSERT_PTR_NULL(transport->reader);
	end();
	CU_ASSERT_EQUAL(descriptors(), before);
}

int main(void)
{
	static const struct unit_test tests[] = {
		UNIT_TEST(a_line_may_come_in_pieces),
		UNIT_TEST(answers_may_come_together),
		UNIT_TEST(nothing_may_be_wanted),
		UNIT_TEST(no_answer_is_told_apart),
		UNIT_TEST(an_answer_has_an_end),
		UNIT_TEST(a_message_may_go_in_pieces),
		UNIT_TEST(nobody_there_is_told),
		UNIT_TEST(the_socket_is_known_and_closed),
	};

	return UNIT_RUN("transport: tcp", tests);
}
