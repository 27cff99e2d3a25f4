/* test_child_again.c - programs that are started again and again, with a clock
 * and a system of the test's. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/base/child.h"
#include "core/base/log.h"
#include "core/base/spawn.h"
#include "tests/unit/unit.h"
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define NOBODY 99999999 /* no process has that number */

struct gw6c_watch {
	void (*on_timer)(void *arg);
	void (*on_end)(void *arg, int status);
	void *arg;
};

static struct loop *const loop = (struct loop *)&loop;
static uint64_t now_ms;
static struct gw6c_watch timer, waiter, reader;
static uint32_t timer_ms; /* 0: none is set */
static int spawned, refuse, told, ended;
static int unread, reads; /* of its output: left, and done */
static char line[256]; /* the last in the log, with its level */
static char seen[512]; /* what was started */
static struct child *child;

uint64_t loop_now_ms(const struct loop *of)
{
	CU_ASSERT_PTR_EQUAL(of, loop);
	return now_ms;
}

struct gw6c_watch *loop_timer(struct loop *of, uint32_t ms,
			      void (*call)(void *arg), void *arg)
{
	CU_ASSERT_PTR_EQUAL(of, loop);
	CU_ASSERT_EQUAL(timer_ms, 0);
	timer_ms = ms;
	timer = (struct gw6c_watch){ .on_timer = call, .arg = arg };
	return &timer;
}

struct gw6c_watch *loop_fd(struct loop *of, int fd, int ready,
			   void (*call)(void *arg, int ready), void *arg)
{
	(void)of;
	(void)fd;
	(void)ready;
	(void)call;
	(void)arg;
	return &reader;
}

struct gw6c_watch *loop_child(struct loop *of, int pid,
			      void (*call)(void *arg, int status), void *arg)
{
	(void)of;
	CU_ASSERT_EQUAL(pid, NOBODY);
	waiter = (struct gw6c_watch){ .on_end = call, .arg = arg };
	return &waiter;
}

void loop_forget(struct gw6c_watch *watch)
{
	if (watch == &timer)
		timer_ms = 0;
}

void log_msg(enum gw6c_level level, const char *tag, const char *fmt, ...)
{
	va_list args;
	int n = snprintf(line, sizeof(line), "%d %s ", level, tag);

	va_start(args, fmt);
	vsnprintf(line + n, sizeof(line) - (size_t)n, fmt, args);
	va_end(args);
	told++;
}

int spawn(const struct gw6c_run *run, pid_t *pid, int *output,
	  struct gw6c_err *err)
{
	struct stat info = { .st_ino = 0 };

	spawned++;
	if (refuse)
		return gw6c_fail(err, GW6C_EOS, "cannot run it");
	for (uint32_t i = 0; i < run->n_fds; i++)
		CU_ASSERT_EQUAL(fstat(run->fds[i], &info), 0);
	snprintf(seen, sizeof(seen), "%s %s %s %s %s %s %.*s %u %u %u %u",
		 run->argv[0], run->argv[1], run->env ? run->env[0] : "-",
		 run->user ? run->user : "-", run->group ? run->group : "-",
		 run->dir ? run->dir : "-", (int)run->input.len,
		 run->input.at ? (const char *)run->input.at : "", run->n_fds,
		 run->max_files, run->flags, (unsigned)S_ISFIFO(info.st_mode));
	CU_ASSERT_PTR_NULL(run->argv[2]);
	*pid = NOBODY;
	*output = open("/dev/null", O_RDONLY | O_CLOEXEC);
	return GW6C_OK;
}

bool spawn_read(struct spawn_lines *rest, int output)
{
	(void)rest;
	(void)output;
	reads++;
	return unread-- > 0;
}

void spawn_rest(struct spawn_lines *rest)
{
	(void)rest;
}

static void on_end(void *arg, int status)
{
	(void)arg;
	ended += status;
}

static void end_it(void *arg, int status)
{
	on_end(arg, status);
	child_end(child);
}

