/* plan_text.h - a step of a plan, for people. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_CORE_TUNNEL_PLAN_TEXT_H
#define GW6C_CORE_TUNNEL_PLAN_TEXT_H

#include <gw6c/plan.h>

/* One step: "route ::/0 dev tun metric 2048". */
void plan_step_text(const struct gw6c_plan *plan, const struct gw6c_step *step,
		    char *room, size_t len);

#endif
