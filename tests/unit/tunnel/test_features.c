/* test_features.c - features as core/tunnel opens, tells, reloads and closes
 * them, and what is swept after a crash. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/base/log.h"
#include "core/modules/wanted.h"
#include "core/tunnel/features.h"
#include "fake_loop.h"
#include "tests/unit/unit.h"
#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define FEATURES 3 /* "f0" to "f2" */

static char trace[1024];

GW6C_PRINTF(1, 2)
static void say(const char *fmt, ...)
{
	size_t used = strlen(trace);
	va_list args;

	va_start(args, fmt);
	vsnprintf(trace + used, sizeof(trace) - used, fmt, args);
	va_end(args);
	used = strlen(trace);
	snprintf(trace + used, sizeof(trace) - used, " ");
}

#define HAPPENED(want)                                                         \
	do {                                                                   \
		CU_ASSERT_STRING_EQUAL(trace, want);                           \
		if (strcmp(trace, want) != 0)                                  \
			fprintf(stderr, "%d: %s\n", __LINE__, trace);          \
		trace[0] = 0;                                                  \
	} while (0)

static char directory[] = "/tmp/gw6c-test-features-XXXXXX";
static char path[PATH_MAX]; /* of the names */
static struct loop *loop;
static struct conf *conf;
static struct settings settings = { .run_dir = directory };
static const struct gw6c_host *hosts[FEATURES];
static bool later[FEATURES]; /* at LEAVING */
static int fail_open = -1; /* number of the one that cannot */
static int implied = -1; /* number of the one that nobody named */
static struct gw6c_news heard;

static bool file_is(const char *want)
{
	char room[256];
	FILE *file = fopen(path, "re");
	size_t len = file ? fread(room, 1, sizeof(room) - 1, file) : 0;

	if (!file)
		return want == NULL;
	fclose(file);
	room[len] = 0;
	return want && strcmp(room, want) == 0;
}

static char warning[300]; /* the last one */
static int warnings;

void log_args(enum gw6c_level level, const char *tag, const char *fmt,
	      va_list args)
{
	(void)tag;
	if (level > GW6C_WARN)
		return;
	vsnprintf(warning, sizeof(warning), fmt, args);
	warnings++;
}

void log_msg(enum gw6c_level level, const char *tag, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	log_args(level, tag, fmt, args);
	va_end(args);
}

bool log_wants(enum gw6c_level level)
{
	return level <= GW6C_WARN;
}

void log_escape(const char *in, char *out, size_t len)
{
	snprintf(out, len, "%s", in);
}

static void put_file(const char *text)
{
	FILE *file = fopen(path, "we");

	CU_ASSERT_PTR_NOT_NULL_FATAL(file);
	fputs(text, file);
	fclose(file);
}

static int open_any(int n, const struct gw6c_host *host, void **self,
		    struct gw6c_err *err)
{
	CU_ASSERT_FALSE(file_is(NULL)); /* written before */
	hosts[n] = host;
	*self = &later[n];
	say("open%d", n);
	return n == fail_open ? gw6c_fail(err, GW6C_EOS, "no") : GW6C_OK;
}

static int open0(const struct gw6c_host *host, void **self,
		 struct gw6c_err *err)
{
	return open_any(0, host, self, err);
}

static int open1(const struct gw6c_host *host, void **self,
		 struct gw6c_err *err)
{
	return open_any(1, host, self, err);
}

static int open2(const struct gw6c_host *host, void **self,
		 struct gw6c_err *err)
{
	return open_any(2, host, self, err);
}

static int number(const void *self)
{
	return (int)((const bool *)self - later);
}

static void close_any(void *self)
{
	say("close%d", number(self));
}

static int tell_any(void *self, const struct gw6c_news *news)
{
	static const char *const facts[] = { "?", "ready", "changed", "leaving",
					     "down" };

	heard = *news;
	say("%s%d", facts[news->fact], number(self));
	return *(bool *)self ? GW6C_LATER : GW6C_OK;
}

static void sweep0(const struct gw6c_host *host)
{
	CU_ASSERT_STRING_EQUAL(host->run_dir, RUNDIR);
	say("sweep0");
}

