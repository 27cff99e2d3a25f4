/* tunnel_plan.c - from a lease to what is to be on this machine. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/base/log.h"
#include "core/base/sockaddr.h"
#include "tunnel_parts.h"

#define MTU_MIN 1280 /* octets, RFC 8200 section 5 */

/* A larger packet than the outer interface carries would be sent in pieces,
 * each time; IPv6 needs 1280 all the same. */
static void fit_mtu(struct gw6c_lease *lease, uint32_t overhead)
{
	uint32_t outer = lease->proxy ? 0 : sockaddr_mtu(&lease->local);
	uint32_t most = outer > overhead ? outer - overhead : 0;

	if (!most || lease->mtu <= most || lease->mtu <= MTU_MIN)
		return;
	if (most < MTU_MIN)
		most = MTU_MIN;
	log_msg(GW6C_WARN, "tunnel",
		"mtu=%u does not fit into the MTU of %u of the underlying "
		"interface; using %u",
		lease->mtu, outer, most);
	lease->mtu = most;
}

static int make_plan(const struct gw6c_plugin *mode,
		     const struct gw6c_lease *lease, struct gw6c_plan *plan,
		     struct gw6c_err *err)
{
	*plan = (struct gw6c_plan){ .size = sizeof(*plan), .fd = -1 };
	snprintf(plan->dev, sizeof(plan->dev), "%s", lease->dev);
	if (!mode->tunnel->plan)
		return gw6c_fail(err, GW6C_EBUG,
				 "tunnel mode %s produces no "
				 "plan",
				 mode->name);
	if (mode->tunnel->plan(lease, plan, err))
		return err->rc;
	plan->gives = 0; /* the backend's to say */
	if (plan->n > GW6C_STEPS)
		return gw6c_fail(err, GW6C_EBUG,
				 "the plan of tunnel mode %s has %u steps, "
				 "%u at most",
				 mode->name, plan->n, GW6C_STEPS);
	return GW6C_OK;
}

int tunnel_prepare(struct tunnel *tunnel, struct grant *grant,
		   struct gw6c_err *err)
{
	struct gw6c_lease *lease = &grant->lease;

	if (loader_get(tunnel->params.loader, GW6C_TUNNEL, lease->mode,
		       conf_get(tunnel->params.conf, "tunnel_mode", 0),
		       &grant->mode, err))
		return err->rc;
	fit_mtu(lease, grant->mode->tunnel->overhead);
	if (make_plan(grant->mode, lease, &grant->plan, err))
		return err->rc;
	if (lease->proxy && !grant->mode->tunnel->protocol)
		return gw6c_fail(err, GW6C_EPEER,
				 "the broker granted %s, which does not work "
				 "with proxy_client=yes; set another "
				 "tunnel_mode",
				 grant->mode->name);
	grant->added = grant->plan.n;
	if (!lease->proxy)
		features_plan(tunnel->features, lease, &grant->plan);
	grant->added = grant->plan.n - grant->added;
	grant->wish = grant->plan;
	return GW6C_OK;
}
