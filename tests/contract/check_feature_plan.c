/* check_feature_plan.c - the steps that a feature appends to those of a
 * mode. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "check.h"

static struct gw6c_lease router_lease(void)
{
	struct gw6c_lease lease = { .size = sizeof(lease),
				    .version = 0x020002,
				    .mode = "v6udpv4",
				    .asked = "v6anyv4",
				    .broker = "broker.example",
				    .lans = { { .dev = "lan0" } },
				    .router = true,
				    .default_route = true,
				    .metric = 2048,
				    .mtu = 1280 };

	lease.local = lease.seen = check_addr("192.0.2.1", 32);
	lease.remote = check_addr("192.0.2.2", 32);
	lease.inner = check_addr("2001:db8:1::2", 128);
	lease.peer = check_addr("2001:db8:1::1", 128);
	lease.prefix = check_addr("2001:db8:aa::", 48);
	lease.lans[0].prefix = check_addr("2001:db8:aa::", 64);
	return lease;
}

static int append(const struct instance *instance, struct gw6c_plan *plan,
		  struct gw6c_err *err)
{
	struct gw6c_lease lease = router_lease();

	os_router_plan(plan);
	*err = (struct gw6c_err){ 0 };
	return CALL("plan", instance->plugin->feature->plan(instance->host,
							    &lease, plan, err));
}

static void appends(const struct instance *instance)
{
	struct gw6c_plan base, plan, again;
	char why[CHECK_PLAN_WHY];
	struct gw6c_err err;
	int rc;

	os_router_plan(&base);
	rc = append(instance, &plan, &err);
	report_try("appends steps to a plan");
	if (!report(rc == GW6C_OK, "%s",
		    err.text[0] ? err.text : "it fails without a reason"))
		return;
	report_try("the steps before its own are as they were");
	report(plan.n >= base.n && strcmp(plan.dev, base.dev) == 0 &&
		       memcmp(plan.step, base.step,
			      base.n * sizeof(base.step[0])) == 0,
	       "they are not");
	report_try("its steps are such as a backend can read");
	report(!plan_fault(&plan, base.n, why), "%s", why);
	report_try("the same lease and options make the same steps");
	report(append(instance, &again, &err) == GW6C_OK &&
		       memcmp(&plan, &again, sizeof(plan)) == 0,
	       "they do not; plan() must be pure");
}

void check_feature_plan(const struct module *module)
{
	const struct gw6c_feature_ops *ops = module->plugin->feature;
	struct gw6c_err err = { 0 };
	struct instance instance;
	bool opened;

	if (!GW6C_HAS(ops, plan) || !ops->plan)
		return;
	opened = instance_start(&instance, module) &&
		 CALL("open", ops->open(instance.host, &instance.self, &err)) ==
			 GW6C_OK;
	if (opened) {
		appends(&instance);
		call_begin("close");
		ops->close(instance.self);
		call_end(0);
	}
	report_try("plan() leaves nothing watched");
	report(instance_end(&instance) == 0, "something is left");
}
