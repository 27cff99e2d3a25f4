/* test_settings.c - every key, what files of all ages mean, and mistakes. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/config/conf_parts.h"
#include "core/config/settings_parts.h"
#include "core/config/settings_store.h"
#include "tests/unit/unit.h"
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define DATA SRCDIR "/tests/data/conf/"

/* A double of the parser in tsp.c: enough to know literals from names. */
int server_addr_parse(const char *text, struct server_addr *out,
		      struct gw6c_err *err)
{
	bool literal = text[0] == '[';
	const char *port = strrchr(text, ':');

	memset(out, 0, sizeof(*out));
	if (strchr(text, '!'))
		return gw6c_fail(err, GW6C_ECONFIG, "bad server");
	if (literal && text[strlen(text) - 1] == ']')
		port = NULL;
	text += literal;
	snprintf(out->host, sizeof(out->host), "%.*s",
		 (int)strcspn(text, literal ? "]" : ": "), text);
	out->port = port ? (uint16_t)strtol(port + 1, NULL, 10) : SERVER_PORT;
	gw6c_addr_parse(out->host, &out->literal);
	return GW6C_OK;
}

static struct conf *conf;
static struct settings *settings;
static char errors[2000];

static void done(void)
{
	settings_free(settings);
	conf_free(conf);
	settings = NULL;
	conf = NULL;
}

/* Modes of one kind each, with their names in older files. */
static const struct gw6c_granted v6v4_grants[] = {
	{ "v6v4", NULL, GW6C_OVER_UDP | GW6C_OVER_TCP },
	{ .type = NULL },
};
static const struct gw6c_granted v4v6_grants[] = {
	{ "v4v6", NULL, GW6C_OVER_UDP | GW6C_OVER_TCP },
	{ .type = NULL },
};
static const struct gw6c_granted udp_grants[] = {
	{ "v6udpv4", NULL, GW6C_OVER_UDP },
	{ .type = NULL },
};
static const struct gw6c_granted any_grants[] = {
	{ "v6udpv4", NULL, GW6C_OVER_UDP },
	{ "v6v4", NULL, GW6C_OVER_UDP | GW6C_OVER_TCP },
	{ .type = NULL },
};

static int make_plan(const struct gw6c_lease *lease, struct gw6c_plan *plan,
		     struct gw6c_err *err)
{
	(void)lease;
	(void)plan;
	(void)err;
	return GW6C_OK;
}

#define SIX                                                                    \
	.inner = 6, .outer = 4, .prefix_min = 16, .prefix_usual = 48,          \
	.prefix_max = 64
static const struct {
	const char *name, *classic;
	struct gw6c_tunnel_ops ops;
} known[] = {
	{ "v6anyv4",
	  NULL,
	  { SIX, .flags = GW6C_TUNNEL_NAT, .grants = any_grants } },
	{ "v6v4",
	  "if_tunnel_v6v4",
	  { SIX, .protocol = 41, .grants = v6v4_grants, .plan = make_plan } },
	{ "v6udpv4",
	  "if_tunnel_v6udpv4",
	  { SIX, .flags = GW6C_TUNNEL_NAT, .grants = udp_grants,
	    .plan = make_plan } },
	{ "v4v6",
	  "if_tunnel_v4v6",
	  { .inner = 4,
	    .outer = 6,
	    .protocol = 4,
	    .prefix_min = 1,
	    .prefix_usual = 24,
	    .prefix_max = 32,
	    .grants = v4v6_grants,
	    .plan = make_plan } },
	{ "bare",
	  NULL,
	  { .inner = 6,
	    .outer = 4,
	    .protocol = 99,
	    .grants = v6v4_grants,
	    .plan = make_plan } },
};

static const struct gw6c_tunnel_ops *mode_asked(void)
{
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (strcmp(known[i].name, settings->tunnel_mode) == 0)
			return &known[i].ops;
	return &known[0].ops;
}

/* What room modules does between the two checks. */
static void adopt(void)
{
	static const char *const features[] = { "ra",
						"hap6_web_enabled",
						"hap6_proxy_enabled",
						"hap6_document_root",
						"haccess_web_enabled",
						"haccess_proxy_enabled",
						"haccess_document_root" };
	char key[60];

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		snprintf(key, sizeof(key), "tunnel.%s.interface",
			 known[i].name);
		if (known[i].classic && conf_get(conf, known[i].classic, 0))
			CU_ASSERT_EQUAL(conf_adopt(conf, known[i].classic, key,
						   NULL),
					GW6C_OK);
	}
	if (conf_get(conf, "if_tunnel", 0))
		conf_adopt(conf, "if_tunnel", "tunnel.v6v4.interface", NULL);
	for (size_t i = 0; i < sizeof(features) / sizeof(features[0]); i++)
		conf_get(conf, features[i], 0);
}

static int read_conf(void)
{
	int rc = settings_read(conf, &settings, errors, sizeof(errors));

	if (rc)
		return rc;
	adopt();
	rc = settings_check_mode(settings, conf, mode_asked(), errors,
				 sizeof(errors));
	settings_unknown(conf, NULL);
	return rc;
}

static const char *value(const char *key)
{
	const struct setting *at = conf_get(conf, key, 0);

	return at ? at->value : "(none)";
}

static int read_text(const char *text)
{
	struct gw6c_err err = { 0 };

	conf = conf_new();
	CU_ASSERT_EQUAL(conf_parse(conf, "t.conf", text, strlen(text),
				   CONF_DETECT, &err),
			0);
	return read_conf();
}

static int read_file(const char *path)
{
	struct gw6c_err err = { 0 };

	conf = conf_new();
	CU_ASSERT_EQUAL(conf_load(conf, path, &err), 0);
	CU_ASSERT_STRING_EQUAL(err.text, "");
	return read_conf();
}