static int start(struct gw6c_run *run)
{
	static const char *const argv[] = { "radvd", "-n", NULL };
	struct gw6c_err err = { 0 };

	now_ms = 5;
	timer_ms = 0;
	spawned = refuse = told = ended = 0;
	line[0] = 0;
	run->size = sizeof(*run);
	run->argv = run->argv ? run->argv : argv;
	run->flags |= GW6C_RUN_AGAIN;
	return child_run(loop, "feature:x", run, &child, &err);
}

/* It ends after so long. */
static void its_end(uint64_t after_ms, int status)
{
	now_ms += after_ms;
	waiter.on_end(waiter.arg, status);
}

static void pass(uint32_t ms)
{
	CU_ASSERT_EQUAL(timer_ms, ms);
	now_ms += ms;
	timer_ms = 0;
	timer.on_timer(timer.arg);
}

static void it_is_started_again_later_and_later(void)
{
	static const uint32_t wait_s[] = { 1, 2, 4, 8, 16, 32, 60, 60, 60 };
	struct gw6c_run run = { .ended = on_end };
	char want[64];

	CU_ASSERT_EQUAL(start(&run), GW6C_OK);
	for (int i = 0; i < 9; i++) {
		CU_ASSERT_EQUAL(spawned, i + 1);
		its_end(59999, 3 << 8);
		snprintf(want, sizeof(want),
			 "%d feature:x radvd ended (status 3); restarting it "
			 "in %u s",
			 i ? GW6C_INFO : GW6C_WARN, (unsigned)wait_s[i]);
		CU_ASSERT_STRING_EQUAL(line, want);
		CU_ASSERT_EQUAL(told, i + 1);
		CU_ASSERT_EQUAL(ended, (i + 1) * (3 << 8));
		pass(wait_s[i] * 1000);
	}
	child_end(child);
	CU_ASSERT_EQUAL(ended, 9 * (3 << 8));
}

static void after_a_minute_it_begins_anew(void)
{
	struct gw6c_run run = { .ended = NULL };

	start(&run);
	its_end(0, SIGTERM);
	CU_ASSERT_STRING_EQUAL(line, "2 feature:x radvd ended (signal 15); "
				     "restarting it in 1 s");
	pass(1000);
	its_end(0, SIGTERM);
	pass(2000);
	its_end(60000, 0);
	CU_ASSERT_STRING_EQUAL(line, "2 feature:x radvd ended (status 0); "
				     "restarting it in 1 s");
	pass(1000);
	its_end(1, 0);
	CU_ASSERT_EQUAL(timer_ms, 2000);
	child_end(child);
	CU_ASSERT_EQUAL(timer_ms, 0);
}

/* A start that fails is an end at once, however long it has run before. */
static void a_start_that_fails_is_tried_again(void)
{
	struct gw6c_run run = { .ended = on_end };

	start(&run);
	its_end(100000, 1);
	refuse = 1;
	pass(1000);
	CU_ASSERT_STRING_EQUAL(line, "4 feature:x cannot run it; restarting it "
				     "in 2 s");
	pass(2000);
	CU_ASSERT_EQUAL(timer_ms, 4000);
	refuse = 0;
	pass(4000);
	CU_ASSERT_EQUAL(spawned, 4);
	CU_ASSERT_EQUAL(ended, 1);
	CU_ASSERT_EQUAL(timer_ms, 0);
	child_end(child);
}

/* But not for ever: a grandchild may go on. */
static void what_it_said_last_is_read(void)
{
	struct gw6c_run run = { .ended = on_end };

	start(&run);
	unread = 3;
	reads = 0;
	its_end(0, 0);
	CU_ASSERT_EQUAL(reads, 4);
	pass(1000);
	unread = 1000;
	reads = 0;
	its_end(0, 0);
	CU_ASSERT_EQUAL(reads, 64);
	unread = 0;
	child_end(child);
}

static void the_first_start_must_be_good(void)
{
	struct gw6c_run run = { .flags = GW6C_RUN_AGAIN };
	const char *const argv[] = { "x", NULL };
	struct gw6c_err err = { 0 };

	run.argv = argv;
	refuse = 1;
	timer_ms = 0;
	CU_ASSERT_EQUAL(child_run(loop, "x", &run, &child, &err), GW6C_EOS);
	CU_ASSERT_STRING_EQUAL(err.text, "cannot run it");
	CU_ASSERT_EQUAL(timer_ms, 0);
}

