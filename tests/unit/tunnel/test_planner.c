/* test_planner.c - plans go forwards and back, also after a crash. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/base/log.h"
#include "core/tunnel/journal.h"
#include "core/tunnel/planner.h"
#include "tests/unit/unit.h"
#include <stdlib.h>
#include <unistd.h>

/* A backend that writes down "+1" and "-1" and refuses step fail_at. */
struct fake {
	char trace[256];
	int fail_at; /* value of the step that cannot be done, 0: none */
	bool undo_fails;
};

static int fake_step(void *self, struct gw6c_plan *plan, struct gw6c_step *step,
		     bool add, struct gw6c_err *err)
{
	struct fake *fake = self;
	size_t used = strlen(fake->trace);

	(void)plan;
	snprintf(fake->trace + used, sizeof(fake->trace) - used, "%c%u",
		 add ? '+' : '-', step->value);
	if (add)
		snprintf(step->saved, sizeof(step->saved), "note %u",
			 step->value);
	if ((add && (int)step->value == fake->fail_at) ||
	    (!add && fake->undo_fails))
		return gw6c_fail(err, GW6C_EOS, "refused");
	return GW6C_OK;
}

static const struct gw6c_os_ops fake_ops = { .size = sizeof(fake_ops),
					     .step = fake_step };
static const struct gw6c_plugin fake_plugin = { .name = "fake",
						.os = &fake_ops };

static char journal_path[] = "/tmp/gw6c-test-plan-XXXXXX";
static struct journal journal = { .path = journal_path, .os = "fake" };
static const struct journal none = { 0 };

static int warnings;

void log_args(enum gw6c_level level, const char *tag, const char *fmt,
	      va_list args)
{
	(void)tag;
	(void)fmt;
	(void)args;
	warnings += level <= GW6C_WARN;
}

void log_msg(enum gw6c_level level, const char *tag, const char *fmt, ...)
{
	(void)tag;
	(void)fmt;
	warnings += level <= GW6C_WARN;
}

bool log_wants(enum gw6c_level level)
{
	return level <= GW6C_WARN;
}

void log_escape(const char *in, char *out, size_t len)
{
	snprintf(out, len, "%s", in);
}

static void make(struct gw6c_plan *plan)
{
	*plan = (struct gw6c_plan){ .size = sizeof(*plan), .fd = -1 };
	snprintf(plan->dev, sizeof(plan->dev), "tun0");
	for (uint32_t i = 1; i <= 3; i++)
		gw6c_plan_add(plan, GW6C_MTU)->value = i;
}

static bool journal_exists(void)
{
	return access(journal_path, F_OK) == 0;
}

static void a_plan_that_fails_is_undone_up_to_there(void)
{
	static const char *const want[] = { "+1+2+3", "+1", "+1+2-1",
					    "+1+2+3-2-1" };

	for (int at = 0; at <= 3; at++) {
		struct fake fake = { .fail_at = at };
		struct backend os = { .plugin = &fake_plugin, .self = &fake };
		struct gw6c_plan plan;
		struct gw6c_err err = { 0 };

		make(&plan);
		CU_ASSERT_EQUAL(plan_apply(&os, &journal, &plan, &err),
				at ? GW6C_EOS : GW6C_OK);
		CU_ASSERT_STRING_EQUAL(fake.trace, want[at]);
		CU_ASSERT_EQUAL(journal_exists(), at == 0);
		if (at)
			CU_ASSERT_PTR_NOT_NULL(strstr(err.text, "mtu"));
		unlink(journal_path);
	}
}

static void undo_goes_backwards_and_on_after_errors(void)
{
	struct fake fake = { .undo_fails = true };
	struct backend os = { .plugin = &fake_plugin, .self = &fake };
	struct gw6c_plan plan;

	make(&plan);
	CU_ASSERT_EQUAL(plan_undo(&os, &none, &plan), GW6C_EOS);
	CU_ASSERT_STRING_EQUAL(fake.trace, "-3-2-1");
}

