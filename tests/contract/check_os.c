/* check_os.c - what any OS backend must do; in a corner of its own. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "check.h"
#include <ctype.h>
#include <stdlib.h>

static bool is_dry(const struct os *os)
{
	return os->ops->flags & GW6C_OS_DRY;
}

/* --- opening --------------------------------------------------------------*/

static bool opens(struct os *os)
{
	struct process before, with_loop;
	char why[CHECK_WHY];
	int rc, number;

	process_look(&before);
	report_try("opens");
	if (!instance_start(&os->instance, os->module))
		return report(false, "out of memory");
	process_look(&with_loop);
	rc = CALL("open", os->ops->open(os->instance.host, &os->instance.self,
					&os->err));
	if (rc == GW6C_ECONFIG && os->err.text[0]) {
		report_skip("it wants options, set them with -o: %s",
			    os->err.text);
		instance_end(&os->instance);
		return false;
	}
	if (!report(rc == GW6C_OK, "%s",
		    os->err.text[0] ? os->err.text : "without a reason"))
		return false;
	report_try("programs that are run do not get its descriptors");
	number = process_inherited(&with_loop);
	report(number < 0, "descriptor %d lacks O_CLOEXEC", number);
	report_try("watches nothing once it is closed");
	number = os_close(os);
	report(number == 0, "%d watches or programs are left", number);
	report_try("leaves no descriptor, signal handler or thread");
	process_differs(&before, why);
	report(!why[0], "%s", why);
	return true;
}

static bool allowed(struct os *os)
{
	report_try("says that a tunnel can be set up here");
	if (!GW6C_HAS(os->ops, check) || !os->ops->check) {
		report_skip("it has no check(), and takes every system");
		return true;
	}
	os->err = (struct gw6c_err){ 0 };
	if (CALL("check", os->ops->check(os->instance.self, &os->err)) ==
	    GW6C_OK)
		return report(true, " ");
	if (!os->err.text[0])
		return report(false, "it refuses without a reason");
	report_skip("it cannot: %s", os->err.text);
	return false;
}

/* --- steps ----------------------------------------------------------------*/

static bool applies(struct os *os)
{
	char *before = kernel_look(), why[CHECK_WHY];
	struct gw6c_plan plan;
	uint32_t done;

	os_router_plan(&plan);
	report_try("applies a plan with every verb");
	done = os_apply(os, &plan, plan.n);
	report(done == plan.n, "step %u (verb %u): %s", done,
	       plan.step[done % GW6C_STEPS].verb, os->err.text);
	if (is_dry(os)) {
		char *now = kernel_look();

		report_try("changes nothing, as its flag promises");
		report(before && now && strcmp(before, now) == 0,
		       "something is not as it was");
		free(now);
	}
	report_try("takes such a plan back");
	report(os_undo(os, &plan, done), "%s", os->err.text);
	/* Only now is nothing of it there for sure: later, what is left of
	 * this plan would be taken for a state of the system. */
	report_try("leaves nothing of such a plan");
	kernel_differs(before, kernel_look(), why);
	report(!why[0], "%s", why);
	return done == plan.n;
}

/* Whatever number of steps was done: undone, nothing is left. */
static void leaves_nothing(struct os *os)
{
	struct gw6c_plan plan;

	os_router_plan(&plan);
	for (uint32_t n = 0, all = plan.n; n <= all; n++) {
		char *before = kernel_look(), why[CHECK_WHY], what[80];

		os_router_plan(&plan);
		snprintf(what, sizeof(what),
			 n == all ? "after all steps, undone: nothing is left"
				  : "after %u steps, undone: nothing is left",
			 n);
		report_try(what);
		if (os_apply(os, &plan, n) != n || !os_undo(os, &plan, n)) {
			report(false, "%s", os->err.text);
			free(before);
			continue;
		}
		kernel_differs(before, kernel_look(), why);
		report(!why[0], "%s", why);
	}
}

static void undo_is_idempotent(struct os *os)
{
	char *before = kernel_look(), why[CHECK_WHY];
	struct gw6c_plan plan;

	os_router_plan(&plan);
	os_apply(os, &plan, plan.n);
	os_undo(os, &plan, plan.n);
	report_try("taking it back twice is no error");
	report(os_undo(os, &plan, plan.n), "%s", os->err.text);
	report_try("taking it back twice changes nothing");
	kernel_differs(before, kernel_look(), why);
	report(!why[0], "%s", why);
}