static bool warned(const char *part)
{
	const char *text;

	for (size_t i = 0; (text = conf_warning(conf, i)); i++)
		if (strstr(text, part))
			return true;
	return false;
}

static void an_empty_file_means_the_defaults_of_the_guide(void)
{
	CU_ASSERT_EQUAL_FATAL(read_text(""), 0);
	CU_ASSERT_STRING_EQUAL(settings->server, "broker.freenet6.net");
	CU_ASSERT_TRUE(settings->server_default);
	CU_ASSERT_EQUAL(settings->broker.port, SERVER_PORT);
	CU_ASSERT_STRING_EQUAL(settings->auth_method, "anonymous");
	CU_ASSERT_EQUAL(settings->prefixlen, 48);
	CU_ASSERT_FALSE(settings->router);
	CU_ASSERT_STRING_EQUAL(settings->client_v4, "auto");
	CU_ASSERT_STRING_EQUAL(settings->tunnel_mode, "v6anyv4");
	CU_ASSERT_TRUE(settings->auto_retry_connect);
	CU_ASSERT_EQUAL(settings->retry_delay, 30);
	CU_ASSERT_EQUAL(settings->retry_delay_max, 300);
	CU_ASSERT_TRUE(settings->keepalive);
	CU_ASSERT_EQUAL(settings->keepalive_interval, 30);
	CU_ASSERT_EQUAL(settings->log_stderr, 1);
	CU_ASSERT_EQUAL(settings->log_file, 0);
	CU_ASSERT_EQUAL(settings->log_rotation_size, 32);
	CU_ASSERT_STRING_EQUAL(settings->last_server, "tsp-last-server.txt");
	CU_ASSERT_STRING_EQUAL(settings->broker_list, "tsp-broker-list.txt");
	CU_ASSERT_FALSE(settings->allow_plain);
	CU_ASSERT_PTR_NULL(settings->dns_server[0]);
	CU_ASSERT_PTR_NULL(settings->features[0]);
	CU_ASSERT_PTR_NULL(settings->auth_list[0]);
	CU_ASSERT_STRING_EQUAL(settings->run_dir, RUNDIR);
	CU_ASSERT_STRING_EQUAL(conf_warning(conf, 0),
			       "server is not set, and the default, "
			       "broker.freenet6.net, closed in 2016; write "
			       "server= and the name of your broker");
	CU_ASSERT_PTR_NULL(conf_warning(conf, 1));
	done();
}

static void empty_values_mean_the_same_defaults(void)
{
	char text[4096] = "";
	size_t used = 0;

	for (const struct key *key = settings_keys; key->name; key++)
		used += (size_t)snprintf(text + used, sizeof(text) - used,
					 "%s=\n", key->name);
	CU_ASSERT_EQUAL_FATAL(read_text(text), 0);
	CU_ASSERT_EQUAL(settings->prefixlen, 48);
	CU_ASSERT_TRUE(settings->server_default);
	CU_ASSERT_TRUE(warned("server: is empty, and the default"));
	CU_ASSERT_PTR_NULL(conf_warning(conf, 1));
	done();
}

static void a_file_of_4x_loads(void)
{
	CU_ASSERT_EQUAL_FATAL(read_file(DATA "tspc-4.conf"), 0);
	CU_ASSERT_STRING_EQUAL(settings->passwd, "wonder=land#1");
	CU_ASSERT_STRING_EQUAL(settings->template_name, "freebsd44");
	CU_ASSERT_STRING_EQUAL(value("tunnel.v6v4.interface"), "gif0");
	CU_ASSERT_STRING_EQUAL(settings->gw6_dir, "/usr/local/tsp");
	CU_ASSERT_EQUAL(settings->log_syslog, 2);
	CU_ASSERT_EQUAL(settings->retry_delay, 0);
	CU_ASSERT_TRUE(warned("tspc-4.conf:2: tsp_version: has no effect"));
	CU_ASSERT_FALSE(warned("unknown"));
	done();
}

static void a_file_of_5x_with_dos_lines_loads(void)
{
	CU_ASSERT_EQUAL_FATAL(read_file(DATA "gw6c-5.conf"), 0);
	CU_ASSERT_STRING_EQUAL(settings->auth_method, "digest-md5");
	CU_ASSERT_TRUE(settings->router);
	CU_ASSERT_STRING_EQUAL(settings->dns_server[0], "ns1.example.net");
	CU_ASSERT_STRING_EQUAL(settings->dns_server[1], "ns2.example.net");
	CU_ASSERT_PTR_NULL(settings->dns_server[2]);
	CU_ASSERT_EQUAL(settings->retry_delay_max, 600);
	CU_ASSERT_STRING_EQUAL(settings->syslog_facility, "LOCAL3");
	CU_ASSERT_STRING_EQUAL(value("tunnel.v6udpv4.interface"), "tun");
	CU_ASSERT_STRING_EQUAL(value("tunnel.v6v4.interface"), "sit1");
	CU_ASSERT_FALSE(warned("unknown"));
	done();
}

static void a_file_of_6_loads(void)
{
	CU_ASSERT_EQUAL_FATAL(read_file(DATA "gw6c-6.conf"), 0);
	CU_ASSERT_STRING_EQUAL(settings->passwd, "a#b=c\"d");
	CU_ASSERT_STRING_EQUAL(settings->auth_method, "passdss-3des-1");
	CU_ASSERT_STRING_EQUAL(settings->tunnel_mode, "v6anyv4");
	CU_ASSERT_STRING_EQUAL(settings->template_name, "solaris");
	CU_ASSERT_STRING_EQUAL(value("tunnel.v6udpv4.interface"), "tun@x");
	CU_ASSERT_EQUAL(settings->retry_delay_max, 900);
	CU_ASSERT_EQUAL(settings->log_syslog, 2);
	CU_ASSERT_EQUAL(settings->log_file, 3);
	CU_ASSERT_EQUAL(settings->log_stderr, 1);
	CU_ASSERT_TRUE(settings->keepalive);
	CU_ASSERT_EQUAL(settings->broker.port, 3654);
	CU_ASSERT_TRUE(warned("server: spaces removed"));
	CU_ASSERT_TRUE(warned("retry_max_delay: is an old name"));
	done();
}

