/* settings_mode.c - settings that are good alone, but not with the mode. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "settings_parts.h"
#include "settings_store.h"
#include <net/if.h>
#include <string.h>

#define NAT_TIMEOUT 110 /* seconds; longer gaps lose many NAT mappings */

/* The first type that the mode takes as an answer over UDP alone, of a mode that
 * goes on with our UDP socket; or the first that it takes over TCP, too. NULL:
 * there is none. */
static const char *granted(const struct gw6c_tunnel_ops *mode, bool udp_only)
{
	const struct gw6c_granted *at = mode->grants;

	while (at->type && (at->over == GW6C_OVER_UDP) != udp_only)
		at++;
	return at->type;
}

static void check_proxy(struct reader *reader,
			const struct gw6c_tunnel_ops *mode)
{
	const struct settings *settings = reader->settings;
	const char *udp = granted(mode, true), *other = granted(mode, false);

	if (!settings->proxy_client)
		return;
	if (mode->plan && !mode->protocol)
		settings_refuse(reader, "proxy_client",
				"another router cannot take over our UDP "
				"socket; write a tunnel_mode that has an IP "
				"protocol of its own");
	if (!mode->plan && udp && other)
		settings_doubt(reader, "proxy_client",
			       "the broker may choose %s, which will fail; "
			       "write tunnel_mode=%s",
			       udp, other);
	if (mode->outer == 4 && strcmp(settings->client_v4, "auto") == 0)
		settings_doubt(reader, "proxy_client",
			       "client_v4=auto announces our own address; "
			       "write the address of the other router");
}

static void check_keepalive(struct reader *reader,
			    const struct gw6c_tunnel_ops *mode)
{
	const struct settings *settings = reader->settings;
	const char *udp = granted(mode, true);

	if (!(mode->flags & GW6C_TUNNEL_NAT))
		return;
	if (!settings->keepalive && !settings->proxy_client)
		settings_doubt(reader, "keepalive",
			       "without it, a NAT drops a %s tunnel after "
			       "minutes or seconds",
			       udp ? udp : settings->tunnel_mode);
	if (settings->keepalive && settings->keepalive_interval > NAT_TIMEOUT)
		settings_doubt(reader, "keepalive_interval",
			       "many NATs drop a mapping sooner than that; 30 "
			       "to 110 is recommended");
}

static void check_prefixlen(struct reader *reader,
			    const struct gw6c_tunnel_ops *mode)
{
	struct settings *settings = reader->settings;

	if (!settings_find(reader->conf, "prefixlen"))
		settings->prefixlen = mode->prefix_usual;
	else if (mode->inner == 4 && (settings->prefixlen < mode->prefix_min ||
				      settings->prefixlen > mode->prefix_max))
		settings_refuse(reader, "prefixlen",
				"%s assigns IPv4 addresses: %u to %u",
				settings->tunnel_mode, mode->prefix_min,
				mode->prefix_max);
	else if (mode->inner == 6 && settings->prefixlen > mode->prefix_max)
		settings_doubt(reader, "prefixlen",
			       "SLAAC needs a /64; %u to %u is usual",
			       mode->prefix_usual, mode->prefix_max);
	else if (mode->inner == 6 && settings->prefixlen < mode->prefix_usual)
		settings_doubt(reader, "prefixlen",
			       "brokers rarely delegate such a short prefix; "
			       "%u to %u is usual",
			       mode->prefix_usual, mode->prefix_max);
}

static void check_subnets(struct reader *reader,
			  const struct gw6c_tunnel_ops *mode)
{
	const struct settings *settings = reader->settings;
	int spare = 64 - settings->prefixlen;

	if (mode->inner == 4 && settings->lan[1].dev[0])
		settings_refuse(reader, "if_prefix",
				"an IPv4 prefix cannot be split; name one "
				"interface");
	for (int i = 0; settings->lan[i].dev[0]; i++)
		if (mode->inner == 6 && spare >= 0 && spare < 64 &&
		    settings->lan[i].subnet >> spare)
			settings_refuse(reader, "if_prefix",
					"the prefix has no subnet with that "
					"number; request a shorter prefixlen");
}

static void check_router(struct reader *reader,
			 const struct gw6c_tunnel_ops *mode)
{
	if (!reader->settings->router)
		return;
	if (!mode->prefix_max) {
		settings_refuse(reader, "host_type",
				"tunnel_mode=%s delegates no prefix; a router "
				"needs one",
				reader->settings->tunnel_mode);
		return;
	}
	check_prefixlen(reader, mode);
	check_subnets(reader, mode);
}

/* --- interfaces --------------------------------------------------------- */

/* Names on another router may be as long as they like. */
static bool dev_is_bad(const struct settings *settings, const char *dev)
{
	return !settings->proxy_client &&
	       (strlen(dev) >= IFNAMSIZ || strchr(dev, '/'));
}

#define DEV_RULE "an interface name has at most 15 characters and no '/'"

/* tunnel.NAME.interface, which every mode that has an interface has. */
static bool is_tunnel_dev(const struct setting *at)
{
	const char *dot = strrchr(at->key, '.');

	return dot && strcmp(dot, ".interface") == 0 && *at->value &&
	       strncmp(at->key, "tunnel.", strlen("tunnel.")) == 0;
}

static void check_tunnel_dev(struct reader *reader, const struct setting *at)
{
	const struct settings *settings = reader->settings;
	struct gw6c_err err = { 0 };

	if (dev_is_bad(settings, at->value)) {
		conf_fail(at, &err, DEV_RULE);
		settings_error(reader, &err);
	}
	for (int i = 0; settings->lan[i].dev[0]; i++)
		if (strcmp(settings->lan[i].dev, at->value) == 0)
			settings_refuse(reader, "if_prefix",
					"is the tunnel interface; name the "
					"interface of your network");
}

static void check_devs(struct reader *reader)
{
	const struct settings *settings = reader->settings;
	const struct setting *at;

	for (size_t i = 0; (at = conf_at(reader->conf, i)); i++)
		if (is_tunnel_dev(at))
			check_tunnel_dev(reader, at);
	for (int i = 0; settings->lan[i].dev[0]; i++)
		if (dev_is_bad(settings, settings->lan[i].dev))
			settings_refuse(reader, "if_prefix", DEV_RULE);
}

static void check_server(struct reader *reader,
			 const struct gw6c_tunnel_ops *mode)
{
	const struct settings *settings = reader->settings;
	int family = settings->broker.literal.family;

	if (!family || family == mode->outer)
		return;
	settings_refuse(reader, "server",
			"tunnel_mode=%s reaches the broker over IPv%u; write "
			"its name or %s, or another tunnel_mode",
			settings->tunnel_mode, mode->outer,
			mode->outer == 6 ? "[IPv6 address]" : "IPv4 address");
}

int settings_check_mode(struct settings *settings, struct conf *conf,
			const struct gw6c_tunnel_ops *mode, char *errors,
			size_t room)
{
	struct reader reader = { conf, settings, errors, room, 0, false };

	if (room)
		errors[0] = 0;
	settings_old_mode(&reader, mode);
	check_proxy(&reader, mode);
	check_keepalive(&reader, mode);
	check_router(&reader, mode);
	check_devs(&reader);
	check_server(&reader, mode);
	return reader.bad ? GW6C_ECONFIG : GW6C_OK;
}
