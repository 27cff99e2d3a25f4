/* spawn_become.c - from fork to exec. Only what is safe in a signal handler is
 * called here: the child has one thread, and any lock may be held. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "config.h"
#include "spawn_parts.h"
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>
#ifdef HAVE_SYS_PRCTL_H
#include <sys/prctl.h>
#endif

#define LIFT (3 + SPAWN_FDS + 1) /* no descriptor of the program is there */
#define SIGNALS 65 /* more than any system has */

static bool lift(int *fd)
{
	*fd = fcntl(*fd, F_DUPFD_CLOEXEC, LIFT);
	return *fd >= 0;
}

static void close_from(int first)
{
#ifdef HAVE_CLOSEFROM
	closefrom(first);
#else
	long end = sysconf(_SC_OPEN_MAX);

	for (int fd = first; fd < end; fd++)
		close(fd);
#endif
}

/* What is passed may have any number, also one that is to be another's. */
static bool pass_descriptors(struct start *start)
{
	const struct gw6c_run *run = start->run;
	int fds[SPAWN_FDS], n = (int)run->n_fds;

	for (int i = 0; i < n; i++) {
		fds[i] = run->fds[i];
		if (!lift(&fds[i]))
			return false;
	}
	if (!lift(&start->in) || !lift(&start->out) || !lift(&start->error))
		return false;
	for (int i = 0; i < n; i++)
		if (dup2(fds[i], 3 + i) < 0)
			return false;
	if (dup2(start->in, 0) < 0 || dup2(start->out, 1) < 0 ||
	    dup2(start->out, 2) < 0 || dup2(start->error, 3 + n) < 0)
		return false;
	start->error = 3 + n;
	fcntl(start->error, F_SETFD, FD_CLOEXEC);
	close_from(4 + n);
	return true;
}

/* A terminal's interrupt is for us: we end it then. */
static void reset_signals(void)
{
	sigset_t none;

	for (int signo = 1; signo < SIGNALS; signo++)
		signal(signo, SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	setpgid(0, 0);
}

static bool change_user(const struct start *start)
{
	const struct gw6c_run *run = start->run;

	if (!run->user && !run->group)
		return true;
#ifdef PR_CAP_AMBIENT
	/* Else a user that is not root may keep some of our rights. */
	prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
#endif
	return setgroups(1, &start->gid) == 0 && setgid(start->gid) == 0 &&
	       (!run->user || setuid(start->uid) == 0);
}

/* What is above our own limit cannot be given. */
static bool limit(int what, uint64_t most)
{
	struct rlimit value;

	if (!most)
		return true;
	if (getrlimit(what, &value) < 0)
		return false;
	if (most < value.rlim_max)
		value.rlim_max = (rlim_t)most;
	value.rlim_cur = value.rlim_max;
	return setrlimit(what, &value) == 0;
}

/* Where a crash of ours may leave nothing, no program of ours can permit itself
 * to: it is given secrets of ours, and after a change of its user others of
 * that user could read what it leaves. */
static bool keep_core_limit(void)
{
	struct rlimit value;

	if (getrlimit(RLIMIT_CORE, &value) < 0 || value.rlim_cur)
		return true;
	value.rlim_max = 0;
	return setrlimit(RLIMIT_CORE, &value) == 0;
}

static bool set_limits(const struct gw6c_run *run)
{
	bool ok = keep_core_limit() && limit(RLIMIT_NOFILE, run->max_files) &&
		  limit(RLIMIT_CPU, run->max_cpu_s) &&
		  limit(RLIMIT_AS, run->max_memory);

#ifdef RLIMIT_NPROC
	ok = ok && limit(RLIMIT_NPROC, run->max_processes);
#endif
	return ok;
}

/* A change of the user takes it back, so it comes after that. We may have
 * ended before. */
static void end_with_parent(const struct start *start)
{
#if defined(HAVE_SYS_PRCTL_H) && defined(PR_SET_PDEATHSIG)
	prctl(PR_SET_PDEATHSIG, SIGTERM);
#endif
	if (getppid() != start->parent)
		_exit(127);
}

_Noreturn static void give_up(const struct start *start, enum start_stage stage)
{
	struct start_error why = { .stage = stage, .error = errno };

	while (write(start->error, &why, sizeof(why)) < 0 && errno == EINTR)
		;
	_exit(127);
}

_Noreturn void spawn_become(const struct start *given)
{
	struct start start = *given;
	const struct gw6c_run *run = start.run;

	reset_signals();
	if (!pass_descriptors(&start))
		give_up(given, START_FDS);
	if (!change_user(&start))
		give_up(&start, START_USER);
	if (!set_limits(run))
		give_up(&start, START_LIMITS);
	if (chdir(run->dir ? run->dir : "/") < 0)
		give_up(&start, START_DIR);
	end_with_parent(&start);
	execve(start.path, (char *const *)run->argv, (char *const *)start.env);
	give_up(&start, START_EXEC);
}
