/* test_rudp.c - headers and timers of TSP over UDP. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/tsp/rudp.h"
#include "tests/data/tsp_vectors.h"
#include "tests/unit/unit.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static void datagrams_are_those_of_the_vectors(void)
{
	for (size_t i = 0; i < COUNT(udp_vectors); i++) {
		uint8_t room[128], want[128];
		struct gw6c_buf out = GW6C_BUF(room);
		struct rudp_header header = { rudp_word(udp_vectors[i].n),
					      udp_vectors[i].ms };
		size_t len = unit_hex(udp_vectors[i].hex, want, sizeof(want));

		rudp_put(&out, header, gw6c_text(udp_vectors[i].payload));
		CU_ASSERT_EQUAL(out.len, len);
		CU_ASSERT_EQUAL(memcmp(room, want, len), 0);
	}
}

static void a_datagram_is_read_back_as_it_was_written(void)
{
	uint8_t room[64];
	struct gw6c_buf out = GW6C_BUF(room);
	struct rudp_header header = { 0xf1234567, 0x89abcdef }, got;
	struct gw6c_bytes payload;

	rudp_put(&out, header, gw6c_text("xyz"));
	CU_ASSERT_TRUE(rudp_get(gw6c_got(&out), &got, &payload));
	CU_ASSERT_EQUAL(got.word, header.word);
	CU_ASSERT_EQUAL(got.stamp, header.stamp);
	CU_ASSERT_EQUAL(payload.len, 3);
	CU_ASSERT_EQUAL(memcmp(payload.at, "xyz", 3), 0);
}

static void the_first_nibble_and_the_length_tell_what_it_is(void)
{
	uint8_t octets[64] = { 0 };
	static const struct {
		uint8_t first;
		size_t len;
		enum rudp_what what;
	} cases[] = {
		{ 0xf0, 8, RUDP_CONTROL }, { 0xff, 64, RUDP_CONTROL },
		{ 0xf0, 7, RUDP_JUNK },	   { 0x60, 40, RUDP_DATA6 },
		{ 0x60, 39, RUDP_JUNK },   { 0x45, 64, RUDP_JUNK },
		{ 0x00, 64, RUDP_JUNK },   { 0xf0, 0, RUDP_JUNK },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct gw6c_bytes in = { octets, cases[i].len };

		octets[0] = cases[i].first;
		CU_ASSERT_EQUAL(rudp_what(in), cases[i].what);
	}
}

/* Sends until it gives up, with the waits between them. */
static int schedule(struct rudp_timer *timer, uint32_t *waits, int max)
{
	int n = 0;

	while (n < max && (waits[n] = rudp_timer_send(timer))) {
		rudp_timer_missed(timer);
		n++;
	}
	return n;
}

static void nobody_there_is_given_up_after_three_tries(void)
{
	struct rudp_timer timer;
	uint32_t waits[16];

	rudp_timer_init(&timer);
	CU_ASSERT_EQUAL(schedule(&timer, waits, 16), 3);
	for (int i = 0; i < 3; i++)
		CU_ASSERT_EQUAL(waits[i], 2000);
}

static void a_peer_that_answered_gets_eight_with_growing_waits(void)
{
	static const uint32_t want[] = { 2000, 2000, 2000,  2000,
					 4000, 8000, 16000, 30000 };
	struct rudp_timer timer;
	uint32_t waits[16];

	rudp_timer_init(&timer);
	timer.peer = true;
	CU_ASSERT_EQUAL(schedule(&timer, waits, 16), 8);
	for (int i = 0; i < 8; i++)
		CU_ASSERT_EQUAL(waits[i], want[i]);
}

static void near(double got, double want)
{
	CU_ASSERT_DOUBLE_EQUAL(got, want, 0.000001);
}

static void the_wait_follows_the_round_trips(void)
{
	static const double rows[][4] = {
		{ 0.1, 0.0125, 0.4, 2.0 },
		{ 0.1, 0.023438, 0.321875, 2.0 },
		{ 0.4, 0.070508, 0.335547, 2.0 },
		{ 3.0, 0.436694, 0.984033, 4.372827 },
	};
	struct rudp_timer timer;

	rudp_timer_init(&timer);
	for (size_t i = 0; i < COUNT(rows); i++) {
		timer.retries = 2;
		rudp_timer_answer(&timer, rows[i][0]);
		near(timer.srtt, rows[i][1]);
		near(timer.rttvar, rows[i][2]);
		near(timer.rto, rows[i][3]);
		CU_ASSERT_EQUAL(timer.retries, 0);
		CU_ASSERT_TRUE(timer.peer);
	}
}

