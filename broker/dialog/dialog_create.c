/* dialog_create.c - a client's request, and our offer. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "dialog_create.h"
#include "broker/config/users.h"
#include "core/base/log.h"
#include "core/base/loop.h"
#include "dialog_mode.h"
#include "dialog_refuse.h"
#include <ctype.h>
#include <stdlib.h>

#define PROBE_MS 300 /* between two questions to another tunnel's end */
#define PROBES 3
#define ANONYMOUS_SESSIONS 4 /* that the addresses do not tell apart */
#define NAME_PART 120 /* octets of user and of realm in a domain name */

/* A request that waits until another tunnel of the account has answered. */
struct create_wait {
	struct dialog *dialog;
	struct tsp_tunnel request;
	struct gw6c_addr claimed;
	struct gw6c_watch *timer;
	uint64_t probed_ms;
	int probes;
};

static int refuse(struct refusal *out, int code, const char *text)
{
	snprintf(out->text, sizeof(out->text), "%s", text);
	return code;
}

/* 0, or the status of the refusal. */
static int check_prefix(const struct dialog *dialog,
			const struct tsp_tunnel *request, struct refusal *out)
{
	const struct gw6c_tunnel_ops *mode = dialog->grant.mode->tunnel;

	if (request->router && request->prefix_length < 0)
		return refuse(out, 520, "Prefix length missing");
	if (request->prefix_length < 0)
		return 0;
	if (dialog->anonymous)
		return refuse(out, 522, "Prefix asked by an anonymous user");
	if (mode->prefix_max && request->prefix_length > mode->prefix_max)
		return refuse(out, 518, "Unsupported prefix length");
	if (!mode->prefix_max || !env_prefixes(dialog->env, mode->inner))
		return refuse(out, 507, "Prefix length not available");
	return 0;
}

static int check_request(struct dialog *dialog,
			 const struct tsp_tunnel *request,
			 struct gw6c_addr *claimed, struct refusal *out)
{
	const struct mode_asker asker = {
		.from = &dialog->from,
		.user = dialog->anonymous ? NULL : dialog->user,
	};
	int code;

	if (strcmp(request->action, "create") != 0)
		return refuse(out, 500, "Invalid request");
	code = mode_choose(dialog->env, &asker, request, &dialog->grant,
			   claimed, out);
	return code ? code : check_prefix(dialog, request, out);
}

/* A returning anonymous client is recognized by its addresses. */
static void first_key(const struct dialog *dialog,
		      const struct gw6c_addr *claimed, char key[POOL_KEY])
{
	char seen[GW6C_ADDR_TEXT], said[GW6C_ADDR_TEXT];

	if (dialog->anonymous)
		snprintf(key, POOL_KEY, "?%s/%s",
			 gw6c_addr_text(&dialog->from.addr, seen),
			 gw6c_addr_text(claimed, said));
	else
		snprintf(key, POOL_KEY, "%s", dialog->user);
}

static void grant_holder(struct dialog *dialog, const char *key,
			 unsigned number)
{
	dialog->grant.anonymous = dialog->anonymous;
	snprintf(dialog->grant.user, sizeof(dialog->grant.user), "%s",
		 dialog->user);
	sessions_key(dialog->grant.key, key, number);
	dialog->number = number;
}

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

static bool grant_address(struct dialog *dialog)
{
	uint8_t family = dialog->grant.mode->tunnel->inner;
	struct gw6c_addr wish = { 0 };

	if (!dialog->anonymous && dialog->number == 1)
		users_block(dialog->env->conf, dialog->user,
			    family == 4 ? USER_ADDRESS4 : USER_ADDRESS6, &wish);
	dialog->offered =
		pool_acquire(env_pool(dialog->env, family), dialog->grant.key,
			     &wish, &dialog->grant.inner);
	return dialog->offered;
}

