/* test_plugin_index.c - which package is named, and when. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/config/conf_parts.h"
#include "core/modules/plugin_index.h"
#include "tests/fake/fake_loader.h"
#include "tests/unit/unit.h"
#include <limits.h>
#include <stdlib.h>
#include <unistd.h>

static const struct gw6c_feature_ops feature_ops = { .flags = 0 };
static const struct gw6c_plugin web = { GW6C_HEAD(GW6C_FEATURE, "home-web", ""),
					.feature = &feature_ops };
static struct conf *conf;

static void begin(const char *text, const struct settings *settings)
{
	static const struct settings empty;
	struct gw6c_err err = { 0 };

	conf = conf_new();
	CU_ASSERT_EQUAL(conf_parse(conf, "t.conf", text, strlen(text),
				   CONF_CLASSIC, &err),
			GW6C_OK);
	plugin_index_apply(fake_loader(conf), conf,
			   settings ? settings : &empty);
}

static bool said(const char *text)
{
	const char *got = conf_warning(conf, 0);
	bool same = text ? got && strcmp(got, text) == 0 : !got;

	if (!same)
		printf("\n    got \"%s\"", got ? got : "nothing");
	same = same && !conf_warning(conf, !!text);
	conf_free(conf);
	return same;
}

#define NEEDS_WEB                                                              \
	"needs the plugin feature:home-web, which is not installed; install "  \
	"the package gw6c-plugin-home-web"
#define NEEDS_ROUTER                                                           \
	"host_type: needs the plugin feature:router-adv, which is not "        \
	"installed: hosts behind this router get no router advertisements "    \
	"(set ra=none if another program sends them); install the package "    \
	"gw6c-plugin-router"

static void the_package_of_a_name_is_known(void)
{
	char package[OPTION_TEXT] = "";
	struct conf *none = conf_new();
	struct loader *loader = fake_loader(none);

	CU_ASSERT_TRUE(plugin_index_package(loader, GW6C_FEATURE, "home_web",
					    package));
	CU_ASSERT_STRING_EQUAL(package, "gw6c-plugin-home-web");
	CU_ASSERT_FALSE(
		plugin_index_package(loader, GW6C_TUNNEL, "home-web", package));
	CU_ASSERT_FALSE(
		plugin_index_package(loader, GW6C_FEATURE, "home", package));
	conf_free(none);
}

static void what_is_asked_for_is_named_with_its_package(void)
{
	static const char *const cases[][2] = {
		{ "\nhap6_web_enabled=yes\n",
		  "t.conf:2: hap6_web_enabled: " NEEDS_WEB },
		{ "haccess_web_enabled=ON\n",
		  "t.conf:1: haccess_web_enabled: " NEEDS_WEB },
		{ "hap6_web_enabled=no\n", NULL },
		{ "hap6_web_enabled=perhaps\n", NULL },
		{ "hap6_document_root=/srv\n", NULL },
		{ "hap6_proxy_enabled=yes\n",
		  "t.conf:1: hap6_proxy_enabled: needs the plugin "
		  "feature:home-access, which is not installed; install the "
		  "package gw6c-plugin-home-access" },
		{ "host_type=Router\n", "t.conf:1: " NEEDS_ROUTER },
		{ "host_type=host\n", NULL },
		{ "host_type=router\nra=none\n", NULL },
		{ "ra=radvd\nhost_type=router\n", "t.conf:2: " NEEDS_ROUTER },
		{ "host_type=router\nproxy_client=yes\n", NULL },
		{ "host_type=router\nproxy_client=no\n",
		  "t.conf:1: " NEEDS_ROUTER },
		{ "host_type=router\ntunnel_mode=v4v6\n", NULL },
		{ "host_type=router\ntunnel_mode=v6v4\n",
		  "t.conf:1: " NEEDS_ROUTER },
	};

	fake_plugins[0] = NULL;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		begin(cases[i][0], NULL);
		if (!said(cases[i][1]))
			CU_FAIL(cases[i][0]);
	}
}

static void its_settings_are_known(void)
{
	fake_plugins[0] = NULL;
	begin("hap6_document_root=/srv\nhaccess_web_enabled=no\nra=radvd\n"
	      "ra_other=1\n",
	      NULL);
	for (size_t i = 0; i < 4; i++)
		CU_ASSERT_EQUAL(settings_is_unknown(conf_at(conf, i)), i == 3);
	conf_free(conf);
}

static void what_is_installed_or_named_is_none_of_its_business(void)
{
	struct settings settings = { .features = { "x", "home_web" } };

	fake_plugins[0] = NULL;
	begin("hap6_web_enabled=yes\n", &settings);
	CU_ASSERT_TRUE(said(NULL));
	fake_plugins[0] = &web;
	begin("hap6_web_enabled=yes\n", NULL);
	CU_ASSERT_FALSE(conf_at(conf, 0)->used);
	CU_ASSERT_TRUE(said(NULL));
}

static void a_plugin_directory_may_have_an_index_of_its_own(void)
{
	char dir[] = "/tmp/gw6c-index.XXXXXX", path[PATH_MAX];
	FILE *file;

	CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(dir));
	snprintf(path, sizeof(path), "%s/plugins.index", dir);
	file = fopen(path, "w");
	CU_ASSERT_PTR_NOT_NULL_FATAL(file);
	fputs("# os:x y c=1\n\nbad:x y c=1\nnone y c=1\nos:x\n"
	      "os:new   pack  c=1 # d=1\n",
	      file);
	fclose(file);
	fake_plugins[0] = NULL;
	fake_dir = dir;
	begin("c=1\n", NULL);
	CU_ASSERT_TRUE(said("t.conf:1: c: needs the plugin os:new, which is "
			    "not installed; install the package pack"));
	begin("d=1\nhap6_web_enabled=yes\n", NULL);
	CU_ASSERT_TRUE(said(NULL));
	fake_dir = SRCDIR "/conf";
	unlink(path);
	rmdir(dir);
}

static const struct unit_test tests[] = {
	UNIT_TEST(the_package_of_a_name_is_known),
	UNIT_TEST(what_is_asked_for_is_named_with_its_package),
	UNIT_TEST(its_settings_are_known),
	UNIT_TEST(what_is_installed_or_named_is_none_of_its_business),
	UNIT_TEST(a_plugin_directory_may_have_an_index_of_its_own),
};

int main(void)
{
	fake_dir = SRCDIR "/conf";
	return UNIT_RUN("plugin_index", tests);
}
