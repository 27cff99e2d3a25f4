/* test_auth_plain.c - the one message of PLAIN, and what a broker takes; and
 * ANONYMOUS, which has none. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "tests/data/login_vectors.h"
#include "tests/fake/fake_host.h"
#include "tests/unit/unit.h"
#include <gw6c/plugin.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

extern const struct gw6c_plugin auth_plain_LTX_gw6c_plugin;
extern const struct gw6c_plugin auth_anonymous_LTX_gw6c_plugin;
#define ops auth_plain_LTX_gw6c_plugin.auth
#define none auth_anonymous_LTX_gw6c_plugin.auth

static int asked; /* how often a broker asked for a password */

/* As long as a name or a password may be. */
static const char *longest(void)
{
	static char text[254];

	memset(text, 'x', sizeof(text) - 1);
	return text;
}

static int secret_of_ann(void *ctx, const char *user, struct gw6c_buf *out)
{
	(void)ctx;
	asked++;
	if (strcmp(user, "lee") == 0) { /* more than there is room for */
		static const char more[5000];

		gw6c_put_text(out, "s3cret");
		gw6c_put(out, more, sizeof(more));
		return GW6C_OK;
	}
	if (strcmp(user, "a") == 0 || strcmp(user, longest()) == 0) {
		gw6c_put_text(out, strlen(user) == 1 ? "x" : longest());
		return GW6C_OK;
	}
	if (strcmp(user, "ann") != 0)
		return GW6C_EAUTH;
	gw6c_put_text(out, "s3cret");
	return GW6C_OK;
}

static struct fake_host fake;
static struct gw6c_login login = { .size = sizeof(login),
				   .secret = secret_of_ann };

static int step(const char *user, const char *password, struct gw6c_bytes in,
		struct gw6c_buf *out)
{
	struct gw6c_err err = { 0 };
	void *self;
	int rc;

	fake_host_init(&fake);
	login.user = user;
	login.password = password;
	CU_ASSERT_EQUAL_FATAL(ops->open(&fake.host, &login, &self, &err), 0);
	rc = ops->step(self, in, out, &err);
	ops->close(self);
	return rc;
}

static void the_message_is_that_of_the_vectors(void)
{
	for (size_t i = 0; i < COUNT(plain_vectors); i++) {
		uint8_t room[64], want[64];
		struct gw6c_buf out = GW6C_BUF(room);
		size_t len = unit_hex(plain_vectors[i].hex, want, sizeof(want));

		CU_ASSERT_EQUAL(step(plain_vectors[i].user,
				     plain_vectors[i].password, GW6C_NOTHING,
				     &out),
				GW6C_OK);
		gw6c_put_text(&out, "\r\n"); /* the session's part */
		CU_ASSERT_EQUAL(out.len, len);
		CU_ASSERT_EQUAL(memcmp(room, want, len), 0);
	}
}

static void what_does_not_fit_is_an_error(void)
{
	uint8_t room[16];

	for (size_t cap = 0; cap <= 11; cap++) {
		struct gw6c_buf out = { .at = room, .cap = cap };

		CU_ASSERT_EQUAL(step("ann", "s3cret", GW6C_NOTHING, &out),
				cap < 11 ? GW6C_ECONFIG : GW6C_OK);
	}
}

static void line_ends_and_challenges_are_refused(void)
{
	uint8_t room[64];
	struct gw6c_buf out = GW6C_BUF(room);

	CU_ASSERT_EQUAL(step("a\r", "b", GW6C_NOTHING, &out), GW6C_ECONFIG);
	CU_ASSERT_EQUAL(step("a", "b\nc", GW6C_NOTHING, &out), GW6C_ECONFIG);
	CU_ASSERT_EQUAL(step("a", "b", gw6c_text("?"), &out), GW6C_EPEER);
	CU_ASSERT_EQUAL(out.len, 0);
}

static void there_is_one_message(void)
{
	uint8_t room[64];
	struct gw6c_buf out = GW6C_BUF(room);
	struct gw6c_err err = { 0 };
	void *self;

	fake_host_init(&fake);
	login.user = login.password = "a";
	ops->open(&fake.host, &login, &self, &err);
	CU_ASSERT_EQUAL(ops->step(self, GW6C_NOTHING, &out, &err), GW6C_OK);
	CU_ASSERT_EQUAL(ops->step(self, GW6C_NOTHING, &out, &err), GW6C_EPEER);
	ops->close(self);
	ops->open(&fake.host, &login, &self, &err);
	CU_ASSERT_EQUAL(ops->serve(self, gw6c_text("?"), &out, &err),
			GW6C_EAUTH);
	CU_ASSERT_EQUAL(ops->serve(self,
				   (struct gw6c_bytes){
					   (const uint8_t *)"\0a\0x", 4 },
				   &out, &err),
			GW6C_OK);
	CU_ASSERT_EQUAL(ops->serve(self,
				   (struct gw6c_bytes){
					   (const uint8_t *)"\0a\0x", 4 },
				   &out, &err),
			GW6C_EAUTH);
	ops->close(self);
}

static int serve(const char *message, size_t len, char *who, size_t room)
{
	uint8_t answer[64];
	struct gw6c_buf out = GW6C_BUF(answer);
	struct gw6c_err err = { 0 };
	void *self;
	int rc;

	fake_host_init(&fake);
	ops->open(&fake.host, &login, &self, &err);
	rc = ops->serve(self,
			(struct gw6c_bytes){ (const uint8_t *)message, len },
			&out, &err);
	snprintf(who, room, "%s", ops->who(self));
	ops->close(self);
	CU_ASSERT_EQUAL(out.len, 0);
	return rc;
}

