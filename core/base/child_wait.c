/* child_wait.c - a program whose end is waited for, and not for ever. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "child.h"
#include "spawn.h"
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define DRAIN 64 /* reads after its end */
#define NAP_MS 10 /* between two looks whether it has ended */
#define WORDS 200 /* octets of its last words in a message */

struct wait {
	const struct gw6c_run *run;
	pid_t pid;
	int output;
	bool open; /* there may be more to read */
	struct spawn_lines lines;
	char words[WORDS]; /* the last line */
};

static void wait_line(void *arg, const char *text)
{
	struct wait *wait = arg;

	if (strspn(text, " \t\r") < strlen(text))
		snprintf(wait->words, sizeof(wait->words), "%s", text);
	if (wait->run->line)
		wait->run->line(wait->run->arg, text);
}

static uint64_t wait_now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

/* Where SIGCHLD was inherited as ignored, the system keeps no status: then it
 * is that of a command which could not be run. */
static bool wait_ended(const struct wait *wait, int *status)
{
	pid_t got = waitpid(wait->pid, status, WNOHANG);

	if (got < 0 && errno == ECHILD)
		*status = 127 << 8;
	return got == wait->pid || (got < 0 && errno == ECHILD);
}

/* Read what there is, until it has ended or that time is over. It is not its
 * output that is waited for: what it left running may keep that open. */
static bool wait_until(struct wait *wait, uint64_t end_ms, int *status)
{
	while (!wait_ended(wait, status)) {
		struct pollfd look = { .fd = wait->open ? wait->output : -1,
				       .events = POLLIN };

		if (wait_now_ms() >= end_ms)
			return false;
		if (poll(&look, 1, NAP_MS) > 0)
			wait->open = spawn_read(&wait->lines, wait->output);
	}
	return true;
}

/* The whole group: a script waits for what it runs. */
static void wait_kill(struct wait *wait)
{
	int status;

	kill(-wait->pid, SIGTERM);
	if (wait_until(wait, wait_now_ms() + SPAWN_TERM_MS, &status))
		return;
	if (kill(-wait->pid, SIGKILL) == 0)
		waitpid(wait->pid, &status, 0);
}

static void wait_drain(struct wait *wait)
{
	struct pollfd look = { .fd = wait->output, .events = POLLIN };

	for (int i = 0; i < DRAIN && wait->open && poll(&look, 1, 0) > 0; i++)
		wait->open = spawn_read(&wait->lines, wait->output);
	spawn_rest(&wait->lines);
	close(wait->output);
}

/* "ifconfig: exit status 1: SIOCIFCREATE2: Invalid argument" */
static int wait_fail(const struct wait *wait, const char *how,
		     struct gw6c_err *err)
{
	return gw6c_fail(err, GW6C_EOS, "%s: %s%s%s", wait->run->argv[0], how,
			 wait->words[0] ? ": " : "", wait->words);
}

int child_wait(const struct gw6c_run *run, uint32_t limit_ms,
	       struct gw6c_err *err)
{
	struct wait wait = { .run = run, .open = true };
	char how[80] = "";
	int status;

	wait.lines.line = wait_line;
	wait.lines.arg = &wait;
	if (spawn(run, &wait.pid, &wait.output, err))
		return err->rc;
	if (!wait_until(&wait, wait_now_ms() + limit_ms, &status)) {
		snprintf(how, sizeof(how),
			 "timed out after %u ms and was "
			 "killed",
			 limit_ms);
		wait_kill(&wait);
	} else if (WIFSIGNALED(status)) {
		snprintf(how, sizeof(how), "killed by signal %d",
			 WTERMSIG(status));
	} else if (WEXITSTATUS(status)) {
		snprintf(how, sizeof(how), "exit status %d",
			 WEXITSTATUS(status));
	}
	wait_drain(&wait);
	return how[0] ? wait_fail(&wait, how, err) : GW6C_OK;
}
