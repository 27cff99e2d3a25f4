/* test_broker_session.c - the broker's dialogues, datagram by datagram. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "broker/dialog/dialogs.h"
#include "broker/dialog/failures.h"
#include "broker/dialog/guesses.h"
#include "broker/dialog/sources.h"
#include "core/base/log.h"
#include "core/modules/host.h"
#include "fake_hash.h"
#include "fake_host.h"
#include "tests/unit/unit.h"
#include <stdlib.h>
#include <unistd.h>

/* --- doubles ----------------------------------------------------------- */

static struct fake_host fake;
static int hosts; /* not yet ended */
static int logins; /* opened, not yet closed */

static struct host_events host_events;

/* It can only be one that is open. */
static void host_done(const struct gw6c_host *host, int rc,
		      struct gw6c_bytes out, const struct gw6c_err *err)
{
	CU_ASSERT_PTR_EQUAL(host, &fake.host);
	host_events.done(host_events.arg, rc, out, err);
}

struct gw6c_host *host_new(const struct gw6c_plugin *plugin, struct loop *loop,
			   struct conf *conf, const struct host_events *events)
{
	hosts++;
	fake_host_init(&fake);
	fake.host.done = host_done;
	host_events = *events;
	return &fake.host;
}

/* As the real one, it ends what is watched. */
void host_end(struct gw6c_host *host)
{
	hosts -= host != NULL;
	for (int i = 0; host && i < FAKE_WATCHES; i++)
		fake.watch[i].used = false;
}

static char logged[8192];

void log_msg(enum gw6c_level level, const char *tag, const char *fmt, ...)
{
	size_t used = strlen(logged);
	va_list args;

	va_start(args, fmt);
	vsnprintf(logged + used, sizeof(logged) - used, fmt, args);
	va_end(args);
}

/* A mechanism in three messages: "who?" user ":" password, "welcome". */
static const struct gw6c_login *login;
static char user[64];

static int test_open(const struct gw6c_host *host, const struct gw6c_login *in,
		     void **self, struct gw6c_err *err)
{
	login = in;
	user[0] = 0;
	*self = user;
	logins++;
	return GW6C_OK;
}

static void test_close(void *self)
{
	logins--;
}

static int check(const char *text, size_t len, struct gw6c_err *err)
{
	char password[64], room[64];
	struct gw6c_buf secret = GW6C_BUF(password);

	snprintf(room, sizeof(room), "%.*s", (int)len, text);
	if (sscanf(room, "%31[^:]:%31s", user, room) != 2 ||
	    login->secret(login->ctx, user, &secret) ||
	    secret.len != strlen(room) ||
	    memcmp(password, room, secret.len) != 0)
		return gw6c_fail(err, GW6C_EAUTH, "no");
	return GW6C_OK;
}

static int test_serve(void *self, struct gw6c_bytes in, struct gw6c_buf *out,
		      struct gw6c_err *err)
{
	if (!in.len) {
		gw6c_put_text(out, "who?");
		return GW6C_MORE;
	}
	if (check((const char *)in.at, in.len, err))
		return err->rc;
	gw6c_put_text(out, "welcome");
	return GW6C_OK;
}

static int initial_serve(void *self, struct gw6c_bytes in, struct gw6c_buf *out,
			 struct gw6c_err *err)
{
	return check((const char *)in.at, in.len, err);
}

static int none_serve(void *self, struct gw6c_bytes in, struct gw6c_buf *out,
		      struct gw6c_err *err)
{
	return GW6C_OK;
}

static const char *test_who(void *self)
{
	return self;
}

static int serves; /* calls of slow_serve */

static int slow_serve(void *self, struct gw6c_bytes in, struct gw6c_buf *out,
		      struct gw6c_err *err)
{
	serves++;
	return GW6C_LATER;
}

#define MECHANISM(name_, flags_, serve_)                                       \
	static const struct gw6c_auth_ops name_##_ops = {                      \
		.size = sizeof(struct gw6c_auth_ops),                          \
		.flags = (flags_),                                             \
		.mechanism = #name_,                                           \
		.open = test_open,                                             \
		.close = test_close,                                           \
		.serve = (serve_),                                             \
		.who = test_who,                                               \
	};                                                                     \
	static const struct gw6c_plugin name_ = {                              \
		GW6C_HEAD(GW6C_AUTH, #name_, ""), .auth = &name_##_ops         \
	}

MECHANISM(THREE, GW6C_AUTH_BASE64, test_serve);
MECHANISM(FIRST, GW6C_AUTH_INITIAL, initial_serve);
MECHANISM(SLOW, GW6C_AUTH_INITIAL, slow_serve);
MECHANISM(ANONYMOUS, GW6C_AUTH_EMPTY, none_serve);

/* One timer, which the test lets run out. */
static void (*timer_call)(void *arg);
static void *timer_arg;

struct gw6c_watch *loop_timer(struct loop *loop, uint32_t ms,
			      void (*call)(void *arg), void *arg)
{
	CU_ASSERT_EQUAL(ms, 300);
	CU_ASSERT_PTR_NULL(timer_call);
	timer_call = call;
	timer_arg = arg;
	return (struct gw6c_watch *)&timer_call;
}

void loop_forget(struct gw6c_watch *watch)
{
	if (watch)
		timer_call = NULL;
}

static void time_out(void)
{
	void (*call)(void *arg) = timer_call;

	timer_call = NULL;
	call(timer_arg);
}

static uint64_t now_ms; /* what the clock says */

uint64_t loop_now_ms(const struct loop *loop)
{
	return now_ms;
}

/* --- a broker without sockets, and a client ---------------------------- */

extern const struct gw6c_plugin tunnel_v6udpv4_LTX_gw6c_plugin;
extern const struct gw6c_plugin tunnel_v6anyv4_LTX_gw6c_plugin;

static struct options options;
static const struct modes modes = {
	.offer = { &tunnel_v6udpv4_LTX_gw6c_plugin },
	.ask = { &tunnel_v6anyv4_LTX_gw6c_plugin },
};
static struct dialog_env env = {
	.modes = &modes, .auth = { &THREE, &FIRST, &SLOW, &ANONYMOUS }
};
static struct dialogs *dialogs;
static struct endpoint from;
static uint32_t n; /* of the next message */
static uint16_t next_port; /* of a forger */
static struct grant granted;
static int accepted;
static uint8_t answer[2048];
static struct gw6c_buf out;

static void on_accepted(void *arg, const struct dialog *dialog)
{
	granted = dialog->grant;
	accepted++;
}

/* What was sent without being an immediate answer. */
static uint8_t sent[2048];
static size_t sent_len;
static int sends;

static void on_send(void *arg, const struct endpoint *to,
		    const struct gw6c_buf *datagram)
{
	(void)arg;
	CU_ASSERT_EQUAL(to->port, from.port);
	CU_ASSERT_FALSE(datagram->overflow);
	sent_len = datagram->len;
	memcpy(sent, datagram->at, sent_len);
	sent[sent_len] = 0;
	sends++;
}

static const struct dialogs_events events = { .accepted = on_accepted,
					      .send = on_send };

static void load_accounts(void)
{
	char path[] = "/tmp/gw6c-session.XXXXXX";
	static const char text[] =
		"user.ann.passwd=s3cret\nuser.bob.passwd=b0b\n"
		"user.bob.address6=2001:db8:7::b0b\n";
	struct gw6c_err err = { 0 };
	int fd = mkstemp(path);

	CU_ASSERT_EQUAL(write(fd, text, sizeof(text) - 1),
			(ssize_t)sizeof(text) - 1);
	close(fd);
	env.conf = conf_new();
	CU_ASSERT_EQUAL(conf_load(env.conf, path, &err), GW6C_OK);
	unlink(path);
}

static void begin(long limit)
{
	memset(&options, 0, sizeof(options));
	options.realm = "broker.example.net";
	gw6c_addr_parse("2001:db8:7::", &options.pool6);
	options.pool6.bits = 64;
	for (int i = 0; tsp_versions[i] >= TSP_V200; i++)
		options.version[i] = tsp_versions[i];
	env.options = &options;
	env.pool6 = pool_new(&options.pool6, limit, NULL);
	load_accounts();
	env.sources = sources_new();
	dialogs = dialogs_new(&env, &events);
	memset(&from, 0, sizeof(from));
	gw6c_addr_parse("203.0.113.2", &from.addr);
	gw6c_addr_parse("192.0.2.6", &from.local);
	from.port = 40000;
	next_port = 1000;
	now_ms = 1000000;
	n = 0;
	accepted = sends = serves = 0;
	logged[0] = 0;
}

static void end(void)
{
	dialogs_free(dialogs);
	sources_free(env.sources);
	pool_free(env.pool6);
	conf_free(env.conf);
	CU_ASSERT_EQUAL(hosts, 0);
	CU_ASSERT_EQUAL(logins, 0);
}

static void send_octets(const void *octets, size_t len)
{
	uint8_t *copy = malloc(len ? len : 1); /* so that overreads show */

	if (len)
		memcpy(copy, octets, len);
	out = (struct gw6c_buf){ .at = answer, .cap = sizeof(answer) };
	dialogs_datagram(dialogs, &from, (struct gw6c_bytes){ copy, len },
			 now_ms, &out);
	free(copy);
}

/* Send with that sequence; the answer's text, NULL if there is none. */
static const char *send_nth(uint32_t nth, const void *text, size_t len)
{
	uint8_t room[6000];
	struct gw6c_buf datagram = GW6C_BUF(room);
	struct rudp_header header = { rudp_word(nth), 0x12345600 + nth }, got;
	struct gw6c_bytes payload;

	rudp_put(&datagram, header, (struct gw6c_bytes){ text, len });
	send_octets(room, datagram.len);
	if (!out.len)
		return NULL;
	CU_ASSERT_TRUE_FATAL(rudp_get(gw6c_got(&out), &got, &payload));
	CU_ASSERT_TRUE(got.word == header.word || got.word == RUDP_PROVE);
	CU_ASSERT_EQUAL(got.stamp, header.stamp);
	CU_ASSERT_FALSE(out.overflow);
	answer[out.len] = 0;
	return (const char *)answer + RUDP_HEADER;
}

#define CAPABILITY_LINE                                                        \
	"CAPABILITY TUNNEL=V6UDPV4 AUTH=THREE AUTH=FIRST AUTH=SLOW "           \
	"AUTH=ANONYMOUS LEASE=1\r\n"
/* Octets of it with all headers. */
#define CAPABLE (28 + RUDP_HEADER + sizeof(CAPABILITY_LINE) - 1)

static bool is_question(void)
{
	struct gw6c_bytes payload;
	struct rudp_header got;

	return rudp_get(gw6c_got(&out), &got, &payload) &&
	       got.word == RUDP_PROVE && payload.len == RUDP_PROOF;
}

/* The same datagram again, with the number of the question in out. */
static void send_proof(uint32_t nth, const char *text)
{
	uint8_t asked[64], plain[2000], room[2100];
	struct gw6c_buf message = GW6C_BUF(plain), proven = GW6C_BUF(room);
	struct rudp_header header = { rudp_word(nth), 77 };

	memcpy(asked, out.at, out.len);
	rudp_put(&message, header, gw6c_text(text));
	CU_ASSERT_TRUE(rudp_put_proof(&proven,
				      (struct gw6c_bytes){ asked, out.len },
				      gw6c_got(&message)));
	send_octets(room, proven.len);
}

/* The answer to what was sent last, NULL: none. */
static const char *heard(void)
{
	answer[out.len] = 0;
	return out.len > RUDP_HEADER ? (const char *)answer + RUDP_HEADER
				     : NULL;
}

static const char *say(const char *text)
{
	return send_nth(n++, text, strlen(text));
}

static bool starts(const char *text, const char *with)
{
	return text && strncmp(text, with, strlen(with)) == 0;
}

static const char *create(const char *type, const char *rest)
{
	char body[1000], message[1100];

	snprintf(body, sizeof(body),
		 "<tunnel action=\"create\" type=\"%s\" proxy=\"no\">\r\n"
		 " <client>\r\n"
		 "  <address type=\"ipv4\">192.168.1.2</address>\r\n%s"
		 " </client>\r\n</tunnel>\r\n",
		 type, rest);
	snprintf(message, sizeof(message), "Content-length: %zu\r\n%s",
		 strlen(body), body);
	return say(message);
}

#define KEEPALIVE                                                              \
	"  <keepalive interval=\"30\"><address type=\"ipv6\">::</address>"     \
	"</keepalive>\r\n"
#define ACCEPT "Content-length: 35\r\n<tunnel action=\"accept\"></tunnel>\r\n"
#define ANN "YW5uOnMzY3JldA==" /* ann:s3cret */

static void log_in(void)
{
	CU_ASSERT_TRUE(starts(say("VERSION=2.0.2\r\n"), "CAPABILITY "));
	CU_ASSERT_TRUE(starts(say("AUTHENTICATE THREE\r\n"), "d2hvPw==\r\n"));
	CU_ASSERT_TRUE(starts(say(ANN "\r\n"), "d2VsY29tZQ==\r\n"));
	CU_ASSERT_TRUE(starts(say(""), "200 "));
}

static void log_in_anonymous(void)
{
	CU_ASSERT_TRUE(starts(say("VERSION=2.0.2\r\n"), "CAPABILITY "));
	CU_ASSERT_TRUE(starts(say("AUTHENTICATE ANONYMOUS\r\n"), "200 "));
}

static void again_from(uint16_t port)
{
	from.port = port;
	n = 0;
}

/* --- whole dialogues --------------------------------------------------- */

static void a_whole_login_leads_to_a_tunnel(void)
{
	const char *text;
	struct gw6c_addr first;

	begin(10);
	CU_ASSERT_STRING_EQUAL(say("VERSION=2.0.2\r\n"), CAPABILITY_LINE);
	again_from(40001);
	log_in();
	text = create("v6udpv4", KEEPALIVE);
	CU_ASSERT_TRUE_FATAL(starts(text, "Content-length: "));
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "\r\n200 Success\r\n<tunnel "
					    "action=\"info\" "
					    "type=\"v6udpv4\""));
	CU_ASSERT_PTR_NOT_NULL(strstr(text, ">203.0.113.2<"));
	CU_ASSERT_PTR_NOT_NULL(strstr(text, ">192.0.2.6<"));
	CU_ASSERT_PTR_NOT_NULL(
		strstr(text, ">2001:0db8:0007:0000:0000:0000:0000:0002<"));
	CU_ASSERT_PTR_NOT_NULL(strstr(text, ">ann.broker.example.net<"));
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "<keepalive interval=\"30\">"));
	CU_ASSERT_EQUAL(accepted, 0);
	CU_ASSERT_STRING_EQUAL(say(ACCEPT), "");
	CU_ASSERT_EQUAL(accepted, 1);
	gw6c_addr_parse("2001:db8:7::2", &first);
	CU_ASSERT_EQUAL(memcmp(&granted.inner, &first, sizeof(first)), 0);
	CU_ASSERT_STRING_EQUAL(granted.key, "ann");
	CU_ASSERT_EQUAL(granted.keepalive_s, 30);
	CU_ASSERT_TRUE(granted.nat);
	end();
}

