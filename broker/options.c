/* options.c - the settings of gw6c-broker, checked. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "options.h"
#include "pool.h"
#include "users.h"
#include <ctype.h>
#include <limits.h>
#include <stdlib.h>
#include <strings.h>

#define KEEPALIVE_MIN_S 5
#define REALM_MAX 60 /* octets: challenges to strangers stay short */

enum type { TEXT, NUMBER, YES };

/* One key that stands for itself; lists are read by hand below. */
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
	{ "keepalive_interval", NUMBER, AT(keepalive_interval), NULL, 0, 3600,
	  0 },
	{ "lifetime", NUMBER, AT(lifetime), NULL, 60, 2678400, 86400 },
	{ "largest_prefix", NUMBER, AT(largest_prefix), NULL, 16, 64, 48 },
	{ "max_tunnels", NUMBER, AT(max_tunnels), NULL, 1, 60000, 1000 },
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

const char *mode_name(enum mode mode)
{
	static const char *const names[] = { "v6udpv4", "v6v4", "v4v6" };

	return names[mode];
}

/* What the readers share: where mistakes go. */
struct reader {
	struct conf *conf;
	struct options *out;
	char *errors;
	size_t room;
};

static void reader_error(struct reader *reader, const struct gw6c_err *err)
{
	size_t used = strlen(reader->errors);

	snprintf(reader->errors + used, reader->room - used, "%s\n", err->text);
}

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
		return GW6C_OK;
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

/* Call back for each word of a list: "a b, c", or elements of libconfig. */
static void each_word(struct reader *reader, const char *key,
		      int (*call)(struct reader *reader,
				  const struct setting *at, const char *word,
				  struct gw6c_err *err))
{
	const struct setting *at;

	for (int i = 0; (at = conf_get(reader->conf, key, i)); i++) {
		char *text = strdup(at->value), *rest = text, *word;

		while (text && (word = strsep(&rest, " ,\t"))) {
			struct gw6c_err err = { 0 };

			if (*word && call(reader, at, word, &err))
				reader_error(reader, &err);
		}
		free(text);
	}
}

static int add_listen(struct reader *reader, const struct setting *at,
		      const char *word, struct gw6c_err *err)
{
	struct options *out = reader->out;
	struct tsp_server server;
	struct gw6c_err why = { 0 };

	if (out->listens == OPTIONS_LIST)
		return conf_fail(at, err, "more than %d addresses",
				 OPTIONS_LIST);
	if (tsp_parse_server(word, &server, &why) || !server.literal.family)
		return conf_fail(at, err,
				 "\"%s\" is no address to listen at; write "
				 "192.0.2.1, 0.0.0.0:3653 or [::]:3653",
				 word);
	out->listen[out->listens++] = server;
	return GW6C_OK;
}

static int add_auth(struct reader *reader, const struct setting *at,
		    const char *word, struct gw6c_err *err)
{
	struct options *out = reader->out;
	char *copy;

	if (out->auths == OPTIONS_LIST)
		return conf_fail(at, err, "more than %d mechanisms",
				 OPTIONS_LIST);
	copy = strdup(word);
	if (!copy)
		return gw6c_fail(err, GW6C_EOS, "out of memory");
	out->auth[out->auths++] = copy;
	return GW6C_OK;
}

/* Addresses that clients may have at all. */
static bool is_unicast6(const struct gw6c_addr *addr)
{
	const uint8_t *o = addr->octets;

	return addr->family == 6 && o[0] && o[0] != 0xff &&
	       !(o[0] == 0xfe && (o[1] & 0xc0) == 0x80);
}

static bool is_unicast4(const struct gw6c_addr *addr)
{
	const uint8_t *o = addr->octets;

	return addr->family == 4 && o[0] && o[0] != 127 && o[0] < 224;
}

static int read_pool(const struct setting *at, int family, int min, int max,
		     struct gw6c_addr *out, struct gw6c_err *err)
{
	bool four = family == 4;

	if (pool_parse(at->value, out) && out->bits >= min &&
	    out->bits <= max && (four ? is_unicast4(out) : is_unicast6(out)))
		return GW6C_OK;
	*out = (struct gw6c_addr){ 0 };
	return conf_fail(at, err,
			 "\"%s\" is no unicast IPv%d prefix with a length "
			 "from %d to %d, such as %s",
			 at->value, family, min, max,
			 four ? "192.0.2.0/24" : "2001:db8:1000::/64");
}

