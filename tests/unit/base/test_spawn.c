/* test_spawn.c - as whom, where and with what a program runs. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/base/child.h"
#include "tests/unit/unit.h"
#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <pwd.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#define WAIT_MS 20000 /* until a test gives up */

static char lines[4096];

static void on_line(void *arg, const char *text)
{
	(void)arg;
	strcat(lines, text);
	strcat(lines, "|");
}

static int count_descriptors(void)
{
	int n = 0;

	for (int fd = 0; fd < 256; fd++)
		n += fcntl(fd, F_GETFD) >= 0;
	return n;
}

/* Run a script to its end, with more said of how. */
static void run_as(struct gw6c_run what, const char *script)
{
	const char *const argv[] = { "sh", "-c", script, NULL };
	struct gw6c_err err = { 0 };

	what.size = sizeof(what);
	what.argv = argv;
	what.line = on_line;
	lines[0] = 0;
	CU_ASSERT_EQUAL(child_wait(&what, WAIT_MS, &err), GW6C_OK);
	CU_ASSERT_STRING_EQUAL(err.text, "");
}

/* The same of one that must not run. */
static const char *refused(struct gw6c_run what)
{
	const char *const argv[] = { "echo", "it runs", NULL };
	static struct gw6c_err err;
	int before = count_descriptors();

	what.size = sizeof(what);
	what.argv = argv;
	what.line = on_line;
	lines[0] = 0;
	err = (struct gw6c_err){ 0 };
	CU_ASSERT_EQUAL(child_wait(&what, WAIT_MS, &err), GW6C_EOS);
	CU_ASSERT_STRING_EQUAL(lines, "");
	CU_ASSERT_EQUAL(count_descriptors(), before);
	CU_ASSERT_TRUE(waitpid(-1, NULL, WNOHANG) < 0);
	return err.text;
}

static void it_runs_as_another_user(void)
{
	static const char id[] = "id -u; id -g; id -G";
	const struct passwd *user = getpwnam("nobody");
	const struct group *group = getgrnam("daemon");
	gid_t ours[64], more[] = { 4, 5 };
	int n = getgroups(64, ours);
	char want[64];

	if (geteuid() != 0 || !user || !group || n < 0)
		return;
	CU_ASSERT_EQUAL(setgroups(2, more), 0);
	run_as((struct gw6c_run){ .user = "nobody" }, id);
	snprintf(want, sizeof(want), "%d|%d|%d|", (int)user->pw_uid,
		 (int)user->pw_gid, (int)user->pw_gid);
	CU_ASSERT_STRING_EQUAL(lines, want);
	run_as((struct gw6c_run){ .user = "nobody", .group = "daemon" }, id);
	snprintf(want, sizeof(want), "%d|%d|%d|", (int)user->pw_uid,
		 (int)group->gr_gid, (int)group->gr_gid);
	CU_ASSERT_STRING_EQUAL(lines, want);
	run_as((struct gw6c_run){ .group = "daemon" }, id);
	snprintf(want, sizeof(want), "0|%d|%d|", (int)group->gr_gid,
		 (int)group->gr_gid);
	CU_ASSERT_STRING_EQUAL(lines, want);
	run_as((struct gw6c_run){ .user = "nobody" },
	       "grep -c '^CapEff:[^0-9]*0*$' /proc/self/status; umask");
	CU_ASSERT_PTR_NOT_NULL(strstr(lines, "1|"));
	CU_ASSERT_EQUAL(setgroups((size_t)n, ours), 0);
}

static void who_does_not_exist_is_named(void)
{
	CU_ASSERT_STRING_EQUAL(
		refused((struct gw6c_run){ .user = "gw6c-nobody" }),
		"cannot run echo: there is no user \"gw6c-nobody\"; create "
		"that account");
	CU_ASSERT_STRING_EQUAL(
		refused((struct gw6c_run){ .group = "gw6c-none" }),
		"cannot run echo: there is no group \"gw6c-none\"; create "
		"that group");
}

/* In a process that has no rights; its failures are its status. */
static void without_the_right_nothing_runs(void)
{
	static const char user[] =
		"cannot run echo as user root: not allowed; start this "
		"program as root, or give it CAP_SETUID and CAP_SETGID";
	static const char group[] =
		"cannot run echo as group daemon: not allowed; start this "
		"program as root, or give it CAP_SETUID and CAP_SETGID";
	pid_t pid = fork();
	int got = -1;

	if (pid == 0) {
		if (geteuid() == 0 &&
		    (setgroups(0, NULL) || setgid(65534) || setuid(65534)))
			_exit(9);
		if (strcmp(refused((struct gw6c_run){ .user = "root" }), user))
			_exit(1);
		if (strcmp(refused((struct gw6c_run){ .group = "daemon" }),
			   group))
			_exit(2);
		_exit(CU_get_number_of_failures() ? 3 : 0);
	}
	CU_ASSERT_EQUAL(waitpid(pid, &got, 0), pid);
	CU_ASSERT_EQUAL(got, 0);
}

