/* dialog_mode.c - choosing the tunnel mode of a request. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "dialog_mode.h"
#include "core/base/addr_class.h"

/* A request on its way to a mode. */
struct choice {
	const struct dialog_env *env;
	const struct mode_asker *asker;
	const struct gw6c_plugin *asked; /* the mode that has its type */
	struct grant *grant;
	struct refusal *why;
};

static uint32_t over(const struct endpoint *from)
{
	return from->tcp ? GW6C_OVER_TCP : GW6C_OVER_UDP;
}

/* A mode without a protocol of its own uses the session's datagrams. */
bool mode_reaches(const struct dialog_env *env, const struct endpoint *from,
		  const struct gw6c_plugin *mode)
{
	const struct gw6c_tunnel_ops *ops = mode->tunnel;

	return ops->outer == from->addr.family && (ops->over & over(from)) &&
	       (ops->protocol || !from->tcp) &&
	       env_pool(env, ops->inner) != NULL;
}

GW6C_PRINTF(3, 4)
static int refuse(struct refusal *why, int code, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vsnprintf(why->text, sizeof(why->text), fmt, args);
	va_end(args);
	return code;
}

static bool find_address(const struct tsp_tunnel *request, int family,
			 struct gw6c_addr *out)
{
	const char *type = family == 4 ? "ipv4" : "ipv6";

	for (int i = 0; i < request->clients; i++)
		if (strcmp(request->client[i].type, type) == 0)
			return gw6c_addr_parse(request->client[i].text, out) &&
			       out->family == family;
	return false;
}

/* What a client of that kind can be granted by this line, or NULL. */
static const struct gw6c_plugin *grant_of(const struct choice *choice,
					  const struct gw6c_granted *at)
{
	const struct gw6c_plugin *mode =
		modes_offered(choice->env->modes,
			      at->mode ? at->mode : at->type);
	const struct endpoint *from = choice->asker->from;

	if (!mode || !(at->over & over(from)) ||
	    !mode_reaches(choice->env, from, mode))
		return NULL;
	return mode;
}

/* The first that is offered, whether or not this client can use it. */
static const struct gw6c_plugin *first_offered(const struct choice *choice)
{
	const struct gw6c_granted *at = choice->asked->tunnel->grants;
	const struct gw6c_plugin *mode = NULL;

	for (; !mode && at->type; at++)
		mode = grant_of(choice, at);
	return mode;
}

/* Nobody else can use the session's own socket. */
static bool may_have(const struct choice *choice,
		     const struct gw6c_plugin *mode)
{
	const struct grant *grant = choice->grant;

	if (choice->asker->crowded && mode->tunnel->protocol)
		return false;
	if (grant->proxy)
		return mode->tunnel->protocol != 0;
	return !grant->nat || mode->tunnel->flags & GW6C_TUNNEL_NAT;
}

static bool choose(const struct choice *choice)
{
	const struct gw6c_granted *at = choice->asked->tunnel->grants;

	for (; at->type; at++) {
		const struct gw6c_plugin *mode = grant_of(choice, at);

		if (!mode || !may_have(choice, mode))
			continue;
		choice->grant->mode = mode;
		choice->grant->type = at->type;
		return true;
	}
	return false;
}

/* --- refusals ---------------------------------------------------------- */

static bool grants_mode(const struct gw6c_plugin *asked,
			const struct gw6c_plugin *mode)
{
	const struct gw6c_granted *at = asked->tunnel->grants;

	while (at->type && strcmp(at->mode ? at->mode : at->type, mode->name))
		at++;
	return at->type != NULL;
}

/* What to ask for instead: a type that leaves the choice to us. */
static const struct gw6c_plugin *better_type(const struct choice *choice,
					     const struct gw6c_plugin *through)
{
	const struct gw6c_plugin *const *at = choice->env->modes->ask;

	while (*at && !grants_mode(*at, through))
		at++;
	return *at ? *at : through;
}

static int refuse_nat(const struct choice *choice)
{
	const struct gw6c_plugin *mode = first_offered(choice);
	const struct gw6c_plugin *through =
		modes_through_nat(choice->env->modes, mode->tunnel->inner,
				  mode->tunnel->outer);

	if (!through)
		return refuse(choice->why, 303, "%s cannot traverse your NAT",
			      mode->name);
	if (choice->asker->from->tcp &&
	    !(through->tunnel->over & GW6C_OVER_TCP))
		return refuse(choice->why, 303,
			      "%s cannot traverse your NAT; request %s over "
			      "UDP",
			      mode->name, through->name);
	return refuse(choice->why, 303,
		      "%s cannot traverse your NAT; request %s", mode->name,
		      better_type(choice, through)->name);
}

/* The type is offered, but unavailable to this client. */
static int refuse_mode(const struct choice *choice)
{
	if (choice->grant->proxy)
		return refuse(choice->why, 303, "%s tunnels cannot be proxied",
			      first_offered(choice)->name);
	if (choice->asked->tunnel->outer == 6)
		return refuse(choice->why, 502, "Source address mismatch");
	return refuse_nat(choice);
}

/* Proxied tunnels are for authenticated users only. */
static int check_proxy(const struct choice *choice)
{
	const struct dialog_env *env = choice->env;
	const struct grant *grant = choice->grant;
	const char *user = choice->asker->user;
	struct endpoint to = { .addr = grant->outer,
			       .protocol = grant->mode->tunnel->protocol };

	if (!user)
		return refuse(choice->why, 300, "Proxy clients must log in");
	if (!addr_is_unicast(&grant->outer))
		return refuse(choice->why, grant->outer.family == 4 ? 501 : 502,
			      "The router's address is not unicast");
	if (env->taken && env->taken(env->arg, &to, user))
		return refuse(choice->why, 506, "Address already in use");
	return 0;
}

int mode_choose(const struct dialog_env *env, const struct mode_asker *asker,
		const struct tsp_tunnel *request, struct grant *grant,
		struct gw6c_addr *claimed, struct refusal *why)
{
	const struct choice choice = { env, asker,
				       modes_asked(env->modes, request->type),
				       grant, why };
	int outer;

	if (!choice.asked || !first_offered(&choice))
		return refuse(why, 303, "Unsupported tunnel type");
	outer = choice.asked->tunnel->outer;
	if (!find_address(request, outer, claimed))
		return refuse(why, outer == 6 ? 502 : 501,
			      "Invalid IPv%d address", outer);
	grant->proxy = strcmp(request->proxy, "yes") == 0;
	grant->nat = !grant->proxy &&
		     memcmp(claimed, &asker->from->addr, sizeof(*claimed)) != 0;
	grant->outer = grant->proxy ? *claimed : asker->from->addr;
	if (!choose(&choice))
		return refuse_mode(&choice);
	return grant->proxy ? check_proxy(&choice) : 0;
}
