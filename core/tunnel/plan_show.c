/* plan_show.c - a plan as the commands that a backend would run. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "plan_show.h"
#include "plan_text.h"

/* Bare, without time or level: it is for a terminal, or for a file. */
static void plan_show_line(void *arg, const char *text)
{
	(void)arg;
	puts(text);
}

static int plan_show_step(const struct backend *os,
			  const struct gw6c_plan *plan,
			  const struct gw6c_step *step, bool add,
			  struct gw6c_err *err)
{
	struct gw6c_err why = { 0 };
	char text[256];

	if (os->plugin->os->show(os->self, plan, step, add, plan_show_line,
				 NULL, &why) == GW6C_OK)
		return GW6C_OK;
	if (!step)
		return gw6c_fail(err, why.rc, "%s", why.text);
	plan_step_text(plan, step, text, sizeof(text));
	return gw6c_fail(err, why.rc, "%s: %s", text, why.text);
}

int plan_show(const struct backend *os, const struct gw6c_plan *plan,
	      struct gw6c_err *err)
{
	int rc = plan_show_step(os, plan, NULL, true, err);

	for (uint32_t i = 0; i < plan->n && !rc; i++)
		rc = plan_show_step(os, plan, &plan->step[i], true, err);
	if (!rc)
		rc = plan_show_step(os, plan, NULL, false, err);
	for (uint32_t i = plan->n; i-- && !rc;)
		rc = plan_show_step(os, plan, &plan->step[i], false, err);
	fflush(stdout);
	return rc;
}