static int read_pool6(struct reader *reader, struct gw6c_err *err)
{
	const struct setting *at = conf_get(reader->conf, "pool6", 0);

	if (!at)
		return gw6c_fail(err, GW6C_ECONFIG,
				 "pool6 is missing: the IPv6 prefix of which "
				 "clients get their addresses, such as "
				 "pool6=2001:db8:1000::/64");
	return read_pool(at, 6, 16, 112, &reader->out->pool6, err);
}

static int read_pool4(struct reader *reader, struct gw6c_err *err)
{
	const struct setting *at = conf_get(reader->conf, "pool4", 0);

	if (!at || !*at->value)
		return GW6C_OK;
	return read_pool(at, 4, 8, 29, &reader->out->pool4, err);
}

static bool overlap(const struct gw6c_addr *a, const struct gw6c_addr *b)
{
	return gw6c_addr_in(a, b) || gw6c_addr_in(b, a);
}

static int read_prefixes6(struct reader *reader, struct gw6c_err *err)
{
	const struct setting *at = conf_get(reader->conf, "prefixes6", 0);
	struct options *out = reader->out;

	if (!at || !*at->value)
		return GW6C_OK;
	if (read_pool(at, 6, 16, 64, &out->prefixes6, err))
		return err->rc;
	if (overlap(&out->prefixes6, &out->pool6))
		return conf_fail(at, err,
				 "overlaps with pool6; give each a "
				 "part of its own");
	if (out->largest_prefix < out->prefixes6.bits)
		out->largest_prefix = out->prefixes6.bits;
	return GW6C_OK;
}

static int add_mode(struct reader *reader, const struct setting *at,
		    const char *word, struct gw6c_err *err)
{
	for (int i = 0; i < MODES; i++)
		if (strcasecmp(word, mode_name((enum mode)i)) == 0) {
			reader->out->mode[i] = true;
			return GW6C_OK;
		}
	return conf_fail(at, err,
			 "\"%.40s\" is no tunnel mode; there are v6udpv4, "
			 "v6v4 and v4v6",
			 word);
}

static int add_refusal(struct reader *reader, const struct setting *at,
		       const char *word, struct gw6c_err *err)
{
	static const char *const phases[] = { "version", "login", "create",
					      "accept" };
	const char *colon = strchr(word, ':');
	char *end = NULL;
	long code = colon ? strtol(colon + 1, &end, 10) : 0;

	for (int i = 0; colon && i < PHASES; i++) {
		size_t len = strlen(phases[i]);

		if ((size_t)(colon - word) != len ||
		    strncasecmp(word, phases[i], len) != 0 || *end ||
		    code < 201 || code > 1999)
			continue;
		reader->out->refuse[i] = (int)code;
		return GW6C_OK;
	}
	return conf_fail(at, err,
			 "\"%.40s\" is none of version:CODE, login:CODE, "
			 "create:CODE and accept:CODE, with a status from 201 "
			 "to 1999",
			 word);
}

static int add_redirect(struct reader *reader, const struct setting *at,
			const char *word, struct gw6c_err *err)
{
	struct options *out = reader->out;
	struct gw6c_err why = { 0 };

	if (out->redirects == TSP_BROKERS)
		return conf_fail(at, err, "more than %d brokers", TSP_BROKERS);
	if (tsp_parse_server(word, &out->redirect[out->redirects], &why))
		return conf_fail(at, err, "%s", why.text);
	out->redirects++;
	return GW6C_OK;
}

static void read_refusals(struct reader *reader)
{
	const struct setting *at = conf_get(reader->conf, "refuse", 0);
	struct options *out = reader->out;
	struct gw6c_err err = { 0 };

	each_word(reader, "refuse", add_refusal);
	each_word(reader, "redirect", add_redirect);
	for (int i = 0; i < PHASES; i++)
		if (TSP_REDIRECT(out->refuse[i]) && !out->redirects) {
			conf_fail(at, &err,
				  "a status above 1000 sends clients to other "
				  "brokers; name them in redirect=");
			reader_error(reader, &err);
			return;
		}
}

static int add_version(struct reader *reader, const struct setting *at,
		       const char *word, struct gw6c_err *err)
{
	uint32_t *version = reader->out->version;
	char text[32];
	uint32_t one;
	int n = 0;

	while (version[n])
		n++;
	snprintf(text, sizeof(text), "VERSION=%.20s", word);
	if (!tsp_parse_version(gw6c_text(text), &one) || one < TSP_V101 ||
	    one > TSP_V202 || (one > TSP_V101 && one < TSP_V200) ||
	    n == OPTIONS_LIST - 1)
		return conf_fail(at, err,
				 "\"%.20s\" is no version that is spoken here; "
				 "there are 2.0.2, 2.0.1, 2.0.0 and 1.0.1",
				 word);
	version[n] = one;
	return GW6C_OK;
}

