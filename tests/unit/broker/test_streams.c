/* test_streams.c - dialogues over TCP, on the loopback: messages in pieces, two
 * replies, mechanisms that answer later, and who may connect. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "broker/dialog/listeners.h"
#include "broker/dialog/streams.h"
#include "core/base/loop.h"
#include "core/base/sockaddr.h"
#include "tests/unit/unit.h"
#include <errno.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#define TURN_MS 20000 /* the most that anything may take */

/* --- the system -------------------------------------------------------- */

static bool no_descriptors; /* is what the system says */
static int accepts; /* tries */

int accept4(int fd, struct sockaddr *addr, socklen_t *len, int flags)
{
	accepts++;
	if (!no_descriptors)
		return (int)syscall(SYS_accept4, fd, addr, len, flags);
	errno = EMFILE;
	return -1;
}

/* --- mechanisms -------------------------------------------------------- */

static const struct gw6c_host *slow_host; /* of the last one opened */
static int logins;

static int auth_open(const struct gw6c_host *host,
		     const struct gw6c_login *login, void **self,
		     struct gw6c_err *err)
{
	(void)login;
	(void)err;
	slow_host = host;
	*self = &logins;
	logins++;
	return GW6C_OK;
}

static void auth_close(void *self)
{
	(void)self;
	logins--;
}

static int none_serve(void *self, struct gw6c_bytes in, struct gw6c_buf *out,
		      struct gw6c_err *err)
{
	(void)self;
	(void)in;
	(void)out;
	(void)err;
	return GW6C_OK;
}

/* Says good-bye before the status. */
static int bye_serve(void *self, struct gw6c_bytes in, struct gw6c_buf *out,
		     struct gw6c_err *err)
{
	(void)self;
	(void)in;
	(void)err;
	gw6c_put_text(out, "bye");
	return GW6C_OK;
}

static int slow_serve(void *self, struct gw6c_bytes in, struct gw6c_buf *out,
		      struct gw6c_err *err)
{
	(void)self;
	(void)in;
	(void)out;
	(void)err;
	return GW6C_LATER;
}

static const char *who; /* logs in */

static const char *auth_who(void *self)
{
	(void)self;
	return who;
}

