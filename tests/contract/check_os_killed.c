/* check_os_killed.c - another process takes back what a killed one has done,
 * with nothing but the steps as they were last written to disk. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "check.h"
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

/* In the process that dies: do the first n steps, and hand over the plan as
 * it is on disk. durable: of the last step only what was noted. */
static void die_after(struct os *os, uint32_t n, bool durable, int fd)
{
	struct os other = { .module = os->module, .ops = os->ops };
	struct gw6c_plan plan;

	os_router_plan(&plan);
	if (!os_open(&other) || os_apply(&other, &plan, n) != n)
		_exit(1);
	if (durable)
		memcpy(plan.step[n - 1].saved, other.instance.noted,
		       sizeof(plan.step[n - 1].saved));
	(void)!write(fd, &plan, sizeof(plan));
	_exit(0);
}

/* False: it did not get so far. */
static bool killed_after(struct os *os, uint32_t n, bool durable,
			 struct gw6c_plan *plan)
{
	int ends[2], status;
	ssize_t len;
	pid_t child;

	if (pipe(ends) < 0)
		return false;
	child = fork();
	if (child == 0)
		die_after(os, n, durable, ends[1]);
	if (child > 0)
		waitpid(child, &status, 0);
	close(ends[1]);
	len = read(ends[0], plan, sizeof(*plan));
	close(ends[0]);
	plan->fd = -1; /* it went with the process */
	return len == (ssize_t)sizeof(*plan);
}

static void undone_by_another(struct os *os, uint32_t n, bool durable)
{
	char *before = kernel_look(), why[CHECK_WHY];
	struct gw6c_plan plan;

	if (!killed_after(os, n, durable, &plan)) {
		report(false, "the other process did not open or apply");
		free(before);
	} else if (!os_undo(os, &plan, n)) {
		report(false, "%s", os->err.text);
		free(before);
	} else {
		kernel_differs(before, kernel_look(), why);
		report(!why[0], "%s%s", why,
		       durable ? "; host->note() comes before the change" : "");
	}
}

void check_os_killed(struct os *os)
{
	struct gw6c_plan plan;

	os_router_plan(&plan);
	report_try("another process takes back what one that died has done");
	undone_by_another(os, plan.n, false);
	/* What changes nothing has nothing to note. */
	for (uint32_t i = 0; i < plan.n && !(os->ops->flags & GW6C_OS_DRY);
	     i++) {
		char what[80];

		snprintf(what, sizeof(what),
			 "killed within step %u (verb %u): it is taken back", i,
			 plan.step[i].verb);
		report_try(what);
		undone_by_another(os, i + 1, true);
	}
}
