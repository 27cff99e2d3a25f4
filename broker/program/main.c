/* main.c - gw6c-broker: the command line. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "command_line.h"
#include "config.h"
#include "core/base/core_dumps.h"
#include "core/base/daemon.h"
#include "core/base/exit_status.h"
#include <locale.h>
#include <stdio.h>

static const char help[] =
	"gw6c-broker " PACKAGE_VERSION
	" - a small Tunnel Setup Protocol broker\n"
	"\n"
	"usage: gw6c-broker [options]\n"
	"       gw6c-broker [-f FILE] keygen\n"
	"\n"
	"  -f, --config=FILE       configuration file; also --file=FILE\n"
	"                          (default " CONFDIR "/gw6c-broker.conf)\n"
	"  -n, --foreground        stay in the foreground\n"
	"  -v, -vv, -vvv, -vvvv    log more to standard error\n"
	"      --verbose\n"
	"\n"
	"Instead of serving:\n"
	"  -h, --help              this text\n"
	"      --version           version number\n"
	"      --check             check configuration and plugins, change "
	"nothing\n"
	"      --status[=json]     state of the running broker; users and\n"
	"                          addresses are shown to root only\n"
	"      keygen              generate the server key\n"
	"\n"
	"SIGTERM stops the broker and reverts its changes; SIGHUP reloads the\n"
	"accounts. See gw6c-broker(8) and gw6c-broker.conf(5).\n";

static int act(const struct command_line *line)
{
	switch (line->command) {
	case COMMAND_HELP:
		fputs(help, stdout);
		return END_OK;
	case COMMAND_VERSION:
		puts("gw6c-broker " PACKAGE_VERSION);
		return END_OK;
	case COMMAND_CHECK:
		return broker_check(&line->args);
	case COMMAND_STATUS:
		return broker_status(&line->args, line->json);
	case COMMAND_KEYGEN:
		return broker_keygen(&line->args);
	default:
		return broker_serve(&line->args);
	}
}

int main(int argc, char **argv)
{
	struct command_line line;
	struct gw6c_err err = { 0 };

	daemon_stdio();
	core_dumps_allow(false);
	setlocale(LC_CTYPE, "");
	if (command_line_parse(argc, argv, &line, &err) == GW6C_OK)
		return act(&line);
	fprintf(stderr, "gw6c-broker: %s\n", err.text);
	return END_CONFIG;
}