static int reload1(void *self, struct gw6c_err *err)
{
	say("reload%d=%s", number(self), hosts[1]->str(hosts[1], "x"));
	return gw6c_fail(err, GW6C_EOS, "not now");
}

/* What the plans of f0 and f2 do. */
static struct {
	int adds; /* steps */
	bool link, fails, removes, scribbles;
} plans[FEATURES];

static int plan_any(const struct gw6c_host *host, const struct gw6c_lease *to,
		    struct gw6c_plan *plan, struct gw6c_err *err)
{
	int n = host == hosts[2] ? 2 : 0;

	CU_ASSERT_PTR_NOT_NULL(to);
	plan->wants = 99; /* is none of its business */
	for (int i = 0; i < plans[n].adds; i++)
		gw6c_plan_add(plan, plans[n].link ? GW6C_LINK : GW6C_UP)
			->value = (uint32_t)(10 * n + i);
	if (plans[n].removes)
		plan->n = 1;
	if (plans[n].scribbles)
		plan->step[plan->n].value = 7;
	return plans[n].fails ? gw6c_fail(err, GW6C_EOS, "no LAN") : GW6C_OK;
}

static const struct gw6c_opt opts[] = {
	{ .key = "x", .type = GW6C_STR },
	{ .key = "l", .type = GW6C_STR, .flags = GW6C_OPT_LIST },
	{ .key = NULL }
};
static struct gw6c_feature_ops ops[FEATURES] = {
	{ .size = sizeof(ops[0]),
	  .open = open0,
	  .close = close_any,
	  .tell = tell_any,
	  .plan = plan_any,
	  .sweep = sweep0 },
	{ .size = sizeof(ops[0]),
	  .open = open1,
	  .close = close_any,
	  .tell = tell_any,
	  .reload = reload1 },
	{ .size = sizeof(ops[0]),
	  .open = open2,
	  .close = close_any,
	  .tell = tell_any,
	  .plan = plan_any },
};
static const struct gw6c_plugin plugins[FEATURES] = {
	{ GW6C_HEAD(GW6C_FEATURE, "f0", "-"), .opts = opts, .feature = ops },
	{ GW6C_HEAD(GW6C_FEATURE, "f1", "-"), .opts = opts,
	  .feature = ops + 1 },
	{ GW6C_HEAD(GW6C_FEATURE, "f2", "-"), .opts = opts,
	  .feature = ops + 2 },
};

int loader_get(struct loader *loader, enum gw6c_kind kind, const char *name,
	       const struct setting *at, const struct gw6c_plugin **out,
	       struct gw6c_err *err)
{
	(void)loader;
	(void)at;
	for (int i = 0; i < FEATURES; i++)
		if (kind == GW6C_FEATURE &&
		    strcmp(plugins[i].name, name) == 0) {
			*out = &plugins[i];
			return GW6C_OK;
		}
	say("missing(%s)", name);
	return gw6c_fail(err, GW6C_ECONFIG, "not installed");
}

int features_wanted(struct loader *loader, struct conf *from,
		    const struct settings *given, struct feature_list *out,
		    struct gw6c_err *err)
{
	(void)from;
	out->n = 0;
	for (int i = 0; given->features[i]; i++, out->n++) {
		if (loader_get(loader, GW6C_FEATURE, given->features[i], NULL,
			       &out->item[i].plugin, err))
			return err->rc;
		out->item[i].implied = i == implied;
	}
	return GW6C_OK;
}

static void on_left(void *arg)
{
	(void)arg;
	say("left");
}

static int try_open(bool dry, struct features **features, struct gw6c_err *err)
{
	const struct features_params params = { .loop = loop,
						.conf = conf,
						.settings = &settings,
						.dry = dry,
						.left = on_left };

	return features_open(&params, features, err);
}

static struct features *begin(void)
{
	struct features *features = NULL;
	struct gw6c_err err = { 0 };

	loop = loop_new();
	conf = conf_new();
	fail_open = -1;
	memset(later, 0, sizeof(later));
	settings.features[0] = "f0";
	settings.features[1] = "f1";
	settings.features[2] = "f2";
	CU_ASSERT_EQUAL_FATAL(try_open(false, &features, &err), GW6C_OK);
	return features;
}

