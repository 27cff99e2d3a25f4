/* loop.h - the event loop; hides the library that implements it. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_CORE_BASE_LOOP_H
#define GW6C_CORE_BASE_LOOP_H

#include <gw6c/addr.h>
#include <gw6c/host.h>

struct loop;
struct gw6c_watch;
struct lookup;

struct loop *loop_new(void); /* NULL: out of memory or descriptors */
void loop_free(struct loop *loop); /* ends all watches that are left */

/* Turn until loop_stop(). */
void loop_run(struct loop *loop);
void loop_stop(struct loop *loop);
/* Wait for something to happen, and call whom it concerns. False: not from
 * inside a callback. */
bool loop_turn(struct loop *loop);

/* Milliseconds of a clock that never steps and goes on in suspend. */
uint64_t loop_now_ms(const struct loop *loop);

/* As host->on_fd and host->on_timer. Signals: until forgotten. */
struct gw6c_watch *loop_fd(struct loop *loop, int fd, int ready,
			   void (*call)(void *arg, int ready), void *arg);
struct gw6c_watch *loop_timer(struct loop *loop, uint32_t ms,
			      void (*call)(void *arg), void *arg);
struct gw6c_watch *loop_signal(struct loop *loop, int signo,
			       void (*call)(void *arg, int signo), void *arg);
/* Safe inside the watch's own callback; NULL is fine. A timer that has fired
 * is gone: its owner sets its pointer to NULL first thing in the callback. */
void loop_forget(struct gw6c_watch *watch);

/* The child pid ended: status as of waitpid(2). One owner a child. */
struct gw6c_watch *loop_child(struct loop *loop, int pid,
			      void (*call)(void *arg, int status), void *arg);

/* Resolve a host name or literal, family 4 or 6. The hosts file counts, the
 * resolver configuration is read anew each time. The callback runs once, never
 * before loop_resolve() returned, unless cancelled: n addresses, or n = 0 and
 * why in err (GW6C_ENET). NULL: out of memory. */
#define LOOP_ADDRS 16
struct lookup *loop_resolve(struct loop *loop, const char *name, int family,
			    void (*call)(void *arg,
					 const struct gw6c_addr *addrs, int n,
					 const struct gw6c_err *err),
			    void *arg);
void loop_cancel(struct lookup *lookup); /* NULL is fine */

#endif
