/* settings_keys.c - the one table of every key of gw6c.conf. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "settings_parts.h"
#include "settings_store.h"

#define AT(member) offsetof(struct settings, member)
#define LIST(...) ((const char *const[]){ __VA_ARGS__, NULL })
/* name, type, member, default, min, max */
#define KEY(n, t, m, d, low, high)                                             \
	.name = n, .type = t, .offset = AT(m), .fallback = d, .min = low,      \
	.max = high
#define TEXT(n, t, m, d, high) KEY(n, t, m, d, 0, high)
#define YES(n, m, d) KEY(n, KEY_YES, m, d, 0, 1)
#define NEW_SESSION .session = true

#define PATH_OCTETS 1023

/* clang-format off */
const struct key settings_keys[] = {
	/* Basic statements of the guide. */
	{ TEXT("userid", KEY_TEXT, userid, "", 253), NEW_SESSION,
	  .meaning = "login name at the broker" },
	{ TEXT("passwd", KEY_SECRET, passwd, "", 128), NEW_SESSION,
	  .meaning = "password of userid" },
	{ TEXT("passwd_file", KEY_PATH, passwd_file, "", PATH_OCTETS),
	  NEW_SESSION,
	  .meaning = "file whose first line is the password of userid" },
	{ TEXT("server", KEY_SERVER, server, "broker.freenet6.net", 1025),
	  NEW_SESSION,
	  .meaning = "broker: name, IPv4 or [IPv6], with :port if not 3653" },

	/* Router mode. */
	{ KEY("host_type", KEY_PAIR, router, "host", 0, 1), NEW_SESSION,
	  .words = LIST("host", "router"),
	  .meaning = "router asks for a prefix for the network at if_prefix" },
	{ KEY("prefixlen", KEY_NUM, prefixlen, "48", 1, 128), NEW_SESSION,
	  .meaning = "length of the prefix to ask for as a router" },
	{ TEXT("if_prefix", KEY_TEXT, if_prefix, "", 255), NEW_SESSION,
	  .meaning = "interfaces that get a /64 each: NAME or NAME:SUBNET" },
	{ TEXT("dns_server", KEY_HOSTS, dns_server, "", 1025), NEW_SESSION,
	  .meaning = "name servers of the prefix's reverse zone" },

	/* Advanced statements. */
	{ TEXT("gw6_dir", KEY_PATH, gw6_dir, "", PATH_OCTETS), NEW_SESSION,
	  .meaning = "directory whose template/ holds scripts" },
	{ TEXT("auth_method", KEY_NAME, auth_method, DEFAULT_AUTH, 64),
	  NEW_SESSION,
	  .meaning = "how to log in; any: the best that both ends support" },
	{ TEXT("client_v4", KEY_ADDR4, client_v4, "auto", 64), NEW_SESSION,
	  .meaning = "our IPv4 address outside the tunnel" },
	{ TEXT("client_v6", KEY_ADDR6, client_v6, "auto", 64), NEW_SESSION,
	  .meaning = "our IPv6 address outside a tunnel over IPv6" },
	{ TEXT("template", KEY_TEMPLATE, template_name, "", PATH_OCTETS),
	  NEW_SESSION,
	  .meaning = "OS backend or script that sets up the tunnel" },
	{ YES("auto_retry_connect", auto_retry_connect, "yes"),
	  .meaning = "reconnect after a keepalive timeout" },
	{ KEY("retry_delay", KEY_NUM, retry_delay, "30", 0, 3600),
	  .meaning = "first retry delay in seconds; doubled each time" },
	{ KEY("retry_delay_max", KEY_NUM, retry_delay_max, "300", 0, 3600),
	  .meaning = "longest retry delay in seconds" },
	{ TEXT("tunnel_mode", KEY_NAME, tunnel_mode, DEFAULT_MODE, 63),
	  NEW_SESSION,
	  .meaning = "encapsulation to request" },
	{ YES("proxy_client", proxy_client, "no"), NEW_SESSION,
	  .meaning = "the tunnel ends at another router, not here" },
	{ YES("keepalive", keepalive, "yes"), NEW_SESSION,
	  .meaning = "keep the tunnel and NAT mappings alive, detect loss" },
	{ KEY("keepalive_interval", KEY_NUM, keepalive_interval, "30", 0,
	      1000000), NEW_SESSION,
	  .meaning = "seconds between keepalives; 30 to 110 is recommended" },
	{ KEY("log_file", KEY_NUM, log_file, "0", 0, 4),
	  .meaning = "level of log_filename, 0 is off" },
	{ KEY("log_stderr", KEY_NUM, log_stderr, "1", 0, 4),
	  .meaning = "level of standard error" },
	{ KEY("log_console", KEY_NUM, log_console, "0", 0, 4),
	  .meaning = "level of standard output" },
	{ KEY("log_syslog", KEY_NUM, log_syslog, "0", 0, 4),
	  .meaning = "level of syslog" },
	{ TEXT("log_filename", KEY_PATH, log_filename, "gw6c.log",
	       PATH_OCTETS),
	  .meaning = "log file" },
	{ YES("log_rotation", log_rotation, "yes"),
	  .meaning = "rotate the log file when it is large" },
	{ KEY("log_rotation_size", KEY_SIZE, log_rotation_size, "32", 16, 1024),
	  .words = LIST("16", "32", "128", "1024"),
	  .meaning = "largest size of the log file, in KiB" },
	{ YES("log_rotation_delete", log_rotation_delete, "no"),
	  .meaning = "delete old log files" },
	{ TEXT("syslog_facility", KEY_WORD, syslog_facility, "USER", 16),
	  .words = LIST("USER", "DAEMON", "LOCAL0", "LOCAL1", "LOCAL2",
			"LOCAL3", "LOCAL4", "LOCAL5", "LOCAL6", "LOCAL7"),
	  .meaning = "facility of syslog messages" },
	{ TEXT("last_server", KEY_PATH, last_server, "tsp-last-server.txt",
	       PATH_OCTETS),
	  .meaning = "file that remembers the last good broker" },
	{ YES("always_use_same_server", always_use_same_server, "no"),
	  .meaning = "start with the broker of last_server" },
	{ TEXT("broker_list", KEY_PATH, broker_list, "tsp-broker-list.txt",
	       PATH_OCTETS),
	  .meaning = "file that keeps the brokers of a redirection" },

	/* Ours. */
	{ YES("allow_plain", allow_plain, "no"), NEW_SESSION,
	  .meaning = "auth_method=any may send the password unencrypted" },
	{ YES("allow_weaker", allow_weaker, "no"), NEW_SESSION,
	  .meaning = "auth_method=any may log in weaker than last time" },
	{ YES("allow_v1", allow_v1, "no"), NEW_SESSION,
	  .meaning = "speak TSP 1.0.1 to brokers older than 2.0.0" },
	{ TEXT("auth_list", KEY_NAMES, auth_list, "", 1023), NEW_SESSION,
	  .meaning = "mechanisms that auth_method=any may use; empty: all" },
	{ TEXT("server_key_policy", KEY_WORD, server_key_policy, "ask", 16),
	  NEW_SESSION,
	  .words = LIST("ask", "accept-new", "strict"),
	  .meaning = "unknown server key: ask on a terminal, accept, refuse" },
	{ TEXT("server_keys", KEY_PATH, server_keys, "gw6ckeys.pub",
	       PATH_OCTETS), NEW_SESSION,
	  .meaning = "file of known server keys" },
	{ TEXT("features", KEY_NAMES, features, "", 1023), NEW_SESSION,
	  .meaning = "feature plugins to load" },
	{ TEXT("plugin_dir", KEY_PATH, plugin_dir, "", PATH_OCTETS),
	  NEW_SESSION, .meaning = "plugin directories, separated by \":\"" },
	{ TEXT("run_dir", KEY_PATH, run_dir, RUNDIR, PATH_OCTETS),
	  .meaning = "directory of the pid, status and journal files" },
	{ TEXT("state_dir", KEY_PATH, state_dir, STATEDIR, PATH_OCTETS),
	  .meaning = "directory of files that survive a reboot" },
	{ TEXT("pid_file", KEY_PATH, pid_file, "", PATH_OCTETS),
	  .meaning = "pid file, if not gw6c.pid in run_dir" },
	{ YES("foreground", foreground, "no"),
	  .meaning = "stay in the foreground, for service managers" },
	{ YES("core_dumps", core_dumps, "no"),
	  .meaning = "a crash may leave a core file, with secrets in it" },
	{ TEXT("on_refusal", KEY_WORD, on_refusal, "auto", 8), NEW_SESSION,
	  .words = LIST("auto", "stop", "wait"),
	  .meaning = "the broker refuses: end, or wait and ask again" },
	{ KEY("mtu", KEY_NUM, mtu, "0", 0, 65535), NEW_SESSION,
	  .meaning = "MTU of the tunnel, 1280 or more; 0: the mode's own" },
	{ KEY("metric", KEY_NUM, metric, "2048", 1, 1000000), NEW_SESSION,
	  .meaning = "metric of our routes" },
	{ YES("default_route", default_route, "yes"), NEW_SESSION,
	  .meaning = "route everything through the tunnel" },
	{ .name = NULL },
};
/* clang-format on */

const struct alias settings_aliases[] = {
	{ "gogoc_dir", "gw6_dir", true },
	{ "tsp_dir", "gw6_dir", false },
	{ "username", "userid", false },
	{ "retry_max_delay", "retry_delay_max", false },
	{ .name = NULL },
};
