/* answer.c - from the broker's answer to a lease: nothing is believed. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "answer.h"
#include "core/base/addr_class.h"
#include "core/base/prefix.h"
#include "core/modules/option.h"
#include <ctype.h>
#include <strings.h>

#define MTU_DEFAULT 1280 /* octets: what every IPv6 path carries */
#define PREFIX_LEAST 32 /* bits of a prefix of IPv6: what a provider has */
#define KEEPALIVE_MIN_S 5
#define KEEPALIVE_MAX_S 3600
#define LIFETIME_MIN_S 60
#define LIFETIME_MAX_S (31L * 24 * 3600)

/* What the checks share. */
struct answer {
	const struct tsp_tunnel *tunnel;
	const struct answer_context *context;
	const struct gw6c_tunnel_ops *mode; /* granted */
	const struct gw6c_plugin *plugin; /* the same */
	struct gw6c_lease *lease;
	void (*note)(void *arg, const char *text);
	void *arg;
	struct gw6c_err *err;
};

static const char *family_type(int family)
{
	return family == 4 ? "ipv4" : "ipv6";
}

GW6C_PRINTF(2, 3)
static int answer_fail(struct answer *answer, const char *fmt, ...)
{
	char text[300];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	return gw6c_fail(answer->err, GW6C_EPEER,
			 "bad tunnel parameters from the broker: %s", text);
}

GW6C_PRINTF(2, 3)
static void answer_note(struct answer *answer, const char *fmt, ...)
{
	char text[300];
	va_list args;

	if (!answer->note)
		return;
	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	answer->note(answer->arg, text);
}

static bool same_addr(const struct gw6c_addr *a, const struct gw6c_addr *b)
{
	return memcmp(a, b, sizeof(*a)) == 0;
}

/* The first address of that type, strictly read. */
static bool list_addr(const struct tsp_address *list, int n, const char *type,
		      struct gw6c_addr *out)
{
	int family = strcmp(type, "ipv4") == 0 ? 4 : 6;

	memset(out, 0, sizeof(*out));
	for (int i = 0; i < n; i++)
		if (strcmp(list[i].type, type) == 0)
			return gw6c_addr_parse(list[i].text, out) &&
			       out->family == family;
	return false;
}

/* What the type in the answer means to the mode that asked. */
static const struct gw6c_granted *
find_granted(const struct answer_context *context, const char *type)
{
	uint32_t over = context->udp ? GW6C_OVER_UDP : GW6C_OVER_TCP;
	const struct gw6c_granted *granted = context->asked->grants;

	for (; granted->type; granted++)
		if (strcasecmp(granted->type, type) == 0 &&
		    granted->over & over)
			return granted;
	return NULL;
}

static int answer_mode(struct answer *answer)
{
	const struct answer_context *context = answer->context;
	const char *type = answer->tunnel->type;
	const struct gw6c_granted *granted = find_granted(context, type);
	const struct gw6c_plugin *mode;

	if (!*type)
		return answer_fail(answer, "no tunnel type");
	if (!granted)
		return answer_fail(answer,
				   "tunnel type \"%s\", which tunnel_mode=%s "
				   "does not accept in a session over %s",
				   type, context->settings->tunnel_mode,
				   context->udp ? "UDP" : "TCP");
	mode = context->mode(context->arg,
			     granted->mode ? granted->mode : granted->type);
	if (!mode || !mode->tunnel->plan)
		return gw6c_fail(answer->err, GW6C_ECONFIG,
				 "the broker granted tunnel type \"%s\", whose "
				 "plugin is not installed or cannot be loaded",
				 type);
	answer->mode = mode->tunnel;
	answer->plugin = mode;
	snprintf(answer->lease->mode, sizeof(answer->lease->mode), "%s",
		 mode->name);
	snprintf(answer->lease->asked, sizeof(answer->lease->asked), "%s",
		 context->settings->tunnel_mode);
	return GW6C_OK;
}

