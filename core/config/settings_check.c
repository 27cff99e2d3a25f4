/* settings_check.c - settings that are good alone, but not together. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "settings_parts.h"
#include <limits.h>
#include <net/if.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#define NAT_TIMEOUT 110 /* seconds; longer gaps lose many NAT mappings */
#define KEEPALIVE_MIN 5 /* seconds, the least that is asked for */
#define KEEPALIVE_MAX 3600 /* seconds, the most; older files have more */

/* A mistake in the combination: it is told at the key that the operator
 * wrote, or without a place if all of it is defaults. */
static void refuse(struct reader *reader, const char *key, const char *text)
{
	const struct setting *at = settings_find(reader->conf, key);
	struct gw6c_err err = { 0 };

	if (at)
		conf_fail(at, &err, "%s", text);
	else
		gw6c_fail(&err, GW6C_ECONFIG, "configuration: %s: %s", key,
			  text);
	settings_error(reader, &err);
}

/* A warning, only if the operator wrote the key. */
static void doubt(struct reader *reader, const char *key, const char *text)
{
	const struct setting *at = settings_find(reader->conf, key);

	if (at)
		conf_warn(reader->conf, at, "%s", text);
}

static bool asked(const struct reader *reader, const char *mode)
{
	return strcasecmp(reader->settings->tunnel_mode, mode) == 0;
}

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

static void drop_plain(struct reader *reader)
{
	const char **list = reader->settings->auth_list;
	size_t n = 0;

	for (size_t i = 0; list[i]; i++)
		if (strcasecmp(list[i], "plain") != 0)
			list[n++] = list[i];
	for (; n < SETTINGS_LIST; n++)
		list[n] = NULL;
}

static void check_login(struct reader *reader)
{
	static const char *const with_password[] = {
		"any",		 "digest-md5", "plain", "passdss-3des-1",
		"scram-sha-256", NULL
	};
	struct settings *settings = reader->settings;
	bool needed = false;

	for (int i = 0; with_password[i]; i++)
		needed |= strcmp(settings->auth_method, with_password[i]) == 0;
	if (needed && !*settings->userid)
		refuse(reader, "auth_method",
		       "needs userid=; only anonymous works without");
	if (needed && !*settings->passwd)
		refuse(reader, "auth_method",
		       "needs passwd= or passwd_file=; only anonymous works "
		       "without");
	if (!settings_find(reader->conf, "auth_method") &&
	    strcmp(settings->userid, "anonymous") != 0)
		doubt(reader, "userid",
		      "ignored: auth_method is unset and defaults to "
		      "anonymous; set auth_method=any to log in");
	else if (strcmp(settings->auth_method, "anonymous") == 0 &&
		 *settings->userid &&
		 strcmp(settings->userid, "anonymous") != 0)
		doubt(reader, "userid",
		      "ignored: auth_method=anonymous logs in without it; set "
		      "auth_method=any to log in");
	if (!settings->allow_plain)
		drop_plain(reader);
	if (strcmp(settings->auth_method, "any") == 0 &&
	    !settings->auth_list[0])
		refuse(reader, "auth_list",
		       "lists no mechanism that is allowed; for plain, set "
		       "allow_plain=yes");
	check_password_file(reader);
}

static void check_proxy(struct reader *reader)
{
	const struct settings *settings = reader->settings;

	if (!settings->proxy_client)
		return;
	if (settings->keepalive)
		refuse(reader, "proxy_client",
		       "another router cannot send our keepalives; write "
		       "keepalive=no");
	if (asked(reader, "v6udpv4"))
		refuse(reader, "proxy_client",
		       "another router cannot take over our UDP socket; write "
		       "tunnel_mode=v6v4");
	if (asked(reader, "v6anyv4"))
		doubt(reader, "proxy_client",
		      "the broker may choose v6udpv4, which will fail; write "
		      "tunnel_mode=v6v4");
	if (strcmp(settings->client_v4, "auto") == 0 && !asked(reader, "v4v6"))
		doubt(reader, "proxy_client",
		      "client_v4=auto announces our own address; write the "
		      "address of the other router");
}

