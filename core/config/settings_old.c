/* settings_old.c - what files of older clients say in ways of their own. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "settings_parts.h"
#include "settings_store.h"
#include <string.h>
#include <strings.h>

#define SHOWN 80 /* octets of a value in a message */

static void warn_alias(struct conf *conf, const struct alias *alias)
{
	const struct setting *at = conf_get(conf, alias->name, 0);
	const struct setting *own = conf_get(conf, alias->key, 0);
	const struct setting *best = settings_find(conf, alias->key);

	if (!at || !*at->value)
		return;
	if (best && best != at)
		conf_warn(conf, at, "ignored; overridden by %s at %s:%d",
			  best->key, best->file, best->line);
	else if (own && *own->value)
		conf_warn(conf, at, "overrides %s at %s:%d", own->key,
			  own->file, own->line);
	else if (!alias->newer)
		conf_warn(conf, at, "is an old name of %s", alias->key);
}

/* The member of a sink "console", "stderr", "file" or "syslog". */
static int *sink(struct reader *reader, const char *name, size_t len,
		 const char **key)
{
	struct settings *settings = reader->settings;
	struct {
		const char *name, *key;
		int *level;
	} sinks[] = {
		{ "console", "log_console", &settings->log_console },
		{ "stderr", "log_stderr", &settings->log_stderr },
		{ "file", "log_file", &settings->log_file },
		{ "syslog", "log_syslog", &settings->log_syslog },
	};

	for (size_t i = 0; i < sizeof(sinks) / sizeof(sinks[0]); i++)
		if (strlen(sinks[i].name) == len &&
		    strncasecmp(sinks[i].name, name, len) == 0) {
			*key = sinks[i].key;
			return sinks[i].level;
		}
	return NULL;
}

/* log=DEVICE, log=DEVICE=LEVEL or log=DEVICE:LEVEL. */
static int old_log(struct reader *reader, const struct setting *at,
		   struct gw6c_err *err)
{
	size_t len = strcspn(at->value, "=: \t");
	const char *level = at->value + len;
	struct setting number = *at;
	const char *key;
	long value = 1;
	int *member = sink(reader, at->value, len, &key);

	if (!member)
		return conf_fail(at, err,
				 "expected console, stderr, file or syslog, "
				 "got \"%.*s\"; set log_stderr=1 or the like",
				 SHOWN, at->value);
	number.value = level + strspn(level, "=: \t");
	if (*number.value && conf_num(&number, 0, 4, &value, err))
		return err->rc;
	if (settings_find(reader->conf, key)) {
		conf_warn(reader->conf, at, "is obsolete; %s takes precedence",
			  key);
		return GW6C_OK;
	}
	conf_warn(reader->conf, at, "is obsolete; set %s=%ld", key, value);
	*member = (int)value;
	return GW6C_OK;
}

/* syslog=yes with syslog_level=N. */
static int old_syslog(struct reader *reader, struct gw6c_err *err)
{
	const struct setting *at = conf_get(reader->conf, "syslog", 0);
	const struct setting *level = conf_get(reader->conf, "syslog_level", 0);
	bool on = false;
	long value = 1;

	if (at && *at->value && conf_yes(at, &on, err))
		return err->rc;
	if (level && *level->value && conf_num(level, 0, 4, &value, err))
		return err->rc;
	if (!on)
		value = 0;
	if (at)
		conf_warn(reader->conf, at, "is obsolete; set log_syslog=%ld",
			  value);
	if (on && !settings_find(reader->conf, "log_syslog"))
		reader->settings->log_syslog = (int)value;
	return GW6C_OK;
}

/* The interface whose address the tunnel began at; old files of that time
 * took an address too. */
static int old_source(struct reader *reader, struct gw6c_err *err)
{
	const struct setting *at = conf_get(reader->conf, "if_source", 0);
	struct gw6c_addr addr;

	if (!at || !*at->value)
		return GW6C_OK;
	if (settings_find(reader->conf, "client_v4") ||
	    !gw6c_addr_parse(at->value, &addr) || addr.family != 4) {
		conf_warn(reader->conf, at,
			  "has no effect; client_v4 sets the address, auto "
			  "detects it");
		return GW6C_OK;
	}
	conf_warn(reader->conf, at, "is an old name of client_v4");
	reader->settings->client_v4 =
		settings_keep(reader->settings, at->value, strlen(at->value));
	if (!reader->settings->client_v4)
		return gw6c_fail(err, GW6C_EOS, "out of memory");
	return GW6C_OK;
}

/* The broker's IPv6 address for a tunnel over IPv6, once beside "server". */
static int old_address(struct reader *reader,
		       const struct gw6c_tunnel_ops *mode, struct gw6c_err *err)
{
	const struct setting *at = conf_get(reader->conf, "server_address", 0);
	struct settings *settings = reader->settings;
	struct gw6c_err why = { 0 };

	if (!at || !*at->value)
		return GW6C_OK;
	if (mode->outer != 6 || (!settings->server_default &&
				 settings->broker.literal.family != 4)) {
		conf_warn(reader->conf, at,
			  "has no effect; server takes precedence");
		return GW6C_OK;
	}
	if (server_addr_parse(at->value, &settings->broker, &why))
		return conf_fail(at, err, "%s", why.text);
	conf_warn(reader->conf, at, "is obsolete; set server=%s", at->value);
	settings->server =
		settings_keep(settings, at->value, strlen(at->value));
	settings->server_default = false;
	if (!settings->server)
		return gw6c_fail(err, GW6C_EOS, "out of memory");
	return GW6C_OK;
}

void settings_old_mode(struct reader *reader,
		       const struct gw6c_tunnel_ops *mode)
{
	struct gw6c_err err = { 0 };

	if (old_address(reader, mode, &err))
		settings_error(reader, &err);
}

static void warn_useless(struct conf *conf)
{
	static const char *const names[] = { "tsp_version", "dslite_server",
					     "dslite_client" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const struct setting *at = conf_get(conf, names[i], 0);

		if (at && *at->value)
			conf_warn(conf, at, "has no effect any more");
	}
}

void settings_old(struct reader *reader)
{
	int (*const each[])(struct reader *,
			    struct gw6c_err *) = { old_syslog, old_source };
	const struct setting *at;

	for (const struct alias *alias = settings_aliases; alias->name; alias++)
		warn_alias(reader->conf, alias);
	for (int i = 0; (at = conf_get(reader->conf, "log", i)); i++) {
		struct gw6c_err err = { 0 };

		if (*at->value && old_log(reader, at, &err))
			settings_error(reader, &err);
	}
	for (size_t i = 0; i < sizeof(each) / sizeof(each[0]); i++) {
		struct gw6c_err err = { 0 };

		if (each[i](reader, &err))
			settings_error(reader, &err);
	}
	conf_get(reader->conf, "server_address", 0); /* settings_old_mode() */
	warn_useless(reader->conf);
}