static void a_file_of_gogoc_loads_without_a_warning(void)
{
	CU_ASSERT_EQUAL_FATAL(read_file(DATA "gogoc-1.2.conf"), 0);
	CU_ASSERT_STRING_EQUAL(settings->gw6_dir, "/");
	CU_ASSERT_STRING_EQUAL(settings->template_name, "dongle6");
	CU_ASSERT_EQUAL(settings->log_stderr, 0);
	CU_ASSERT_PTR_NULL(conf_warning(conf, 1));
	done();
}

static void the_recipe_for_an_external_router_loads(void)
{
	CU_ASSERT_EQUAL_FATAL(read_file(DATA "cisco.conf"), 0);
	CU_ASSERT_TRUE(settings->proxy_client);
	CU_ASSERT_STRING_EQUAL(settings->if_prefix, "GigabitEthernet0/0/1");
	done();
}

static void the_structured_file_loads(void)
{
	CU_ASSERT_EQUAL_FATAL(read_file(DATA "libconfig.conf"), 0);
	CU_ASSERT_STRING_EQUAL(settings->passwd, " blanks and \"quotes\" ");
	CU_ASSERT_STRING_EQUAL(settings->features[1], "status");
	CU_ASSERT_STRING_EQUAL(settings->dns_server[1], "ns2.example.net");
	CU_ASSERT_EQUAL(settings->broker.literal.family, 6);
	CU_ASSERT_FALSE(warned("unknown"));
	done();
}

static void structured_text_needs_its_quotes(void)
{
	static const char *const texts[] = {
		"passwd = 0123;",
		"passwd = 1e5;",
		"passwd = true;",
		"passwd = 0x1F;",
		"passwd = 1.50;",
		"userid = 007;",
		"server = 1.5;",
		"gw6_dir = 7;",
		"client_v4 = 7;",
		"template = 7;",
		"log_filename = 7;",
		"features = [ 1, 2 ];",
		"dns_server = ( \"a.example\", 2 );",
	};

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		char text[200];

		snprintf(text, sizeof(text), "mtu = 0;\n%s\n", texts[i]);
		CU_ASSERT_EQUAL(read_text(text), GW6C_ECONFIG);
		CU_ASSERT_EQUAL(strncmp(errors, "t.conf:2: ", 10), 0);
		if (!strstr(errors, "text needs quotes"))
			CU_FAIL(errors);
		CU_ASSERT_EQUAL(!strstr(errors, "\"...\""), i > 4);
		done();
	}
	CU_ASSERT_EQUAL_FATAL(read_text("mtu = 0x600;\nkeepalive = false;\n"
					"metric = 0010;\n"),
			      0);
	CU_ASSERT_EQUAL(settings->mtu, 1536);
	CU_ASSERT_EQUAL(settings->metric, 10);
	CU_ASSERT_FALSE(settings->keepalive);
	done();
}

static void a_userid_without_a_method_stays_anonymous(void)
{
	CU_ASSERT_EQUAL_FATAL(read_text("userid=ann\npasswd=x\n"), 0);
	CU_ASSERT_STRING_EQUAL(settings->auth_method, "anonymous");
	CU_ASSERT_TRUE(warned("t.conf:1: userid: ignored: auth_method is "
			      "unset"));
	done();
	CU_ASSERT_EQUAL_FATAL(read_text("userid=ann\npasswd=x\n"
					"auth_method=anonymous\n"),
			      0);
	CU_ASSERT_TRUE(warned("t.conf:1: userid: ignored: "
			      "auth_method=anonymous logs in without it"));
	done();
	CU_ASSERT_EQUAL(read_text("userid=anonymous\nserver=a.example\n"), 0);
	CU_ASSERT_PTR_NULL(conf_warning(conf, 0));
	done();
}

static void a_template_may_be_the_path_of_a_script(void)
{
	CU_ASSERT_EQUAL(read_text("template=/opt/my own/tunnel.sh\n"), GW6C_OK);
	CU_ASSERT_STRING_EQUAL(settings->template_name,
			       "/opt/my own/tunnel.sh");
	done();
	CU_ASSERT_EQUAL(read_text("template=here/tunnel.sh\n"), GW6C_ECONFIG);
	done();
	CU_ASSERT_EQUAL(read_text("auth_method=/etc/passwd\n"), GW6C_ECONFIG);
	done();
}

static void all_mistakes_are_told_with_their_lines(void)
{
	CU_ASSERT_EQUAL(read_text("prefixlen=129\nkeepalive=maybe\n"
				  "host_type=rooter\nserver=!\n"
				  "log_file=5\nlog_rotation_size=17\n"
				  "client_v4=10.1\nclient_v6=fe8::g\n"
				  "template=../x\nauth_method=a/b\n"
				  "dns_server=a!b\nsyslog_facility=NEWS\n"
				  "log=printer\n"),
			GW6C_ECONFIG);
	CU_ASSERT_PTR_NULL(settings);
	for (int line = 1; line <= 13; line++) {
		char where[24];

		snprintf(where, sizeof(where), "t.conf:%d: ", line);
		CU_ASSERT_PTR_NOT_NULL(strstr(errors, where));
	}
	CU_ASSERT_PTR_NOT_NULL(strstr(errors, "did you mean \"router\"?"));
	CU_ASSERT_EQUAL(errors[0], 't');
	CU_ASSERT_PTR_NULL(strstr(errors, "\n\n"));
	done();
}

