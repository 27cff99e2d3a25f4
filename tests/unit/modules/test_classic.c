/* test_classic.c - settings of older files become options of plugins. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/config/conf_parts.h"
#include "core/modules/classic.h"
#include "tests/fake/fake_loader.h"
#include "tests/unit/unit.h"
#include <string.h>

static const struct gw6c_opt dev_opts[] = {
	{ .key = "interface",
	  .type = GW6C_DEVICE,
	  .summary = "",
	  .classic = "if_new if_old -i" },
	{ .key = NULL },
};
static const struct gw6c_opt list_opts[] = {
	{ .key = "users",
	  .type = GW6C_STR,
	  .summary = "",
	  .classic = "people, if_new",
	  .flags = GW6C_OPT_LIST },
	{ .key = "plain", .type = GW6C_STR, .summary = "" },
	{ .key = NULL },
};
static const struct gw6c_tunnel_ops mode_ops = { .inner = 6 };
static const struct gw6c_feature_ops feature_ops = { .flags = 0 };
static const struct gw6c_plugin mode = { GW6C_HEAD(GW6C_TUNNEL, "six", ""),
					 .opts = dev_opts,
					 .tunnel = &mode_ops };
static const struct gw6c_plugin feature = { GW6C_HEAD(GW6C_FEATURE, "web", ""),
					    .opts = list_opts,
					    .feature = &feature_ops };
static const struct gw6c_plugin bare = { GW6C_HEAD(GW6C_AUTH, "bare", "") };

static struct conf *conf;
static struct gw6c_err err;

static void begin(const char *text)
{
	static const struct settings settings;

	fake_plugins[0] = &bare;
	fake_plugins[1] = &mode;
	fake_plugins[2] = &feature;
	fake_plugins[3] = NULL;
	err = (struct gw6c_err){ 0 };
	if (!conf)
		conf = conf_new();
	CU_ASSERT_EQUAL(conf_parse(conf, "t.conf", text, strlen(text),
				   CONF_DETECT, &err),
			GW6C_OK);
	CU_ASSERT_EQUAL(classic_adopt(fake_loader(conf), conf, &settings, &err),
			GW6C_OK);
}

static void end(void)
{
	conf_free(conf);
	conf = NULL;
}

/* "value@line", or "-". */
static const char *is(const char *key, int index)
{
	static char text[100];
	const struct setting *at = conf_get(conf, key, index);

	snprintf(text, sizeof(text), "-");
	if (at)
		snprintf(text, sizeof(text), "%s@%d", at->value, at->line);
	return text;
}

#define DEV "tunnel.six.interface"

static void each_name_is_known(void)
{
	begin("x.y=1\nif_new=a\n");
	CU_ASSERT_STRING_EQUAL(is(DEV, 0), "a@2");
	end();
	begin("\n\nif-old=b\n");
	CU_ASSERT_STRING_EQUAL(is(DEV, 0), "b@3");
	CU_ASSERT_PTR_NULL(conf_warning(conf, 0));
	end();
	begin("if_old=\n");
	CU_ASSERT_STRING_EQUAL(is(DEV, 0), "-");
	CU_ASSERT_PTR_NULL(conf_warning(conf, 0));
	end();
}

/* As it was written, or a number would pass for a text. */
static void that_it_had_no_quotes_is_kept(void)
{
	begin("if_new = 007;\npeople = ( \"a\", 010 );\n");
	CU_ASSERT_STRING_EQUAL(conf_get(conf, DEV, 0)->bare, "007");
	CU_ASSERT_EQUAL(conf_text(conf_get(conf, DEV, 0), false, &err),
			GW6C_ECONFIG);
	CU_ASSERT_STRING_EQUAL(err.text,
			       "t.conf:1: if_new: text needs quotes in this "
			       "syntax; write if_new = \"007\";");
	CU_ASSERT_PTR_NULL(conf_get(conf, "feature.web.users", 0)->bare);
	CU_ASSERT_STRING_EQUAL(conf_get(conf, "feature.web.users", 1)->bare,
			       "010");
	end();
}

