/* client_blocked.c - networks that drop what carries a tunnel: a mode that asks
 * for any encapsulation asks for one that passes NATs there. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "client_parts.h"
#include "core/base/log.h"
#include "core/base/sockaddr.h"

#define BLOCKED_MS 3600000 /* the way may be another by then */

/* Is it still so, where we are now? */
static bool is_blocked(const struct client *client)
{
	const struct blocked *blocked = &client->blocked;
	struct gw6c_addr now;

	return blocked->mode &&
	       loop_now_ms(client->params.loop) < blocked->until_ms &&
	       sockaddr_source(&client->addr[0], &now) &&
	       memcmp(&now, &blocked->local, sizeof(now)) == 0;
}

const struct gw6c_plugin *client_asks_for(const struct client *client)
{
	return is_blocked(client) ? client->blocked.mode : client->mode;
}

/* The other mode that our own may be answered with, and that passes NATs. */
static const struct gw6c_plugin *find_passing(struct client *client,
					      const struct gw6c_plugin *failed)
{
	const struct gw6c_granted *grant = client->mode->tunnel->grants;
	const struct gw6c_plugin *plugin;

	for (; grant && grant->type; grant++) {
		plugin = client_mode(client,
				     grant->mode ? grant->mode : grant->type);
		if (plugin && plugin != failed && plugin != client->mode &&
		    plugin->tunnel->flags & GW6C_TUNNEL_NAT)
			return plugin;
	}
	return NULL;
}

/* Over TCP, UDP was tried before: what needs it would not pass either. */
void client_note_blocked(struct client *client)
{
	const struct gw6c_lease *lease = tunnel_lease(client->tunnel);
	const struct gw6c_plugin *failed, *other;

	if (tunnel_is_proven(client->tunnel) || is_blocked(client) ||
	    !transport_is_udp(session_transport(client->session)))
		return;
	failed = client_mode(client, lease->mode);
	if (!failed || !failed->tunnel->protocol)
		return;
	other = find_passing(client, failed);
	if (!other)
		return;
	log_msg(GW6C_WARN, "client",
		"nothing ever came through the %s tunnel: this network seems "
		"to drop IP protocol %u; asking for %s here during the next "
		"hour",
		failed->name, failed->tunnel->protocol, other->name);
	client->blocked =
		(struct blocked){ .mode = other,
				  .local = lease->local,
				  .until_ms = loop_now_ms(client->params.loop) +
					      BLOCKED_MS };
}

bool client_unblock(struct client *client, const struct session_result *result)
{
	if (result->status != 303 && result->reason != REASON_MODE)
		return false;
	if (!is_blocked(client) || client->blocked.mode == client->mode)
		return false;
	log_msg(GW6C_NOTICE, "client",
		"the broker does not offer %s; asking for %s again",
		client->blocked.mode->name, client->mode->name);
	client->blocked.mode = client->mode;
	return true;
}
