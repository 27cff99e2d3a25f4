/* main.c - gw6c-broker: the command line. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "broker.h"
#include "config.h"
#include "core/base/core_dumps.h"
#include "core/base/daemon.h"
#include "core/base/exit_status.h"
#include <getopt.h>
#include <locale.h>
#include <stdio.h>
#include <string.h>

enum { OPT_CHECK = 256, OPT_STATUS, OPT_VERSION };

static const char help[] =
	"gw6c-broker " PACKAGE_VERSION
	" - a small Tunnel Setup Protocol broker\n"
	"\n"
	"usage: gw6c-broker [-f FILE] [-n] [-v...]\n"
	"       gw6c-broker [-f FILE] --check | --status[=json] | keygen\n"
	"\n"
	"  -f, --file FILE     configuration file (default " CONFDIR
	"/gw6c-broker.conf)\n"
	"  -n, --foreground    stay in the foreground\n"
	"  -v, -vv, -vvv       log more to standard error\n"
	"      --check         check the configuration and exit\n"
	"      --status[=json] show the status of the running broker\n"
	"      keygen          generate the server key\n"
	"      --version       print the version and exit\n"
	"  -h, --help          print this help and exit\n"
	"\n"
	"SIGTERM stops the broker and reverts its changes; SIGHUP reloads the\n"
	"accounts. See gw6c-broker(8) and gw6c-broker.conf(5).\n";

static const struct option options[] = {
	{ "file", required_argument, NULL, 'f' },
	{ "config", required_argument, NULL, 'f' },
	{ "foreground", no_argument, NULL, 'n' },
	{ "verbose", no_argument, NULL, 'v' },
	{ "check", no_argument, NULL, OPT_CHECK },
	{ "check-config", no_argument, NULL, OPT_CHECK },
	{ "status", optional_argument, NULL, OPT_STATUS },
	{ "version", no_argument, NULL, OPT_VERSION },
	{ "help", no_argument, NULL, 'h' },
	{ NULL, 0, NULL, 0 },
};

static int usage(const char *why)
{
	fprintf(stderr, "gw6c-broker: %s\nTry \"gw6c-broker --help\".\n", why);
	return END_CONFIG;
}

int main(int argc, char **argv)
{
	struct broker_args args = { .file = CONFDIR "/gw6c-broker.conf" };
	int option, action = 0;
	bool json = false;

	daemon_stdio();
	core_dumps_allow(false);
	setlocale(LC_CTYPE, "");
	while ((option = getopt_long(argc, argv, "f:nvh", options, NULL)) !=
	       -1) {
		switch (option) {
		case 'f':
			args.file = optarg;
			break;
		case 'n':
			args.foreground = true;
			break;
		case 'v':
			args.verbose++;
			break;
		case 'h':
			fputs(help, stdout);
			return END_OK;
		case OPT_VERSION:
			puts("gw6c-broker " PACKAGE_VERSION);
			return END_OK;
		case OPT_STATUS:
			json = optarg && strcmp(optarg, "json") == 0;
			if (optarg && !json && strcmp(optarg, "text") != 0)
				return usage("--status accepts text or json");
			action = option;
			break;
		case OPT_CHECK:
			action = option;
			break;
		default:
			return usage("see the message above");
		}
	}
	if (optind + 1 == argc && !action &&
	    strcmp(argv[optind], "keygen") == 0)
		return broker_keygen(&args);
	if (optind < argc)
		return usage("unexpected argument; the only command is keygen");
	if (action == OPT_CHECK)
		return broker_check(&args);
	if (action == OPT_STATUS)
		return broker_status(&args, json);
	return broker_serve(&args);
}