static void the_length_of_the_answer_is_exact(void)
{
	const char *text, *body;

	begin(10);
	log_in();
	text = create("v6anyv4", KEEPALIVE);
	body = strchr(text, '\n') + 1;
	CU_ASSERT_EQUAL(strtol(text + 16, NULL, 10), (long)strlen(body));
	CU_ASSERT_TRUE(out.len <= RUDP_HEADER + RUDP_SEND_MAX);
	end();
}

static void a_mechanism_may_let_the_client_speak_first(void)
{
	begin(10);
	say("VERSION=2.0.0\r\n");
	CU_ASSERT_STRING_EQUAL(say("AUTHENTICATE FIRST\r\n"), "");
	CU_ASSERT_TRUE(starts(say("ann:s3cret\r\n"), "200 "));
	end();
}

/* Of old clients: a NUL behind the line (4.1). */
static void a_nul_behind_a_line_is_ignored(void)
{
	begin(10);
	say("VERSION=2.0.1\r\n");
	CU_ASSERT_TRUE(starts(send_nth(n++, "AUTHENTICATE ANONYMOUS\r\n", 25),
			      "200 "));
	end();
}

static struct gw6c_addr anonymous_at(const char *addr, uint16_t port,
				     const char *rest)
{
	gw6c_addr_parse(addr, &from.addr);
	again_from(port);
	log_in_anonymous();
	CU_ASSERT_PTR_NOT_NULL(strstr(create("v6anyv4", rest), "200 Success"));
	say(ACCEPT);
	CU_ASSERT_EQUAL(granted.keepalive_s, 0);
	CU_ASSERT_TRUE(granted.anonymous);
	CU_ASSERT_FALSE(granted.proven);
	return granted.inner;
}

static bool same(struct gw6c_addr a, struct gw6c_addr b)
{
	return memcmp(&a, &b, sizeof(a)) == 0;
}

/* All call themselves 192.168.1.2. */
static void an_anonymous_client_is_known_again_by_its_port(void)
{
	struct gw6c_addr had;

	begin(10);
	had = anonymous_at("203.0.113.2", 41000, "");
	CU_ASSERT_FALSE(same(had, anonymous_at("203.0.113.2", 41001, "")));
	CU_ASSERT_FALSE(same(had, anonymous_at("203.0.113.3", 41000, "")));
	now_ms += 10000;
	CU_ASSERT_TRUE(same(had, anonymous_at("203.0.113.2", 41000, "")));
	CU_ASSERT_EQUAL(accepted, 4);
	end();
}

#define LEASE(x) "<lease secret=\"0123456789abcdef0123456789abcde" x "\"/>"

static void or_by_its_secret_wherever_it_is(void)
{
	struct gw6c_addr had;

	begin(10);
	had = anonymous_at("203.0.113.2", 41000, LEASE("f"));
	CU_ASSERT_TRUE(
		same(had, anonymous_at("203.0.113.3", 41001, LEASE("f"))));
	CU_ASSERT_FALSE(
		same(had, anonymous_at("203.0.113.2", 41002, LEASE("e"))));
	/* One that is too short, or not in hex, is none. */
	CU_ASSERT_FALSE(same(anonymous_at("203.0.113.9", 41005, LEASE("g")),
			     anonymous_at("203.0.113.8", 41006, LEASE("g"))));
	CU_ASSERT_FALSE(same(anonymous_at("203.0.113.2", 41003, LEASE("")),
			     anonymous_at("203.0.113.2", 41004, LEASE(""))));
	end();
}

/* Whoever has an account is known by that. */
static void a_secret_is_nothing_to_an_account(void)
{
	begin(10);
	log_in();
	create("v6udpv4", LEASE("f"));
	say(ACCEPT);
	CU_ASSERT_STRING_EQUAL(granted.key, "ann");
	CU_ASSERT_TRUE(granted.proven);
	end();
}

static void a_user_has_its_configured_address(void)
{
	begin(10);
	say("VERSION=2.0.2\r\n");
	say("AUTHENTICATE FIRST\r\n");
	CU_ASSERT_TRUE(starts(say("bob:b0b\r\n"), "200 "));
	CU_ASSERT_PTR_NOT_NULL(
		strstr(create("v6udpv4", ""),
		       ">2001:0db8:0007:0000:0000:0000:0000:0b0b<"));
	end();
}

static void keepalive_is_bounded_or_as_configured(void)
{
	static const struct {
		long configured;
		const char *asked;
		uint32_t given;
	} cases[] = {
		{ 0, "1", 5 },	  { 0, "5", 5 },     { 0, "9999", 3600 },
		{ 60, "30", 60 }, { 60, "120", 60 },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char element[200];

		begin(10);
		options.keepalive_interval = cases[i].configured;
		log_in_anonymous();
		snprintf(element, sizeof(element),
			 "<keepalive interval=\"%s\"><address "
			 "type=\"ipv6\">::</address></keepalive>",
			 cases[i].asked);
		create("v6udpv4", element);
		say(ACCEPT);
		CU_ASSERT_EQUAL(granted.keepalive_s, cases[i].given);
		end();
	}
}

/* --- mechanisms that answer later -------------------------------------- */

