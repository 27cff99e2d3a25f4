/* dialog_offer.c - what a client gets, and how it is told. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "dialog_offer.h"
#include "broker/config/users.h"
#include "core/base/log.h"
#include "core/base/loop.h"
#include "dialog_create.h"
#include "dialog_refuse.h"
#include <ctype.h>

#define ASK_MS 5000 /* for a proof, until a place is refused */
#define NAME_PART 120 /* octets of user and of realm in a domain name */

static void grant_keepalive(struct dialog *dialog,
			    const struct tsp_tunnel *request)
{
	long ours = dialog->env->options->keepalive_interval;
	long interval = ours ? ours : request->keepalive;

	if (request->keepalive < 0)
		return;
	if (interval < OPTIONS_KEEPALIVE_MIN_S)
		interval = OPTIONS_KEEPALIVE_MIN_S;
	if (interval > OPTIONS_KEEPALIVE_MAX_S)
		interval = OPTIONS_KEEPALIVE_MAX_S;
	dialog->grant.keepalive_s = (uint32_t)interval;
}

/* What the file gives to the account; family 0 in out: nothing. */
static void find_wish(const struct dialog *dialog, enum user_block what,
		      struct gw6c_addr *out)
{
	*out = (struct gw6c_addr){ 0 };
	if (!dialog->anonymous && dialog->number == 1)
		users_block(dialog->env->conf, dialog->user, what, out);
}

static bool would_move(const struct dialog *dialog)
{
	const struct dialog_env *env = dialog->env;
	const char *key = dialog->grant.key;
	uint8_t family = dialog->grant.mode->tunnel->inner;
	struct gw6c_addr address, prefix;

	find_wish(dialog, family == 4 ? USER_ADDRESS4 : USER_ADDRESS6,
		  &address);
	find_wish(dialog, USER_PREFIX6, &prefix);
	return pool_would_move(env_pool(env, family), key, &address) ||
	       pool_would_move(env_prefixes(env, family), key, &prefix);
}

/* The file may give an account another block than its tunnel has, which this
 * session replaces: that ends first, or the account would keep its block. */
static void make_way(struct dialog *dialog)
{
	const struct dialog_env *env = dialog->env;
	const struct grant *grant = &dialog->grant, *old;
	struct gw6c_addr inner;

	if (!env->up || !would_move(dialog) ||
	    pool_uses(env_pool(env, grant->mode->tunnel->inner), grant->key,
		      &inner) != 1)
		return;
	old = env->up(env->arg, &inner);
	if (old && strcmp(old->key, grant->key) == 0)
		env->displace(env->arg, dialog, &inner);
}

static bool grant_address(struct dialog *dialog)
{
	uint8_t family = dialog->grant.mode->tunnel->inner;
	struct pool *pool = env_pool(dialog->env, family);
	struct gw6c_addr wish;

	find_wish(dialog, family == 4 ? USER_ADDRESS4 : USER_ADDRESS6, &wish);
	dialog->offered = pool_acquire(pool, dialog->grant.key, &wish,
				       &dialog->grant.inner);
	if (dialog->offered)
		dialog->grant.secret =
			pool_is_secret(pool, &dialog->grant.inner);
	return dialog->offered;
}

/* --- a place ----------------------------------------------------------- */

static enum quota_class class_of(const struct dialog *dialog)
{
	if (!dialog->anonymous)
		return QUOTA_ACCOUNT;
	if (dialog->proven)
		return QUOTA_ANONYMOUS;
	return dialog->patient ? QUOTA_PATIENT : QUOTA_UNPROVEN;
}

/* Will the offer replace a tunnel that has such a place, and is it the only
 * one? */
static bool has_place(const struct dialog *dialog, enum quota_class class)
{
	const struct dialog_env *env = dialog->env;
	const struct grant *grant = &dialog->grant, *old;
	struct gw6c_addr inner;

	if (!env->up || pool_uses(env_pool(env, grant->mode->tunnel->inner),
				  grant->key, &inner) != 1)
		return false;
	old = env->up(env->arg, &inner);
	return old && old->class == class &&
	       strcmp(old->key, grant->key) == 0 &&
	       memcmp(&old->source, &grant->source, sizeof(old->source)) == 0;
}

/* All that an account is offered at a time has the place of one tunnel, since
 * it can have one only. */
