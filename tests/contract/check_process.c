/* check_process.c - descriptors, signals, threads and memory of ourselves. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "check.h"
#include "config.h"
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>
#ifdef HAVE_MALLINFO2
#include <malloc.h>
#endif

static int count_threads(void)
{
	DIR *dir = opendir("/proc/self/task");
	int n = -2; /* "." and ".." */

	if (!dir)
		return -1;
	while (readdir(dir))
		n++;
	closedir(dir);
	return n;
}

static size_t count_memory(void)
{
#ifdef HAVE_MALLINFO2
	struct mallinfo2 info = mallinfo2();

	return info.uordblks + info.hblkhd;
#else
	return 0;
#endif
}

/* Children that run or were not waited for; -1: cannot be told. */
static int count_children(void)
{
	char path[64], room[4096];
	int fd, n = 0;
	ssize_t len;

	snprintf(path, sizeof(path), "/proc/self/task/%d/children",
		 (int)getpid());
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -1;
	len = read(fd, room, sizeof(room));
	close(fd);
	for (ssize_t i = 0; i < len; i++)
		n += room[i] == ' ';
	return n;
}

/* Grows with each child that was waited for. */
static long children_work(void)
{
	struct rusage usage;

	return getrusage(RUSAGE_CHILDREN, &usage) < 0
		       ? 0
		       : usage.ru_minflt + usage.ru_majflt;
}

void conduct_look(struct conduct *out)
{
	*out = (struct conduct){ .threads = count_threads(),
				 .children = count_children(),
				 .work = children_work() };
	for (int signo = 1; signo < PROCESS_SIGNALS; signo++) {
		struct sigaction action;

		if (sigaction(signo, NULL, &action) == 0)
			out->handler[signo] = action.sa_handler;
	}
}

int conduct_signal(const struct conduct *before, const struct conduct *now)
{
	/* The core listens to SIGCHLD when it runs programs. */
	for (int signo = 1; signo < PROCESS_SIGNALS; signo++)
		if (signo != SIGCHLD &&
		    now->handler[signo] != before->handler[signo])
			return signo;
	return 0;
}

void process_look(struct process *out)
{
	*out = (struct process){ .memory = 0 };
	for (int fd = 0; fd < PROCESS_FDS; fd++)
		out->fd[fd] = fcntl(fd, F_GETFD) >= 0;
	conduct_look(&out->conduct);
	out->memory = count_memory();
}

const char *process_differs(const struct process *before, char room[CHECK_WHY])
{
	int signo, threads = before->conduct.threads;
	struct process now;

	process_look(&now);
	room[0] = 0;
	for (int fd = 0; fd < PROCESS_FDS; fd++)
		if (now.fd[fd] != before->fd[fd])
			snprintf(room, CHECK_WHY, "descriptor %d is %s", fd,
				 now.fd[fd] ? "still open"
					    : "closed, and was not its own");
	signo = conduct_signal(&before->conduct, &now.conduct);
	if (signo)
		snprintf(room, CHECK_WHY, "signal %d is handled in another way",
			 signo);
	if (now.conduct.threads > threads && threads >= 0)
		snprintf(room, CHECK_WHY, "%d threads run, not %d",
			 now.conduct.threads, threads);
	return room;
}

int process_inherited(const struct process *before)
{
	for (int fd = 0; fd < PROCESS_FDS; fd++) {
		int flags = fcntl(fd, F_GETFD);

		if (flags >= 0 && !before->fd[fd] && !(flags & FD_CLOEXEC))
			return fd;
	}
	return -1;
}

bool check_memory(bool (*round)(void *arg), void *arg, size_t *octets,
		  bool *told)
{
	size_t before = 0, after;

	*octets = 0;
	/* In the first rounds libraries make their own things. */
	for (int i = -8; i < CHECK_ROUNDS; i++) {
		if (i == 0)
			before = count_memory();
		if (!round(arg))
			break;
	}
	after = count_memory();
	*told = before != 0;
	if (after > before)
		*octets = after - before;
	return *octets < CHECK_ROUNDS * 16;
}
