/* test_template.c - which backend "template" means. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/config/conf_parts.h"
#include "core/modules/template.h"
#include "tests/fake/fake_loader.h"
#include "tests/unit/unit.h"
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static int show(void *self, const struct gw6c_plan *plan,
		const struct gw6c_step *step, bool add,
		void (*line)(void *arg, const char *text), void *arg,
		struct gw6c_err *err)
{
	(void)self, (void)plan, (void)step, (void)add, (void)line, (void)arg;
	(void)err;
	return GW6C_OK;
}

static const struct gw6c_opt script_opts[] = {
	{ .key = "path", .type = GW6C_STR, .summary = "" },
	{ .key = "home", .type = GW6C_STR, .summary = "" },
	{ .key = NULL },
};
#define OPS(flags_, show_)                                                     \
	{                                                                      \
		.size = sizeof(struct gw6c_os_ops), .flags = (flags_),         \
		.show = (show_)                                                \
	}
static const struct gw6c_os_ops bare_ops = OPS(0, NULL);
static const struct gw6c_os_ops shows_ops = OPS(0, show);
static const struct gw6c_os_ops once_ops =
	OPS(GW6C_OS_DRY | GW6C_OS_ONCE, NULL);
static const struct gw6c_os_ops dry_ops = OPS(GW6C_OS_DRY, NULL);
static const struct gw6c_os_ops run_ops =
	OPS(GW6C_OS_SCRIPT | GW6C_OS_PROXY, show);
static const struct gw6c_plugin plugins[] = {
	{ GW6C_HEAD(GW6C_OS, DEFAULT_OS, ""), .os = &bare_ops },
	{ GW6C_HEAD(GW6C_OS, "bare", ""), .os = &bare_ops,
	  .aliases = "bare2000, barexp" },
	{ GW6C_HEAD(GW6C_OS, "once", ""), .os = &once_ops },
	{ GW6C_HEAD(GW6C_OS, "dry", ""), .os = &dry_ops },
	{ GW6C_HEAD(GW6C_OS, "runner", ""), .opts = script_opts,
	  .os = &run_ops },
	{ GW6C_HEAD(GW6C_OS, "shows", ""), .os = &shows_ops },
};

static struct settings settings;
static struct conf *conf;
static struct gw6c_err err;
static char os[LOADER_NAME];

static int choose(const char *name, bool dry_run)
{
	err = (struct gw6c_err){ 0 };
	conf_free(conf);
	conf = conf_new();
	conf_set(conf, "template", name, "-x", NULL);
	settings.template_name = name;
	return template_choose(fake_loader(conf), conf, &settings, dry_run, os,
			       &err);
}

static const char *value(const char *key)
{
	const struct setting *at = conf_get(conf, key, 0);

	return at ? at->value : "(none)";
}

static void reset(void)
{
	for (size_t i = 0; i < sizeof(plugins) / sizeof(plugins[0]); i++)
		fake_plugins[i] = &plugins[i];
	fake_plugins[sizeof(plugins) / sizeof(plugins[0])] = NULL;
	settings = (struct settings){ .gw6_dir = "/nowhere" };
}

static void a_backend_is_called_by_its_name(void)
{
	reset();
	CU_ASSERT_EQUAL(choose("bare", false), GW6C_OK);
	CU_ASSERT_STRING_EQUAL(os, "bare");
	CU_ASSERT_EQUAL(choose("Bare", false), GW6C_OK);
	CU_ASSERT_STRING_EQUAL(os, "bare");
	CU_ASSERT_PTR_NULL(conf_warning(conf, 0));
	CU_ASSERT_EQUAL(choose("", false), GW6C_OK);
	CU_ASSERT_STRING_EQUAL(os, DEFAULT_OS);
	CU_ASSERT_EQUAL(choose("once", false), GW6C_OK);
	CU_ASSERT_STRING_EQUAL(os, "once");
	CU_ASSERT_STRING_EQUAL(value("os.runner.home"), "(none)");
}

static void a_dry_run_takes_one_that_can_show(void)
{
	reset();
	CU_ASSERT_EQUAL(choose("bare", true), GW6C_OK);
	CU_ASSERT_STRING_EQUAL(os, "dry");
	CU_ASSERT_EQUAL(choose("shows", true), GW6C_OK);
	CU_ASSERT_STRING_EQUAL(os, "shows");
	CU_ASSERT_EQUAL(choose("once", true), GW6C_OK);
	CU_ASSERT_STRING_EQUAL(os, "once");
	CU_ASSERT_EQUAL(choose("", true), GW6C_OK);
	CU_ASSERT_STRING_EQUAL(os, "dry");
	settings.proxy_client = true;
	CU_ASSERT_EQUAL(choose("", false), GW6C_OK);
	CU_ASSERT_STRING_EQUAL(os, "dry");
	fake_plugins[3] = NULL;
	CU_ASSERT_EQUAL(choose("", false), GW6C_ECONFIG);
	CU_ASSERT_PTR_NOT_NULL(strstr(err.text, "no backend is installed that "
						"shows"));
}

static void an_old_name_draws_a_warning(void)
{
	reset();
	CU_ASSERT_EQUAL(choose("bareXP", false), GW6C_OK);
	CU_ASSERT_STRING_EQUAL(os, "bare");
	CU_ASSERT_STRING_EQUAL(conf_warning(conf, 0),
			       "option -x: template: \"bareXP\" is now called "
			       "\"bare\"");
	CU_ASSERT_PTR_NULL(conf_warning(conf, 1));
	CU_ASSERT_EQUAL(choose("bare2000", true), GW6C_OK);
	CU_ASSERT_STRING_EQUAL(os, "dry");
}

static void a_path_is_a_script(void)
{
	reset();
	CU_ASSERT_EQUAL(choose("/opt/my.sh", false), GW6C_OK);
	CU_ASSERT_STRING_EQUAL(os, "runner");
	CU_ASSERT_STRING_EQUAL(value("os.runner.path"), "/opt/my.sh");
	CU_ASSERT_STRING_EQUAL(value("os.runner.home"), "/nowhere");
	CU_ASSERT_EQUAL(choose("runner", false), GW6C_OK);
	CU_ASSERT_STRING_EQUAL(value("os.runner.path"), "(none)");
	CU_ASSERT_STRING_EQUAL(value("os.runner.home"), "/nowhere");
	fake_plugins[4] = NULL;
	CU_ASSERT_EQUAL(choose("/opt/my.sh", false), GW6C_ECONFIG);
	CU_ASSERT_PTR_NOT_NULL(
		strstr(err.text, "no backend that runs scripts"));
}

static void a_script_is_found_before_an_old_name(void)
{
	char home[] = "/tmp/gw6c-template.XXXXXX", dir[60], path[80];

	reset();
	CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(home));
	snprintf(dir, sizeof(dir), "%s/template", home);
	snprintf(path, sizeof(path), "%s/bareXP.sh", dir);
	mkdir(dir, 0755);
	fclose(fopen(path, "w"));
	settings.gw6_dir = home;
	CU_ASSERT_EQUAL(choose("bareXP", false), GW6C_OK);
	CU_ASSERT_STRING_EQUAL(os, "runner");
	CU_ASSERT_STRING_EQUAL(value("os.runner.path"), path);
	CU_ASSERT_PTR_NULL(conf_warning(conf, 0));
	unlink(path);
	rmdir(dir);
	rmdir(home);
}

static void a_script_with_the_name_of_a_backend_is_told(void)
{
	char home[] = "/tmp/gw6c-template.XXXXXX", dir[60], path[80];
	char text[400];

	reset();
	CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(home));
	snprintf(dir, sizeof(dir), "%s/template", home);
	snprintf(path, sizeof(path), "%s/bare.sh", dir);
	mkdir(dir, 0755);
	fclose(fopen(path, "w"));
	settings.gw6_dir = home;
	CU_ASSERT_EQUAL(choose("bare", false), GW6C_OK);
	CU_ASSERT_STRING_EQUAL(os, "bare");
	CU_ASSERT_STRING_EQUAL(value("os.runner.path"), "(none)");
	snprintf(text, sizeof(text),
		 "option -x: template: the backend \"bare\" is used, not your "
		 "script %s; write template=%s to use the script",
		 path, path);
	CU_ASSERT_STRING_EQUAL(conf_warning(conf, 0), text);
	CU_ASSERT_PTR_NULL(conf_warning(conf, 1));
	CU_ASSERT_EQUAL(choose("shows", false), GW6C_OK);
	CU_ASSERT_PTR_NULL(conf_warning(conf, 0));
	unlink(path);
	rmdir(dir);
	rmdir(home);
}

static void why_the_only_one_cannot_be_loaded_is_told(void)
{
	reset();
	fake_broken = "runner";
	CU_ASSERT_EQUAL(choose("/a/script", false), GW6C_ECONFIG);
	CU_ASSERT_PTR_NOT_NULL(strstr(err.text, "runner is broken"));
	fake_broken = "dry";
	CU_ASSERT_EQUAL(choose("", true), GW6C_ECONFIG);
	CU_ASSERT_STRING_EQUAL(err.text, "dry is broken");
	/* Another that works is enough. */
	fake_broken = "bare";
	CU_ASSERT_EQUAL(choose("/a/script", false), GW6C_OK);
	CU_ASSERT_STRING_EQUAL(os, "runner");
	CU_ASSERT_EQUAL(choose("", true), GW6C_OK);
	CU_ASSERT_STRING_EQUAL(os, "dry");
	fake_broken = NULL;
}

static void what_is_neither_is_told(void)
{
	reset();
	CU_ASSERT_EQUAL(choose("solaris", false), GW6C_ECONFIG);
	CU_ASSERT_STRING_EQUAL(
		err.text,
		"option -x: template: there is neither a backend \"solaris\" "
		"(is its package installed?) nor a script "
		"/nowhere/template/solaris.sh; backends that are installed: "
		"all of them");
	conf_free(conf);
}

static const struct unit_test tests[] = {
	UNIT_TEST(a_backend_is_called_by_its_name),
	UNIT_TEST(a_dry_run_takes_one_that_can_show),
	UNIT_TEST(an_old_name_draws_a_warning),
	UNIT_TEST(a_path_is_a_script),
	UNIT_TEST(a_script_is_found_before_an_old_name),
	UNIT_TEST(a_script_with_the_name_of_a_backend_is_told),
	UNIT_TEST(why_the_only_one_cannot_be_loaded_is_told),
	UNIT_TEST(what_is_neither_is_told),
};

int main(void)
{
	return UNIT_RUN("template", tests);
}