static void a_crash_leaves_what_the_next_start_takes_back(void)
{
	struct fake fake = { .fail_at = 0 };
	struct backend os = { .plugin = &fake_plugin, .self = &fake };
	struct gw6c_plan plan;
	struct gw6c_err err = { 0 };
	uint32_t steps;

	make(&plan);
	CU_ASSERT_EQUAL(plan_apply(&os, &journal, &plan, &err), GW6C_OK);
	/* Here the process dies. */
	fake.trace[0] = 0;
	CU_ASSERT_EQUAL(plan_sweep(&os, &journal, &steps, &err), GW6C_OK);
	CU_ASSERT_EQUAL(steps, 3);
	CU_ASSERT_STRING_EQUAL(fake.trace, "-3-2-1");
	CU_ASSERT_FALSE(journal_exists());
	CU_ASSERT_EQUAL(plan_sweep(&os, &journal, &steps, &err), GW6C_OK);
	CU_ASSERT_EQUAL(steps, 0);
}

static void notes_of_the_backend_survive(void)
{
	struct fake fake = { .fail_at = 0 };
	struct backend os = { .plugin = &fake_plugin, .self = &fake };
	struct gw6c_plan plan, back;
	struct gw6c_err err = { 0 };

	make(&plan);
	CU_ASSERT_EQUAL(plan_apply(&os, &journal, &plan, &err), GW6C_OK);
	CU_ASSERT_EQUAL(journal_read(&journal, &back, &err), GW6C_OK);
	CU_ASSERT_EQUAL(back.n, 3);
	CU_ASSERT_STRING_EQUAL(back.dev, "tun0");
	CU_ASSERT_EQUAL(memcmp(back.step, plan.step, sizeof(back.step[0]) * 3),
			0);
	unlink(journal_path);
}

/* Power loss: whatever is left of the file, only whole lines count, in
 * their order from the first. */
static void a_journal_cut_at_any_octet_gives_whole_steps_only(void)
{
	struct fake fake = { .fail_at = 0 };
	struct backend os = { .plugin = &fake_plugin, .self = &fake };
	struct gw6c_plan plan, back;
	struct gw6c_err err = { 0 };
	char text[4096];
	uint32_t most = 0;
	size_t len;
	FILE *file;

	make(&plan);
	plan_apply(&os, &journal, &plan, &err);
	file = fopen(journal_path, "r");
	len = fread(text, 1, sizeof(text), file);
	fclose(file);
	for (size_t cut = 0; cut <= len; cut++) {
		file = fopen(journal_path, "w");
		fwrite(text, 1, cut, file);
		fclose(file);
		CU_ASSERT_EQUAL(journal_read(&journal, &back, &err), GW6C_OK);
		CU_ASSERT_TRUE(back.n >= most && back.n <= most + 1);
		most = back.n;
		CU_ASSERT_EQUAL(memcmp(back.step, plan.step,
				       sizeof(back.step[0]) * back.n),
				0);
	}
	CU_ASSERT_EQUAL(most, 3);
	unlink(journal_path);
}

static char *whole_journal(void)
{
	FILE *file = fopen(journal_path, "r");
	char *text = calloc(1, 4096);

	if (file && text && !fread(text, 1, 4095, file))
		text[0] = 0;
	if (file)
		fclose(file);
	return text;
}

/* Octet at of the first step's line becomes c. */
static uint32_t journal_with(const char *text, size_t at, char c,
			     struct gw6c_plan *back)
{
	struct gw6c_err err = { 0 };
	FILE *file = fopen(journal_path, "w");
	char *other = strdup(text);

	strchr(other, '\n')[1 + at] = c;
	fputs(other, file);
	fclose(file);
	free(other);
	CU_ASSERT_EQUAL(journal_read(&journal, back, &err), GW6C_OK);
	return back->n;
}

