/* test_child.c - programs that run beside us. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/base/child.h"
#include "tests/unit/unit.h"
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#define WAIT_MS 20000 /* until a test gives up */

static struct loop *loop;
static char lines[4096];
static int ends, status;

static void on_line(void *arg, const char *text)
{
	(void)arg;
	strcat(lines, text);
	strcat(lines, "|");
	if (strcmp(text, "ready") == 0)
		loop_stop(loop);
}

static void on_end(void *arg, int got)
{
	(void)arg;
	ends++;
	status = got;
	loop_stop(loop);
}

static void too_late(void *arg)
{
	(void)arg;
	CU_FAIL("nothing happens");
	loop_stop(loop);
}

/* Run a script until it ends, or says "ready". */
static struct child *run(const char *script, const char *const *env)
{
	const char *const argv[] = { "sh", "-c", script, NULL };
	struct gw6c_run what = { .size = sizeof(what),
				 .argv = argv,
				 .env = env,
				 .line = on_line,
				 .ended = on_end };
	struct gw6c_err err = { 0 };
	struct gw6c_watch *limit;
	struct child *child = NULL;

	lines[0] = 0;
	ends = 0;
	loop = loop_new();
	CU_ASSERT_EQUAL_FATAL(child_run(loop, "test", &what, &child, &err),
			      GW6C_OK);
	limit = loop_timer(loop, WAIT_MS, too_late, NULL);
	loop_run(loop);
	loop_forget(limit);
	return child;
}

static void its_lines_and_its_end_are_told(void)
{
	run("echo one; echo two >&2; printf three; exit 7", NULL);
	CU_ASSERT_STRING_EQUAL(lines, "one|two|three|");
	CU_ASSERT_EQUAL(ends, 1);
	CU_ASSERT_TRUE(WIFEXITED(status));
	CU_ASSERT_EQUAL(WEXITSTATUS(status), 7);
	loop_free(loop);
}

static void long_lines_are_parted(void)
{
	run("i=0; while [ $i -lt 60 ]; do printf 0123456789; i=$((i+1)); done",
	    NULL);
	CU_ASSERT_EQUAL(strlen(lines), 602);
	CU_ASSERT_EQUAL(lines[511], '|');
	loop_free(loop);
}

/* Nothing of ours is passed on: not what is set, open, ignored or blocked. */
static void it_begins_with_a_clean_slate(void)
{
	static const char *const env[] = { "TSP_MODE=v6v4; rm -rf /", NULL };
	unsigned long long ignored;
	char text[64];
	int fd = fcntl(1, F_DUPFD, 50);

	setenv("LD_LIBRARY_PATH", "/tmp", 1);
	signal(SIGPIPE, SIG_IGN);
	snprintf(text, sizeof(text), "ls /proc/self/fd | grep -c '^%d$'", fd);
	run("env | sort | grep -v -e ^PWD -e ^_ -e ^SHLVL -e ^OLDPWD", env);
	CU_ASSERT_PTR_NOT_NULL(strstr(lines, "LC_ALL=C|PATH=/usr/local/sbin:"));
	CU_ASSERT_PTR_NOT_NULL(strstr(lines, "|TSP_MODE=v6v4; rm -rf /|"));
	CU_ASSERT_PTR_NULL(strstr(lines, "LD_LIBRARY"));
	loop_free(loop);
	run("grep SigIgn /proc/self/status; read x || echo empty", NULL);
	/* Beyond the 31 that programs use, the C library has some. */
	ignored = strtoull(lines + strlen("SigIgn:"), NULL, 16) & 0x7fffffff;
	CU_ASSERT_EQUAL(ignored, 0);
	CU_ASSERT_PTR_NOT_NULL(strstr(lines, "|empty|"));
	loop_free(loop);
	run(text, NULL);
	CU_ASSERT_STRING_EQUAL(lines, "0|");
	loop_free(loop);
	close(fd);
	unsetenv("LD_LIBRARY_PATH");
	signal(SIGPIPE, SIG_DFL);
}

