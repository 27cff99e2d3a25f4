/* test_loop.c - descriptors, timers, signals, children and lookups. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/base/loop.h"
#include "tests/unit/unit.h"
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define WAIT_MS 20000 /* until a test gives up */

static struct loop *loop;
static struct gw6c_watch *watch, *other;
static int calls, last, pipes[2];
static char order[16];

static void begin(void)
{
	loop = loop_new();
	watch = other = NULL;
	calls = last = 0;
	order[0] = 0;
	CU_ASSERT_PTR_NOT_NULL_FATAL(loop);
	CU_ASSERT_EQUAL(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0,
				   pipes),
			0);
}

static void end(void)
{
	loop_free(loop);
	close(pipes[0]);
	close(pipes[1]);
}

static void stop(void *arg)
{
	loop_stop(arg);
}

/* Turn for so long, to see that nothing happens. */
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

static char letters[] = "abcx";

/* Writes down which letter it was given. */
static void note(void *arg)
{
	if (strlen(order) < sizeof(order) - 1)
		strncat(order, arg, 1);
	calls++;
}

static void read_one(void *arg, int ready)
{
	char octet;

	(void)arg;
	last = ready;
	calls += read(pipes[0], &octet, 1) == 1;
}

static void count_ready(void *arg, int ready)
{
	(void)arg;
	last |= ready;
	calls++;
	loop_stop(loop);
}

/* --- descriptors -------------------------------------------------------- */

static void a_descriptor_calls_until_it_is_forgotten(void)
{
	begin();
	watch = loop_fd(loop, pipes[0], GW6C_READ, read_one, NULL);
	turn(10);
	CU_ASSERT_EQUAL(calls, 0);
	CU_ASSERT_EQUAL(write(pipes[1], "abc", 3), 3);
	turn_until(3);
	CU_ASSERT_EQUAL(last, GW6C_READ);
	loop_forget(watch);
	CU_ASSERT_EQUAL(write(pipes[1], "abc", 3), 3);
	turn(10);
	CU_ASSERT_EQUAL(calls, 3);
	end();
}

static void readiness_is_what_was_asked_for(void)
{
	for (int ready = 1; ready <= 3; ready++) {
		begin();
		CU_ASSERT_EQUAL(write(pipes[1], "a", 1), 1);
		loop_fd(loop, pipes[0], ready, count_ready, NULL);
		loop_run(loop);
		CU_ASSERT_EQUAL(last, ready);
		end();
	}
}

static void a_hung_up_descriptor_is_readable(void)
{
	begin();
	loop_fd(loop, pipes[0], GW6C_READ, count_ready, NULL);
	shutdown(pipes[1], SHUT_RDWR);
	loop_run(loop);
	CU_ASSERT_EQUAL(last, GW6C_READ);
	end();
}

static void forget_both(void *arg, int ready)
{
	(void)arg;
	(void)ready;
	calls++;
	loop_forget(watch);
	loop_forget(other);
	watch = other = NULL;
}

static void a_callback_may_forget_itself_and_others(void)
{
	begin();
	CU_ASSERT_EQUAL(write(pipes[1], "a", 1), 1);
	CU_ASSERT_EQUAL(write(pipes[0], "a", 1), 1);
	watch = loop_fd(loop, pipes[0], GW6C_READ, forget_both, NULL);
	other = loop_fd(loop, pipes[1], GW6C_READ, forget_both, NULL);
	turn_until(1);
	turn(10);
	CU_ASSERT_EQUAL(calls, 1); /* the other was ready too */
	end();
}

static void a_bad_descriptor_gives_no_watch(void)
{
	begin();
	CU_ASSERT_PTR_NULL(loop_fd(loop, 987, GW6C_READ, count_ready, NULL));
	loop_forget(NULL);
	end();
}

