/* test_host.c - the services that a plugin instance is given. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/base/child.h"
#include "core/base/log.h"
#include "core/base/sockaddr.h"
#include "core/modules/host.h"
#include "tests/unit/unit.h"
#include <netinet/in.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static const struct gw6c_opt opts[] = {
	{ .key = "name",
	  .type = GW6C_STR,
	  .fallback = "nobody",
	  .summary = "any text" },
	{ .key = "bare", .type = GW6C_STR, .summary = "any text" },
	{ .key = "key", .type = GW6C_SECRET, .summary = "a secret" },
	{ .key = "rounds",
	  .type = GW6C_NUM,
	  .fallback = "16",
	  .summary = "how often",
	  .min = -9,
	  .max = 4096 },
	{ .key = "strict",
	  .type = GW6C_YES,
	  .fallback = "yes",
	  .summary = "refuse more" },
	{ .key = NULL },
};
static const struct gw6c_plugin plugin = {
	GW6C_HEAD(GW6C_AUTH, "two-words", "for this test"),
	.opts = opts,
};

#define WAIT_MS 20000 /* until a test gives up */

static struct conf *conf;
static struct loop *loop;
static struct gw6c_host *host;
static int calls;
static struct gw6c_watch *watch;

static void set(const char *key, const char *value)
{
	CU_ASSERT_EQUAL(conf_set(conf, key, value, "test", NULL), GW6C_OK);
}

static void begin(const struct host_events *events)
{
	calls = 0;
	conf = conf_new();
	loop = loop_new();
	host = host_new(&plugin, loop, conf, events);
	CU_ASSERT_PTR_NOT_NULL_FATAL(host);
}

static void end(void)
{
	host_end(host);
	loop_free(loop);
	conf_free(conf);
}

static void stop(void *arg)
{
	loop_stop(arg);
}

static void turn(uint32_t ms)
{
	loop_timer(loop, ms, stop, loop);
	loop_run(loop);
}

/* Turn until there were so many calls, on however busy a machine. */
static void turn_until(int want)
{
	uint64_t since = loop_now_ms(loop);

	while (calls < want && loop_now_ms(loop) - since < WAIT_MS)
		turn(1);
	CU_ASSERT_EQUAL(calls, want);
}

static void options_have_their_defaults(void)
{
	begin(NULL);
	CU_ASSERT_STRING_EQUAL(host->str(host, "name"), "nobody");
	CU_ASSERT_STRING_EQUAL(host->str(host, "bare"), "");
	CU_ASSERT_EQUAL(host->num(host, "rounds"), 16);
	CU_ASSERT_TRUE(host->yes(host, "strict"));
	CU_ASSERT_EQUAL(host->num(host, "bare"), 0);
	CU_ASSERT_FALSE(host->yes(host, "bare"));
	end();
}

static void settings_come_before_defaults(void)
{
	static const struct {
		const char *text;
		long num;
	} nums[] = { { "7", 7 }, { "-9", -9 }, { "0x20", 32 }, { "", 16 } };

	begin(NULL);
	set("auth.two-words.name", "ann");
	set("auth.two_words.key", "s3");
	set("auth.two-words.strict", "OFF");
	CU_ASSERT_STRING_EQUAL(host->str(host, "name"), "ann");
	CU_ASSERT_STRING_EQUAL(host->str(host, "key"), "s3");
	CU_ASSERT_FALSE(host->yes(host, "strict"));
	for (int i = 0; i < 4; i++) {
		set("auth.two-words.rounds", nums[i].text);
		CU_ASSERT_EQUAL(host->num(host, "rounds"), nums[i].num);
	}
	set("auth.two-words.name", "");
	CU_ASSERT_STRING_EQUAL(host->str(host, "name"), "nobody");
	end();
}

/* Else a plugin could read the password of another. */
static void undeclared_options_stay_closed(void)
{
	begin(NULL);
	set("auth.two-words.secret", "s3");
	CU_ASSERT_STRING_EQUAL(host->str(host, "secret"), "");
	CU_ASSERT_STRING_EQUAL(host->str(host, "key.x"), "");
	CU_ASSERT_EQUAL(host->num(host, "nothing"), 0);
	CU_ASSERT_FALSE(host->yes(host, "nothing"));
	end();
}

static void log_lines_carry_kind_and_name(void)
{
	char path[] = "/tmp/gw6c-host-XXXXXX", text[4000] = "";
	struct log_settings settings = {
		.ident = "gw6c", .to_file = 2, .path = path, .facility = "USER"
	};
	int fd = mkstemp(path);

	CU_ASSERT_EQUAL(log_open(&settings, NULL), GW6C_OK);
	begin(NULL);
	host->log(host, GW6C_INFO, "%s", "all is %well");
	end();
	log_close();
	CU_ASSERT_TRUE(read(fd, text, sizeof(text) - 1) > 0);
	CU_ASSERT_PTR_NOT_NULL(
		strstr(text, " I gw6c: auth:two-words: all is %well\n"));
	close(fd);
	unlink(path);
}

static void count(void *arg)
{
	(void)arg;
	calls++;
}