static void it_can_be_ended(void)
{
	struct child *child = run("echo ready; sleep 100", NULL);

	child_end(child);
	child_finish_all(loop, 60000);
	CU_ASSERT_EQUAL(ends, 0);
	CU_ASSERT_TRUE(waitpid(-1, NULL, WNOHANG) < 0); /* no zombie */
	loop_free(loop);
}

static void also_if_it_does_not_want_to(void)
{
	struct child *child =
		run("trap '' TERM; echo ready; while :; do sleep 1; done",
		    NULL);

	child_end(child);
	child_finish_all(loop, 60000);
	CU_ASSERT_TRUE(waitpid(-1, NULL, WNOHANG) < 0);
	loop_free(loop);
}

/* How many of ours run. */
static int processes(void)
{
	char path[64], text[256] = "";
	int n = 0, fd;

	snprintf(path, sizeof(path), "/proc/self/task/%d/children",
		 (int)getpid());
	fd = open(path, O_RDONLY | O_CLOEXEC);
	CU_ASSERT_FATAL(fd >= 0);
	CU_ASSERT(read(fd, text, sizeof(text) - 1) >= 0);
	close(fd);
	for (const char *at = text; *at; at++)
		n += *at == ' ';
	return n;
}

static const char *awaited;

static void on_word(void *arg, const char *text)
{
	(void)arg;
	strcat(lines, text);
	strcat(lines, "|");
	if (strcmp(lines, awaited) == 0)
		loop_stop(loop);
}

static void await_words(const char *words)
{
	struct gw6c_watch *limit = loop_timer(loop, WAIT_MS, too_late, NULL);

	awaited = words;
	if (strcmp(lines, words) != 0)
		loop_run(loop);
	loop_forget(limit);
	CU_ASSERT_STRING_EQUAL(lines, words);
}

static const char deaf[] =
	"trap '' TERM; echo ready; while :; do sleep 1; done";

static void stop_loop(void *arg)
{
	++*(int *)arg;
	loop_stop(loop);
}

/* Packets and keepalives go on while it is waited for. */
static void who_does_not_end_holds_up_nobody(void)
{
	struct child *child = run(deaf, NULL);
	struct gw6c_watch *limit;
	int calls = 0;

	child_end(child);
	CU_ASSERT_EQUAL(processes(), 1);
	loop_timer(loop, 0, stop_loop, &calls);
	loop_run(loop);
	CU_ASSERT_EQUAL(calls, 1);
	limit = loop_timer(loop, WAIT_MS, too_late, NULL);
	while (processes() && calls < 1000) {
		loop_timer(loop, 20, stop_loop, &calls);
		loop_run(loop);
	}
	loop_forget(limit);
	CU_ASSERT_EQUAL(processes(), 0); /* the loop has done it */
	CU_ASSERT_EQUAL(ends, 0);
	CU_ASSERT_STRING_EQUAL(lines, "ready|");
	loop_free(loop);
}

/* What runs all the time is there once: radvd takes back, when it ends, what
 * the next one would have said. */
static void its_successor_begins_when_it_has_ended(void)
{
	static const char *const argv[] = { "sh", "-c",
					    "trap '' TERM; echo in; "
					    "while :; do sleep 1; done",
					    NULL };
	struct gw6c_run again = { .size = sizeof(again),
				  .flags = GW6C_RUN_AGAIN,
				  .argv = argv,
				  .line = on_word };
	struct gw6c_err err = { 0 };
	struct child *child, *next, *other;

	lines[0] = 0;
	loop = loop_new();
	CU_ASSERT_EQUAL_FATAL(child_run(loop, "a", &again, &child, &err),
			      GW6C_OK);
	await_words("in|");
	child_end(child);
	/* Others need not wait. */
	CU_ASSERT_EQUAL_FATAL(child_run(loop, "b", &again, &other, &err),
			      GW6C_OK);
	CU_ASSERT_EQUAL_FATAL(child_run(loop, "a", &again, &next, &err),
			      GW6C_OK);
	CU_ASSERT_EQUAL(processes(), 2); /* child and other */
	await_words("in|in|in|");
	CU_ASSERT_EQUAL(processes(), 2); /* other and next */
	child_end(next);
	child_end(other);
	child_finish_all(loop, 60000);
	CU_ASSERT_EQUAL(processes(), 0);
	loop_free(loop);
}

