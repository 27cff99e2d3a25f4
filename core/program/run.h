/* run.h - one run of gw6c: load, check, ask, or serve until told to stop. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_CORE_PROGRAM_RUN_H
#define GW6C_CORE_PROGRAM_RUN_H

#include "core/base/exit_status.h"
#include "core/config/conf.h"

struct run_params {
	const char *path; /* of the configuration file */
	/* What the command line changes; called after each load. */
	int (*override)(const void *arg, struct conf *conf,
			struct gw6c_err *err);
	const void *arg;
	bool foreground; /* do not go to the background */
	bool dry_run; /* negotiate, show the plan, apply nothing */
	bool check; /* only look: what may pass is a mistake, too */
	bool boot; /* give up at the first broker that cannot be reached */
};

/* All return how to exit; messages have been printed. */
enum end run_serve(const struct run_params *params);
enum end run_check(const struct run_params *params);
enum end run_status(const struct run_params *params, bool json);
enum end run_list_plugins(const struct run_params *params);
/* Install or remove gw6c as a service; both are absolute paths. */
enum end run_service(const struct run_params *params, const char *program,
		     const char *config, bool add);
enum end run_describe(const struct run_params *params, const char *name);

#endif