static void a_proof_precedes_the_datagram(void)
{
	static const uint8_t number[] = { 9, 8, 7, 6, 5, 4, 3, 2 };
	uint8_t asked[64], plain[64], room[128];
	struct gw6c_buf question = GW6C_BUF(asked), message = GW6C_BUF(plain);
	struct gw6c_buf out = GW6C_BUF(room);
	struct gw6c_bytes in;
	const uint8_t *proof;

	rudp_put(&question, (struct rudp_header){ RUDP_PROVE, 77 },
		 (struct gw6c_bytes){ number, RUDP_PROOF });
	rudp_put(&message, (struct rudp_header){ rudp_word(3), 5 },
		 gw6c_text("xyz"));
	CU_ASSERT_TRUE(
		rudp_put_proof(&out, gw6c_got(&question), gw6c_got(&message)));
	CU_ASSERT_EQUAL(out.len, 16 + message.len);
	in = gw6c_got(&out);
	proof = rudp_get_proof(&in);
	CU_ASSERT_PTR_NOT_NULL_FATAL(proof);
	CU_ASSERT_EQUAL(memcmp(proof, number, sizeof(number)), 0);
	CU_ASSERT_EQUAL(in.len, message.len);
	CU_ASSERT_EQUAL(memcmp(in.at, plain, in.len), 0);
	/* There is none before others, nor in a part of one. */
	CU_ASSERT_PTR_NULL(rudp_get_proof(&in));
	CU_ASSERT_EQUAL(in.len, message.len);
	for (size_t len = 0; len < 16; len++) {
		in = (struct gw6c_bytes){ room, len };
		CU_ASSERT_PTR_NULL(rudp_get_proof(&in));
		CU_ASSERT_EQUAL(in.len, len);
	}
	in = (struct gw6c_bytes){ room, 16 };
	CU_ASSERT_PTR_NOT_NULL(rudp_get_proof(&in));
	CU_ASSERT_EQUAL(in.len, 0);
}

static void only_a_question_for_proof_gets_one(void)
{
	static const uint8_t number[RUDP_PROOF + 1] = { 1 };
	static const struct {
		uint32_t word;
		size_t len;
	} cases[] = { { RUDP_PROVE, RUDP_PROOF - 1 },
		      { RUDP_PROVE, RUDP_PROOF + 1 },
		      { RUDP_PROVE, 0 },
		      { RUDP_LOST, RUDP_PROOF },
		      { 0xf00000f0, RUDP_PROOF },
		      { 0x600000f0, RUDP_PROOF } };
	uint8_t asked[64], room[128];
	struct gw6c_buf out = GW6C_BUF(room);

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct gw6c_buf question = GW6C_BUF(asked);

		rudp_put(&question, (struct rudp_header){ cases[i].word, 77 },
			 (struct gw6c_bytes){ number, cases[i].len });
		CU_ASSERT_FALSE(rudp_put_proof(&out, gw6c_got(&question),
					       gw6c_text("xyz")));
		CU_ASSERT_EQUAL(out.len, 0);
	}
}

int main(void)
{
	static const struct unit_test tests[] = {
		UNIT_TEST(datagrams_are_those_of_the_vectors),
		UNIT_TEST(a_datagram_is_read_back_as_it_was_written),
		UNIT_TEST(the_first_nibble_and_the_length_tell_what_it_is),
		UNIT_TEST(nobody_there_is_given_up_after_three_tries),
		UNIT_TEST(a_peer_that_answered_gets_eight_with_growing_waits),
		UNIT_TEST(the_wait_follows_the_round_trips),
		UNIT_TEST(a_proof_precedes_the_datagram),
		UNIT_TEST(only_a_question_for_proof_gets_one),
	};

	return UNIT_RUN("rudp", tests);
}
