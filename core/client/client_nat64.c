/* client_nat64.c - a network of IPv6 alone: a mode over IPv4 that runs in UDP
 * may go through the network's translator (NAT64). */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "client_parts.h"
#include "core/base/log.h"
#include "core/base/nat64.h"
#include "core/base/sockaddr.h"

/* A translator passes no other protocol: the mode, or one that ours may be
 * answered with. */
static const struct gw6c_plugin *mode_in_udp(struct client *client)
{
	const struct gw6c_granted *grant = client->mode->tunnel->grants;
	const struct gw6c_plugin *plugin;

	for (; grant && grant->type; grant++) {
		plugin = client_mode(client,
				     grant->mode ? grant->mode : grant->type);
		if (plugin && plugin->tunnel->plan &&
		    !plugin->tunnel->protocol &&
		    plugin->tunnel->flags & GW6C_TUNNEL_NAT)
			return plugin;
	}
	return NULL;
}

static void on_prefix(void *arg, const struct gw6c_addr *addrs, int n,
		      const struct gw6c_err *err)
{
	struct client *client = arg;

	client->lookup = NULL;
	client_event(client, EVENT_TRANSLATOR,
		     &(struct client_news){
			     .addrs = addrs, .n = n, .err = err });
}

bool client_seeks_translator(struct client *client)
{
	struct gw6c_addr from;

	client->translated = NULL;
	if (client_family(client) != 4 ||
	    client->params.settings->proxy_client ||
	    sockaddr_source(&client->addr[0], &from) || !client_has_network(6))
		return false;
	client->translated = mode_in_udp(client);
	if (!client->translated)
		return false;
	log_msg(GW6C_INFO, "client",
		"this network has no IPv4; looking for a translator (NAT64)");
	client->lookup = loop_resolve(client->params.loop, NAT64_NAME, 6,
				      on_prefix, client);
	return client->lookup;
}

void client_use_translator(struct client *client,
			   const struct client_news *news)
{
	char text[GW6C_ADDR_TEXT];
	struct gw6c_addr prefix;

	if (!nat64_prefix(news->addrs, news->n, &prefix)) {
		client->translated = NULL;
		return;
	}
	log_msg(GW6C_NOTICE, "client",
		"this network has no IPv4; using %s through its translator "
		"(NAT64) %s",
		client->translated->name, gw6c_addr_text(&prefix, text));
	for (int i = 0; i < client->attempts.addrs; i++)
		nat64_embed(&prefix, &client->addr[i], &client->addr[i]);
}