static int answer_outer(struct answer *answer, const char *type)
{
	const struct answer_context *context = answer->context;
	struct gw6c_lease *lease = answer->lease;
	char got[GW6C_ADDR_TEXT], had[GW6C_ADDR_TEXT];

	if (!list_addr(answer->tunnel->server, answer->tunnel->servers, type,
		       &lease->remote) ||
	    !addr_is_unicast(&lease->remote))
		return answer_fail(answer, "no usable %s address of the server",
				   type);
	if (!list_addr(answer->tunnel->client, answer->tunnel->clients, type,
		       &lease->seen))
		return answer_fail(answer, "no %s address of the client", type);
	lease->local = context->local;
	if (context->settings->proxy_client)
		lease->local = lease->seen;
	if (!answer->mode->protocol) {
		lease->remote = context->remote;
		lease->local_port = context->local_port;
		lease->remote_port = context->remote_port;
	} else if (!same_addr(&lease->remote, &context->remote)) {
		answer_note(answer,
			    "the tunnel ends at %s, not at the broker "
			    "%s",
			    gw6c_addr_text(&lease->remote, got),
			    gw6c_addr_text(&context->remote, had));
	}
	return GW6C_OK;
}

static int answer_inner(struct answer *answer, const char *type)
{
	struct gw6c_lease *lease = answer->lease;

	if (!list_addr(answer->tunnel->client, answer->tunnel->clients, type,
		       &lease->inner) ||
	    !addr_is_routable(&lease->inner))
		return answer_fail(answer, "no usable %s address for us", type);
	if (!list_addr(answer->tunnel->server, answer->tunnel->servers, type,
		       &lease->peer) ||
	    !addr_is_routable(&lease->peer))
		return answer_fail(answer, "no usable %s address of the server",
				   type);
	if (same_addr(&lease->inner, &lease->peer))
		return answer_fail(answer, "both ends have the same address");
	return GW6C_OK;
}

static int prefix_least(const struct answer *answer)
{
	int least = answer->mode->prefix_min;

	return answer->mode->inner == 6 && least < PREFIX_LEAST ? PREFIX_LEAST
								: least;
}

static int answer_prefix(struct answer *answer)
{
	const struct tsp_tunnel *tunnel = answer->tunnel;
	const struct settings *settings = answer->context->settings;
	struct gw6c_addr *prefix = &answer->lease->prefix;
	const struct gw6c_tunnel_ops *mode = answer->mode;
	char room[GW6C_ADDR_TEXT];

	if (!settings->router || tunnel->prefix_length < 0)
		return GW6C_OK;
	if (!gw6c_addr_parse(tunnel->prefix, prefix) ||
	    prefix->family != mode->inner || !addr_is_routable(prefix))
		return answer_fail(answer, "\"%.60s\" is not a usable prefix",
				   tunnel->prefix);
	if (tunnel->prefix_length < 1 ||
	    tunnel->prefix_length > mode->prefix_max)
		return answer_fail(answer, "invalid prefix length %ld",
				   tunnel->prefix_length);
	prefix->bits = (uint8_t)tunnel->prefix_length;
	prefix_mask(prefix);
	if (prefix->bits < prefix_least(answer))
		return answer_fail(answer, "a prefix of /%u is far too large",
				   prefix->bits);
	if (prefix->bits != settings->prefixlen)
		answer_note(answer,
			    "the broker assigned %s instead of the "
			    "requested /%d",
			    gw6c_addr_text(prefix, room), settings->prefixlen);
	return GW6C_OK;
}

static void answer_keepalive(struct answer *answer)
{
	const struct tsp_tunnel *tunnel = answer->tunnel;
	const struct settings *settings = answer->context->settings;
	struct gw6c_lease *lease = answer->lease;
	struct gw6c_addr *target = &lease->keepalive;
	long interval = tunnel->keepalive;

	if (!settings->keepalive)
		return;
	/* Without one in the answer, a NAT mapping still has to be kept. */
	if (interval < 0 && !answer->mode->keepalive_s)
		return;
	if (interval <= 0)
		interval = settings->keepalive_interval;
	if (interval < KEEPALIVE_MIN_S)
		interval = KEEPALIVE_MIN_S;
	if (interval > KEEPALIVE_MAX_S)
		interval = KEEPALIVE_MAX_S;
	lease->keepalive_s = (uint32_t)interval;
	if (!gw6c_addr_parse(tunnel->keepalive_address.text, target) ||
	    target->family != lease->peer.family || !addr_is_routable(target))
		*target = lease->peer;
}

static bool name_is_good(const char *name)
{
	size_t len = strlen(name);

	for (size_t i = 0; i < len; i++)
		if (!isalnum((unsigned char)name[i]) && name[i] != '.' &&
		    name[i] != '_' && name[i] != '-')
			return false;
	return len > 0 && len <= 253;
}