#define MECHANISM(name_, flags_, serve_)                                       \
	static const struct gw6c_auth_ops name_##_ops = {                      \
		.size = sizeof(struct gw6c_auth_ops),                          \
		.flags = (flags_),                                             \
		.mechanism = #name_,                                           \
		.open = auth_open,                                             \
		.close = auth_close,                                           \
		.serve = (serve_),                                             \
		.who = auth_who,                                               \
	};                                                                     \
	static const struct gw6c_plugin name_ = {                              \
		GW6C_HEAD(GW6C_AUTH, #name_, ""), .auth = &name_##_ops         \
	}

MECHANISM(NONE, GW6C_AUTH_EMPTY, none_serve);
MECHANISM(BYE, GW6C_AUTH_BASE64, bye_serve);
MECHANISM(BARE, GW6C_AUTH_BASE64 | GW6C_AUTH_BARE | GW6C_AUTH_INITIAL,
	  none_serve);
MECHANISM(SLOW, 0, slow_serve);

static int no_plan(const struct gw6c_lease *lease, struct gw6c_plan *plan,
		   struct gw6c_err *err)
{
	(void)lease;
	(void)plan;
	(void)err;
	return GW6C_OK;
}

static const struct gw6c_granted grants[] = {
	{ "raw", NULL, GW6C_OVER_TCP },
	{ .type = NULL },
};
static const struct gw6c_tunnel_ops raw_ops = { .size = sizeof(raw_ops),
						.inner = 6,
						.outer = 4,
						.protocol = 253,
						.over = GW6C_OVER_TCP,
						.grants = grants,
						.plan = no_plan };
static const struct gw6c_plugin raw = { GW6C_HEAD(GW6C_TUNNEL, "raw", ""),
					.tunnel = &raw_ops };

/* --- a broker, and a client -------------------------------------------- */

static const struct modes modes = { .offer = { &raw } };
static struct options options;
static struct dialog_env env = { .modes = &modes,
				 .options = &options,
				 .auth = { &NONE, &BYE, &BARE, &SLOW } };
static struct streams *streams;
static int client, accepted;
static char heard[8192];

static void on_accepted(void *arg, const struct dialog *dialog)
{
	(void)arg;
	CU_ASSERT_TRUE(dialog->from.tcp);
	CU_ASSERT_STRING_EQUAL(dialog->grant.key, "ann");
	accepted++;
}

static int connect_to_broker(void)
{
	struct sockaddr_storage addr;
	socklen_t len = sockaddr_put(&options.listen[0].literal,
				     options.listen[0].port, &addr);
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	CU_ASSERT_EQUAL_FATAL(connect(fd, (struct sockaddr *)&addr, len), 0);
	return fd;
}

static uint16_t free_port(void)
{
	struct sockaddr_storage addr;
	struct gw6c_addr here;
	socklen_t len;
	uint16_t port = 0;
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	gw6c_addr_parse("127.0.0.1", &here);
	len = sockaddr_put(&here, 0, &addr);
	CU_ASSERT_EQUAL(bind(fd, (struct sockaddr *)&addr, len), 0);
	getsockname(fd, (struct sockaddr *)&addr, &len);
	sockaddr_get(&addr, &here, &port);
	close(fd);
	return port;
}

static void begin(void)
{
	struct gw6c_err err = { 0 };

	who = "ann";
	memset(&options, 0, sizeof(options));
	options.realm = "broker";
	options.listens = 1;
	options.version[0] = TSP_V200;
	gw6c_addr_parse("127.0.0.1", &options.listen[0].literal);
	gw6c_addr_parse("2001:db8:7::", &options.pool6);
	options.pool6.bits = 64;
	env.loop = loop_new();
	env.pool6 = pool_new(&options.pool6, 10, NULL);
	env.conf = conf_new();
	accepted = logins = 0;
	do
		options.listen[0].port = free_port();
	while (streams_open(env.loop, &env, on_accepted, NULL, &streams, &err));
	client = connect_to_broker();
}

static void end(void)
{
	close(client);
	streams_close(streams);
	pool_free(env.pool6);
	conf_free(env.conf);
	loop_free(env.loop);
	CU_ASSERT_EQUAL(logins, 0);
}

static void stop(void *arg)
{
	(void)arg;
	loop_stop(env.loop);
}

static void stop_fd(void *arg, int ready)
{
	(void)arg;
	(void)ready;
	loop_stop(env.loop);
}

/* Let the broker work for so long. */
static void turn_for(uint32_t ms)
{
	struct gw6c_watch *watch = loop_timer(env.loop, ms, stop, NULL);

	CU_ASSERT_PTR_NOT_NULL(watch);
	loop_run(env.loop);
}

/* The same until it has come about, on however busy a machine. */
#define TURN_UNTIL(condition)                                                  \
	do {                                                                   \
		for (int i_ = 0; i_ < TURN_MS && !(condition); i_++)           \
			turn_for(1);                                           \
		CU_ASSERT_TRUE(condition);                                     \
	} while (0)

/* What comes next, up to the end of a reply; "" at the end of the stream. */
static const char *hear(void)
{
	struct gw6c_watch *watch =
		loop_fd(env.loop, client, GW6C_READ, stop_fd, NULL);
	struct gw6c_watch *late = loop_timer(env.loop, TURN_MS, stop, NULL);
	ssize_t len;

	loop_run(env.loop);
	loop_forget(watch);
	loop_forget(late);
	len = recv(client, heard, sizeof(heard) - 1, MSG_DONTWAIT);
	if (len < 0)
		return errno == EAGAIN ? "nothing" : "broken";
	heard[len] = 0;
	return heard;
}

static void say_octets(const char *text, size_t len)
{
	CU_ASSERT_EQUAL(send(client, text, len, MSG_NOSIGNAL), (ssize_t)len);
}

static const char *say(const char *text)
{
	say_octets(text, strlen(text));
	return hear();
}

static bool is_silent(void)
{
	char octet;

	return recv(client, &octet, 1, MSG_DONTWAIT | MSG_PEEK) < 0;
}

static bool starts(const char *text, const char *with)
{
	return strncmp(text, with, strlen(with)) == 0;
}

#define VERSION "VERSION=2.0.0\r\n"
#define ACCEPT "Content-length: 35\r\n<tunnel action=\"accept\"></tunnel>\r\n"

static const char *create(void)
{
	static const char body[] =
		"<tunnel action=\"create\" type=\"raw\"><client>"
		"<address type=\"ipv4\">127.0.0.1</address></client></tunnel>"
		"\r\n";
	char message[300];

	snprintf(message, sizeof(message), "Content-length: %zu\r\n%s",
		 strlen(body), body);
	return say(message);
}

/* --- dialogues --------------------------------------------------------- */

static void a_whole_dialogue_leads_to_a_tunnel(void)
{
	begin();
	CU_ASSERT_STRING_EQUAL(say(VERSION),
			       "CAPABILITY TUNNEL=RAW AUTH=NONE "
			       "AUTH=BYE AUTH=BARE AUTH=SLOW LEASE=1\r\n");
	CU_ASSERT_STRING_EQUAL(say("AUTHENTICATE NONE\r\n"), "200 Success\r\n");
	CU_ASSERT_PTR_NOT_NULL(strstr(create(), "type=\"raw\""));
	CU_ASSERT_EQUAL(accepted, 0);
	CU_ASSERT_STRING_EQUAL(say(ACCEPT), ""); /* it ends */
	CU_ASSERT_EQUAL(accepted, 1);
	CU_ASSERT_EQUAL(streams_count(streams)->connections, 1);
	CU_ASSERT_EQUAL(streams_count(streams)->bad, 0);
	end();
}

static void messages_come_in_pieces_or_together(void)
{
	begin();
	say_octets("VERS", 4);
	turn_for(1);
	CU_ASSERT_TRUE(is_silent());
	CU_ASSERT_TRUE(starts(say("ION=2.0.0\r\n"), "CAPABILITY"));
	end();
	begin();
	CU_ASSERT_TRUE(
		starts(say(VERSION "AUTHENTICATE NONE\r\n"), "CAPABILITY"));
	if (!strstr(heard, "200 Success"))
		CU_ASSERT_STRING_EQUAL(hear(), "200 Success\r\n");
	CU_ASSERT_PTR_NOT_NULL(strstr(create(), "type=\"raw\""));
	end();
}

/* Old clients read a reply at a time. */
static void between_two_replies_is_a_pause(void)
{
	uint64_t start;

	begin();
	say(VERSION);
	start = loop_now_ms(env.loop);
	CU_ASSERT_STRING_EQUAL(say("AUTHENTICATE BYE\r\n"), "Ynll\r\n");
	CU_ASSERT_STRING_EQUAL(hear(), "200 Success\r\n");
	CU_ASSERT_TRUE(loop_now_ms(env.loop) - start >= 150);
	CU_ASSERT_PTR_NOT_NULL(strstr(create(), "type=\"raw\""));
	end();
}

static void base64_without_an_end_ends_after_a_lull(void)
{
	uint64_t start;

	begin();
	say(VERSION);
	say_octets("AUTHENTICATE BARE\r\n", 19);
	turn_for(50);
	CU_ASSERT_TRUE(is_silent());
	start = loop_now_ms(env.loop);
	CU_ASSERT_STRING_EQUAL(say("YWFh"), "200 Success\r\n");
	CU_ASSERT_TRUE(loop_now_ms(env.loop) - start >= 150);
	end();
}

static void an_echo_is_answered_and_that_is_all(void)
{
	begin();
	CU_ASSERT_STRING_EQUAL(say("ECHO REQUEST\r\n"), "200 OK\r\n");
	CU_ASSERT_STRING_EQUAL(hear(), "");
	end();
}

static void what_is_no_message_ends_the_connection(void)
{
	char line[5000];

	begin();
	memset(line, 'x', sizeof(line));
	say_octets(line, sizeof(line));
	CU_ASSERT_STRING_EQUAL(hear(), "");
	CU_ASSERT_EQUAL(streams_count(streams)->bad, 1);
	end();
	begin();
	CU_ASSERT_STRING_EQUAL(say("HELLO\r\n"), "500 Invalid request\r\n");
	CU_ASSERT_STRING_EQUAL(hear(), "");
	end();
}

/* --- mechanisms that answer later -------------------------------------- */

static void ask_slow(void)
{
	begin();
	say(VERSION);
	say_octets("AUTHENTICATE SLOW\r\n", 19);
	TURN_UNTIL(logins == 1);
	CU_ASSERT_TRUE(is_silent());
}

static void done(int rc, const char *text)
{
	struct gw6c_err err = { .rc = rc, .text = "no" };

	slow_host->done(slow_host, rc, gw6c_text(text), &err);
}

static void a_slow_login_goes_on_when_it_is_done(void)
{
	ask_slow();
	done(GW6C_MORE, "and?");
	CU_ASSERT_STRING_EQUAL(hear(), "and?\r\n");
	/* What comes meanwhile waits. */
	say_octets("that\r\n", 6);
	turn_for(50);
	CU_ASSERT_TRUE(is_silent());
	done(GW6C_OK, "");
	CU_ASSERT_STRING_EQUAL(hear(), "200 Success\r\n");
	CU_ASSERT_EQUAL(logins, 0);
	CU_ASSERT_PTR_NOT_NULL(strstr(create(), "type=\"raw\""));
	end();
}

static void what_comes_while_it_waits_is_taken_afterwards(void)
{
	ask_slow();
	say_octets(ACCEPT, strlen(ACCEPT));
	turn_for(50);
	CU_ASSERT_TRUE(is_silent());
	CU_ASSERT_EQUAL(logins, 1);
	done(GW6C_OK, "");
	CU_ASSERT_TRUE(starts(hear(), "200 Success\r\n"));
	if (!strstr(heard, "500 "))
		CU_ASSERT_PTR_NOT_NULL(strstr(hear(), "500 "));
	end();
}

static void a_slow_login_may_fail(void)
{
	ask_slow();
	done(GW6C_EAUTH, "");
	CU_ASSERT_STRING_EQUAL(hear(), "300 Authentication failed\r\n");
	CU_ASSERT_STRING_EQUAL(hear(), "");
	CU_ASSERT_EQUAL(logins, 0);
	end();
}

static void whoever_goes_first_closes_it(void)
{
	ask_slow();
	streams_clear(streams);
	CU_ASSERT_EQUAL(logins, 0);
	end();
	ask_slow();
	done(GW6C_OK, "");
	streams_clear(streams); /* the answer is on its way */
	turn_for(20);
	end();
	ask_slow();
	close(client);
	TURN_UNTIL(logins == 0);
	client = connect_to_broker();
	end();
}

/* --- work -------------------------------------------------------------- */

/* Until others have used it up. */
static void use_up_work(const char *text)
{
	struct gw6c_addr addr;

	gw6c_addr_parse(text, &addr);
	while (sources_may_work(env.sources, &addr, true,
				loop_now_ms(env.loop)))
		;
}

static void begin_work(void)
{
	env.sources = sources_new();
	begin();
}

static void end_work(void)
{
	end();
	sources_free(env.sources);
	env.sources = NULL;
}

/* Messages of logins wait for their turn, and are not lost; others do not. */
static void a_login_is_worked_on_when_there_is_time(void)
{
	static const struct {
		const char *login;
		size_t len;
	} cases[] = { { "AUTHENTICATE NONE\r\n", 19 },
		      { "AUTHENTICATE BARE\r\nYWFh", 23 },
		      { "AUTHENTICATE BARE\r\nYWFh\r\n", 25 } };

	for (int i = 0; i < 3; i++) {
		uint64_t start;

		begin_work();
		use_up_work("127.0.0.1");
		CU_ASSERT_TRUE(starts(say(VERSION), "CAPABILITY"));
		use_up_work("127.0.0.1");
		start = loop_now_ms(env.loop);
		say_octets(cases[i].login, cases[i].len);
		CU_ASSERT_STRING_EQUAL(hear(), "200 Success\r\n");
		/* One in 20 ms: it has come too early once. */
		CU_ASSERT_TRUE(loop_now_ms(env.loop) - start >= 40);
		use_up_work("127.0.0.1");
		CU_ASSERT_PTR_NOT_NULL(strstr(create(), "type=\"raw\""));
		end_work();
	}
}

static void who_waits_for_its_turn_may_go(void)
{
	begin_work();
	say(VERSION);
	use_up_work("127.0.0.1");
	say_octets("AUTHENTICATE NONE\r\n", 19);
	turn_for(5);
	streams_clear(streams);
	turn_for(60);
	CU_ASSERT_EQUAL(logins, 0);
	end_work();
}

/* --- who may connect --------------------------------------------------- */

static int more[STREAMS_OF_ONE];

static void connect_more(void)
{
	for (int i = 0; i < STREAMS_OF_ONE; i++)
		more[i] = connect_to_broker();
}

static void close_more(void)
{
	for (int i = 0; i < STREAMS_OF_ONE; i++)
		close(more[i]);
}

static void log_in(void)
{
	CU_ASSERT_TRUE(starts(say(VERSION), "CAPABILITY"));
	CU_ASSERT_STRING_EQUAL(say("AUTHENTICATE NONE\r\n"), "200 Success\r\n");
}

/* The one that has been idle for the longest time makes room. */
static void one_address_has_so_many_connections(void)
{
	begin();
	connect_more();
	TURN_UNTIL(streams_count(streams)->connections == STREAMS_OF_ONE + 1);
	CU_ASSERT_EQUAL(streams_count(streams)->closed, 1);
	CU_ASSERT_EQUAL(streams_count(streams)->turned_away, 0);
	CU_ASSERT_STRING_EQUAL(hear(), "");
	close(client);
	client = more[0]; /* and the others are left alone */
	CU_ASSERT_TRUE(starts(say(VERSION), "CAPABILITY"));
	client = more[STREAMS_OF_ONE - 1];
	CU_ASSERT_TRUE(starts(say(VERSION), "CAPABILITY"));
	client = connect_to_broker();
	TURN_UNTIL(streams_count(streams)->closed == 2);
	CU_ASSERT_TRUE(starts(say(VERSION), "CAPABILITY"));
	/* It was the second: the first has said something since. */
	close(client);
	client = more[1];
	CU_ASSERT_STRING_EQUAL(hear(), "");
	client = connect_to_broker();
	close_more();
	end();
}

static void who_has_logged_in_makes_no_room(void)
{
	int first;

	begin();
	log_in();
	first = client;
	connect_more();
	TURN_UNTIL(streams_count(streams)->closed == 1);
	CU_ASSERT_PTR_NOT_NULL(strstr(create(), "type=\"raw\""));
	client = more[0];
	CU_ASSERT_STRING_EQUAL(hear(), "");
	/* Where all have, the new one is turned away. */
	close(more[0]);
	for (int i = 1; i < STREAMS_OF_ONE; i++) {
		client = more[i];
		log_in();
	}
	more[0] = connect_to_broker();
	TURN_UNTIL(streams_count(streams)->turned_away == 1);
	CU_ASSERT_EQUAL(streams_count(streams)->closed, 1);
	client = first;
	close_more();
	end();
}

/* Anybody can be anonymous. */
static void anonymous_makes_room(void)
{
	begin();
	who = "";
	log_in();
	connect_more();
	TURN_UNTIL(streams_count(streams)->closed == 1);
	CU_ASSERT_STRING_EQUAL(hear(), "");
	close_more();
	end();
}

static void without_descriptors_one_is_spared(void)
{
	begin();
	TURN_UNTIL(streams_count(streams)->connections == 1);
	accepts = 0;
	no_descriptors = true;
	more[0] = connect_to_broker();
	TURN_UNTIL(streams_count(streams)->pauses == 1);
	CU_ASSERT_EQUAL(streams_count(streams)->closed, 1);
	CU_ASSERT_EQUAL(accepts, 2);
	/* Nothing is tried meanwhile. */
	turn_for(LISTENERS_PAUSE_MS / 2);
	CU_ASSERT_TRUE(accepts <= 4);
	no_descriptors = false;
	close(client);
	client = more[0];
	CU_ASSERT_TRUE(starts(say(VERSION), "CAPABILITY"));
	end();
}

static void nobody_is_spared_who_has_logged_in(void)
{
	int first;

	begin();
	log_in();
	first = client;
	no_descriptors = true;
	client = connect_to_broker();
	TURN_UNTIL(streams_count(streams)->pauses == 1);
	CU_ASSERT_EQUAL(streams_count(streams)->closed, 0);
	no_descriptors = false;
	CU_ASSERT_TRUE(starts(say(VERSION), "CAPABILITY"));
	close(client);
	client = first;
	CU_ASSERT_PTR_NOT_NULL(strstr(create(), "type=\"raw\""));
	end();
}

/* A pause does not outlive its owner. */
static void a_pause_may_be_the_end(void)
{
	begin();
	no_descriptors = true;
	more[0] = connect_to_broker();
	TURN_UNTIL(streams_count(streams)->pauses == 1);
	no_descriptors = false;
	close(more[0]);
	end();
}

/* Others of this process are left alone. */
static void what_is_closed_is_ours(void)
{
	int null = open("/dev/null", O_RDONLY);

	CU_ASSERT_EQUAL(dup2(null, STDIN_FILENO), STDIN_FILENO);
	begin();
	end();
	CU_ASSERT_NOT_EQUAL(fcntl(STDIN_FILENO, F_GETFD), -1);
	if (null != STDIN_FILENO)
		close(null);
}

static void a_port_in_use_is_named(void)
{
	struct gw6c_err err = { 0 };
	struct streams *second = NULL;

	begin();
	snprintf(options.listen[0].host, sizeof(options.listen[0].host), "%s",
		 "127.0.0.1");
	CU_ASSERT_EQUAL(streams_open(env.loop, &env, on_accepted, NULL, &second,
				     &err),
			GW6C_ECONFIG);
	CU_ASSERT_PTR_NOT_NULL(strstr(err.text, "cannot listen on 127.0.0.1"));
	CU_ASSERT_PTR_NULL(second);
	end();
}

int main(void)
{
	static const struct unit_test tests[] = {
		UNIT_TEST(a_whole_dialogue_leads_to_a_tunnel),
		UNIT_TEST(messages_come_in_pieces_or_together),
		UNIT_TEST(between_two_replies_is_a_pause),
		UNIT_TEST(base64_without_an_end_ends_after_a_lull),
		UNIT_TEST(an_echo_is_answered_and_that_is_all),
		UNIT_TEST(what_is_no_message_ends_the_connection),
		UNIT_TEST(a_slow_login_goes_on_when_it_is_done),
		UNIT_TEST(what_comes_while_it_waits_is_taken_afterwards),
		UNIT_TEST(a_slow_login_may_fail),
		UNIT_TEST(whoever_goes_first_closes_it),
		UNIT_TEST(a_login_is_worked_on_when_there_is_time),
		UNIT_TEST(who_waits_for_its_turn_may_go),
		UNIT_TEST(one_address_has_so_many_connections),
		UNIT_TEST(who_has_logged_in_makes_no_room),
		UNIT_TEST(anonymous_makes_room),
		UNIT_TEST(without_descriptors_one_is_spared),
		UNIT_TEST(nobody_is_spared_who_has_logged_in),
		UNIT_TEST(a_pause_may_be_the_end),
		UNIT_TEST(what_is_closed_is_ours),
		UNIT_TEST(a_port_in_use_is_named),
	};

	return UNIT_RUN("broker: streams", tests);
}
