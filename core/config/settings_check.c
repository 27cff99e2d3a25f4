/* settings_check.c - settings that are good alone, but not together. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "settings_parts.h"
#include "settings_store.h"
#include <limits.h>
#include <net/if.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#define KEEPALIVE_MIN 5 /* seconds, the least that is asked for */
#define KEEPALIVE_MAX 3600 /* seconds, the most; older files have more */

static void check_password_file(struct reader *reader)
{
	const struct setting *at = settings_find(reader->conf, "passwd");
	struct stat file;

	if (at && at->line && stat(at->file, &file) == 0 &&
	    (file.st_mode & S_IROTH))
		conf_warn(reader->conf, at,
			  "the file is world-readable; chmod o-rwx %s",
			  at->file);
}

static void check_login(struct reader *reader)
{
	const struct settings *settings = reader->settings;

	if (!settings_find(reader->conf, "auth_method") &&
	    strcmp(settings->userid, DEFAULT_AUTH) != 0)
		settings_doubt(reader, "userid",
			       "ignored: auth_method is unset and defaults "
			       "to " DEFAULT_AUTH
			       "; set auth_method=any to log in");
	else if (strcmp(settings->auth_method, DEFAULT_AUTH) == 0 &&
		 *settings->userid &&
		 strcmp(settings->userid, DEFAULT_AUTH) != 0)
		settings_doubt(reader, "userid",
			       "ignored: auth_method=" DEFAULT_AUTH
			       " logs in without it; set auth_method=any to "
			       "log in");
	check_password_file(reader);
}

static void check_proxy(struct reader *reader)
{
	if (reader->settings->proxy_client && reader->settings->keepalive)
		settings_refuse(reader, "proxy_client",
				"another router cannot send our keepalives; "
				"write keepalive=no");
}

static void check_keepalive(struct reader *reader)
{
	struct settings *settings = reader->settings;

	if (!settings->keepalive)
		return;
	if (settings->keepalive_interval < KEEPALIVE_MIN) {
		settings_doubt(reader, "keepalive_interval",
			       "below the minimum; using 5 seconds "
			       "(keepalive=no switches it off)");
		settings->keepalive_interval = KEEPALIVE_MIN;
	}
	if (settings->keepalive_interval > KEEPALIVE_MAX) {
		settings_doubt(reader, "keepalive_interval",
			       "above the maximum; using 3600 seconds");
		settings->keepalive_interval = KEEPALIVE_MAX;
	}
}

static void check_retry(struct reader *reader)
{
	struct settings *settings = reader->settings;

	if (settings->retry_delay <= settings->retry_delay_max)
		return;
	/* Files of 5.x know no retry_delay_max. */
	if (settings_find(reader->conf, "retry_delay_max"))
		settings_refuse(reader, "retry_delay_max",
				"is below retry_delay");
	settings->retry_delay_max = settings->retry_delay;
}

/* "NAME" or "NAME:SUBNET"; without a number, one more than the last one. */
static bool read_lan(struct settings *settings, int n, char *word)
{
	struct settings_lan *lan = &settings->lan[n];
	char *colon = strchr(word, ':'), *end = NULL;

	lan->subnet = n ? settings->lan[n - 1].subnet + 1 : 0;
	if (colon) {
		*colon++ = 0;
		lan->subnet = strtoull(colon, &end, 0);
		if (end == colon || *end || *colon == '-')
			return false;
	}
	if (strlen(word) >= sizeof(lan->dev))
		return false;
	memcpy(lan->dev, word, strlen(word) + 1);
	return word[0];
}

/* Two networks cannot have one prefix, nor one interface two. */
static bool lan_is_new(const struct settings *settings, int n)
{
	const struct settings_lan *lan = settings->lan;

	for (int i = 0; i < n; i++)
		if (lan[i].subnet == lan[n].subnet ||
		    strcmp(lan[i].dev, lan[n].dev) == 0)
			return false;
	return true;
}

