/* test_trust.c - whose key is taken, by each policy, with and without somebody
 * at the terminal, at home and after a redirection. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/base/server_keys.h"
#include "core/client/terminal.h"
#include "core/client/trust.h"
#include "tests/unit/unit.h"
#include <stdlib.h>
#include <unistd.h>

static char dir[] = "/tmp/gw6c-test-trust.XXXXXX";
static char path[128];
static bool attended; /* somebody is at the terminal, */
static enum terminal_answer answer; /* and says this */
static char asked[1300]; /* about that */

bool terminal_attended(void)
{
	return attended;
}

enum terminal_answer terminal_ask(const char *text, int wait_s)
{
	CU_ASSERT_EQUAL(wait_s, TRUST_WAIT_S);
	snprintf(asked, sizeof(asked), "%s", text);
	return answer;
}

/* ssh-dss, with a last number that is n. */
static struct gw6c_bytes key(uint8_t n)
{
	static uint8_t room[2][40] = {
		{ 0,  0, 0, 7, 's', 's', 'h', '-', 'd', 's', 's', 0, 0, 0, 1,
		  23, 0, 0, 0, 1,   11,	 0,   0,   0,	1,   4,	  0, 0, 0, 1 }
	};

	memcpy(room[1], room[0], 30);
	room[1][30] = n;
	return (struct gw6c_bytes){ room[1], 31 };
}

static struct server_addr server(const char *text)
{
	struct server_addr out;
	struct gw6c_err err;

	CU_ASSERT_EQUAL(server_addr_parse(text, &out, &err), GW6C_OK);
	return out;
}

static void know(const char *host, uint8_t n)
{
	struct server_addr at = server(host);
	struct gw6c_err err = { 0 };

	CU_ASSERT_EQUAL(server_keys_store(path, &at, key(n), &err), GW6C_OK);
}

static bool is_known(const char *host, uint8_t n)
{
	char print[SERVER_KEYS_PRINT];
	struct server_addr at = server(host);
	enum server_keys_match match;
	struct gw6c_err err = { 0 };

	server_keys_find(path, &at, key(n), &match, print, &err);
	return match == SERVER_KEYS_SAME;
}

static struct gw6c_err why;

static const char *led[2]; /* brokers that home led to before, or NULL */

/* Does "b" with key n do? home: who sent us there, NULL: nobody. */
static bool takes(const char *policy, const char *home, uint8_t n)
{
	struct server_addr b = server("b"), from = server(home ? home : "b");
	struct settings settings = { .server_key_policy = policy,
				     .server_keys = path,
				     .state_dir = dir };
	struct trust trust = { .settings = &settings,
			       .server = &b,
			       .home = &from,
			       .elsewhere = home,
			       .may_ask = true,
			       .keep = true };
	int rc;

	while (trust.n_led < 2 && led[trust.n_led]) {
		trust.led[trust.n_led] = server(led[trust.n_led]);
		trust.n_led++;
	}
	why = (struct gw6c_err){ 0 };
	asked[0] = 0;
	rc = trust_decide(&trust, key(n), &why);
	CU_ASSERT(rc == GW6C_OK || rc == GW6C_EAUTH);
	return rc == GW6C_OK;
}

static void begin(bool person, enum terminal_answer says)
{
	unlink(path);
	attended = person;
	answer = says;
	led[0] = led[1] = NULL;
}

static void at_home_a_new_key_is_as_the_policy_says(void)
{
	begin(false, TERMINAL_YES);
	CU_ASSERT_FALSE(takes("strict", NULL, 1));
	CU_ASSERT_TRUE(takes("ask", NULL, 1));
	CU_ASSERT_TRUE(is_known("b", 1));
	CU_ASSERT_TRUE(takes("strict", NULL, 1));
	CU_ASSERT_FALSE(takes("accept-new", NULL, 2)); /* it has changed */
	begin(true, TERMINAL_NO);
	CU_ASSERT_FALSE(takes("ask", NULL, 1));
	CU_ASSERT_TRUE(takes("accept-new", NULL, 1));
}

static void sent_by_a_known_broker_only_a_known_key_is_taken(void)
{
	static const char *const policies[] = { "ask", "accept-new", "strict" };

	for (size_t i = 0; i < 3; i++) {
		begin(false, TERMINAL_YES);
		know("home", 9);
		CU_ASSERT_FALSE(takes(policies[i], "home", 1));
		CU_ASSERT_FALSE(is_known("b", 1));
		if (i < 2) {
			CU_ASSERT_PTR_NOT_NULL(strstr(why.text, "server=b"));
			CU_ASSERT_PTR_NOT_NULL(strstr(why.text, "of home is"));
		}
		know("b", 1);
		CU_ASSERT_TRUE(takes(policies[i], "home", 1));
		CU_ASSERT_FALSE(takes(policies[i], "home", 2));
	}
	/* A port of its own is a broker of its own. */
	begin(false, TERMINAL_YES);
	know("home:4000", 9);
	CU_ASSERT_TRUE(takes("accept-new", "home", 1));
	begin(false, TERMINAL_YES);
	CU_ASSERT_TRUE(takes("accept-new", "home", 1));
}

