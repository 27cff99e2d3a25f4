/* features_plan.c - the steps that features add to a plan. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/base/log.h"
#include "features_parts.h"

/* The interface and its data path are the mode's. */
static int feature_check(const struct gw6c_plan *plan, uint32_t from,
			 struct gw6c_err *err)
{
	if (plan->n > GW6C_STEPS)
		return gw6c_fail(err, GW6C_EBUG,
				 "the plan would have %u steps, %u at most",
				 plan->n, GW6C_STEPS);
	for (uint32_t i = from; i < plan->n; i++)
		if (plan->step[i].verb == GW6C_LINK)
			return gw6c_fail(err, GW6C_EBUG,
					 "only a tunnel mode may create an "
					 "interface");
	return plan->n < from ? gw6c_fail(err, GW6C_EBUG, "it removed steps")
			      : GW6C_OK;
}

static void feature_plan(const struct feature *feature,
			 const struct gw6c_lease *lease, struct gw6c_plan *plan)
{
	const struct gw6c_feature_ops *ops = feature->plugin->feature;
	struct gw6c_plan whole = *plan;
	struct gw6c_err err = { 0 };

	if (!GW6C_HAS(ops, plan) || !ops->plan)
		return;
	if (ops->plan(feature->host, lease, &whole, &err) ||
	    feature_check(&whole, plan->n, &err)) {
		log_msg(GW6C_WARN, "tunnel",
			"feature %s: %s; the tunnel comes up without its steps",
			feature->plugin->name, err.text);
		return;
	}
	memcpy(&plan->step[plan->n], &whole.step[plan->n],
	       (whole.n - plan->n) * sizeof(whole.step[0]));
	plan->n = whole.n;
}

void features_plan(const struct features *features,
		   const struct gw6c_lease *lease, struct gw6c_plan *plan)
{
	for (int i = 0; i < features->n; i++)
		if (features->feature[i].host)
			feature_plan(&features->feature[i], lease, plan);
}