static void it_works_where_it_is_told(void)
{
	run_as((struct gw6c_run){ .dir = NULL }, "pwd");
	CU_ASSERT_STRING_EQUAL(lines, "/|");
	run_as((struct gw6c_run){ .dir = "/proc/sys" }, "pwd");
	CU_ASSERT_STRING_EQUAL(lines, "/proc/sys|");
	CU_ASSERT_STRING_EQUAL(
		refused((struct gw6c_run){ .dir = "/nonexistent" }),
		"cannot run echo in /nonexistent: No such file or directory");
}

static void its_environment_has_an_end(void)
{
	static const char *env[127];

	for (int i = 0; i < 126; i++)
		env[i] = "A=1";
	CU_ASSERT_STRING_EQUAL(refused((struct gw6c_run){ .env = env }),
			       "cannot run echo: more than 125 variables in "
			       "its environment");
	env[124] = "LAST=here";
	env[125] = NULL;
	run_as((struct gw6c_run){ .env = env }, "echo $LAST");
	CU_ASSERT_STRING_EQUAL(lines, "here|");
}

static void it_reads_what_it_is_given(void)
{
	static uint8_t much[65537];

	run_as((struct gw6c_run){ .input = gw6c_text("one\ntwo") },
	       "cat; echo; read x || echo end");
	CU_ASSERT_STRING_EQUAL(lines, "one|two|end|");
	memset(much, 'a', sizeof(much));
	memset(much + 65535, 'z', 1);
	run_as((struct gw6c_run){ .input = { much, 65536 } },
	       "tr -d a | tr z y; echo");
	CU_ASSERT_STRING_EQUAL(lines, "y|");
	run_as((struct gw6c_run){ .input = { much, 65536 } }, "wc -c");
	CU_ASSERT_STRING_EQUAL(lines, "65536|");
	CU_ASSERT_STRING_EQUAL(
		refused((struct gw6c_run){ .input = { much, 65537 } }),
		"cannot run echo: its input of 65537 octets is longer than "
		"65536");
}

/* A pipe that has the text in it. */
static int full_pipe(const char *text)
{
	int ends[2];

	CU_ASSERT_EQUAL_FATAL(pipe(ends), 0);
	CU_ASSERT_EQUAL(write(ends[1], text, strlen(text)),
			(ssize_t)strlen(text));
	close(ends[1]);
	return ends[0];
}

/* Also where ours have the numbers that theirs will have. */
static void descriptors_are_passed_and_no_others(void)
{
	int a = full_pipe("a\n"), b = full_pipe("b\n"), other = dup(a);
	int three = fcntl(a, F_DUPFD, 3), four = fcntl(b, F_DUPFD, three + 1);
	int fds[65] = { four, three };
	struct gw6c_run what = { .fds = fds, .n_fds = 2 };

	run_as(what, "cat <&3; cat <&4; ls /proc/$$/fd; true");
	CU_ASSERT_STRING_EQUAL(lines, "b|a|0|1|2|3|4|");
	for (int i = 0; i < 65; i++)
		fds[i] = other;
	what.n_fds = 64;
	run_as(what, "ls /proc/$$/fd; true");
	CU_ASSERT_PTR_NOT_NULL(strstr(lines, "|66|"));
	CU_ASSERT_PTR_NULL(strstr(lines, "|67|"));
	what.n_fds = 65;
	CU_ASSERT_STRING_EQUAL(refused(what),
			       "cannot run echo: 65 descriptors are to be "
			       "passed, 64 at most can be");
	fds[0] = 987;
	what.n_fds = 1;
	CU_ASSERT_STRING_EQUAL(refused(what),
			       "cannot run echo: passing descriptors: Bad file "
			       "descriptor");
	close(a);
	close(b);
	close(other);
	close(three);
	close(four);
}

static void its_limits_hold(void)
{
	static const char show[] =
		"sed -n 's/^Max \\(cpu time\\|processes\\|open files\\|"
		"address space\\)  *\\([0-9]*\\)  *\\([0-9]*\\) .*/\\2 \\3/p' "
		"/proc/self/limits";
	struct gw6c_run what = { .max_files = 33,
				 .max_processes = 44,
				 .max_cpu_s = 55,
				 .max_memory = 1u << 30 };
	struct rlimit ours, less = { .rlim_cur = 256, .rlim_max = 512 };

	run_as(what, show);
	CU_ASSERT_STRING_EQUAL(lines,
			       "55 55|44 44|33 33|1073741824 1073741824|");
	getrlimit(RLIMIT_NOFILE, &ours);
	if (geteuid() != 0 || setrlimit(RLIMIT_NOFILE, &less) < 0)
		return;
	what = (struct gw6c_run){ .max_files = 4096 };
	run_as(what, "ulimit -S -n; ulimit -H -n");
	CU_ASSERT_STRING_EQUAL(lines, "512|512|");
	what.max_files = 0;
	run_as(what, "ulimit -S -n; ulimit -H -n");
	CU_ASSERT_STRING_EQUAL(lines, "256|512|");
	setrlimit(RLIMIT_NOFILE, &ours);
}

