/* check_main.c - gw6c-plugin-check: does a module keep the plugin contract? */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "check.h"
#include "config.h"
#include "core/base/log.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <locale.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define PATIENCE_S 240 /* for all checks of one module */

static const char usage[] =
	"usage: gw6c-plugin-check [-tv] [-o KIND.NAME.KEY=VALUE] MODULE.so...\n"
	"Checks that plugins of gw6c keep their contract, gw6c-plugin(7).\n"
	"\n"
	"  -o, --option=KIND.NAME.KEY=VALUE\n"
	"                   an option as gw6c.conf would set it\n"
	"  -t, --tap        print TAP, for programs\n"
	"  -v, --verbose    what the plugins log, on standard error\n"
	"  -h, --help       this text\n"
	"  -V, --version    the version, and the plugin ABI\n"
	"\n"
	"Every module is loaded in a process of its own; an OS backend sets up\n"
	"interfaces in a network namespace of its own, and nowhere else. Exit\n"
	"status: 0 nothing failed, 1 something did, 2 wrong usage.\n";

struct request {
	struct conf *conf;
	bool tap, verbose;
};

static void check_kind(struct module *module, const char *nowhere)
{
	switch (module->plugin->kind) {
	case GW6C_AUTH:
		check_auth(module);
		break;
	case GW6C_TUNNEL:
		check_tunnel(module);
		break;
	case GW6C_OS:
		check_os(module, nowhere);
		break;
	case GW6C_FEATURE:
		check_feature(module);
		break;
	}
}

/* All that happens is of no consequence there, and can be told. */
static void in_corner(struct module *module)
{
	char why[CHECK_WHY], differs[CHECK_WHY];
	bool corner = kernel_corner(why);
	char *before;

	if (corner && module->plugin->kind == GW6C_FEATURE)
		kernel_void();
	before = corner ? kernel_look() : NULL;
	check_kind(module, corner ? NULL : why);
	report_try("leaves the network and its sysctl values as they were");
	if (corner) {
		kernel_differs(before, kernel_look(), differs);
		report(!differs[0], "%s", differs);
	} else {
		report_skip("%s", why);
	}
	report_try("asks for no option that it does not declare");
	report(!module_logged(module, "which it does not declare"),
	       "the log says which: use -v");
	call_report();
}

static void open_log(const char *path)
{
	struct log_settings log = { .ident = "gw6c-plugin-check",
				    .to_file = 4,
				    .path = path,
				    .facility = "USER" };
	struct gw6c_err err = { 0 };

	if (log_open(&log, &err))
		report_note("%s", err.text);
}

static void in_child(const struct request *request, const char *path,
		     const char *dir, int output)
{
	struct module module = { .conf = request->conf };
	struct gw6c_err err = { 0 };
	char log[64];

	snprintf(log, sizeof(log), "%s/log", dir);
	module.log = log;
	signal(SIGPIPE, SIG_IGN); /* as gw6c does */
	output_take(output);
	open_log(log);
	if (conf_set(module.conf, "run_dir", dir, "", &err))
		report_note("%s", err.text);
	if (module_open(&module, path))
		in_corner(&module);
	output_report(output);
	log_close();
}

static void remove_dir(const char *dir)
{
	DIR *at = opendir(dir);
	const struct dirent *file;

	while (at && (file = readdir(at)))
		unlinkat(dirfd(at), file->d_name, 0);
	if (at)
		closedir(at);
	rmdir(dir);
}

/* False: it went well to its end. */
static bool tell_end(int status)
{
	char why[150];

	if (WIFEXITED(status) && WEXITSTATUS(status) == 0 && report_is_done())
		return false;
	if (WIFEXITED(status))
		snprintf(why, sizeof(why), "it ended the process, status %d",
			 WEXITSTATUS(status));
	else if (WTERMSIG(status) == SIGALRM)
		snprintf(why, sizeof(why),
			 "%s() had not returned after %d s; a plugin never "
			 "blocks",
			 report_called(), CALL_LIMIT_S);
	else if (WTERMSIG(status) == SIGKILL)
		snprintf(why, sizeof(why),
			 "all checks had not ended after "
			 "%d s",
			 PATIENCE_S);
	else
		snprintf(why, sizeof(why), "it died: %s",
			 strsignal(WTERMSIG(status)));
	report_died(why);
	return true;
}

