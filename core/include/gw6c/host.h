/* host.h - what the core does for a plugin: the only way back into it. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_HOST_H
#define GW6C_HOST_H

#include "addr.h"
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

struct gw6c_watch; /* a descriptor, timer or lookup the core watches */
struct gw6c_child; /* a program the core runs for a plugin */

enum gw6c_run_flags {
	GW6C_RUN_AGAIN = 1, /* restart it when it ends: after 1 s, doubled up
			       to 60 s, from 1 s again once it ran a minute */
	GW6C_RUN_FINISH = 2, /* a last task: it may outlive close(), and has
				5 s from then */
};

/* A program to run, without a shell: other descriptors closed, signals as in a
 * fresh process. It ends with us, however we end, if the system can do that. */
struct gw6c_run {
	uint32_t size; /* sizeof(struct gw6c_run) */
	uint32_t flags; /* enum gw6c_run_flags */
	const char *const *argv; /* ends with NULL; argv[0] is looked up in a
				    fixed PATH if there is no '/' in it */
	const char *const *env; /* "NAME=VALUE", ends with NULL; NULL: none.
				   PATH and LC_ALL=C are set besides */
	/* Each line of output and errors; NULL: logged at INFO. */
	void (*line)(void *arg, const char *text);
	/* It has ended by itself; status as of waitpid(2). May be NULL. */
	void (*ended)(void *arg, int status);
	void *arg;
	const char *user, *group; /* to run as, and no other group; NULL: ours,
				     the user's. Without the right to change:
				     GW6C_EOS, nothing runs */
	const char *dir; /* working directory; NULL: "/" */
	struct gw6c_bytes input; /* standard input, up to 64 KiB; else empty */
	const int *fds; /* descriptors passed as 3, 4, ...; they stay ours */
	uint32_t n_fds; /* up to 64 */
	uint32_t max_files; /* limits of the program, 0: as ours */
	uint32_t max_processes;
	uint32_t max_cpu_s;
	uint64_t max_memory; /* octets of address space */
};

/* Packets a data path moved or dropped, since it was opened. */
struct gw6c_counters {
	uint32_t size, spare; /* sizeof(struct gw6c_counters), and 0 */
	uint64_t in_packets, in_octets; /* tunnel to this machine */
	uint64_t out_packets, out_octets; /* this machine to tunnel */
	uint64_t in_dropped, out_dropped; /* failed a check, or no room */
};

enum gw6c_state {
	GW6C_STATE_IDLE = 0, /* not started, or ended */
	GW6C_STATE_CONNECTING = 1, /* from name to grant */
	GW6C_STATE_UP = 2,
	GW6C_STATE_WAITING = 3, /* before the next try */
};

/* How the client is. */
struct gw6c_view {
	uint32_t size; /* sizeof(struct gw6c_view) */
	uint32_t state; /* enum gw6c_state */
	uint64_t since_ms; /* in this state; as now_ms() */
	char reason[256]; /* why it is not up, or last was lost; "": neither */
	double rtt_ms; /* of the last keepalive; below 0: none was answered */
	bool counted; /* packets move in user space; else count is zero */
	struct gw6c_counters count;
};

struct gw6c_step;

/* One table a plugin instance, valid from before open() until close()
 * returned. The core owns the loop: a plugin never blocks, forks, starts
 * threads or touches signals. All calls belong to the loop's thread. */
struct gw6c_host {
	uint32_t size, spare; /* sizeof(struct gw6c_host), and 0 */
	void *priv; /* the core's */

	/* The core adds the plugin's name. */
	void (*log)(const struct gw6c_host *host, enum gw6c_level level,
		    const char *fmt, ...) GW6C_PRINTF(3, 4);

	/* Declared options by key: as configured, else the default. str: any
	 * type as text, valid until close() or reload(); "" for none. num:
	 * NUM, PORT, DURATION in seconds. item: number n = 0.. of a list, of
	 * one or more, NULL at its end; valid until the next call. addr: the
	 * same of ADDRESS and PREFIX, false at its end. */
	const char *(*str)(const struct gw6c_host *host, const char *key);
	long (*num)(const struct gw6c_host *host, const char *key);
	bool (*yes)(const struct gw6c_host *host, const char *key);
	const char *(*item)(const struct gw6c_host *host, const char *key,
			    unsigned n);
	bool (*addr)(const struct gw6c_host *host, const char *key, unsigned n,
		     struct gw6c_addr *out);
	/* Fill with unpredictable octets. Tests inject their own. */
	void (*random)(const struct gw6c_host *host, void *at, size_t len);
	/* Milliseconds of a clock that never steps and runs while suspended. */
	uint64_t (*now_ms)(const struct gw6c_host *host);

