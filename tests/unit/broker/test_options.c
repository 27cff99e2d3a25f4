/* test_broker_options.c - settings of the broker, and mistakes in them. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "broker/config/options.h"
#include "broker/config/users.h"
#include "tests/unit/unit.h"
#include <stdlib.h>
#include <unistd.h>

#define POOL "pool6=2001:db8:7::/64\n"

static struct conf *conf;
static struct options options;
static char errors[4096];

/* Read a file of that text; its warnings are in conf. */
static int read_text(const char *text)
{
	char path[] = "/tmp/gw6c-options.XXXXXX";
	struct gw6c_err err = { 0 };
	int fd = mkstemp(path);
	int rc;

	CU_ASSERT_TRUE_FATAL(fd >= 0);
	CU_ASSERT_EQUAL(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	close(fd);
	options_free(&options);
	conf_free(conf);
	conf = conf_new();
	rc = conf_load(conf, path, &err);
	CU_ASSERT_EQUAL(rc, GW6C_OK);
	unlink(path);
	return options_read(conf, &options, errors, sizeof(errors));
}

static bool warns(const char *what)
{
	for (size_t i = 0; conf_warning(conf, i); i++)
		if (strstr(conf_warning(conf, i), what))
			return true;
	return false;
}

static void one_line_is_enough(void)
{
	CU_ASSERT_EQUAL(read_text(POOL), GW6C_OK);
	CU_ASSERT_EQUAL(options.listens, 2);
	CU_ASSERT_STRING_EQUAL(options.listen[0].host, "0.0.0.0");
	CU_ASSERT_EQUAL(options.listen[1].literal.family, 6);
	CU_ASSERT_EQUAL(options.listen[1].port, 3653);
	CU_ASSERT_EQUAL(options.auths, 2);
	CU_ASSERT_STRING_EQUAL(options.auth[0], "digest-md5");
	CU_ASSERT_STRING_EQUAL(options.auth[1], "anonymous");
	CU_ASSERT_EQUAL(options.max_tunnels, 1000);
	CU_ASSERT_EQUAL(options.mtu, 1280);
	CU_ASSERT_EQUAL(options_reserved(&options), 250);
	CU_ASSERT_EQUAL(options.max_per_address, 64);
	CU_ASSERT_EQUAL(options.max_per_network, 256);
	CU_ASSERT_EQUAL(options.anonymous_idle, 300);
}

static void more_cannot_be_reserved_than_there_is(void)
{
	CU_ASSERT_EQUAL(read_text("max_tunnels=10\nreserved_tunnels=10\n" POOL),
			GW6C_OK);
	CU_ASSERT_EQUAL(options_reserved(&options), 10);
	CU_ASSERT_EQUAL(read_text("max_tunnels=40\nreserved_tunnels=0\n" POOL),
			GW6C_OK);
	CU_ASSERT_EQUAL(options_reserved(&options), 0);
	CU_ASSERT_EQUAL(read_text("max_tunnels=10\nreserved_tunnels=11\n" POOL),
			GW6C_ECONFIG);
	CU_ASSERT_PTR_NOT_NULL(strstr(errors, "there are only 10 tunnels"));
}

static void both_syntaxes_mean_the_same(void)
{
	CU_ASSERT_EQUAL(read_text("listen=192.0.2.1:4000, [2001:db8::1]\n"
				  "user.ann.passwd=x y\n" POOL),
			GW6C_OK);
	CU_ASSERT_EQUAL(options.listens, 2);
	CU_ASSERT_EQUAL(options.listen[0].port, 4000);
	CU_ASSERT_STRING_EQUAL(users_password(conf, "ann"), "x y");
	CU_ASSERT_EQUAL(
		read_text("listen = [ \"192.0.2.1:4000\", \"[2001:db8::1]\" ];"
			  "user: { ann: { passwd = \"x y\"; }; };\n"
			  "pool6 = \"2001:db8:7::/64\";\n"),
		GW6C_OK);
	CU_ASSERT_EQUAL(options.listens, 2);
	CU_ASSERT_EQUAL(options.listen[0].port, 4000);
	CU_ASSERT_STRING_EQUAL(users_password(conf, "ann"), "x y");
}

static void structured_text_needs_its_quotes(void)
{
	CU_ASSERT_EQUAL(read_text("pool6 = \"2001:db8:7::/64\";\nuser: {\n"
				  "ann: { passwd = 0123; }; };\n"
				  "realm = 1e5;\nmtu = 1300;\n"),
			GW6C_ECONFIG);
	CU_ASSERT_PTR_NOT_NULL(strstr(errors, ":3: user.ann.passwd: text needs "
					      "quotes"));
	CU_ASSERT_PTR_NULL(strstr(errors, "0123"));
	CU_ASSERT_PTR_NOT_NULL(strstr(errors, ":4: realm: text needs quotes in "
					      "this syntax; write realm = "
					      "\"1e5\";"));
	CU_ASSERT_PTR_NULL(strstr(errors, "mtu"));
}

static void mistakes_are_named(void)
{
	static const struct {
		const char *text, *says;
	} bad[] = {
		{ "", "pool6 is missing" },
		{ "pool6=2001:db8::\n", ":1: pool6" },
		{ "pool6=2001:db8::/113\n", ":1: pool6" },
		{ "pool6=2001:db8::/15\n", ":1: pool6" },
		{ "pool6=2001:db8::/64x\n", ":1: pool6" },
		{ "pool6=192.0.2.0/24\n", ":1: pool6" },
		{ "pool6=fe80::/64\n", ":1: pool6" },
		{ "pool6=ff02::/64\n", ":1: pool6" },
		{ POOL "listen=here\n", ":2: listen" },
		{ POOL "listen=192.0.2.1:0\n", ":2: listen" },
		{ POOL "server_v4=2001:db8::1\n", ":2: server_v4" },
		{ POOL "mtu=1279\n", ":2: mtu" },
		{ POOL "mtu=2049\n", ":2: mtu" },
		{ POOL "keepalive_interval=4\n", ":2: keepalive_interval" },
		{ POOL "max_tunnels=0\n", ":2: max_tunnels" },
		{ POOL "realm=a\"b\n", ":2: realm" },
		{ POOL "user.ann.passwd=\n", ":2: user.ann.passwd" },
		{ POOL "user.j\303\266rg.passwd=x\n", "no client can send" },
		{ POOL "user.a\177.passwd=x\n", "no client can send" },
		{ POOL "user.ann.address6=2001:db8:8::5\n",
		  ":2: user.ann.address6" },
		{ POOL "user.ann.address6=2001:db8:7::1\n",
		  ":2: user.ann.address6" },
		{ POOL "user.ann.address6=::5/64\n", ":2: user.ann.address6" },
		{ POOL "user.a.address6=2001:db8:7::5\n"
		       "user.b.address6=2001:db8:7:0::5\n",
		  ":3: user.b.address6: user.a.address6 has" },
	};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		CU_ASSERT_EQUAL(read_text(bad[i].text), GW6C_ECONFIG);
		CU_ASSERT_PTR_NOT_NULL(strstr(errors, bad[i].says));
	}
}