/* A refusal is an error code, with a reason, and changes nothing. */
static void refuses(struct os *os, const char *what, struct gw6c_plan *plan,
		    uint32_t n)
{
	char *before = kernel_look(), why[CHECK_WHY];
	uint32_t done;

	report_try(what);
	done = os_apply(os, plan, n);
	os_undo(os, plan, done);
	kernel_differs(before, kernel_look(), why);
	if (done == n)
		report(false, "it says that it has done it");
	else if (!os->err.text[0])
		report(false, "it says nothing about the reason");
	else
		report(!why[0], "refused, but changed: %s", why);
}

static void refuses_the_unknown(struct os *os)
{
	struct gw6c_plan plan = { .size = sizeof(plan), .fd = -1 };

	gw6c_plan_add(&plan, GW6C_UP)->verb = 4711;
	refuses(os, "refuses a verb that it does not know", &plan, 1);
	if (is_dry(os))
		return;
	plan.n = 0;
	gw6c_plan_add(&plan, GW6C_LINK)->kind = 4711;
	refuses(os, "refuses a kind of link that it does not know", &plan, 1);
}

/* Failure at each step that can be made to fail. */
static void fails_well(struct os *os)
{
	static const enum gw6c_verb verbs[] = { GW6C_MTU, GW6C_UP, GW6C_ADDR,
						GW6C_ROUTE };
	static const char *const names[] = { "MTU", "UP", "ADDR", "ROUTE" };

	for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++) {
		struct gw6c_plan plan;
		struct gw6c_step *step;
		char what[80];

		os_router_plan(&plan);
		plan.n = 3;
		step = gw6c_plan_add(&plan, verbs[i]);
		step->value = 1300;
		step->dst = check_addr("2001:db8:77::1", 128);
		snprintf(step->dev, sizeof(step->dev), "nowhere0");
		snprintf(what, sizeof(what),
			 "GW6C_%s fails without its interface, and says why",
			 names[i]);
		refuses(os, what, &plan, plan.n);
	}
}

static void count_line(void *arg, const char *text)
{
	*(size_t *)arg += strlen(text) > 0;
}

static int show(struct os *os, const struct gw6c_plan *plan,
		const struct gw6c_step *step, bool add, size_t *lines)
{
	os->err = (struct gw6c_err){ 0 };
	return CALL("show", os->ops->show(os->instance.self, plan, step, add,
					  count_line, lines, &os->err));
}

static bool shows_all(struct os *os, const struct gw6c_plan *plan,
		      size_t *lines)
{
	if (show(os, plan, NULL, true, lines))
		return false;
	for (uint32_t i = 0; i < plan->n; i++)
		if (show(os, plan, &plan->step[i], true, lines))
			return false;
	for (uint32_t i = plan->n; i-- > 0;)
		if (show(os, plan, &plan->step[i], false, lines))
			return false;
	return true;
}

/* It can be asked anywhere, by whomever, and nothing happens. */
static void shows_without_doing(struct os *os)
{
	struct gw6c_lease lease = { .size = sizeof(lease), .mtu = 1280 };
	struct gw6c_plan plan, same;
	char *before, why[CHECK_WHY];
	size_t lines = 0;

	if (!GW6C_HAS(os->ops, show) || !os->ops->show)
		return;
	before = kernel_look();
	report_try("takes a lease");
	if (GW6C_HAS(os->ops, lease) && os->ops->lease)
		report(CALL("lease", os->ops->lease(os->instance.self, &lease,
						    &os->err)) == GW6C_OK,
		       "%s", os->err.text);
	else
		report_skip("it needs none");
	os_router_plan(&plan);
	plan.step[0].kind = GW6C_SIT;
	plan.step[0].local = check_addr("192.0.2.1", 32);
	plan.step[0].remote = check_addr("192.0.2.2", 32);
	same = plan;
	report_try("shows every step, and its undoing");
	if (shows_all(os, &plan, &lines))
		report(lines > 0, "not a word of it");
	else
		report(false, "%s", os->err.text);
	report_try("does nothing to show it");
	kernel_differs(before, kernel_look(), why);
	report(!why[0] && memcmp(&plan, &same, sizeof(plan)) == 0, "%s",
	       why[0] ? why : "the plan was changed");
	report_try("shows no unknown step");
	plan.step[0].verb = 4711;
	report(show(os, &plan, &plan.step[0], true, &lines) < 0,
	       "it takes any");
}