static void a_line_that_was_damaged_is_not_followed(void)
{
	const size_t hex = 2 * sizeof(struct gw6c_step);
	const size_t dev = 2 * (offsetof(struct gw6c_step, dev) + GW6C_DEV);
	const size_t saved = 2 * (offsetof(struct gw6c_step, saved) + 64);
	struct fake fake = { .fail_at = 0 };
	struct backend os = { .plugin = &fake_plugin, .self = &fake };
	struct gw6c_plan plan, back;
	struct gw6c_err err = { 0 };
	char *text;

	make(&plan);
	plan_apply(&os, &journal, &plan, &err);
	text = whole_journal();
	CU_ASSERT_PTR_NOT_NULL_FATAL(text);
	CU_ASSERT_EQUAL(journal_with(text, 9, 'g', &back), 0);
	CU_ASSERT_EQUAL(journal_with(text, hex - 1, ' ', &back), 0);
	CU_ASSERT_EQUAL(journal_with(text, hex, 'x', &back), 0);
	CU_ASSERT_EQUAL(journal_with(text, hex, '0', &back), 0);
	/* Text always ends. */
	CU_ASSERT_EQUAL(journal_with(text, dev - 1, '5', &back), 3);
	CU_ASSERT_EQUAL(back.step[0].dev[GW6C_DEV - 1], 0);
	CU_ASSERT_EQUAL(journal_with(text, dev - 3, '5', &back), 3);
	CU_ASSERT_EQUAL(back.step[0].dev[GW6C_DEV - 2], 5);
	CU_ASSERT_EQUAL(journal_with(text, saved - 1, '5', &back), 3);
	CU_ASSERT_EQUAL(back.step[0].saved[63], 0);
	CU_ASSERT_EQUAL(journal_with(text, saved - 3, '5', &back), 3);
	CU_ASSERT_EQUAL(back.step[0].saved[62], 5);
	free(text);
	unlink(journal_path);
}

/* More lines than a plan has steps. */
static void a_journal_gives_no_more_than_a_plan(void)
{
	struct {
		struct gw6c_plan plan;
		struct gw6c_step beyond;
	} back = { .beyond.value = 77 };
	struct gw6c_plan full = { .size = sizeof(full), .fd = -1 };
	struct gw6c_err err = { 0 };
	char *text, *line;
	FILE *file;

	for (uint32_t i = 1; i <= GW6C_STEPS; i++)
		gw6c_plan_add(&full, GW6C_MTU)->value = i;
	CU_ASSERT_EQUAL(journal_write(&journal, &full, GW6C_STEPS, &err),
			GW6C_OK);
	text = whole_journal();
	CU_ASSERT_PTR_NOT_NULL_FATAL(text);
	line = strchr(text, '\n') + 1;
	strchr(line, '\n')[1] = 0;
	file = fopen(journal_path, "a");
	for (int i = 0; i < 3; i++)
		fputs(line, file);
	fclose(file);
	CU_ASSERT_EQUAL(journal_read(&journal, &back.plan, &err), GW6C_OK);
	CU_ASSERT_EQUAL(back.plan.n, GW6C_STEPS);
	CU_ASSERT_EQUAL(back.plan.step[GW6C_STEPS - 1].value, GW6C_STEPS);
	CU_ASSERT_EQUAL(back.beyond.value, 77);
	free(text);
	unlink(journal_path);
}

static void the_journal_of_another_backend_is_not_followed(void)
{
	struct journal other = { .path = journal_path, .os = "other" };
	struct fake fake = { .fail_at = 0 };
	struct backend os = { .plugin = &fake_plugin, .self = &fake };
	struct gw6c_plan plan;
	struct gw6c_err err = { 0 };
	uint32_t steps;

	make(&plan);
	plan_apply(&os, &journal, &plan, &err);
	fake.trace[0] = 0;
	CU_ASSERT_EQUAL(plan_sweep(&os, &other, &steps, &err), GW6C_ECONFIG);
	CU_ASSERT_STRING_EQUAL(fake.trace, "");
	CU_ASSERT_PTR_NOT_NULL(strstr(err.text, "template=fake"));
	CU_ASSERT_TRUE(journal_exists());
	unlink(journal_path);
}