static void mistakes_beyond_the_room_are_cut(void)
{
	char small[20];

	conf = conf_new();
	conf_parse(conf, "t.conf", "mtu=x\nmetric=x\n", 15, CONF_CLASSIC, NULL);
	for (size_t room = 1; room <= sizeof(small); room++) {
		CU_ASSERT_EQUAL(settings_read(conf, &settings, small, room),
				GW6C_ECONFIG);
		CU_ASSERT_EQUAL(strlen(small), room - 1);
	}
	done();
}

static void login_names_and_passwords_have_limits(void)
{
	static const struct {
		const char *key;
		size_t max;
	} cases[] = { { "userid", 253 }, { "passwd", 128 } };

	for (size_t i = 0; i < 2; i++) {
		for (size_t over = 0; over <= 1; over++) {
			char text[300];
			size_t n = (size_t)snprintf(text, sizeof(text),
						    "%s=", cases[i].key);

			memset(text + n, 'x', cases[i].max + over);
			text[n + cases[i].max + over] = 0;
			CU_ASSERT_EQUAL(read_text(text),
					over ? GW6C_ECONFIG : 0);
			CU_ASSERT_PTR_NULL(strstr(errors, "xxx"));
			done();
		}
	}
	CU_ASSERT_EQUAL(read_text("passwd=se\xc3\xa9kret\n"), GW6C_ECONFIG);
	CU_ASSERT_PTR_NOT_NULL(strstr(errors, "character 3 is not"));
	CU_ASSERT_PTR_NULL(strstr(errors, "kret"));
	done();
}