static void a_broker_takes_the_right_password_only(void)
{
	static const struct {
		const char *text;
		size_t len;
		int rc;
	} cases[] = {
		{ "\0ann\0s3cret", 11, GW6C_OK },
		{ "\0ann\0s3cret\0", 12, GW6C_OK }, /* old clients' NUL */
		{ "\0ann\0s3cre", 10, GW6C_EAUTH },
		{ "\0ann\0s3crets", 12, GW6C_EAUTH },
		{ "\0ann\0", 5, GW6C_EAUTH },
		{ "\0bob\0s3cret", 11, GW6C_EAUTH },
		{ "\0bob\0", 5, GW6C_EAUTH },
		{ "root\0ann\0s3cret", 15, GW6C_EAUTH },
		{ "\0\0s3cret", 8, GW6C_EAUTH },
		{ "\0lee\0s3cret", 11, GW6C_EAUTH },
		{ "ann", 3, GW6C_EAUTH },
		{ "\0ann", 4, GW6C_EAUTH },
		{ "", 0, GW6C_EAUTH },
	};
	char who[64];

	/* What lies behind the message is none of it. */
	CU_ASSERT_EQUAL(serve("\0ann\0s3cretXX", 11, who, sizeof(who)),
			GW6C_OK);
	CU_ASSERT_EQUAL(serve("\0a\0x", 4, who, sizeof(who)), GW6C_OK);
	CU_ASSERT_STRING_EQUAL(who, "a");
	for (size_t i = 0; i < COUNT(cases); i++) {
		CU_ASSERT_EQUAL(serve(cases[i].text, cases[i].len, who,
				      sizeof(who)),
				cases[i].rc);
		CU_ASSERT_STRING_EQUAL(who, cases[i].rc ? "" : "ann");
	}
}

static void unknown_users_cost_as_much_as_known_ones(void)
{
	char who[64];

	asked = 0;
	serve("\0bob\0x", 6, who, sizeof(who));
	serve("\0ann\0x", 6, who, sizeof(who));
	CU_ASSERT_EQUAL(asked, 2);
}

static void over_long_fields_are_refused(void)
{
	char text[600] = "", who[300];

	/* The longest ones are not, with the NUL of old clients, either. */
	memcpy(text + 1, longest(), 253);
	memcpy(text + 255, longest(), 253);
	CU_ASSERT_EQUAL(serve(text, 508, who, sizeof(who)), GW6C_OK);
	CU_ASSERT_EQUAL(serve(text, 509, who, sizeof(who)), GW6C_OK);
	CU_ASSERT_EQUAL(strlen(who), 253);
	asked = 0;
	memset(text, 0, sizeof(text));
	memset(text + 1, 'x', 254);
	CU_ASSERT_EQUAL(serve(text, 300, who, sizeof(who)), GW6C_EAUTH);
	CU_ASSERT_EQUAL(serve("\0\0x", 3, who, sizeof(who)), GW6C_EAUTH);
	CU_ASSERT_EQUAL(asked, 0);
	memset(text + 1, 'u', 300);
	CU_ASSERT_EQUAL(serve(text, 400, who, sizeof(who)), GW6C_EAUTH);
	memset(text, 0, sizeof(text));
	memcpy(text, "\0ann\0", 5);
	memset(text + 5, 'p', 500);
	CU_ASSERT_EQUAL(serve(text, 505, who, sizeof(who)), GW6C_EAUTH);
}

/* See gw6c/auth.h: auth_method=any takes the highest. */
static void they_have_the_rank_of_their_kind(void)
{
	CU_ASSERT_EQUAL(auth_plain_LTX_gw6c_plugin.auth->rank, 10);
	CU_ASSERT_EQUAL(auth_anonymous_LTX_gw6c_plugin.auth->rank, 0);
}

static void anonymous_has_no_messages_and_no_name(void)
{
	uint8_t room[8];
	struct gw6c_buf out = GW6C_BUF(room);
	struct gw6c_err err = { 0 };
	void *self;

	fake_host_init(&fake);
	CU_ASSERT_EQUAL(none->open(&fake.host, &login, &self, &err), GW6C_OK);
	CU_ASSERT_EQUAL(none->step(self, GW6C_NOTHING, &out, &err), GW6C_OK);
	CU_ASSERT_EQUAL(none->serve(self, GW6C_NOTHING, &out, &err), GW6C_OK);
	CU_ASSERT_EQUAL(none->step(self, gw6c_text("x"), &out, &err),
			GW6C_EPEER);
	CU_ASSERT_EQUAL(out.len, 0);
	CU_ASSERT_STRING_EQUAL(none->who(self), "");
	CU_ASSERT_TRUE(none->flags & GW6C_AUTH_EMPTY);
	none->close(self);
}

int main(void)
{
	static const struct unit_test tests[] = {
		UNIT_TEST(they_have_the_rank_of_their_kind),
		UNIT_TEST(the_message_is_that_of_the_vectors),
		UNIT_TEST(what_does_not_fit_is_an_error),
		UNIT_TEST(line_ends_and_challenges_are_refused),
		UNIT_TEST(there_is_one_message),
		UNIT_TEST(a_broker_takes_the_right_password_only),
		UNIT_TEST(unknown_users_cost_as_much_as_known_ones),
		UNIT_TEST(over_long_fields_are_refused),
		UNIT_TEST(anonymous_has_no_messages_and_no_name),
	};

	return UNIT_RUN("auth_plain", tests);
}