static void all_mistakes_are_told_at_once(void)
{
	CU_ASSERT_EQUAL(read_text(POOL "mtu=1\nuser.a.passwd=\n"
				       "user.b.passwd=\n"),
			GW6C_ECONFIG);
	CU_ASSERT_PTR_NOT_NULL(strstr(errors, ":2:"));
	CU_ASSERT_PTR_NOT_NULL(strstr(errors, ":3:"));
	CU_ASSERT_PTR_NOT_NULL(strstr(errors, ":4:"));
}

static void keys_nobody_knows_are_warned_of(void)
{
	CU_ASSERT_EQUAL(read_text(POOL "keepalive_intervall=30\n"
				       "user.ann.pass=x\n"
				       "keepalive-interval=30\n"),
			GW6C_OK);
	CU_ASSERT_TRUE(warns("did you mean \"keepalive_interval\"?"));
	CU_ASSERT_TRUE(warns(":3: user.ann.pass"));
	CU_ASSERT_EQUAL(read_text(POOL "user.ann=x\nuser.b.c=x\n"
				       "log_file=1\n"
				       "log_filename=/none/x.log\n"),
			GW6C_OK);
	CU_ASSERT_TRUE(warns(":2: user.ann: unknown key, ignored; did you "
			     "mean \"user.ann.passwd\"?"));
	CU_ASSERT_TRUE(warns(":3: user.b.c: unknown key, ignored"));
	CU_ASSERT_TRUE(warns(":5: log_filename: its directory does not "
			     "exist"));
	CU_ASSERT_EQUAL(read_text(POOL "keepalive_intervall=30\n"
				       "keepalive-interval=30\n"),
			GW6C_OK);
	CU_ASSERT_FALSE(warns("keepalive-interval: unknown key"));
	CU_ASSERT_EQUAL(options.keepalive_interval, 30);
}

