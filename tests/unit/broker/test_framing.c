/* test_broker_framing.c - whole messages out of a stream in pieces. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "broker/dialog/framing.h"
#include "tests/unit/unit.h"
#include <stdlib.h>

static enum framing next(enum frame frame, const char *text, size_t len,
			 struct gw6c_bytes *message, size_t *used)
{
	struct gw6c_bytes in = { (const uint8_t *)text, len };

	return framing_next(frame, in, message, used);
}

/* All of `text` is one message behind `skipped` octets: no shorter piece of it
 * is one, and what follows it is left alone. */
static void is_whole(enum frame frame, const char *text, size_t len,
		     size_t skipped)
{
	char *more = calloc(1, len + 8);
	struct gw6c_bytes message;
	size_t used;

	memcpy(more, text, len);
	memset(more + len, 'x', 8);
	for (size_t cut = 0; cut < len; cut++) {
		char *piece = malloc(cut + 1); /* so that overreads show */

		memcpy(piece, text, cut);
		CU_ASSERT_EQUAL(next(frame, piece, cut, &message, &used),
				FRAMING_MORE);
		CU_ASSERT_EQUAL(used, 0);
		free(piece);
	}
	CU_ASSERT_EQUAL(next(frame, more, len + 8, &message, &used),
			FRAMING_WHOLE);
	CU_ASSERT_EQUAL(used, len);
	CU_ASSERT_EQUAL(message.len, len - skipped);
	CU_ASSERT_EQUAL(memcmp(message.at, text + skipped, len - skipped), 0);
	free(more);
}

#define WHOLE(frame, text, skipped)                                            \
	is_whole(frame, text, sizeof(text) - 1, skipped)

static void a_line_ends_with_its_lf(void)
{
	WHOLE(FRAME_LINE, "VERSION=2.0.2\r\n", 0);
	WHOLE(FRAME_LINE, "VERSION=2.0.2\n", 0);
	WHOLE(FRAME_LINE, "\r\n", 0);
}

static void nuls_between_lines_are_skipped(void)
{
	WHOLE(FRAME_LINE, "\0AUTHENTICATE PLAIN\r\n", 1);
	WHOLE(FRAME_LINE, "\0\0\0AUTHENTICATE PLAIN\r\n", 3);
}

/* Padding is an end; without it, a line end or a NUL is one. */
static void bare_base64_ends_where_it_can(void)
{
	static const struct {
		const char *text;
		size_t len, skipped, message;
		enum framing framing;
	} cases[] = {
		{ "QUJDRA==", 8, 0, 8, FRAMING_WHOLE },
		{ "QUJDREU=", 8, 0, 8, FRAMING_WHOLE },
		{ "QUJD", 4, 0, 0, FRAMING_MORE },
		{ "QUJDRA=", 7, 0, 0, FRAMING_MORE },
		{ "QUJD\r\n", 6, 0, 4, FRAMING_WHOLE },
		{ "QUJD\0", 5, 0, 4, FRAMING_WHOLE },
		{ "\r\nQUJDRA==", 10, 2, 8, FRAMING_WHOLE },
		{ "\0\r\n", 3, 3, 0, FRAMING_MORE },
		{ "", 0, 0, 0, FRAMING_MORE },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct gw6c_bytes message,
			in = { (const uint8_t *)cases[i].text, cases[i].len };
		size_t used;

		CU_ASSERT_EQUAL(framing_next(FRAME_BARE, in, &message, &used),
				cases[i].framing);
		CU_ASSERT_EQUAL(message.len, cases[i].message);
		CU_ASSERT_EQUAL(framing_stray(FRAME_BARE, in),
				cases[i].skipped);
		if (message.len)
			CU_ASSERT_EQUAL(message.at - in.at,
					(ptrdiff_t)cases[i].skipped);
	}
}

/* NUL user NUL password; an old client's NUL of the line before comes first.*/
static void a_raw_message_keeps_one_nul(void)
{
	WHOLE(FRAME_RAW, "\0ann\0s3cret\r\n", 0);
	WHOLE(FRAME_RAW, "\0\0ann\0s3cret\r\n", 1);
	WHOLE(FRAME_RAW, "ann\0s3cret\r\n", 0);
}

static void a_body_is_as_long_as_it_says(void)
{
	WHOLE(FRAME_BODY, "Content-length: 5\r\n12345", 0);
	WHOLE(FRAME_BODY, "content-length:5\n12345", 0);
	WHOLE(FRAME_BODY, "\0Content-length: 10\r\n1234\r\n6789", 1);
}

static enum framing of(enum frame frame, const char *text)
{
	struct gw6c_bytes message;
	size_t used;

	return next(frame, text, strlen(text), &message, &used);
}

static void what_is_no_body_is_refused_at_once(void)
{
	static const char *const bad[] = {
		"Content-length: 0\r\n",
		"Content-length: -1\r\n",
		"Content-length: 8193\r\n",
		"Content-length: 5x\r\n",
		"GET / HTTP/1.1\r\n",
		"Content-length:\r\n",
		"Content-length: 99999999999999999999\r\n",
	};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		CU_ASSERT_EQUAL(of(FRAME_BODY, bad[i]), FRAMING_BAD);
	CU_ASSERT_EQUAL(of(FRAME_BODY, "Content-length: 8192\r\n"),
			FRAMING_MORE);
}

static void no_line_is_longer_than_it_may_be(void)
{
	char *text = malloc(FRAME_LINE_MAX + 2);

	memset(text, 'a', FRAME_LINE_MAX + 1);
	text[FRAME_LINE_MAX + 1] = 0;
	CU_ASSERT_EQUAL(of(FRAME_LINE, text), FRAMING_BAD);
	text[FRAME_LINE_MAX - 1] = 0;
	CU_ASSERT_EQUAL(of(FRAME_LINE, text), FRAMING_MORE);
	text[FRAME_LINE_MAX - 1] = '\n';
	text[FRAME_LINE_MAX] = 0;
	CU_ASSERT_EQUAL(of(FRAME_LINE, text), FRAMING_WHOLE);
	free(text);
	CU_ASSERT_EQUAL(of(FRAME_BODY, "Content-length:               "
				       "                              1"),
			FRAMING_BAD);
}

int main(void)
{
	static const struct unit_test tests[] = {
		UNIT_TEST(a_line_ends_with_its_lf),
		UNIT_TEST(nuls_between_lines_are_skipped),
		UNIT_TEST(bare_base64_ends_where_it_can),
		UNIT_TEST(a_raw_message_keeps_one_nul),
		UNIT_TEST(a_body_is_as_long_as_it_says),
		UNIT_TEST(what_is_no_body_is_refused_at_once),
		UNIT_TEST(no_line_is_longer_than_it_may_be),
	};

	return UNIT_RUN("framing of the broker", tests);
}
