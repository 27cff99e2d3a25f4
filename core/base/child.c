/* child.c - a program that runs in the background. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "child.h"
#include "spawn.h"
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define DRAIN 64 /* reads after its end */

struct child {
	struct loop *loop;
	struct gw6c_run run;
	pid_t pid;
	int output; /* read end of its pipe */
	struct gw6c_watch *reader, *waiter;
	struct spawn_lines lines;
};

static void child_read(void *arg, int ready)
{
	struct child *child = arg;

	(void)ready;
	if (spawn_read(&child->lines, child->output))
		return;
	loop_forget(child->reader);
	child->reader = NULL;
}

/* --- its end ----------------------------------------------------------- */

static void child_free(struct child *child)
{
	loop_forget(child->reader);
	loop_forget(child->waiter);
	close(child->output);
	free(child);
}

/* What is still in the pipe is told first; a grandchild may keep it open. */
static void child_ended(void *arg, int status)
{
	struct child *child = arg;
	void (*ended)(void *arg, int status) = child->run.ended;
	void *ended_arg = child->run.arg;

	child->waiter = NULL;
	for (int i = 0; i < DRAIN && child->reader; i++)
		if (!spawn_read(&child->lines, child->output))
			break;
	spawn_rest(&child->lines);
	child_free(child);
	if (ended)
		ended(ended_arg, status);
}

static bool child_is_gone(const struct child *child)
{
	int status;
	pid_t got = waitpid(child->pid, &status, WNOHANG);

	return got == child->pid || (got < 0 && errno == ECHILD);
}

void child_end(struct child *child)
{
	const struct timespec nap = { .tv_nsec = 5000000 };

	if (!child)
		return;
	loop_forget(child->waiter);
	child->waiter = NULL;
	kill(child->pid, SIGTERM);
	for (int ms = 0; ms < SPAWN_TERM_MS; ms += 5) {
		if (child_is_gone(child)) {
			child_free(child);
			return;
		}
		nanosleep(&nap, NULL);
	}
	kill(child->pid, SIGKILL);
	waitpid(child->pid, NULL, 0);
	child_free(child);
}

/* --- its start --------------------------------------------------------- */

int child_run(struct loop *loop, const struct gw6c_run *run, struct child **out,
	      struct gw6c_err *err)
{
	struct child *child = calloc(1, sizeof(*child));

	if (!child)
		return gw6c_fail(err, GW6C_EOS, "out of memory");
	child->loop = loop;
	child->run = *run;
	child->lines.line = run->line;
	child->lines.arg = run->arg;
	if (spawn(run, &child->pid, &child->output, err)) {
		free(child);
		return err->rc;
	}
	child->reader =
		loop_fd(loop, child->output, GW6C_READ, child_read, child);
	child->waiter = loop_child(loop, child->pid, child_ended, child);
	if (child->reader && child->waiter) {
		*out = child;
		return GW6C_OK;
	}
	child_end(child);
	return gw6c_fail(err, GW6C_EOS, "out of memory");
}