static void it_may_be_ended_when_it_has_ended(void)
{
	struct gw6c_run run = { .ended = end_it };

	start(&run);
	its_end(0, 7);
	CU_ASSERT_EQUAL(ended, 7);
	CU_ASSERT_EQUAL(timer_ms, 0);
	CU_ASSERT_EQUAL(spawned, 1);
}

/* Nothing that was lent for the call is used later. */
static void all_is_remembered(void)
{
	static const char want[] =
		"radvd -n A=1 nobody daemon /tmp hello 2 9 1 1";
	char name[] = "radvd", option[] = "-n", var[] = "A=1",
	     user[] = "nobody";
	char group[] = "daemon", dir[] = "/tmp", input[] = "hello";
	const char *argv[] = { name, option, NULL }, *env[] = { var, NULL };
	int fds[2];
	struct gw6c_run run = { .argv = argv,
				.env = env,
				.user = user,
				.group = group,
				.dir = dir,
				.input = gw6c_text(input),
				.fds = fds,
				.n_fds = 2,
				.max_files = 9 };

	CU_ASSERT_EQUAL_FATAL(pipe(fds), 0);
	start(&run);
	CU_ASSERT_STRING_EQUAL(seen, want);
	close(fds[0]);
	close(fds[1]);
	fds[0] = fds[1] = -1;
	name[0] = option[0] = var[0] = user[0] = group[0] = dir[0] = 'X';
	input[0] = 'X';
	argv[0] = env[0] = NULL;
	seen[0] = 0;
	its_end(0, 0);
	pass(1000);
	CU_ASSERT_STRING_EQUAL(seen, want);
	child_end(child);
}

static void descriptors_are_closed_with_it(void)
{
	struct gw6c_run run = { .n_fds = 1 };
	int fds[2], first;
	char octet;

	CU_ASSERT_EQUAL_FATAL(pipe(fds), 0);
	first = fds[1];
	run.fds = &first;
	start(&run);
	close(fds[1]);
	child_end(child);
	CU_ASSERT_EQUAL(read(fds[0], &octet, 1), 0);
	close(fds[0]);
}

/* Told once, in its loop, too. */
static void a_last_task_has_five_seconds(void)
{
	struct gw6c_run run = { .flags = GW6C_RUN_FINISH, .ended = on_end };

	start(&run);
	CU_ASSERT_EQUAL(told, 0);
	child_finish(child);
	pass(5000);
	CU_ASSERT_STRING_EQUAL(line, "2 feature:x radvd did not finish in time "
				     "and is stopped");
	start(&run);
	child_finish(child);
	its_end(10, 2 << 8);
	CU_ASSERT_STRING_EQUAL(line, "2 feature:x radvd ended (status 2)");
	CU_ASSERT_EQUAL(timer_ms, 0);
	start(&run);
	child_finish(child);
	its_end(10, 0);
	CU_ASSERT_EQUAL(told, 0);
	CU_ASSERT_EQUAL(ended, 0);
	/* One that does not run has nothing to finish. */
	start(&run);
	its_end(10, 0);
	child_finish(child);
	CU_ASSERT_EQUAL(timer_ms, 0);
	child_finish_all(loop, 0);
	CU_ASSERT_EQUAL(told, 1);
}

int main(void)
{
	static const struct unit_test tests[] = {
		UNIT_TEST(it_is_started_again_later_and_later),
		UNIT_TEST(after_a_minute_it_begins_anew),
		UNIT_TEST(a_start_that_fails_is_tried_again),
		UNIT_TEST(what_it_said_last_is_read),
		UNIT_TEST(the_first_start_must_be_good),
		UNIT_TEST(it_may_be_ended_when_it_has_ended),
		UNIT_TEST(all_is_remembered),
		UNIT_TEST(descriptors_are_closed_with_it),
		UNIT_TEST(a_last_task_has_five_seconds),
	};

	return UNIT_RUN("child_again", tests);
}