static void the_option_itself_wins_then_the_first_name(void)
{
	begin("if_new=a\n" DEV "=c\nif_old=b\n");
	CU_ASSERT_STRING_EQUAL(is(DEV, 0), "c@2");
	CU_ASSERT_STRING_EQUAL(conf_warning(conf, 0),
			       "t.conf:1: if_new: ignored; overridden by " DEV
			       " at t.conf:2");
	CU_ASSERT_STRING_EQUAL(conf_warning(conf, 1),
			       "t.conf:3: if_old: ignored; overridden by " DEV
			       " at t.conf:2");
	CU_ASSERT_PTR_NULL(conf_warning(conf, 2));
	end();
	begin("if_old=b\nif_new=a\n");
	CU_ASSERT_STRING_EQUAL(is(DEV, 0), "a@2");
	CU_ASSERT_STRING_EQUAL(
		conf_warning(conf, 0),
		"t.conf:1: if_old: ignored; overridden by if_new "
		"at t.conf:2");
	CU_ASSERT_PTR_NULL(conf_warning(conf, 1));
	end();
	begin("if_old=b\nif_new=a\n" DEV "=\n");
	CU_ASSERT_STRING_EQUAL(is(DEV, 0), "a@2");
	end();
}

static void the_command_line_wins_and_letters_are_its_own(void)
{
	conf = conf_new();
	conf_set(conf, "-i", "x", "-i", &err);
	begin(DEV "=c\nif_new=a\n");
	CU_ASSERT_STRING_EQUAL(is(DEV, 0), "x@0");
	CU_ASSERT_PTR_NULL(conf_warning(conf, 0));
	end();
	begin("-i=x\n");
	CU_ASSERT_STRING_EQUAL(is(DEV, 0), "-");
	CU_ASSERT_PTR_NOT_NULL(strstr(conf_warning(conf, 0), "unknown key"));
	end();
	conf = conf_new();
	conf_set(conf, "-u", "x", "-u", &err);
	begin("auth.b.c=1\n");
	CU_ASSERT_STRING_EQUAL(conf_warning(conf, 0),
			       "option -u: ignored: no plugin that is "
			       "installed has this option");
	end();
}

static void several_plugins_may_know_a_name_and_lists_stay_lists(void)
{
	begin("if_new = \"a\";\n");
	CU_ASSERT_STRING_EQUAL(is(DEV, 0), "a@1");
	CU_ASSERT_STRING_EQUAL(is("feature.web.users", 0), "a@1");
	end();
	begin("people = [ \"ann\",\n\"bob\" ];\n");
	CU_ASSERT_STRING_EQUAL(is("feature.web.users", 1), "bob@1");
	CU_ASSERT_STRING_EQUAL(is("feature.web.users", 2), "-");
	CU_ASSERT_PTR_NULL(conf_warning(conf, 0));
	end();
}

static void what_remains_is_unknown(void)
{
	begin("if_neww=1\nplain=1\nsrever=x\n");
	CU_ASSERT_STRING_EQUAL(conf_warning(conf, 0),
			       "t.conf:1: if_neww: unknown key, ignored; did "
			       "you mean \"if_new\"?");
	CU_ASSERT_STRING_EQUAL(conf_warning(conf, 1),
			       "t.conf:2: plain: unknown key, ignored");
	CU_ASSERT_STRING_EQUAL(
		conf_warning(conf, 2),
		"t.conf:3: srever: unknown key, ignored; did you "
		"mean \"server\"?");
	end();
	fake_broken = "six";
	begin("if_old=1\n");
	CU_ASSERT_STRING_EQUAL(conf_warning(conf, 0),
			       "t.conf:1: if_old: unknown key, ignored");
	CU_ASSERT_PTR_NULL(conf_warning(conf, 1));
	fake_broken = NULL;
	end();
}

static const struct unit_test tests[] = {
	UNIT_TEST(each_name_is_known),
	UNIT_TEST(that_it_had_no_quotes_is_kept),
	UNIT_TEST(the_option_itself_wins_then_the_first_name),
	UNIT_TEST(the_command_line_wins_and_letters_are_its_own),
	UNIT_TEST(several_plugins_may_know_a_name_and_lists_stay_lists),
	UNIT_TEST(what_remains_is_unknown),
};

int main(void)
{
	return UNIT_RUN("classic", tests);
}