static struct child *wordy;

static void end_at_word(void *arg, const char *text)
{
	(void)arg;
	strcat(lines, text);
	strcat(lines, "|");
	if (strcmp(text, "enough") != 0)
		return;
	child_end(wordy);
	loop_stop(loop);
}

/* For what it says, while it runs or last of all: it says no more then. */
static void it_can_be_ended_for_a_word(void)
{
	static const char *const scripts[] = {
		"echo one; echo enough; echo more; sleep 100",
		"printf 'one\nenough\nmore'", "echo one; printf enough"
	};

	for (int i = 0; i < 3; i++) {
		const char *const argv[] = { "sh", "-c", scripts[i], NULL };
		struct gw6c_run what = { .size = sizeof(what),
					 .argv = argv,
					 .line = end_at_word,
					 .ended = on_end };
		struct gw6c_err err = { 0 };

		lines[0] = 0;
		ends = 0;
		loop = loop_new();
		CU_ASSERT_EQUAL_FATAL(child_run(loop, "test", &what, &wordy,
						&err),
				      GW6C_OK);
		loop_run(loop);
		CU_ASSERT_STRING_EQUAL(lines, "one|enough|");
		CU_ASSERT_EQUAL(ends, 0);
		CU_ASSERT_TRUE(waitpid(-1, NULL, WNOHANG) < 0);
		loop_free(loop);
	}
}

static void what_is_not_there_cannot_be_run(void)
{
	static const char *const names[] = { "/nonexistent/gw6c",
					     "gw6c-nonexistent", "/" };

	for (int i = 0; i < 3; i++) {
		const char *const argv[] = { names[i], NULL };
		struct gw6c_run what = { .size = sizeof(what), .argv = argv };
		struct gw6c_err err = { 0 };
		struct child *child;

		loop = loop_new();
		CU_ASSERT_EQUAL(child_run(loop, "test", &what, &child, &err),
				GW6C_EOS);
		CU_ASSERT_PTR_NOT_NULL(strstr(err.text, names[i]));
		loop_free(loop);
	}
}

/* Of a child of a child: whoever adopts it may reap it late. */
static bool is_gone(pid_t pid)
{
	char path[64], line[256] = "";
	FILE *file;

	for (int i = 0; i < WAIT_MS / 10; i++) {
		snprintf(path, sizeof(path), "/proc/%d/stat", pid);
		file = fopen(path, "r");
		if (!file)
			return true;
		if (!fgets(line, sizeof(line), file))
			line[0] = 0;
		fclose(file);
		if (strstr(line, ") Z"))
			return true;
		usleep(10000);
	}
	return false;
}

/* Run a script to its end, in so many milliseconds. */
static int wait_for(const char *script, uint32_t limit_ms, struct gw6c_err *err)
{
	const char *const argv[] = { "sh", "-c", script, NULL };
	static const char *const env[] = { "WORD=two words", NULL };
	struct gw6c_run what = {
		.size = sizeof(what), .argv = argv, .env = env, .line = on_line
	};

	lines[0] = 0;
	*err = (struct gw6c_err){ 0 };
	return child_wait(&what, limit_ms, err);
}

static int count_descriptors(void)
{
	int n = 0;

	for (int fd = 0; fd < 256; fd++)
		n += fcntl(fd, F_GETFD) >= 0;
	return n;
}