static void its_own_key_makes_the_other_known(void)
{
	begin(false, TERMINAL_YES);
	know("home", 9);
	CU_ASSERT_TRUE(takes("strict", "home", 9));
	CU_ASSERT_TRUE(is_known("b", 9));
	know("b", 1); /* unless it had another one */
	CU_ASSERT_FALSE(takes("accept-new", "home", 9));
}

/* A broker that only redirects has no key of its own. */
static void where_it_led_to_before_counts_too(void)
{
	static const char *const policies[] = { "ask", "accept-new", "strict" };

	for (size_t i = 0; i < 3; i++) {
		const char *home = "home";

		for (int at_home = 0; at_home < 2; at_home++) {
			begin(false, TERMINAL_YES);
			led[0] = "c";
			led[1] = "d";
			if (i < 2) {
				CU_ASSERT_TRUE(takes(policies[i], home, 1));
				begin(false, TERMINAL_YES);
				led[0] = "c";
				led[1] = "d";
			}
			know("c", 8);
			CU_ASSERT_FALSE(takes(policies[i], home, 1));
			CU_ASSERT_FALSE(is_known("b", 1));
			/* Whichever of them it is that has the key. */
			know("d", 9);
			CU_ASSERT_TRUE(takes(policies[i], home, 8));
			CU_ASSERT_TRUE(is_known("b", 8));
			CU_ASSERT_FALSE(takes(policies[i], home, 9));
			home = NULL;
		}
	}
	begin(false, TERMINAL_YES);
	led[0] = "c";
	know("c", 8);
	CU_ASSERT_FALSE(takes("accept-new", "home", 1));
	CU_ASSERT_PTR_NOT_NULL(strstr(why.text, "of home, or of one that it "
						"led to, is known"));
	CU_ASSERT_FALSE(takes("accept-new", NULL, 1));
	CU_ASSERT_PTR_NOT_NULL(strstr(why.text, "the key of b is not known"));
	CU_ASSERT_PTR_NOT_NULL(strstr(why.text, "/proven-redirections.txt"));
	attended = true;
	CU_ASSERT_TRUE(takes("ask", NULL, 1));
}

static void a_person_is_asked_and_told_who_sent_us(void)
{
	begin(true, TERMINAL_YES);
	know("home", 9);
	CU_ASSERT_TRUE(takes("ask", "home", 1));
	CU_ASSERT_PTR_NOT_NULL(
		strstr(asked, "broker b, named by a redirection from home, is "
			      "not known"));
	CU_ASSERT_TRUE(is_known("b", 1));
	begin(true, TERMINAL_NO);
	know("home", 9);
	CU_ASSERT_FALSE(takes("ask", "home", 1));
	CU_ASSERT_FALSE(takes("accept-new", "home", 1));
	CU_ASSERT_STRING_EQUAL(asked, "");
}

static void a_key_of_a_server_pins_it(void)
{
	struct settings settings = { .server_keys = path, .state_dir = dir };
	struct server_addr b = server("b"), other = server("c");

	begin(false, TERMINAL_YES);
	CU_ASSERT_FALSE(trust_is_pinned(&settings, &b));
	know("b", 1);
	CU_ASSERT_TRUE(trust_is_pinned(&settings, &b));
	CU_ASSERT_FALSE(trust_is_pinned(&settings, &other));
	unlink(path);
	CU_ASSERT_EQUAL(symlink("/nowhere", path), 0);
	CU_ASSERT_TRUE(trust_is_pinned(&settings, &other));
}

int main(void)
{
	static const struct unit_test tests[] = {
		UNIT_TEST(at_home_a_new_key_is_as_the_policy_says),
		UNIT_TEST(sent_by_a_known_broker_only_a_known_key_is_taken),
		UNIT_TEST(its_own_key_makes_the_other_known),
		UNIT_TEST(where_it_led_to_before_counts_too),
		UNIT_TEST(a_person_is_asked_and_told_who_sent_us),
		UNIT_TEST(a_key_of_a_server_pins_it),
	};
	int rc;

	if (!mkdtemp(dir))
		return 1;
	snprintf(path, sizeof(path), "%s/keys", dir);
	rc = UNIT_RUN("trust", tests);
	unlink(path);
	rmdir(dir);
	return rc;
}