static enum quota_verdict find_place(const struct dialog *dialog,
				     enum quota_class class)
{
	const struct dialog_env *env = dialog->env;
	const struct quota_limits limits = env_limits(env);

	if (class != QUOTA_ACCOUNT && has_place(dialog, class))
		return QUOTA_TAKEN;
	return quota_check(env->quota, &limits, &dialog->grant.source, class);
}

static void refuse_place(struct dialog *dialog, enum quota_verdict verdict,
			 struct gw6c_buf *out)
{
	if (verdict == QUOTA_MANY)
		dialog_refuse_request(dialog, out, 301,
				      "Too many tunnels at your address");
	else
		dialog_refuse_request(dialog, out, 301, "No tunnels available");
}

static enum quota_verdict take_place(struct dialog *dialog)
{
	struct grant *grant = &dialog->grant;
	enum quota_verdict verdict;

	grant->class = class_of(dialog);
	if (!dialog->env->quota || env_shares_place(dialog->env, grant))
		return QUOTA_TAKEN;
	verdict = find_place(dialog, grant->class);
	if (verdict == QUOTA_TAKEN &&
	    !quota_take(dialog->env->quota, &grant->source, grant->class))
		verdict = QUOTA_FULL;
	if (verdict != QUOTA_TAKEN)
		grant->class = QUOTA_NONE;
	return verdict;
}

static bool asks_on(const struct dialog *dialog)
{
	return dialog_may_prove(dialog) && dialog->wanted_proof &&
	       loop_now_ms(dialog->env->loop) - dialog->wanted_ms < ASK_MS;
}

/* False: the reply says why not; or the client has to prove first that it
 * receives, for one of the other places. Of those that cannot there are a few
 * for the patient. */
static bool grant_place(struct dialog *dialog, struct gw6c_buf *out)
{
	struct grant *grant = &dialog->grant;
	bool was_patient = dialog->patient;
	enum quota_verdict verdict;

	grant->proven = dialog->proven;
	grant->source =
		dialog->anonymous ? dialog->from.addr : (struct gw6c_addr){ 0 };
	verdict = take_place(dialog);
	if (verdict == QUOTA_TAKEN)
		return true;
	if (quota_is_doubtful(class_of(dialog)) &&
	    dialog_wants_proof(dialog, loop_now_ms(dialog->env->loop)))
		return false;
	if (dialog->patient && !was_patient)
		verdict = take_place(dialog);
	if (verdict == QUOTA_TAKEN)
		return true;
	/* The question, or its answer, may have been lost. */
	dialog->wants_proof = asks_on(dialog);
	if (!dialog->wants_proof)
		refuse_place(dialog, verdict, out);
	return false;
}

static void give_place(struct dialog *dialog)
{
	env_give_place(dialog->env, &dialog->grant);
	dialog->grant.class = QUOTA_NONE;
}

/* A request for too large a prefix gets the largest one allowed. */
static bool grant_prefix(struct dialog *dialog,
			 const struct tsp_tunnel *request)
{
	const struct gw6c_tunnel_ops *mode = dialog->grant.mode->tunnel;
	long bits = request->prefix_length;
	long most = dialog->env->options->largest_prefix;
	struct gw6c_addr wish;

	if (bits < 0)
		return true;
	if (most < mode->prefix_min)
		most = mode->prefix_min;
	find_wish(dialog, USER_PREFIX6, &wish);
	return pool_acquire_prefix(env_prefixes(dialog->env, mode->inner),
				   dialog->grant.key,
				   (uint8_t)(bits < most ? most : bits), &wish,
				   &dialog->grant.prefix);
}

static void put_addr(struct tsp_address *out, const struct gw6c_addr *addr)
{
	char room[GW6C_ADDR_TEXT];

	tsp_full_text(addr, room);
	snprintf(out->type, sizeof(out->type), "%s",
		 addr->family == 4 ? "ipv4" : "ipv6");
	snprintf(out->text, sizeof(out->text), "%s", room);
}

/* Old clients fail on an invalid host name. */
static bool is_name(const char *text)
{
	for (; *text; text++)
		if (!isalnum((unsigned char)*text) && !strchr("-._", *text))
			return false;
	return true;
}

