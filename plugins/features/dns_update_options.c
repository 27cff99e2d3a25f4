/* dns_update_options.c - the options of the feature dns-update. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "dns_update.h"

static const struct gw6c_opt options[] = {
	{ .key = "enabled",
	  .type = GW6C_YES,
	  .fallback = "no",
	  .summary = "publish names for the tunnel's addresses",
	  .flags = GW6C_OPT_LOADS },
	{ .key = "by",
	  .type = GW6C_WORD,
	  .fallback = "print",
	  .summary = "how: print them, nsupdate, ddns-proxy or command",
	  .words = "print nsupdate ddns-proxy command" },
	{ .key = "domain",
	  .type = GW6C_STR,
	  .summary = "domain of the names; else that of the broker" },
	{ .key = "name",
	  .type = GW6C_STR,
	  .fallback = "@",
	  .summary = "our own name in it; @: the domain; none" },
	{ .key = "names",
	  .type = GW6C_STR,
	  .summary = "more: NAME=ADDRESS or NAME=ADDRESS/SERVICE/PORT",
	  .flags = GW6C_OPT_LIST },
	{ .key = "ttl",
	  .type = GW6C_DURATION,
	  .fallback = "300",
	  .summary = "how long others may remember them",
	  .min = 30,
	  .max = 86400 },
	{ .key = "server",
	  .type = GW6C_STR,
	  .summary = "name server for nsupdate; else the zone's primary" },
	{ .key = "port",
	  .type = GW6C_PORT,
	  .fallback = "53",
	  .summary = "of that server" },
	{ .key = "zone",
	  .type = GW6C_STR,
	  .summary = "zone for nsupdate; else it is looked up" },
	{ .key = "key",
	  .type = GW6C_PATH,
	  .summary = "file with the key of TSIG, as of tsig-keygen",
	  .flags = GW6C_OPT_OWN },
	{ .key = "program",
	  .type = GW6C_STR,
	  .fallback = "nsupdate",
	  .summary = "name or path of nsupdate" },
	{ .key = "command",
	  .type = GW6C_PATH,
	  .summary = "program that is run with add or delete",
	  .flags = GW6C_OPT_OWN },
	{ .key = "user",
	  .type = GW6C_STR,
	  .summary = "user that nsupdate or the command runs as" },
	{ .key = "proxy_port",
	  .type = GW6C_PORT,
	  .fallback = "853",
	  .summary = "of the broker's DDNS proxy" },
	{ .key = "journal",
	  .type = GW6C_PATH,
	  .fallback = DNS_JOURNAL,
	  .summary = "file that remembers what is published",
	  .flags = GW6C_OPT_OWN },
	{ .key = NULL },
};

const struct dns_backend *dns_backend_of(const struct gw6c_host *host)
{
	static const struct dns_backend *const all[] = { &dns_nsupdate,
							 &dns_proxy,
							 &dns_command };

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		if (strcmp(host->str(host, "by"), all[i]->name) == 0)
			return all[i];
	return &dns_print;
}

GW6C_PLUGIN(feature_dns_update) = {
	GW6C_HEAD(GW6C_FEATURE, "dns-update",
		  "names in the domain name system for the tunnel's addresses"),
	.opts = options,
	.feature = &dns_ops,
};
