/* plan_show.h - a plan as the commands that a backend would run. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_CORE_TUNNEL_PLAN_SHOW_H
#define GW6C_CORE_TUNNEL_PLAN_SHOW_H

#include "planner.h"

/* Print them to standard output: how to set up, and how to revert it. */
int plan_show(const struct backend *os, const struct gw6c_plan *plan,
	      struct gw6c_err *err);

#endif
