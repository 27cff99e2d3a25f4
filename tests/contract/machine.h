/* machine.h - one tunnel on one system, for the tests of backends. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_CONTRACT_MACHINE_H
#define GW6C_CONTRACT_MACHINE_H

#include "core/tunnel/plan_text.h"
#include "core/tunnel/planner.h"
#include "tests/fake/fake_host.h"

#define TEXT 16384 /* octets of a text of commands */

extern const char *modules; /* directory of them */
extern int failures;

void check(bool ok, const char *who, const char *what);

struct machine {
	const struct gw6c_plugin *plugin;
	struct backend os;
	struct fake_host fake;
	struct gw6c_lease lease;
	struct gw6c_plan plan;
	char who[64]; /* "freebsd v6v4-router" */
};

/* With the module of that platform, and the plan of that mode's. */
void machine_open(struct machine *machine, const char *platform,
		  const char *mode, bool router);
/* The process has died: another one, which knows the plan and no more. */
void machine_reopen(struct machine *machine);
void machine_close(struct machine *machine);

/* What it says about one step, or about the first n. */
int machine_show(struct machine *machine, uint32_t at, bool add,
		 void (*line)(void *arg, const char *text), char *all,
		 struct gw6c_err *err);
void machine_show_all(struct machine *machine, uint32_t n, bool add, char *all);

/* Texts of TEXT octets. Append a line; read a file; leave out commands that
 * only look, and remarks. */
void put_line(void *arg, const char *text);
bool read_file(const char *path, char *all);
void sift(const char *in, char *out);

#endif
