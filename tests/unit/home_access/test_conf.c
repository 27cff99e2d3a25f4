/* test_conf.c - what HAProxy is told of a list of devices, and who has a
 * password. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "plugins/features/home_access_conf.h"
#include "tests/unit/unit.h"
#include <stdlib.h>

static struct access_list list;
static struct access_users users;
static struct access_entry entry[8];
static struct access_bind binds[8];
static struct access_conf conf;
static char *text;
static char told[2000];
static int n_told;

static void mistake(void *arg, const char *what)
{
	(void)arg;
	snprintf(told, sizeof(told), "%s", what);
	n_told++;
}

/* All services of these devices are in force. */
static void begin(const char *devices)
{
	access_list_free(&list);
	n_told = 0;
	access_list_read(&list, "list", gw6c_text(devices), '\n', mistake,
			 NULL);
	CU_ASSERT_EQUAL(n_told, 0);
	memset(entry, 0, sizeof(entry));
	for (int i = 0; i < list.n; i++) {
		entry[i].device = &list.device[i];
		gw6c_addr_parse("192.168.1.20", &entry[i].target);
		for (int k = 0; k < ACCESS_SERVICES; k++)
			entry[i].on[k] = true;
	}
	conf = (struct access_conf){
		.entry = entry,
		.n = list.n,
		.bind = binds,
		.domain = "home.example.org",
		.users = &users,
		.port = 80,
		.tls_port = 443,
		.stats = 3,
		.map = 4,
		.certificate = 6,
		.inside = { 7, 8 },
		.connections = 123,
		.requests = 456,
		.failures = 7,
		.answer_s = 89,
	};
}

static void add_bind(enum access_way way, int i, int service, int fd)
{
	binds[conf.n_binds++] = (struct access_bind){ way, i, service, fd };
}

static void make(void)
{
	free(text);
	text = access_conf_text(&conf);
	CU_ASSERT_PTR_NOT_NULL_FATAL(text);
}

/* The section that begins with this line, up to an empty one. */
static const char *section(const char *head)
{
	static char room[8000];
	const char *at = strstr(text, head), *end;

	if (!at)
		return "";
	end = strstr(at, "\n\n");
	snprintf(room, sizeof(room), "%.*s",
		 (int)(end ? end - at + 1 : (long)strlen(at)), at);
	return room;
}

static bool has(const char *head, const char *line)
{
	return strstr(section(head), line) != NULL;
}

#define HAS(head, line) CU_ASSERT_TRUE(has("\n" head "\n", "    " line))
#define HAS_NOT(head, line) CU_ASSERT_FALSE(has("\n" head "\n", line))

static void limits_and_console(void)
{
	begin("a=192.168.1.20 public");
	make();
	HAS("global", "stats socket sockpair@3 level admin\n");
	HAS("global", "maxconn 123\n");
	HAS("defaults", "timeout server 89s\n");
	HAS("defaults", "timeout http-request 10s\n");
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "sc0_http_req_rate(visitors) gt "
					    "456 }"));
	CU_ASSERT_PTR_NULL(strstr(text, "userlist"));
	CU_ASSERT_PTR_NULL(strstr(text, "frontend https"));
	CU_ASSERT_PTR_NULL(strstr(text, "frontend tls"));
	CU_ASSERT_PTR_NULL(strstr(text, "/dev/fd/6"));
}

