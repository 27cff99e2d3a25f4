/* client_blocked.c - networks that drop what carries a tunnel: a mode that asks
 * for any encapsulation asks for one that passes NATs there. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "client_parts.h"
#include "core/base/log.h"
#include "core/base/sockaddr.h"
#include <limits.h>
#include <time.h>

#define BLOCKED_S 3600 /* the way may be another by then */

static bool is_over(const struct network *network)
{
	uint64_t now_s = (uint64_t)time(NULL);

	/* Nor does it last when the clock was put back. */
	return network->until_s <= now_s ||
	       network->until_s - now_s > BLOCKED_S;
}

/* What is known of where we are now, NULL: nothing. */
static const struct network *blocked_here(const struct client *client)
{
	const struct blocked *blocked = &client->blocked;
	struct gw6c_addr now;

	if (!sockaddr_source(&client->addr[0], &now))
		return NULL;
	for (int i = 0; i < blocked->n; i++) {
		const struct network *network = &blocked->network[i];

		if (memcmp(&network->local, &now, sizeof(now)) == 0 &&
		    strcmp(network->asked, client->mode->name) == 0 &&
		    !is_over(network))
			return network;
	}
	return NULL;
}

static void blocked_path(const struct client *client, char room[PATH_MAX])
{
	snprintf(room, PATH_MAX, "%s/" NETWORKS_FILE,
		 client->params.settings->state_dir);
}

void client_recall_blocked(struct client *client)
{
	struct gw6c_err err = { 0 };
	char path[PATH_MAX];

	blocked_path(client, path);
	client->blocked.n = networks_read(path, client->blocked.network, &err);
	if (err.rc)
		log_msg(GW6C_WARN, "client", "%s", err.text);
}

/* The oldest goes when there is no room. */
static void remember_blocked(struct client *client, const struct network *fresh)
{
	struct blocked *blocked = &client->blocked;
	struct network kept[NETWORKS_MAX];
	struct gw6c_err err = { 0 };
	char path[PATH_MAX];
	int n = 0;

	for (int i = 0; i < blocked->n; i++)
		if (!is_over(&blocked->network[i]))
			kept[n++] = blocked->network[i];
	if (n == NETWORKS_MAX)
		memmove(kept, kept + 1, sizeof(kept[0]) * (size_t)--n);
	kept[n++] = *fresh;
	memcpy(blocked->network, kept, sizeof(kept[0]) * (size_t)n);
	blocked->n = n;
	blocked->useless = false;
	blocked_path(client, path);
	if (networks_write(path, blocked->network, n, &err))
		log_msg(GW6C_WARN, "client",
			"%s; what this network drops will not be known at the "
			"next start",
			err.text);
}

/* May our mode be answered with that one? */
static bool is_answer(const struct client *client, const char *name)
{
	const struct gw6c_granted *grant = client->mode->tunnel->grants;

	for (; grant && grant->type; grant++)
		if (strcmp(grant->mode ? grant->mode : grant->type, name) == 0)
			return true;
	return false;
}

const struct gw6c_plugin *client_asks_for(struct client *client)
{
	const struct network *here = blocked_here(client);
	const struct gw6c_plugin *mode;

	if (client->translated)
		return client->translated;
	if (!here || client->blocked.useless || !is_answer(client, here->mode))
		return client->mode;
	mode = client_mode(client, here->mode);
	return mode ? mode : client->mode;
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

/* Over TCP, UDP was tried before: what needs it would not pass either. Where
 * another tunnel comes to nothing, the broker is asked again for the mode that
 * it once did not offer. */
void client_note_blocked(struct client *client)
{
	const struct gw6c_lease *lease = tunnel_lease(client->tunnel);
	const struct gw6c_plugin *failed, *other;
	struct network network;

	if (tunnel_is_proven(client->tunnel) ||
	    !transport_is_udp(session_transport(client->session)))
		return;
	failed = client_mode(client, lease->mode);
	if (!failed || !failed->tunnel->protocol)
		return;
	if (blocked_here(client)) {
		client->blocked.useless = false;
		return;
	}
	other = find_passing(client, failed);
	if (!other)
		return;
	log_msg(GW6C_WARN, "client",
		"nothing ever came through the %s tunnel: this network seems "
		"to drop IP protocol %u; asking for %s here during the next "
		"hour",
		failed->name, failed->tunnel->protocol, other->name);
	network =
		(struct network){ .local = lease->local,
				  .until_s = (uint64_t)time(NULL) + BLOCKED_S };
	snprintf(network.asked, sizeof(network.asked), "%s",
		 client->mode->name);
	snprintf(network.mode, sizeof(network.mode), "%s", other->name);
	remember_blocked(client, &network);
}

bool client_unblock(struct client *client, const struct session_result *result)
{
	if (result->status != 303 && result->reason != REASON_MODE)
		return false;
	if (client->blocked.useless || !blocked_here(client))
		return false;
	log_msg(GW6C_NOTICE, "client",
		"the broker does not offer %s; asking for %s again",
		blocked_here(client)->mode, client->mode->name);
	client->blocked.useless = true;
	return true;
}