static void freeing_the_loop_calls_nobody(void)
{
	begin();
	CU_ASSERT_EQUAL(write(pipes[1], "a", 1), 1);
	loop_fd(loop, pipes[0], GW6C_READ | GW6C_WRITE, count_ready, NULL);
	loop_timer(loop, 0, note, letters);
	loop_timer(loop, 100000, note, letters);
	CU_ASSERT_PTR_NOT_NULL(loop_resolve(loop, "127.0.0.1", 4, NULL, NULL));
	end();
	CU_ASSERT_EQUAL(calls, 0);
}

/* --- time --------------------------------------------------------------- */

static void timers_fire_once_in_order_of_time(void)
{
	begin();
	loop_timer(loop, 30, note, &letters[2]);
	loop_timer(loop, 0, note, &letters[0]);
	other = loop_timer(loop, 20, note, &letters[3]);
	loop_timer(loop, 10, note, &letters[1]);
	loop_forget(other);
	turn_until(3);
	turn(20);
	CU_ASSERT_STRING_EQUAL(order, "abc");
	end();
}

static void a_timer_is_not_early(void)
{
	uint64_t since, spent;

	begin();
	since = loop_now_ms(loop);
	turn(50);
	spent = loop_now_ms(loop) - since;
	CU_ASSERT_TRUE(spent >= 45 && spent < WAIT_MS); /* a coarse clock */
	end();
}

static void slow_then_timer(void *arg)
{
	(void)arg;
	poll(NULL, 0, 60);
	loop_timer(loop, 50, stop, loop);
}

static void a_timer_set_after_slow_work_is_not_early(void)
{
	uint64_t since;

	begin();
	since = loop_now_ms(loop);
	loop_timer(loop, 0, slow_then_timer, NULL);
	loop_run(loop);
	CU_ASSERT_TRUE(loop_now_ms(loop) - since >= 100);
	end();
}

static void again(void *arg)
{
	(void)arg;
	if (++calls < 5)
		loop_timer(loop, 0, again, NULL);
	else
		loop_stop(loop);
}

static void a_timer_may_set_the_next(void)
{
	begin();
	loop_timer(loop, 0, again, NULL);
	loop_run(loop);
	CU_ASSERT_EQUAL(calls, 5);
	end();
}

static void an_idle_loop_sleeps(void)
{
	struct rusage before, after;

	begin();
	loop_fd(loop, pipes[0], GW6C_READ, read_one, NULL);
	getrusage(RUSAGE_SELF, &before);
	turn(300);
	getrusage(RUSAGE_SELF, &after);
	CU_ASSERT_TRUE(after.ru_nvcsw - before.ru_nvcsw < 10);
	end();
}

static void a_stop_before_the_run_counts(void)
{
	begin();
	loop_stop(loop);
	loop_timer(loop, 0, note, &letters[3]);
	loop_run(loop);
	CU_ASSERT_EQUAL(calls, 0);
	turn_until(1); /* but only once */
	end();
}

/* --- signals and children ----------------------------------------------- */

static void signalled(void *arg, int signo)
{
	(void)arg;
	last = signo;
	calls++;
}

static void signals_come_through_the_loop(void)
{
	begin();
	watch = loop_signal(loop, SIGUSR1, signalled, NULL);
	raise(SIGUSR1);
	CU_ASSERT_EQUAL(calls, 0);
	turn_until(1);
	raise(SIGUSR1);
	turn_until(2);
	CU_ASSERT_EQUAL(last, SIGUSR1);
	loop_forget(watch);
	signal(SIGUSR1, SIG_IGN);
	raise(SIGUSR1);
	turn(10);
	CU_ASSERT_EQUAL(calls, 2);
	end();
}

static void forget_signal(void *arg, int signo)
{
	signalled(arg, signo);
	loop_forget(watch);
	watch = NULL;
}

static void a_signal_may_forget_itself(void)
{
	begin();
	watch = loop_signal(loop, SIGUSR1, forget_signal, NULL);
	for (int i = 0; i < 3; i++) /* several at once */
		raise(SIGUSR1);
	turn_until(1);
	turn(10);
	CU_ASSERT_EQUAL(calls, 1);
	end();
}