static void check_keepalive(struct reader *reader)
{
	struct settings *settings = reader->settings;
	bool udp = asked(reader, "v6udpv4") || asked(reader, "v6anyv4");

	if (!settings->keepalive) {
		if (udp && !settings->proxy_client)
			doubt(reader, "keepalive",
			      "without it, a NAT drops a v6udpv4 tunnel "
			      "after minutes or seconds");
		return;
	}
	if (settings->keepalive_interval < KEEPALIVE_MIN) {
		doubt(reader, "keepalive_interval",
		      "below the minimum; using 5 seconds (keepalive=no "
		      "switches it off)");
		settings->keepalive_interval = KEEPALIVE_MIN;
	}
	if (settings->keepalive_interval > KEEPALIVE_MAX) {
		doubt(reader, "keepalive_interval",
		      "above the maximum; using 3600 seconds");
		settings->keepalive_interval = KEEPALIVE_MAX;
	}
	if (udp && settings->keepalive_interval > NAT_TIMEOUT)
		doubt(reader, "keepalive_interval",
		      "many NATs drop a mapping sooner than that; 30 to 110 "
		      "is recommended");
}

static void check_retry(struct reader *reader)
{
	struct settings *settings = reader->settings;

	if (settings->retry_delay <= settings->retry_delay_max)
		return;
	/* Files of 5.x know no retry_delay_max. */
	if (settings_find(reader->conf, "retry_delay_max"))
		refuse(reader, "retry_delay_max", "is below retry_delay");
	settings->retry_delay_max = settings->retry_delay;
}

static void check_prefixlen(struct reader *reader)
{
	struct settings *settings = reader->settings;

	if (asked(reader, "v4v6")) {
		if (!settings_find(reader->conf, "prefixlen"))
			settings->prefixlen = 24;
		else if (settings->prefixlen > 32)
			refuse(reader, "prefixlen",
			       "v4v6 assigns IPv4 addresses: 1 to 32");
	} else if (settings->prefixlen > 64) {
		doubt(reader, "prefixlen",
		      "SLAAC needs a /64; 48 to 64 is usual");
	} else if (settings->prefixlen < 48) {
		doubt(reader, "prefixlen",
		      "brokers rarely delegate such a short prefix; 48 to 64 "
		      "is usual");
	}
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
			refuse(reader, "if_prefix", "more than 8 interfaces");
			return;
		}
		if (!read_lan(settings, n, word)) {
			refuse(reader, "if_prefix",
			       "write NAME, or NAME:SUBNET with the number of "
			       "its /64, such as eth1 eth2:0x10");
			return;
		}
		if (!lan_is_new(settings, n)) {
			refuse(reader, "if_prefix",
			       "names an interface or a subnet twice");
			return;
		}
		n++;
	}
}

static void check_lan(struct reader *reader, const struct settings_lan *lan)
{
	struct settings *settings = reader->settings;
	const char *const devs[] = { settings->if_v6v4, settings->if_v6udpv4,
				     settings->if_v4v6 };
	int spare = 64 - settings->prefixlen;

	for (size_t i = 0; i < sizeof(devs) / sizeof(devs[0]); i++)
		if (strcmp(lan->dev, devs[i]) == 0)
			refuse(reader, "if_prefix",
			       "is the tunnel interface; name the interface "
			       "of your network");
	if (!asked(reader, "v4v6") && spare >= 0 && spare < 64 &&
	    lan->subnet >> spare)
		refuse(reader, "if_prefix",
		       "the prefix has no subnet with that number; request a "
		       "shorter prefixlen");
	if (!settings->proxy_client && !if_nametoindex(lan->dev))
		doubt(reader, "if_prefix",
		      "there is no such interface at present");
}

static bool has_feature(const struct settings *settings, const char *name)
{
	for (int i = 0; settings->features[i]; i++)
		if (strcmp(settings->features[i], name) == 0)
			return true;
	return false;
}

static void check_router(struct reader *reader)
{
	struct settings *settings = reader->settings;

	if (!settings->router) {
		doubt(reader, "if_prefix", "is for host_type=router only");
		doubt(reader, "dns_server", "is for host_type=router only");
		return;
	}
	check_prefixlen(reader);
	if (!*settings->if_prefix) {
		refuse(reader, "host_type",
		       "a router needs if_prefix=, the interface that gets "
		       "the prefix");
		return;
	}
	read_lans(reader);
	for (int i = 0; settings->lan[i].dev[0]; i++)
		check_lan(reader, &settings->lan[i]);
	if (asked(reader, "v4v6") && settings->lan[1].dev[0])
		refuse(reader, "if_prefix",
		       "an IPv4 prefix cannot be split; name one interface");
	settings->advertise = !settings->proxy_client &&
			      !asked(reader, "v4v6") &&
			      strcmp(settings->ra, "none") != 0 &&
			      !has_feature(settings, SETTINGS_ADVERTISER);
}