static void ask_slow(void)
{
	begin(10);
	say("VERSION=2.0.2\r\n");
	CU_ASSERT_STRING_EQUAL(say("AUTHENTICATE SLOW\r\n"), "");
	CU_ASSERT_PTR_NULL(say("ann:s3cret\r\n"));
	CU_ASSERT_EQUAL(serves, 1);
	CU_ASSERT_EQUAL(sends, 0);
}

static void done(int rc, const char *text)
{
	struct gw6c_err err = { .rc = rc, .text = "the oracle is silent" };

	snprintf(user, sizeof(user), "ann");
	fake.host.done(&fake.host, rc, gw6c_text(text), &err);
}

static bool sent_is(uint32_t nth, const char *text)
{
	struct rudp_header got;
	struct gw6c_bytes payload;

	return sends == 1 &&
	       rudp_get((struct gw6c_bytes){ sent, sent_len }, &got,
			&payload) &&
	       got.word == rudp_word(nth) && got.stamp == 0x12345600 + nth &&
	       starts((const char *)payload.at, text);
}

static void a_slow_login_is_answered_when_it_is_done(void)
{
	ask_slow();
	done(GW6C_OK, "");
	CU_ASSERT_EQUAL(sends, 0); /* it has not returned yet */
	CU_ASSERT_EQUAL(logins, 1);
	fake_host_pass(&fake, 0);
	CU_ASSERT_TRUE(sent_is(n - 1, "200 Success\r\n"));
	CU_ASSERT_EQUAL(logins, 0);
	/* The client repeats itself, since the answer was lost. */
	CU_ASSERT_TRUE(starts(send_nth(n - 1, "ann:s3cret\r\n", 12), "200 "));
	CU_ASSERT_PTR_NOT_NULL(strstr(create("v6udpv4", ""), "200 Success"));
	say(ACCEPT);
	CU_ASSERT_STRING_EQUAL(granted.key, "ann");
	CU_ASSERT_EQUAL(sends, 1);
	end();
}

static void a_slow_login_may_go_on_or_fail(void)
{
	ask_slow();
	done(GW6C_MORE, "and?");
	fake_host_pass(&fake, 0);
	CU_ASSERT_TRUE(sent_is(n - 1, "and?\r\n"));
	CU_ASSERT_PTR_NULL(say("that\r\n"));
	CU_ASSERT_EQUAL(serves, 2);
	sends = 0;
	done(GW6C_EAUTH, "");
	fake_host_pass(&fake, 0);
	CU_ASSERT_TRUE(sent_is(n - 1, "300 Authentication failed\r\n"));
	CU_ASSERT_PTR_NOT_NULL(strstr(logged, "SLOW login failed"));
	end();
}

static void meanwhile_a_client_is_not_answered(void)
{
	ask_slow();
	CU_ASSERT_PTR_NULL(send_nth(n - 1, "ann:s3cret\r\n", 12));
	CU_ASSERT_PTR_NULL(say("ann:other\r\n"));
	CU_ASSERT_PTR_NULL(say(""));
	CU_ASSERT_EQUAL(serves, 1);
	CU_ASSERT_EQUAL(logins, 1);
	done(GW6C_OK, "");
	done(GW6C_EAUTH, ""); /* there is one result only */
	fake_host_pass(&fake, 0);
	CU_ASSERT_TRUE(sent_is(n - 3, "200 "));
	end();
}

static void a_dialogue_that_ends_first_closes_the_mechanism(void)
{
	ask_slow();
	n += 5;
	CU_ASSERT_TRUE(starts(say("VERSION=2.0.2\r\n"), "CAPABILITY "));
	CU_ASSERT_EQUAL(logins, 0);
	CU_ASSERT_EQUAL(hosts, 0);
	end();
	ask_slow();
	now_ms += DIALOG_IDLE_MS + 1;
	CU_ASSERT_EQUAL(dialogs_expire(dialogs, now_ms), 0);
	CU_ASSERT_EQUAL(logins, 0);
	end();
	ask_slow();
	done(GW6C_OK, "");
	dialogs_clear(dialogs);
	fake_host_pass(&fake, 0);
	CU_ASSERT_EQUAL(sends, 0);
	end();
}

static void a_late_message_that_is_too_long_ends_the_login(void)
{
	char text[1100];

	ask_slow();
	done(GW6C_MORE, "and?");
	fake_host_pass(&fake, 0);
	memset(text, 'x', sizeof(text));
	text[1046] = 0;
	CU_ASSERT_PTR_NULL(say(text)); /* to be owed a long answer */
	done(GW6C_MORE, text);
	fake_host_pass(&fake, 0);
	CU_ASSERT_EQUAL(sent_len, RUDP_HEADER + 1048);
	CU_ASSERT_PTR_NULL(say("that\r\n"));
	text[1046] = 'x';
	text[1047] = 0;
	sends = 0;
	done(GW6C_MORE, text);
	fake_host_pass(&fake, 0);
	CU_ASSERT_TRUE(sent_is(n - 1, "310 "));
	end();
}

static void a_late_answer_must_be_one(void)
{
	ask_slow();
	done(GW6C_LATER, "");
	fake_host_pass(&fake, 0);
	CU_ASSERT_TRUE(sent_is(n - 1, "310 Server side error\r\n"));
	CU_ASSERT_PTR_NOT_NULL(strstr(logged, "brought no result"));
	CU_ASSERT_EQUAL(logins, 0);
	end();
}

/* --- guesses ----------------------------------------------------------- */

static struct dialog over_tcp;
static uint8_t said[RUDP_SEND_MAX];
static int said_later;

static void keep_later(void *arg, const struct gw6c_buf *late)
{
	(void)arg;
	memcpy(said, late->at, late->len);
	said[late->len] = 0;
	said_later++;
}

static const char *tell(const char *text)
{
	struct gw6c_buf text_out = GW6C_BUF(said);

	dialog_message(&over_tcp, gw6c_text(text), &text_out);
	said[text_out.len] = 0;
	return (const char *)said;
}

/* The answer to a login over TCP; "" if there is none yet. */
static const char *guess(const char *address, const char *login_text)
{
	struct endpoint at = from;

	dialog_end(&over_tcp);
	gw6c_addr_parse(address, &at.addr);
	at.tcp = true;
	dialog_init(&over_tcp, &env, &at);
	over_tcp.later = keep_later;
	said_later = 0;
	tell("VERSION=2.0.2\r\n");
	tell("AUTHENTICATE FIRST\r\n");
	return tell(login_text);
}

static void begin_guesses(void)
{
	begin(10);
	env.guesses = guesses_new(NULL);
	env.failures = failures_new();
	dialog_init(&over_tcp, &env, &from);
}

static void end_guesses(void)
{
	dialog_end(&over_tcp);
	guesses_free(env.guesses);
	failures_free(env.failures);
	env.guesses = NULL;
	env.failures = NULL;
	end();
}

#define REFUSED "300 Authentication failed\r\n"
#define TOO_EARLY                                                              \
	"530 Too many failed logins from your network; try again later\r\n"

static void who_guesses_is_refused_whatever_he_says(void)
{
	begin_guesses();
	for (int i = 0; i <= GUESSES_FREE; i++)
		CU_ASSERT_STRING_EQUAL(guess("192.0.2.66", "bob:x\r\n"),
				       REFUSED);
	CU_ASSERT_STRING_EQUAL(guess("192.0.2.66", "bob:x\r\n"), TOO_EARLY);
	CU_ASSERT_STRING_EQUAL(guess("192.0.2.66", "ann:s3cret\r\n"),
			       TOO_EARLY);
	CU_ASSERT_FALSE(over_tcp.logged_in);
	CU_ASSERT_EQUAL(failures_total(env.failures), GUESSES_FREE + 1);
	CU_ASSERT_STRING_EQUAL(guess("192.0.2.67", "ann:s3cret\r\n"),
			       "200 Success\r\n");
	now_ms += 1000;
	CU_ASSERT_STRING_EQUAL(guess("192.0.2.66", "ann:s3cret\r\n"),
			       "200 Success\r\n");
	/* From now on from there, too. */
	for (int i = 0; i < 5; i++)
		guess("192.0.2.66", "bob:x\r\n");
	CU_ASSERT_STRING_EQUAL(guess("192.0.2.66", "bob:b0b\r\n"), TOO_EARLY);
	CU_ASSERT_STRING_EQUAL(guess("192.0.2.66", "ann:s3cret\r\n"),
			       "200 Success\r\n");
	end_guesses();
}

static void an_account_under_attack_answers_late(void)
{
	char address[20];

	begin_guesses();
	for (int i = 0; i < 10; i++) {
		snprintf(address, sizeof(address), "192.0.2.%d", i);
		guess(address, "ann:x\r\n");
	}
	/* Right and wrong cannot be told apart. */
	CU_ASSERT_STRING_EQUAL(guess("198.51.100.1", "ann:x\r\n"), "");
	CU_ASSERT_EQUAL(over_tcp.stage, DIALOG_WAITING);
	CU_ASSERT_EQUAL(failures_total(env.failures), 11);
	fake_host_pass(&fake, GUESSES_HOLD_MS - 1);
	CU_ASSERT_EQUAL(said_later, 0);
	fake_host_pass(&fake, 1);
	CU_ASSERT_EQUAL(said_later, 1);
	CU_ASSERT_STRING_EQUAL((char *)said, REFUSED);
	CU_ASSERT_EQUAL(failures_total(env.failures), 11);
	CU_ASSERT_STRING_EQUAL(guess("198.51.100.2", "ann:s3cret\r\n"), "");
	CU_ASSERT_STRING_EQUAL(tell("ann:s3cret\r\n"), ""); /* impatient */
	fake_host_pass(&fake, GUESSES_HOLD_MS);
	CU_ASSERT_EQUAL(said_later, 1);
	CU_ASSERT_STRING_EQUAL((char *)said, "200 Success\r\n");
	CU_ASSERT_TRUE(over_tcp.logged_in);
	/* The next time it is at once. */
	CU_ASSERT_STRING_EQUAL(guess("198.51.100.2", "ann:s3cret\r\n"),
			       "200 Success\r\n");
	/* Who goes away meanwhile. */
	CU_ASSERT_STRING_EQUAL(guess("198.51.100.3", "ann:s3cret\r\n"), "");
	dialog_end(&over_tcp);
	fake_host_pass(&fake, GUESSES_HOLD_MS);
	CU_ASSERT_EQUAL(said_later, 0);
	end_guesses();
}

