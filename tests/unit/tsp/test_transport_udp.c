/* test_transport_udp.c - a broker that asks for proof before it answers. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/tsp/rudp.h"
#include "core/tsp/transport.h"
#include "tests/unit/unit.h"
#include <netinet/in.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

static const uint8_t number[] = { 1, 2, 3, 4, 5, 6, 7, 8 };

/* The broker's question. */
enum question { GOOD, OTHER_STAMP, OTHER_WORD, SHORT, LONG };

static struct loop *loop;
static struct gw6c_watch *guard;
static struct transport *transport;
static int peer;
static enum question question;
static int asks; /* questions that are asked, at most */
static int plain, proofs; /* messages that came */
static bool right; /* the proofs */
static char answer[100];
static int errors;

static void put_question(struct rudp_header header)
{
	uint8_t room[64];
	struct gw6c_buf out = GW6C_BUF(room);

	header.word = question == OTHER_WORD ? 0xfffffffdu : RUDP_PROVE;
	header.stamp ^= question == OTHER_STAMP ? 0x10000000 : 0;
	rudp_put(&out, header,
		 (struct gw6c_bytes){ number, question == SHORT ? 7 : 8 });
	if (question == LONG)
		gw6c_put(&out, "x", 1);
	send(peer, out.at, out.len, 0);
}

static void put_answer(struct rudp_header header)
{
	uint8_t room[64];
	struct gw6c_buf out = GW6C_BUF(room);

	rudp_put(&out, header, gw6c_text("200 OK\r\n"));
	send(peer, out.at, out.len, 0);
}

static void on_peer(void *arg, int ready)
{
	struct sockaddr_in from;
	socklen_t size = sizeof(from);
	uint8_t room[2048];
	ssize_t len = recvfrom(peer, room, sizeof(room), 0,
			       (struct sockaddr *)&from, &size);
	struct gw6c_bytes datagram = { room, (size_t)len }, payload;
	const uint8_t *proof = rudp_get_proof(&datagram);
	struct rudp_header header;

	(void)arg;
	(void)ready;
	connect(peer, (struct sockaddr *)&from, size);
	CU_ASSERT_TRUE_FATAL(rudp_get(datagram, &header, &payload));
	CU_ASSERT_EQUAL(payload.len, 5);
	CU_ASSERT_EQUAL(memcmp(payload.at, "hello", 5), 0);
	CU_ASSERT_EQUAL(header.word, rudp_word(0));
	if (proof) {
		proofs++;
		right = memcmp(proof, number, sizeof(number)) == 0;
	} else {
		plain++;
	}
	if (plain + proofs <= asks)
		put_question(header);
	else
		put_answer(header);
}

static void on_done(void *arg, struct gw6c_bytes got,
		    const struct gw6c_err *err)
{
	(void)arg;
	errors += err->rc != 0;
	snprintf(answer, sizeof(answer), "%.*s", (int)got.len, got.at);
	loop_stop(loop);
}

static void on_guard(void *arg)
{
	(void)arg;
	guard = NULL;
	loop_stop(loop);
}

static void play(enum question kind, int times, uint32_t guard_ms)
{
	struct sockaddr_in at = { .sin_family = AF_INET };
	socklen_t size = sizeof(at);
	struct gw6c_addr addr, none = { 0 };
	struct gw6c_err err = { 0 };
	struct gw6c_watch *reader;

	question = kind;
	asks = times;
	plain = proofs = errors = 0;
	right = false;
	*answer = 0;
	loop = loop_new();
	at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	peer = socket(AF_INET, SOCK_DGRAM, 0);
	CU_ASSERT_EQUAL(bind(peer, (struct sockaddr *)&at, sizeof(at)), 0);
	getsockname(peer, (struct sockaddr *)&at, &size);
	gw6c_addr_parse("127.0.0.1", &addr);
	CU_ASSERT_EQUAL_FATAL(transport_udp(loop, &addr, ntohs(at.sin_port),
					    &none, on_done, NULL, &transport,
					    &err),
			      GW6C_OK);
	reader = loop_fd(loop, peer, GW6C_READ, on_peer, NULL);
	guard = loop_timer(loop, guard_ms, on_guard, NULL);
	transport_ask(transport, gw6c_text("hello"), WANT_LINE);
	loop_run(loop);
	transport_free(transport);
	loop_forget(reader);
	loop_forget(guard);
	close(peer);
	loop_free(loop);
}

static void a_question_is_answered_at_once(void)
{
	play(GOOD, 1, 1500);
	CU_ASSERT_STRING_EQUAL(answer, "200 OK\r\n");
	CU_ASSERT_EQUAL(plain, 1);
	CU_ASSERT_EQUAL(proofs, 1);
	CU_ASSERT_TRUE(right);
	CU_ASSERT_EQUAL(errors, 0);
}

/* What was not asked by somebody who has our datagram, or is no question. */
static void other_questions_are_not_answered(void)
{
	static const enum question kinds[] = { OTHER_STAMP, OTHER_WORD, SHORT,
					       LONG };

	for (int i = 0; i < 4; i++) {
		play(kinds[i], 1, 300);
		CU_ASSERT_EQUAL(plain, 1);
		CU_ASSERT_EQUAL(proofs, 0);
		CU_ASSERT_STRING_EQUAL(answer, "");
	}
}

/* Two who ask each other must stop. */
static void questions_without_end_are_not_answered(void)
{
	play(GOOD, 100, 300);
	CU_ASSERT_EQUAL(plain, 1);
	CU_ASSERT_EQUAL(proofs, 3);
	CU_ASSERT_STRING_EQUAL(answer, "");
}

int main(void)
{
	static const struct unit_test tests[] = {
		UNIT_TEST(a_question_is_answered_at_once),
		UNIT_TEST(other_questions_are_not_answered),
		UNIT_TEST(questions_without_end_are_not_answered),
	};

	return UNIT_RUN("transport: udp", tests);
}
