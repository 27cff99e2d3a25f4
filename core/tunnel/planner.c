/* planner.c - applies a plan through an OS backend, or reverts it. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "planner.h"
#include "core/base/log.h"
#include "journal.h"

static const char *step_dev(const struct gw6c_plan *plan,
			    const struct gw6c_step *step)
{
	if (step->dev[0])
		return step->dev;
	return plan->dev[0] ? plan->dev : "the tunnel";
}

static void link_text(const struct gw6c_plan *plan,
		      const struct gw6c_step *step, char *room, size_t len)
{
	static const char *const kinds[] = { "link", "tun", "sit", "ip6tnl" };
	char local[GW6C_ADDR_TEXT], remote[GW6C_ADDR_TEXT];
	const char *kind = step->kind <= GW6C_IP6TNL ? kinds[step->kind] : "?";

	if (step->kind == GW6C_RAW_SINK)
		snprintf(room, len, "absorb raw packets to %s",
			 gw6c_addr_text(&step->local, local));
	else if (step->kind == GW6C_TUN)
		snprintf(room, len, "create %s %s", kind, step_dev(plan, step));
	else
		snprintf(room, len, "create %s %s local %s remote %s ttl %u",
			 kind, step_dev(plan, step),
			 gw6c_addr_text(&step->local, local),
			 gw6c_addr_text(&step->remote, remote), step->value);
}

static void route_text(const struct gw6c_plan *plan,
		       const struct gw6c_step *step, char *room, size_t len)
{
	char dst[GW6C_ADDR_TEXT], via[GW6C_ADDR_TEXT];
	bool hop = step->remote.family != 0;

	snprintf(room, len, "route %s%s%s dev %s metric %u",
		 gw6c_addr_text(&step->dst, dst), hop ? " via " : "",
		 hop ? gw6c_addr_text(&step->remote, via) : "",
		 step_dev(plan, step), step->value);
}

void plan_step_text(const struct gw6c_plan *plan, const struct gw6c_step *step,
		    char *room, size_t len)
{
	char dst[GW6C_ADDR_TEXT], peer[GW6C_ADDR_TEXT];
	const char *dev = step_dev(plan, step);

	gw6c_addr_text(&step->dst, dst);
	switch ((enum gw6c_verb)step->verb) {
	case GW6C_LINK:
		link_text(plan, step, room, len);
		return;
	case GW6C_MTU:
		snprintf(room, len, "mtu %u dev %s", step->value, dev);
		return;
	case GW6C_UP:
		snprintf(room, len, "up dev %s", dev);
		return;
	case GW6C_ADDR:
		snprintf(room, len, "address %s%s%s dev %s", dst,
			 step->remote.family ? " peer " : "",
			 step->remote.family
				 ? gw6c_addr_text(&step->remote, peer)
				 : "",
			 dev);
		return;
	case GW6C_ROUTE:
		route_text(plan, step, room, len);
		return;
	case GW6C_REJECT:
		snprintf(room, len, "route %s unreachable metric %u", dst,
			 step->value);
		return;
	case GW6C_FORWARD:
		snprintf(room, len, "forward IPv%u", step->dst.family);
		return;
	case GW6C_KEEP:
		snprintf(room, len, "keep the settings of %s", dev);
		return;
	case GW6C_PIN:
		snprintf(room, len, "pin the current route to %s", dst);
		return;
	}
	snprintf(room, len, "step of kind %u", step->verb);
}

static int step_do(const struct backend *os, struct gw6c_plan *plan,
		   uint32_t at, bool add, struct gw6c_err *err)
{
	struct gw6c_step *step = &plan->step[at];
	struct gw6c_err why = { 0 };
	char text[256];

	plan_step_text(plan, step, text, sizeof(text));
	if (os->plugin->os->step(os->self, plan, step, add, &why))
		return gw6c_fail(err, why.rc, "%s%s: %s", add ? "" : "undo ",
				 text, why.text);
	plan_step_text(plan, step, text, sizeof(text));
	log_msg(GW6C_DEBUG, "plan", "%s %s", add ? "+" : "-", text);
	return GW6C_OK;
}

/* Revert the first n steps, the last first. */
static int plan_undo_steps(const struct backend *os,
			   const struct journal *journal,
			   struct gw6c_plan *plan, uint32_t n)
{
	int first = GW6C_OK;

	while (n) {
		struct gw6c_err err = { 0 };

		n--;
		if (step_do(os, plan, n, false, &err)) {
			log_msg(GW6C_WARN, "plan", "%s", err.text);
			if (!first)
				first = err.rc;
		}
		journal_write(journal, plan, n, &err);
	}
	return first;
}

/* The intention is written down first: a step that was not done can be reverted
 * as well as one that was. */
int plan_apply(const struct backend *os, const struct journal *journal,
	       struct gw6c_plan *plan, struct gw6c_err *err)
{
	for (uint32_t i = 0; i < plan->n; i++) {
		if (journal_write(journal, plan, i + 1, err)) {
			plan_undo_steps(os, journal, plan, i);
			return err->rc;
		}
		if (step_do(os, plan, i, true, err)) {
			journal_write(journal, plan, i, NULL);
			plan_undo_steps(os, journal, plan, i);
			return err->rc;
		}
	}
	if (journal_write(journal, plan, plan->n, err)) {
		plan_undo_steps(os, journal, plan, plan->n);
		return err->rc;
	}
	return GW6C_OK;
}

int plan_undo(const struct backend *os, const struct journal *journal,
	      struct gw6c_plan *plan)
{
	return plan_undo_steps(os, journal, plan, plan->n);
}

int plan_sweep(const struct backend *os, const struct journal *journal,
	       uint32_t *steps, struct gw6c_err *err)
{
	struct gw6c_plan plan;

	*steps = 0;
	if (journal_read(journal, &plan, err))
		return err->rc;
	*steps = plan.n;
	plan_undo_steps(os, journal, &plan, plan.n);
	return journal_write(journal, &plan, 0, err);
}

static bool same_step(const struct gw6c_step *a, const struct gw6c_step *b)
{
	return a->verb == b->verb && a->kind == b->kind &&
	       a->value == b->value && strcmp(a->dev, b->dev) == 0 &&
	       memcmp(&a->dst, &b->dst, sizeof(a->dst)) == 0 &&
	       memcmp(&a->local, &b->local, sizeof(a->local)) == 0 &&
	       memcmp(&a->remote, &b->remote, sizeof(a->remote)) == 0;
}

bool plan_same(const struct gw6c_plan *a, const struct gw6c_plan *b)
{
	if (a->n != b->n)
		return false;
	for (uint32_t i = 0; i < a->n; i++)
		if (!same_step(&a->step[i], &b->step[i]))
			return false;
	return true;
}