/* Who has the password and forges an address makes nobody known there, unless
 * it answers what was sent there. */
static void a_blind_login_makes_nobody_known(void)
{
	static const struct {
		const char *mechanism, *answer;
		bool known;
	} cases[] = {
		{ "AUTHENTICATE FIRST\r\n", "ann:s3cret\r\n", false },
		{ "AUTHENTICATE THREE\r\n", "YW5uOnMzY3JldA==\r\n", true },
	};

	for (int k = 0; k < 2; k++) {
		begin_guesses();
		say("VERSION=2.0.2\r\n");
		say(cases[k].mechanism);
		say(cases[k].answer);
		CU_ASSERT_TRUE(starts(k ? say("") : heard(), "200 Success"));
		for (int i = 0; i <= GUESSES_FREE; i++)
			guess("203.0.113.2", "bob:x\r\n");
		CU_ASSERT_STRING_EQUAL(guess("203.0.113.2", "ann:s3cret\r\n"),
				       cases[k].known ? "200 Success\r\n"
						      : TOO_EARLY);
		end_guesses();
	}
}

/* Not of datagrams that anybody can forge. */
static void datagrams_lock_nobody_out(void)
{
	begin_guesses();
	for (int i = 0; i < 50; i++) {
		now_ms += 1000;
		again_from((uint16_t)(40000 + i));
		say("VERSION=2.0.2\r\n");
		say("AUTHENTICATE FIRST\r\n");
		say("bob:x\r\n");
		fake_host_pass(&fake, GUESSES_HOLD_MS);
	}
	CU_ASSERT_TRUE(failures_total(env.failures) > GUESSES_FREE);
	CU_ASSERT_STRING_EQUAL(guess("203.0.113.2", "ann:s3cret\r\n"),
			       "200 Success\r\n");
	end_guesses();
}

static void a_broken_mechanism_is_our_fault(void)
{
	static const int codes[] = { GW6C_ECONFIG, GW6C_ENET, GW6C_EOS,
				     GW6C_EBUG };

	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
		ask_slow();
		done(codes[i], "");
		fake_host_pass(&fake, 0);
		CU_ASSERT_TRUE(sent_is(n - 1, "310 Server side error\r\n"));
		end();
	}
	ask_slow();
	done(GW6C_EPEER, "");
	fake_host_pass(&fake, 0);
	CU_ASSERT_TRUE(sent_is(n - 1, REFUSED));
	end();
}

/* Messages that lead to nothing keep no dialogue. */
static void a_dialogue_has_a_last_moment(void)
{
	begin(10);
	say("VERSION=2.0.2\r\n");
	for (int i = 0; i < 12; i++) {
		now_ms += DIALOG_LONG_MS / 12;
		CU_ASSERT_EQUAL(dialogs_expire(dialogs, now_ms), 1);
		say("");
	}
	CU_ASSERT_EQUAL(dialogs_expire(dialogs, now_ms + 1), 0);
	end();
}

/* --- refusals ---------------------------------------------------------- */

static void what_cannot_be_is_refused_with_its_status(void)
{
	static const struct {
		const char *type, *rest;
		const char *status;
	} cases[] = {
		{ "v6v4", "", "303 " },
		{ "v4v6", "", "303 " },
		{ "", "", "303 " },
		{ "v6udpv4", "<router><prefix length=\"56\"/></router>",
		  "507 " },
		{ "v6udpv4", "<router></router>", "520 " },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const char *text;

		begin(10);
		log_in();
		text = create(cases[i].type, cases[i].rest);
		CU_ASSERT_TRUE_FATAL(starts(text, "Content-length: "));
		CU_ASSERT_TRUE(starts(strchr(text, '\n') + 1, cases[i].status));
		say(ACCEPT);
		CU_ASSERT_EQUAL(accepted, 0);
		end();
	}
}

static const char *body_of(const char *text)
{
	return text && strchr(text, '\n') ? strchr(text, '\n') + 1 : "";
}

static void an_anonymous_user_gets_no_prefix(void)
{
	begin(10);
	log_in_anonymous();
	CU_ASSERT_TRUE(starts(body_of(create("v6udpv4",
					     "<router><prefix length=\"56\"/>"
					     "</router>")),
			      "522 "));
	end();
}

static void a_request_without_an_ipv4_address_is_refused(void)
{
	static const char bad[] =
		"Content-length: 50\r\n"
		"<tunnel action=\"create\" type=\"v6udpv4\"></tunnel>\r\n";

	begin(10);
	log_in();
	CU_ASSERT_TRUE(starts(body_of(say(bad)), "501 "));
	end();
}

static void a_full_pool_is_told(void)
{
	begin(1);
	log_in();
	create("v6udpv4", "");
	again_from(41000);
	from.addr.octets[3]++;
	log_in_anonymous();
	CU_ASSERT_TRUE(starts(body_of(create("v6udpv4", "")), "301 "));
	end();
}

static void versions_we_do_not_speak_are_refused(void)
{
	static const char *const cases[] = { "VERSION=1.0.1\r\n",
					     "VERSION=2.0.3\r\n",
					     "VERSION=3.0.0\r\n" };

	for (int i = 0; i < 3; i++) {
		begin(10);
		CU_ASSERT_TRUE(starts(say(cases[i]), "302 "));
		CU_ASSERT_TRUE(
			starts(say("AUTHENTICATE ANONYMOUS\r\n"), "500 "));
		end();
	}
}

static void a_wrong_password_and_no_such_user_look_the_same(void)
{
	static const char *const cases[] = { "ann:wrong\r\n",
					     "nobody:s3cret\r\n", "ann:\r\n",
					     "\r\n", "\r" };
	char first[200];

	for (int i = 0; i < 5; i++) {
		const char *text;

		begin(10);
		say("VERSION=2.0.2\r\n");
		say("AUTHENTICATE FIRST\r\n");
		text = say(cases[i]);
		CU_ASSERT_TRUE_FATAL(starts(text, "300 "));
		if (i == 0)
			snprintf(first, sizeof(first), "%s", text);
		CU_ASSERT_STRING_EQUAL(text, first);
		CU_ASSERT_PTR_NULL(strstr(logged, "s3cret"));
		/* and it is over */
		CU_ASSERT_TRUE(starts(say("ann:s3cret\r\n"), "500 "));
		end();
	}
}

static void a_mechanism_not_offered_is_refused(void)
{
	static const char *const cases[] = { "AUTHENTICATE PLAIN\r\n",
					     "AUTHENTICATE \r\n",
					     "AUTHENTICATE\r\n",
					     "AUTHENTICATE THRE\r\n",
					     "AUTHENTICATE THREEE\r\n" };

	for (int i = 0; i < 5; i++) {
		begin(10);
		say("VERSION=2.0.2\r\n");
		CU_ASSERT_TRUE(starts(say(cases[i]), "300 "));
		end();
	}
}

static void a_second_request_while_one_is_open_is_told(void)
{
	begin(10);
	log_in();
	create("v6udpv4", "");
	CU_ASSERT_TRUE(starts(body_of(create("v6udpv4", "")), "521 "));
	CU_ASSERT_STRING_EQUAL(say(ACCEPT), "");
	CU_ASSERT_EQUAL(accepted, 1);
	end();
}

static void a_rejected_offer_is_given_back(void)
{
	begin(1);
	log_in();
	create("v6udpv4", "");
	say("Content-length: 35\r\n<tunnel action=\"reject\"></tunnel>\r\n");
	CU_ASSERT_EQUAL(accepted, 0);
	again_from(41000);
	log_in_anonymous();
	dialogs_expire(dialogs, now_ms + DIALOG_IDLE_MS + 1);
	again_from(41000);
	log_in_anonymous();
	CU_ASSERT_TRUE(starts(body_of(create("v6udpv4", "")), "200 "));
	end();
}

/* --- time and repetition ----------------------------------------------- */

static void an_offer_not_accepted_is_dropped(void)
{
	begin(1);
	log_in();
	create("v6udpv4", "");
	CU_ASSERT_EQUAL(dialogs_expire(dialogs, now_ms + DIALOG_IDLE_MS), 1);
	now_ms += DIALOG_IDLE_MS + 1;
	CU_ASSERT_EQUAL(dialogs_expire(dialogs, now_ms), 0);
	CU_ASSERT_TRUE(starts(say(ACCEPT), "310 "));
	CU_ASSERT_EQUAL(accepted, 0);
	again_from(41000);
	from.addr.octets[3]++;
	log_in_anonymous();
	CU_ASSERT_TRUE(starts(body_of(create("v6udpv4", "")), "200 "));
	end();
}

static void an_offer_to_a_stranger_lapses_sooner(void)
{
	begin(1);
	log_in_anonymous();
	CU_ASSERT_EQUAL(dialogs_expire(dialogs, now_ms + 15001), 1);
	create("v6udpv4", "");
	CU_ASSERT_EQUAL(dialogs_expire(dialogs, now_ms + 15000), 1);
	CU_ASSERT_EQUAL(dialogs_expire(dialogs, now_ms + 15001), 0);
	end();
}

/* Each message of a whole dialogue twice, at once: the same answers, one
 * tunnel. */
static void a_repeated_message_gets_the_same_answer(void)
{
	static const char *const messages[] = {
		"VERSION=2.0.2\r\n",
		"AUTHENTICATE THREE\r\n",
		ANN "\r\n",
		"",
		("Content-length: 106\r\n"
		 "<tunnel action=\"create\" type=\"v6udpv4\"><client>"
		 "<address type=\"ipv4\">10.0.0.7</address></client>"
		 "</tunnel>\r\n"),
		ACCEPT,
	};

	begin(10);
	for (uint32_t i = 0; i < 6; i++) {
		size_t len = strlen(messages[i]);
		char first[2048];

		snprintf(first, sizeof(first), "%s",
			 send_nth(i, messages[i], len));
		CU_ASSERT_STRING_EQUAL(send_nth(i, messages[i], len), first);
		CU_ASSERT_STRING_EQUAL(send_nth(i, messages[i], len), first);
	}
	CU_ASSERT_EQUAL(accepted, 1);
	CU_ASSERT_EQUAL(dialogs_count(dialogs)->repeated, 12);
	end();
}

