/* args_help.c - the text of gw6c -h. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifdef HAVE_CONFIG_H
#include "config.h"
#endif
#include "args.h"

void args_help(FILE *to)
{
	fputs("gw6c " PACKAGE_VERSION
	      " - IPv6 tunnels from a TSP broker (RFC 5572)\n"
	      "\n"
	      "usage: gw6c [options]\n"
	      "\n"
	      "Sets up the tunnel that gw6c.conf asks for, and goes to the "
	      "background.\n"
	      "\n"
	      "  -f, --config=FILE       configuration file\n"
	      "  -n, --foreground        stay in the foreground\n"
	      "  -b, --boot              give up after the first failed "
	      "attempt\n"
	      "  -y, --yes               take the key of an unknown server "
	      "without asking\n"
	      "  -v, -vv, -vvv, -vvvv    tell more on standard error: result, "
	      "phases,\n"
	      "      --verbose           TSP dialogue, keepalives\n"
	      "\n"
	      "These replace settings of the file:\n"
	      "  -i, --if-v6v4=NAME      tunnel interface of mode v6v4\n"
	      "  -u, --if-v6udpv4=NAME   tunnel interface of mode v6udpv4\n"
	      "  -s, --if-prefix=NAME    interface that advertises the "
	      "prefix;\n"
	      "                          an IPv4 address here is client_v4\n"
	      "  -r, --retry-delay=N     seconds before the next attempt\n"
	      "\n"
	      "Instead of a tunnel:\n"
	      "  -h, --help              this text\n"
	      "      --version           version number\n"
	      "      --check             check configuration and plugins, "
	      "change nothing\n"
	      "      --dry-run           ask the broker, show what would be "
	      "done\n"
	      "      --status[=json]     how the running client does\n"
	      "      --list-plugins      plugins that are installed\n"
	      "      --describe=NAME     options of a plugin, as auth:plain; "
	      "or \"settings\"\n"
	      "      --register          install the system service (does not "
	      "start it)\n"
	      "      --unregister        stop and remove the system service\n"
	      "\n"
	      "  --start-minimized is of the graphical client of Windows, and "
	      "ignored.\n"
	      "\n"
	      "The configuration is explained in gw6c.conf(5), and in short "
	      "by\n"
	      "gw6c --describe=settings.\n",
	      to);
}
