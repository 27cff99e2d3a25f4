/* test_session.c - whole sessions over both transports, against a broker
 * that answers as the script says. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/base/log.h"
#include "core/tsp/session.h"
#include "tests/unit/unit.h"
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define STEPS 8
#define WAIT_MS 20000 /* until a test gives up */

/* How a line of the script is answered. */
enum how {
	PLAINLY,
	TWICE, /* the second copy must not count */
	LONG, /* with more than fits */
	FORGED_FIRST, /* first another answer, with the right header */
	FORGED_LATER, /* the same after the right answer */
	WRONG_WORD, /* first another word, then right */
	WRONG_STAMP, /* first a stamp never sent, then right */
	JUNK, /* first junk of several kinds, then right */
	LATE, /* only the second send is answered */
	OCTETS, /* TCP: one octet at a time */
	HANG_UP, /* TCP: close in the middle */
};

struct script {
	const char *answer[STEPS]; /* NULL: silence */
	enum how how;
};

/* Everything of one session: both ends in one loop. */
struct stage {
	struct loop *loop;
	struct script script;
	bool udp;
	int listener, peer; /* the broker's sockets */
	struct gw6c_watch *reader, *guard;
	int heard; /* messages that came */
	uint32_t last_word;
	uint32_t stamp[STEPS]; /* of the messages that came */
	int repeats; /* of the last word */
	char got[STEPS][512];
	struct session *session;
	struct settings settings;
	bool over;
	struct session_result result;
};

/* --- plugins ----------------------------------------------------------- */

static int login_open(const struct gw6c_host *host,
		      const struct gw6c_login *login, void **self,
		      struct gw6c_err *err)
{
	(void)host;
	(void)login;
	(void)err;
	*self = calloc(1, sizeof(int));
	return GW6C_OK;
}

/* Speaks first, and all at once. */
static int first_step(void *self, struct gw6c_bytes in, struct gw6c_buf *out,
		      struct gw6c_err *err)
{
	(void)self;
	(void)in;
	(void)err;
	gw6c_put_text(out, "me");
	return GW6C_OK;
}

/* Answers "a" with "b" and wants "c" then. */
static int login_step(void *self, struct gw6c_bytes in, struct gw6c_buf *out,
		      struct gw6c_err *err)
{
	int *turn = self;

	if (in.len != 1 || in.at[0] != (*turn ? 'c' : 'a'))
		return gw6c_fail(err, GW6C_EAUTH, "no proof");
	if ((*turn)++)
		return GW6C_OK;
	gw6c_put_text(out, "b");
	return GW6C_MORE;
}

static int empty_step(void *self, struct gw6c_bytes in, struct gw6c_buf *out,
		      struct gw6c_err *err)
{
	(void)self;
	(void)in;
	(void)out;
	(void)err;
	return GW6C_OK;
}

/* Asks somebody of its own for each message: a timer stands for that. */
struct slow {
	const struct gw6c_host *host;
	struct gw6c_watch *timer;
	int turn;
};

static uint32_t slow_ms; /* how long that takes */
static int slow_rc; /* what comes of it: GW6C_OK, or an error */
static size_t slow_len; /* octets of the first message */

static int slow_open(const struct gw6c_host *host,
		     const struct gw6c_login *login, void **self,
		     struct gw6c_err *err)
{
	struct slow *slow = calloc(1, sizeof(*slow));

	(void)login;
	(void)err;
	slow->host = host;
	*self = slow;
	return GW6C_OK;
}

static void slow_close(void *self)
{
	struct slow *slow = self;

	slow->host->forget(slow->host, slow->timer);
	free(slow);
}

static void slow_done(void *arg)
{
	struct slow *slow = arg;
	struct gw6c_err err = { slow_rc, "the server refuses" };
	static uint8_t room[4000];

	slow->timer = NULL;
	memset(room, 'b', sizeof(room));
	if (slow_rc)
		slow->host->done(slow->host, slow_rc, GW6C_NOTHING, &err);
	else if (slow->turn == 1)
		slow->host->done(slow->host, GW6C_MORE,
				 (struct gw6c_bytes){ room, slow_len }, NULL);
	else
		slow->host->done(slow->host, GW6C_OK, GW6C_NOTHING, NULL);
	slow->turn = -slow->turn; /* it is used after done(), too */
	/* Once is enough. */
	slow->host->done(slow->host, GW6C_EAUTH, GW6C_NOTHING, &err);
}

static int slow_step(void *self, struct gw6c_bytes in, struct gw6c_buf *out,
		     struct gw6c_err *err)
{
	struct slow *slow = self;

	(void)out;
	if (in.len != 1 || in.at[0] != (slow->turn ? 'c' : 'a'))
		return gw6c_fail(err, GW6C_EAUTH, "no proof");
	slow->turn = slow->turn ? 2 : 1;
	slow->timer =
		slow->host->on_timer(slow->host, slow_ms, slow_done, slow);
	return GW6C_LATER;
}

static const struct gw6c_auth_ops slow_ops = {
	.size = sizeof(slow_ops),
	.flags = GW6C_AUTH_BASE64 | GW6C_AUTH_MUTUAL,
	.mechanism = "TURNS",
	.open = slow_open,
	.close = slow_close,
	.step = slow_step,
};
static const struct gw6c_plugin slowly = { GW6C_HEAD(GW6C_AUTH, "slow", "test"),
					   .auth = &slow_ops };

static const struct gw6c_auth_ops empty_ops = {
	.size = sizeof(empty_ops),
	.flags = GW6C_AUTH_EMPTY,
	.mechanism = "ANONYMOUS",
	.open = login_open,
	.close = free,
	.step = empty_step,
};
static const struct gw6c_auth_ops turn_ops = {
	.size = sizeof(turn_ops),
	.flags = GW6C_AUTH_BASE64 | GW6C_AUTH_MUTUAL,
	.mechanism = "TURNS",
	.open = login_open,
	.close = free,
	.step = login_step,
};
static struct gw6c_auth_ops password_ops = {
	.size = sizeof(password_ops),
	.mechanism = "TURNS",
	.open = login_open,
	.close = free,
	.step = login_step,
};
static const struct gw6c_plugin password = {
	GW6C_HEAD(GW6C_AUTH, "guess", "test"), .auth = &password_ops
};
static const struct gw6c_auth_ops first_ops = {
	.size = sizeof(first_ops),
	.flags = GW6C_AUTH_INITIAL,
	.mechanism = "FIRST",
	.open = login_open,
	.close = free,
	.step = first_step,
};
static const struct gw6c_plugin early = { GW6C_HEAD(GW6C_AUTH, "first", "test"),
					  .auth = &first_ops };
static const struct gw6c_plugin empty = {
	GW6C_HEAD(GW6C_AUTH, "anonymous", "test"), .auth = &empty_ops
};
static const struct gw6c_plugin turns = { GW6C_HEAD(GW6C_AUTH, "turns", "test"),
					  .auth = &turn_ops };
