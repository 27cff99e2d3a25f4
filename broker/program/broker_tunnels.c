/* broker_tunnels.c - which client gets a tunnel where, and whether it is
 * there. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "broker/data/probe.h"
#include "broker/dialog/sources.h"
#include "broker_parts.h"
#include "core/base/log.h"
#include "core/base/own_net.h"

#define SAVE_MS 1000 /* between two writes of the addresses */
#define ASK_GAP_MS 200 /* between two probes for proof */
#define OUTER_MIN 20 /* octets of headers around a packet, of any mode */
#define OUTER_MAX 48
#define ASKS_HEARD 20 /* of one that is heard and does not answer */

bool broker_taken(void *arg, const struct endpoint *to, const char *key)
{
	struct broker *broker = arg;
	const struct tunnel_entry *entry =
		tunnels_by_outer(broker->tunnels, to);

	return entry && strcmp(entry->grant.user, key) != 0;
}

/* The outer endpoint of the tunnel. Without UDP, the address and the protocol
 * are all there is. */
static struct endpoint tunnel_end(struct broker *broker,
				  const struct dialog *dialog)
{
	struct endpoint to = dialog->from;

	to.protocol = dialog->grant.mode->tunnel->protocol;
	if (!to.protocol)
		return to;
	to.addr = dialog->grant.outer;
	to.port = 0;
	to.sock = net_raw_socket(broker->net, to.addr.family, to.protocol);
	return to;
}

struct search {
	const struct gw6c_addr *addr;
	bool found;
};

static bool look_at(void *arg, const struct own_net *net)
{
	struct search *search = arg;

	search->found = net->addr.family == search->addr->family &&
			memcmp(net->addr.octets, search->addr->octets, 16) == 0;
	return !search->found;
}

/* Without UDP, the client sends to the address that it was told, which may be
 * another one of ours than its session used. */
static void find_local(struct broker *broker, struct endpoint *to)
{
	struct search search = { &broker->env.options->server_v4, false };

	if (!to->protocol || to->addr.family != 4 || !search.addr->family)
		return;
	own_net_each(look_at, &search);
	if (search.found)
		to->local = *search.addr;
}

/* --- is it there? ------------------------------------------------------ */

/* An end that has proven nothing is sent no more than came from its address,
 * but for a little. */
static bool may_probe(struct broker *broker, const struct endpoint *to,
		      bool proven, size_t octets)
{
	return proven ||
	       sources_may_say(broker->env.sources, &to->addr,
			       OUTER_MAX + octets, loop_now_ms(broker->loop));
}

/* By way of to, which may have another address of ours than the tunnel. */
static void probe_by(struct broker *broker, const struct tunnel_entry *entry,
		     const struct endpoint *to)
{
	uint8_t packet[PROBE_MAX];
	struct gw6c_addr ours;
	size_t len;

	pool_server(env_pool(&broker->env, entry->grant.inner.family), &ours);
	len = probe_packet(&ours, &entry->grant.inner, entry->secret, packet);
	if (may_probe(broker, to, entry->proven, len))
		net_put(broker->net, to, entry->grant.mode,
			(struct gw6c_bytes){ packet, len });
}

static void probe(void *arg, const struct tunnel_entry *entry)
{
	probe_by(arg, entry, &entry->to);
}

void broker_ask(struct broker *broker, struct tunnel_entry *entry)
{
	entry->asks++;
	entry->asked_ms = loop_now_ms(broker->loop);
	probe_by(broker, entry, &entry->to);
}

/* If all places are taken, it has the one of the unproven for a while. */
static void keep_place(struct broker *broker, struct tunnel_entry *entry)
{
	char room[GW6C_ADDR_TEXT];

	if (env_keep(&broker->env, &entry->grant))
		return;
	log_msg(GW6C_INFO, "tunnel",
		"tunnel of %s at %s has no place of its own and ends soon, "
		"unless another tunnel ends; if this occurs often, raise "
		"max_tunnels, max_per_address or max_per_network",
		broker_holder(&entry->grant),
		gw6c_addr_text(&entry->to.addr, room));
}

static void keep(struct broker *broker, struct tunnel_entry *entry)
{
	entry->proven = true;
	dialogs_prove(broker->dialogs, &entry->to.addr,
		      loop_now_ms(broker->loop));
	keep_place(broker, entry);
}

void broker_try_again(struct broker *broker, struct tunnel_entry *entry)
{
	if (entry->proven && quota_is_doubtful(entry->grant.class))
		env_keep(&broker->env, &entry->grant);
}