static void check_features(struct reader *reader)
{
	const char *const *list = reader->settings->features;

	for (int i = 0; list[i]; i++)
		for (int j = 0; j < i; j++)
			if (conf_same(list[i], list[j]))
				refuse(reader, "features",
				       "names a feature twice; each runs once");
}

/* Names on another router may be as long as they like. */
static void check_dev(struct reader *reader, const char *key, const char *dev)
{
	if (!reader->settings->proxy_client &&
	    (strlen(dev) >= IFNAMSIZ || strchr(dev, '/')))
		refuse(reader, key,
		       "an interface name has at most 15 characters and no "
		       "'/'");
}

static void check_devs(struct reader *reader)
{
	const struct settings *settings = reader->settings;

	check_dev(reader, "if_tunnel_v6v4", settings->if_v6v4);
	check_dev(reader, "if_tunnel_v6udpv4", settings->if_v6udpv4);
	check_dev(reader, "if_tunnel_v4v6", settings->if_v4v6);
	for (int i = 0; settings->lan[i].dev[0]; i++)
		check_dev(reader, "if_prefix", settings->lan[i].dev);
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

static void check_server(struct reader *reader)
{
	int family = reader->settings->broker.literal.family;

	if (asked(reader, "v4v6") && family == 4)
		refuse(reader, "server",
		       "tunnel_mode=v4v6 reaches the broker over IPv6; write "
		       "its name or [IPv6 address]");
	if ((asked(reader, "v6v4") || asked(reader, "v6udpv4") ||
	     asked(reader, "v6anyv4")) &&
	    family == 6)
		refuse(reader, "server",
		       "this tunnel_mode reaches the broker over IPv4; write "
		       "its name or IPv4 address, or tunnel_mode=v4v6");
}

/* Whoever switches it on wants the plugin: without it there is no start. */
static void want_feature(struct reader *reader, const char *key,
			 const char *name)
{
	const char **list = reader->settings->features;
	int n = 0;

	if (has_feature(reader->settings, name))
		return;
	while (list[n])
		n++;
	if (n == SETTINGS_LIST)
		refuse(reader, key, "there are too many features");
	else
		list[n] = name;
}

static void check_home(struct reader *reader)
{
	const struct settings *settings = reader->settings;
	struct stat dir;

	if (settings->hap6_web_enabled)
		want_feature(reader, "hap6_web_enabled", "home-web");
	if (settings->hap6_proxy_enabled)
		want_feature(reader, "hap6_proxy_enabled", "home-access");

	if (settings->hap6_web_enabled && !*settings->hap6_document_root)
		refuse(reader, "hap6_web_enabled",
		       "needs hap6_document_root=, the directory to publish");
	else if (settings->hap6_web_enabled &&
		 (stat(settings->hap6_document_root, &dir) ||
		  !S_ISDIR(dir.st_mode)))
		refuse(reader, "hap6_document_root",
		       "there is no such directory");
	if (asked(reader, "v4v6") && settings->hap6_web_enabled)
		refuse(reader, "hap6_web_enabled",
		       "a v4v6 tunnel provides no IPv6 address to publish at");
	if (asked(reader, "v4v6") && settings->hap6_proxy_enabled)
		refuse(reader, "hap6_proxy_enabled",
		       "a v4v6 tunnel provides no IPv6 address to publish at");
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
		doubt(reader, "log_filename",
		      "its directory does not exist, so there will be no log "
		      "file; create it");
}

static void check_places(struct reader *reader)
{
	const struct settings *settings = reader->settings;
	struct stat dir;

	if (*settings->gw6_dir &&
	    (stat(settings->gw6_dir, &dir) || !S_ISDIR(dir.st_mode)))
		doubt(reader, "gw6_dir", "there is no such directory");
	if (settings->mtu && settings->mtu < 1280)
		refuse(reader, "mtu", "IPv6 needs 1280 or more (0: automatic)");
}

void settings_check(struct reader *reader)
{
	check_login(reader);
	check_proxy(reader);
	check_keepalive(reader);
	check_router(reader);
	check_devs(reader);
	check_retry(reader);
	check_features(reader);
	check_home(reader);
	check_service(reader);
	check_server(reader);
	check_log_file(reader);
	check_places(reader);
}