static void count_ready(void *arg, int ready)
{
	(void)arg;
	calls += ready == GW6C_READ;
	host->forget(host, watch);
}

static void watches_work_and_end_with_the_instance(void)
{
	int fds[2];

	begin(NULL);
	CU_ASSERT_EQUAL(pipe(fds), 0);
	CU_ASSERT_EQUAL(write(fds[1], "x", 1), 1);
	host->on_timer(host, 0, count, NULL);
	host->forget(host, host->on_timer(host, 0, count, NULL));
	watch = host->on_fd(host, fds[0], GW6C_READ, count_ready, NULL);
	CU_ASSERT_PTR_NULL(host->on_fd(host, 987, 1, count_ready, NULL));
	host->forget(host, NULL);
	turn_until(2);
	host->on_timer(host, 0, count, NULL);
	host->on_fd(host, fds[0], GW6C_READ, count_ready, NULL);
	host_end(host);
	host = NULL;
	turn(10);
	CU_ASSERT_EQUAL(calls, 2);
	end();
	close(fds[0]);
	close(fds[1]);
}

static void end_host(void *arg)
{
	(void)arg;
	calls++;
	host_end(host);
	host = NULL;
}

static void on_broken(void *arg, const struct gw6c_err *err)
{
	(void)err;
	end_host(arg);
}

static void break_it(void *arg, int ready)
{
	(void)arg;
	(void)ready;
	host->broken(host, &(struct gw6c_err){ .rc = GW6C_ENET });
}

/* "broken" makes the core end the tunnel, within the plugin's callback. */
static void an_instance_may_end_in_its_own_callback(void)
{
	const struct host_events events = { .broken = on_broken };
	int fds[2];

	begin(&events);
	CU_ASSERT_EQUAL(pipe(fds), 0);
	CU_ASSERT_EQUAL(write(fds[1], "x", 1), 1);
	host->on_fd(host, fds[0], GW6C_READ, break_it, NULL);
	turn_until(1);
	end();
	begin(NULL);
	host->on_timer(host, 0, end_host, NULL);
	turn_until(1);
	end();
	close(fds[0]);
	close(fds[1]);
}

static void on_control(void *arg, struct gw6c_bytes datagram)
{
	(void)arg;
	calls += (int)datagram.len;
}

static void events_go_to_whom_they_concern(void)
{
	const struct host_events events = { .network_changed = count,
					    .control = on_control };

	begin(&events);
	host->network_changed(host);
	host->control(host, gw6c_text("12345"));
	host->broken(host, &(struct gw6c_err){ .rc = GW6C_ENET });
	CU_ASSERT_EQUAL(calls, 6);
	end();
	begin(NULL);
	host->network_changed(host);
	host->control(host, gw6c_text("12345"));
	host->broken(host, &(struct gw6c_err){ .rc = GW6C_ENET });
	CU_ASSERT_EQUAL(calls, 0);
	end();
}

/* Run a script, with the write end of a pipe as 3; returns the read end. */
static int run(uint32_t flags, const char *script,
	       void (*ended)(void *arg, int status), struct gw6c_child **child)
{
	const char *const argv[] = { "sh", "-c", script, NULL };
	int fds[2] = { -1, -1 };
	struct gw6c_run what = { .size = sizeof(what),
				 .flags = flags,
				 .argv = argv,
				 .ended = ended,
				 .fds = &fds[1],
				 .n_fds = 1 };
	struct gw6c_err err = { 0 };

	CU_ASSERT_EQUAL_FATAL(pipe(fds), 0);
	*child = host->run(host, &what, &err);
	CU_ASSERT_PTR_NOT_NULL(*child);
	close(fds[1]);
	return fds[0];
}

/* What comes out of the pipe until all have closed it. */
static const char *read_all(int fd)
{
	static char text[256];
	struct pollfd look = { .fd = fd, .events = POLLIN };
	size_t len = 0;
	ssize_t got = 1;

	while (got > 0 && poll(&look, 1, WAIT_MS) > 0) {
		got = read(fd, text + len, sizeof(text) - 1 - len);
		len += got > 0 ? (size_t)got : 0;
	}
	CU_ASSERT_EQUAL(got, 0);
	text[len] = 0;
	close(fd);
	return text;
}

static struct gw6c_child *program;

static void on_program(void *arg, int status)
{
	(void)arg;
	calls++;
	CU_ASSERT_EQUAL(status, 3 << 8);
	loop_stop(loop);
}

static void end_program(void *arg, int status)
{
	on_program(arg, status);
	host->end(host, program);
}

/* Once it has ended it is gone; one to be run again is there. */
static void programs_come_and_go(void)
{
	begin(NULL);
	close(run(0, "exit 3", on_program, &program));
	CU_ASSERT_EQUAL(host_left(host), 1);
	loop_run(loop);
	CU_ASSERT_EQUAL(calls, 1);
	CU_ASSERT_EQUAL(host_left(host), 0);
	close(run(GW6C_RUN_AGAIN, "exit 3", on_program, &program));
	loop_run(loop);
	CU_ASSERT_EQUAL(calls, 2);
	CU_ASSERT_EQUAL(host_left(host), 1);
	host->end(host, program);
	CU_ASSERT_EQUAL(host_left(host), 0);
	close(run(GW6C_RUN_AGAIN, "exit 3", end_program, &program));
	loop_run(loop);
	CU_ASSERT_EQUAL(calls, 3);
	CU_ASSERT_EQUAL(host_left(host), 0);
	CU_ASSERT_TRUE(waitpid(-1, NULL, WNOHANG) < 0);
	end();
}

