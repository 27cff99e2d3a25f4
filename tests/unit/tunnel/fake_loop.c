/* fake_loop.c - the event loop under a test's control. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "fake_loop.h"
#include <stdlib.h>

struct gw6c_watch {
	struct gw6c_watch *next;
	int fd; /* -1: a timer */
	uint64_t at_ms;
	void (*on_fd)(void *arg, int ready);
	void (*on_timer)(void *arg);
	void *arg;
};

struct loop {
	int unused;
};

struct lookup {
	void (*call)(void *arg, const struct gw6c_addr *addrs, int n,
		     const struct gw6c_err *err);
	void *arg;
};

static struct loop the_loop;
static struct lookup the_lookup;
static struct gw6c_watch *watches; /* in the order they were made */
static uint64_t now_ms = 1000;
static bool is_inside;

struct loop *loop_new(void)
{
	is_inside = false;
	return &the_loop;
}

void loop_free(struct loop *loop)
{
	(void)loop;
	while (watches)
		loop_forget(watches);
}

uint64_t loop_now_ms(const struct loop *loop)
{
	(void)loop;
	return now_ms;
}

static struct gw6c_watch *watch_new(void *arg)
{
	struct gw6c_watch *watch = calloc(1, sizeof(*watch)), **end = &watches;

	if (!watch)
		abort();
	while (*end)
		end = &(*end)->next;
	*end = watch;
	watch->fd = -1;
	watch->arg = arg;
	return watch;
}

struct gw6c_watch *loop_timer(struct loop *loop, uint32_t ms,
			      void (*call)(void *arg), void *arg)
{
	struct gw6c_watch *watch = watch_new(arg);

	(void)loop;
	watch->at_ms = now_ms + ms;
	watch->on_timer = call;
	return watch;
}

struct gw6c_watch *loop_fd(struct loop *loop, int fd, int ready,
			   void (*call)(void *arg, int ready), void *arg)
{
	struct gw6c_watch *watch = watch_new(arg);

	(void)loop;
	(void)ready;
	watch->fd = fd;
	watch->on_fd = call;
	return watch;
}

struct gw6c_watch *loop_signal(struct loop *loop, int signo,
			       void (*call)(void *arg, int signo), void *arg)
{
	(void)loop;
	(void)signo;
	(void)call;
	(void)arg;
	return NULL;
}

struct gw6c_watch *loop_child(struct loop *loop, int pid,
			      void (*call)(void *arg, int status), void *arg)
{
	(void)loop;
	(void)pid;
	(void)call;
	(void)arg;
	return NULL;
}

void loop_forget(struct gw6c_watch *watch)
{
	struct gw6c_watch **at = &watches;

	if (!watch)
		return;
	while (*at && *at != watch)
		at = &(*at)->next;
	if (!*at)
		abort(); /* forgotten twice */
	*at = watch->next;
	free(watch);
}

/* The timer that is due first, until then. */
static struct gw6c_watch *next_timer(uint64_t until_ms)
{
	struct gw6c_watch *first = NULL;

	for (struct gw6c_watch *at = watches; at; at = at->next)
		if (at->fd < 0 && at->at_ms <= until_ms &&
		    (!first || at->at_ms < first->at_ms))
			first = at;
	return first;
}

static void run_timer(struct gw6c_watch *timer)
{
	void (*call)(void *arg) = timer->on_timer;
	void *arg = timer->arg;

	if (timer->at_ms > now_ms)
		now_ms = timer->at_ms;
	loop_forget(timer);
	call(arg);
}

void fake_loop_pass(uint32_t ms)
{
	uint64_t until_ms = now_ms + ms;
	struct gw6c_watch *timer;

	while ((timer = next_timer(until_ms)))
		run_timer(timer);
	now_ms = until_ms;
}

bool loop_turn(struct loop *loop)
{
	struct gw6c_watch *timer = next_timer(UINT64_MAX);

	(void)loop;
	if (is_inside)
		return false;
	if (!timer)
		abort(); /* it would wait for ever */
	run_timer(timer);
	return true;
}

void loop_run(struct loop *loop)
{
	(void)loop;
}

void loop_stop(struct loop *loop)
{
	(void)loop;
}

void fake_loop_inside(bool inside)
{
	is_inside = inside;
}

void fake_loop_ready(int fd)
{
	for (struct gw6c_watch *at = watches; at; at = at->next)
		if (at->fd == fd) {
			at->on_fd(at->arg, GW6C_READ);
			return;
		}
}

int fake_loop_left(void)
{
	int n = 0;

	for (struct gw6c_watch *at = watches; at; at = at->next)
		n++;
	return n;
}

struct lookup *loop_resolve(struct loop *loop, const char *name, int family,
			    void (*call)(void *arg,
					 const struct gw6c_addr *addrs, int n,
					 const struct gw6c_err *err),
			    void *arg)
{
	(void)loop;
	(void)name;
	(void)family;
	the_lookup = (struct lookup){ call, arg };
	return &the_lookup;
}

void loop_cancel(struct lookup *lookup)
{
	if (lookup)
		lookup->call = NULL;
}

bool fake_loop_answer(const struct gw6c_addr *addrs, int n,
		      const struct gw6c_err *err)
{
	struct lookup lookup = the_lookup;

	the_lookup.call = NULL;
	if (lookup.call)
		lookup.call(lookup.arg, addrs, n, err);
	return lookup.call != NULL;
}