/* It could raise a soft limit again. */
static void it_leaves_no_core_where_we_leave_none(void)
{
	static const char show[] = "ulimit -S -c; ulimit -H -c";
	struct rlimit before, value;

	getrlimit(RLIMIT_CORE, &before);
	value = before;
	value.rlim_cur = 0;
	CU_ASSERT_EQUAL(setrlimit(RLIMIT_CORE, &value), 0);
	run_as((struct gw6c_run){ .max_files = 0 }, show);
	CU_ASSERT_STRING_EQUAL(lines, "0|0|");
	getrlimit(RLIMIT_CORE, &value);
	CU_ASSERT_EQUAL(value.rlim_max, before.rlim_max); /* not ours */
	if (before.rlim_max != RLIM_INFINITY)
		return;
	value.rlim_cur = RLIM_INFINITY;
	CU_ASSERT_EQUAL(setrlimit(RLIMIT_CORE, &value), 0);
	run_as((struct gw6c_run){ .max_files = 0 }, show);
	CU_ASSERT_STRING_EQUAL(lines, "unlimited|unlimited|");
	setrlimit(RLIMIT_CORE, &before);
}

/* Nothing of our environment, where others keep secrets: a service manager the
 * directory of credentials, a person a password. */
static void nothing_of_our_environment_is_passed_on(void)
{
	static const char *const argv[] = { "env", NULL };
	static const char *const env[] = { "GIVEN=yes", NULL };
	struct gw6c_run what = { .size = sizeof(what),
				 .argv = argv,
				 .line = on_line };
	struct gw6c_err err = { 0 };

	setenv("CREDENTIALS_DIRECTORY", "/run/credentials", 1);
	setenv("NOTIFY_SOCKET", "/run/notify", 1);
	setenv("PASSWD", "s3cret", 1);
	setenv("LC_MESSAGES", "s3cret", 1);
	for (int i = 0; i < 2; i++) {
		what.env = i ? env : NULL;
		what.user = i && geteuid() == 0 ? "nobody" : NULL;
		lines[0] = 0;
		CU_ASSERT_EQUAL(child_wait(&what, WAIT_MS, &err), GW6C_OK);
		CU_ASSERT_STRING_EQUAL(
			lines, i ? "PATH=/usr/local/sbin:/usr/local/bin:"
				   "/usr/sbin:/usr/bin:/sbin:/bin|LC_ALL=C|"
				   "GIVEN=yes|"
				 : "PATH=/usr/local/sbin:/usr/local/bin:"
				   "/usr/sbin:/usr/bin:/sbin:/bin|LC_ALL=C|");
	}
	unsetenv("CREDENTIALS_DIRECTORY");
	unsetenv("NOTIFY_SOCKET");
	unsetenv("PASSWD");
	unsetenv("LC_MESSAGES");
}

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

/* Not even a kill leaves it behind, whoever it runs as; and it can still talk
 * to nobody while it tidies up. */
static void it_ends_with_us(void)
{
	struct gw6c_run what = {
		.fds = (int[]){ 0 },
		.n_fds = 1,
		.user = geteuid() == 0 ? "nobody" : NULL,
	};
	char word[8] = "";
	int ends[2];
	pid_t pid;

	CU_ASSERT_EQUAL_FATAL(pipe(ends), 0);
	pid = fork();
	if (pid == 0) {
		what.fds = &ends[1];
		close(ends[0]);
		run_as(what,
		       "trap 'echo so; echo bye >&3; exit' TERM; echo hi >&3; "
		       "while :; do sleep 0.05; done");
		_exit(1);
	}
	close(ends[1]);
	CU_ASSERT_EQUAL(read(ends[0], word, 3), 3);
	CU_ASSERT_STRING_EQUAL(word, "hi\n");
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	CU_ASSERT_STRING_EQUAL(read_all(ends[0]), "bye\n");
}

int main(void)
{
	static const struct unit_test tests[] = {
		UNIT_TEST(it_runs_as_another_user),
		UNIT_TEST(who_does_not_exist_is_named),
		UNIT_TEST(without_the_right_nothing_runs),
		UNIT_TEST(it_works_where_it_is_told),
		UNIT_TEST(its_environment_has_an_end),
		UNIT_TEST(it_reads_what_it_is_given),
		UNIT_TEST(descriptors_are_passed_and_no_others),
		UNIT_TEST(its_limits_hold),
		UNIT_TEST(it_leaves_no_core_where_we_leave_none),
		UNIT_TEST(nothing_of_our_environment_is_passed_on),
		UNIT_TEST(it_ends_with_us),
	};

	return UNIT_RUN("spawn", tests);
}