/* Its status; a module may keep the process for ever. */
static int wait_for(pid_t child)
{
	const struct timespec limit = { .tv_sec = PATIENCE_S };
	int status = 0;
	sigset_t ended;

	sigemptyset(&ended);
	sigaddset(&ended, SIGCHLD);
	if (sigtimedwait(&ended, NULL, &limit) < 0 && errno == EAGAIN)
		kill(child, SIGKILL);
	while (waitpid(child, &status, 0) < 0 && errno == EINTR)
		;
	return status;
}

static void show_log(const char *dir)
{
	char path[64];
	int fd;

	snprintf(path, sizeof(path), "%s/log", dir);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	output_show(fd, true);
}

static pid_t start_child(const struct request *request, const char *path,
			 const char *dir, int output)
{
	sigset_t ended, before;
	pid_t child;

	sigemptyset(&ended);
	sigaddset(&ended, SIGCHLD);
	sigprocmask(SIG_BLOCK, &ended, &before);
	child = fork();
	if (child != 0)
		return child;
	sigprocmask(SIG_SETMASK, &before, NULL);
	in_child(request, path, dir, output);
	report_done();
	exit(0);
}

/* A module may kill the process, or keep it for ever. */
static bool check_one(const struct request *request, const char *path)
{
	char dir[] = "/tmp/gw6c-plugin-check-XXXXXX";
	const char *slash = strrchr(path, '/');
	int output = output_new();
	bool died = false;
	pid_t child;

	if (!mkdtemp(dir)) {
		fprintf(stderr, "gw6c-plugin-check: %s: %s\n", dir,
			strerror(errno));
		output_show(output, false);
		return false;
	}
	report_module(slash ? slash + 1 : path);
	child = start_child(request, path, dir, output);
	if (child > 0)
		died = tell_end(wait_for(child));
	if (request->verbose)
		show_log(dir);
	output_show(output, died || request->verbose);
	remove_dir(dir);
	return child > 0;
}

static bool add_option(struct conf *conf, const char *text)
{
	const char *equals = strchr(text, '=');
	struct gw6c_err err = { 0 };
	char key[200];

	if (!equals || (size_t)(equals - text) >= sizeof(key))
		return false;
	snprintf(key, sizeof(key), "%.*s", (int)(equals - text), text);
	if (!conf_set(conf, key, equals + 1, "-o", &err))
		return true;
	fprintf(stderr, "gw6c-plugin-check: %s\n", err.text);
	return false;
}

/* -1: go on, else the exit status. */
static int read_options(int argc, char **argv, struct request *request)
{
	static const struct option longs[] = {
		{ "option", required_argument, NULL, 'o' },
		{ "tap", no_argument, NULL, 't' },
		{ "verbose", no_argument, NULL, 'v' },
		{ "help", no_argument, NULL, 'h' },
		{ "version", no_argument, NULL, 'V' },
		{ NULL, 0, NULL, 0 },
	};
	int option;

	while ((option = getopt_long(argc, argv, "o:tvhV", longs, NULL)) >= 0) {
		if (option == 't') {
			request->tap = true;
		} else if (option == 'v') {
			request->verbose = true;
		} else if (option == 'h') {
			fputs(usage, stdout);
			return 0;
		} else if (option == 'V') {
			printf("gw6c-plugin-check %s, plugin ABI %d\n",
			       PACKAGE_VERSION, GW6C_ABI);
			return 0;
		} else if (option != 'o' ||
			   !add_option(request->conf, optarg)) {
			fputs(usage, stderr);
			return 2;
		}
	}
	if (optind < argc)
		return -1;
	fputs(usage, stderr);
	return 2;
}

int main(int argc, char **argv)
{
	struct request request = { .conf = conf_new() };
	bool all = true;
	int end;

	setlocale(LC_MESSAGES, "");
	if (!request.conf)
		return 2;
	end = read_options(argc, argv, &request);
	if (end < 0 && !report_start(request.tap))
		end = 2;
	if (end < 0) {
		for (int i = optind; i < argc; i++)
			all &= check_one(&request, argv[i]);
		end = report_end();
		if (!all)
			end = 1;
	}
	conf_free(request.conf);
	return end;
}
