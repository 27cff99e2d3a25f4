/* check.h - what the files of gw6c-plugin-check share. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_CONTRACT_CHECK_H
#define GW6C_CONTRACT_CHECK_H

#include "core/base/loop.h"
#include "core/config/conf.h"
#include <gw6c/plugin.h>

#define CHECK_STATUS 32 /* lines of the status */
#define CHECK_KEY 40
#define CHECK_WHY 400 /* octets of a reason with its NUL */

/* --- check_report.c: one line a check ----------------------------------- */

/* Before the first; the counts are kept where a child's end does not lose
 * them. False: out of memory. */
bool report_start(bool tap);
void report_module(const char *file); /* what follows is about this one */
void report_note(const char *fmt, ...) GW6C_PRINTF(1, 2);
/* What is tried now: a module that kills us fails in this. */
void report_try(const char *what);
/* How the one tried went; fmt: why not. Returns ok. */
bool report(bool ok, const char *fmt, ...) GW6C_PRINTF(2, 3);
void report_skip(const char *fmt, ...) GW6C_PRINTF(1, 2);
/* The call of a module that is under way, and the last. */
void report_call(const char *what);
const char *report_called(void);
/* All of this module was tried; was it? */
void report_done(void);
bool report_is_done(void);
/* The one that was tried when the child ended did not end itself. */
void report_died(const char *why);
int report_end(void); /* the sums; the exit status */

/* --- check_process.c: what a module may leave in the process ------------- */

#define PROCESS_FDS 256
#define PROCESS_SIGNALS 65

/* What no call of a module may change. */
struct conduct {
	void (*handler[PROCESS_SIGNALS])(int);
	int threads; /* -1: cannot be told */
	int children; /* -1: cannot be told */
	long work; /* grows with each child that was waited for */
};

void conduct_look(struct conduct *out);
/* A signal that is handled in another way, or 0. */
int conduct_signal(const struct conduct *before, const struct conduct *now);

struct process {
	bool fd[PROCESS_FDS];
	struct conduct conduct;
	size_t memory; /* octets allocated; 0: cannot be told */
};

void process_look(struct process *out);
/* Text of what differs, "" if nothing; memory is not compared. */
const char *process_differs(const struct process *before, char room[CHECK_WHY]);
/* A descriptor opened since then that a program run by us would inherit; -1:
 * none. */
int process_inherited(const struct process *before);

/* --- check_call.c: every call of a module is watched --------------------- */

#define CALL_LIMIT_S 10 /* a plugin never blocks */

void call_begin(const char *what);
void call_begin_loop(uint32_t ms); /* the loop turns so long */
int call_end(int rc); /* returns rc */
/* CALL("open", ops->open(...)) is what the operation returned. */
#define CALL(what, operation) (call_begin(what), call_end(operation))
/* Is a call under way? Callbacks of the loop are none. */
bool call_is(void);
/* The host works for the module: its time and programs are not counted. */
void call_pause(void);
void call_resume(void);

/* What modules do that no single check would see; the first of each kind is
 * reported at the end of the module, by call_report(). */
enum fault {
	FAULT_SIGNAL,
	FAULT_THREAD,
	FAULT_PROGRAM,
	FAULT_OPTION,
	FAULT_LATER,
	FAULT_STATUS,
	FAULT_NOTE,
	FAULTS
};

void call_fault(enum fault fault, const char *fmt, ...) GW6C_PRINTF(2, 3);
void call_report(void);

/* --- check_output.c: what a module prints -------------------------------- */

/* A file for it; -1: none. The child has output_take() send it there. */
int output_new(void);
void output_take(int fd);
void output_report(int fd);
/* To our standard error; fd is closed. */
void output_show(int fd, bool all);

/* --- check_imports.c: names that no plugin needs ------------------------- */

void check_imports(const char *path);

/* --- check_options.c: the table of options ------------------------------- */

struct module;
void check_options(const struct module *module);

/* --- check_kernel.c: what a module may leave in the kernel --------------- */

/* Move into a network namespace of our own, where nothing can be broken.
 * False, and why: the system has none, or we may not. */
bool kernel_corner(char why[CHECK_WHY]);
/* There, what is sent to any address is taken and never answered, as through a
 * tunnel whose other end is silent. */
void kernel_void(void);
/* Everything of the network that a plan can change, as lines; free(). NULL:
 * no memory for it. */
char *kernel_look(void);
/* Text of the first difference, "" if none. Frees both. */
const char *kernel_differs(char *before, char *after, char room[CHECK_WHY]);
/* Run a program without a shell, its output appended to out (NULL: lost).
 * True: status 0. */
