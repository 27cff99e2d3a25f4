/* check.h - what the files of gw6c-plugin-check share. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_CONTRACT_CHECK_H
#define GW6C_CONTRACT_CHECK_H

#include "core/base/loop.h"
#include "core/config/conf.h"
#include <gw6c/plugin.h>

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
/* All of this module was tried; was it? */
void report_done(void);
bool report_is_done(void);
/* The one that was tried when the child ended did not end itself. */
void report_died(const char *why);
int report_end(void); /* the sums; the exit status */

/* --- check_process.c: what a module may leave in the process ------------- */

#define PROCESS_FDS 256
#define PROCESS_SIGNALS 65

struct process {
	bool fd[PROCESS_FDS];
	void (*handler[PROCESS_SIGNALS])(int);
	int threads; /* -1: cannot be told */
	size_t memory; /* octets allocated; 0: cannot be told */
};

void process_look(struct process *out);
/* Text of what differs, "" if nothing; memory is not compared. */
const char *process_differs(const struct process *before, char room[CHECK_WHY]);
/* A descriptor opened since then that a program run by us would inherit; -1:
 * none. */
int process_inherited(const struct process *before);

/* --- check_kernel.c: what a module may leave in the kernel --------------- */

/* Move into a network namespace of our own, where nothing can be broken.
 * False, and why: the system has none, or we may not. */
bool kernel_corner(char why[CHECK_WHY]);
/* Everything of the network that a plan can change, as lines; free(). NULL:
 * out of memory. */
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

bool os_open(struct os *os);
int os_close(struct os *os); /* what is left watched */
void os_router_plan(struct gw6c_plan *plan);
/* Do the first n steps; returns how many went well. */
uint32_t os_apply(struct os *os, struct gw6c_plan *plan, uint32_t n);
/* Take back the first n; true: all went well. */
bool os_undo(struct os *os, struct gw6c_plan *plan, uint32_t n);

void check_os_live(struct os *os); /* check_os_live.c */

/* check_memory: call again and again, and look what stays allocated. False:
 * it grows, by *octets in all. *told: it can be told here. */
#define CHECK_ROUNDS 32
bool check_memory(bool (*round)(void *arg), void *arg, size_t *octets,
		  bool *told);

#endif