static void read_versions(struct reader *reader)
{
	uint32_t *version = reader->out->version;

	each_word(reader, "versions", add_version);
	if (!version[0])
		for (int i = 0; tsp_versions[i] >= TSP_V200; i++)
			version[i] = tsp_versions[i];
}

static void read_modes(struct reader *reader)
{
	const struct setting *at = conf_get(reader->conf, "tunnel_modes", 0);
	struct options *out = reader->out;
	struct gw6c_err err = { 0 };

	each_word(reader, "tunnel_modes", add_mode);
	if (!at || !*at->value)
		out->mode[MODE_V6UDPV4] = out->mode[MODE_V6V4] = true;
	if (at && out->mode[MODE_V4V6] && !out->pool4.bits) {
		conf_fail(at, &err,
			  "v4v6 needs pool4=, the IPv4 addresses of "
			  "its clients");
		reader_error(reader, &err);
	}
	if (!at)
		out->mode[MODE_V4V6] = out->pool4.bits != 0;
}

static int read_server_v4(struct reader *reader, struct gw6c_err *err)
{
	const struct setting *at = conf_get(reader->conf, "server_v4", 0);

	if (!at || !*at->value)
		return GW6C_OK;
	if (gw6c_addr_parse(at->value, &reader->out->server_v4) &&
	    reader->out->server_v4.family == 4)
		return GW6C_OK;
	return conf_fail(at, err, "\"%s\" is no IPv4 address", at->value);
}

/* It goes into quoted text of challenges, and is the end of names. */
static int check_realm(struct reader *reader, struct gw6c_err *err)
{
	const struct setting *at = conf_get(reader->conf, "realm", 0);

	for (const char *c = reader->out->realm; *c; c++)
		if (!isalnum((unsigned char)*c) && !strchr("-._", *c))
			return conf_fail(at, err,
					 "only letters, digits, '-', '.' and "
					 "'_' may stand in it");
	if (strlen(reader->out->realm) > REALM_MAX)
		return conf_fail(at, err, "longer than %d octets", REALM_MAX);
	return GW6C_OK;
}

static int check_keepalive(struct reader *reader, struct gw6c_err *err)
{
	const struct setting *at =
		conf_get(reader->conf, "keepalive_interval", 0);
	long interval = reader->out->keepalive_interval;

	if (!interval || interval >= KEEPALIVE_MIN_S)
		return GW6C_OK;
	return conf_fail(at, err,
			 "0 (as the client asks), or %d to 3600 seconds",
			 KEEPALIVE_MIN_S);
}

static void read_lists(struct reader *reader)
{
	struct gw6c_err err = { 0 };
	struct setting none = { .key = "listen", .file = "", .value = "" };

	each_word(reader, "listen", add_listen);
	if (!reader->out->listens) {
		add_listen(reader, &none, "0.0.0.0", &err);
		add_listen(reader, &none, "[::]", &err);
	}
	each_word(reader, "auth", add_auth);
	if (!reader->out->auths) {
		add_auth(reader, &none, "digest-md5", &err);
		add_auth(reader, &none, "anonymous", &err);
	}
	if (read_pool6(reader, &err))
		reader_error(reader, &err);
	if (read_pool4(reader, &err))
		reader_error(reader, &err);
	if (read_prefixes6(reader, &err))
		reader_error(reader, &err);
	if (read_server_v4(reader, &err))
		reader_error(reader, &err);
	read_modes(reader);
	read_versions(reader);
	read_refusals(reader);
	if (check_realm(reader, &err))
		reader_error(reader, &err);
	if (check_keepalive(reader, &err))
		reader_error(reader, &err);
}

/* --- keys nobody knows ------------------------------------------------- */

/* All mistakes of accounts, one after the other. */
static void read_users(struct reader *reader)
{
	struct gw6c_err err = { 0 };
	size_t at = 0;

	while (users_check(reader->conf, reader->out, &at, &err))
		reader_error(reader, &err);
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
		near = conf_nearest(at->key, names);
		conf_warn(conf, at, "this key is not known%s%s%s",
			  near ? "; did you mean \"" : "", near ? near : "",
			  near ? "\"?" : "");
	}
}

int options_read(struct conf *conf, struct options *out, char *errors,
		 size_t room)
{
	struct reader reader = { conf, out, errors, room };

	memset(out, 0, sizeof(*out));
	*errors = 0;
	for (size_t i = 0; i < KNOWN; i++) {
		struct gw6c_err err = { 0 };

		if (read_known(&reader, &known[i], &err))
			reader_error(&reader, &err);
	}
	read_lists(&reader);
	read_users(&reader);
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
	options->auths = 0;
}