static void its_end_can_be_waited_for(void)
{
	struct gw6c_err err;
	int before = count_descriptors();

	loop = loop_new();
	CU_ASSERT_EQUAL(wait_for("echo $WORD; printf x >&2", WAIT_MS, &err),
			GW6C_OK);
	CU_ASSERT_STRING_EQUAL(lines, "two words|x|");
	CU_ASSERT_EQUAL(wait_for("echo no; echo 'not so'; echo; exit 3",
				 WAIT_MS, &err),
			GW6C_EOS);
	CU_ASSERT_STRING_EQUAL(err.text, "sh: exit status 3: not so");
	CU_ASSERT_EQUAL(wait_for("exit 4", WAIT_MS, &err), GW6C_EOS);
	CU_ASSERT_STRING_EQUAL(err.text, "sh: exit status 4");
	CU_ASSERT_EQUAL(wait_for("kill -9 $$", WAIT_MS, &err), GW6C_EOS);
	CU_ASSERT_STRING_EQUAL(err.text, "sh: killed by signal 9");
	loop_free(loop);
	CU_ASSERT_EQUAL(count_descriptors(), before);
	CU_ASSERT_TRUE(waitpid(-1, NULL, WNOHANG) < 0);
}

/* Also one that holds the pipe open, and one that will not listen. */
static void there_is_a_limit_to_waiting(void)
{
	struct gw6c_err err;
	char text[64];
	int before = count_descriptors();
	uint32_t limit_ms = 150;
	pid_t left = 0;

	loop = loop_new();
	do { /* until it has come so far, on however busy a machine */
		limit_ms *= 2;
		CU_ASSERT_EQUAL(wait_for("echo hm; sleep 100 & echo $!; wait",
					 limit_ms, &err),
				GW6C_EOS);
	} while (sscanf(lines, "hm|%d|", &left) != 1 && limit_ms < WAIT_MS);
	snprintf(text, sizeof(text),
		 "sh: timed out after %u ms and was killed: %d", limit_ms,
		 left);
	CU_ASSERT_STRING_EQUAL(err.text, text);
	CU_ASSERT_TRUE(left > 1 && is_gone(left));
	CU_ASSERT_EQUAL(wait_for("trap '' TERM; while :; do sleep 1; done", 50,
				 &err),
			GW6C_EOS);
	CU_ASSERT_EQUAL(wait_for("sleep 100 & echo $!", 60000, &err), GW6C_OK);
	left = (pid_t)strtol(lines, NULL, 10);
	CU_ASSERT_TRUE(left > 1 && kill(left, SIGKILL) == 0);
	loop_free(loop);
	CU_ASSERT_EQUAL(count_descriptors(), before);
}

/* --- last tasks --------------------------------------------------------- */

/* All that comes out of a pipe until its other end is closed. */
static const char *read_all(int fd)
{
	static char text[256];
	struct pollfd look = { .fd = fd, .events = POLLIN };
	size_t len = 0;
	ssize_t got = 1;

	while (got > 0 && len < sizeof(text) - 1 &&
	       poll(&look, 1, WAIT_MS) > 0) {
		got = read(fd, text + len, sizeof(text) - 1 - len);
		len += got > 0 ? (size_t)got : 0;
	}
	CU_ASSERT_EQUAL(got, 0);
	text[len] = 0;
	close(fd);
	return text;
}

/* Start a script with the write end of a pipe as 3; returns the read end. */
static int begin(uint32_t flags, const char *script, struct child **child)
{
	const char *const argv[] = { "sh", "-c", script, NULL };
	struct gw6c_err err = { 0 };
	int way[2];
	struct gw6c_run what = { .size = sizeof(what),
				 .flags = flags,
				 .argv = argv,
				 .line = on_line,
				 .ended = on_end,
				 .fds = &way[1],
				 .n_fds = 1 };

	lines[0] = 0;
	way[0] = way[1] = -1;
	CU_ASSERT_EQUAL_FATAL(pipe(way), 0);
	CU_ASSERT_EQUAL_FATAL(child_run(loop, "test", &what, child, &err),
			      GW6C_OK);
	close(way[1]);
	return way[0];
}