static void last_tasks_outlive_the_instance(void)
{
	struct gw6c_child *last, *other;
	int last_fd, other_fd, ended_fd;

	begin(NULL);
	last_fd = run(GW6C_RUN_FINISH, "sleep 0.2; echo last >&3", on_program,
		      &last);
	other_fd = run(0, "sleep 100 3>&-; echo other >&3", on_program, &other);
	ended_fd = run(GW6C_RUN_FINISH, "exec sleep 100", on_program, &other);
	CU_ASSERT_EQUAL(host_left(host), 1);
	host->end(host, other);
	CU_ASSERT_STRING_EQUAL(read_all(ended_fd), "");
	host_end(host);
	host = NULL;
	CU_ASSERT_STRING_EQUAL(read_all(other_fd), "");
	child_finish_all(loop, 60000);
	CU_ASSERT_STRING_EQUAL(read_all(last_fd), "last\n");
	CU_ASSERT_EQUAL(calls, 0);
	CU_ASSERT_TRUE(waitpid(-1, NULL, WNOHANG) < 0);
	end();
}

/* This program, as one that serves: greet one caller at descriptor 3. */
static int serve(void)
{
	struct pollfd look = { .fd = 3, .events = POLLIN };
	int fd = poll(&look, 1, WAIT_MS) > 0 ? accept(3, NULL, NULL) : -1;

	return write(fd, "hello", 5) == 5 ? 0 : 1;
}

static int call_port_of(int listener)
{
	struct sockaddr_storage at = { .ss_family = 0 };
	socklen_t len = sizeof(at);
	int fd = socket(AF_INET6, SOCK_STREAM, 0);

	CU_ASSERT_EQUAL(getsockname(listener, (struct sockaddr *)&at, &len), 0);
	CU_ASSERT_EQUAL(connect(fd, (struct sockaddr *)&at, len), 0);
	return fd;
}

/* One that may not open it itself, and has no other. */
static void a_listening_socket_is_for_a_program(void)
{
	char self[4096] = "";
	const char *const argv[] = { self, "serve", NULL };
	int fds[1];
	struct gw6c_run what = {
		.size = sizeof(what), .argv = argv, .fds = fds, .n_fds = 1
	};
	struct gw6c_err err = { 0 };
	struct gw6c_addr addr;
	int fd;

	CU_ASSERT_TRUE(readlink("/proc/self/exe", self, sizeof(self) - 1) > 0);
	begin(NULL);
	gw6c_addr_parse("::1", &addr);
	fds[0] = host->listen(host, &addr, 0, &err);
	CU_ASSERT_TRUE_FATAL(fds[0] >= 0);
	program = host->run(host, &what, &err);
	CU_ASSERT_PTR_NOT_NULL(program);
	fd = call_port_of(fds[0]);
	close(fds[0]);
	CU_ASSERT_STRING_EQUAL(read_all(fd), "hello");
	end();
}

static void without_a_loop_and_settings_it_still_answers(void)
{
	uint8_t octets[64] = { 0 }, zero[64] = { 0 };

	calls = 0;
	host = host_new(&plugin, NULL, NULL, NULL);
	CU_ASSERT_EQUAL(host->num(host, "rounds"), 16);
	CU_ASSERT_PTR_NULL(host->on_timer(host, 0, count, NULL));
	CU_ASSERT_PTR_NULL(host->on_fd(host, 0, 1, count_ready, NULL));
	CU_ASSERT_EQUAL(host->now_ms(host), 0);
	host->random(host, octets, sizeof(octets));
	CU_ASSERT_NOT_EQUAL(memcmp(octets, zero, sizeof(zero)), 0);
	CU_ASSERT_TRUE(GW6C_HAS(host, broken));
	host_end(host);
	host_end(NULL);
}

int main(int argc, char **argv)
{
	static const struct unit_test tests[] = {
		UNIT_TEST(options_have_their_defaults),
		UNIT_TEST(settings_come_before_defaults),
		UNIT_TEST(undeclared_options_stay_closed),
		UNIT_TEST(log_lines_carry_kind_and_name),
		UNIT_TEST(watches_work_and_end_with_the_instance),
		UNIT_TEST(an_instance_may_end_in_its_own_callback),
		UNIT_TEST(events_go_to_whom_they_concern),
		UNIT_TEST(programs_come_and_go),
		UNIT_TEST(last_tasks_outlive_the_instance),
		UNIT_TEST(a_listening_socket_is_for_a_program),
		UNIT_TEST(without_a_loop_and_settings_it_still_answers),
	};

	if (argc == 2 && strcmp(argv[1], "serve") == 0)
		return serve();
	return UNIT_RUN("host", tests);
}