static void end(struct features *features)
{
	features_close(features);
	CU_ASSERT_EQUAL(fake_loop_left(), 0);
	CU_ASSERT_TRUE(file_is(NULL));
	loop_free(loop);
	conf_free(conf);
	trace[0] = 0;
}

static const struct gw6c_lease lease, before;
static const struct gw6c_news news = { .reason = GW6C_FOR_MOVE,
				       .why = "moved",
				       .lease = &lease };

static void their_names_are_on_disk_while_they_are_open(void)
{
	struct features *features = begin();
	struct stat stat_of;

	HAPPENED("open0 open1 open2 ");
	CU_ASSERT_TRUE(file_is("f0\nf1\nf2\n"));
	CU_ASSERT_EQUAL(stat(path, &stat_of), 0);
	CU_ASSERT_EQUAL(stat_of.st_mode & 0777, 0600);
	features_close(features);
	HAPPENED("close2 close1 close0 ");
	end(NULL);
}

static void what_a_killed_run_left_is_swept_before(void)
{
	struct features *features;
	char names[256];

	put_file("gone\nf1\nf0\n");
	features = begin();
	HAPPENED("missing(gone) sweep0 open0 open1 open2 ");
	end(features);
	/* None is asked for now. */
	snprintf(names, sizeof(names), "f0\n\n%063d\n%064d\nf1", 0, 0);
	put_file(names);
	loop = loop_new();
	conf = conf_new();
	settings.features[0] = NULL;
	CU_ASSERT_EQUAL(try_open(false, &features, NULL), GW6C_OK);
	snprintf(names, sizeof(names), "sweep0 missing(%063d) ", 0);
	HAPPENED(names);
	CU_ASSERT_TRUE(file_is(NULL));
	end(features);
}

static void a_dry_run_takes_nothing_away(void)
{
	struct features *features = begin();

	features_close(features);
	trace[0] = 0;
	put_file("f0\n");
	CU_ASSERT_EQUAL(try_open(true, &features, NULL), GW6C_OK);
	HAPPENED("");
	features_pass(features, &news);
	features_close(features);
	HAPPENED("");
	CU_ASSERT_TRUE(file_is("f0\n"));
	unlink(path);
	end(NULL);
}

static void one_that_cannot_be_opened_ends_all(void)
{
	struct features *features = begin();
	struct gw6c_err err = { 0 };

	features_close(features);
	trace[0] = 0;
	fail_open = 1;
	CU_ASSERT_EQUAL(try_open(false, &features, &err), GW6C_EOS);
	HAPPENED("open0 open1 close0 ");
	CU_ASSERT_TRUE(file_is(NULL));
	settings.features[1] = "f9";
	CU_ASSERT_EQUAL(try_open(false, &features, &err), GW6C_ECONFIG);
	HAPPENED("missing(f9) ");
	end(NULL);
}

static void one_that_nobody_named_may_fail(void)
{
	struct features *features = begin();
	struct gw6c_err err = { 0 };

	features_close(features);
	trace[0] = 0;
	fail_open = implied = 1;
	CU_ASSERT_EQUAL(try_open(false, &features, &err), GW6C_OK);
	HAPPENED("open0 open1 open2 ");
	features_pass(features, &news);
	HAPPENED("ready0 ready2 ");
	implied = -1;
	end(features);
}

static void nothing_starts_where_names_cannot_be_written(void)
{
	struct features *features = begin();
	struct gw6c_err err = { 0 };

	features_close(features);
	trace[0] = 0;
	settings.run_dir = "/dev/null";
	CU_ASSERT_EQUAL(try_open(false, &features, &err), GW6C_EOS);
	HAPPENED("");
	settings.run_dir = directory;
	end(NULL);
}