static int go[2] = { -1, -1 }; /* a pipe: closed, and those who wait end */

static int child(int status, bool waits)
{
	char octet;
	int pid = fork();

	if (pid == 0) {
		close(go[1]);
		if (waits)
			(void)!read(go[0], &octet, 1);
		_exit(status);
	}
	return pid;
}

static void child_ended(void *arg, int status)
{
	int *slot = arg;

	*slot = status;
	calls++;
}

static void children_tell_their_status(void)
{
	int status[3] = { -1, -1, -1 }, early;

	begin();
	CU_ASSERT_EQUAL_FATAL(pipe(go), 0);
	early = child(3, false);
	waitid(P_PID, (id_t)early, &(siginfo_t){ 0 }, WEXITED | WNOWAIT);
	loop_child(loop, early, child_ended, &status[0]);
	loop_child(loop, child(4, true), child_ended, &status[1]);
	watch = loop_child(loop, child(5, true), child_ended, &status[2]);
	turn_until(1);
	turn(10);
	CU_ASSERT_EQUAL(calls, 1);
	close(go[1]);
	turn_until(3);
	close(go[0]);
	go[0] = go[1] = -1;
	for (int i = 0; i < 3; i++)
		CU_ASSERT_EQUAL(WEXITSTATUS(status[i]), 3 + i);
	end();
}

static void a_forgotten_child_is_left_to_its_owner(void)
{
	int status = -1, pid;

	begin();
	pid = child(1, false);
	watch = loop_child(loop, pid, child_ended, &status);
	loop_forget(watch);
	turn(60);
	CU_ASSERT_EQUAL(calls, 0);
	CU_ASSERT_EQUAL(waitpid(pid, &status, 0), pid);
	end();
}

static void a_child_nobody_kept_has_ended(void)
{
	int status = -1, pid;

	begin();
	pid = child(0, false);
	CU_ASSERT_EQUAL(waitpid(pid, NULL, 0), pid);
	loop_child(loop, pid, child_ended, &status);
	turn_until(1);
	CU_ASSERT_EQUAL(WEXITSTATUS(status), 127);
	end();
}

/* --- lookups ------------------------------------------------------------ */

static struct {
	struct lookup *lookup;
	int calls, n, rc;
	char first[GW6C_ADDR_TEXT], text[500];
} found;

static void resolved(void *arg, const struct gw6c_addr *addrs, int n,
		     const struct gw6c_err *err)
{
	(void)arg;
	found.lookup = NULL;
	found.calls++;
	found.n = n;
	found.rc = err->rc;
	snprintf(found.text, sizeof(found.text), "%s", err->text);
	if (n)
		gw6c_addr_text(addrs, found.first);
	loop_stop(loop);
}

static void write_file(const char *file, const char *text)
{
	FILE *out = fopen(file, "w");

	CU_ASSERT_PTR_NOT_NULL_FATAL(out);
	fputs(text, out);
	fclose(out);
}

/* A lookup to its end; at most so long. */
static void look_up(const char *name, int family, uint32_t ms)
{
	memset(&found, 0, sizeof(found));
	watch = loop_timer(loop, ms, stop, loop);
	found.lookup = loop_resolve(loop, name, family, resolved, NULL);
	CU_ASSERT_EQUAL(found.calls, 0);
	loop_run(loop);
	if (found.calls)
		loop_forget(watch);
}

static void literals_need_no_resolver(void)
{
	begin();
	unlink(RESOLV_CONF);
	look_up("192.0.2.7", 4, WAIT_MS);
	CU_ASSERT_EQUAL(found.n, 1);
	CU_ASSERT_STRING_EQUAL(found.first, "192.0.2.7");
	look_up("2001:db8::7", 6, WAIT_MS);
	CU_ASSERT_STRING_EQUAL(found.first, "2001:db8::7");
	look_up("2001:db8::7", 4, WAIT_MS);
	CU_ASSERT_EQUAL(found.n, 0);
	CU_ASSERT_EQUAL(found.rc, GW6C_ECONFIG);
	CU_ASSERT_PTR_NOT_NULL(strstr(found.text, "is not an IPv4 address"));
	end();
}