static void late_copies_are_ignored(void)
{
	begin(10);
	log_in();
	CU_ASSERT_PTR_NULL(send_nth(0, "VERSION=2.0.2\r\n", 15));
	CU_ASSERT_PTR_NULL(send_nth(1, "AUTHENTICATE THREE\r\n", 20));
	CU_ASSERT_TRUE(starts(body_of(create("v6udpv4", "")), "200 "));
	CU_ASSERT_EQUAL(dialogs_count(dialogs)->stale, 2);
	end();
}

static void a_client_may_begin_again_from_the_same_port(void)
{
	begin(10);
	log_in();
	create("v6udpv4", "");
	now_ms += 10000;
	n = 0;
	log_in();
	CU_ASSERT_TRUE(starts(body_of(create("v6udpv4", "")), "200 "));
	CU_ASSERT_STRING_EQUAL(say(ACCEPT), "");
	CU_ASSERT_EQUAL(accepted, 1);
	end();
}

static void a_poll_with_nothing_to_fetch_is_acknowledged(void)
{
	begin(10);
	log_in();
	CU_ASSERT_STRING_EQUAL(say(""), "");
	CU_ASSERT_TRUE(starts(body_of(create("v6udpv4", "")), "200 "));
	CU_ASSERT_STRING_EQUAL(say(""), "");
	CU_ASSERT_STRING_EQUAL(say(ACCEPT), "");
	CU_ASSERT_EQUAL(accepted, 1);
	end();
}

/* --- strangers --------------------------------------------------------- */

static void echo_is_answered_without_a_session(void)
{
	begin(10);
	CU_ASSERT_TRUE(starts(say("ECHO REQUEST"), "200 "));
	CU_ASSERT_EQUAL(dialogs_expire(dialogs, now_ms), 0);
	end();
}

/* Two brokers that somebody has made talk to each other must stop. */
static void no_status_is_answered(void)
{
	static const char *const cases[] = {
		"310 TSP status error\r\n",
		"500 Invalid request\r\n",
		"200 OK\r\n",
		"530 Server too busy\r\n",
		"310 No session\r\n",
		"1200 Redirect\r\n",
	};

	for (int i = 0; i < 6; i++) {
		begin(10);
		CU_ASSERT_PTR_NULL(say(cases[i]));
		say("VERSION=2.0.2\r\n");
		CU_ASSERT_PTR_NULL(say(cases[i]));
		end();
	}
}

/* A word of it, if it is no longer than what came. */
static void what_does_not_begin_with_version_has_no_session(void)
{
	static const struct {
		const char *text, *answer;
	} cases[] = {
		{ "", NULL },
		{ "four", NULL },
		{ "fives", "310\r\n" },
		{ "fifteen octets.", "310\r\n" },
		{ "sixteen octets..", "310 No session\r\n" },
		{ "AUTHENTICATE ANONYMOUS\r\n", "310 No session\r\n" },
	};

	for (int i = 0; i < 6; i++) {
		const char *text;

		begin(10);
		text = say(cases[i].text);
		CU_ASSERT_EQUAL(!text, !cases[i].answer);
		if (text && cases[i].answer)
			CU_ASSERT_STRING_EQUAL(text, cases[i].answer);
		CU_ASSERT_EQUAL(dialogs_expire(dialogs, now_ms), 0);
		end();
	}
}

static void few_answers_need_no_session(void)
{
	static const char *const cases[] = { "ECHO REQUEST", ACCEPT };

	for (int k = 0; k < 2; k++) {
		int answers = 0;

		begin(10);
		for (uint32_t i = 0; i < 1000; i++)
			answers +=
				send_nth(i, cases[k], strlen(cases[k])) != NULL;
		CU_ASSERT_EQUAL(answers, SOURCES_STRAY);
		/* They take nothing from a client that begins. */
		CU_ASSERT_TRUE(starts(say("VERSION=2.0.2\r\n"), "CAPABILITY"));
		now_ms += 1000;
		CU_ASSERT_PTR_NOT_NULL(
			send_nth(0, cases[1 - k], strlen(cases[1 - k])));
		end();
	}
}

/* As many whole answers as are sent in advance; then questions, none longer
 * than what came, and nothing is kept. */
static void one_address_cannot_have_many_answers(void)
{
	long advance = SOURCES_ADVANCE, credit = 0, owed = 0;
	int answers = 0, questions = 0;

	begin(10);
	for (int i = 0; i < 1000; i++) {
		from.port = (uint16_t)(1000 + i);
		send_nth(0, "VERSION=2.0.2\r\n", 15);
		CU_ASSERT_TRUE_FATAL(out.len > 0);
		/* What was not answered is paid back, then forgotten. */
		owed -= credit;
		credit = owed < 0 ? -owed - -owed / 32 : 0;
		owed = owed < 0 ? 0 : owed;
		credit += 28 + RUDP_HEADER + 15;
		if (is_question()) {
			CU_ASSERT_TRUE(credit + advance < (long)CAPABLE);
			questions++;
		} else {
			answers++;
		}
		credit -= 28 + (long)out.len;
		if (credit < 0) {
			advance += credit;
			owed -= credit;
			credit = 0;
		}
		CU_ASSERT_TRUE(advance >= 0);
	}
	CU_ASSERT_EQUAL(answers + questions, 1000);
	CU_ASSERT_TRUE(questions > 800);
	CU_ASSERT_EQUAL(dialogs_count(dialogs)->asked,
			(unsigned long)questions);
	CU_ASSERT_EQUAL(dialogs_expire(dialogs, now_ms), answers);
	/* Others are served. */
	from.addr.octets[3]++;
	CU_ASSERT_TRUE(
		starts(send_nth(0, "VERSION=2.0.2\r\n", 15), "CAPABILITY"));
	end();
}

/* A forger has begun at the port that a client has, and with the same number. */
static void a_forged_dialogue_is_not_in_the_way(void)
{
	begin(10);
	log_in_anonymous();
	create("v6udpv4", "");
	send_nth(0, "VERSION=2.0.2\r\n", 15);
	CU_ASSERT_TRUE(is_question());
	CU_ASSERT_EQUAL(dialogs_count(dialogs)->stale, 1);
	send_proof(0, "VERSION=2.0.2\r\n");
	CU_ASSERT_TRUE(starts(heard(), "CAPABILITY"));
	/* From now on it is the client's: a late duplicate is one. */
	n = 1;
	CU_ASSERT_TRUE(starts(say("AUTHENTICATE ANONYMOUS\r\n"), "200 "));
	CU_ASSERT_PTR_NULL(send_nth(0, "VERSION=2.0.2\r\n", 15));
	CU_ASSERT_PTR_NULL(send_nth(0, "AUTHENTICATE ANONYMOUS\r\n", 24));
	CU_ASSERT_PTR_NOT_NULL(strstr(create("v6udpv4", ""), "200 Success"));
	end();
}

/* Whatever a forger says in the name of an address, never twice from a port. */
static void exhaust(void)
{
	for (int i = 0; i < 1000 || !is_question(); i++) {
		from.port = next_port++;
		send_nth(0, "VERSION=2.0.2\r\n", 15);
	}
}

static void who_proves_that_it_receives_is_served(void)
{
	begin(10);
	exhaust();
	send_proof(0, "VERSION=2.0.2\r\n");
	CU_ASSERT_TRUE(starts(heard(), "CAPABILITY"));
	CU_ASSERT_EQUAL(dialogs_count(dialogs)->proven, 1);
	n = 1;
	CU_ASSERT_TRUE(starts(say("AUTHENTICATE ANONYMOUS\r\n"), "200 "));
	CU_ASSERT_TRUE(
		starts(strchr(create("v6udpv4", KEEPALIVE), '\n') + 1, "200 "));
	end();
}

/* The number is of one address, one port, and one minute. */
static void a_proof_is_nobody_elses(void)
{
	for (int k = 0; k < 4; k++) {
		begin(10);
		exhaust();
		now_ms += k == 2 ? 60000 : 0;
		from.port += k == 0;
		from.addr.octets[3] += k == 1;
		if (k == 3)
			out.at[out.len - 1] ^= 1;
		send_proof(0, "VERSION=2.0.2\r\n");
		CU_ASSERT_EQUAL(dialogs_count(dialogs)->proven, 0);
		end();
	}
}

static void a_proof_holds_for_half_a_minute(void)
{
	begin(10);
	exhaust();
	now_ms += 30000;
	send_proof(0, "VERSION=2.0.2\r\n");
	CU_ASSERT_EQUAL(dialogs_count(dialogs)->proven, 1);
	end();
}

/* A client that cannot prove anything asks again, and is answered when it has
 * said as much: of each message of 51 octets, a question takes 44. */
static void an_old_client_that_insists_is_served(void)
{
	int tries = 1;

	begin(10);
	exhaust();
	from.port = 999;
	while (!starts(send_nth(0, "VERSION=2.0.2\r\n", 15), "CAPABILITY") &&
	       tries < 100)
		tries++;
	CU_ASSERT_TRUE(tries > 1 && tries <= ((int)CAPABLE - 51) / 7 + 6);
	end();
}

/* Or after a second, while its address is flooded. */
static void one_that_begins_again_is_served_in_a_flood(void)
{
	begin(10);
	exhaust();
	from.port = 999;
	send_nth(0, "VERSION=2.0.2\r\n", 15);
	CU_ASSERT_TRUE(is_question());
	now_ms += 999;
	exhaust();
	from.port = 999;
	send_nth(0, "VERSION=2.0.2\r\n", 15);
	CU_ASSERT_TRUE(is_question());
	now_ms += 1001;
	exhaust();
	from.port = 999;
	n = 0;
	CU_ASSERT_TRUE(starts(say("VERSION=2.0.2\r\n"), "CAPABILITY"));
	exhaust();
	from.port = 999;
	CU_ASSERT_TRUE(starts(say("AUTHENTICATE ANONYMOUS\r\n"), "200 "));
	CU_ASSERT_TRUE(
		starts(strchr(create("v6udpv4", KEEPALIVE), '\n') + 1, "200 "));
	end();
}

