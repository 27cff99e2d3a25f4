/* test_plan_show.c - the order in which the steps of a plan are shown, and
 * what is told when one cannot be. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/tunnel/plan_show.h"
#include "tests/unit/unit.h"

static char trace[256];
static int fail_at = -1; /* call of show() */
static int calls;

static int os_show(void *self, const struct gw6c_plan *plan,
		   const struct gw6c_step *step, bool add,
		   void (*line)(void *arg, const char *text), void *arg,
		   struct gw6c_err *err)
{
	size_t used = strlen(trace);

	(void)self;
	(void)plan;
	snprintf(trace + used, sizeof(trace) - used, "%c%u ", add ? '+' : '-',
		 step ? step->value : 0);
	line(arg, "# a line");
	return calls++ == fail_at ? gw6c_fail(err, GW6C_ENET, "not known")
				  : GW6C_OK;
}

static const struct gw6c_os_ops ops = { .size = sizeof(ops), .show = os_show };
static const struct gw6c_plugin plugin = { GW6C_HEAD(GW6C_OS, "fake", "-"),
					   .os = &ops };
static const struct backend os = { .plugin = &plugin };
static struct gw6c_plan plan;
static struct gw6c_err err;

static int show(int steps, int fails)
{
	plan = (struct gw6c_plan){ .size = sizeof(plan), .dev = "gw6c0" };
	for (int i = 1; i <= steps; i++)
		gw6c_plan_add(&plan, GW6C_MTU)->value = (uint32_t)i;
	trace[0] = 0;
	calls = 0;
	fail_at = fails;
	err = (struct gw6c_err){ 0 };
	return plan_show(&os, &plan, &err);
}

static void all_is_shown_and_then_reverted(void)
{
	CU_ASSERT_EQUAL(show(3, -1), GW6C_OK);
	CU_ASSERT_STRING_EQUAL(trace, "+0 +1 +2 +3 -0 -3 -2 -1 ");
	CU_ASSERT_EQUAL(show(0, -1), GW6C_OK);
	CU_ASSERT_STRING_EQUAL(trace, "+0 -0 ");
	CU_ASSERT_EQUAL(err.rc, GW6C_OK);
}

static void the_step_that_cannot_be_shown_is_told(void)
{
	static const struct {
		const char *trace, *text;
	} cases[] = {
		{ "+0 ", "not known" },
		{ "+0 +1 ", "mtu 1 dev gw6c0: not known" },
		{ "+0 +1 +2 ", "mtu 2 dev gw6c0: not known" },
		{ "+0 +1 +2 -0 ", "not known" },
		{ "+0 +1 +2 -0 -2 ", "mtu 2 dev gw6c0: not known" },
		{ "+0 +1 +2 -0 -2 -1 ", "mtu 1 dev gw6c0: not known" },
	};

	for (int i = 0; i < 6; i++) {
		CU_ASSERT_EQUAL(show(2, i), GW6C_ENET);
		CU_ASSERT_EQUAL(err.rc, GW6C_ENET);
		CU_ASSERT_STRING_EQUAL(trace, cases[i].trace);
		CU_ASSERT_STRING_EQUAL(err.text, cases[i].text);
	}
}

int main(void)
{
	static const struct unit_test tests[] = {
		UNIT_TEST(all_is_shown_and_then_reverted),
		UNIT_TEST(the_step_that_cannot_be_shown_is_told),
	};

	return UNIT_RUN("plan_show", tests);
}