/* Was the inner address told to nobody else, up to now? */
static bool is_secret(struct broker *broker, const struct tunnel_entry *entry)
{
	const struct gw6c_addr *inner = &entry->grant.inner;

	return entry->grant.secret &&
	       pool_is_secret(env_pool(&broker->env, inner->family), inner);
}

static bool same_local(const struct endpoint *a, const struct endpoint *b)
{
	return memcmp(&a->local, &b->local, sizeof(a->local)) == 0;
}

/* A packet that came to another address of ours than before: there the answer
 * to a probe must come, or whoever forges one packet turns the tunnel away. It
 * takes nothing of what its own end may be asked. */
static void heard_elsewhere(struct broker *broker, struct tunnel_entry *entry,
			    const struct endpoint *from, bool proves)
{
	uint64_t now_ms = loop_now_ms(broker->loop);
	struct endpoint to = entry->to;

	to.local = from->local;
	if (proves) {
		entry->to = to;
	} else if (now_ms - entry->asked_elsewhere_ms >= ASK_GAP_MS) {
		entry->asked_elsewhere_ms = now_ms;
		probe_by(broker, entry, &to);
	}
}

/* The answer to a probe shows that the client receives; so does any packet, if
 * nobody else can know the address that it is from. One that has shown nothing
 * is asked when it is heard: its end is up. */
void broker_heard(void *arg, struct tunnel_entry *entry,
		  const struct endpoint *from, struct gw6c_bytes packet)
{
	struct broker *broker = arg;
	uint64_t now_ms = loop_now_ms(broker->loop);
	bool answer = probe_is_answer(packet, entry->secret);
	bool proves = answer || (!entry->proven && is_secret(broker, entry));

	if (!entry->proven)
		sources_hear(broker->env.sources, &from->addr,
			     OUTER_MIN + packet.len, now_ms);
	entry->answers |= answer;
	if (!same_local(from, &entry->to))
		heard_elsewhere(broker, entry, from, proves);
	if (!entry->proven && proves)
		keep(broker, entry);
	if (same_local(from, &entry->to) && !entry->answers &&
	    entry->asks < ASKS_HEARD && now_ms - entry->asked_ms >= ASK_GAP_MS)
		broker_ask(broker, entry);
}

/* --- whose place ------------------------------------------------------- */

/* Both the tunnel at the same outer end and those of the same holder are asked
 * at once. */
enum sessions_verdict broker_sessions(void *arg, const struct dialog *dialog,
				      struct sessions_ask *ask,
				      unsigned *number,
				      const struct tunnel_entry **rival)
{
	struct broker *broker = arg;
	const struct tunnel_entry *old;
	enum sessions_verdict there, own;

	ask->to = tunnel_end(broker, dialog);
	ask->now_ms = loop_now_ms(broker->loop);
	ask->probe = probe;
	ask->arg = broker;
	old = tunnels_by_outer(broker->tunnels, &ask->to);
	there = sessions_displace(old, ask);
	if (there == SESSIONS_FULL) {
		*rival = old;
		return there;
	}
	own = sessions_choose(broker->tunnels, ask, number, rival);
	return own == SESSIONS_TAKE ? there : own;
}

const struct grant *broker_up(void *arg, const struct gw6c_addr *inner)
{
	struct broker *broker = arg;
	const struct tunnel_entry *entry =
		tunnels_by_inner(broker->tunnels, inner->octets);

	return entry ? &entry->grant : NULL;
}

/* Has no other client come to that end since the offer? */
bool broker_vacant(void *arg, const struct dialog *dialog)
{
	struct broker *broker = arg;
	const struct endpoint to = tunnel_end(broker, dialog);
	const struct tunnel_entry *old = tunnels_by_outer(broker->tunnels, &to);

	return !old || strcmp(old->grant.key, dialog->grant.key) == 0 ||
	       old->heard_ms < dialog->offered_ms ||
	       (!old->proven && dialog->proven);
}

/* The old end of a tunnel that has moved: another client, or the same one,
 * which does not listen there any more. */
static void tell_moved(struct broker *broker, const struct tunnel_entry *old,
		       const struct endpoint *to)
{
	char from[GW6C_ADDR_TEXT];

	if (!old || (old->to.port == to->port &&
		     memcmp(&old->to.addr, &to->addr, sizeof(to->addr)) == 0))
		return;
	log_msg(GW6C_INFO, "tunnel", "%s is no longer at %s port %u",
		broker_holder(&old->grant), gw6c_addr_text(&old->to.addr, from),
		old->to.port);
	net_tell_lost(broker->net, &old->to);
}