static void put_name(const struct dialog *dialog, struct tsp_tunnel *answer)
{
	const char *realm = dialog->env->options->realm;
	struct tsp_address *name = &answer->client[answer->clients];

	if (dialog->anonymous || !strchr(realm, '.') ||
	    !is_name(dialog->user) || strlen(dialog->user) > NAME_PART)
		return;
	snprintf(name->type, sizeof(name->type), "dn");
	snprintf(name->text, sizeof(name->text), "%.*s.%.*s", NAME_PART,
		 dialog->user, NAME_PART, realm);
	answer->clients++;
}

/* Our end of the tunnel, to which the client sends its packets. */
static const struct gw6c_addr *our_outer(const struct dialog *dialog)
{
	const struct options *options = dialog->env->options;

	if (dialog->from.local.family == 6 || !options->server_v4.family)
		return &dialog->from.local;
	return &options->server_v4;
}

static void put_offer(const struct dialog *dialog, struct tsp_tunnel *answer)
{
	const struct grant *grant = &dialog->grant;
	struct gw6c_addr inner;

	pool_server(env_pool(dialog->env, grant->inner.family), &inner);
	tsp_tunnel_init(answer);
	snprintf(answer->action, sizeof(answer->action), "info");
	snprintf(answer->type, sizeof(answer->type), "%s", grant->type);
	if (grant->proxy)
		snprintf(answer->proxy, sizeof(answer->proxy), "yes");
	answer->lifetime =
		grant->lifetime_s ? (long)grant->lifetime_s : DIALOG_LIFETIME_S;
	put_addr(&answer->server[answer->servers++], our_outer(dialog));
	put_addr(&answer->server[answer->servers++], &inner);
	put_addr(&answer->client[answer->clients++], &grant->outer);
	put_addr(&answer->client[answer->clients++], &grant->inner);
	put_name(dialog, answer);
	if (grant->prefix.family) {
		answer->router = true;
		answer->prefix_length = grant->prefix.bits;
		tsp_full_text(&grant->prefix, answer->prefix);
	}
	if (!grant->keepalive_s)
		return;
	answer->keepalive = grant->keepalive_s;
	put_addr(&answer->keepalive_address, &inner);
}

static void tell_nat(const struct dialog *dialog,
		     const struct gw6c_addr *claimed)
{
	char said[GW6C_ADDR_TEXT], seen[GW6C_ADDR_TEXT];

	if (dialog->grant.nat)
		log_msg(GW6C_INFO, "session",
			"NAT detected: the client reports %s, its packets "
			"arrive from %s port %u",
			gw6c_addr_text(claimed, said),
			gw6c_addr_text(&dialog->from.addr, seen),
			dialog->from.port);
}

/* Reverse zones are delegated by the administrator; we only log the request. */
static void tell_dns(const struct dialog *dialog,
		     const struct tsp_tunnel *request)
{
	char room[GW6C_ADDR_TEXT];

	for (int i = 0; i < request->router_dns; i++)
		log_msg(GW6C_NOTICE, "session",
			"%s requests delegation of the reverse zone of %s to "
			"%s",
			dialog->user,
			gw6c_addr_text(&dialog->grant.prefix, room),
			request->router_dns_server[i].text);
}

void dialog_offer(struct dialog *dialog, const struct tsp_tunnel *request,
		  const struct gw6c_addr *claimed, struct gw6c_buf *out)
{
	struct tsp_tunnel answer;

	grant_keepalive(dialog, request);
	tell_nat(dialog, claimed);
	make_way(dialog);
	if (!grant_place(dialog, out))
		return;
	if (!grant_address(dialog)) {
		give_place(dialog);
		dialog_refuse_request(dialog, out, 301, "No tunnels available");
		return;
	}
	if (!grant_prefix(dialog, request)) {
		dialog_refuse_request(dialog, out, 507,
				      "No prefix of that length is left");
		return;
	}
	tell_dns(dialog, request);
	if (dialog->grant.mode->tunnel->flags & GW6C_TUNNEL_LEASED)
		dialog->grant.lifetime_s =
			(uint32_t)dialog->env->options->lifetime;
	dialog->offered_ms = loop_now_ms(dialog->env->loop);
	put_offer(dialog, &answer);
	tsp_put_message(out, 200, "Success", &answer);
	/* Before 2.0.0 there is no accept. */
	dialog->stage = dialog->version < TSP_V200 ? DIALOG_DONE : DIALOG_OFFER;
}
