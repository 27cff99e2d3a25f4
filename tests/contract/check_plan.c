/* check_plan.c - is a plan one that a backend can read? */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "check.h"

static const char *step_fault(const struct gw6c_step *step)
{
	static const uint8_t zero[sizeof(step->spare)];

	if (!step->verb || step->verb > GW6C_KEEP)
		return "has a verb that does not exist";
	if (step->saved[0])
		return "has something in saved, which is the backend's";
	if (memcmp(step->spare, zero, sizeof(zero)) != 0)
		return "has something in spare, which is zero";
	if (!memchr(step->dev, 0, sizeof(step->dev)))
		return "has a name of an interface without an end";
	if ((step->verb == GW6C_LINK) != (step->kind != 0))
		return "has a kind and is no link, or is a link without one";
	return NULL;
}

const char *plan_fault(const struct gw6c_plan *plan, uint32_t from,
		       char room[CHECK_PLAN_WHY])
{
	const char *fault = NULL;

	if (!plan->n || plan->n > GW6C_STEPS)
		return snprintf(room, CHECK_PLAN_WHY,
				"%u steps; 1 to %d can be", plan->n,
				GW6C_STEPS),
		       room;
	if (plan->fd != -1 || plan->gives)
		return snprintf(room, CHECK_PLAN_WHY,
				"it sets plan->fd or plan->gives, which are "
				"the backend's"),
		       room;
	for (uint32_t i = from; i < plan->n && !fault; i++) {
		fault = step_fault(&plan->step[i]);
		if (fault)
			snprintf(room, CHECK_PLAN_WHY, "step %u %s", i, fault);
	}
	return fault ? room : NULL;
}
