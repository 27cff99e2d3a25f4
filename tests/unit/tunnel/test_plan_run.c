/* test_plan_run.c - plans whose steps answer later, notes, and what stands in
 * the journal at each moment. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/tunnel/journal.h"
#include "core/tunnel/planner.h"
#include "fake_loop.h"
#include "tests/unit/unit.h"
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static char trace[256];
static char journal_path[] = "/tmp/gw6c-test-run-XXXXXX";
static const struct journal journal = { .path = journal_path, .os = "fake" };
static unsigned later, undo_later; /* value of the step; 9: each */
static unsigned note; /* value of the step that notes something */
static int note_rc;
static struct backend os;
static struct gw6c_plan plan;
static struct plan_run run;
static int ended;
static struct gw6c_err last;

/* Steps in the journal, and what the last of them has noted. */
static uint32_t journal_steps(char *saved)
{
	struct gw6c_plan back;
	struct gw6c_err err = { 0 };

	CU_ASSERT_EQUAL(journal_read(&journal, &back, &err), GW6C_OK);
	if (saved && back.n)
		memcpy(saved, back.step[back.n - 1].saved, 64);
	return back.n;
}

static int fake_step(void *self, struct gw6c_plan *the_plan,
		     struct gw6c_step *step, bool add, struct gw6c_err *err)
{
	size_t used = strlen(trace);
	char saved[64] = "";

	(void)self;
	CU_ASSERT_PTR_EQUAL(the_plan, &plan);
	snprintf(trace + used, sizeof(trace) - used, "%c%u", add ? '+' : '-',
		 step->value);
	/* The intention is there before, and until it is undone. */
	CU_ASSERT_EQUAL(journal_steps(NULL), step->value);
	if (step->value == note) {
		snprintf(step->saved, sizeof(step->saved), "was 0");
		CU_ASSERT_EQUAL(backend_note(&os, step, err), GW6C_OK);
		journal_steps(saved);
		CU_ASSERT_STRING_EQUAL(saved, "was 0");
		note_rc = backend_note(&os, &the_plan->step[0], err);
	}
	if (!add)
		return undo_later == step->value || undo_later == 9 ? GW6C_LATER
								    : GW6C_OK;
	return later == step->value || later == 9 ? GW6C_LATER : GW6C_OK;
}

static const struct gw6c_os_ops fake_ops = { .size = sizeof(fake_ops),
					     .step = fake_step };
static const struct gw6c_plugin fake_plugin = { .name = "fake",
						.os = &fake_ops };

static void on_ended(void *arg, const struct gw6c_err *err)
{
	CU_ASSERT_PTR_EQUAL(arg, &run);
	CU_ASSERT_EQUAL(run.way, PLAN_REST);
	ended++;
	last = *err;
}

static void begin(void)
{
	trace[0] = 0;
	later = undo_later = note = 0;
	ended = 0;
	last = (struct gw6c_err){ 0 };
	plan = (struct gw6c_plan){ .size = sizeof(plan), .fd = -1 };
	for (uint32_t i = 1; i <= 3; i++)
		gw6c_plan_add(&plan, GW6C_MTU)->value = i;
	os = (struct backend){ .plugin = &fake_plugin, .loop = loop_new() };
	run = (struct plan_run){ .os = &os,
				 .journal = journal,
				 .plan = &plan,
				 .ended = on_ended,
				 .arg = &run };
}

static void end(void)
{
	CU_ASSERT_EQUAL(fake_loop_left(), 0);
	CU_ASSERT_PTR_NULL(os.run);
	unlink(journal_path);
}

static void answer(int rc)
{
	struct gw6c_err err = { 0 };

	gw6c_fail(&err, rc, "refused");
	backend_done(&os, rc, &err);
	fake_loop_pass(0);
}

static void each_step_may_answer_later(void)
{
	begin();
	later = undo_later = 9;
	plan_run_apply(&run);
	CU_ASSERT_STRING_EQUAL(trace, "+1");
	backend_done(&os, GW6C_OK, NULL);
	CU_ASSERT_STRING_EQUAL(trace, "+1"); /* from the loop only */
	backend_done(&os, GW6C_EOS, NULL); /* a second answer is none */
	fake_loop_pass(0);
	CU_ASSERT_STRING_EQUAL(trace, "+1+2");
	answer(GW6C_OK);
	answer(GW6C_OK);
	CU_ASSERT_EQUAL(ended, 1);
	CU_ASSERT_EQUAL(last.rc, GW6C_OK);
	CU_ASSERT_EQUAL(journal_steps(NULL), 3);
	answer(GW6C_OK); /* nobody waits */
	trace[0] = 0;
	plan_run_undo(&run);
	CU_ASSERT_STRING_EQUAL(trace, "-3");
	answer(GW6C_OK);
	answer(GW6C_EOS); /* goes on */
	CU_ASSERT_EQUAL(journal_steps(NULL), 1);
	CU_ASSERT_EQUAL(ended, 1);
	answer(GW6C_ENET);
	CU_ASSERT_STRING_EQUAL(trace, "-3-2-1");
	CU_ASSERT_EQUAL(ended, 2);
	CU_ASSERT_EQUAL(last.rc, GW6C_EOS); /* the first */
	CU_ASSERT_EQUAL(access(journal_path, F_OK), -1);
	end();
}