bool kernel_run(const char *const *argv, struct gw6c_buf *out);

/* --- check_module.c: the file, its descriptor, its tables ---------------- */

/* One instance of a plugin, with the services that gw6c itself gives. */
struct instance {
	const struct gw6c_plugin *plugin;
	struct loop *loop;
	struct gw6c_host *host;
	int changed, broken; /* calls of network_changed, broken */
	void *self;

	/* GW6C_LATER: what host->done() brought. */
	bool awaits;
	int later_rc;
	struct gw6c_err later_err;
	uint8_t later_room[4096];
	size_t later_len;

	/* host->note() of the step that is under way. */
	const struct gw6c_step *step;
	char noted[sizeof(((struct gw6c_step *)0)->saved)];

	char status[CHECK_STATUS][CHECK_KEY]; /* keys of its lines */
	struct instance *next; /* that is open, too */
};

struct module {
	char dir[4096], name[128]; /* of the file, without suffix */
	const struct gw6c_plugin *plugin;
	struct conf *conf; /* options of the command line; run_dir */
	const char *log; /* file with all that was logged */
};

/* NULL: it is no plugin that can be used; that is reported. */
const struct gw6c_plugin *module_open(struct module *module, const char *path);
/* False: out of memory. */
bool instance_start(struct instance *instance, const struct module *module);
/* After close(): how many watches and programs it had left. */
int instance_end(struct instance *instance);
/* rc, or if that is GW6C_LATER, what came then. GW6C_EBUG: nothing did within
 * limit_ms. out may be NULL. */
int instance_wait(struct instance *instance, int rc, uint32_t limit_ms,
		  struct gw6c_buf *out, struct gw6c_err *err);
#define LATER_MS 10000 /* for whatever a check sets up */
/* check_host.c: watch what the module asks of its host. */
void host_watch(struct instance *instance);
void host_unwatch(struct instance *instance);
/* Turn the loop for so long. */
void instance_turn(struct instance *instance, uint32_t ms);
/* Does the log have this text? */
bool module_logged(const struct module *module, const char *text);

/* --- the kinds ------------------------------------------------------------ */

void check_auth(struct module *module);
void check_tunnel(struct module *module);
/* nowhere: why there is no corner; NULL: there is one. */
void check_os(struct module *module, const char *nowhere);
void check_feature(struct module *module);

/* --- what the files about one kind share ---------------------------------- */

struct gw6c_addr check_addr(const char *text, uint8_t bits);

/* check_os_plan.c */
struct os {
	const struct module *module;
	const struct gw6c_os_ops *ops;
	struct instance instance;
	struct gw6c_err err; /* of the last step */
};

/* One step, waited for. */
int os_step(struct os *os, struct gw6c_plan *plan, uint32_t n, bool add,
	    struct gw6c_err *err);
bool os_open(struct os *os);
int os_close(struct os *os); /* what is left watched */
void os_router_plan(struct gw6c_plan *plan);
/* Do the first n steps; returns how many went well. */
uint32_t os_apply(struct os *os, struct gw6c_plan *plan, uint32_t n);
/* Take back the first n; true: all went well. */
bool os_undo(struct os *os, struct gw6c_plan *plan, uint32_t n);

void check_os_live(struct os *os); /* check_os_live.c */
void check_os_killed(struct os *os); /* check_os_killed.c */

/* check_auth_key.c: what it made is left in both. */
#define CHECK_KEY_MAX 8192
void check_auth_key(const struct module *module, struct gw6c_buf *private_key,
		    struct gw6c_buf *public_key);

/* check_feature_plan.c */
void check_feature_plan(const struct module *module);

/* check_tunnel_table.c, check_tunnel_header.c */
void check_tunnel_table(const struct gw6c_plugin *plugin);
void check_tunnel_header(const struct gw6c_tunnel_ops *ops);

/* check_plan.c: steps, number from and on, that a backend can read; NULL: they
 * are, else why not, in room. */
#define CHECK_PLAN_WHY 120
const char *plan_fault(const struct gw6c_plan *plan, uint32_t from,
		       char room[CHECK_PLAN_WHY]);

/* check_memory: call again and again, and look what stays allocated. False:
 * it grows, by *octets in all. *told: it can be told here. */
#define CHECK_ROUNDS 32
bool check_memory(bool (*round)(void *arg), void *arg, size_t *octets,
		  bool *told);

#endif