static void nobody_hears_of_what_never_was(void)
{
	struct features *features = begin();

	trace[0] = 0;
	CU_ASSERT_FALSE(features_leave(features, &news));
	features_down(features, &news);
	HAPPENED("");
	features_pass(features, &news);
	HAPPENED("ready0 ready1 ready2 ");
	CU_ASSERT_EQUAL(heard.size, sizeof(heard));
	CU_ASSERT_EQUAL(heard.reason, GW6C_FOR_NOTHING);
	CU_ASSERT_STRING_EQUAL(heard.why, "");
	features_pass(features, &news);
	HAPPENED("");
	features_down(features, &news);
	HAPPENED("down2 down1 down0 ");
	CU_ASSERT_EQUAL(heard.reason, GW6C_FOR_MOVE);
	CU_ASSERT_STRING_EQUAL(heard.why, "moved");
	features_down(features, &news);
	HAPPENED("");
	end(features);
}

static void what_was_before_is_told_with_changed_only(void)
{
	struct features *features = begin();
	struct gw6c_news both = news;

	trace[0] = 0;
	both.before = &before;
	features_pass(features, &both);
	HAPPENED("ready0 ready1 ready2 ");
	CU_ASSERT_PTR_NULL(heard.before);
	features_pass(features, &both);
	HAPPENED("changed0 changed1 changed2 ");
	CU_ASSERT_PTR_EQUAL(heard.before, &before);
	CU_ASSERT_EQUAL(heard.reason, GW6C_FOR_MOVE);
	features_down(features, &both);
	CU_ASSERT_PTR_NULL(heard.before);
	end(features);
}

static void done(int n)
{
	hosts[n]->done(hosts[n], GW6C_OK, GW6C_NOTHING, NULL);
	fake_loop_pass(0);
}

static void the_last_one_to_leave_ends_the_wait(void)
{
	struct features *features = begin();

	features_pass(features, &news);
	later[0] = later[2] = true;
	trace[0] = 0;
	CU_ASSERT_TRUE(features_leave(features, &news));
	HAPPENED("leaving0 leaving1 leaving2 ");
	CU_ASSERT_EQUAL(heard.reason, GW6C_FOR_MOVE);
	done(1);
	done(2);
	done(2);
	fake_loop_pass(FEATURES_LEAVE_MS - 1);
	HAPPENED("");
	done(0);
	HAPPENED("left ");
	fake_loop_pass(FEATURES_LEAVE_MS);
	done(0);
	HAPPENED("");
	end(features);
}

static void the_wait_ends_once(void)
{
	struct features *features = begin();

	features_pass(features, &news);
	later[1] = true;
	CU_ASSERT_TRUE(features_leave(features, &news));
	trace[0] = 0;
	fake_loop_pass(5000 - 1);
	HAPPENED("");
	fake_loop_pass(1);
	HAPPENED("left ");
	for (int n = 0; n < FEATURES; n++)
		done(n);
	HAPPENED("");
	CU_ASSERT_TRUE(features_leave(features, &news));
	features_down(features, &news);
	trace[0] = 0;
	fake_loop_pass(5000);
	done(1);
	HAPPENED("");
	end(features);
}

/* A plugin that does what the contract has no word for. */
static void a_feature_that_answers_wrongly_is_told(void)
{
	struct features *features = begin();

	warnings = 0;
	features_pass(features, &news);
	later[1] = true;
	CU_ASSERT_TRUE(features_leave(features, &news));
	CU_ASSERT_EQUAL(warnings, 0);
	done(1);
	CU_ASSERT_EQUAL(warnings, 0);
	done(1); /* once too often */
	CU_ASSERT_EQUAL(warnings, 1);
	CU_ASSERT_STRING_EQUAL(
		warning, "feature f1 reports the end of a goodbye that it "
			 "did not begin; this is a bug in the plugin; "
			 "report it to its author");
	CU_ASSERT_TRUE(features_leave(features, &news));
	fake_loop_pass(FEATURES_LEAVE_MS); /* told, and nothing of a bug */
	CU_ASSERT_EQUAL(warnings, 2);
	CU_ASSERT_STRING_EQUAL(warning,
			       "feature f1 did not finish within 5 s; the "
			       "tunnel ends without it");
	done(1); /* late, but once */
	CU_ASSERT_EQUAL(warnings, 2);
	features_down(features, &news); /* is not waited for */
	CU_ASSERT_EQUAL(warnings, 3);
	CU_ASSERT_STRING_EQUAL(warning,
			       "feature f1 failed to hear of the tunnel; this "
			       "is a bug in the plugin; report it to its "
			       "author");
	later[1] = false;
	features_pass(features, &news);
	features_down(features, &news);
	CU_ASSERT_EQUAL(warnings, 3);
	end(features);
}

