/* loop.c - the event loop, on libevent. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "log.h"
#include "lookups.h"
#include <errno.h>
#include <event2/event.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>

struct gw6c_watch {
	struct loop *loop;
	struct gw6c_watch *next, **link; /* in the loop's list */
	struct event *event; /* NULL: a child */
	int pid; /* of a child, else 0 */
	void (*on_fd)(void *arg, int ready);
	void (*on_timer)(void *arg);
	void (*on_number)(void *arg, int number); /* signal, child's status */
	void *arg;
};

struct loop {
	struct event_base *base;
	struct gw6c_watch *watches;
	struct gw6c_watch *children; /* the watch of SIGCHLD, or NULL */
	struct lookup *lookups; /* loop_resolve.c's */
	bool stopped;
	bool turning;
};

/* The library speaks on stderr unless told otherwise. What concerns the
 * operator is in the error of the call; the rest is for us. */
static void library_says(int severity, const char *text)
{
	log_msg(severity >= EVENT_LOG_ERR ? GW6C_ERROR : GW6C_DEBUG, "loop",
		"%s", text);
}

struct loop *loop_new(void)
{
	struct loop *loop = calloc(1, sizeof(*loop));
	struct event_config *config = event_config_new();

	event_set_log_callback(library_says);
	if (config) {
		event_config_set_flag(config, EVENT_BASE_FLAG_NOLOCK);
		event_config_set_flag(config, EVENT_BASE_FLAG_IGNORE_ENV);
		/* Else a timer set after slow work would fire too early. */
		event_config_set_flag(config, EVENT_BASE_FLAG_NO_CACHE_TIME);
	}
	if (loop && config)
		loop->base = event_base_new_with_config(config);
	if (config)
		event_config_free(config);
	if (loop && loop->base)
		return loop;
	free(loop);
	return NULL;
}

/* Owners may be gone by now: no watch or lookup is called any more. */
void loop_free(struct loop *loop)
{
	lookups_cancel(loop);
	while (loop->watches)
		loop_forget(loop->watches);
	event_base_free(loop->base);
	free(loop);
}

/* The library forgets a break from before it turns: we do not. */
void loop_run(struct loop *loop)
{
	loop->turning = true;
	if (!loop->stopped)
		event_base_loop(loop->base, EVLOOP_NO_EXIT_ON_EMPTY);
	loop->turning = false;
	loop->stopped = false;
}

bool loop_turn(struct loop *loop)
{
	if (loop->turning)
		return false;
	loop->turning = true;
	event_base_loop(loop->base, EVLOOP_ONCE);
	loop->turning = false;
	return true;
}

void loop_stop(struct loop *loop)
{
	loop->stopped = true;
	event_base_loopbreak(loop->base);
}

