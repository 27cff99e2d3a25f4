/* spawn.c - starts a program, and splits its output into lines. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "spawn_parts.h"
#include "trusted.h"
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define PATH "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
#define INPUT_MAX 65536 /* octets: what a pipe holds */

/* --- output ------------------------------------------------------------ */

void spawn_rest(struct spawn_lines *lines)
{
	lines->text[lines->len] = 0;
	if (lines->len && lines->line)
		lines->line(lines->arg, lines->text);
	lines->len = 0;
}

static void spawn_text(struct spawn_lines *lines, const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (text[i] == '\n' || lines->len == SPAWN_LINE - 1)
			spawn_rest(lines);
		if (text[i] != '\n')
			lines->text[lines->len++] = text[i];
	}
}

bool spawn_read(struct spawn_lines *lines, int output)
{
	char text[SPAWN_LINE];
	ssize_t len = read(output, text, sizeof(text));

	if (len > 0)
		spawn_text(lines, text, (size_t)len);
	return len > 0 || (len < 0 && (errno == EAGAIN || errno == EINTR));
}

/* --- what it needs ----------------------------------------------------- */

/* The path of argv[0]; our own PATH does not count. */
static bool spawn_find(const char *name, char *path, size_t len)
{
	const char *dir = PATH;

	if (strchr(name, '/'))
		return snprintf(path, len, "%s", name) < (int)len;
	for (; *dir; dir += strcspn(dir, ":"), dir += *dir == ':') {
		snprintf(path, len, "%.*s/%s", (int)strcspn(dir, ":"), dir,
			 name);
		if (access(path, X_OK) == 0)
			return true;
	}
	return false;
}

static bool spawn_env(struct start *start)
{
	const char *const *more = start->run->env;
	int n = 0;

	start->env[n++] = "PATH=" PATH;
	start->env[n++] = "LC_ALL=C";
	for (; more && *more; more++) {
		if (n == SPAWN_ENV - 1)
			return false;
		start->env[n++] = *more;
	}
	start->env[n] = NULL;
	return true;
}

static int spawn_user(struct start *start, struct gw6c_err *err)
{
	const struct gw6c_run *run = start->run;
	const struct passwd *user = run->user ? getpwnam(run->user) : NULL;
	const struct group *group = run->group ? getgrnam(run->group) : NULL;

	if (run->user && !user)
		return gw6c_fail(err, GW6C_EOS,
				 "cannot run %s: there is no user \"%s\"; "
				 "create that account",
				 run->argv[0], run->user);
	if (run->group && !group)
		return gw6c_fail(err, GW6C_EOS,
				 "cannot run %s: there is no group \"%s\"; "
				 "create that group",
				 run->argv[0], run->group);
	if (user) {
		start->uid = user->pw_uid;
		start->gid = user->pw_gid;
	}
	if (group)
		start->gid = group->gr_gid;
	return GW6C_OK;
}

/* The read end of a pipe that holds all of it: nobody has to go on writing
 * while the program runs. */
static int spawn_input(const struct gw6c_run *run, int *in,
		       struct gw6c_err *err)
{
	size_t len = run->input.len;
	ssize_t put;
	int ends[2];

	if (len > INPUT_MAX)
		return gw6c_fail(err, GW6C_EOS,
				 "cannot run %s: its input of %zu octets is "
				 "longer than %d",
				 run->argv[0], len, INPUT_MAX);
	if (pipe2(ends, O_CLOEXEC) < 0)
		return gw6c_fail(err, GW6C_EOS, "cannot run %s: %s",
				 run->argv[0], strerror(errno));
	fcntl(ends[1], F_SETFL, O_NONBLOCK);
	put = len ? write(ends[1], run->input.at, len) : 0;
	close(ends[1]);
	*in = ends[0];
	if (put == (ssize_t)len)
		return GW6C_OK;
	close(ends[0]);
	return gw6c_fail(err, GW6C_EOS,
			 "cannot run %s: its input of %zu octets is longer "
			 "than a pipe holds here",
			 run->argv[0], len);
}