void broker_displace(void *arg, const struct dialog *dialog,
		     const struct gw6c_addr *inner)
{
	struct broker *broker = arg;
	const struct endpoint to = tunnel_end(broker, dialog);
	struct tunnel_entry *old =
		tunnels_by_inner(broker->tunnels, inner->octets);
	char room[GW6C_ADDR_TEXT];

	if (!old)
		return;
	tell_moved(broker, old, &to);
	log_msg(GW6C_NOTICE, "tunnel",
		"tunnel of %s ended: %s: the account logs in again and is "
		"given what is now configured for it",
		broker_holder(&old->grant), gw6c_addr_text(inner, room));
	tunnels_remove(broker->tunnels, old);
}

static void tell_accepted(const struct grant *grant, const struct endpoint *to,
			  bool again)
{
	char inner[GW6C_ADDR_TEXT], outer[GW6C_ADDR_TEXT], port[16] = "";
	char prefix[GW6C_ADDR_TEXT];
	bool routed = grant->prefix.family != 0;

	if (to->port)
		snprintf(port, sizeof(port), " port %u", to->port);
	log_msg(GW6C_NOTICE, "tunnel",
		"tunnel of %s up: %s %s%s%s to %s%s%s%s%s",
		broker_holder(grant), grant->mode->name,
		gw6c_addr_text(&grant->inner, inner), routed ? " and " : "",
		routed ? gw6c_addr_text(&grant->prefix, prefix) : "",
		gw6c_addr_text(&to->addr, outer), port,
		grant->nat ? ", behind a NAT" : "",
		grant->proxy ? ", proxied" : "",
		again ? ", replacing an earlier one" : "");
}

/* Packets of two clients at one outer address are indistinguishable, unless
 * they have ports. */
static void tell_ousted(struct broker *broker, const struct grant *grant,
			const struct endpoint *to)
{
	const struct tunnel_entry *old = tunnels_by_outer(broker->tunnels, to);
	const struct gw6c_tunnel_ops *mode = grant->mode->tunnel;
	const struct gw6c_plugin *other =
		modes_through_nat(&broker->base->modes, mode->inner,
				  mode->outer);
	char outer[GW6C_ADDR_TEXT];

	if (!old || strcmp(old->grant.key, grant->key) == 0)
		return;
	log_msg(GW6C_WARN, "tunnel",
		"tunnel of %s ended: %s is now at the same address %s%s%s",
		broker_holder(&old->grant), broker_holder(grant),
		gw6c_addr_text(&to->addr, outer),
		other ? "; one of them should use " : "",
		other ? other->name : "");
}

/* The same client at the same end has proven before that it is there. */
static bool was_proven(struct broker *broker, const struct grant *grant,
		       const struct endpoint *to)
{
	const struct tunnel_entry *old = tunnels_by_outer(broker->tunnels, to);

	return old && old->proven && strcmp(old->grant.key, grant->key) == 0;
}

void broker_accepted(void *arg, const struct dialog *dialog)
{
	struct broker *broker = arg;
	const struct grant *grant = &dialog->grant;
	struct endpoint to = tunnel_end(broker, dialog);
	uint64_t now_ms = loop_now_ms(broker->loop);
	const struct tunnel_entry *old =
		tunnels_by_inner(broker->tunnels, grant->inner.octets);
	bool again = old != NULL;
	bool proven = grant->proven || was_proven(broker, grant, &to);
	struct tunnel_entry *entry;

	find_local(broker, &to);
	tell_moved(broker, old, &to);
	tell_ousted(broker, grant, &to);
	if (to.protocol)
		device_sink(broker->device, &to.local, to.protocol);
	/* The tunnel takes over the pool entries of the dialogue. */
	entry = tunnels_add(broker->tunnels, &to, grant, now_ms);
	if (!entry) {
		env_release(&broker->env, grant);
		log_msg(GW6C_ERROR, "tunnel", "out of memory");
		return;
	}
	if (proven && !grant->proxy)
		keep(broker, entry);
	broker_watch_expiry(broker);
	broker->accepted++;
	if (now_ms - broker->saved_ms >= SAVE_MS)
		broker_save(broker);
	tell_accepted(grant, &to, again);
}