/* The questions to it are of no use to a forger: a client that has proven
 * more is not cut off. */
static void a_forged_beginning_does_not_end_a_dialogue(void)
{
	begin(10);
	log_in();
	send_nth(20, "VERSION=2.0.2\r\n", 15);
	CU_ASSERT_TRUE(is_question());
	CU_ASSERT_TRUE(starts(strchr(create("v6udpv4", ""), '\n') + 1, "200 "));
	/* Its own is told by the number. */
	send_nth(20, "VERSION=2.0.2\r\n", 15);
	send_proof(20, "VERSION=2.0.2\r\n");
	CU_ASSERT_TRUE(starts(heard(), "CAPABILITY"));
	end();
}

static void an_answer_is_repeated_as_often_as_a_client_asks(void)
{
	int answers = 0;

	begin(10);
	log_in();
	create("v6udpv4", "");
	for (int i = 0; i < 1000; i++)
		answers += send_nth(n - 1, "", 0) != NULL;
	CU_ASSERT_EQUAL(answers, DIALOGS_COPIES - 1);
	end();
}

/* Forged: VERSION, AUTHENTICATE and create, then empty datagrams with the
 * number of create. */
static void a_repeated_answer_counts(void)
{
	size_t in = 0, sum = 0;

	begin(100);
	for (int round = 0; round < 50; round++) {
		again_from((uint16_t)(2000 + round));
		say("VERSION=2.0.2\r\n");
		sum += out.len ? 28 + out.len : 0;
		say("AUTHENTICATE ANONYMOUS\r\n");
		sum += out.len ? 28 + out.len : 0;
		create("v6udpv4", KEEPALIVE);
		sum += out.len ? 28 + out.len : 0;
		in += 3 * 36 + 15 + 24 + 260;
		for (int i = 0; i < 100; i++) {
			send_nth(n - 1, "", 0);
			sum += out.len ? 28 + out.len : 0;
			in += 36;
		}
	}
	CU_ASSERT_TRUE(sum <= in + SOURCES_ADVANCE);
	end();
}

/* Logins that have proven nothing, of forged addresses. */
static void work_for_strangers_is_bounded(void)
{
	begin(10);
	for (int i = 0; i < SOURCES_WORK_BURST; i++) {
		from.addr.octets[1] = (uint8_t)i;
		again_from(40000);
		say("VERSION=2.0.2\r\n");
		CU_ASSERT_TRUE(starts(say("AUTHENTICATE THREE\r\n"), "d2"));
	}
	from.addr.octets[1]++;
	again_from(40000);
	say("VERSION=2.0.2\r\n");
	say("AUTHENTICATE THREE\r\n");
	CU_ASSERT_TRUE(is_question());
	/* Who receives does not wait for it. */
	send_proof(n - 1, "AUTHENTICATE THREE\r\n");
	CU_ASSERT_TRUE(starts(heard(), "d2hvPw==\r\n"));
	now_ms += 1000;
	again_from(40001);
	say("VERSION=2.0.2\r\n");
	CU_ASSERT_TRUE(starts(say("AUTHENTICATE THREE\r\n"), "d2"));
	end();
}

/* A poll before AUTHENTICATE is only acknowledged: it takes none of it. */
static void a_poll_is_no_work(void)
{
	begin(10);
	say("VERSION=2.0.2\r\n");
	for (int i = 0; i < 2 * SOURCES_WORK_BURST; i++)
		say("");
	CU_ASSERT_TRUE(starts(say("AUTHENTICATE THREE\r\n"), "d2"));
	/* One within a login is for the mechanism. */
	for (int i = 1; i < SOURCES_WORK_BURST; i++) {
		again_from((uint16_t)(40000 + i));
		say("VERSION=2.0.2\r\n");
		CU_ASSERT_TRUE(starts(say("AUTHENTICATE THREE\r\n"), "d2"));
	}
	say("");
	CU_ASSERT_TRUE(is_question());
	end();
}

static void a_slash_64_counts_as_one_address(void)
{
	int answers[2] = { 0, 0 };

	for (int k = 0; k < 2; k++) {
		begin(10);
		gw6c_addr_parse("2001:db8:9::1", &from.addr);
		for (int i = 0; i < 100; i++) {
			from.addr.octets[k ? 7 : 15] = (uint8_t)i;
			send_nth(0, "VERSION=2.0.2\r\n", 15);
			answers[k] += !is_question();
		}
		end();
	}
	CU_ASSERT_TRUE(answers[0] < 60);
	/* and the /64s of one /56 as one network */
	CU_ASSERT_EQUAL(answers[1], 100);
}

/* As long as the answer. */
static const char version[] =
	"VERSION=2.0.2\r\n                                        "
	"                                                        ";

static void a_full_table_makes_room_at_the_cost_of_strangers(void)
{
	struct endpoint ann;

	begin(10);
	log_in();
	ann = from;
	from.addr.octets[0] = 10;
	for (uint32_t i = 0; i < 2 * DIALOGS_MAX; i++) {
		from.addr.octets[1] = (uint8_t)(i >> 8);
		from.addr.octets[2] = (uint8_t)i;
		CU_ASSERT_TRUE(starts(send_nth(0, version, strlen(version)),
				      "CAPABILITY"));
	}
	CU_ASSERT_EQUAL(dialogs_expire(dialogs, now_ms), DIALOGS_MAX);
	from = ann;
	CU_ASSERT_TRUE(starts(body_of(create("v6udpv4", "")), "200 "));
	end();
}

/* Anonymous ones, whose addresses may be forged, hold no place either. */
static void nobody_is_kept_out_by_anonymous_logins(void)
{
	static const char words[] =
		"AUTHENTICATE ANONYMOUS\r\n                               "
		"                                                        ";
	struct endpoint ann;

	begin(10);
	log_in();
	ann = from;
	from.addr.octets[0] = 10;
	for (uint32_t i = 0; i < DIALOGS_MAX + 10; i++) {
		from.addr.octets[1] = (uint8_t)(i >> 8);
		from.addr.octets[2] = (uint8_t)i;
		CU_ASSERT_TRUE(starts(send_nth(0, version, strlen(version)),
				      "CAPABILITY"));
		CU_ASSERT_TRUE(
			starts(send_nth(1, words, strlen(words)), "200 "));
		now_ms += 11;
	}
	CU_ASSERT_EQUAL(dialogs_expire(dialogs, now_ms), DIALOGS_MAX);
	from = ann;
	CU_ASSERT_TRUE(starts(body_of(create("v6udpv4", "")), "200 "));
	end();
}

/* --- garbage ----------------------------------------------------------- */

/* What a peer might send at each phase; nothing of it may lead on. */
static const struct {
	const char *text;
	size_t len; /* 0: strlen */
} junk[] = {
	{ "\0", 1 },
	{ "\r\n", 0 },
	{ "\xff\xfe\x80", 0 },
	{ "Content-length: 0\r\n", 0 },
	{ "Content-length: -1\r\n<", 0 },
	{ "Content-length: 999999999999\r\n<", 0 },
	{ "Content-length: 100\r\n<tunnel", 0 },
	{ "Content-length: 8\r\n<tunnel>", 0 },
	{ "Content-length: 2\r\nxx", 0 },
	{ "AAAA====", 0 },
	{ "=", 0 },
	{ "%s%n%s%n", 0 },
};

/* phase: how many messages of a good dialogue come before. */
static void reach(int phase)
{
	static const char *const messages[] = { "VERSION=2.0.2\r\n",
						"AUTHENTICATE THREE\r\n",
						ANN "\r\n", "" };

	for (int i = 0; i < phase && i < 4; i++)
		say(messages[i]);
	if (phase > 4)
		create("v6udpv4", "");
}

static void junk_at_each_phase_leads_nowhere(void)
{
	for (int phase = 0; phase <= 5; phase++)
		for (size_t i = 0; i < sizeof(junk) / sizeof(junk[0]); i++) {
			size_t len = junk[i].len ? junk[i].len
						 : strlen(junk[i].text);

			begin(10);
			reach(phase);
			/* The status is owed: what is said does not matter. */
			if (phase != 3)
				send_nth(n++, junk[i].text, len);
			if (phase != 3)
				say(ACCEPT);
			CU_ASSERT_EQUAL(accepted, 0);
			end();
		}
}

static void truncated_datagrams_at_each_phase_are_survived(void)
{
	static const char *const messages[] = {
		"VERSION=2.0.2\r\n",
		"AUTHENTICATE THREE\r\n",
		ANN "\r\n",
		"",
		("Content-length: 108\r\n<tunnel "
		 "action=\"create\" "),
		ACCEPT
	};

	for (int phase = 0; phase <= 5; phase++)
		for (size_t cut = 0; cut < strlen(messages[phase]); cut++) {
			begin(10);
			reach(phase);
			send_nth(n++, messages[phase], cut);
			CU_ASSERT_EQUAL(accepted, 0);
			end();
		}
}

static void datagrams_without_a_header_are_not_answered(void)
{
	static const uint8_t bad[] = { 0xf0, 0, 0,   0xf0, 0,
				       0,    0, 'V', 0x60, 0x45 };

	begin(10);
	for (size_t len = 0; len < 8; len++) {
		send_octets(bad, len);
		CU_ASSERT_EQUAL(out.len, 0);
	}
	send_octets(bad + 8, 2);
	CU_ASSERT_EQUAL(out.len, 0);
	end();
}

static void oversize_messages_are_dropped(void)
{
	static char big[5000];

	memset(big, 'A', sizeof(big));
	for (int phase = 0; phase <= 5; phase++) {
		begin(10);
		reach(phase);
		CU_ASSERT_PTR_NULL(send_nth(n, big, RUDP_RECV_MAX + 1));
		send_nth(n, big, RUDP_RECV_MAX);
		CU_ASSERT_EQUAL(accepted, 0);
		end();
	}
}

/* --- another tunnel of the account ------------------------------------- */

static struct sessions_ask asked;
static char asked_user[256];
static enum sessions_verdict verdict;
static int asks;

