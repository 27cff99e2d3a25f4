/* dialog_mode.c - choosing the tunnel mode of a request. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "dialog_mode.h"
#include "core/base/addr_class.h"

bool modes_offer(const struct dialog_env *env, const struct endpoint *from,
		 enum mode mode)
{
	bool outer6 = mode == MODE_V4V6;

	if (!env->options->mode[mode] || (from->addr.family == 6) != outer6)
		return false;
	if (mode == MODE_V6UDPV4)
		return !from->tcp; /* the session's datagrams carry it */
	return mode != MODE_V4V6 || env->pool4;
}

static bool find_address(const struct tsp_tunnel *request, const char *type,
			 struct gw6c_addr *out)
{
	for (int i = 0; i < request->clients; i++)
		if (strcmp(request->client[i].type, type) == 0)
			return gw6c_addr_parse(request->client[i].text, out) &&
			       out->family ==
				       (strcmp(type, "ipv4") == 0 ? 4 : 6);
	return false;
}

static int refuse(const char **text, int code, const char *why)
{
	*text = why;
	return code;
}

/* Proxied tunnels are for authenticated users only. */
static int choose_proxy(struct dialog *dialog, const char **text)
{
	struct grant *grant = &dialog->grant;

	if (dialog->anonymous)
		return refuse(text, 300, "Proxy clients must log in");
	if (!addr_is_unicast(&grant->outer))
		return refuse(text, grant->outer.family == 4 ? 501 : 502,
			      "The router's address is not unicast");
	if (dialog->env->taken &&
	    dialog->env->taken(dialog->env->arg, &grant->outer, dialog->user))
		return refuse(text, 506, "Address already in use");
	return 0;
}

static bool is_type(const struct tsp_tunnel *request, enum mode mode)
{
	return strcmp(request->type, mode_name(mode)) == 0 ||
	       (mode != MODE_V4V6 && strcmp(request->type, "v6anyv4") == 0);
}

/* Could a request of that type be granted at all? */
static bool is_offered(const struct dialog *dialog,
		       const struct tsp_tunnel *request)
{
	for (int i = 0; i < MODES; i++)
		if (is_type(request, (enum mode)i) &&
		    modes_offer(dialog->env, &dialog->from, (enum mode)i))
			return true;
	return false;
}

static bool may_have(const struct dialog *dialog, enum mode mode)
{
	const struct grant *grant = &dialog->grant;

	if (!modes_offer(dialog->env, &dialog->from, mode))
		return false;
	return mode == MODE_V6UDPV4 ? !grant->proxy : !grant->nat;
}

/* v6v4 has less overhead; v6udpv4 traverses NATs. */
static bool choose_mode(struct dialog *dialog, const struct tsp_tunnel *request)
{
	static const enum mode order[] = { MODE_V6V4, MODE_V6UDPV4, MODE_V4V6 };

	for (int i = 0; i < MODES; i++) {
		dialog->grant.mode = order[i];
		if (is_type(request, order[i]) && may_have(dialog, order[i]))
			return true;
	}
	return false;
}

/* The type is offered, but unavailable to this client. */
static int refuse_mode(const struct dialog *dialog,
		       const struct tsp_tunnel *request, const char **text)
{
	if (is_type(request, MODE_V4V6))
		return refuse(text, 502, "Source address mismatch");
	if (dialog->grant.proxy)
		return refuse(text, 303, "v6udpv4 tunnels cannot be proxied");
	if (dialog->from.tcp)
		return refuse(text, 303,
			      "v6v4 cannot traverse your NAT; request v6udpv4 "
			      "over UDP");
	return refuse(text, 303,
		      "v6v4 cannot traverse your NAT; request v6anyv4");
}

int modes_choose(struct dialog *dialog, const struct tsp_tunnel *request,
		 struct gw6c_addr *claimed, const char **text)
{
	bool v4v6 = is_type(request, MODE_V4V6);
	struct grant *grant = &dialog->grant;

	if (!is_offered(dialog, request))
		return refuse(text, 303, "Unsupported tunnel type");
	if (!find_address(request, v4v6 ? "ipv6" : "ipv4", claimed))
		return v4v6 ? refuse(text, 502, "Invalid IPv6 address")
			    : refuse(text, 501, "Invalid IPv4 address");
	grant->proxy = strcmp(request->proxy, "yes") == 0;
	grant->nat = !grant->proxy &&
		     memcmp(claimed, &dialog->from.addr, sizeof(*claimed)) != 0;
	grant->outer = grant->proxy ? *claimed : dialog->from.addr;
	if (!choose_mode(dialog, request))
		return refuse_mode(dialog, request, text);
	return grant->proxy ? choose_proxy(dialog, text) : 0;
}