static struct conf *with(const char *key, const char *value)
{
	struct conf *other = conf_new();

	CU_ASSERT_EQUAL(conf_set(other, key, value, "test", NULL), GW6C_OK);
	return other;
}

static void only_those_with_other_options_hear_of_a_reload(void)
{
	struct features *features = begin();
	struct gw6c_news down = news;
	struct conf *x0 = with("feature.f0.x", "new");
	struct conf *x1 = with("feature.f1.x", "new");
	struct conf *x2 = with("feature.f2.l", "one two");
	struct conf *y2 = with("feature.f2.l", "one three");
	struct conf *z2 = with("feature.f2.l", "one");

	down.fact = GW6C_DOWN;
	features_pass(features, &news);
	trace[0] = 0;
	features_reload(features, conf, &down);
	HAPPENED("");
	features_reload(features, x0, &down);
	HAPPENED("down0 close0 open0 ");
	features_reload(features, conf, &down);
	HAPPENED("close0 open0 ");
	features_pass(features, &news);
	HAPPENED("ready0 ");
	features_reload(features, x1, &down);
	HAPPENED("reload1=new ");
	features_reload(features, x2, &down);
	HAPPENED("reload1= down2 close2 open2 ");
	features_reload(features, y2, &down);
	HAPPENED("close2 open2 "); /* READY was not told */
	features_reload(features, z2, &down);
	HAPPENED("close2 open2 ");
	features_reload(features, z2, &down);
	HAPPENED("");
	fail_open = 2;
	features_reload(features, conf, &down);
	HAPPENED("close2 open2 ");
	features_pass(features, &news);
	HAPPENED("");
	fail_open = -1;
	features_reload(features, conf, &down);
	HAPPENED("open2 ");
	features_pass(features, &news);
	HAPPENED("ready2 ");
	end(features);
	conf_free(x0);
	conf_free(x1);
	conf_free(x2);
	conf_free(y2);
	conf_free(z2);
}

/* A mode's plan of three steps, to which features add theirs. */
static struct gw6c_plan planned(const struct features *features)
{
	struct gw6c_plan plan = { .size = sizeof(plan), .wants = 1 };

	for (int i = 0; i < 3; i++)
		gw6c_plan_add(&plan, i ? GW6C_MTU : GW6C_LINK)->value = 100;
	warnings = 0;
	features_plan(features, &lease, &plan);
	CU_ASSERT_EQUAL(plan.wants, 1);
	CU_ASSERT_EQUAL(plan.step[0].value, 100);
	return plan;
}

static void the_steps_of_features_come_last(void)
{
	struct features *features = begin();
	struct gw6c_plan plan;

	memset(plans, 0, sizeof(plans));
	CU_ASSERT_EQUAL(planned(features).n, 3);
	CU_ASSERT_EQUAL(warnings, 0);
	plans[0].adds = 1;
	plans[2].adds = 2;
	plans[2].scribbles = true;
	plan = planned(features);
	CU_ASSERT_EQUAL(plan.n, 6);
	CU_ASSERT_EQUAL(plan.step[3].value, 0);
	CU_ASSERT_EQUAL(plan.step[4].value, 20);
	CU_ASSERT_EQUAL(plan.step[5].value, 21);
	CU_ASSERT_EQUAL(plan.step[6].value, 0); /* is no step */
	CU_ASSERT_EQUAL(warnings, 0);
	/* An old plugin has no such operation. */
	ops[0].size = offsetof(struct gw6c_feature_ops, plan);
	plan = planned(features);
	CU_ASSERT_EQUAL(plan.n, 5);
	CU_ASSERT_EQUAL(plan.step[3].value, 20);
	ops[0].size = sizeof(ops[0]);
	end(features);
}