static void answer_name(struct answer *answer)
{
	const struct tsp_tunnel *tunnel = answer->tunnel;

	for (int i = 0; i < tunnel->clients; i++) {
		if (strcmp(tunnel->client[i].type, "dn") != 0)
			continue;
		if (name_is_good(tunnel->client[i].text))
			snprintf(answer->lease->name,
				 sizeof(answer->lease->name), "%s",
				 tunnel->client[i].text);
		else
			answer_note(answer, "ignoring the invalid host name "
					    "sent by the broker");
		return;
	}
}

static void answer_resolvers(struct answer *answer)
{
	const struct tsp_tunnel *tunnel = answer->tunnel;
	struct gw6c_addr addr;
	int n = 0;

	for (int i = 0; i < tunnel->resolvers && n < GW6C_RESOLVERS; i++)
		if (gw6c_addr_parse(tunnel->resolver[i].text, &addr) &&
		    addr.family == 6 && addr_is_routable(&addr))
			answer->lease->resolver[n++] = addr;
}

/* Many brokers count minutes, or mean nothing by it. */
static void answer_lifetime(struct answer *answer)
{
	long lifetime = answer->tunnel->lifetime;

	if (!(answer->mode->flags & GW6C_TUNNEL_LEASED) || lifetime <= 0 ||
	    lifetime > LIFETIME_MAX_S)
		return;
	if (lifetime < LIFETIME_MIN_S)
		lifetime = LIFETIME_MIN_S;
	answer->lease->lifetime_s = (uint32_t)lifetime;
}

/* The broker may give less than was asked for. */
static void answer_lans(struct answer *answer)
{
	const struct settings *settings = answer->context->settings;
	struct gw6c_lease *lease = answer->lease;
	char room[GW6C_ADDR_TEXT];

	for (int i = 0; i < GW6C_LANS && settings->lan[i].dev[0]; i++) {
		struct gw6c_lan *lan = &lease->lans[i];

		memcpy(lan->dev, settings->lan[i].dev, sizeof(lan->dev));
		if (lease->prefix.family != 6 ||
		    prefix_block(&lease->prefix, 64, settings->lan[i].subnet,
				 &lan->prefix))
			continue;
		lan->prefix = (struct gw6c_addr){ 0 };
		answer_note(answer,
			    "%s gets no prefix: there is no subnet %llu in %s",
			    lan->dev,
			    (unsigned long long)settings->lan[i].subnet,
			    gw6c_addr_text(&lease->prefix, room));
	}
}

/* The interface that the operator wants for the mode, "" for any. */
static const char *answer_dev(const struct answer *answer)
{
	const struct gw6c_opt *opt = option_of(answer->plugin, "interface");

	if (!opt || opt->type != GW6C_DEVICE)
		return "";
	return option_text(answer->plugin, answer->context->conf, opt);
}

static void answer_settings(struct answer *answer)
{
	const struct settings *settings = answer->context->settings;
	struct gw6c_lease *lease = answer->lease;

	lease->size = sizeof(*lease);
	lease->version = answer->context->version;
	snprintf(lease->broker, sizeof(lease->broker), "%s",
		 answer->context->broker.host);
	snprintf(lease->dev, sizeof(lease->dev), "%s", answer_dev(answer));
	if (settings->router)
		answer_lans(answer);
	lease->mtu = settings->mtu ? (uint32_t)settings->mtu : MTU_DEFAULT;
	lease->metric = (uint32_t)settings->metric;
	lease->default_route = settings->default_route;
	lease->router = settings->router;
	lease->proxy = settings->proxy_client;
}

int answer_lease(const struct tsp_tunnel *tunnel,
		 const struct answer_context *context, struct gw6c_lease *lease,
		 void (*note)(void *arg, const char *text), void *arg,
		 struct gw6c_err *err)
{
	struct answer answer = { tunnel, context, NULL, NULL,
				 lease,	 note,	  arg,	err };

	memset(lease, 0, sizeof(*lease));
	if (answer_mode(&answer))
		return err->rc;
	if (answer_outer(&answer, family_type(answer.mode->outer)) ||
	    answer_inner(&answer, family_type(answer.mode->inner)) ||
	    answer_prefix(&answer))
		return err->rc;
	answer_keepalive(&answer);
	answer_name(&answer);
	answer_resolvers(&answer);
	answer_lifetime(&answer);
	answer_settings(&answer);
	return GW6C_OK;
}
