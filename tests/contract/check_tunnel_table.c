/* check_tunnel_table.c - is the descriptor of a mode complete? Client and
 * broker know nothing else of it. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "check.h"
#include <ctype.h>
#include <strings.h>

#define TRANSPORTS (GW6C_OVER_UDP | GW6C_OVER_TCP)

static bool is_family(uint8_t family)
{
	return family == 4 || family == 6;
}

static bool is_name(const char *text)
{
	const char *at = text;

	while (isalnum((unsigned char)*at) || *at == '-')
		at++;
	return !*at && at > text && at - text < GW6C_MODE;
}

static const char *grant_fault(const struct gw6c_granted *grant, uint8_t over)
{
	if (!is_name(grant->type))
		return "its type is not 1 to 15 letters and digits";
	if (grant->mode && !is_name(grant->mode))
		return "its mode is not the name of a plugin";
	if (!grant->over || (grant->over & ~(uint32_t)TRANSPORTS))
		return "over is neither UDP nor TCP";
	if (grant->over & ~(uint32_t)over)
		return "over has a session that cannot ask for it";
	return NULL;
}

static void check_grants(const struct gw6c_tunnel_ops *ops)
{
	const struct gw6c_granted *at = ops->grants;
	const char *fault = NULL;

	report_try("each of its grants has a type, and the sessions for it");
	for (; at->type && !fault; at++)
		fault = grant_fault(at, ops->over);
	if (at == ops->grants)
		report(false, "there are none");
	else
		report(!fault, "\"%s\": %s", at[-1].type, fault ? fault : "");
}

/* Set up by itself: its own name must be among what it takes. */
static void check_own_grant(const struct gw6c_plugin *plugin)
{
	const struct gw6c_granted *at = plugin->tunnel->grants;
	bool own = false;

	report_try("it takes what it asks for");
	for (; at->type; at++)
		own = own || strcasecmp(at->mode ? at->mode : at->type,
					plugin->name) == 0;
	report(own || !plugin->tunnel->plan,
	       "no grant is set up by '%s' itself", plugin->name);
}

static void check_families(const struct gw6c_tunnel_ops *ops)
{
	report_try("it has families, and sessions that can ask for it");
	if (!is_family(ops->inner) || !is_family(ops->outer))
		report(false, "inner is %u and outer %u; 4 and 6 can be",
		       ops->inner, ops->outer);
	else if (!ops->over || (ops->over & ~TRANSPORTS))
		report(false, "over is neither UDP nor TCP");
	else
		report(!ops->plan || ops->protocol ||
			       ops->over == GW6C_OVER_UDP,
		       "it uses the UDP socket of the session (protocol 0), "
		       "and a session over TCP has none");
}

/* Octets before a packet, at least: IPv4 or IPv6, UDP, its own. */
static unsigned least_overhead(const struct gw6c_tunnel_ops *ops)
{
	return (ops->outer == 6 ? 40u : 20u) + (ops->protocol ? 0u : 8u) +
	       ops->header;
}

static void check_overhead(const struct gw6c_tunnel_ops *ops)
{
	report_try("overhead has all headers");
	if (ops->plan)
		report(ops->overhead >= least_overhead(ops) &&
			       ops->overhead <= 255,
		       "it is %u; the headers have %u octets", ops->overhead,
		       least_overhead(ops));
	else
		report_skip("it only asks");
}

static void check_prefixes(const struct gw6c_tunnel_ops *ops)
{
	unsigned most = ops->inner == 4 ? 32 : 128;

	report_try("prefix_min, prefix_usual and prefix_max are in order");
	if (!ops->prefix_min && !ops->prefix_usual && !ops->prefix_max)
		report(true, " ");
	else
		report(ops->prefix_min > 0 &&
			       ops->prefix_min <= ops->prefix_usual &&
			       ops->prefix_usual <= ops->prefix_max &&
			       ops->prefix_max <= most,
		       "they are %u, %u and %u, of at most %u; all are 0 if "
		       "there are none",
		       ops->prefix_min, ops->prefix_usual, ops->prefix_max,
		       most);
}

static void check_functions(const struct gw6c_tunnel_ops *ops)
{
	bool path = ops->open, header = ops->wrap;

	report_try("open, close and count are all there, or none");
	report(!ops->close == !path && !ops->count == !path, "only some are");
	report_try("wrap and unwrap are there if header is not 0");
	report(!ops->unwrap == !header && header == (ops->header > 0),
	       "header is %u, and wrap is %sthere", ops->header,
	       header ? "" : "not ");
	report_try("a mode of the session's socket moves the packets itself");
	report(!ops->plan || ops->protocol || path, "it has no open");
}

void check_tunnel_table(const struct gw6c_plugin *plugin)
{
	const struct gw6c_tunnel_ops *ops = plugin->tunnel;

	check_grants(ops);
	check_own_grant(plugin);
	check_families(ops);
	check_overhead(ops);
	check_prefixes(ops);
	check_functions(ops);
}