/* Nothing that is not in the map is ever taken anywhere. */
static void by_name(void)
{
	char *map;

	begin("a=192.168.1.20 public\nb=192.168.1.20:81 http https public\n"
	      "c=192.168.1.20 tls public");
	entry[1].on[0] = false;
	add_bind(ACCESS_HTTP, 0, 0, 11);
	add_bind(ACCESS_TLS, 0, 0, 12);
	add_bind(ACCESS_HTTP, 0, 0, 13);
	make();
	map = access_conf_map(&conf);
	CU_ASSERT_STRING_EQUAL(map, "# way/name backend\n"
				    "http/a.home.example.org a:http\n"
				    "https/b.home.example.org b:https\n");
	free(map);
	HAS("frontend http", "bind fd@11 tcp-ut 2m\n    bind fd@13 ");
	HAS("frontend http",
	    "use_backend %[var(txn.key),map_str(/dev/fd/4)] if { "
	    "var(txn.key),map_str(/dev/fd/4) -m found }\n"
	    "    default_backend nothing\n");
	HAS("frontend http", "http-request set-var(txn.key) "
			     "str(http/),concat(,txn.host)\n");
	HAS("frontend http", "http-request del-header forwarded\n");
	HAS("frontend http", "http-request del-header ^x[-_]forwarded -m reg");
	HAS_NOT("frontend http", "fd@12");
	HAS("frontend https", "bind sockpair@7 accept-proxy ssl crt "
			      "/dev/fd/6 alpn");
	HAS("frontend https",
	    "http-request set-var(txn.key) str(https/),concat(,txn.host)\n");
	HAS("backend inside", "server s sockpair@8 send-proxy-v2\n");
	HAS("frontend tls", "bind fd@12 ");
	HAS("frontend tls", "use_backend c:tls if { var(txn.sni) -m str "
			    "c.home.example.org }\n"
			    "    default_backend inside\n");
	HAS("backend nothing", "http-request return status 404 ");
	HAS("backend a:http", "server s 192.168.1.20:80\n");
	CU_ASSERT_PTR_NULL(strstr(text, "backend b:http\n"));
	HAS("backend b:https", "server s 192.168.1.20:81\n");
	HAS("backend b:https",
	    "http-request set-header x-forwarded-proto https\n");
	HAS("backend c:tls", "mode tcp\n");
	HAS("backend c:tls", "server s 192.168.1.20:443\n");

	begin("c=192.168.1.20 tls public");
	make();
	HAS("frontend tls", "use_backend c:tls if");
	HAS("frontend tls", "default_backend closed\n");
	HAS("backend closed", "tcp-request content reject\n");
	CU_ASSERT_PTR_NULL(strstr(text, "frontend http"));
}

/* Rules come before all else in a backend. */
static void who_may_come(void)
{
	const char *rules;

	begin("a=192.168.1.20 http allow=2001:db8::/32,fd00::1 password=ann\n"
	      "b=192.168.1.20 tls tcp:5 allow=fd00::/8\n"
	      "c=192.168.1.20 password");
	make();
	rules = section("\nbackend a:http\n");
	CU_ASSERT_PTR_EQUAL(strstr(rules, "\nbackend a:http\n    acl may_come "
					  "src 2001:db8::/32 fd00::1\n    "
					  "http-request return status 404 "),
			    rules);
	CU_ASSERT_PTR_NOT_NULL(strstr(rules, " unless may_come\n"));
	CU_ASSERT_PTR_NOT_NULL(
		strstr(rules, "if { sc0_gpc0_rate(visitors) ge 7 }\n"
			      "    http-request sc-inc-gpc0(0) if { "
			      "req.hdr(authorization) -m found } !{ "
			      "http_auth(users:a) }\n"
			      "    http-request auth realm a unless { "
			      "http_auth(users:a) }\n"
			      "    http-request del-header authorization\n"));
	HAS("userlist users:a", "user ann password $6$salt$ann");
	HAS_NOT("userlist users:a", "bob");
	HAS("userlist users:c", "user bob password $5$salt$bob");
	HAS("userlist users:c", "user ann password ");
	HAS_NOT("backend c:http", "may_come");
	HAS("frontend tls", "use_backend b:tls if { var(txn.sni) -m str "
			    "b.home.example.org } { src fd00::/8 }\n");
	HAS("listen b:tcp:5", "tcp-request connection reject unless { src "
			      "fd00::/8 }\n");
}

static void by_address(void)
{
	begin("a=192.168.1.20 tcp:554:8554 tcp:22 public");
	add_bind(ACCESS_TCP, 0, 0, 11);
	add_bind(ACCESS_TCP, 0, 1, 12);
	make();
	HAS("listen a:tcp:554", "bind fd@11 ");
	HAS_NOT("listen a:tcp:554", "fd@12");
	HAS_NOT("listen a:tcp:554", "unless");
	HAS("listen a:tcp:554", "server s 192.168.1.20:8554\n");
	HAS("listen a:tcp:22", "bind fd@12 ");
	HAS("listen a:tcp:22", "server s 192.168.1.20:22\n");
	CU_ASSERT_PTR_NULL(strstr(text, "frontend"));
}

