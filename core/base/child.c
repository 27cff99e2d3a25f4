/* child.c - a program that runs in the background. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "child.h"
#include "log.h"
#include "run_copy.h"
#include "spawn.h"
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define DRAIN 64 /* reads after its end */
#define AGAIN_MIN_MS 1000 /* before it is started again */
#define AGAIN_MAX_MS 60000
#define AT_ONCE_MS 50 /* in which most end that are told to */
#define STEADY_MS 60000 /* has run so long: the next end is a new story */

struct child {
	struct loop *loop;
	char tag[64], name[64]; /* of log lines; argv[0] */
	struct gw6c_run *again; /* how to start it again; NULL: once */
	bool last; /* a last task */
	bool ending; /* nobody owns it any more, and it was told to end */
	uint64_t end_ms; /* when it has to */
	void (*ended)(void *arg, int status);
	void *arg;
	pid_t pid; /* 0: it does not run */
	int output; /* read end of its pipe, -1: closed */
	struct gw6c_watch *reader, *waiter;
	struct gw6c_watch *timer; /* the next start, or the end of patience */
	struct spawn_lines lines;
	bool reading; /* its owner is being told a line */
	bool dropped; /* and has ended it there */
	uint64_t start_ms;
	uint32_t again_ms; /* before the next start */
	bool told; /* that it is started again and again */
	struct child *next, **link; /* in the list below, or NULL */
};

static struct child *finishing; /* those whose owners are gone */

static void child_log(void *arg, const char *text)
{
	const struct child *child = arg;

	log_msg(GW6C_INFO, child->tag, "%s", text);
}

/* --- its end ----------------------------------------------------------- */

static void child_close(struct child *child)
{
	loop_forget(child->reader);
	loop_forget(child->waiter);
	child->reader = child->waiter = NULL;
	if (child->output >= 0)
		close(child->output);
	child->output = -1;
}

static void child_free(struct child *child)
{
	child_close(child);
	loop_forget(child->timer);
	if (child->link)
		*child->link = child->next;
	if (child->next)
		child->next->link = child->link;
	run_copy_free(child->again);
	free(child);
}

/* Tell what it says, in so many reads. False: it is gone now. */
static bool child_tell(struct child *child, int reads)
{
	bool more = child->reader;

	child->reading = true;
	while (more && !child->dropped && reads-- > 0)
		more = spawn_read(&child->lines, child->output);
	if (!child->pid)
		spawn_rest(&child->lines);
	child->reading = false;
	if (child->dropped) {
		child_free(child);
		return false;
	}
	if (!more) {
		loop_forget(child->reader);
		child->reader = NULL;
	}
	return true;
}

static void child_read(void *arg, int ready)
{
	(void)ready;
	child_tell(arg, 1);
}

/* "signal 15" */
static const char *child_status(int status, char room[32])
{
	bool killed = WIFSIGNALED(status);

	snprintf(room, 32, "%s %d", killed ? "signal" : "status",
		 killed ? WTERMSIG(status) : WEXITSTATUS(status));
	return room;
}

static void child_wait_again(struct child *child, const char *why);

static void child_ended(void *arg, int status)
{
	struct child *child = arg;
	void (*ended)(void *arg, int status) = child->ended;
	void *ended_arg = child->arg;
	char how[32], why[128];

	/* A grandchild may keep the pipe open. */
	child->waiter = NULL;
	child->pid = 0;
	if (!child_tell(child, DRAIN))
		return;
	child_close(child);
	snprintf(why, sizeof(why), "%s ended (%s)", child->name,
		 child_status(status, how));
	if (child->link && !child->ending && status)
		log_msg(GW6C_WARN, child->tag, "%s", why);
	if (child->again)
		child_wait_again(child, why);
	else
		child_free(child);
	if (ended)
		ended(ended_arg, status);
}

static bool child_is_gone(const struct child *child, int *status)
{
	pid_t got = waitpid(child->pid, status, WNOHANG);

	if (got < 0 && errno == ECHILD)
		*status = 0;
	return got == child->pid || (got < 0 && errno == ECHILD);
}

static void child_nap(void)
{
	const struct timespec nap = { .tv_nsec = 5000000 };

	nanosleep(&nap, NULL);
}

/* Tell it to end, and see whether it has done so at once. */
static bool child_ask_to_end(const struct child *child)
{
	int status;

	kill(child->pid, SIGTERM);
	for (int ms = 0; ms < AT_ONCE_MS; ms += 5) {
		if (child_is_gone(child, &status))
			return true;
		child_nap();
	}
	return false;
}

static void child_kill(struct child *child)
{
	/* Not allowed, where it runs as another user: it is not waited for. */
	if (child->pid && kill(child->pid, SIGKILL) == 0)
		waitpid(child->pid, NULL, 0);
	child->pid = 0;
}

static void child_too_late(void *arg)
{
	struct child *child = arg;

	child->timer = NULL;
	if (!child->ending) {
		log_msg(GW6C_WARN, child->tag,
			"%s did not finish in time and is stopped",
			child->name);
		child_end(child);
		return;
	}
	child_kill(child);
	child_free(child);
}

/* Nobody owns it any more, and the loop goes on meanwhile. */
static void child_let_end(struct child *child, uint32_t ms)
{
	run_copy_free(child->again);
	child->again = NULL;
	child->ended = NULL;
	child->end_ms = loop_now_ms(child->loop) + ms;
	loop_forget(child->timer);
	child->timer = loop_timer(child->loop, ms, child_too_late, child);
	if (child->link)
		return;
	child->next = finishing;
	child->link = &finishing;
	if (child->next)
		child->next->link = &child->next;
	finishing = child;
}

