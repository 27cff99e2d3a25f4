/* options.c - the settings of gw6c-broker, checked. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "options.h"
#include "options_addrs.h"
#include "options_reader.h"
#include "options_words.h"
#include "users.h"
#include <ctype.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>

#define REALM_MAX 60 /* octets: keeps unauthenticated replies short */

enum type { TEXT, NUMBER, YES };

/* A key with a single value; lists are read separately. */
struct known {
	const char *key;
	enum type type;
	size_t offset;
	const char *text; /* default */
	long min, max, number;
};

#define AT(member) offsetof(struct options, member)

static const struct known known[] = {
	{ "realm", TEXT, AT(realm), "gw6c-broker", 0, 0, 0 },
	{ "keepalive_interval", NUMBER, AT(keepalive_interval), NULL, 0,
	  OPTIONS_KEEPALIVE_MAX_S, 0 },
	{ "lifetime", NUMBER, AT(lifetime), NULL, 60, 2678400, 86400 },
	{ "largest_prefix", NUMBER, AT(largest_prefix), NULL, 16, 64, 48 },
	{ "max_tunnels", NUMBER, AT(max_tunnels), NULL, 1, 60000, 1000 },
	{ "reserved_tunnels", NUMBER, AT(reserved_tunnels), NULL, 0, 60000,
	  -1 },
	{ "max_per_address", NUMBER, AT(max_per_address), NULL, 1, 60000, 64 },
	{ "max_per_network", NUMBER, AT(max_per_network), NULL, 1, 60000, 256 },
	{ "anonymous_idle", NUMBER, AT(anonymous_idle), NULL, 30, 86400, 300 },
	{ "mtu", NUMBER, AT(mtu), NULL, 1280, OPTIONS_MTU_MAX, 1280 },
	{ "metric", NUMBER, AT(metric), NULL, 1, INT_MAX, 1024 },
	{ "template", TEXT, AT(os), DEFAULT_OS, 0, 0, 0 },
	{ "tunnel_dev", TEXT, AT(tunnel_dev), "auto", 0, 0, 0 },
	{ "plugin_dir", TEXT, AT(plugin_dir), "", 0, 0, 0 },
	{ "run_dir", TEXT, AT(run_dir), RUNDIR "-broker", 0, 0, 0 },
	{ "state_dir", TEXT, AT(state_dir), STATEDIR "-broker", 0, 0, 0 },
	{ "pid_file", TEXT, AT(pid_file), "", 0, 0, 0 },
	{ "server_key", TEXT, AT(server_key), "", 0, 0, 0 },
	{ "tcp", YES, AT(tcp), NULL, 0, 0, 1 },
	{ "foreground", YES, AT(foreground), NULL, 0, 0, 0 },
	{ "core_dumps", YES, AT(core_dumps), NULL, 0, 0, 0 },
	{ "log_stderr", NUMBER, AT(log_stderr), NULL, 0, 4, 1 },
	{ "log_console", NUMBER, AT(log_console), NULL, 0, 4, 0 },
	{ "log_file", NUMBER, AT(log_file), NULL, 0, 4, 0 },
	{ "log_syslog", NUMBER, AT(log_syslog), NULL, 0, 4, 0 },
	{ "log_filename", TEXT, AT(log_filename), "gw6c-broker.log", 0, 0, 0 },
	{ "log_rotation", YES, AT(log_rotation), NULL, 0, 0, 1 },
	{ "log_rotation_size", NUMBER, AT(log_rotation_size), NULL, 16, 1048576,
	  1024 },
	{ "syslog_facility", TEXT, AT(syslog_facility), "DAEMON", 0, 0, 0 },
};

#define KNOWN (sizeof(known) / sizeof(known[0]))

static const char *const lists[] = { "listen",	     "auth",	  "pool6",
				     "pool4",	     "prefixes6", "server_v4",
				     "tunnel_modes", "versions",  "refuse",
				     "redirect",     "include" };

static int read_known(struct reader *reader, const struct known *item,
		      struct gw6c_err *err)
{
	char *at = (char *)reader->out + item->offset;
	const struct setting *setting = conf_get(reader->conf, item->key, 0);

	if (setting && !*setting->value)
		setting = NULL;
	switch (item->type) {
	case TEXT:
		*(const char **)at = setting ? setting->value : item->text;
		return setting ? conf_text(setting, false, err) : GW6C_OK;
	case NUMBER:
		*(long *)at = item->number;
		return setting ? conf_num(setting, item->min, item->max,
					  (long *)at, err)
			       : GW6C_OK;
	case YES:
		*(bool *)at = item->number != 0;
		return setting ? conf_yes(setting, (bool *)at, err) : GW6C_OK;
	}
	return GW6C_OK;
}