static void look_at_network(void *arg, const char *dev,
			    const struct gw6c_addr *network)
{
	uint8_t family = network->family;
	bool *ok = arg;

	*ok = *ok && dev && *dev && (family == 4 || family == 6) &&
	      network->bits <= (family == 4 ? 32 : 128);
}

static void names_networks(struct os *os)
{
	bool ok = true;

	report_try("names the networks that are reached directly");
	if (GW6C_HAS(os->ops, networks) && os->ops->networks)
		os->ops->networks(os->instance.self, look_at_network, &ok);
	report(ok, "one has no interface, or is no network");
}

/* Also of one that is for another system than this. */
static void checks_for_all(struct os *os)
{
	struct gw6c_plan plan;

	os_router_plan(&plan);
	report_try("taking back what was never done is no error");
	report(os_undo(os, &plan, plan.n), "%s", os->err.text);
	refuses_the_unknown(os);
	names_networks(os);
	shows_without_doing(os);
}

static bool is_text(const char *saved)
{
	const char *end = memchr(saved, 0, 64);

	for (const char *at = saved; end && at < end; at++)
		if (!isprint((unsigned char)*at))
			return false;
	return end != NULL;
}

/* The core writes the steps to a file, and compares them. */
static void keeps_to_its_own_members(struct os *os)
{
	struct gw6c_plan plan, made;
	uint32_t changed = 0, strange = 0;

	os_router_plan(&plan);
	made = plan;
	os_apply(os, &plan, plan.n);
	for (uint32_t i = 0; i < made.n; i++) {
		struct gw6c_step step = plan.step[i];

		if (!is_text(step.saved))
			strange = i + 1;
		memcpy(step.saved, made.step[i].saved, sizeof(step.saved));
		if (memcmp(&step, &made.step[i], sizeof(step)) != 0)
			changed = i + 1;
	}
	report_try("writes nothing into a step but saved");
	report(!changed && plan.n == made.n, "step %u was changed",
	       changed - 1);
	report_try("what it saves is one line of text");
	report(!strange, "that of step %u is not", strange - 1);
	os_undo(os, &plan, made.n);
}

static bool one_round(void *arg)
{
	struct os *os = arg;
	struct gw6c_plan plan;

	os_router_plan(&plan);
	if (!os_open(os))
		return false;
	os_undo(os, &plan, os_apply(os, &plan, plan.n));
	os_close(os);
	return true;
}

static void needs_no_more_and_more(struct os *os)
{
	char why[CHECK_WHY];
	struct process before;
	size_t octets;
	bool told, small;

	process_look(&before);
	report_try("needs no more and more memory");
	small = check_memory(one_round, os, &octets, &told);
	if (told)
		report(small, "%zu octets are lost after %d tunnels", octets,
		       CHECK_ROUNDS);
	else
		report_skip("what is allocated cannot be told here");
	process_differs(&before, why);
	report_try("many tunnels leave no descriptor, handler or thread");
	report(!why[0], "%s", why);
}

/* True: they can be done again and again. */
static bool check_steps(struct os *os)
{
	bool whole = applies(os);

	if (whole) {
		leaves_nothing(os);
		undo_is_idempotent(os);
		keeps_to_its_own_members(os);
		check_os_killed(os);
	}
	if (is_dry(os))
		return whole;
	fails_well(os);
	if (whole)
		check_os_live(os);
	return whole;
}

void check_os(struct module *module, const char *nowhere)
{
	struct os os = { .module = module, .ops = module->plugin->os };
	bool can, whole = false;

	if (!opens(&os) || !os_open(&os))
		return;
	can = allowed(&os);
	if (!nowhere)
		checks_for_all(&os);
	if (nowhere) {
		report_try("applies plans, takes them back, leaves nothing");
		report_skip("%s", nowhere);
	} else if (!can) {
		report_try("applies plans, takes them back, leaves nothing");
		report_skip("it cannot here, as it says");
	} else {
		whole = check_steps(&os);
	}
	os_close(&os);
	if (whole)
		needs_no_more_and_more(&os);
}