static void accounts_are_found_by_their_exact_name(void)
{
	struct gw6c_addr addr;

	CU_ASSERT_EQUAL(read_text(POOL "user.a-b.passwd=one\n"
				       "user.c.d@e.passwd=two\n"
				       "user.a-b.address6=2001:db8:7::5\n"),
			GW6C_OK);
	CU_ASSERT_STRING_EQUAL(users_password(conf, "a-b"), "one");
	CU_ASSERT_STRING_EQUAL(users_password(conf, "c.d@e"), "two");
	CU_ASSERT_PTR_NULL(users_password(conf, "a_b"));
	CU_ASSERT_PTR_NULL(users_password(conf, "c"));
	CU_ASSERT_PTR_NULL(users_password(conf, ""));
	CU_ASSERT_PTR_NULL(users_password(conf, "a-b.passwd\n"));
	CU_ASSERT_TRUE(users_block(conf, "a-b", USER_ADDRESS6, &addr));
	CU_ASSERT_EQUAL(addr.octets[15], 5);
	CU_ASSERT_FALSE(users_block(conf, "c.d@e", USER_ADDRESS6, &addr));
	CU_ASSERT_EQUAL(addr.family, 0);
	CU_ASSERT_EQUAL(read_text(POOL "user.a-b.passwd=one\n"
				       "user.a_b.passwd=two\n"),
			GW6C_OK);
	CU_ASSERT_STRING_EQUAL(users_password(conf, "a-b"), "one");
	CU_ASSERT_STRING_EQUAL(users_password(conf, "a_b"), "two");
}

static void the_longest_name_has_all_that_an_account_has(void)
{
	char name[255], text[1000];
	struct gw6c_addr addr;

	for (size_t len = 253; len <= 254; len++) {
		memset(name, 'n', len);
		name[len] = 0;
		snprintf(text, sizeof(text),
			 POOL "user.%s.passwd=x\nuser.%s.address6=2001:db8:"
			      "7::5\n",
			 name, name);
		CU_ASSERT_EQUAL(read_text(text),
				len > 253 ? GW6C_ECONFIG : GW6C_OK);
	}
	name[253] = 0;
	snprintf(text, sizeof(text),
		 POOL "user.%s.passwd=x\nuser.%s.address6=2001:db8:7::5\n",
		 name, name);
	CU_ASSERT_EQUAL(read_text(text), GW6C_OK);
	CU_ASSERT_STRING_EQUAL(users_password(conf, name), "x");
	CU_ASSERT_TRUE(users_block(conf, name, USER_ADDRESS6, &addr));
	CU_ASSERT_EQUAL(addr.octets[15], 5);
}

static void a_name_without_what_is_explained(void)
{
	CU_ASSERT_EQUAL(read_text(POOL "user.ann=x\n"
				       "user.bob.password=y\n"
				       "user.carl.zz=y\n"),
			GW6C_OK);
	CU_ASSERT_PTR_NOT_NULL(strstr(conf_warning(conf, 0),
				      "did you mean \"user.ann.passwd\"?"));
	CU_ASSERT_PTR_NOT_NULL(strstr(conf_warning(conf, 1),
				      "did you mean \"user.bob.passwd\"?"));
	CU_ASSERT_PTR_NOT_NULL(strstr(conf_warning(conf, 2),
				      "did you mean \"user.carl.zz.passwd\"?"));
}

static void an_account_has_one_session_or_as_many_as_it_says(void)
{
	CU_ASSERT_EQUAL(read_text(POOL "user.ann.passwd=a\n"
				       "user.bob.passwd=b\n"
				       "user.bob.sessions=16\n"),
			GW6C_OK);
	CU_ASSERT_PTR_NULL(conf_warning(conf, 0));
	CU_ASSERT_EQUAL(users_sessions(conf, "ann"), 1);
	CU_ASSERT_EQUAL(users_sessions(conf, "bob"), 16);
	CU_ASSERT_EQUAL(read_text(POOL "user.bob.sessions=17\n"), GW6C_ECONFIG);
	CU_ASSERT_EQUAL(read_text(POOL "user.bob.sessions=0\n"), GW6C_ECONFIG);
}

int main(void)
{
	static const struct unit_test tests[] = {
		UNIT_TEST(one_line_is_enough),
		UNIT_TEST(more_cannot_be_reserved_than_there_is),
		UNIT_TEST(both_syntaxes_mean_the_same),
		UNIT_TEST(structured_text_needs_its_quotes),
		UNIT_TEST(mistakes_are_named),
		UNIT_TEST(all_mistakes_are_told_at_once),
		UNIT_TEST(keys_nobody_knows_are_warned_of),
		UNIT_TEST(accounts_are_found_by_their_exact_name),
		UNIT_TEST(the_longest_name_has_all_that_an_account_has),
		UNIT_TEST(a_name_without_what_is_explained),
		UNIT_TEST(an_account_has_one_session_or_as_many_as_it_says),
	};
	int status = UNIT_RUN("broker: options", tests);

	options_free(&options);
	conf_free(conf);
	return status;
}