	/* Call back while fd is ready, until forgotten. The descriptor stays
	 * the plugin's. NULL when memory is out. */
	struct gw6c_watch *(*on_fd)(const struct gw6c_host *host, int fd,
		int ready, void (*call)(void *arg, int ready), void *arg);
	/* Call back once after ms milliseconds, then the watch is gone. */
	struct gw6c_watch *(*on_timer)(const struct gw6c_host *host,
		uint32_t ms, void (*call)(void *arg), void *arg);
	/* Look up a name or literal in family 4 or 6; call back once, then the
	 * watch is gone: n addresses, up to 16, or 0 and why in err. */
	struct gw6c_watch *(*lookup)(
		const struct gw6c_host *host, const char *name, int family,
		void (*call)(void *arg, const struct gw6c_addr *addrs, int n,
			     const struct gw6c_err *err), void *arg);
	/* End a watch; NULL is fine. Not for one that is gone. */
	void (*forget)(const struct gw6c_host *host, struct gw6c_watch *watch);

	/* The result of the one call that returned GW6C_LATER, once, and not
	 * before that has returned: rc, out and err (borrowed) as it would
	 * have given them. Nothing is awaited any more after close(). */
	void (*done)(const struct gw6c_host *host, int rc,
		     struct gw6c_bytes out, const struct gw6c_err *err);

	/* For files that need not survive a boot; their names begin with the
	 * plugin's. Absolute, ends without '/'. */
	const char *run_dir;

	/* NULL: it cannot be run, err says why. */
	struct gw6c_child *(*run)(const struct gw6c_host *host,
				  const struct gw6c_run *run,
				  struct gw6c_err *err);
	/* SIGTERM, and SIGKILL if that does not help within a second; ended()
	 * is not called. NULL is fine; not after ended(), but for AGAIN. */
	void (*end)(const struct gw6c_host *host, struct gw6c_child *child);
	/* A non-blocking TCP socket that listens at that address of this
	 * machine (no octets: any), for the plugin. Below 0: err says why. */
	int (*listen)(const struct gw6c_host *host,
		      const struct gw6c_addr *addr, uint16_t port,
		      struct gw6c_err *err);

	/* A line of the status, "KIND.NAME.key value": set, replaced, or
	 * removed with fmt NULL. Up to 32; key: 1 to 39 of a-z, 0-9 and _;
	 * "key[7]": member 7 of a list, up to 1000. */
	void (*status)(const struct gw6c_host *host, const char *key,
		       const char *fmt, ...) GW6C_PRINTF(3, 4);
	/* False: this program has no client. */
	bool (*view)(const struct gw6c_host *host, struct gw6c_view *out);
	/* Ask for a new session, or for the end of the program, once the
	 * present call has returned; why is for the log. */
	void (*reconnect)(const struct gw6c_host *host, const char *why);
	void (*stop)(const struct gw6c_host *host, const char *why);

	/* os: addresses, routes or links of this machine have changed. */
	void (*network_changed)(const struct gw6c_host *host);
	/* os: somebody else took away or changed what a step has made, named
	 * by what. The core does all steps again. */
	void (*damaged)(const struct gw6c_host *host, const char *what);
	/* os, in step(): make step->saved durable now, before the change that
	 * it is about. GW6C_EOS: do not go on. */
	int (*note)(const struct gw6c_host *host, const struct gw6c_step *step,
		    struct gw6c_err *err);
	/* In step(), check(), close(): run a program, wait for its end; nothing
	 * else happens meanwhile: GW6C_LATER is better for more than a second.
	 * GW6C_OK: exit status 0. Else err has the program, its status and its
	 * last line. After limit_ms it gets SIGTERM, with all that it runs,
	 * and SIGKILL a second later. ended() is not called. */
	int (*run_wait)(const struct gw6c_host *host,
			const struct gw6c_run *run, uint32_t limit_ms,
			struct gw6c_err *err);

	/* tunnel: a control datagram came in over the tunnel's own socket. */
	void (*control)(const struct gw6c_host *host,
			struct gw6c_bytes datagram);
	/* tunnel: packets can no longer be moved; err says why. */
	void (*broken)(const struct gw6c_host *host,
		       const struct gw6c_err *err);
};

/* Does this table, by its own size, have that member? Asked before one that
 * was added after ABI 1 began is read. */
#define GW6C_HAS(table, member)                                                \
	((table)->size >=                                                      \
	 (size_t)((const char *)&(table)->member - (const char *)(table)) +    \
		 sizeof((table)->member))

#endif
