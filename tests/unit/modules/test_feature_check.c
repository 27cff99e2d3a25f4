/* test_feature_check.c - mistakes that features find in their options, with the
 * line that is to be named. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/modules/feature_check.h"
#include "tests/unit/unit.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct {
	int rc;
	const char *key, *text;
} list[4]; /* that the feature finds */
static int seen_inner;
static char seen_ours[64], refused[512];

static void
find(const struct gw6c_host *host, int inner, const char *const *ours,
     void (*fault)(void *arg, int rc, const char *key, const char *text),
     void *arg)
{
	seen_inner = inner;
	snprintf(seen_ours, sizeof(seen_ours), "%s", ours[0]);
	CU_ASSERT_STRING_EQUAL(host->str(host, "root"), "/srv");
	for (int i = 0; i < 4 && list[i].key; i++)
		fault(arg, list[i].rc, list[i].key, list[i].text);
}

static const struct gw6c_opt opts[] = {
	{ .key = "on",
	  .type = GW6C_YES,
	  .summary = "on",
	  .flags = GW6C_OPT_LOADS },
	{ .key = "root", .type = GW6C_STR, .summary = "root" },
	{ .key = "port", .type = GW6C_PORT, .summary = "port" },
	{ .key = NULL },
};
static struct gw6c_feature_ops ops = { .size = sizeof(ops), .check = find };
static const struct gw6c_plugin plugin = { GW6C_HEAD(GW6C_FEATURE, "x-y", ""),
					   .opts = opts, .feature = &ops };

static void refuse(void *arg, const char *text)
{
	(void)arg;
	strcat(strcat(refused, text), "\n");
}

static bool check(struct conf *conf, bool strict)
{
	static const char *const ours[] = { "/etc/x", NULL };
	const struct feature_checks checks = { .conf = conf,
					       .inner = 6,
					       .ours = ours,
					       .strict = strict,
					       .refuse = refuse };
	const struct feature_list features = { .item = { { &plugin, false } },
					       .n = 1 };

	refused[0] = 0;
	return features_check(&checks, &features);
}

static struct conf *begin(void)
{
	struct conf *conf = conf_new();
	struct gw6c_err err = { 0 };
	FILE *file = fopen("check.conf", "w");

	fputs("\nfeature.x-y.on=yes\nfeature.x-y.root=/srv\n", file);
	fclose(file);
	CU_ASSERT_EQUAL_FATAL(conf_load(conf, "check.conf", &err), GW6C_OK);
	unlink("check.conf");
	memset(list, 0, sizeof(list));
	return conf;
}

static void names_the_line(void)
{
	struct conf *conf = begin();

	CU_ASSERT_TRUE(check(conf, false));
	CU_ASSERT_EQUAL(seen_inner, 6);
	CU_ASSERT_STRING_EQUAL(seen_ours, "/etc/x");
	list[0].rc = GW6C_ECONFIG;
	list[0].key = "root";
	list[0].text = "no good";
	list[1].rc = GW6C_ECONFIG;
	list[1].key = "port"; /* not set: what asks for the feature is named */
	list[1].text = "missing";
	CU_ASSERT_FALSE(check(conf, false));
	CU_ASSERT_STRING_EQUAL(refused,
			       "check.conf:3: feature.x-y.root: no good\n"
			       "check.conf:2: feature.x-y.on: missing\n");
	CU_ASSERT_PTR_NULL(conf_warning(conf, 0));
	conf_free(conf);
}

static void warns_of_what_may_pass(void)
{
	struct conf *conf = begin();

	list[0].rc = GW6C_EOS;
	list[0].key = "root";
	list[0].text = "not there";
	CU_ASSERT_TRUE(check(conf, false));
	CU_ASSERT_STRING_EQUAL(refused, "");
	CU_ASSERT_STRING_EQUAL(conf_warning(conf, 0),
			       "check.conf:3: feature.x-y.root: not there");
	CU_ASSERT_FALSE(check(conf, true));
	CU_ASSERT_STRING_EQUAL(refused,
			       "check.conf:3: feature.x-y.root: not there\n");
	conf_free(conf);
}

/* Nothing is wrong, but somebody may not have meant it. */
static void only_warns(void)
{
	struct conf *conf = begin();

	list[0].rc = GW6C_OK;
	list[0].key = "root";
	list[0].text = "anybody can read that";
	CU_ASSERT_TRUE(check(conf, true));
	CU_ASSERT_STRING_EQUAL(refused, "");
	CU_ASSERT_STRING_EQUAL(conf_warning(conf, 0),
			       "check.conf:3: feature.x-y.root: anybody can "
			       "read that");
	conf_free(conf);
}

static void asks_only_who_answers(void)
{
	struct conf *conf = begin();

	list[0].rc = GW6C_ECONFIG;
	list[0].key = "root";
	list[0].text = "no good";
	ops.check = NULL;
	CU_ASSERT_TRUE(check(conf, true));
	ops.check = find;
	ops.size = offsetof(struct gw6c_feature_ops, check);
	CU_ASSERT_TRUE(check(conf, true));
	ops.size = sizeof(ops);
	conf_free(conf);
}

int main(void)
{
	static const struct unit_test tests[] = {
		UNIT_TEST(names_the_line),
		UNIT_TEST(warns_of_what_may_pass),
		UNIT_TEST(only_warns),
		UNIT_TEST(asks_only_who_answers),
	};

	return UNIT_RUN("modules: feature check", tests);
}
