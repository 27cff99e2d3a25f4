/* dialog_create.c - a client's request: which mode, and whose tunnel. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "dialog_create.h"
#include "broker/config/users.h"
#include "core/base/log.h"
#include "core/base/loop.h"
#include "dialog_mode.h"
#include "dialog_offer.h"
#include "dialog_refuse.h"
#include <stdlib.h>

#define PROBE_MS 300 /* between two questions to another tunnel's end */
#define PROBES 3

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
		.crowded = dialog->crowded,
	};
	int code;

	if (strcmp(request->action, "create") != 0)
		return refuse(out, 500, "Invalid request");
	code = mode_choose(dialog->env, &asker, request, &dialog->grant,
			   claimed, out);
	return code ? code : check_prefix(dialog, request, out);
}

/* An anonymous client that brings a secret has the same tunnel wherever it is.
 * Others are known by what nobody behind the same NAT has: by their port, or in
 * a mode without ports by their address. */
static bool has_secret(const struct dialog *dialog,
		       const struct tsp_tunnel *request)
{
	return dialog->anonymous && !dialog->nameless &&
	       strspn(request->secret, "0123456789abcdef") == TSP_SECRET - 1;
}

static void first_key(const struct dialog *dialog,
		      const struct tsp_tunnel *request, char key[POOL_KEY])
{
	uint8_t protocol = dialog->grant.mode->tunnel->protocol;
	char room[GW6C_ADDR_TEXT];

	if (!dialog->anonymous)
		snprintf(key, POOL_KEY, "%s", dialog->user);
	else if (has_secret(dialog, request))
		snprintf(key, POOL_KEY, "%c%s", POOL_GUEST, request->secret);
	else
		snprintf(key, POOL_KEY, "%c%s/%s%u", POOL_GUEST,
			 gw6c_addr_text(&dialog->from.addr, room),
			 protocol ? "p" : "",
			 protocol ? protocol : dialog->from.port);
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

/* --- which session ----------------------------------------------------- */

static void refuse_session(struct dialog *dialog,
			   const struct tunnel_entry *rival,
			   struct gw6c_buf *out)
{
	char at[GW6C_ADDR_TEXT], port[16] = "";
	struct refusal refusal;

	if (dialog->anonymous || strcmp(rival->grant.user, dialog->user) != 0) {
		dialog_refuse_request(dialog, out, 506,
				      "Address already in use");
		return;
	}
	if (rival->to.port)
		snprintf(port, sizeof(port), " port %u", rival->to.port);
	snprintf(refusal.text, sizeof(refusal.text),
		 "This account is in use at %s%s",
		 gw6c_addr_text(&rival->to.addr, at), port);
	dialog_refuse_request(dialog, out, 506, refusal.text);
}

static enum sessions_verdict choose(struct dialog *dialog,
				    const struct tsp_tunnel *request,
				    const char *key, unsigned *number,
				    const struct tunnel_entry **rival)
{
	const struct create_wait *wait = dialog->create;
	const struct gw6c_tunnel_ops *mode = dialog->grant.mode->tunnel;
	const struct dialog_env *env = dialog->env;
	struct sessions_ask ask = {
		.user = key,
		.inner = mode->inner,
		.weak = dialog->anonymous && !has_secret(dialog, request),
		.proven = dialog->proven,
		.leased = mode->flags & GW6C_TUNNEL_LEASED,
		.limit = dialog->anonymous
				 ? 1
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

/* Somebody else has it. Is there another way: without the secret, which a copy
 * of the client has brought, or in a mode that tells the clients of one address
 * apart? */
static bool find_other_way(struct dialog *dialog,
			   const struct tsp_tunnel *request, bool copied)
{
	struct gw6c_addr claimed = { 0 };
	struct refusal refusal;

	if (dialog->create)
		dialog->create->probed_ms = dialog->create->probes = 0;
	if (copied) {
		dialog->nameless = true;
		return true;
	}
	if (dialog->crowded || !dialog->grant.mode->tunnel->protocol)
		return false;
	dialog->crowded = true;
	return check_request(dialog, request, &claimed, &refusal) == 0;
}

/* False: it waits. True and dialog->wants_proof: there is no reply, either. */
static bool decide(struct dialog *dialog, const struct tsp_tunnel *request,
		   const struct gw6c_addr *claimed, struct gw6c_buf *out)
{
	const struct tunnel_entry *rival = NULL;
	char key[POOL_KEY];
	unsigned number;

	first_key(dialog, request, key);
	switch (choose(dialog, request, key, &number, &rival)) {
	case SESSIONS_WAIT:
		return false;
	case SESSIONS_FULL:
		if (dialog_wants_proof(dialog, loop_now_ms(dialog->env->loop)))
			return true;
		if (find_other_way(dialog, request,
				   has_secret(dialog, request) &&
					   strcmp(rival->grant.key, key) == 0))
			return decide(dialog, request, claimed, out);
		refuse_session(dialog, rival, out);
		return true;
	case SESSIONS_TAKE:
		break;
	}
	grant_holder(dialog, key, number);
	dialog_offer(dialog, request, claimed, out);
	return true;
}

static void on_probed(void *arg)
{
	struct create_wait *wait = arg;
	struct dialog *dialog = wait->dialog;
	uint8_t room[RUDP_SEND_MAX];
	struct gw6c_buf out = GW6C_BUF(room);

	wait->timer = NULL;
	if (!wait->probed_ms)
		wait->probed_ms = loop_now_ms(dialog->env->loop);
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
