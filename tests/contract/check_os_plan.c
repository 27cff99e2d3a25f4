/* check_os_plan.c - a plan with every verb, and how it is done and undone. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "check.h"

static void add_addr(struct gw6c_plan *plan, const char *dev, const char *text,
		     uint8_t bits, const char *peer)
{
	struct gw6c_step *step = gw6c_plan_add(plan, GW6C_ADDR);

	step->dst = check_addr(text, bits);
	if (peer)
		step->remote = check_addr(peer, 128);
	snprintf(step->dev, sizeof(step->dev), "%s", dev);
}

/* Every verb that needs nothing but a packet device. */
void os_router_plan(struct gw6c_plan *plan)
{
	struct gw6c_step *step;

	*plan = (struct gw6c_plan){ .size = sizeof(*plan), .fd = -1 };
	gw6c_plan_add(plan, GW6C_LINK)->kind = GW6C_TUN;
	gw6c_plan_add(plan, GW6C_MTU)->value = 1280;
	gw6c_plan_add(plan, GW6C_UP);
	add_addr(plan, "", "2001:db8:1::2", 128, "2001:db8:1::1");
	gw6c_plan_add(plan, GW6C_FORWARD)->dst.family = 6;
	step = gw6c_plan_add(plan, GW6C_REJECT);
	step->dst = check_addr("2001:db8:aa::", 48);
	step->value = 4096;
	add_addr(plan, "lo", "2001:db8:aa::1", 64, NULL);
	step = gw6c_plan_add(plan, GW6C_ROUTE);
	step->dst.family = 6;
	step->value = 1024;
}

bool os_open(struct os *os)
{
	os->err = (struct gw6c_err){ 0 };
	if (!instance_start(&os->instance, os->module))
		return false;
	return CALL("open", os->ops->open(os->instance.host, &os->instance.self,
					  &os->err)) == GW6C_OK;
}

int os_close(struct os *os)
{
	call_begin("close");
	os->ops->close(os->instance.self);
	call_end(0);
	return instance_end(&os->instance);
}

int os_step(struct os *os, struct gw6c_plan *plan, uint32_t n, bool add,
	    struct gw6c_err *err)
{
	struct gw6c_step *step = &plan->step[n];
	int rc;

	os->instance.step = step;
	memcpy(os->instance.noted, step->saved, sizeof(step->saved));
	rc = CALL("step",
		  os->ops->step(os->instance.self, plan, step, add, err));
	rc = instance_wait(&os->instance, rc, LATER_MS, NULL, err);
	os->instance.step = NULL;
	return rc;
}

uint32_t os_apply(struct os *os, struct gw6c_plan *plan, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++) {
		os->err = (struct gw6c_err){ 0 };
		if (os_step(os, plan, i, true, &os->err))
			return i;
	}
	return n;
}

bool os_undo(struct os *os, struct gw6c_plan *plan, uint32_t n)
{
	bool ok = true;

	while (n--) {
		struct gw6c_err err = { 0 };

		if (os_step(os, plan, n, false, &err)) {
			os->err = err;
			ok = false;
		}
	}
	return ok;
}
