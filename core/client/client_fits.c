/* client_fits.c - a lease may not take over what this machine has already: its
 * own addresses, the networks that it is in, and those that it reaches directly
 * by a route. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "client_parts.h"
#include "core/base/own_net.h"
#include "core/base/prefix.h"

/* What is looked for among the networks of this machine. */
struct collision {
	const struct gw6c_plan *plan; /* of the tunnel that is up, or NULL */
	const struct gw6c_lease *lease;
	const struct gw6c_addr *prefix; /* the part of it that is looked at */
	bool known; /* we have had the prefix before */
	bool alone; /* the address alone counts, not the network around it */
	bool found;
	bool routed; /* by a route alone */
	struct own_net net; /* the first that collides */
};

/* A tunnel that is replaced has left its addresses there. */
static bool is_ours(const struct gw6c_plan *plan, const struct own_net *net)
{
	if (!plan)
		return false;
	if (strcmp(plan->dev, net->dev) == 0)
		return true;
	for (uint32_t i = 0; i < plan->n && i < GW6C_STEPS; i++)
		if (plan->step[i].verb == GW6C_ADDR &&
		    strcmp(plan->step[i].dev, net->dev) == 0 &&
		    plan->step[i].dst.family == net->addr.family &&
		    memcmp(plan->step[i].dst.octets, net->addr.octets, 16) == 0)
			return true;
	return false;
}

/* Whoever keeps a prefix may well give any of its interfaces a part of it. */
static bool is_part(const struct collision *collision,
		    const struct own_net *net)
{
	return collision->known && net->addr.bits >= collision->prefix->bits &&
	       gw6c_addr_in(&net->addr, collision->prefix);
}

static bool look(void *arg, const struct own_net *net)
{
	struct collision *collision = arg;
	struct gw6c_addr around = net->addr;

	if (collision->alone)
		around.bits = around.family == 4 ? 32 : 128;
	if (!prefix_overlap(collision->prefix, &around) ||
	    is_ours(collision->plan, net) || is_part(collision, net))
		return true;
	collision->found = true;
	collision->net = *net;
	return false;
}

/* The network around an address of the plan in force, or a route of it. */
static bool is_step(const struct gw6c_plan *plan, const struct own_net *net)
{
	for (uint32_t i = 0; plan && i < plan->n && i < GW6C_STEPS; i++) {
		struct gw6c_addr dst = plan->step[i].dst;

		prefix_mask(&dst);
		if (strcmp(plan->step[i].dev, net->dev) == 0 &&
		    memcmp(&dst, &net->addr, sizeof(dst)) == 0)
			return true;
	}
	return plan && strcmp(plan->dev, net->dev) == 0;
}

/* What the interface is to get may be there already. */
static bool is_wanted(const struct collision *collision,
		      const struct own_net *net)
{
	const struct gw6c_lease *lease = collision->lease;

	for (int i = 0; lease && i < GW6C_LANS && lease->lans[i].dev[0]; i++) {
		const struct gw6c_addr *lan = &lease->lans[i].prefix;

		if (strcmp(lease->lans[i].dev, net->dev) != 0 || !lan->family)
			continue;
		if (memcmp(lan, &net->addr, sizeof(*lan)) == 0)
			return true;
		return collision->prefix == &lease->prefix &&
		       net->addr.bits >= lan->bits &&
		       gw6c_addr_in(&net->addr, lan);
	}
	return false;
}

static void look_at_route(void *arg, const char *dev,
			  const struct gw6c_addr *network)
{
	struct collision *collision = arg;
	struct own_net net = { .addr = *network };

	snprintf(net.dev, sizeof(net.dev), "%s", dev);
	if (collision->found || collision->alone ||
	    !prefix_overlap(collision->prefix, &net.addr) ||
	    is_step(collision->plan, &net) || is_part(collision, &net) ||
	    is_wanted(collision, &net))
		return;
	collision->found = true;
	collision->routed = true;
	collision->net = net;
}

static int fail(const char *what, const struct collision *collision,
		struct gw6c_err *err)
{
	char text[GW6C_ADDR_TEXT], net[OWN_NET_TEXT], dst[GW6C_ADDR_TEXT];

	gw6c_addr_text(collision->prefix, text);
	if (collision->routed)
		return gw6c_fail(
			err, GW6C_EPEER,
			"bad tunnel parameters from the broker: %s %s collides "
			"with %s, a network that this machine reaches directly "
			"by %s; ask the operator of the broker for another one",
			what, text, gw6c_addr_text(&collision->net.addr, dst),
			collision->net.dev);
	return gw6c_fail(err, GW6C_EPEER,
			 "bad tunnel parameters from the broker: %s %s "
			 "collides with %s of this machine; ask the operator "
			 "of the broker for another one",
			 what, text,
			 own_net_text(&collision->net, collision->prefix, net));
}

static int check(const struct client *client, const char *what,
		 struct collision collision, struct gw6c_err *err)
{
	if (!collision.prefix->family)
		return GW6C_OK;
	collision.plan = tunnel_plan(client->tunnel);
	if (!own_net_each(look, &collision))
		return gw6c_fail(err, GW6C_ENET,
				 "cannot read the addresses of this machine");
	tunnel_networks(client->tunnel, look_at_route, &collision);
	return collision.found ? fail(what, &collision, err) : GW6C_OK;
}

/* A broker in our own network may well have the tunnel's end there, too. */
static bool is_near(const struct client *client, const struct gw6c_addr *addr)
{
	struct collision collision = { .prefix = addr };

	own_net_each(look, &collision);
	tunnel_networks(client->tunnel, look_at_route, &collision);
	return collision.found;
}

/* The broker's own address is none that it could have made up. */
static int check_outer(const struct client *client,
		       const struct gw6c_lease *lease, struct gw6c_err *err)
{
	const struct gw6c_addr *broker = &client->addr[client->attempts.addr];

	if (memcmp(broker, &lease->remote, sizeof(*broker)) == 0)
		return GW6C_OK;
	return check(client, "the outer address of the server,",
		     (struct collision){ .prefix = &lease->remote,
					 .alone = is_near(client, broker) },
		     err);
}

/* More than was asked for is more than anybody gives away, but who had it
 * before may be given it again. */
static int check_length(const struct client *client,
			const struct gw6c_addr *prefix, struct gw6c_err *err)
{
	int asked = client->params.settings->prefixlen;
	char text[GW6C_ADDR_TEXT];

	if (!prefix->family || prefix->bits >= asked)
		return GW6C_OK;
	return gw6c_fail(err, GW6C_EPEER,
			 "bad tunnel parameters from the broker: the prefix %s "
			 "is larger than the /%d that was asked for; if it is "
			 "meant, set prefixlen=%u",
			 gw6c_addr_text(prefix, text), asked, prefix->bits);
}

int client_fits(void *arg, const struct gw6c_lease *lease, struct gw6c_err *err)
{
	const struct client *client = arg;
	struct collision prefix = {
		.lease = lease,
		.prefix = &lease->prefix,
		.known = client_knows_prefix(client, &lease->prefix),
	};

	if (lease->proxy)
		return GW6C_OK;
	if (!prefix.known && check_length(client, &lease->prefix, err))
		return err->rc;
	if (check(client, "our address in the tunnel,",
		  (struct collision){ .lease = lease, .prefix = &lease->inner },
		  err) ||
	    check(client, "the address of the server in the tunnel,",
		  (struct collision){ .lease = lease, .prefix = &lease->peer },
		  err) ||
	    check(client, "the prefix", prefix, err))
		return err->rc;
	return check_outer(client, lease, err);
}