static void the_hosts_file_counts_and_is_read_anew(void)
{
	begin();
	write_file(RESOLV_CONF, "nameserver 127.0.0.1\n");
	write_file(HOSTS_FILE, "192.0.2.1 broker.test\n"
			       "2001:db8::1 broker.test\n");
	look_up("broker.test", 4, WAIT_MS);
	CU_ASSERT_EQUAL(found.n, 1);
	CU_ASSERT_STRING_EQUAL(found.first, "192.0.2.1");
	look_up("broker.test", 6, WAIT_MS);
	CU_ASSERT_STRING_EQUAL(found.first, "2001:db8::1");
	write_file(HOSTS_FILE, "192.0.2.2 broker.test\n");
	look_up("broker.test", 4, WAIT_MS);
	CU_ASSERT_STRING_EQUAL(found.first, "192.0.2.2");
	end();
}

static void without_a_resolver_the_error_says_so(void)
{
	begin();
	unlink(RESOLV_CONF);
	unlink(HOSTS_FILE);
	look_up("broker.test", 4, WAIT_MS);
	CU_ASSERT_EQUAL(found.calls, 1);
	CU_ASSERT_EQUAL(found.n, 0);
	CU_ASSERT_EQUAL(found.rc, GW6C_ENET);
	CU_ASSERT_PTR_NOT_NULL(
		strstr(found.text, "cannot resolve broker.test to an IPv4"));
	CU_ASSERT_PTR_NOT_NULL(strstr(found.text, " lists no name server)"));
	end();
}

/* A name server that is there and says nothing, on a port of its own. */
static int silent_server(void)
{
	struct sockaddr_in at = { .sin_family = AF_INET };
	socklen_t len = sizeof(at);
	char text[80];
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	CU_ASSERT_EQUAL(bind(fd, (struct sockaddr *)&at, sizeof(at)), 0);
	getsockname(fd, (struct sockaddr *)&at, &len);
	snprintf(text, sizeof(text), "nameserver 127.0.0.1:%u\n",
		 ntohs(at.sin_port));
	write_file(RESOLV_CONF, text);
	return fd;
}

static void a_silent_server_does_not_block_and_can_be_left(void)
{
	uint64_t since;
	int fd;

	begin();
	unlink(HOSTS_FILE);
	fd = silent_server();
	for (int wait_ms = 0; wait_ms <= 40; wait_ms += 20) {
		since = loop_now_ms(loop);
		look_up("broker.test", 4, 20);
		CU_ASSERT_EQUAL(found.calls, 0);
		loop_cancel(found.lookup);
		turn((uint32_t)wait_ms);
		CU_ASSERT_EQUAL(found.calls, 0);
		CU_ASSERT_TRUE(loop_now_ms(loop) - since < 5000);
	}
	look_up("broker.test", 6, 20);
	found.lookup = NULL; /* left to loop_free() */
	end();
	CU_ASSERT_EQUAL(found.calls, 0);
	close(fd);
}

static void a_lookup_can_be_cancelled_before_it_began(void)
{
	begin();
	memset(&found, 0, sizeof(found));
	loop_cancel(loop_resolve(loop, "broker.test", 4, resolved, NULL));
	loop_cancel(loop_resolve(loop, "127.0.0.1", 4, resolved, NULL));
	loop_cancel(NULL);
	turn(10);
	CU_ASSERT_EQUAL(found.calls, 0);
	end();
}