static int spawn_prepare(struct start *start, struct gw6c_err *err)
{
	const struct gw6c_run *run = start->run;

	if (!spawn_find(run->argv[0], start->path, sizeof(start->path)))
		return gw6c_fail(err, GW6C_EOS, "cannot run %s: %s",
				 run->argv[0], strerror(ENOENT));
	if (trusted_path(start->path, err))
		return err->rc;
	if (!spawn_env(start))
		return gw6c_fail(err, GW6C_EOS,
				 "cannot run %s: more than %d variables in "
				 "its environment",
				 run->argv[0], SPAWN_ENV - 3);
	if (run->n_fds > SPAWN_FDS)
		return gw6c_fail(err, GW6C_EOS,
				 "cannot run %s: %u descriptors are to be "
				 "passed, %d at most can be",
				 run->argv[0], run->n_fds, SPAWN_FDS);
	return spawn_user(start, err);
}

/* --- its start --------------------------------------------------------- */

/* Signals wait meanwhile: the child must not run our handlers. */
static pid_t spawn_fork(const struct start *start)
{
	sigset_t all, before;
	pid_t pid;

	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, &before);
	pid = fork();
	if (pid == 0)
		spawn_become(start);
	sigprocmask(SIG_SETMASK, &before, NULL);
	return pid;
}

static int spawn_fail(const struct gw6c_run *run, const struct start_error *why,
		      struct gw6c_err *err)
{
	bool user = run->user;

	if (why->stage == START_USER)
		return gw6c_fail(err, GW6C_EOS,
				 "cannot run %s as %s %s: %s; start this "
				 "program as root, or give it CAP_SETUID and "
				 "CAP_SETGID",
				 run->argv[0], user ? "user" : "group",
				 user ? run->user : run->group,
				 why->error == EPERM ? "not allowed"
						     : strerror(why->error));
	if (why->stage == START_DIR)
		return gw6c_fail(err, GW6C_EOS, "cannot run %s in %s: %s",
				 run->argv[0], run->dir ? run->dir : "/",
				 strerror(why->error));
	return gw6c_fail(err, GW6C_EOS, "cannot run %s: %s%s", run->argv[0],
			 why->stage == START_FDS      ? "passing descriptors: "
			 : why->stage == START_LIMITS ? "setting its limits: "
						      : "",
			 strerror(why->error));
}

/* The pipe of errors is closed without a word when the program begins. */
static int spawn_verdict(const struct start *start, pid_t pid, int errors,
			 struct gw6c_err *err)
{
	struct start_error why;
	ssize_t got;

	do
		got = read(errors, &why, sizeof(why));
	while (got < 0 && errno == EINTR);
	if (got != sizeof(why))
		return GW6C_OK;
	waitpid(pid, NULL, 0);
	return spawn_fail(start->run, &why, err);
}

static int spawn_start(struct start *start, pid_t *pid, struct gw6c_err *err)
{
	int ends[2], rc, error;

	if (pipe2(ends, O_CLOEXEC) < 0)
		return gw6c_fail(err, GW6C_EOS, "cannot run %s: %s",
				 start->run->argv[0], strerror(errno));
	start->error = ends[1];
	*pid = spawn_fork(start);
	error = errno;
	close(ends[1]);
	if (*pid > 0)
		rc = spawn_verdict(start, *pid, ends[0], err);
	else
		rc = gw6c_fail(err, GW6C_EOS, "cannot run %s: %s",
			       start->run->argv[0], strerror(error));
	close(ends[0]);
	return rc;
}

/* A pipe for its output. Where the system can do that, the program's end can
 * be read, too: so it has a reader when we have died, and what it says while
 * it tidies up is no SIGPIPE. radvd would not withdraw its prefixes. */
static bool spawn_output(int ends[2])
{
	char path[64];
	int both;

	if (pipe2(ends, O_CLOEXEC) < 0)
		return false;
	fcntl(ends[0], F_SETFL, O_NONBLOCK);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", ends[1]);
	both = open(path, O_RDWR | O_CLOEXEC);
	if (both >= 0) {
		close(ends[1]);
		ends[1] = both;
	}
	return true;
}

int spawn(const struct gw6c_run *run, pid_t *pid, int *output,
	  struct gw6c_err *err)
{
	struct start start = { .run = run, .parent = getpid() };
	int ends[2], rc;

	if (spawn_prepare(&start, err) || spawn_input(run, &start.in, err))
		return err->rc;
	if (!spawn_output(ends)) {
		gw6c_fail(err, GW6C_EOS, "cannot run %s: %s", run->argv[0],
			  strerror(errno));
		close(start.in);
		return err->rc;
	}
	start.out = ends[1];
	rc = spawn_start(&start, pid, err);
	close(start.in);
	close(ends[1]);
	if (rc)
		close(ends[0]);
	else
		*output = ends[0];
	return rc;
}