/* A request for too large a prefix gets the largest one allowed. */
static bool grant_prefix(struct dialog *dialog,
			 const struct tsp_tunnel *request)
{
	const struct gw6c_tunnel_ops *mode = dialog->grant.mode->tunnel;
	long bits = request->prefix_length;
	long most = dialog->env->options->largest_prefix;
	struct gw6c_addr wish = { 0 };

	if (bits < 0)
		return true;
	if (most < mode->prefix_min)
		most = mode->prefix_min;
	if (dialog->number == 1)
		users_block(dialog->env->conf, dialog->user, USER_PREFIX6,
			    &wish);
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

static void offer(struct dialog *dialog, const struct tsp_tunnel *request,
		  const struct gw6c_addr *claimed, struct gw6c_buf *out)
{
	struct tsp_tunnel answer;

	grant_keepalive(dialog, request);
	tell_nat(dialog, claimed);
	if (!grant_address(dialog)) {
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
	put_offer(dialog, &answer);
	tsp_put_message(out, 200, "Success", &answer);
	/* Before 2.0.0 there is no accept. */
	dialog->stage = dialog->version < TSP_V200 ? DIALOG_DONE : DIALOG_OFFER;
}

/* --- which session ----------------------------------------------------- */

static void refuse_session(struct dialog *dialog,
			   const struct tunnel_entry *rival,
			   struct gw6c_buf *out)
{
	char at[GW6C_ADDR_TEXT], port[16] = "";
	struct refusal refusal;

	if (rival->to.port)
		snprintf(port, sizeof(port), " port %u", rival->to.port);
	snprintf(refusal.text, sizeof(refusal.text),
		 "This account is in use at %s%s",
		 gw6c_addr_text(&rival->to.addr, at), port);
	dialog_refuse_request(dialog, out, 506, refusal.text);
}

/* wait: how far the question to the other tunnels is; NULL: not yet asked. */
static enum sessions_verdict choose(struct dialog *dialog, const char *key,
				    const struct create_wait *wait,
				    unsigned *number,
				    const struct tunnel_entry **rival)
{
	const struct gw6c_tunnel_ops *mode = dialog->grant.mode->tunnel;
	const struct dialog_env *env = dialog->env;
	struct sessions_ask ask = {
		.user = key,
		.inner = mode->inner,
		.leased = mode->flags & GW6C_TUNNEL_LEASED,
		.limit = dialog->anonymous
				 ? ANONYMOUS_SESSIONS
				 : users_sessions(env->conf, dialog->user),
		.probed_ms = wait ? wait->probed_ms : 0,
		.final = wait && wait->probes >= PROBES,
	};

	*number = 1;
	if (!env->sessions)
		return SESSIONS_TAKE;
	return env->sessions(env->arg, dialog, &ask, number, rival);
}

static void on_probed(void *arg);

static void wait_more(struct create_wait *wait)
{
	wait->probes++;
	wait->timer =
		loop_timer(wait->dialog->env->loop, PROBE_MS, on_probed, wait);
	wait->dialog->stage = DIALOG_WAITING;
}

static void wait_first(struct dialog *dialog, const struct tsp_tunnel *request,
		       const struct gw6c_addr *claimed, struct gw6c_buf *out)
{
	struct create_wait *wait = calloc(1, sizeof(*wait));

	if (!wait) {
		dialog_refuse_request(dialog, out, 530, "Server too busy");
		return;
	}
	wait->dialog = dialog;
	wait->request = *request;
	wait->claimed = *claimed;
	wait->probed_ms = loop_now_ms(dialog->env->loop);
	dialog->create = wait;
	wait_more(wait);
}

void dialog_create_end(struct dialog *dialog)
{
	if (dialog->create)
		loop_forget(dialog->create->timer);
	free(dialog->create);
	dialog->create = NULL;
}

/* False: it waits. */
static bool decide(struct dialog *dialog, const struct tsp_tunnel *request,
		   const struct gw6c_addr *claimed, struct gw6c_buf *out)
{
	const struct tunnel_entry *rival = NULL;
	char key[POOL_KEY];
	unsigned number;

	first_key(dialog, claimed, key);
	switch (choose(dialog, key, dialog->create, &number, &rival)) {
	case SESSIONS_WAIT:
		return false;
	case SESSIONS_FULL:
		refuse_session(dialog, rival, out);
		return true;
	case SESSIONS_TAKE:
		break;
	}
	grant_holder(dialog, key, number);
	offer(dialog, request, claimed, out);
	return true;
}

static void on_probed(void *arg)
{
	struct create_wait *wait = arg;
	struct dialog *dialog = wait->dialog;
	uint8_t room[RUDP_SEND_MAX];
	struct gw6c_buf out = GW6C_BUF(room);

	wait->timer = NULL;
	if (!decide(dialog, &wait->request, &wait->claimed, &out)) {
		wait_more(wait);
		return;
	}
	dialog_create_end(dialog);
	if (dialog->later)
		dialog->later(dialog->arg, &out);
}

void dialog_create(struct dialog *dialog, const struct tsp_tunnel *request,
		   struct gw6c_buf *out)
{
	struct gw6c_addr claimed = { 0 };
	struct refusal refusal;
	int code = check_request(dialog, request, &claimed, &refusal);

	if (code)
		dialog_refuse_request(dialog, out, code, refusal.text);
	else if (!decide(dialog, request, &claimed, out))
		wait_first(dialog, request, &claimed, out);
}