static void read_lans(struct reader *reader)
{
	struct settings *settings = reader->settings;
	char text[256], *rest = text, *word;
	int n = 0;

	snprintf(text, sizeof(text), "%s", settings->if_prefix);
	while ((word = strsep(&rest, " ,\t"))) {
		if (!*word)
			continue;
		if (n == GW6C_LANS) {
			settings_refuse(reader, "if_prefix",
					"more than 8 interfaces");
			return;
		}
		if (!read_lan(settings, n, word)) {
			settings_refuse(
				reader, "if_prefix",
				"write NAME, or NAME:SUBNET with the number of "
				"its /64, such as eth1 eth2:0x10");
			return;
		}
		if (!lan_is_new(settings, n)) {
			settings_refuse(reader, "if_prefix",
					"names an interface or a subnet twice");
			return;
		}
		n++;
	}
}

static void check_router(struct reader *reader)
{
	struct settings *settings = reader->settings;

	if (!settings->router) {
		settings_doubt(reader, "if_prefix",
			       "is for host_type=router only");
		settings_doubt(reader, "dns_server",
			       "is for host_type=router only");
		return;
	}
	if (!*settings->if_prefix) {
		settings_refuse(
			reader, "host_type",
			"a router needs if_prefix=, the interface that gets "
			"the prefix");
		return;
	}
	read_lans(reader);
	for (int i = 0; settings->lan[i].dev[0]; i++)
		if (!settings->proxy_client &&
		    !if_nametoindex(settings->lan[i].dev))
			settings_doubt(reader, "if_prefix",
				       "there is no such interface at present");
}

static void check_features(struct reader *reader)
{
	const char *const *list = reader->settings->features;

	for (int i = 0; list[i]; i++)
		for (int j = 0; j < i; j++)
			if (conf_same(list[i], list[j]))
				settings_refuse(
					reader, "features",
					"names a feature twice; each runs once");
}

/* Files of old name a service that is gone, or name none and mean it. */
static void check_service(struct reader *reader)
{
	const struct settings *settings = reader->settings;
	const struct setting *at = conf_get(reader->conf, "server", 0);
	const char *host = settings->broker.host;
	size_t len = strlen(host), gone = strlen("freenet6.net");

	if (settings->server_default && at)
		conf_warn(reader->conf, at,
			  "is empty, and the default, %s, closed in 2016; "
			  "write the name of your broker",
			  settings->server);
	else if (settings->server_default)
		conf_warn(reader->conf, NULL,
			  "server is not set, and the default, %s, closed in "
			  "2016; write server= and the name of your broker",
			  settings->server);
	else if (strcasecmp(host, "freenet6") == 0 ||
		 (len >= gone &&
		  strcasecmp(host + len - gone, "freenet6.net") == 0))
		conf_warn(reader->conf, at,
			  "the service Freenet6 closed in 2016; write the "
			  "name of your broker");
}

static void check_log_file(struct reader *reader)
{
	const struct settings *settings = reader->settings;
	const char *slash = strrchr(settings->log_filename, '/');
	char path[PATH_MAX];
	struct stat dir;

	if (!settings->log_file || !slash || slash == settings->log_filename)
		return;
	snprintf(path, sizeof(path), "%.*s",
		 (int)(slash - settings->log_filename), settings->log_filename);
	if (stat(path, &dir) || !S_ISDIR(dir.st_mode))
		settings_doubt(reader, "log_filename",
			       "its directory does not exist, so there will "
			       "be no log file; create it");
}

static void check_places(struct reader *reader)
{
	const struct settings *settings = reader->settings;
	struct stat dir;

	if (*settings->gw6_dir &&
	    (stat(settings->gw6_dir, &dir) || !S_ISDIR(dir.st_mode)))
		settings_doubt(reader, "gw6_dir", "there is no such directory");
	if (settings->mtu && settings->mtu < 1280)
		settings_refuse(reader, "mtu",
				"IPv6 needs 1280 or more (0: automatic)");
}

void settings_check(struct reader *reader)
{
	check_login(reader);
	check_proxy(reader);
	check_keepalive(reader);
	check_router(reader);
	check_retry(reader);
	check_features(reader);
	check_service(reader);
	check_log_file(reader);
	check_places(reader);
}
