/* test_public_words.c - what anybody on this machine may read of a message. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/client/public_words.h"
#include "tests/unit/unit.h"

static char room[200];

static const char *of(const char *text, const char *user)
{
	public_words(text, user, "198.51.100.2", room, sizeof(room));
	return room;
}

static void names_and_addresses_are_hidden(void)
{
	static const struct {
		const char *user, *text, *public;
	} cases[] = {
		{ "ann", "", "" },
		{ "ann", "refused: no tunnels left",
		  "refused: no tunnels left" },
		{ "ann", "login as ann failed", "login as (hidden) failed" },
		{ "ann", "ann: wrong", "(hidden): wrong" },
		{ "ann", "'ann' \"ann\" (ann), ann; ann",
		  "'(hidden)' \"(hidden)\" ((hidden)), (hidden); (hidden)" },
		{ "ann", "user=ann cannot plan anna",
		  "user=(hidden) cannot plan anna" },
		{ "ann lee", "login as ann lee failed",
		  "login as (hidden) failed" },
		{ "", "in use at 203.0.113.7 port 7777",
		  "in use at (hidden) port 7777" },
		{ "", "2001:db8::1, 10.0.0.0/8.", "(hidden), (hidden)." },
		{ "", "to 203.0.113.7:3653: timeout",
		  "to (hidden):3653: timeout" },
		{ "", "asking 198.51.100.2:3653", "asking 198.51.100.2:3653" },
		{ "", "[2001:db8::1]:3653", "[(hidden)]:3653" },
		{ "", "asking 198.51.100.2 and 198.51.100.20",
		  "asking 198.51.100.2 and (hidden)" },
		{ "", "198.51.100.2: version 2.0.2",
		  "198.51.100.2: version 2.0.2" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		CU_ASSERT_STRING_EQUAL(of(cases[i].text, cases[i].user),
				       cases[i].public);
}

static void it_ends_with_the_room(void)
{
	char small[8];

	public_words("one two three", "", "", small, sizeof(small));
	CU_ASSERT_STRING_EQUAL(small, "one two");
	public_words("one 10.0.0.1", "", "", small, sizeof(small));
	CU_ASSERT_STRING_EQUAL(small, "one ");
}

int main(void)
{
	static const struct unit_test tests[] = {
		UNIT_TEST(names_and_addresses_are_hidden),
		UNIT_TEST(it_ends_with_the_room),
	};

	return UNIT_RUN("client: public words", tests);
}