static void a_late_error_is_undone_up_to_there(void)
{
	begin();
	later = 2;
	plan_run_apply(&run);
	answer(GW6C_ENET);
	CU_ASSERT_STRING_EQUAL(trace, "+1+2-1");
	CU_ASSERT_EQUAL(last.rc, GW6C_ENET);
	CU_ASSERT_PTR_NOT_NULL(strstr(last.text, "mtu 2"));
	CU_ASSERT_PTR_NOT_NULL(strstr(last.text, "refused"));
	end();
	begin();
	later = 2;
	plan_run_apply(&run);
	answer(GW6C_MORE); /* no result of a step */
	CU_ASSERT_EQUAL(last.rc, GW6C_EBUG);
	end();
}

/* What a feature asked for and the system refuses is not ours to undo, and is
 * in no journal; what comes behind it is done. */
static void an_optional_step_may_be_refused(void)
{
	begin();
	later = 2;
	run.optional = 2;
	plan_run_apply(&run);
	plan.step[2].value = 2; /* stands in for the journal's second line */
	answer(GW6C_EOS);
	CU_ASSERT_STRING_EQUAL(trace, "+1+2+2");
	CU_ASSERT_EQUAL(ended, 0);
	CU_ASSERT_EQUAL(plan.n, 2);
	later = 0;
	answer(GW6C_OK);
	CU_ASSERT_EQUAL(ended, 1);
	CU_ASSERT_EQUAL(last.rc, GW6C_OK);
	CU_ASSERT_EQUAL(journal_steps(NULL), 2);
	plan_run_undo(&run);
	CU_ASSERT_STRING_EQUAL(trace, "+1+2+2-2-1");
	end();
	/* The last one, and then the journal has none of it. */
	begin();
	later = 3;
	run.optional = 1;
	plan_run_apply(&run);
	CU_ASSERT_EQUAL(journal_steps(NULL), 3);
	answer(GW6C_EOS);
	CU_ASSERT_EQUAL(last.rc, GW6C_OK);
	CU_ASSERT_EQUAL(journal_steps(NULL), 2);
	plan_run_undo(&run);
	CU_ASSERT_STRING_EQUAL(trace, "+1+2+3-2-1");
	end();
	/* The one before the optional ones. */
	begin();
	later = 2;
	run.optional = 1;
	plan_run_apply(&run);
	answer(GW6C_EOS);
	CU_ASSERT_STRING_EQUAL(trace, "+1+2-1");
	CU_ASSERT_EQUAL(last.rc, GW6C_EOS);
	end();
}

/* It may or may not have been done, so it is undone, too. */
static void no_step_has_more_than_a_minute(void)
{
	begin();
	later = 2;
	undo_later = 1;
	plan_run_apply(&run);
	fake_loop_pass(59999);
	CU_ASSERT_STRING_EQUAL(trace, "+1+2");
	fake_loop_pass(1);
	CU_ASSERT_STRING_EQUAL(trace, "+1+2-2-1");
	CU_ASSERT_EQUAL(ended, 0);
	fake_loop_pass(59999);
	CU_ASSERT_EQUAL(ended, 0);
	fake_loop_pass(1);
	CU_ASSERT_EQUAL(ended, 1);
	CU_ASSERT_EQUAL(last.rc, GW6C_EOS);
	CU_ASSERT_PTR_NOT_NULL(strstr(last.text, "mtu 2"));
	CU_ASSERT_PTR_NOT_NULL(strstr(last.text, "within 60 s"));
	CU_ASSERT_EQUAL(access(journal_path, F_OK), -1);
	end();
}

static void what_is_given_up_is_undone(void)
{
	begin();
	later = 3;
	plan_run_apply(&run);
	plan_run_give_up(&run);
	CU_ASSERT_STRING_EQUAL(trace, "+1+2+3");
	answer(GW6C_OK);
	CU_ASSERT_STRING_EQUAL(trace, "+1+2+3-3-2-1");
	CU_ASSERT_EQUAL(ended, 1);
	CU_ASSERT_NOT_EQUAL(last.rc, GW6C_OK);
	end();
	/* The next one is not. */
	later = 0;
	trace[0] = 0;
	plan_run_apply(&run);
	CU_ASSERT_STRING_EQUAL(trace, "+1+2+3");
	CU_ASSERT_EQUAL(last.rc, GW6C_OK);
	end();
}