void child_end(struct child *child)
{
	if (!child)
		return;
	child->lines.line = NULL;
	if (child->pid && !child_ask_to_end(child)) {
		child->ending = true;
		child_let_end(child, SPAWN_TERM_MS);
		return;
	}
	child->pid = 0;
	child->dropped = true;
	if (!child->reading)
		child_free(child);
}

/* --- its start --------------------------------------------------------- */

static int child_start(struct child *child, const struct gw6c_run *run,
		       struct gw6c_err *err)
{
	child->start_ms = loop_now_ms(child->loop);
	if (spawn(run, &child->pid, &child->output, err))
		return err->rc;
	child->reader = loop_fd(child->loop, child->output, GW6C_READ,
				child_read, child);
	child->waiter = loop_child(child->loop, child->pid, child_ended, child);
	if (child->reader && child->waiter)
		return GW6C_OK;
	child_kill(child);
	child_close(child);
	return gw6c_fail(err, GW6C_EOS, "out of memory");
}

/* Is another one of it, with the same owner, still about to end? */
static bool child_has_former(const struct child *child)
{
	for (const struct child *at = finishing; at; at = at->next)
		if (at->ending && at->loop == child->loop &&
		    strcmp(at->tag, child->tag) == 0 &&
		    strcmp(at->name, child->name) == 0)
			return true;
	return false;
}

static void child_again(void *arg)
{
	struct child *child = arg;
	struct gw6c_err err = { 0 };

	child->timer = NULL;
	if (child_has_former(child))
		child->timer =
			loop_timer(child->loop, AT_ONCE_MS, child_again, child);
	else if (child_start(child, child->again, &err))
		child_wait_again(child, err.text);
}

static void child_wait_again(struct child *child, const char *why)
{
	if (loop_now_ms(child->loop) - child->start_ms >= STEADY_MS) {
		child->again_ms = AGAIN_MIN_MS;
		child->told = false;
	}
	log_msg(child->told ? GW6C_INFO : GW6C_WARN, child->tag,
		"%s; restarting it in %u s", why, child->again_ms / 1000);
	child->told = true;
	child->timer =
		loop_timer(child->loop, child->again_ms, child_again, child);
	if (!child->timer)
		log_msg(GW6C_ERROR, child->tag,
			"out of memory: %s is not restarted", child->name);
	child->again_ms *= 2;
	if (child->again_ms > AGAIN_MAX_MS)
		child->again_ms = AGAIN_MAX_MS;
}

static struct child *child_new(struct loop *loop, const char *tag,
			       const struct gw6c_run *run)
{
	struct child *child = calloc(1, sizeof(*child));

	if (!child)
		return NULL;
	child->loop = loop;
	snprintf(child->tag, sizeof(child->tag), "%s", tag);
	snprintf(child->name, sizeof(child->name), "%s", run->argv[0]);
	child->last = run->flags & GW6C_RUN_FINISH;
	child->ended = run->ended;
	child->arg = run->arg;
	child->lines.line = run->line ? run->line : child_log;
	child->lines.arg = run->line ? run->arg : child;
	child->output = -1;
	child->again_ms = AGAIN_MIN_MS;
	if (!(run->flags & GW6C_RUN_AGAIN) || (child->again = run_copy(run)))
		return child;
	free(child);
	return NULL;
}

int child_run(struct loop *loop, const char *tag, const struct gw6c_run *run,
	      struct child **out, struct gw6c_err *err)
{
	struct child *child = child_new(loop, tag, run);

	if (!child)
		return gw6c_fail(err, GW6C_EOS,
				 "cannot run %s: out of memory or descriptors",
				 run->argv[0]);
	/* What runs all the time takes the place of the former one. */
	if (child->again && child_has_former(child)) {
		child->timer = loop_timer(loop, AT_ONCE_MS, child_again, child);
	} else if (child_start(child, run, err)) {
		child_free(child);
		return err->rc;
	}
	*out = child;
	return GW6C_OK;
}

/* --- last tasks -------------------------------------------------------- */

void child_finish(struct child *child)
{
	if (!child->last || !child->pid) {
		child_end(child);
		return;
	}
	child->lines.line = child_log;
	child->lines.arg = child;
	child_let_end(child, CHILD_FINISH_MS);
}

static struct child *child_of(const struct loop *loop, struct child *from)
{
	while (from && from->loop != loop)
		from = from->next;
	return from;
}

/* Look once at each. */
static void child_look(const struct loop *loop)
{
	struct child *next;
	int status;

	for (struct child *at = child_of(loop, finishing); at; at = next) {
		next = child_of(loop, at->next);
		child_tell(at, 1);
		if (child_is_gone(at, &status)) {
			loop_forget(at->waiter);
			child_ended(at, status);
		} else if (loop_now_ms(loop) >= at->end_ms) {
			loop_forget(at->timer);
			child_too_late(at);
		}
	}
}

void child_finish_all(struct loop *loop, uint32_t limit_ms)
{
	uint64_t end_ms = loop_now_ms(loop) + limit_ms;

	for (struct child *at = child_of(loop, finishing); at;
	     at = child_of(loop, at->next))
		if (at->end_ms > end_ms)
			at->end_ms = end_ms;
	while (child_of(loop, finishing)) {
		child_look(loop);
		child_nap();
	}
}