static void a_journal_is_read_as_it_was_written(void)
{
	static const char *const names[] = { "", "t", "gw6c0" };
	struct gw6c_err err = { 0 };
	struct gw6c_plan plan, got;

	for (int i = 0; i < 3; i++) {
		make(&plan);
		snprintf(plan.dev, sizeof(plan.dev), "%s", names[i]);
		CU_ASSERT_EQUAL(journal_write(&journal, &plan, plan.n, &err),
				GW6C_OK);
		CU_ASSERT_EQUAL(journal_read(&journal, &got, &err), GW6C_OK);
		CU_ASSERT_STRING_EQUAL(got.dev, names[i]);
		CU_ASSERT_EQUAL(got.n, 3);
		CU_ASSERT_TRUE(got.fd < 0);
	}
	unlink(journal_path);
	/* That there is none is nothing to be told. */
	warnings = 0;
	CU_ASSERT_EQUAL(journal_read(&journal, &got, &err), GW6C_OK);
	CU_ASSERT_EQUAL(got.n, 0);
	CU_ASSERT_EQUAL(warnings, 0);
}

static void a_journal_that_cannot_be_written_stops_everything(void)
{
	struct journal nowhere = { .path = "/nonexistent/gw6c/plan",
				   .os = "fake" };
	struct fake fake = { .fail_at = 0 };
	struct backend os = { .plugin = &fake_plugin, .self = &fake };
	struct gw6c_plan plan;
	struct gw6c_err err = { 0 };

	make(&plan);
	CU_ASSERT_EQUAL(plan_apply(&os, &nowhere, &plan, &err), GW6C_EOS);
	CU_ASSERT_STRING_EQUAL(fake.trace, "");
}

static void plans_are_the_same_whatever_was_noted(void)
{
	struct gw6c_plan a, b;

	make(&a);
	make(&b);
	snprintf(a.step[1].saved, sizeof(a.step[1].saved), "noted");
	a.fd = 7;
	CU_ASSERT_TRUE(plan_same(&a, &b));
	b.step[2].dst.octets[3] = 1;
	CU_ASSERT_FALSE(plan_same(&a, &b));
	make(&b);
	b.n--;
	CU_ASSERT_FALSE(plan_same(&a, &b));
	make(&b);
	b.step[0].dev[0] = 'x';
	CU_ASSERT_FALSE(plan_same(&a, &b));
}

static void a_full_plan_stays_within_its_room(void)
{
	struct gw6c_plan plan = { .size = sizeof(plan) };

	for (int i = 0; i < GW6C_STEPS + 3; i++)
		gw6c_plan_add(&plan, GW6C_UP);
	CU_ASSERT_EQUAL(plan.n, GW6C_STEPS + 3);
}

int main(void)
{
	static const struct unit_test tests[] = {
		UNIT_TEST(a_plan_that_fails_is_undone_up_to_there),
		UNIT_TEST(undo_goes_backwards_and_on_after_errors),
		UNIT_TEST(a_crash_leaves_what_the_next_start_takes_back),
		UNIT_TEST(notes_of_the_backend_survive),
		UNIT_TEST(a_journal_cut_at_any_octet_gives_whole_steps_only),
		UNIT_TEST(a_line_that_was_damaged_is_not_followed),
		UNIT_TEST(a_journal_gives_no_more_than_a_plan),
		UNIT_TEST(the_journal_of_another_backend_is_not_followed),
		UNIT_TEST(a_journal_is_read_as_it_was_written),
		UNIT_TEST(a_journal_that_cannot_be_written_stops_everything),
		UNIT_TEST(plans_are_the_same_whatever_was_noted),
		UNIT_TEST(a_full_plan_stays_within_its_room),
	};
	int fd = mkstemp(journal_path);

	if (fd < 0)
		return 1;
	close(fd);
	unlink(journal_path);
	return UNIT_RUN("planner", tests);
}
