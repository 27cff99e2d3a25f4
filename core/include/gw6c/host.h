/* host.h - what the core does for a plugin: the only way back into it. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_HOST_H
#define GW6C_HOST_H

#include "buf.h"
#include "err.h"

/* One event, one line, no newline, no secret; "key=value" at the end. */
enum gw6c_level {
	GW6C_ERROR = 1, /* somebody must act */
	GW6C_WARN = 2, /* degraded, goes on */
	GW6C_NOTICE = 3, /* up, down, moved: what everybody wants to know */
	GW6C_INFO = 4, /* one line a phase */
	GW6C_DEBUG = 5, /* details, the TSP dialogue */
	GW6C_TRACE = 6, /* every keepalive */
};

/* Readiness for on_fd(), may be or-ed. */
enum gw6c_ready {
	GW6C_READ = 1,
	GW6C_WRITE = 2,
};

struct gw6c_watch; /* a descriptor or timer the core watches for a plugin */
struct gw6c_child; /* a program the core runs for a plugin */

/* A program to run: no shell, standard input empty, output and errors line by
 * line, other descriptors closed, signals as in a fresh process. */
struct gw6c_run {
	uint32_t size; /* sizeof(struct gw6c_run) */
	uint32_t spare;
	const char *const *argv; /* ends with NULL; argv[0] is looked up in a
				    fixed PATH if there is no '/' in it */
	const char *const *env; /* "NAME=VALUE", ends with NULL; NULL: none.
				   PATH and LC_ALL=C are set besides */
	void (*line)(void *arg, const char *text); /* NULL: logged at INFO */
	/* It has ended by itself; status as of waitpid(2). May be NULL. */
	void (*ended)(void *arg, int status);
	void *arg;
};

/* One table a plugin instance, valid from before open() until close()
 * returned. The core owns the loop: a plugin never blocks, forks, starts
 * threads or touches signals. All calls belong to the loop's thread. */
struct gw6c_host {
	uint32_t size; /* sizeof(struct gw6c_host); read by GW6C_HAS() */
	uint32_t spare;
	void *priv; /* the core's */

	/* The core adds the plugin's name. */
	void (*log)(const struct gw6c_host *host, enum gw6c_level level,
		    const char *fmt, ...) GW6C_PRINTF(3, 4);

	/* Options that the plugin declared, by key: as configured, else the
	 * declared default. Text stays valid until close(); "" for none. */
	const char *(*str)(const struct gw6c_host *host, const char *key);
	long (*num)(const struct gw6c_host *host, const char *key);
	bool (*yes)(const struct gw6c_host *host, const char *key);

	/* Fill with unpredictable octets. Tests inject their own. */
	void (*random)(const struct gw6c_host *host, void *at, size_t len);

	/* Milliseconds of a clock that never steps and counts suspended time. */
	uint64_t (*now_ms)(const struct gw6c_host *host);

	/* Call back while fd is ready, until forgotten. The descriptor stays
	 * the plugin's. NULL when memory is out. */
	struct gw6c_watch *(*on_fd)(const struct gw6c_host *host, int fd,
				    int ready,
				    void (*call)(void *arg, int ready),
				    void *arg);
	/* Call back once after ms milliseconds, then the watch is gone. */
	struct gw6c_watch *(*on_timer)(const struct gw6c_host *host,
				       uint32_t ms, void (*call)(void *arg),
				       void *arg);
	/* End a watch; NULL is fine. Not for a timer that has fired. */
	void (*forget)(const struct gw6c_host *host, struct gw6c_watch *watch);

	/* os: addresses, routes or links of this machine have changed. */
	void (*network_changed)(const struct gw6c_host *host);

	/* tunnel: a control datagram came in over the tunnel's own socket. */
	void (*control)(const struct gw6c_host *host,
			struct gw6c_bytes datagram);

	/* tunnel: packets can no longer be moved; err says why. */
	void (*broken)(const struct gw6c_host *host,
		       const struct gw6c_err *err);

	/* Added in 0.1.0, after the first; ask GW6C_HAS(). */

	/* Directory for files that need not survive a boot; file names begin
	 * with the plugin's. Ends without '/'. */
	const char *run_dir;
	/* NULL: it cannot be run, err says why. */
	struct gw6c_child *(*run)(const struct gw6c_host *host,
				  const struct gw6c_run *run,
				  struct gw6c_err *err);
	/* SIGTERM, and SIGKILL if that does not help within a second; ended()
	 * is not called. NULL is fine; not after ended(). */
	void (*end)(const struct gw6c_host *host, struct gw6c_child *child);
	/* os: run it, and wait for its end; nothing else happens meanwhile.
	 * GW6C_OK: its exit status was 0. Else err has the program, its exit
	 * status and its last line. After limit_ms it gets SIGTERM, with all
	 * that it runs, and SIGKILL a second later. ended() is not called. */
	int (*run_wait)(const struct gw6c_host *host,
			const struct gw6c_run *run, uint32_t limit_ms,
			struct gw6c_err *err);

	/* os: somebody else took away or changed what a step has made; what
	 * names it. The core does all steps again. */
	void (*damaged)(const struct gw6c_host *host, const char *what);
};

/* Does this table, by its own size, have that member? Both sides ask before
 * they read a member that was added after ABI 1.0. */
#define GW6C_HAS(table, member)                                                \
	((table)->size >=                                                      \
	 (size_t)((const char *)&(table)->member - (const char *)(table)) +    \
		 sizeof((table)->member))

#endif