/* It is quoted in challenges, and is the suffix of domain names. */
static int check_realm(struct reader *reader, struct gw6c_err *err)
{
	const struct setting *at = conf_get(reader->conf, "realm", 0);

	for (const char *c = reader->out->realm; *c; c++)
		if (!isalnum((unsigned char)*c) && !strchr("-._", *c))
			return conf_fail(at, err,
					 "only letters, digits, '-', '.' and "
					 "'_' are allowed");
	if (strlen(reader->out->realm) > REALM_MAX)
		return conf_fail(at, err, "the maximum is %d octets",
				 REALM_MAX);
	return GW6C_OK;
}

static int check_keepalive(struct reader *reader, struct gw6c_err *err)
{
	const struct setting *at =
		conf_get(reader->conf, "keepalive_interval", 0);
	long interval = reader->out->keepalive_interval;

	if (!interval || interval >= OPTIONS_KEEPALIVE_MIN_S)
		return GW6C_OK;
	return conf_fail(at, err,
			 "must be 0 (as the client requests), or %d to "
			 "%d seconds",
			 OPTIONS_KEEPALIVE_MIN_S, OPTIONS_KEEPALIVE_MAX_S);
}

long options_reserved(const struct options *options)
{
	return options->reserved_tunnels < 0 ? options->max_tunnels / 4
					     : options->reserved_tunnels;
}

static int check_reserved(struct reader *reader, struct gw6c_err *err)
{
	const struct setting *at =
		conf_get(reader->conf, "reserved_tunnels", 0);

	if (reader->out->reserved_tunnels <= reader->out->max_tunnels)
		return GW6C_OK;
	return conf_fail(at, err,
			 "there are only %ld tunnels; reserve fewer, or raise "
			 "max_tunnels",
			 reader->out->max_tunnels);
}

static void check_log_file(struct reader *reader)
{
	const struct setting *at = conf_get(reader->conf, "log_filename", 0);
	const char *slash = at ? strrchr(at->value, '/') : NULL;
	char path[PATH_MAX];
	struct stat dir;

	if (!reader->out->log_file || !slash || slash == at->value)
		return;
	snprintf(path, sizeof(path), "%.*s", (int)(slash - at->value),
		 at->value);
	if (stat(path, &dir) || !S_ISDIR(dir.st_mode))
		conf_warn(reader->conf, at,
			  "its directory does not exist, so there will be no "
			  "log file; create it");
}

/* --- unknown keys ------------------------------------------------------ */

static void told(void *arg, const struct gw6c_err *err)
{
	options_error(arg, err);
}

static bool is_known(const char *key)
{
	for (size_t i = 0; i < KNOWN; i++)
		if (conf_same(known[i].key, key))
			return true;
	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++)
		if (conf_same(lists[i], key))
			return true;
	return users_is_key(key) || strncmp(key, "auth.", 5) == 0 ||
	       strncmp(key, "os.", 3) == 0;
}

static void warn_unknown(struct conf *conf)
{
	const char *names[KNOWN + sizeof(lists) / sizeof(lists[0]) + 1];
	char account[USERS_KEY];
	const struct setting *at;
	size_t n = 0;

	for (size_t i = 0; i < KNOWN; i++)
		names[n++] = known[i].key;
	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++)
		names[n++] = lists[i];
	names[n] = NULL;
	for (size_t i = 0; (at = conf_at(conf, i)); i++) {
		const char *near;

		if (is_known(at->key))
			continue;
		near = users_near(at->key, account);
		if (!near)
			near = conf_nearest(at->key, names);
		conf_warn(conf, at, "unknown key, ignored%s%s%s",
			  near ? "; did you mean \"" : "", near ? near : "",
			  near ? "\"?" : "");
	}
}

int options_read(struct conf *conf, struct options *out, char *errors,
		 size_t room)
{
	struct reader reader = { conf, out, errors, room };
	struct gw6c_err err = { 0 };

	memset(out, 0, sizeof(*out));
	*errors = 0;
	for (size_t i = 0; i < KNOWN; i++)
		if (read_known(&reader, &known[i], &err))
			options_error(&reader, &err);
	options_addrs(&reader);
	options_words(&reader);
	if (check_realm(&reader, &err))
		options_error(&reader, &err);
	if (check_keepalive(&reader, &err))
		options_error(&reader, &err);
	if (check_reserved(&reader, &err))
		options_error(&reader, &err);
	users_check(reader.conf, reader.out, told, &reader);
	check_log_file(&reader);
	warn_unknown(conf);
	return *errors ? GW6C_ECONFIG : GW6C_OK;
}

const char *options_server_key(const struct options *options, char *room,
			       size_t len)
{
	if (*options->server_key)
		snprintf(room, len, "%s", options->server_key);
	else
		snprintf(room, len, "%s/server_key.pem", options->state_dir);
	return room;
}

void options_free(struct options *options)
{
	for (int i = 0; i < options->auths; i++)
		free((char *)options->auth[i]);
	for (int i = 0; i < options->modes; i++)
		free((char *)options->mode[i]);
	options->auths = options->modes = 0;
}
