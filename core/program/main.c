/* main.c - gw6c: what the command line asks for. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "args.h"
#include "config.h"
#include "core/base/daemon.h"
#include "core/base/wrap.h"
#include "core/config/settings.h"
#include "run.h"
#include "wait_up.h"
#include <limits.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int apply(const void *arg, struct conf *conf, struct gw6c_err *err)
{
	return args_apply(arg, conf, err);
}

static void print_line(void *arg, const char *text)
{
	(void)arg;
	wrap_print(stdout, 0, 6, text);
}

static enum end describe(const struct args *args,
			 const struct run_params *params)
{
	if (strcmp(args->describe, "settings") != 0)
		return run_describe(params, args->describe);
	settings_describe(print_line, NULL);
	return END_OK;
}

/* Where this program is: as it was called, or where the shell found it. */
static void find_self(const char *program, char self[PATH_MAX])
{
	char dirs[PATH_MAX], path[PATH_MAX], *rest = dirs, *dir;
	const char *list = getenv("PATH");

	snprintf(self, PATH_MAX, "%s", program);
	if (strchr(program, '/')) {
		if (realpath(program, path))
			snprintf(self, PATH_MAX, "%s", path);
		return;
	}
	snprintf(dirs, sizeof(dirs), "%s", list ? list : "");
	while ((dir = strsep(&rest, ":"))) {
		int len = snprintf(path, sizeof(path), "%s/%s", dir, program);

		if (len > 0 && len < PATH_MAX && access(path, X_OK) == 0 &&
		    realpath(path, self))
			return;
	}
}

/* The service is started from the root directory: both paths absolute. */
static enum end act_service(const struct run_params *params,
			    const char *program, bool add)
{
	char self[PATH_MAX], file[PATH_MAX] = "";

	find_self(program, self);
	if (add && !realpath(params->path, file)) {
		fprintf(stderr,
			"gw6c: %s cannot be found; write it first, or name "
			"the file with -f\n",
			params->path);
		return END_CONFIG;
	}
	return run_service(params, self, file, add);
}

static enum end act(const struct args *args, const char *program)
{
	char room[PATH_MAX];
	struct run_params params = {
		.path = args_file(args, program, room, sizeof(room)),
		.override = apply,
		.arg = args,
		.foreground = args->foreground,
		.dry_run = args->action == ARGS_DRY_RUN,
		.boot = args->boot,
	};

	switch (args->action) {
	case ARGS_HELP:
		args_help(stdout);
		return END_OK;
	case ARGS_VERSION:
		puts("gw6c " PACKAGE_VERSION);
		return END_OK;
	case ARGS_CHECK:
		return run_check(&params);
	case ARGS_LIST_PLUGINS:
		return run_list_plugins(&params);
	case ARGS_DESCRIBE:
		return describe(args, &params);
	case ARGS_STATUS:
		return run_status(&params, args->json);
	case ARGS_WAIT_UP:
		return run_wait_up(&params, args->wait_s);
	case ARGS_REGISTER:
		return act_service(&params, program, true);
	case ARGS_UNREGISTER:
		return act_service(&params, program, false);
	default:
		return run_serve(&params);
	}
}

int main(int argc, char **argv)
{
	struct args args;
	struct gw6c_err err = { 0 };

	daemon_stdio();
	setlocale(LC_CTYPE, "");
	if (args_parse(argc, argv, &args, &err) == GW6C_OK)
		return act(&args, argv[0]);
	fprintf(stderr, "gw6c: %s\n", err.text);
	return END_CONFIG;
}