static void how_it_is_spoken_to(void)
{
	begin("a=nas.lan:81 public rewrite host=device device=https check "
	      "set=\"X: 5% of \\ $x\" answer=Server:\n"
	      "b=nas.lan public host=device check=/ok rewrite\n"
	      "c=nas.lan public");
	conf.port = 8080;
	make();
	HAS("backend a:http", "http-request set-header host nas.lan:81\n");
	HAS("backend a:http", "http-request set-header X \"5%% of \\\\ "
			      "\\$x\"\n");
	HAS("backend a:http", "http-response del-header Server\n");
	HAS("backend a:http",
	    "http-response replace-header location '^(.*)https?://"
	    "(?:192\\.168\\.1\\.20|nas\\.lan)(?::81)([/?#].*)?$' "
	    "'\\1http://%[var(txn.host)]:8080\\2'\n");
	HAS("backend a:http", "server s 192.168.1.20:81 ssl verify none check "
			      "inter");
	HAS_NOT("backend a:http", "httpchk");
	HAS("backend b:http", "http-request set-header host nas.lan\n");
	HAS("backend b:http", "option httpchk GET '/ok'\n");
	HAS("backend b:http", "http-response replace-header location '^(.*)"
			      "https?://(?:192\\.168\\.1\\.20|nas\\.lan)"
			      "(?::80)?([/?#].*)?$'");
	HAS_NOT("backend c:http", "set-header host");
	HAS_NOT("backend c:http", "replace-header");
	HAS_NOT("backend c:http", "check");
	HAS_NOT("backend c:http", "ssl");
}

static void is_bad(const char *line, const char *why)
{
	struct access_users some = { .n = 0 };

	n_told = 0;
	access_users_read(&some, "file", gw6c_text(line), mistake, NULL);
	CU_ASSERT_EQUAL(some.n, 0);
	CU_ASSERT_EQUAL(n_told, 1);
	CU_ASSERT_PTR_NOT_NULL(strstr(told, why));
}

static void users_have_hashes(void)
{
	struct access_users some = { .n = 0 };

	n_told = 0;
	access_users_read(&some, "file",
			  gw6c_text("# mine\r\n\r\nann:$6$s$aaaaaaaaaaaaaaaaaa"
				    "\r\nann:$6$s$bbbbbbbbbbbbbbbbbb\n"
				    "bob.b@x:$y$j9T$s$aaaaaaaaaaaaa"),
			  mistake, NULL);
	CU_ASSERT_EQUAL(some.n, 2);
	CU_ASSERT_EQUAL(n_told, 1);
	CU_ASSERT_STRING_EQUAL(told, "file:4: this user is there already; the "
				     "first one counts");
	CU_ASSERT_STRING_EQUAL(access_users_find(&some, "ann")->hash,
			       "$6$s$aaaaaaaaaaaaaaaaaa");
	CU_ASSERT_PTR_NOT_NULL(access_users_find(&some, "bob.b@x"));
	CU_ASSERT_PTR_NULL(access_users_find(&some, "an"));
	is_bad("ann", "expected NAME:HASH");
	is_bad("ann:secret", "no hash");
	is_bad("ann:$1$salt$aaaaaaaaaaaaaaaaaaaaaa", "no hash");
	is_bad("ann:$6$short", "no hash");
	is_bad("ann:$6$salt$aaaaaaaaaaaaaaaa aaaa", "no hash");
	is_bad(":$6$salt$aaaaaaaaaaaaaaaaaaaa", "name of the user");
	is_bad("a b:$6$salt$aaaaaaaaaaaaaaaaaaaa", "name of the user");
}

int main(void)
{
	static const struct unit_test tests[] = {
		UNIT_TEST(limits_and_console),	UNIT_TEST(by_name),
		UNIT_TEST(who_may_come),	UNIT_TEST(by_address),
		UNIT_TEST(how_it_is_spoken_to), UNIT_TEST(users_have_hashes),
	};
	int rc;

	access_users_read(&users, "users",
			  gw6c_text("ann:$6$salt$annannannannannann\n"
				    "bob:$5$salt$bobbobbobbobbobbob"),
			  mistake, NULL);
	rc = UNIT_RUN("home-access: configuration", tests);
	free(text);
	access_list_free(&list);
	return rc;
}