static void what_does_not_go_together_is_refused(void)
{
	static const char *const cases[][2] = {
		{ "proxy_client=yes\ntunnel_mode=v6v4\n",
		  "t.conf:1: proxy_client: another router cannot send" },
		{ "proxy_client=yes\nkeepalive=no\ntunnel_mode=v6udpv4\n",
		  "t.conf:1: proxy_client: another router cannot take over our "
		  "UDP socket; write a tunnel_mode that has an IP protocol of "
		  "its own" },
		{ "host_type=router\nif_prefix=lo\ntunnel_mode=bare\n",
		  "t.conf:1: host_type: tunnel_mode=bare delegates no "
		  "prefix" },
		{ "host_type=router\n", "needs if_prefix" },
		{ "host_type=router\nif_prefix=t\nif_tunnel_v6v4=t\n",
		  "t.conf:2: if_prefix: is the tunnel" },
		{ "host_type=router\nif_prefix=lo:x\n", "write NAME" },
		{ "host_type=router\nif_prefix=lo:-1\n", "write NAME" },
		{ "host_type=router\nif_prefix=:1\n", "write NAME" },
		{ "host_type=router\nif_prefix=lo lo:7\n", "twice" },
		{ "host_type=router\nif_prefix=lo:7 a:7\n", "twice" },
		{ "host_type=router\nif_prefix=a b c d e f g h i\n",
		  "more than 8" },
		{ "host_type=router\nif_prefix=lo:16\nprefixlen=60\n",
		  "no subnet with that number" },
		{ "host_type=router\nif_prefix=lo a\nprefixlen=64\n",
		  "no subnet with that number" },
		{ "host_type=router\nif_prefix=lo sixteencharacter\n",
		  "15 characters" },
		{ "host_type=router\nif_prefix=lo a\ntunnel_mode=v4v6\n",
		  "name one interface" },
		{ "retry_delay=31\nretry_delay_max=30\n",
		  "t.conf:2: retry_delay_max" },
		{ "tunnel_mode=v4v6\nserver=192.0.2.1\n",
		  "t.conf:2: server: tunnel_mode=v4v6 reaches the broker over "
		  "IPv6; write its name or [IPv6 address]" },
		{ "tunnel_mode=v6v4\nserver=[2001:db8::1]\n",
		  "t.conf:2: server" },
		{ "server=[2001:db8::1]\n",
		  "t.conf:1: server: tunnel_mode=v6anyv4 reaches the broker "
		  "over IPv4; write its name or IPv4 address" },
		{ "tunnel_mode=v4v6\nhost_type=router\nif_prefix=lo\n"
		  "prefixlen=33\n",
		  "t.conf:4: prefixlen: v4v6 assigns IPv4 addresses: 1 to 32" },
		{ "if_tunnel_v6v4=sixteencharacter\n",
		  "t.conf:1: if_tunnel_v6v4: an interface name has at most "
		  "15 characters" },
		{ "tunnel.x.interface=sixteencharacter\n",
		  "t.conf:1: tunnel.x.interface: an interface" },
		{ "if_tunnel_v6v4=a/b\n", "no '/'" },
		{ "mtu=1279\n", "t.conf:1: mtu" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		CU_ASSERT_EQUAL(read_text(cases[i][0]), GW6C_ECONFIG);
		CU_ASSERT_PTR_NOT_NULL(strstr(errors, cases[i][1]));
		done();
	}
}

static void a_router_may_have_several_networks(void)
{
	CU_ASSERT_EQUAL(read_text("host_type=router\n"
				  "if_prefix=lo, a:0x10 b\n"),
			GW6C_OK);
	CU_ASSERT_STRING_EQUAL(settings->lan[0].dev, "lo");
	CU_ASSERT_EQUAL(settings->lan[0].subnet, 0);
	CU_ASSERT_STRING_EQUAL(settings->lan[1].dev, "a");
	CU_ASSERT_EQUAL(settings->lan[1].subnet, 16);
	CU_ASSERT_STRING_EQUAL(settings->lan[2].dev, "b");
	CU_ASSERT_EQUAL(settings->lan[2].subnet, 17);
	CU_ASSERT_STRING_EQUAL(settings->lan[3].dev, "");
	done();
}

static void what_is_doubtful_draws_a_warning_only(void)
{
	static const char *const cases[][2] = {
		{ "proxy_client=yes\nkeepalive=no\n",
		  "may choose v6udpv4, which will fail; write "
		  "tunnel_mode=v6v4" },
		{ "proxy_client=yes\nkeepalive=no\ntunnel_mode=v6v4\n",
		  "client_v4=auto" },
		{ "keepalive=no\n", "a NAT drops a v6udpv4 tunnel" },
		{ "keepalive_interval=111\n", "30 to 110" },
		{ "keepalive_interval=4\n",
		  "below the minimum; using 5 seconds" },
		{ "keepalive_interval=0\n",
		  "t.conf:1: keepalive_interval: below the minimum; using 5" },
		{ "keepalive_interval=9999\n",
		  "t.conf:1: keepalive_interval: above the maximum; using "
		  "3600 seconds" },
		{ "server=\n", "t.conf:1: server: is empty, and the default, "
			       "broker.freenet6.net, closed in 2016" },
		{ "server=Freenet6\n",
		  "t.conf:1: server: the service Freenet6 closed in 2016" },
		{ "server=Montreal.Freenet6.NET:3653\n",
		  "t.conf:1: server: the service Freenet6 closed in 2016" },
		{ "log_file=1\nlog_filename=/none/gw6c.log\n",
		  "t.conf:2: log_filename: its directory does not exist" },
		{ "passwd=x # note\n",
		  "t.conf:1: passwd: the value has a '#'" },
		{ "server 192.0.2.1\n", "t.conf:1: no '=' in this line" },
		{ "host_type=router\nif_prefix=lo\nprefixlen=65\n",
		  "SLAAC needs a /64; 48 to 64 is usual" },
		{ "host_type=router\nif_prefix=lo\nprefixlen=47\n",
		  "rarely delegate" },
		{ "host_type=router\nif_prefix=none9\n", "no such interface" },
		{ "dns_server=ns.example\n", "host_type=router only" },
		{ "gw6_dir=/none\n", "no such directory" },
		{ "usreid=ann\n", "t.conf:1: usreid: unknown key, ignored; did "
				  "you mean \"userid\"?" },
		{ "colour=red\n", "t.conf:1: colour: unknown key, ignored" },
		{ "os.nosuch=1\n",
		  "t.conf:1: os.nosuch: unknown key, ignored" },
		{ "if_source=eth0\n", "if_source: has no effect" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		CU_ASSERT_EQUAL(read_text(cases[i][0]), 0);
		CU_ASSERT_TRUE(warned(cases[i][1]));
		done();
	}
}

static void options_of_plugins_are_left_to_the_loader(void)
{
	CU_ASSERT_EQUAL_FATAL(read_text("os.linux.table=7\nauth.x.y=1\n"
					"tunnel.x.y=1\nfeature.x.y=1\n"
					"server=a.example\n"),
			      0);
	CU_ASSERT_PTR_NULL(conf_warning(conf, 0));
	CU_ASSERT_FALSE(conf_at(conf, 0)->used);
	done();
}

static void the_newest_spelling_counts(void)
{
	CU_ASSERT_EQUAL_FATAL(read_text("gogoc_dir=/\ngw6_dir=/tmp\n"
					"tsp_dir=/usr\n"),
			      0);
	CU_ASSERT_STRING_EQUAL(settings->gw6_dir, "/");
	CU_ASSERT_TRUE(warned("t.conf:3: tsp_dir: ignored; overridden by "
			      "gogoc_dir at t.conf:1"));
	CU_ASSERT_TRUE(warned("t.conf:1: gogoc_dir: overrides gw6_dir at "
			      "t.conf:2"));
	done();
}

static void the_command_line_wins_over_newer_spellings(void)
{
	conf = conf_new();
	conf_parse(conf, "t.conf", "gogoc_dir=/usr\n", 15, CONF_CLASSIC, NULL);
	conf_set(conf, "gw6_dir", "/", "-x", NULL);
	CU_ASSERT_EQUAL_FATAL(settings_read(conf, &settings, errors,
					    sizeof(errors)),
			      0);
	CU_ASSERT_STRING_EQUAL(settings->gw6_dir, "/");
	done();
}

static void the_old_server_address_is_for_v4v6(void)
{
	CU_ASSERT_EQUAL_FATAL(read_text("tunnel_mode=v4v6\n"
					"server=192.0.2.1\n"
					"server_address=[2001:db8::1]:3654\n"),
			      0);
	CU_ASSERT_EQUAL(settings->broker.literal.family, 6);
	CU_ASSERT_EQUAL(settings->broker.port, 3654);
	done();
	CU_ASSERT_EQUAL_FATAL(read_text("server=192.0.2.1\n"
					"server_address=[2001:db8::1]\n"),
			      0);
	CU_ASSERT_EQUAL(settings->broker.literal.family, 4);
	CU_ASSERT_TRUE(warned("server_address: has no effect"));
	done();
}

static void v4v6_asks_for_24_bits_by_default(void)
{
	CU_ASSERT_EQUAL_FATAL(read_text("tunnel_mode=v4v6\nhost_type=router\n"
					"if_prefix=lo\n"),
			      0);
	CU_ASSERT_EQUAL(settings->prefixlen, 24);
	done();
}

static void names_of_plugins_are_in_lower_case(void)
{
	CU_ASSERT_EQUAL_FATAL(read_text("tunnel_mode=V4v6\n"
					"auth_method=My-Login\n"
					"template=My.Script\n"
					"server=[2001:db8::1]\n"),
			      0);
	CU_ASSERT_STRING_EQUAL(settings->tunnel_mode, "v4v6");
	CU_ASSERT_STRING_EQUAL(settings->auth_method, "my-login");
	CU_ASSERT_STRING_EQUAL(settings->template_name, "My.Script");
	CU_ASSERT_PTR_NULL(conf_warning(conf, 0));
	done();
}

static void what_suits_a_mode_draws_no_warning(void)
{
	static const char *const cases[] = {
		"tunnel_mode=v6v4\nkeepalive=no\n",
		"tunnel_mode=v6v4\nkeepalive_interval=111\n",
		"keepalive_interval=110\n",
		"host_type=router\nif_prefix=lo\nprefixlen=48\n",
		"host_type=router\nif_prefix=lo\nprefixlen=64\n",
		"host_type=router\nif_prefix=lo:1\nprefixlen=63\n",
		"host_type=router\nif_prefix=lo\ntunnel_mode=v4v6\n"
		"prefixlen=32\n",
		"server=[2001:db8::1]\ntunnel_mode=v4v6\n",
		"server=192.0.2.1\n",
		"if_tunnel_v6v4=fifteencharacte\n",
		"tunnel_mode=v4v6\nproxy_client=yes\nkeepalive=no\n"
		"if_tunnel_v4v6=GigabitEthernet0/0/1\n",
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char text[200];

		snprintf(text, sizeof(text), "%s%s", cases[i],
			 strstr(cases[i], "server=") ? ""
						     : "server=a.example\n");
		CU_ASSERT_EQUAL(read_text(text), 0);
		CU_ASSERT_STRING_EQUAL(errors, "");
		CU_ASSERT_PTR_NULL(conf_warning(conf, 0));
		if (conf_warning(conf, 0))
			printf("\n    %s", conf_warning(conf, 0));
		done();
	}
}

static void what_nobody_knows_is_told_with_names_of_plugins(void)
{
	static const char *const more[] = { "if_tunnel_x", NULL };

	conf = conf_new();
	conf_parse(conf, "t.conf", "if_tunel_x=1\n", 13, CONF_CLASSIC, NULL);
	conf_set(conf, "-u", "tun9", "-u", NULL);
	settings_unknown(conf, more);
	CU_ASSERT_STRING_EQUAL(conf_warning(conf, 0),
			       "t.conf:1: if_tunel_x: unknown key, ignored; "
			       "did you mean \"if_tunnel_x\"?");
	CU_ASSERT_STRING_EQUAL(conf_warning(conf, 1),
			       "option -u: ignored: no plugin that is "
			       "installed has this option");
	conf_free(conf);
	conf = NULL;
}

static void lists_have_a_limit_and_scalars_are_no_lists(void)
{
	CU_ASSERT_EQUAL(read_text("features=a b c d e f g h i j k l m n o p\n"),
			0);
	CU_ASSERT_STRING_EQUAL(settings->features[15], "p");
	CU_ASSERT_PTR_NULL(settings->features[16]);
	done();
	CU_ASSERT_EQUAL(read_text("features=a b c d e f g h i j k l m n o p "
				  "q\n"),
			GW6C_ECONFIG);
	done();
	CU_ASSERT_EQUAL(read_text("server=x\nfeatures=a-b c a_b\n"),
			GW6C_ECONFIG);
	CU_ASSERT_PTR_NOT_NULL(strstr(errors, ":2: features: names a feature "
					      "twice"));
	done();
	CU_ASSERT_EQUAL(read_text("template = [ \"a\", \"b\" ];\n"),
			GW6C_ECONFIG);
	CU_ASSERT_PTR_NOT_NULL(strstr(errors, "takes one value"));
	done();
	CU_ASSERT_EQUAL(read_text("features = [ ];\n"), 0);
	CU_ASSERT_PTR_NULL(settings->features[0]);
	done();
}

#define SECRET "/tmp/gw6c-test-secret"

static void put_secret(const char *text, mode_t mode)
{
	int fd;

	unlink(SECRET);
	fd = open(SECRET, O_WRONLY | O_CREAT | O_EXCL, 0600);
	CU_ASSERT_EQUAL(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	CU_ASSERT_EQUAL(fchmod(fd, mode), 0);
	close(fd);
}

#define WITH_FILE "userid=ann\nauth_method=any\npasswd_file=" SECRET "\n"

static void a_password_can_have_a_file_of_its_own(void)
{
	static const struct {
		const char *text, *password;
	} cases[] = {
		{ "s3cret\n", "s3cret" },
		{ "s3cret", "s3cret" },
		{ "with blanks \r\n", "with blanks " },
		{ "\xef\xbb\xbf"
		  "marked\r\r\n",
		  "marked" },
		{ "\xef\xbb\xbf\n", NULL },
		{ "first\nsecond\n", "first" },
		{ "", NULL },
		{ "\nsecond\n", NULL },
		{ "gr\303\274n\n", NULL },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		put_secret(cases[i].text, 0600);
		CU_ASSERT_EQUAL(read_text(WITH_FILE),
				cases[i].password ? 0 : GW6C_ECONFIG);
		if (cases[i].password)
			CU_ASSERT_STRING_EQUAL(settings->passwd,
					       cases[i].password);
		done();
	}
	unlink(SECRET);
	CU_ASSERT_EQUAL(read_text(WITH_FILE), GW6C_ECONFIG);
	CU_ASSERT_PTR_NOT_NULL(strstr(errors, "No such file"));
	done();
	put_secret("\xef\xbb\xbf"
		   "s3cret \n",
		   0600);
	CU_ASSERT_EQUAL(read_text(WITH_FILE), 0);
	CU_ASSERT_STRING_EQUAL(settings->passwd, "s3cret ");
	CU_ASSERT_TRUE(warned(SECRET ": the byte order mark before the "
				     "password is removed"));
	CU_ASSERT_TRUE(warned(SECRET ": the password ends in a blank"));
	CU_ASSERT_FALSE(warned("s3cret"));
	done();
	put_secret("s3cret", 0600);
	CU_ASSERT_EQUAL(read_text(WITH_FILE), 0);
	CU_ASSERT_FALSE(warned("byte order"));
	CU_ASSERT_FALSE(warned("blank"));
	done();
	CU_ASSERT_EQUAL(read_text(WITH_FILE "passwd=another\n"), GW6C_ECONFIG);
	CU_ASSERT_PTR_NOT_NULL(strstr(errors, "passwd is also set"));
	done();
	unlink(SECRET);
}

static void a_password_file_is_checked_like_the_rest(void)
{
	char longest[130];

	memset(longest, 'x', sizeof(longest));
	longest[129] = 0;
	put_secret(longest, 0600);
	CU_ASSERT_EQUAL(read_text(WITH_FILE), GW6C_ECONFIG);
	CU_ASSERT_PTR_NOT_NULL(strstr(errors, "longer than 128"));
	done();
	longest[128] = 0;
	put_secret(longest, 0604);
	CU_ASSERT_EQUAL_FATAL(read_text(WITH_FILE), 0);
	CU_ASSERT_EQUAL(strlen(settings->passwd), 128);
	CU_ASSERT_TRUE(warned("is world-readable"));
	done();
	unlink(SECRET);
}

static void a_password_can_be_a_credential(void)
{
	char dir[] = "/tmp/gw6c-test-cred.XXXXXX", path[80];
	FILE *file;

	CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(dir));
	setenv("CREDENTIALS_DIRECTORY", dir, 1);
	CU_ASSERT_EQUAL_FATAL(read_text("userid=ann\nauth_method=any\n"), 0);
	CU_ASSERT_STRING_EQUAL(settings->passwd, "");
	done();
	snprintf(path, sizeof(path), "%s/passwd", dir);
	file = fopen(path, "w");
	CU_ASSERT_PTR_NOT_NULL_FATAL(file);
	fputs("from systemd\n", file);
	fclose(file);
	CU_ASSERT_EQUAL_FATAL(read_text("userid=ann\nauth_method=any\n"), 0);
	CU_ASSERT_STRING_EQUAL(settings->passwd, "from systemd");
	done();
	CU_ASSERT_EQUAL_FATAL(
		read_text("userid=ann\nauth_method=any\npasswd=mine\n"), 0);
	CU_ASSERT_STRING_EQUAL(settings->passwd, "mine");
	done();
	unsetenv("CREDENTIALS_DIRECTORY");
	unlink(path);
	rmdir(dir);
}

static void a_password_that_all_can_read_draws_a_warning(void)
{
	static const mode_t modes[] = { 0600, 0640, 0644 };
	char path[] = "/tmp/gw6c-settings.XXXXXX";
	int fd = mkstemp(path);

	CU_ASSERT_FATAL(fd >= 0);
	CU_ASSERT_EQUAL(write(fd, "passwd=x\n", 9), 9);
	for (size_t i = 0; i < 3; i++) {
		fchmod(fd, modes[i]);
		CU_ASSERT_EQUAL(read_file(path), 0);
		CU_ASSERT_EQUAL(warned("chmod o-rwx"), modes[i] == 0644);
		done();
	}
	close(fd);
	unlink(path);
}

static void a_new_session_is_needed_for_its_settings_only(void)
{
	static const struct {
		const char *text;
		bool same;
	} cases[] = {
		{ "log_stderr=3\nretry_delay=9\npid_file=x\n", true },
		{ "keepalive_interval=30\n", true },
		{ "keepalive_interval=31\n", false },
		{ "userid=anonymous\n", false },
		{ "default_route=no\n", false },
		{ "features=a\n", false },
		{ "tunnel_mode=v6v4\n", false },
		{ "server=x.example\n", false },
	};
	struct settings *empty;

	CU_ASSERT_EQUAL(read_text(""), 0);
	empty = settings;
	conf_free(conf);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		CU_ASSERT_EQUAL_FATAL(read_text(cases[i].text), 0);
		CU_ASSERT_EQUAL(settings_same_session(empty, settings),
				cases[i].same);
		done();
	}
	settings_free(empty);
}

static void relative_files_are_here_or_in_the_state_directory(void)
{
	char dir[] = "/tmp/gw6c-settings.XXXXXX", room[300];
	char *back = getcwd(NULL, 0);

	CU_ASSERT_FATAL(back && mkdtemp(dir) && chdir(dir) == 0);
	CU_ASSERT_EQUAL_FATAL(read_text("state_dir=/var/x\n"), 0);
	settings_path(settings, "/a/b", room, sizeof(room));
	CU_ASSERT_STRING_EQUAL(room, "/a/b");
	settings_path(settings, "b", room, sizeof(room));
	CU_ASSERT_STRING_EQUAL(room, "/var/x/b");
	CU_ASSERT_EQUAL(mkdir("b", 0700), 0);
	settings_path(settings, "b", room, sizeof(room));
	CU_ASSERT_STRING_EQUAL(room, "b");
	rmdir("b");
	CU_ASSERT_EQUAL(chdir(back), 0);
	rmdir(dir);
	free(back);
	done();
}

static void count_line(void *arg, const char *text)
{
	size_t *n = arg;

	CU_ASSERT(strncmp(text, settings_keys[*n].name,
			  strlen(settings_keys[*n].name)) == 0);
	CU_ASSERT_PTR_NOT_NULL(strstr(text, settings_keys[*n].meaning));
	++*n;
}

static void the_description_has_every_key(void)
{
	size_t n = 0;

	settings_describe(count_line, &n);
	CU_ASSERT_PTR_NULL(settings_keys[n].name);
}

static bool has(const char *text, const char *fmt, const char *a, const char *b)
{
	char line[400];

	snprintf(line, sizeof(line), "\n%s%s%s%s\n", fmt, a, b ? "=" : "",
		 b ? b : "");
	return strstr(text, line) != NULL;
}

static void the_manual_page_and_the_sample_have_every_key(void)
{
	size_t len;
	char *manual = unit_file("doc/gw6c.conf.5", &len);
	char *sample = unit_file("conf/gw6c.conf", &len);

	CU_ASSERT_FATAL(manual && sample);
	for (const struct key *key = settings_keys; key->name; key++) {
		/* These two depend on the installation. */
		const char *fallback = key->fallback;

		if (strcmp(key->name, "run_dir") == 0)
			fallback = "/var/run/gw6c";
		if (strcmp(key->name, "state_dir") == 0)
			fallback = "/var/lib/gw6c";
		if (!has(manual, ".It Va ", key->name, NULL))
			CU_FAIL(key->name);
		if (strcmp(key->name, "server") != 0 &&
		    !has(sample, "#", key->name, fallback) &&
		    !has(sample, "", key->name, fallback))
			CU_FAIL(key->name);
	}
	for (const struct alias *old = settings_aliases; old->name; old++)
		CU_ASSERT_PTR_NOT_NULL(strstr(manual, old->name));
	free(manual);
	free(sample);
}

/* text with the first old in it replaced, in room, which may be text. */
static void fill(const char *text, const char *old, const char *with,
		 char room[8000])
{
	char *copy = strdup(text), *at = strstr(copy, old);

	CU_ASSERT_PTR_NOT_NULL_FATAL(at);
	snprintf(room, 8000, "%.*s%s%s", (int)(at - copy), copy, with,
		 at + strlen(old));
	free(copy);
}

static void the_sample_works_with_its_lines_filled_in(void)
{
	size_t len;
	char *sample = unit_file("conf/gw6c.conf", &len);
	char filled[8000];

	CU_ASSERT_FATAL(sample != NULL);
	/* That these are empty is told by who knows the mechanisms. */
	CU_ASSERT_EQUAL_FATAL(read_text(sample), 0);
	CU_ASSERT_PTR_NULL(conf_warning(conf, 0));
	CU_ASSERT_STRING_EQUAL(settings->auth_method, "any");
	CU_ASSERT_STRING_EQUAL(settings->userid, "");
	CU_ASSERT_STRING_EQUAL(settings->passwd, "");
	done();
	fill(sample, "userid=\n", "userid=a\n", filled);
	fill(filled, "passwd=\n", "passwd=b\n", filled);
	fill(filled, "server=broker.example.net", "server=c.example", filled);
	CU_ASSERT_EQUAL_FATAL(read_text(filled), 0);
	CU_ASSERT_PTR_NULL(conf_warning(conf, 0));
	CU_ASSERT_STRING_EQUAL(settings->server, "c.example");
	CU_ASSERT_STRING_EQUAL(settings->auth_method, "any");
	done();
	fill(sample, "auth_method=any", "auth_method=anonymous", filled);
	CU_ASSERT_EQUAL(read_text(filled), 0);
	CU_ASSERT_PTR_NULL(conf_warning(conf, 0));
	done();
	for (char *at = sample; (at = strstr(at, "\n#")); at++)
		if (at[2] >= 'a' && at[2] <= 'z')
			at[1] = ' ';
	CU_ASSERT_EQUAL(read_text(sample), 0);
	CU_ASSERT_FALSE(warned("unknown"));
	CU_ASSERT_STRING_EQUAL(settings->server, "broker.example.net");
	done();
	free(sample);
}

static const struct unit_test tests[] = {
	UNIT_TEST(an_empty_file_means_the_defaults_of_the_guide),
	UNIT_TEST(empty_values_mean_the_same_defaults),
	UNIT_TEST(a_file_of_4x_loads),
	UNIT_TEST(a_file_of_5x_with_dos_lines_loads),
	UNIT_TEST(a_file_of_6_loads),
	UNIT_TEST(a_file_of_gogoc_loads_without_a_warning),
	UNIT_TEST(the_recipe_for_an_external_router_loads),
	UNIT_TEST(the_structured_file_loads),
	UNIT_TEST(structured_text_needs_its_quotes),
	UNIT_TEST(a_userid_without_a_method_stays_anonymous),
	UNIT_TEST(a_template_may_be_the_path_of_a_script),
	UNIT_TEST(all_mistakes_are_told_with_their_lines),
	UNIT_TEST(mistakes_beyond_the_room_are_cut),
	UNIT_TEST(login_names_and_passwords_have_limits),
	UNIT_TEST(what_does_not_go_together_is_refused),
	UNIT_TEST(a_router_may_have_several_networks),
	UNIT_TEST(what_is_doubtful_draws_a_warning_only),
	UNIT_TEST(options_of_plugins_are_left_to_the_loader),
	UNIT_TEST(the_newest_spelling_counts),
	UNIT_TEST(the_command_line_wins_over_newer_spellings),
	UNIT_TEST(the_old_server_address_is_for_v4v6),
	UNIT_TEST(v4v6_asks_for_24_bits_by_default),
	UNIT_TEST(names_of_plugins_are_in_lower_case),
	UNIT_TEST(what_suits_a_mode_draws_no_warning),
	UNIT_TEST(what_nobody_knows_is_told_with_names_of_plugins),
	UNIT_TEST(lists_have_a_limit_and_scalars_are_no_lists),
	UNIT_TEST(a_password_can_have_a_file_of_its_own),
	UNIT_TEST(a_password_file_is_checked_like_the_rest),
	UNIT_TEST(a_password_can_be_a_credential),
	UNIT_TEST(a_password_that_all_can_read_draws_a_warning),
	UNIT_TEST(a_new_session_is_needed_for_its_settings_only),
	UNIT_TEST(relative_files_are_here_or_in_the_state_directory),
	UNIT_TEST(the_description_has_every_key),
	UNIT_TEST(the_manual_page_and_the_sample_have_every_key),
	UNIT_TEST(the_sample_works_with_its_lines_filled_in),
};

int main(void)
{
	return UNIT_RUN("settings", tests);
}