static enum sessions_verdict
fake_sessions(void *arg, const struct dialog *dialog, struct sessions_ask *ask,
	      unsigned *number, const struct tunnel_entry **rival)
{
	static struct tunnel_entry other;

	CU_ASSERT_EQUAL(dialog->from.port, from.port);
	gw6c_addr_parse("192.0.2.77", &other.to.addr);
	other.to.port = 7777;
	snprintf(other.grant.user, sizeof(other.grant.user), "ann");
	asks++;
	asked = *ask;
	snprintf(asked_user, sizeof(asked_user), "%s", ask->user);
	*number = 2;
	*rival = &other;
	return verdict;
}

static const struct tunnel_entry *copy_of;

/* The secret is in use elsewhere. */
static enum sessions_verdict copied_sessions(void *arg,
					     const struct dialog *dialog,
					     struct sessions_ask *ask,
					     unsigned *number,
					     const struct tunnel_entry **rival)
{
	asked = *ask;
	*number = 1;
	*rival = copy_of;
	return ask->weak ? SESSIONS_TAKE : SESSIONS_FULL;
}

static void begin_sessions(enum sessions_verdict first)
{
	begin(10);
	env.sessions = fake_sessions;
	verdict = first;
	asks = 0;
	now_ms = 5000;
	timer_call = NULL;
}

static void end_sessions(void)
{
	end();
	env.sessions = NULL;
	CU_ASSERT_PTR_NULL(timer_call);
}

static void a_second_machine_is_told_who_has_the_account(void)
{
	begin_sessions(SESSIONS_FULL);
	log_in();
	CU_ASSERT_PTR_NOT_NULL(
		strstr(create("v6udpv4", KEEPALIVE),
		       "506 This account is in use at 192.0.2.77 port 7777"));
	CU_ASSERT_EQUAL(asked.limit, 1);
	CU_ASSERT_EQUAL(asked.inner, 6);
	CU_ASSERT_STRING_EQUAL(asked_user, "ann");
	say(ACCEPT);
	CU_ASSERT_EQUAL(accepted, 0);
	end_sessions();
}

static void a_further_session_has_a_key_of_its_own(void)
{
	begin_sessions(SESSIONS_TAKE);
	log_in();
	CU_ASSERT_PTR_NOT_NULL(
		strstr(create("v6udpv4", KEEPALIVE), "200 Success"));
	say(ACCEPT);
	CU_ASSERT_EQUAL(accepted, 1);
	CU_ASSERT_STRING_EQUAL(granted.user, "ann");
	CU_ASSERT_STRING_EQUAL(granted.key, "ann\t2");
	end_sessions();
}

static void a_request_waits_for_the_other_end(void)
{
	begin_sessions(SESSIONS_WAIT);
	log_in();
	CU_ASSERT_PTR_NULL(create("v6udpv4", KEEPALIVE));
	CU_ASSERT_EQUAL(asked.probed_ms, 0);
	for (int i = 1; i <= 2; i++) {
		time_out();
		CU_ASSERT_EQUAL(asks, 1 + i);
		CU_ASSERT_EQUAL(asked.probed_ms, 5000);
		CU_ASSERT_FALSE(asked.final);
		CU_ASSERT_EQUAL(sends, 0);
	}
	verdict = SESSIONS_TAKE;
	time_out();
	CU_ASSERT_TRUE(asked.final);
	CU_ASSERT_EQUAL(sends, 1);
	CU_ASSERT_PTR_NOT_NULL(
		strstr((char *)sent + RUDP_HEADER, "200 Success"));
	say(ACCEPT);
	CU_ASSERT_EQUAL(accepted, 1);
	end_sessions();
}

static void a_dialogue_that_ends_first_waits_no_more(void)
{
	begin_sessions(SESSIONS_WAIT);
	log_in();
	CU_ASSERT_PTR_NULL(create("v6udpv4", KEEPALIVE));
	CU_ASSERT_PTR_NOT_NULL(timer_call);
	dialogs_clear(dialogs);
	end_sessions();
}

/* A copy of a machine brings the secret of the first. */
static void a_copy_of_a_client_gets_a_tunnel_of_its_own(void)
{
	static struct tunnel_entry other;

	begin(10);
	env.sessions = copied_sessions;
	snprintf(other.grant.key, sizeof(other.grant.key),
		 "\t0123456789abcdef0123456789abcdef");
	copy_of = &other;
	gw6c_addr_parse("203.0.113.2", &from.addr);
	again_from(41000);
	log_in_anonymous();
	create("v6anyv4", LEASE("f"));
	CU_ASSERT_TRUE(is_question());
	n--;
	now_ms += SOURCES_AGAIN_MS - 1;
	create("v6anyv4", LEASE("f"));
	CU_ASSERT_TRUE(is_question());
	n--;
	now_ms++;
	CU_ASSERT_PTR_NOT_NULL(
		strstr(create("v6anyv4", LEASE("f")), "200 Success"));
	say(ACCEPT);
	CU_ASSERT_STRING_EQUAL(granted.key, "\t203.0.113.2/41000");
	CU_ASSERT_TRUE(asked.weak);
	CU_ASSERT_FALSE(asked.proven);
	env.sessions = NULL;
	end();
}

/* Who may be forged is asked first; an old client asks again. */
static void a_rival_is_told_to_who_receives(void)
{
	begin_sessions(SESSIONS_FULL);
	log_in_anonymous();
	create("v6udpv4", "");
	CU_ASSERT_TRUE(is_question());
	CU_ASSERT_FALSE(asked.proven);
	n--;
	now_ms += SOURCES_AGAIN_MS - 1;
	create("v6udpv4", "");
	CU_ASSERT_TRUE(is_question());
	n--;
	now_ms++;
	CU_ASSERT_PTR_NOT_NULL(
		strstr(create("v6udpv4", ""), "506 Address already in use"));
	end_sessions();
}

/* --- places ------------------------------------------------------------ */

static void begin_places(void)
{
	begin(100);
	options.max_tunnels = 8; /* and 9 for those that prove nothing */
	options.max_per_address = 2;
	options.max_per_network = 100;
	env.quota = quota_new();
}

static void end_places(void)
{
	struct quota *quota = env.quota;

	end();
	env.quota = NULL;
	quota_free(quota);
}

static void who_cannot_prove_anything_waits_for_a_place(void)
{
	begin_places();
	for (int i = 0; i < 9; i++) {
		from.addr.octets[1] = (uint8_t)i;
		again_from(40000);
		log_in_anonymous();
		CU_ASSERT_PTR_NOT_NULL(
			strstr(create("v6udpv4", ""), "200 Success"));
		say(ACCEPT);
		CU_ASSERT_EQUAL(granted.class, QUOTA_UNPROVEN);
	}
	from.addr.octets[1]++;
	again_from(40000);
	log_in_anonymous();
	create("v6udpv4", "");
	CU_ASSERT_TRUE(is_question());
	/* Nothing has happened: it may be said again, */
	n--;
	create("v6udpv4", "");
	CU_ASSERT_TRUE(is_question());
	/* until there is a place; */
	env_release(&env, &granted);
	n--;
	CU_ASSERT_PTR_NOT_NULL(strstr(create("v6udpv4", ""), "200 Success"));
	/* or by somebody who proves that it receives. */
	again_from(40001);
	log_in_anonymous();
	create("v6udpv4", "");
	CU_ASSERT_TRUE(is_question());
	send_proof(n - 1, "Content-length: 106\r\n"
			  "<tunnel action=\"create\" type=\"v6udpv4\"><client>"
			  "<address type=\"ipv4\">10.0.0.7</address></client>"
			  "</tunnel>\r\n");
	CU_ASSERT_PTR_NOT_NULL(strstr(heard(), "200 Success"));
	say(ACCEPT);
	CU_ASSERT_EQUAL(granted.class, QUOTA_ANONYMOUS);
	CU_ASSERT_TRUE(granted.proven);
	end_places();
}

/* Of those that cannot, who waits and says the same again gets one of a few
 * places; then it is told that there is none. */
static void the_patient_have_places_of_their_own(void)
{
	begin_places();
	for (int i = 0; i < 9; i++)
		quota_take(env.quota, &from.addr, QUOTA_UNPROVEN);
	for (int i = 0; i <= quota_patient(8); i++) {
		const char *text;

		now_ms += 5000;
		from.addr.octets[1] = (uint8_t)i;
		again_from(40000);
		log_in_anonymous();
		create("v6udpv4", "");
		CU_ASSERT_TRUE(is_question());
		now_ms += SOURCES_AGAIN_MS;
		n--;
		text = create("v6udpv4", "");
		CU_ASSERT_EQUAL(is_question(), i == quota_patient(8));
		if (is_question()) { /* it may have been lost */
			now_ms += 5000 - SOURCES_AGAIN_MS - 1;
			n--;
			create("v6udpv4", "");
			CU_ASSERT_TRUE(is_question());
			now_ms++;
			n--;
			text = create("v6udpv4", "");
			CU_ASSERT_FALSE(is_question());
		}
		CU_ASSERT_PTR_NOT_NULL(
			strstr(text, i < quota_patient(8) ? "200 Success"
							  : "301 No tunnels"));
		say(ACCEPT);
		CU_ASSERT_EQUAL(granted.class, QUOTA_PATIENT);
	}
	CU_ASSERT_EQUAL(accepted, quota_patient(8));
	/* Who was asked at its first message, too. */
	env_release(&env, &granted);
	from.addr.octets[1]++;
	exhaust();
	again_from(900);
	for (int i = 0; i < 2; i++) {
		send_nth(n, "VERSION=2.0.2\r\n", 15);
		CU_ASSERT_EQUAL(is_question(), !i);
		now_ms += SOURCES_AGAIN_MS;
	}
	n++;
	say("AUTHENTICATE ANONYMOUS\r\n");
	CU_ASSERT_PTR_NOT_NULL(strstr(create("v6udpv4", ""), "200 Success"));
	end_places();
}

/* However often something is sent in its name. */
static void an_offer_to_a_stranger_lapses(void)
{
	begin_places();
	log_in_anonymous();
	create("v6udpv4", "");
	for (int i = 0; i < 15; i++) {
		now_ms += 1000;
		CU_ASSERT_EQUAL(dialogs_expire(dialogs, now_ms), 1);
		CU_ASSERT_PTR_NOT_NULL(strstr(create("v6udpv4", ""), "521 "));
	}
	now_ms++;
	CU_ASSERT_EQUAL(dialogs_expire(dialogs, now_ms), 0);
	end_places();
}