static const struct gw6c_granted grants[] = {
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

static const struct gw6c_tunnel_ops mode_ops = { .size = sizeof(mode_ops),
						 .inner = 6,
						 .outer = 4,
						 .prefix_max = 64,
						 .grants = grants,
						 .plan = make_plan };
static const struct gw6c_plugin mode = {
	GW6C_HEAD(GW6C_TUNNEL, "v6anyv4", "test"), .tunnel = &mode_ops
};
static const struct gw6c_tunnel_ops raw_ops = { .size = sizeof(raw_ops),
						.inner = 6,
						.outer = 4,
						.protocol = 41,
						.prefix_max = 64,
						.plan = make_plan };
static const struct gw6c_plugin v6v4 = { GW6C_HEAD(GW6C_TUNNEL, "v6v4", "test"),
					 .tunnel = &raw_ops };
static const struct gw6c_plugin v6udpv4 = {
	GW6C_HEAD(GW6C_TUNNEL, "v6udpv4", "test"), .tunnel = &mode_ops
};

static const struct gw6c_plugin *find_mode(void *arg, const char *name)
{
	(void)arg;
	return strcmp(name, "v6v4") == 0 ? &v6v4 : &v6udpv4;
}

#define FORGED                                                                 \
	"1200 Redirect\r\n<tunnel action=\"info\"><broker>"                    \
	"<address type=\"ipv4\">192.0.2.66</address></broker></tunnel>\r\n"

/* --- the broker -------------------------------------------------------- */

static void answer_udp(struct stage *stage, const uint8_t *header,
		       const char *text, int word, int stamp)
{
	uint8_t room[4096 + 8];
	size_t len = strlen(text);

	memcpy(room, header, 8);
	room[3] ^= (uint8_t)word;
	room[7] ^= (uint8_t)stamp;
	memcpy(room + 8, text, len);
	send(stage->listener, room, len + 8, 0);
}

static void junk_udp(struct stage *stage, const uint8_t *header)
{
	uint8_t room[6000] = { 0x60 };

	for (size_t len = 0; len < 8; len++)
		send(stage->listener, header, len, 0);
	send(stage->listener, room, 100, 0);
	memcpy(room, header, 8);
	room[3] ^= 1;
	send(stage->listener, room, sizeof(room), 0);
}

static void keep(struct stage *stage, const uint8_t *at, ssize_t len)
{
	if (stage->heard < STEPS)
		snprintf(stage->got[stage->heard], sizeof(stage->got[0]),
			 "%.*s", (int)len, (const char *)at);
	stage->heard++;
}

static void on_datagram(void *arg, int ready)
{
	struct stage *stage = arg;
	struct sockaddr_in from;
	socklen_t size = sizeof(from);
	uint8_t room[2048];
	ssize_t len = recvfrom(stage->listener, room, sizeof(room), 0,
			       (struct sockaddr *)&from, &size);
	const char *text;
	uint32_t word;

	(void)ready;
	connect(stage->listener, (struct sockaddr *)&from, size);
	memcpy(&word, room, 4);
	if (word == stage->last_word) {
		stage->repeats++;
	} else {
		stage->last_word = word;
		stage->repeats = 0;
		if (stage->heard < STEPS)
			memcpy(&stage->stamp[stage->heard], room + 4, 4);
		keep(stage, room + 8, len - 8);
	}
	text = stage->heard <= STEPS ? stage->script.answer[stage->heard - 1]
				     : NULL;
	if (!text || (stage->script.how == LATE && !stage->repeats))
		return;
	if (stage->script.how == WRONG_WORD)
		answer_udp(stage, room, "300 forged\r\n", 1, 0);
	if (stage->script.how == WRONG_STAMP)
		answer_udp(stage, room, "300 forged\r\n", 0, 0x55);
	if (stage->script.how == JUNK)
		junk_udp(stage, room);
	if (stage->script.how == FORGED_FIRST)
		answer_udp(stage, room, FORGED, 0, 0);
	if (stage->script.how == LONG) {
		uint8_t more[6000] = { 0 };

		memcpy(more, room, 8);
		send(stage->listener, more, sizeof(more), 0);
		return;
	}
	answer_udp(stage, room, text, 0, 0);
	if (stage->script.how == TWICE)
		answer_udp(stage, room, text, 0, 0);
	if (stage->script.how == FORGED_LATER)
		answer_udp(stage, room, FORGED, 0, 0);
}

static void answer_tcp(struct stage *stage, const char *text)
{
	size_t len = strlen(text), piece = len;

	if (stage->script.how == OCTETS)
		piece = 1;
	if (stage->script.how == HANG_UP)
		len /= 2;
	for (size_t at = 0; at < len; at += piece) {
		send(stage->peer, text + at, piece, MSG_NOSIGNAL);
		if (piece == 1)
			usleep(50);
	}
	if (stage->script.how != HANG_UP)
		return;
	loop_forget(stage->reader);
	stage->reader = NULL;
	close(stage->peer);
	stage->peer = -1;
}

static void on_stream(void *arg, int ready)
{
	struct stage *stage = arg;
	uint8_t room[2048];
	ssize_t len = recv(stage->peer, room, sizeof(room), 0);
	const char *text;

	(void)ready;
	if (len <= 0) {
		loop_forget(stage->reader);
		stage->reader = NULL;
		return;
	}
	keep(stage, room, len);
	text = stage->heard <= STEPS ? stage->script.answer[stage->heard - 1]
				     : NULL;
	if (text && *text)
		answer_tcp(stage, text);
}

static void on_connection(void *arg, int ready)
{
	struct stage *stage = arg;

	(void)ready;
	stage->peer = accept(stage->listener, NULL, NULL);
	loop_forget(stage->reader);
	stage->reader =
		loop_fd(stage->loop, stage->peer, GW6C_READ, on_stream, stage);
}

/* --- the stage --------------------------------------------------------- */

static void on_done(void *arg, const struct session_result *result)
{
	struct stage *stage = arg;

	CU_ASSERT_FALSE(stage->over);
	stage->over = true;
	stage->result = *result;
	loop_stop(stage->loop);
}

static void on_guard(void *arg)
{
	struct stage *stage = arg;

	stage->guard = NULL;
	loop_stop(stage->loop);
}

static uint16_t stage_listen(struct stage *stage)
{
	struct sockaddr_in at = { .sin_family = AF_INET };
	socklen_t size = sizeof(at);

	at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	stage->listener =
		socket(AF_INET, stage->udp ? SOCK_DGRAM : SOCK_STREAM, 0);
	bind(stage->listener, (struct sockaddr *)&at, sizeof(at));
	if (!stage->udp)
		listen(stage->listener, 1);
	getsockname(stage->listener, (struct sockaddr *)&at, &size);
	stage->reader =
		loop_fd(stage->loop, stage->listener, GW6C_READ,
			stage->udp ? on_datagram : on_connection, stage);
	return ntohs(at.sin_port);
}

static bool unfit; /* the next grant cannot be set up here */

static int check_fit(void *arg, const struct gw6c_lease *lease,
		     struct gw6c_err *err)
{
	(void)arg;
	CU_ASSERT_STRING_EQUAL(lease->mode, "v6udpv4");
	return unfit ? gw6c_fail(err, GW6C_EPEER, "it collides") : GW6C_OK;
}

static struct login_past past;
static const char *userid = "ann", *client_v4 = "auto", *state_dir;
static const char *limit;
static int limit_rc;

/* Run a session to its end, or for guard_ms. */
static void play(struct stage *stage, const struct script *script, bool udp,
		 const struct gw6c_plugin *auth, uint32_t guard_ms)
{
	const struct gw6c_plugin *auths[] = { auth, NULL };
	struct session_params params = { .settings = &stage->settings,
					 .tunnel = &mode,
					 .mode = find_mode,
					 .fits = unfit ? check_fit : NULL,
					 .auths = auths,
					 .limit = limit,
					 .limit_rc = limit_rc,
					 .past = &past,
					 .udp = udp,
					 .version = TSP_V202 };
	struct gw6c_err err = { 0 };

	memset(stage, 0, sizeof(*stage));
	stage->script = *script;
	stage->udp = udp;
	stage->peer = -1;
	stage->settings = (struct settings){ .tunnel_mode = "v6any",
					     .auth_method = "any",
					     .client_v4 = client_v4,
					     .state_dir = state_dir,
					     .client_v6 = "auto",
					     .userid = userid,
					     .passwd = "s3cret" };
	stage->loop = loop_new();
	params.loop = stage->loop;
	params.broker.port = stage_listen(stage);
	snprintf(params.broker.host, sizeof(params.broker.host), "test");
	gw6c_addr_parse("127.0.0.1", &params.addr);
	CU_ASSERT_EQUAL_FATAL(session_start(&params, on_done, stage,
					    &stage->session, &err),
			      GW6C_OK);
	CU_ASSERT_FALSE(stage->over);
	stage->guard = loop_timer(stage->loop, guard_ms, on_guard, stage);
	loop_run(stage->loop);
}

static void clear(struct stage *stage)
{
	session_free(stage->session);
	loop_forget(stage->guard);
	loop_forget(stage->reader);
	loop_free(stage->loop);
	close(stage->listener);
	if (stage->peer >= 0)
		close(stage->peer);
}

#define CAPABILITY                                                             \
	"CAPABILITY TUNNEL=V6V4 TUNNEL=V6UDPV4 AUTH=ANONYMOUS AUTH=TURNS "     \
	"AUTH=FIRST\r\n"
#define ANSWER(type)                                                           \
	"200 Success\r\n"                                                      \
	"<tunnel action=\"info\" type=\"" type "\">\r\n"                       \
	" <server><address type=\"ipv4\">192.0.2.6</address>"                  \
	"<address type=\"ipv6\">2001:db8::1</address></server>\r\n"            \
	" <client><address type=\"ipv4\">192.0.2.9</address>"                  \
	"<address type=\"ipv6\">2001:db8::2</address></client>\r\n"            \
	"</tunnel>\r\n"

/* With its Content-length: valid until the next call. */
static const char *framed(const char *body)
{
	static char text[2048];

	snprintf(text, sizeof(text), "Content-length: %zu\r\n%s", strlen(body),
		 body);
	return text;
}

static void a_session_over_udp_ends_with_a_lease(void)
{
	struct script script = { .answer = { CAPABILITY, "200 Success\r\n",
					     framed(ANSWER("v6udpv4")), "" } };
	struct stage stage;

	play(&stage, &script, true, &empty, WAIT_MS);
	CU_ASSERT_TRUE(stage.over);
	CU_ASSERT_EQUAL(stage.result.end, SESSION_UP);
	CU_ASSERT_STRING_EQUAL(stage.result.lease.mode, "v6udpv4");
	CU_ASSERT_STRING_EQUAL(stage.result.mechanism, "anonymous");
	CU_ASSERT_STRING_EQUAL(stage.got[0], "VERSION=2.0.2\r\n");
	CU_ASSERT_STRING_EQUAL(stage.got[1], "AUTHENTICATE ANONYMOUS\r\n");
	CU_ASSERT_PTR_NOT_NULL(strstr(stage.got[2], "action=\"create\""));
	/* What is asked for need not be what the operator wrote. */
	CU_ASSERT_PTR_NOT_NULL(strstr(stage.got[2], "type=\"v6anyv4\""));
	CU_ASSERT_STRING_EQUAL(stage.got[3],
			       "Content-length: 35\r\n"
			       "<tunnel action=\"accept\"></tunnel>\r\n");
	CU_ASSERT_TRUE(transport_socket(session_transport(stage.session)) >= 0);
	clear(&stage);
}

/* Every fault that a network or a forger can add, at every step. */
static void faulty_and_forged_datagrams_do_not_matter(void)
{
	static const enum how ways[] = { TWICE, WRONG_WORD, WRONG_STAMP, JUNK };

	for (size_t i = 0; i < COUNT(ways); i++) {
		struct script script = {
			.answer = { CAPABILITY, "200 Success\r\n",
				    framed(ANSWER("v6udpv4")), "" },
			.how = ways[i]
		};
		struct stage stage;

		play(&stage, &script, true, &empty, WAIT_MS);
		CU_ASSERT_EQUAL(stage.result.end, SESSION_UP);
		CU_ASSERT_TRUE(stage.over);
		clear(&stage);
	}
}

/* Whoever makes two answers to one message sees what we send. */
static void of_two_different_answers_none_is_believed(void)
{
	static const enum how ways[] = { FORGED_FIRST, FORGED_LATER };
	static const char *const firsts[] = { CAPABILITY, "302 no\r\n",
					      "300 no\r\n",
					      "CAPABILITY TUNNEL=V4V6\r\n" };

	for (size_t i = 0; i < COUNT(ways) * COUNT(firsts); i++) {
		struct script script = { .answer = { firsts[i / 2] },
					 .how = ways[i % 2] };
		struct stage stage;

		play(&stage, &script, true, &empty, 3000);
		CU_ASSERT_TRUE(stage.over);
		CU_ASSERT_EQUAL(stage.result.end, SESSION_FAILED);
		CU_ASSERT_EQUAL(stage.result.err.rc, GW6C_ENET);
		CU_ASSERT_EQUAL(stage.result.status, 0);
		CU_ASSERT_EQUAL(stage.result.reason, REASON_FORGED);
		CU_ASSERT_EQUAL(stage.result.brokers, 0);
		CU_ASSERT_PTR_NOT_NULL(
			strstr(stage.result.err.text, "two different answers"));
		clear(&stage);
	}
}

/* A clock could be guessed. */
static void stamps_are_random(void)
{
	struct script script = { .answer = { CAPABILITY, "200 Success\r\n",
					     framed(ANSWER("v6udpv4")), "" } };
	struct stage stage;
	int small = 0;

	play(&stage, &script, true, &empty, 3000);
	CU_ASSERT_EQUAL(stage.heard, 4);
	for (int i = 0; i < 4; i++) {
		small += ntohl(stage.stamp[i]) < 0x10000;
		for (int j = 0; j < i; j++)
			CU_ASSERT_NOT_EQUAL(stage.stamp[i], stage.stamp[j]);
	}
	CU_ASSERT(small < 4);
	clear(&stage);
}

static void a_login_by_both_ends_is_told(void)
{
	struct script both = { .answer = { CAPABILITY, "YQ==\r\n", "Yw==\r\n",
					   "200 Success\r\n",
					   framed(ANSWER("v6v4")), "" } };
	struct script none = { .answer = { CAPABILITY, "200 Success\r\n",
					   framed(ANSWER("v6v4")), "" } };
	struct script late = { .answer = { CAPABILITY, "YQ==\r\n", "Yw==\r\n",
					   "300 no\r\n" } };
	struct stage stage;

	play(&stage, &both, true, &turns, 3000);
	CU_ASSERT_TRUE(stage.over);
	CU_ASSERT_EQUAL(stage.result.end, SESSION_UP);
	CU_ASSERT_TRUE(stage.result.proven);
	clear(&stage);
	play(&stage, &none, false, &empty, 3000);
	CU_ASSERT_EQUAL(stage.result.end, SESSION_UP);
	CU_ASSERT_FALSE(stage.result.proven);
	clear(&stage);
	play(&stage, &late, true, &turns, 3000);
	CU_ASSERT_TRUE(stage.over);
	CU_ASSERT_EQUAL(stage.result.end, SESSION_FAILED);
	CU_ASSERT_FALSE(stage.result.proven);
	clear(&stage);
}

/* TCP is tried then. */
static void what_is_too_long_for_a_datagram_is_told(void)
{
	struct script script = { .answer = { "x" }, .how = LONG };
	static char cut[1200];
	struct stage stage;

	play(&stage, &script, true, &empty, 3000);
	CU_ASSERT_TRUE(stage.over);
	CU_ASSERT_EQUAL(stage.result.end, SESSION_FAILED);
	CU_ASSERT_EQUAL(stage.result.err.rc, GW6C_ENET);
	CU_ASSERT_EQUAL(stage.result.reason, REASON_NONE);
	CU_ASSERT_PTR_NOT_NULL(strstr(stage.result.err.text,
				      "answer is too long for a datagram"));
	clear(&stage);
	strcpy(cut, "1200 Redirect\r\n<tunnel action=\"list\">");
	while (strlen(cut) < 1000)
		strcat(cut, "<broker><address type=\"ipv4\">192.0.2.9"
			    "</address></broker>");
	script = (struct script){ .answer = { cut } };
	play(&stage, &script, true, &empty, 3000);
	CU_ASSERT_TRUE(stage.over);
	CU_ASSERT_EQUAL(stage.result.end, SESSION_FAILED);
	CU_ASSERT_EQUAL(stage.result.err.rc, GW6C_ENET);
	CU_ASSERT_EQUAL(stage.result.reason, REASON_NONE);
	CU_ASSERT_EQUAL(stage.result.status, 0);
	CU_ASSERT_PTR_NOT_NULL(
		strstr(stage.result.err.text, "redirection is too long"));
	clear(&stage);
}

static void what_does_not_fit_here_is_not_accepted(void)
{
	struct script script = { .answer = { CAPABILITY, "200 Success\r\n",
					     framed(ANSWER("v6udpv4")), "" } };
	struct stage stage;

	unfit = true;
	play(&stage, &script, true, &empty, 3000);
	unfit = false;
	CU_ASSERT_TRUE(stage.over);
	CU_ASSERT_EQUAL(stage.result.end, SESSION_FAILED);
	CU_ASSERT_EQUAL(stage.result.reason, REASON_PARAMETERS);
	CU_ASSERT_EQUAL(stage.result.err.rc, GW6C_EPEER);
	CU_ASSERT_EQUAL(stage.heard, 3);
	CU_ASSERT_PTR_NOT_NULL(strstr(stage.result.err.text, "it collides"));
	clear(&stage);
}

/* --- what a login gives away --------------------------------------------- */

#define WARNINGS 4096

static int log_level = 1;

/* What was logged while a login by password_ops went on. */
static const char *login_warns(uint32_t rank, uint32_t flags)
{
	static char text[WARNINGS];
	char path[] = "/tmp/gw6c-test-session.XXXXXX";
	struct log_settings settings = { .ident = "test",
					 .to_file = log_level,
					 .path = path,
					 .facility = "USER" };
	struct script script = { .answer = { CAPABILITY, "YQ==\r\n", "Yw==\r\n",
					     "200 Success\r\n",
					     framed(ANSWER("v6v4")), "" } };
	struct gw6c_err err = { 0 };
	struct stage stage;
	FILE *file;
	size_t len;
	int fd;

	password_ops.rank = rank;
	password_ops.flags = GW6C_AUTH_BASE64 | flags;
	fd = mkstemp(path);
	CU_ASSERT_TRUE_FATAL(fd >= 0);
	close(fd);
	CU_ASSERT_EQUAL(log_open(&settings, &err), GW6C_OK);
	play(&stage, &script, true, &password, 3000);
	clear(&stage);
	log_close();
	file = fopen(path, "r");
	CU_ASSERT_PTR_NOT_NULL_FATAL(file);
	len = fread(text, 1, sizeof(text) - 1, file);
	text[len] = 0;
	fclose(file);
	unlink(path);
	return text;
}

static void a_broker_that_is_not_known_gets_an_answer_to_guess_from(void)
{
	static const struct {
		uint32_t rank, flags, known;
		bool warns;
	} logins[] = { { 30, GW6C_AUTH_PASSWORD, 0, true },
		       { 49, GW6C_AUTH_PASSWORD, 0, true },
		       { 50, GW6C_AUTH_PASSWORD, 0, false },
		       { 70, GW6C_AUTH_PASSWORD, 0, false },
		       { 30, GW6C_AUTH_PASSWORD, 30, false },
		       { 30, GW6C_AUTH_PASSWORD, 10, false },
		       { 0, 0, 0, false } };

	for (size_t i = 0; i < sizeof(logins) / sizeof(logins[0]); i++) {
		past = (struct login_past){ .rank = logins[i].known };
		CU_ASSERT_EQUAL(
			strstr(login_warns(logins[i].rank, logins[i].flags),
			       "login by guess at test, which has never "
			       "proven itself") != NULL,
			logins[i].warns);
		CU_ASSERT_EQUAL(past.told, logins[i].warns);
	}
	/* Once. */
	past = (struct login_past){ .told = true };
	CU_ASSERT_PTR_NULL(strstr(login_warns(30, GW6C_AUTH_PASSWORD),
				  "never proven itself"));
	/* In clear text there is nothing to guess. */
	past = (struct login_past){ .told = false };
	CU_ASSERT_PTR_NULL(strstr(login_warns(10, GW6C_AUTH_PASSWORD |
							  GW6C_AUTH_CLEARTEXT),
				  "never proven itself"));
	CU_ASSERT_FALSE(past.told);
}

/* Our address on the way to the broker, unless another is set. */
static void the_address_that_is_set_is_announced(void)
{
	static const char *const set[] = { "auto", "127.0.0.2" };
	static const char *const told[] = { ">127.0.0.1<", ">127.0.0.2<" };
	struct script script = { .answer = { CAPABILITY, "200 Success\r\n",
					     framed(ANSWER("v6v4")), "" } };
	struct stage stage;

	for (int i = 0; i < 2; i++) {
		client_v4 = set[i];
		play(&stage, &script, false, &empty, 3000);
		CU_ASSERT_PTR_NOT_NULL(strstr(stage.got[2], told[i]));
		CU_ASSERT_PTR_NOT_NULL(
			strstr(stage.got[2], "\r\n<tunnel action=\"create\""));
		CU_ASSERT_EQUAL(strncmp(stage.got[2], "Content-length: ", 16),
				0);
		clear(&stage);
	}
	client_v4 = "auto";
	session_free(NULL);
}

/* By it a broker knows one again that has no account. */
static void a_secret_is_for_those_without_an_account(void)
{
	static const struct {
		const char *capability;
		const struct gw6c_plugin *auth;
		bool secret;
	} cases[] = {
		{ "CAPABILITY TUNNEL=V6V4 AUTH=ANONYMOUS LEASE=1\r\n", &empty,
		  true },
		{ "CAPABILITY TUNNEL=V6V4 AUTH=ANONYMOUS\r\n", &empty, false },
		{ "CAPABILITY TUNNEL=V6V4 AUTH=TURNS LEASE=1\r\n", &turns,
		  false },
	};
	char dir[] = "/tmp/gw6c-test-session.XXXXXX", file[64];

	state_dir = mkdtemp(dir);
	CU_ASSERT_PTR_NOT_NULL_FATAL(state_dir);
	for (size_t i = 0; i < COUNT(cases); i++) {
		bool turned = cases[i].auth == &turns;
		struct script script = { .answer = { cases[i].capability } };
		struct stage stage;
		int create = turned ? 3 : 2;

		script.answer[1] = turned ? "YQ==\r\n" : "200 Success\r\n";
		script.answer[2] = "Yw==\r\n200 Success\r\n";
		script.answer[create] = framed(ANSWER("v6v4"));
		play(&stage, &script, false, cases[i].auth, 3000);
		CU_ASSERT_PTR_NOT_NULL(
			strstr(stage.got[create], "action=\"create\""));
		CU_ASSERT_EQUAL(strstr(stage.got[create], "secret=") != NULL,
				cases[i].secret);
		clear(&stage);
	}
	snprintf(file, sizeof(file), "%s/lease_secret", dir);
	unlink(file);
	rmdir(dir);
	state_dir = NULL;
}

static void a_login_is_told_with_its_account(void)
{
	static const struct {
		const char *user;
		uint32_t flags;
		const char *words;
	} cases[] = {
		{ "ann", GW6C_AUTH_PASSWORD, "logged in as ann by guess" },
		{ "a", GW6C_AUTH_PASSWORD, "logged in as a by guess" },
		{ "", 0, "logged in by guess" },
	};

	log_level = 3;
	/* What was logged before there was a file is in the first one. */
	login_warns(50, GW6C_AUTH_PASSWORD);
	for (size_t i = 0; i < COUNT(cases); i++) {
		past = (struct login_past){ .told = true };
		userid = cases[i].user;
		CU_ASSERT_PTR_NOT_NULL(strstr(login_warns(50, cases[i].flags),
					      cases[i].words));
	}
	userid = "ann";
	log_level = 1;
	past = (struct login_past){ .told = false };
}

static void a_weaker_login_than_before_is_told(void)
{
	static const uint32_t flags[] = {
		GW6C_AUTH_PASSWORD, GW6C_AUTH_PASSWORD | GW6C_AUTH_CLEARTEXT
	};

	for (int i = 0; i < 2; i++) {
		past = (struct login_past){ .rank = 31, .mechanism = "was" };
		CU_ASSERT_PTR_NOT_NULL(
			strstr(login_warns(30, flags[i]),
			       "login by guess is weaker than that by was, "
			       "which this account has used at test before"));
		CU_ASSERT_PTR_NULL(strstr(login_warns(30, flags[i]),
					  "is weaker")); /* once */
		past = (struct login_past){ .rank = 30, .mechanism = "was" };
		CU_ASSERT_PTR_NULL(
			strstr(login_warns(30, flags[i]), "is weaker"));
	}
	past = (struct login_past){ .rank = 0 };
}

static void what_is_left_out_is_told_with_its_reason(void)
{
	static const int codes[] = { GW6C_EPEER, GW6C_ECONFIG };
	struct script script = { .answer = { "CAPABILITY TUNNEL=V6V4 "
					     "AUTH=OTHER\r\n" } };
	struct stage stage;

	for (int i = 0; i < 2; i++) {
		limit = "because of that";
		limit_rc = codes[i];
		play(&stage, &script, true, &turns, 3000);
		CU_ASSERT_EQUAL(stage.result.end, SESSION_FAILED);
		CU_ASSERT_EQUAL(stage.result.reason, REASON_MECHANISM);
		CU_ASSERT_EQUAL(stage.result.err.rc, codes[i]);
		CU_ASSERT_PTR_NOT_NULL(strstr(stage.result.err.text,
					      "offers login by OTHER: because "
					      "of that"));
		clear(&stage);
	}
	limit = NULL;
}

static void a_lost_datagram_is_sent_again(void)
{
	struct script script = { .answer = { "302 no\r\n" }, .how = LATE };
	struct stage stage;

	play(&stage, &script, true, &empty, WAIT_MS);
	CU_ASSERT_TRUE(stage.over);
	CU_ASSERT_EQUAL(stage.result.end, SESSION_VERSION);
	CU_ASSERT_EQUAL(stage.repeats, 1);
	CU_ASSERT_EQUAL(stage.heard, 1);
	clear(&stage);
}

static void tcp_answers_may_come_octet_by_octet(void)
{
	struct script script = { .answer = { CAPABILITY, "200 Success\r\n",
					     framed(ANSWER("v6v4")), "" },
				 .how = OCTETS };
	struct stage stage;

	play(&stage, &script, false, &empty, WAIT_MS);
	CU_ASSERT_TRUE(stage.over);
	CU_ASSERT_EQUAL(stage.result.end, SESSION_UP);
	CU_ASSERT_STRING_EQUAL(stage.result.lease.mode, "v6v4");
	clear(&stage);
}

static void a_broker_that_hangs_up_is_told_from_a_silent_one(void)
{
	struct script script = { .answer = { CAPABILITY }, .how = HANG_UP };
	struct stage stage;

	play(&stage, &script, false, &empty, WAIT_MS);
	CU_ASSERT_TRUE(stage.over);
	CU_ASSERT_EQUAL(stage.result.end, SESSION_FAILED);
	CU_ASSERT_EQUAL(stage.result.err.rc, GW6C_ENET);
	CU_ASSERT_PTR_NOT_NULL(
		strstr(stage.result.err.text, "closed the connection"));
	clear(&stage);
}

static void a_closed_port_is_noticed_at_once(void)
{
	struct script script = { .answer = { NULL } };
	struct session_params params = { .udp = true, .version = TSP_V202 };
	struct stage stage;
	struct gw6c_err err = { 0 };
	uint64_t start_ms;

	play(&stage, &script, true, &empty, 1);
	session_free(stage.session);
	loop_forget(stage.reader);
	stage.reader = NULL;
	close(stage.listener);
	stage.listener = -1;
	params.loop = stage.loop;
	params.settings = &stage.settings;
	params.broker.port = 9;
	gw6c_addr_parse("127.0.0.1", &params.addr);
	stage.over = false;
	start_ms = loop_now_ms(stage.loop);
	CU_ASSERT_EQUAL(session_start(&params, on_done, &stage, &stage.session,
				      &err),
			GW6C_OK);
	loop_run(stage.loop);
	CU_ASSERT_EQUAL(stage.result.end, SESSION_SILENT);
	CU_ASSERT_TRUE(loop_now_ms(stage.loop) - start_ms < 5000);
	clear(&stage);
}

static void a_login_of_several_messages_goes_through(void)
{
	struct script script = { .answer = { CAPABILITY, "YQ==\r\n",
					     "Yw==", "200 Success\r\n",
					     framed(ANSWER("v6udpv4")), "" } };
	struct stage stage;

	play(&stage, &script, true, &turns, WAIT_MS);
	CU_ASSERT_EQUAL(stage.result.end, SESSION_UP);
	CU_ASSERT_STRING_EQUAL(stage.got[2], "Yg==\r\n");
	CU_ASSERT_STRING_EQUAL(stage.got[3], ""); /* a poll */
	clear(&stage);
	/* ddtb puts the status right behind the padding. */
	script.answer[2] = "Yw==200 Success\r\n";
	play(&stage, &script, true, &turns, WAIT_MS);
	CU_ASSERT_EQUAL(stage.result.end, SESSION_UP);
	clear(&stage);
}

static void success_without_a_proof_is_refused(void)
{
	static const char *const skips[][3] = {
		{ CAPABILITY, "200 Success\r\n", NULL },
		{ CAPABILITY, "YQ==\r\n", "200 Success\r\n" },
		{ CAPABILITY, "YQ==\r\n", "eHh4\r\n" },
		{ CAPABILITY, "not base64!\r\n", NULL },
		{ CAPABILITY, "", NULL },
	};

	for (size_t i = 0; i < COUNT(skips); i++) {
		struct script script = { .answer = { skips[i][0], skips[i][1],
						     skips[i][2] } };
		struct stage stage;

		play(&stage, &script, true, &turns, WAIT_MS);
		CU_ASSERT_TRUE(stage.over);
		CU_ASSERT_EQUAL(stage.result.end, SESSION_FAILED);
		CU_ASSERT_TRUE(stage.result.err.rc == GW6C_EPEER ||
			       stage.result.err.rc == GW6C_EAUTH);
		clear(&stage);
	}
}

/* What the broker may say instead of going on, at each step. */
static void every_step_takes_refusals_redirects_and_nonsense(void)
{
	static const struct {
		const char *text;
		enum session_end end;
		int rc;
	} says[] = {
		{ "300 no\r\n", SESSION_FAILED, GW6C_EAUTH },
		{ "530 busy\r\n", SESSION_FAILED, GW6C_ENET },
		{ "310 oops\r\n", SESSION_FAILED, GW6C_EPEER },
		{ "1200 Redirect\r\n<tunnel><broker><address type=\"ipv4\">"
		  "192.0.2.21</address></broker></tunnel>\r\n",
		  SESSION_REDIRECT, GW6C_EPEER },
		{ "1200 Redirect\r\n<tunnel><broker><address type=\"ipv4\">"
		  "127.0.0.1</address></broker></tunnel>\r\n",
		  SESSION_FAILED, GW6C_EPEER },
		{ "1302 x\r\n<tunnel>", SESSION_FAILED, GW6C_EPEER },
		{ "\x01\x02nonsense\r\n", SESSION_FAILED, GW6C_EPEER },
	};

	/* Before it has shown that it speaks TSP, it may be anybody. */
	for (int step = 0; step < 3; step++) {
		struct script script = {
			.answer = { CAPABILITY, "200 Success\r\n", NULL }
		};
		struct stage stage;

		script.answer[step] = "500 Syntax error\r\n";
		play(&stage, &script, true, &empty, WAIT_MS);
		CU_ASSERT_EQUAL(stage.result.end, SESSION_FAILED);
		CU_ASSERT_EQUAL(stage.result.err.rc,
				step ? GW6C_ECONFIG : GW6C_EPEER);
		clear(&stage);
	}
	for (int step = 0; step < 3; step++)
		for (size_t i = 0; i < COUNT(says); i++) {
			struct script script = { .answer = { CAPABILITY,
							     "200 Success\r\n",
							     NULL } };
			struct stage stage;

			script.answer[step] = says[i].text;
			play(&stage, &script, true, &empty, WAIT_MS);
			CU_ASSERT_TRUE(stage.over);
			CU_ASSERT_EQUAL(stage.result.end, says[i].end);
			CU_ASSERT_EQUAL(stage.result.err.rc, says[i].rc);
			if (says[i].end == SESSION_REDIRECT)
				CU_ASSERT_STRING_EQUAL(stage.result.broker[0]
							       .host,
						       "192.0.2.21");
			clear(&stage);
		}
}

#define BROKER(type, text)                                                     \
	"<broker><address type=\"" type "\">" text "</address></broker>\r\n"
#define REDIRECT(status, brokers)                                              \
	status "\r\n<tunnel action=\"list\" type=\"broker\">\r\n" brokers      \
	       "</tunnel>\r\n"

static void check_redirect(const struct script *script, bool udp,
			   const struct gw6c_plugin *auth)
{
	struct stage stage;

	play(&stage, script, udp, auth, WAIT_MS);
	CU_ASSERT_TRUE(stage.over);
	CU_ASSERT_EQUAL(stage.result.end, SESSION_REDIRECT);
	CU_ASSERT_EQUAL(stage.result.brokers, 2);
	CU_ASSERT_STRING_EQUAL(stage.result.broker[0].host, "east.example.net");
	CU_ASSERT_STRING_EQUAL(stage.result.broker[1].host, "192.0.2.21");
	clear(&stage);
}

static void a_redirect_to_one_broker_names_it(void)
{
	struct script script = {
		.answer = { REDIRECT("1302 elsewhere",
				     BROKER("dn", "a.example")) }
	};
	struct stage stage;

	play(&stage, &script, false, &empty, WAIT_MS);
	CU_ASSERT_EQUAL(stage.result.end, SESSION_REDIRECT);
	CU_ASSERT_STRING_EQUAL(stage.result.err.text,
			       "test redirects to a.example");
	clear(&stage);
}

/* Each message of the broker may be a redirect instead. */
static void a_redirect_may_come_at_every_step_of_each_login(void)
{
	static const struct {
		const struct gw6c_plugin *auth;
		const char *answer[STEPS];
		int steps; /* the last is the answer to create */
	} ways[] = {
		{ &empty, { CAPABILITY, "200 Success\r\n" }, 3 },
		{ &early, { CAPABILITY, "", "200 Success\r\n" }, 4 },
		{ &turns,
		  { CAPABILITY, "YQ==\r\n", "Yw==\r\n", "200 Success\r\n" },
		  5 },
	};
	const char *list =
		REDIRECT("1200 Redirect", BROKER("dn", "east.example.net")
						  BROKER("ipv4", "192.0.2.21"));

	for (size_t way = 0; way < COUNT(ways); way++)
		for (int step = 0; step < ways[way].steps; step++) {
			struct script script = { .answer = { NULL } };

			memcpy(script.answer, ways[way].answer,
			       sizeof(script.answer));
			script.answer[step] = step + 1 == ways[way].steps
						      ? framed(list)
						      : list;
			check_redirect(&script, true, ways[way].auth);
		}
}

/* No length tells where it ends, so the end of the XML does. */
static void a_redirect_over_tcp_is_read_to_its_end(void)
{
	const char *list = REDIRECT("1302 Unsupported client version",
				    BROKER("dn", "east.example.net")
					    BROKER("ipv4", "192.0.2.21"));
	struct script script = { .answer = { NULL }, .how = OCTETS };

	script.answer[0] = list;
	check_redirect(&script, false, &empty);
	script.answer[0] = CAPABILITY;
	script.answer[1] = list;
	check_redirect(&script, false, &empty);
	script.answer[1] = "200 Success\r\n";
	script.answer[2] = framed(list);
	check_redirect(&script, false, &empty);
}

/* clang-format off */
#define BROKERS_BAD                                                            \
	BROKER("ipv4", "127.0.0.1")                                            \
	BROKER("ipv4", "224.0.0.1")                                            \
	BROKER("ipv4", "2001:db8::1")                                          \
	BROKER("ipv6", "::1")                                                  \
	BROKER("ipv6", "ff02::1")                                              \
	BROKER("dn", "localhost")                                              \
	BROKER("dn", "")                                                       \
	BROKER("dn", "a;b")                                                    \
	BROKER("dn", "%n")                                                     \
	BROKER("fax", "192.0.2.1")
#define BROKERS_GOOD                                                           \
	BROKER("dn", "b.example.net:4000")                                     \
	BROKER("ipv6", "2001:db8::1")                                          \
	BROKER("ipv4", "192.0.2.1:5")
/* clang-format on */

static void of_a_redirect_only_usable_brokers_count(void)
{
	static const char list[] =
		REDIRECT("1530 Busy", BROKERS_BAD BROKERS_GOOD);
	struct script script = { .answer = { list } };
	struct stage stage;

	play(&stage, &script, true, &empty, WAIT_MS);
	CU_ASSERT_EQUAL(stage.result.end, SESSION_REDIRECT);
	CU_ASSERT_EQUAL(stage.result.brokers, 3);
	CU_ASSERT_STRING_EQUAL(stage.result.broker[0].host, "b.example.net");
	CU_ASSERT_EQUAL(stage.result.broker[0].port, 4000);
	CU_ASSERT_STRING_EQUAL(stage.result.broker[1].host, "2001:db8::1");
	CU_ASSERT_EQUAL(stage.result.broker[1].port, SERVER_PORT);
	CU_ASSERT_EQUAL(stage.result.broker[2].port, 5);
	clear(&stage);
}

static void a_redirect_to_nobody_is_an_error_of_its_own(void)
{
	static const char *const says[] = {
		REDIRECT("1200 Redirect", ""),
		REDIRECT("1200 Redirect", BROKER("fax", "192.0.2.1")),
		"1200 Redirect\r\n",
		"1200 Redirect\r\n<tunnel><broker>",
	};

	for (size_t i = 0; i < COUNT(says); i++) {
		struct script script = { .answer = { says[i] } };
		struct stage stage;

		play(&stage, &script, true, &empty, WAIT_MS);
		CU_ASSERT_EQUAL(stage.result.end, SESSION_FAILED);
		CU_ASSERT_EQUAL(stage.result.reason, REASON_REDIRECT);
		CU_ASSERT_EQUAL(stage.result.err.rc, GW6C_EPEER);
		clear(&stage);
	}
}

static void of_more_than_fifty_brokers_the_first_fifty_count(void)
{
	char text[4096] = "1200 x\r\n<tunnel>";
	struct script script = { .answer = { text } };
	struct stage stage;

	for (int i = 0; i < 55; i++)
		snprintf(text + strlen(text), 80,
			 "<broker><address type=\"dn\">b%d</address></broker>",
			 i);
	snprintf(text + strlen(text), 20, "</tunnel>");
	play(&stage, &script, true, &empty, WAIT_MS);
	CU_ASSERT_EQUAL(stage.result.end, SESSION_REDIRECT);
	CU_ASSERT_EQUAL(stage.result.brokers, TSP_BROKERS);
	CU_ASSERT_STRING_EQUAL(stage.result.broker[49].host, "b49");
	clear(&stage);
}

static void what_is_not_offered_is_told_with_a_remedy(void)
{
	static const struct {
		const char *text;
		enum session_reason reason;
		const char *word;
	} says[] = {
		{ "CAPABILITY TUNNEL=V4V6 AUTH=ANONYMOUS\r\n", REASON_MODE,
		  "tunnel_mode" },
		{ "CAPABILITY TUNNEL=V6V4 AUTH=PLAIN\r\n", REASON_MECHANISM,
		  "PLAIN" },
		{ "CAPABILITY TUNNEL=V6V4\r\n", REASON_MECHANISM,
		  "auth_method" },
	};

	for (size_t i = 0; i < COUNT(says); i++) {
		struct script script = { .answer = { says[i].text } };
		struct stage stage;

		play(&stage, &script, true, &empty, WAIT_MS);
		CU_ASSERT_EQUAL(stage.result.end, SESSION_FAILED);
		CU_ASSERT_EQUAL(stage.result.err.rc, GW6C_ECONFIG);
		CU_ASSERT_EQUAL(stage.result.reason, says[i].reason);
		CU_ASSERT_PTR_NOT_NULL(
			strstr(stage.result.err.text, says[i].word));
		clear(&stage);
	}
}

static void a_list_that_may_be_cut_short_is_no_verdict(void)
{
	static const char *const says[] = {
		"CAPABILITY TUNNEL=V4V6 TUNNEL=V6U",
		"CAPABILITY TUNNEL=V6V4 AUTH=ANONYM",
		"CAPABILITY TUNNEL=V6V4",
	};

	for (size_t i = 0; i < COUNT(says); i++) {
		struct script script = { .answer = { says[i] } };
		struct stage stage;

		play(&stage, &script, true, &empty, WAIT_MS);
		CU_ASSERT_EQUAL(stage.result.end, SESSION_FAILED);
		CU_ASSERT_EQUAL(stage.result.err.rc, GW6C_EPEER);
		CU_ASSERT_EQUAL(stage.result.reason, 0);
		CU_ASSERT_PTR_NOT_NULL(
			strstr(stage.result.err.text, "may be truncated"));
		clear(&stage);
	}
}

static void a_body_in_several_datagrams_is_polled_for(void)
{
	char first[100], second[2048];
	const char *whole = framed(ANSWER("v6udpv4"));
	struct script script = { .answer = { CAPABILITY, "200 Success\r\n",
					     first, second, "" } };
	struct stage stage;

	snprintf(first, sizeof(first), "%.60s", whole);
	snprintf(second, sizeof(second), "%s", whole + 60);
	play(&stage, &script, true, &empty, WAIT_MS);
	CU_ASSERT_EQUAL(stage.result.end, SESSION_UP);
	CU_ASSERT_STRING_EQUAL(stage.got[3], "");
	clear(&stage);
}

/* A broker that has forgotten the session may say nothing to that. */
static void what_is_polled_for_in_vain_is_given_up_soon(void)
{
	struct script script = { .answer = { CAPABILITY, "200 Success\r\n",
					     "Content-length: 9\r\n" } };
	struct stage stage;

	play(&stage, &script, true, &empty, WAIT_MS);
	CU_ASSERT_TRUE_FATAL(stage.over);
	CU_ASSERT_EQUAL(stage.result.end, SESSION_FAILED);
	CU_ASSERT_EQUAL(stage.result.err.rc, GW6C_ENET);
	CU_ASSERT_STRING_EQUAL(stage.got[3], "");
	CU_ASSERT_EQUAL(stage.repeats, 3);
	clear(&stage);
}

/* Longer than a message would be sent again. */
static void a_login_may_take_its_time(void)
{
	struct script over_udp = {
		.answer = { CAPABILITY, "YQ==\r\n", "Yw==", "200 Success\r\n",
			    framed(ANSWER("v6udpv4")), "" }
	};
	struct script over_tcp = { .answer = { CAPABILITY, "YQ==\r\n",
					       "Yw==\r\n200 Success\r\n" } };
	struct stage stage;

	slow_ms = 1500;
	slow_rc = GW6C_OK;
	slow_len = 1;
	play(&stage, &over_udp, true, &slowly, WAIT_MS);
	CU_ASSERT_EQUAL(stage.result.end, SESSION_UP);
	CU_ASSERT_EQUAL(stage.repeats, 0);
	CU_ASSERT_STRING_EQUAL(stage.got[2], "Yg==\r\n");
	CU_ASSERT_STRING_EQUAL(stage.got[3], ""); /* a poll */
	CU_ASSERT_STRING_EQUAL(stage.result.mechanism, "slow");
	clear(&stage);
	over_tcp.answer[3] = framed(ANSWER("v6v4"));
	play(&stage, &over_tcp, false, &slowly, WAIT_MS);
	CU_ASSERT_EQUAL(stage.result.end, SESSION_UP);
	CU_ASSERT_STRING_EQUAL(stage.got[2], "Yg==\r\n");
	CU_ASSERT_PTR_NOT_NULL(strstr(stage.got[3], "action=\"create\""));
	clear(&stage);
}

static void a_slow_login_may_fail(void)
{
	static const struct {
		int rc, want_rc;
		size_t len;
		enum session_reason reason;
		const char *word;
	} says[] = {
		{ GW6C_EAUTH, GW6C_EAUTH, 1, REASON_LOGIN,
		  "login by slow: the server refuses" },
		{ GW6C_ENET, GW6C_ENET, 1, REASON_NONE, "the server refuses" },
		{ GW6C_LATER, GW6C_EBUG, 1, REASON_NONE,
		  "no result that can be used" },
		{ GW6C_OK, GW6C_ECONFIG, 3000, REASON_NONE,
		  "does not fit into a datagram" },
		{ GW6C_OK, GW6C_EBUG, 3001, REASON_NONE,
		  "no result that can be used" },
	};
	struct script script = { .answer = { CAPABILITY, "YQ==\r\n" } };

	slow_ms = 1;
	for (size_t i = 0; i < COUNT(says); i++) {
		struct stage stage;

		slow_rc = says[i].rc;
		slow_len = says[i].len;
		play(&stage, &script, true, &slowly, WAIT_MS);
		CU_ASSERT_TRUE(stage.over);
		CU_ASSERT_EQUAL(stage.result.end, SESSION_FAILED);
		CU_ASSERT_EQUAL(stage.result.err.rc, says[i].want_rc);
		CU_ASSERT_EQUAL(stage.result.reason, says[i].reason);
		CU_ASSERT_PTR_NOT_NULL(
			strstr(stage.result.err.text, says[i].word));
		clear(&stage);
	}
}

/* Whenever it is freed: the sanitizers say what is wrong. */
static void a_slow_login_may_be_given_up(void)
{
	struct script script = { .answer = { CAPABILITY, "YQ==\r\n" } };
	struct stage stage;

	slow_ms = 60000;
	slow_rc = GW6C_OK;
	play(&stage, &script, true, &slowly, 300);
	CU_ASSERT_FALSE(stage.over);
	CU_ASSERT_EQUAL(stage.heard, 2);
	clear(&stage);
}

int main(void)
{
	static const struct unit_test tests[] = {
		UNIT_TEST(a_session_over_udp_ends_with_a_lease),
		UNIT_TEST(faulty_and_forged_datagrams_do_not_matter),
		UNIT_TEST(of_two_different_answers_none_is_believed),
		UNIT_TEST(stamps_are_random),
		UNIT_TEST(a_login_by_both_ends_is_told),
		UNIT_TEST(what_is_too_long_for_a_datagram_is_told),
		UNIT_TEST(what_does_not_fit_here_is_not_accepted),
		UNIT_TEST(
			a_broker_that_is_not_known_gets_an_answer_to_guess_from),
		UNIT_TEST(the_address_that_is_set_is_announced),
		UNIT_TEST(a_secret_is_for_those_without_an_account),
		UNIT_TEST(a_login_is_told_with_its_account),
		UNIT_TEST(a_weaker_login_than_before_is_told),
		UNIT_TEST(what_is_left_out_is_told_with_its_reason),
		UNIT_TEST(a_lost_datagram_is_sent_again),
		UNIT_TEST(tcp_answers_may_come_octet_by_octet),
		UNIT_TEST(a_broker_that_hangs_up_is_told_from_a_silent_one),
		UNIT_TEST(a_closed_port_is_noticed_at_once),
		UNIT_TEST(a_login_of_several_messages_goes_through),
		UNIT_TEST(success_without_a_proof_is_refused),
		UNIT_TEST(every_step_takes_refusals_redirects_and_nonsense),
		UNIT_TEST(a_redirect_may_come_at_every_step_of_each_login),
		UNIT_TEST(a_redirect_to_one_broker_names_it),
		UNIT_TEST(a_redirect_over_tcp_is_read_to_its_end),
		UNIT_TEST(of_a_redirect_only_usable_brokers_count),
		UNIT_TEST(a_redirect_to_nobody_is_an_error_of_its_own),
		UNIT_TEST(of_more_than_fifty_brokers_the_first_fifty_count),
		UNIT_TEST(what_is_not_offered_is_told_with_a_remedy),
		UNIT_TEST(a_list_that_may_be_cut_short_is_no_verdict),
		UNIT_TEST(a_body_in_several_datagrams_is_polled_for),
		UNIT_TEST(what_is_polled_for_in_vain_is_given_up_soon),
		UNIT_TEST(a_login_may_take_its_time),
		UNIT_TEST(a_slow_login_may_fail),
		UNIT_TEST(a_slow_login_may_be_given_up),
	};

	return UNIT_RUN("session", tests);
}