uint64_t loop_now_ms(const struct loop *loop)
{
	struct timespec now;

	(void)loop;
#ifdef CLOCK_BOOTTIME
	if (clock_gettime(CLOCK_BOOTTIME, &now) < 0)
#endif
		clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

struct lookup **loop_lookups(struct loop *loop)
{
	return &loop->lookups;
}

static struct gw6c_watch *watch_new(struct loop *loop, void *arg)
{
	struct gw6c_watch *watch = calloc(1, sizeof(*watch));

	if (!watch)
		return NULL;
	watch->loop = loop;
	watch->arg = arg;
	watch->next = loop->watches;
	watch->link = &loop->watches;
	if (watch->next)
		watch->next->link = &watch->next;
	loop->watches = watch;
	return watch;
}

void loop_forget(struct gw6c_watch *watch)
{
	if (!watch)
		return;
	if (watch == watch->loop->children)
		watch->loop->children = NULL;
	*watch->link = watch->next;
	if (watch->next)
		watch->next->link = watch->link;
	if (watch->event)
		event_free(watch->event);
	free(watch);
}

static void on_event(evutil_socket_t fd, short what, void *arg)
{
	struct gw6c_watch *watch = arg;
	int ready = (what & EV_READ ? GW6C_READ : 0) |
		    (what & EV_WRITE ? GW6C_WRITE : 0);

	(void)fd;
	watch->on_fd(watch->arg, ready);
}

static void on_timeout(evutil_socket_t fd, short what, void *arg)
{
	struct gw6c_watch *watch = arg;
	void (*call)(void *arg) = watch->on_timer;
	void *call_arg = watch->arg;

	(void)fd;
	(void)what;
	loop_forget(watch);
	call(call_arg);
}

static void on_signal(evutil_socket_t signo, short what, void *arg)
{
	struct gw6c_watch *watch = arg;

	(void)what;
	watch->on_number(watch->arg, (int)signo);
}

/* Arm the event, or free the watch. */
static struct gw6c_watch *watch_arm(struct gw6c_watch *watch, int fd,
				    short what, event_callback_fn call,
				    const struct timeval *after)
{
	watch->event = event_new(watch->loop->base, fd, what, call, watch);
	if (watch->event && event_add(watch->event, after) == 0)
		return watch;
	loop_forget(watch);
	return NULL;
}

struct gw6c_watch *loop_fd(struct loop *loop, int fd, int ready,
			   void (*call)(void *arg, int ready), void *arg)
{
	struct gw6c_watch *watch = watch_new(loop, arg);
	short what = EV_PERSIST;

	if (!watch)
		return NULL;
	what |= ready & GW6C_READ ? EV_READ : 0;
	what |= ready & GW6C_WRITE ? EV_WRITE : 0;
	watch->on_fd = call;
	return watch_arm(watch, fd, what, on_event, NULL);
}

struct gw6c_watch *loop_timer(struct loop *loop, uint32_t ms,
			      void (*call)(void *arg), void *arg)
{
	struct gw6c_watch *watch = watch_new(loop, arg);
	struct timeval after = { .tv_sec = ms / 1000,
				 .tv_usec = ms % 1000 * 1000 };

	if (!watch)
		return NULL;
	watch->on_timer = call;
	return watch_arm(watch, -1, 0, on_timeout, &after);
}

struct gw6c_watch *loop_signal(struct loop *loop, int signo,
			       void (*call)(void *arg, int signo), void *arg)
{
	struct gw6c_watch *watch = watch_new(loop, arg);

	if (!watch)
		return NULL;
	watch->on_number = call;
	return watch_arm(watch, signo, EV_SIGNAL | EV_PERSIST, on_signal, NULL);
}

/* Has it ended? Where SIGCHLD was inherited as ignored, the system keeps no
 * status: then it is that of a command which could not be run. */
static bool child_ended(int pid, int *status)
{
	int got = waitpid(pid, status, WNOHANG);

	if (got < 0 && errno == ECHILD)
		*status = 127 << 8;
	return got == pid || (got < 0 && errno == ECHILD);
}

/* One child that has ended, after which the list may be another. */
static bool loop_reap_one(struct loop *loop)
{
	int status;

	for (struct gw6c_watch *at = loop->watches; at; at = at->next) {
		void (*call)(void *arg, int number) = at->on_number;
		void *arg = at->arg;

		if (!at->pid || !child_ended(at->pid, &status))
			continue;
		loop_forget(at);
		call(arg, status);
		return true;
	}
	return false;
}

static void loop_reap(void *arg, int signo)
{
	(void)signo;
	while (loop_reap_one(arg))
		;
}

struct gw6c_watch *loop_child(struct loop *loop, int pid,
			      void (*call)(void *arg, int status), void *arg)
{
	struct gw6c_watch *watch;

	if (!loop->children)
		loop->children = loop_signal(loop, SIGCHLD, loop_reap, loop);
	watch = loop->children ? watch_new(loop, arg) : NULL;
	if (!watch)
		return NULL;
	watch->on_number = call;
	watch->pid = pid;
	/* It may have ended before it was watched. */
	raise(SIGCHLD);
	return watch;
}