static void too_many_at_one_address_are_told(void)
{
	begin_places();
	for (int i = 0; i < 3; i++) {
		const char *text;

		exhaust();
		again_from(from.port);
		send_proof(n++, "VERSION=2.0.2\r\n");
		say("AUTHENTICATE ANONYMOUS\r\n");
		text = create("v6udpv4", "");
		CU_ASSERT_PTR_NOT_NULL(
			strstr(text, i < 2 ? "200 Success"
					   : "301 Too many tunnels at your"));
		dialogs_clear(dialogs);
		if (i < 2)
			quota_take(env.quota, &from.addr, QUOTA_ANONYMOUS);
		dialogs_free(dialogs);
		sources_free(env.sources);
		env.sources = sources_new();
		dialogs = dialogs_new(&env, &events);
	}
	end_places();
}

static struct grant up;

static const struct grant *fake_up(void *arg, const struct gw6c_addr *inner)
{
	CU_ASSERT_EQUAL(memcmp(inner, &up.inner, sizeof(*inner)), 0);
	return &up;
}

/* An account that asks again and again has one place, until the last of what it
 * was offered has ended. */
static void what_an_account_is_offered_has_one_place(void)
{
	struct quota_limits limits;

	begin_places();
	limits = env_limits(&env);
	for (int i = 0; i < 7; i++)
		quota_take(env.quota, &from.addr, QUOTA_ACCOUNT);
	for (uint16_t i = 0; i < 5; i++) {
		again_from(40000 + i);
		log_in();
		CU_ASSERT_PTR_NOT_NULL(
			strstr(create("v6udpv4", ""), "200 Success"));
	}
	say(ACCEPT);
	CU_ASSERT_EQUAL(granted.class, QUOTA_ACCOUNT);
	CU_ASSERT_EQUAL(quota_check(env.quota, &limits, &from.addr,
				    QUOTA_ACCOUNT),
			QUOTA_FULL);
	dialogs_clear(dialogs);
	CU_ASSERT_EQUAL(quota_check(env.quota, &limits, &from.addr,
				    QUOTA_ACCOUNT),
			QUOTA_FULL);
	env_release(&env, &granted);
	CU_ASSERT_EQUAL(quota_check(env.quota, &limits, &from.addr,
				    QUOTA_ACCOUNT),
			QUOTA_TAKEN);
	/* No place is left: nothing is offered, and nothing taken. */
	quota_take(env.quota, &from.addr, QUOTA_ACCOUNT);
	again_from(41000);
	log_in();
	CU_ASSERT_PTR_NOT_NULL(
		strstr(create("v6udpv4", ""), "301 No tunnels available"));
	quota_give(env.quota, &from.addr, QUOTA_ACCOUNT);
	CU_ASSERT_EQUAL(quota_check(env.quota, &limits, &from.addr,
				    QUOTA_ACCOUNT),
			QUOTA_TAKEN);
	end_places();
}

static void log_in_proven(void)
{
	exhaust();
	again_from(from.port);
	send_proof(n++, "VERSION=2.0.2\r\n");
	CU_ASSERT_TRUE(starts(say("AUTHENTICATE ANONYMOUS\r\n"), "200 "));
}

/* What one that may be forged has is no place of one that is there. */
static void a_better_place_must_be_free(void)
{
	begin_places();
	again_from(40000);
	log_in_anonymous();
	create("v6udpv4", LEASE("f"));
	say(ACCEPT);
	up = granted;
	CU_ASSERT_EQUAL(up.class, QUOTA_UNPROVEN);
	env.up = fake_up;
	for (int i = 0; i < 2; i++)
		quota_take(env.quota, &from.addr, QUOTA_ANONYMOUS);
	log_in_proven();
	CU_ASSERT_PTR_NOT_NULL(strstr(create("v6udpv4", LEASE("f")),
				      "301 Too many tunnels at your"));
	up.class = QUOTA_ANONYMOUS;
	log_in_proven();
	CU_ASSERT_PTR_NOT_NULL(
		strstr(create("v6udpv4", LEASE("f")), "200 Success"));
	env_release(&env, &granted);
	up.source.octets[0]++; /* a place elsewhere */
	log_in_proven();
	CU_ASSERT_PTR_NOT_NULL(strstr(create("v6udpv4", LEASE("f")),
				      "301 Too many tunnels at your"));
	env.up = NULL;
	end_places();
}

static bool vacant;

static bool fake_vacant(void *arg, const struct dialog *dialog)
{
	CU_ASSERT_EQUAL(dialog->offered_ms, now_ms);
	return vacant;
}

static void an_offer_holds_until_another_is_there(void)
{
	for (int i = 0; i < 2; i++) {
		const char *text;

		begin(10);
		env.vacant = fake_vacant;
		vacant = i;
		log_in();
		create("v6udpv4", "");
		text = say(ACCEPT);
		CU_ASSERT_EQUAL(accepted, i);
		CU_ASSERT_EQUAL(!text || strstr(text, "506 "), !i);
		env.vacant = NULL;
		end();
	}
}

int main(void)
{
	static const struct unit_test tests[] = {
		UNIT_TEST(a_whole_login_leads_to_a_tunnel),
		UNIT_TEST(the_length_of_the_answer_is_exact),
		UNIT_TEST(a_mechanism_may_let_the_client_speak_first),
		UNIT_TEST(a_nul_behind_a_line_is_ignored),
		UNIT_TEST(an_anonymous_client_is_known_again_by_its_port),
		UNIT_TEST(or_by_its_secret_wherever_it_is),
		UNIT_TEST(a_secret_is_nothing_to_an_account),
		UNIT_TEST(a_rival_is_told_to_who_receives),
		UNIT_TEST(a_copy_of_a_client_gets_a_tunnel_of_its_own),
		UNIT_TEST(who_cannot_prove_anything_waits_for_a_place),
		UNIT_TEST(the_patient_have_places_of_their_own),
		UNIT_TEST(an_offer_to_a_stranger_lapses),
		UNIT_TEST(too_many_at_one_address_are_told),
		UNIT_TEST(what_an_account_is_offered_has_one_place),
		UNIT_TEST(a_better_place_must_be_free),
		UNIT_TEST(an_offer_holds_until_another_is_there),
		UNIT_TEST(a_user_has_its_configured_address),
		UNIT_TEST(keepalive_is_bounded_or_as_configured),
		UNIT_TEST(a_slow_login_is_answered_when_it_is_done),
		UNIT_TEST(a_late_answer_must_be_one),
		UNIT_TEST(who_guesses_is_refused_whatever_he_says),
		UNIT_TEST(a_blind_login_makes_nobody_known),
		UNIT_TEST(an_account_under_attack_answers_late),
		UNIT_TEST(datagrams_lock_nobody_out),
		UNIT_TEST(a_broken_mechanism_is_our_fault),
		UNIT_TEST(a_dialogue_has_a_last_moment),
		UNIT_TEST(a_slow_login_may_go_on_or_fail),
		UNIT_TEST(meanwhile_a_client_is_not_answered),
		UNIT_TEST(a_dialogue_that_ends_first_closes_the_mechanism),
		UNIT_TEST(a_late_message_that_is_too_long_ends_the_login),
		UNIT_TEST(what_cannot_be_is_refused_with_its_status),
		UNIT_TEST(an_anonymous_user_gets_no_prefix),
		UNIT_TEST(a_request_without_an_ipv4_address_is_refused),
		UNIT_TEST(a_full_pool_is_told),
		UNIT_TEST(versions_we_do_not_speak_are_refused),
		UNIT_TEST(a_wrong_password_and_no_such_user_look_the_same),
		UNIT_TEST(a_mechanism_not_offered_is_refused),
		UNIT_TEST(a_second_request_while_one_is_open_is_told),
		UNIT_TEST(a_rejected_offer_is_given_back),
		UNIT_TEST(an_offer_not_accepted_is_dropped),
		UNIT_TEST(an_offer_to_a_stranger_lapses_sooner),
		UNIT_TEST(a_repeated_message_gets_the_same_answer),
		UNIT_TEST(late_copies_are_ignored),
		UNIT_TEST(a_client_may_begin_again_from_the_same_port),
		UNIT_TEST(a_poll_with_nothing_to_fetch_is_acknowledged),
		UNIT_TEST(echo_is_answered_without_a_session),
		UNIT_TEST(no_status_is_answered),
		UNIT_TEST(what_does_not_begin_with_version_has_no_session),
		UNIT_TEST(few_answers_need_no_session),
		UNIT_TEST(one_address_cannot_have_many_answers),
		UNIT_TEST(a_forged_dialogue_is_not_in_the_way),
		UNIT_TEST(who_proves_that_it_receives_is_served),
		UNIT_TEST(a_proof_is_nobody_elses),
		UNIT_TEST(a_proof_holds_for_half_a_minute),
		UNIT_TEST(an_old_client_that_insists_is_served),
		UNIT_TEST(one_that_begins_again_is_served_in_a_flood),
		UNIT_TEST(a_forged_beginning_does_not_end_a_dialogue),
		UNIT_TEST(an_answer_is_repeated_as_often_as_a_client_asks),
		UNIT_TEST(a_repeated_answer_counts),
		UNIT_TEST(work_for_strangers_is_bounded),
		UNIT_TEST(a_poll_is_no_work),
		UNIT_TEST(a_slash_64_counts_as_one_address),
		UNIT_TEST(a_full_table_makes_room_at_the_cost_of_strangers),
		UNIT_TEST(nobody_is_kept_out_by_anonymous_logins),
		UNIT_TEST(junk_at_each_phase_leads_nowhere),
		UNIT_TEST(truncated_datagrams_at_each_phase_are_survived),
		UNIT_TEST(datagrams_without_a_header_are_not_answered),
		UNIT_TEST(oversize_messages_are_dropped),
		UNIT_TEST(a_second_machine_is_told_who_has_the_account),
		UNIT_TEST(a_further_session_has_a_key_of_its_own),
		UNIT_TEST(a_request_waits_for_the_other_end),
		UNIT_TEST(a_dialogue_that_ends_first_waits_no_more),
	};

	return UNIT_RUN("broker: session", tests);
}