static void steps_that_go_wrong_are_left_out(void)
{
	struct features *features = begin();
	struct gw6c_plan plan;

	memset(plans, 0, sizeof(plans));
	plans[2].adds = 1;
	plans[0].adds = GW6C_STEPS - 3 - 1;
	CU_ASSERT_EQUAL(planned(features).n, GW6C_STEPS);
	CU_ASSERT_EQUAL(warnings, 0);
	plans[2].adds = 2;
	CU_ASSERT_EQUAL(planned(features).n, GW6C_STEPS - 1);
	CU_ASSERT_EQUAL(warnings, 1);
	CU_ASSERT_STRING_EQUAL(warning,
			       "feature f2: the plan would have 41 steps, 40 "
			       "at most; the tunnel comes up without its "
			       "steps");
	plans[0].adds = 2;
	plans[0].link = true;
	plan = planned(features);
	CU_ASSERT_EQUAL(plan.n, 5);
	CU_ASSERT_EQUAL(plan.step[3].value, 20);
	CU_ASSERT_STRING_EQUAL(warning,
			       "feature f0: only a tunnel mode may create an "
			       "interface; the tunnel comes up without its "
			       "steps");
	plans[0].link = false;
	plans[0].fails = true;
	CU_ASSERT_EQUAL(planned(features).n, 5);
	CU_ASSERT_STRING_EQUAL(warning, "feature f0: no LAN; the tunnel comes "
					"up without its steps");
	plans[0].fails = false;
	plans[0].removes = true;
	CU_ASSERT_EQUAL(planned(features).n, 5);
	CU_ASSERT_STRING_EQUAL(warning,
			       "feature f0: it removed steps; the tunnel comes "
			       "up without its steps");
	memset(plans, 0, sizeof(plans));
	end(features);
}

/* A step that is none any more is not looked at. */
static void what_is_behind_the_steps_is_nothing(void)
{
	struct features *features = begin();
	struct gw6c_plan plan = { .size = sizeof(plan) };

	memset(plans, 0, sizeof(plans));
	gw6c_plan_add(&plan, GW6C_UP);
	gw6c_plan_add(&plan, GW6C_LINK);
	plan.n = 1;
	warnings = 0;
	features_plan(features, &lease, &plan);
	CU_ASSERT_EQUAL(warnings, 0);
	end(features);
}

static void all_have_their_lines_in_the_status(void)
{
	struct features *features = begin();
	char room[256];
	struct gw6c_buf out = GW6C_BUF(room);

	for (int i = 0; i < FEATURES; i++)
		hosts[i]->status(hosts[i], "n", "%d", i);
	features_put_status(features, &out);
	gw6c_put(&out, "", 1);
	CU_ASSERT_PTR_NOT_NULL(strstr(room, "feature.f0.n"));
	CU_ASSERT_PTR_NOT_NULL(strstr(room, "feature.f1.n"));
	CU_ASSERT_PTR_NOT_NULL(strstr(room, "feature.f2.n"));
	end(features);
}

int main(void)
{
	static const struct unit_test tests[] = {
		UNIT_TEST(their_names_are_on_disk_while_they_are_open),
		UNIT_TEST(what_a_killed_run_left_is_swept_before),
		UNIT_TEST(a_dry_run_takes_nothing_away),
		UNIT_TEST(one_that_cannot_be_opened_ends_all),
		UNIT_TEST(one_that_nobody_named_may_fail),
		UNIT_TEST(nothing_starts_where_names_cannot_be_written),
		UNIT_TEST(nobody_hears_of_what_never_was),
		UNIT_TEST(what_was_before_is_told_with_changed_only),
		UNIT_TEST(the_last_one_to_leave_ends_the_wait),
		UNIT_TEST(the_wait_ends_once),
		UNIT_TEST(a_feature_that_answers_wrongly_is_told),
		UNIT_TEST(only_those_with_other_options_hear_of_a_reload),
		UNIT_TEST(the_steps_of_features_come_last),
		UNIT_TEST(steps_that_go_wrong_are_left_out),
		UNIT_TEST(what_is_behind_the_steps_is_nothing),
		UNIT_TEST(all_have_their_lines_in_the_status),
	};
	int status;

	if (!mkdtemp(directory))
		return 1;
	snprintf(path, sizeof(path), "%s/features", directory);
	status = UNIT_RUN("features", tests);
	rmdir(directory);
	return status;
}
