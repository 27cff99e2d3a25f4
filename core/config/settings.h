/* settings.h - every setting of gw6c.conf, checked: what the client obeys. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_CORE_CONFIG_SETTINGS_H
#define GW6C_CORE_CONFIG_SETTINGS_H

#include "conf.h"
#include "core/base/server_addr.h"
#include <gw6c/lease.h>
#include <gw6c/plugin.h>

#define SETTINGS_LIST 16

/* Text members point into this struct's own store, freed by
 * settings_free(). Empty text means "not set". Times in seconds. */
struct settings {
	/* Basic and router statements of the guide. */
	const char *userid, *passwd; /* wherever the password was kept */
	const char *passwd_file;
	const char *server; /* as written; default broker.freenet6.net */
	struct server_addr broker; /* the same, parsed */
	bool server_default; /* nobody configured one */
	bool router; /* host_type */
	int prefixlen;
	const char *if_prefix; /* as written */
	struct settings_lan {
		char dev[GW6C_DEV]; /* "" ends */
		uint64_t subnet; /* which /64 of the prefix, from 0 */
	} lan[GW6C_LANS + 1]; /* the same, parsed */
	const char *dns_server[SETTINGS_LIST + 1]; /* NULL ends */

	/* Advanced statements. */
	const char *gw6_dir, *auth_method;
	const char *client_v4, *client_v6; /* "auto" or a literal */
	const char *template_name; /* os plugin or script; "" means default */
	bool auto_retry_connect;
	int retry_delay, retry_delay_max;
	const char *tunnel_mode;
	bool proxy_client;
	bool keepalive;
	int keepalive_interval;
	int log_file, log_stderr, log_console, log_syslog;
	const char *log_filename, *syslog_facility;
	bool log_rotation, log_rotation_delete;
	int log_rotation_size; /* KiB */
	const char *last_server, *broker_list;
	bool always_use_same_server;

	/* Ours. */
	bool allow_plain; /* auth_method=any may send the password in clear */
	bool allow_weaker; /* than the last login at that broker */
	bool allow_v1; /* fall back below TSP 2.0.0 */
	const char *auth_list[SETTINGS_LIST + 1]; /* candidates of "any"; none:
						     all that are installed */
	const char *server_key_policy; /* "ask", "accept-new", "strict" */
	const char *server_keys; /* file of known server keys */
	const char *features[SETTINGS_LIST + 1]; /* feature plugins to load */
	const char *plugin_dir; /* "" : the built-in one */
	const char *run_dir, *state_dir; /* /run/gw6c, /var/lib/gw6c */
	const char *pid_file; /* "": run_dir/gw6c.pid */
	bool foreground;
	bool core_dumps; /* with the password in them */
	const char *on_refusal; /* "auto", "stop", "wait" */
	int mtu; /* 0: as the mode wants it */
	int metric;
	bool default_route;
};

/* Fill *out from conf. All mistakes are reported, not only the first: each
 * one line in errors ('\n' between), GW6C_ECONFIG then. No plugin is loaded. */
int settings_read(struct conf *conf, struct settings **out, char *errors,
		  size_t room);
/* Checks that depend on what tunnel_mode can do, once its plugin was loaded and
 * settings of older files have become options of plugins; with what follows
 * from the mode where the operator left it open. Mistakes as before. */
int settings_check_mode(struct settings *settings, struct conf *conf,
			const struct gw6c_tunnel_ops *mode, char *errors,
			size_t room);
/* Is this a setting that is neither ours nor KIND.NAME.KEY, and that nobody has
 * asked for? */
bool settings_is_unknown(const struct setting *at);
/* Warn of all that are, with the nearest name of ours or of more (ends with
 * NULL; may be NULL). */
void settings_unknown(struct conf *conf, const char *const *more);
void settings_free(struct settings *settings); /* wipes secrets */

/* Would the change from a to b need a new session? (SIGHUP) */
bool settings_same_session(const struct settings *a, const struct settings *b);

/* Where a file that a setting names is: absolute names and files of the
 * current directory as they are, anything else in state_dir. In room. */
const char *settings_path(const struct settings *settings, const char *name,
			  char *room, size_t len);

/* A line for each known key: name, type, default, meaning, for people. */
void settings_describe(void (*line)(void *arg, const char *text), void *arg);

#endif