/* The question as an answer with one address, or with none. */
static void serve(void *arg, int ready)
{
	static const uint8_t record[] = { 0xc0, 12, 0, 1, 0,   1, 0, 0,
					  0,	60, 0, 4, 192, 0, 2, 9 };
	struct sockaddr_in from;
	socklen_t len = sizeof(from);
	uint8_t packet[512];
	int fd = *(int *)arg;
	ssize_t got = recvfrom(fd, packet, sizeof(packet) - sizeof(record), 0,
			       (struct sockaddr *)&from, &len);

	(void)ready;
	if (got < 17)
		return;
	packet[2] = 0x81;
	packet[3] = 0x80;
	packet[7] = packet[got - 3] == 1; /* type A: an answer */
	memcpy(packet + got, record, sizeof(record));
	got += packet[7] ? (ssize_t)sizeof(record) : 0;
	calls++;
	sendto(fd, packet, (size_t)got, 0, (struct sockaddr *)&from, len);
}

static void a_server_is_asked_and_answers(void)
{
	int fd;

	begin();
	unlink(HOSTS_FILE);
	fd = silent_server();
	other = loop_fd(loop, fd, GW6C_READ, serve, &fd);
	look_up("broker.test", 4, WAIT_MS);
	CU_ASSERT_EQUAL(found.n, 1);
	CU_ASSERT_STRING_EQUAL(found.first, "192.0.2.9");
	look_up("broker.test", 6, WAIT_MS);
	CU_ASSERT_EQUAL(found.n, 0);
	CU_ASSERT_EQUAL(found.rc, GW6C_ENET);
	CU_ASSERT_TRUE(calls >= 2);
	end();
	close(fd);
}

static void odd_names_are_errors(void)
{
	static const char *const odd[] = { "",	".",	"..", "a..b",
					   " ", "\r\n", "-" };
	char name[600];
	int fd;

	begin();
	fd = silent_server();
	other = loop_fd(loop, fd, GW6C_READ, serve, &fd);
	memset(name, 'a', sizeof(name) - 1);
	name[sizeof(name) - 1] = 0;
	look_up(name, 4, WAIT_MS);
	CU_ASSERT_EQUAL(found.calls, 1);
	CU_ASSERT_EQUAL(found.rc, GW6C_ENET);
	for (size_t i = 0; i < sizeof(odd) / sizeof(odd[0]); i++) {
		look_up(odd[i], 4, WAIT_MS);
		CU_ASSERT_EQUAL(found.calls, 1);
	}
	end();
	close(fd);
}

int main(void)
{
	static const struct unit_test tests[] = {
		UNIT_TEST(a_descriptor_calls_until_it_is_forgotten),
		UNIT_TEST(readiness_is_what_was_asked_for),
		UNIT_TEST(a_hung_up_descriptor_is_readable),
		UNIT_TEST(a_callback_may_forget_itself_and_others),
		UNIT_TEST(a_bad_descriptor_gives_no_watch),
		UNIT_TEST(freeing_the_loop_calls_nobody),
		UNIT_TEST(timers_fire_once_in_order_of_time),
		UNIT_TEST(a_timer_is_not_early),
		UNIT_TEST(a_timer_set_after_slow_work_is_not_early),
		UNIT_TEST(a_timer_may_set_the_next),
		UNIT_TEST(an_idle_loop_sleeps),
		UNIT_TEST(a_stop_before_the_run_counts),
		UNIT_TEST(signals_come_through_the_loop),
		UNIT_TEST(a_signal_may_forget_itself),
		UNIT_TEST(children_tell_their_status),
		UNIT_TEST(a_forgotten_child_is_left_to_its_owner),
		UNIT_TEST(a_child_nobody_kept_has_ended),
		UNIT_TEST(literals_need_no_resolver),
		UNIT_TEST(the_hosts_file_counts_and_is_read_anew),
		UNIT_TEST(without_a_resolver_the_error_says_so),
		UNIT_TEST(a_silent_server_does_not_block_and_can_be_left),
		UNIT_TEST(a_lookup_can_be_cancelled_before_it_began),
		UNIT_TEST(a_server_is_asked_and_answers),
		UNIT_TEST(odd_names_are_errors),
	};
	int bad = UNIT_RUN("loop", tests);

	unlink(RESOLV_CONF);
	unlink(HOSTS_FILE);
	return bad;
}
