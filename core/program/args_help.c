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
	      "Sets up the tunnel configured in gw6c.conf and goes to the "
	      "background.\n"
	      "\n"
	      "  -f, --config=FILE       configuration file\n"
	      "  -n, --foreground        stay in the foreground\n"
	      "  -b, --boot              give up after the first failed "
	      "attempt\n"
	      "  -y, --yes               accept the key of an unknown server "
	      "without asking\n"
	      "  -v, -vv, -vvv, -vvvv    log more to standard error: result, "
	      "phases,\n"
	      "      --verbose           TSP dialogue, keepalives\n"
	      "\n"
	      "These override settings of the file:\n"
	      "  -i, -u NAME             tunnel interface of the modes that "
	      "declare it,\n"
	      "                          see --describe\n"
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
	      "      --status[=json]     state of the running client\n"
	      "      --list-plugins      list the installed plugins\n"
	      "      --describe=NAME     options of a plugin, as auth:NAME; "
	      "or \"settings\"\n"
	      "      --register          install the system service (does "
	      "not start it)\n"
	      "      --unregister        stop and remove the system service\n"
	      "\n"
	      "  --start-minimized, of the graphical Windows client, is "
	      "ignored.\n"
	      "\n"
	      "The configuration is described in gw6c.conf(5) and, briefly, "
	      "by\n"
	      "gw6c --describe=settings.\n",
	      to);
}