/* Not just those of that loop that are waited for: the pipe is full, too. */
static void a_last_task_is_waited_for(void)
{
	struct loop *other = loop_new();
	struct child *child;
	int fd, more;

	ends = 0;
	loop = loop_new();
	fd = begin(GW6C_RUN_FINISH,
		   "sleep 0.3; seq 20000; echo done >&3; exit 3", &child);
	child_finish(child);
	child_finish_all(other, 0);
	more = begin(GW6C_RUN_FINISH, "sleep 0.1; echo more >&3", &child);
	child_finish(child);
	child_finish_all(loop, 60000);
	CU_ASSERT_STRING_EQUAL(read_all(fd), "done\n");
	CU_ASSERT_STRING_EQUAL(read_all(more), "more\n");
	CU_ASSERT_EQUAL(ends, 0);
	CU_ASSERT_STRING_EQUAL(lines, "");
	CU_ASSERT_TRUE(waitpid(-1, NULL, WNOHANG) < 0);
	loop_free(loop);
	loop_free(other);
}

static void and_not_for_ever(void)
{
	struct child *child;
	int fd;

	loop = loop_new();
	fd = begin(GW6C_RUN_FINISH, "exec sleep 100", &child);
	child_finish(child);
	child_finish_all(loop, 50);
	CU_ASSERT_STRING_EQUAL(read_all(fd), "");
	CU_ASSERT_TRUE(waitpid(-1, NULL, WNOHANG) < 0);
	fd = begin(0, "exec sleep 100; echo done >&3", &child);
	child_finish(child);
	child_finish_all(loop, 60000);
	CU_ASSERT_STRING_EQUAL(read_all(fd), "");
	CU_ASSERT_TRUE(waitpid(-1, NULL, WNOHANG) < 0);
	loop_free(loop);
}

static void turn_on(void *arg, int ready)
{
	(void)arg;
	(void)ready;
	loop_stop(loop);
}

/* Where the loop goes on, it is reaped as all are. */
static void a_last_task_ends_while_the_loop_turns(void)
{
	struct child *child;
	struct gw6c_watch *watch;
	int fd;

	ends = 0;
	loop = loop_new();
	fd = begin(GW6C_RUN_FINISH, "sleep 0.1; exit 1", &child);
	child_finish(child);
	watch = loop_fd(loop, fd, GW6C_READ, turn_on, NULL);
	loop_run(loop);
	loop_forget(watch);
	child_finish_all(loop, 60000);
	CU_ASSERT_STRING_EQUAL(read_all(fd), "");
	CU_ASSERT_EQUAL(ends, 0);
	CU_ASSERT_TRUE(waitpid(-1, NULL, WNOHANG) < 0);
	loop_free(loop);
}

int main(void)
{
	static const struct unit_test tests[] = {
		UNIT_TEST(its_lines_and_its_end_are_told),
		UNIT_TEST(long_lines_are_parted),
		UNIT_TEST(it_begins_with_a_clean_slate),
		UNIT_TEST(it_can_be_ended),
		UNIT_TEST(also_if_it_does_not_want_to),
		UNIT_TEST(who_does_not_end_holds_up_nobody),
		UNIT_TEST(its_successor_begins_when_it_has_ended),
		UNIT_TEST(it_can_be_ended_for_a_word),
		UNIT_TEST(what_is_not_there_cannot_be_run),
		UNIT_TEST(its_end_can_be_waited_for),
		UNIT_TEST(there_is_a_limit_to_waiting),
		UNIT_TEST(a_last_task_is_waited_for),
		UNIT_TEST(and_not_for_ever),
		UNIT_TEST(a_last_task_ends_while_the_loop_turns),
	};

	return UNIT_RUN("child", tests);
}