static void who_must_wait_can(void)
{
	struct gw6c_err err = { 0 };

	begin();
	CU_ASSERT_EQUAL(plan_apply(&os, &journal, &plan, &err), GW6C_OK);
	later = 2;
	CU_ASSERT_EQUAL(plan_undo(&os, &journal, &plan), GW6C_OK);
	trace[0] = 0;
	CU_ASSERT_EQUAL(plan_apply(&os, &journal, &plan, &err), GW6C_EOS);
	CU_ASSERT_STRING_EQUAL(trace, "+1+2-2-1");
	CU_ASSERT_PTR_NOT_NULL(strstr(err.text, "within 60 s"));
	end();
	begin();
	undo_later = 2;
	plan_run_apply(&run);
	trace[0] = 0;
	plan_run_undo(&run);
	CU_ASSERT_EQUAL(ended, 1);
	plan_run_wait(&run, 3000);
	CU_ASSERT_EQUAL(ended, 2);
	CU_ASSERT_PTR_NOT_NULL(strstr(last.text, "within 3 s"));
	CU_ASSERT_STRING_EQUAL(trace, "-3-2-1");
	end();
}

static void from_inside_the_loop_nobody_can_wait(void)
{
	begin();
	later = 2;
	fake_loop_inside(true);
	plan_run_apply(&run);
	plan_run_wait(&run, 3000);
	CU_ASSERT_STRING_EQUAL(trace, "+1+2-2-1");
	CU_ASSERT_EQUAL(last.rc, GW6C_EOS);
	end();
	/* An answer that was there already counts. */
	begin();
	later = 2;
	fake_loop_inside(true);
	plan_run_apply(&run);
	backend_done(&os, GW6C_OK, NULL);
	plan_run_wait(&run, 3000);
	CU_ASSERT_STRING_EQUAL(trace, "+1+2+3");
	CU_ASSERT_EQUAL(last.rc, GW6C_OK);
	end();
	begin();
	later = 2;
	os.loop = NULL;
	plan_run_apply(&run);
	CU_ASSERT_STRING_EQUAL(trace, "+1+2-1");
	CU_ASSERT_EQUAL(last.rc, GW6C_EBUG);
	end();
}

static void a_note_is_on_disk_at_once(void)
{
	struct gw6c_err err = { 0 };

	begin();
	note = 2;
	plan_run_apply(&run);
	CU_ASSERT_EQUAL(note_rc, GW6C_EBUG); /* of another step */
	plan_run_undo(&run);
	CU_ASSERT_EQUAL(last.rc, GW6C_OK);
	CU_ASSERT_EQUAL(backend_note(&os, &plan.step[1], &err), GW6C_EBUG);
	end();
	/* Also while it takes its time. */
	begin();
	later = 1;
	plan_run_apply(&run);
	snprintf(plan.step[0].saved, sizeof(plan.step[0].saved), "later");
	CU_ASSERT_EQUAL(backend_note(&os, &plan.step[0], &err), GW6C_OK);
	CU_ASSERT_EQUAL(journal_steps(trace), 1);
	CU_ASSERT_STRING_EQUAL(trace, "later");
	trace[0] = 0;
	answer(GW6C_OK);
	CU_ASSERT_EQUAL(ended, 1);
	end();
}

/* What it says is undone with our rights. */
static void a_journal_that_others_could_have_written_is_none(void)
{
	struct gw6c_err err = { 0 };

	begin();
	CU_ASSERT_EQUAL(journal_write(&journal, &plan, 3, &err), GW6C_OK);
	CU_ASSERT_EQUAL(journal_steps(NULL), 3);
	CU_ASSERT_EQUAL(chmod(journal_path, 0622), 0);
	CU_ASSERT_EQUAL(journal_steps(NULL), 0);
	CU_ASSERT_EQUAL(chmod(journal_path, 0644), 0);
	CU_ASSERT_EQUAL(journal_steps(NULL), 3);
	if (geteuid() == 0) {
		CU_ASSERT_EQUAL(chown(journal_path, 4711, 0), 0);
		CU_ASSERT_EQUAL(journal_steps(NULL), 0);
	}
	end();
}

int main(void)
{
	static const struct unit_test tests[] = {
		UNIT_TEST(each_step_may_answer_later),
		UNIT_TEST(a_late_error_is_undone_up_to_there),
		UNIT_TEST(an_optional_step_may_be_refused),
		UNIT_TEST(no_step_has_more_than_a_minute),
		UNIT_TEST(what_is_given_up_is_undone),
		UNIT_TEST(who_must_wait_can),
		UNIT_TEST(from_inside_the_loop_nobody_can_wait),
		UNIT_TEST(a_note_is_on_disk_at_once),
		UNIT_TEST(a_journal_that_others_could_have_written_is_none),
	};
	int fd = mkstemp(journal_path);

	if (fd < 0)
		return 1;
	close(fd);
	unlink(journal_path);
	return UNIT_RUN("plan_run", tests);
}
