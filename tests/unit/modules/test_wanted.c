/* test_wanted.c - which features a configuration asks for. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/config/conf_parts.h"
#include "core/modules/plugin_index.h"
#include "core/modules/wanted.h"
#include "tests/fake/fake_loader.h"
#include "tests/unit/unit.h"

static const struct gw6c_opt switch_opts[] = {
	{ .key = "other", .type = GW6C_YES, .summary = "" },
	{ .key = "on",
	  .type = GW6C_YES,
	  .summary = "",
	  .flags = GW6C_OPT_LOADS },
	{ .key = NULL },
};
static const struct gw6c_feature_ops plain_ops = { .flags = 0 };
static const struct gw6c_feature_ops four_ops = {
	.flags = GW6C_FEATURE_ROUTER4
};
static const struct gw6c_feature_ops six_ops = { .flags =
							 GW6C_FEATURE_ROUTER6 };
static const struct gw6c_tunnel_ops mode6_ops = { .inner = 6, .outer = 4 };
static const struct gw6c_tunnel_ops mode4_ops = { .inner = 4, .outer = 6 };
static const struct gw6c_plugin plugins[] = {
	{ GW6C_HEAD(GW6C_FEATURE, "four", ""), .feature = &four_ops },
	{ GW6C_HEAD(GW6C_FEATURE, "named", ""), .feature = &plain_ops },
	{ GW6C_HEAD(GW6C_FEATURE, "six", ""), .opts = switch_opts,
	  .feature = &six_ops },
	{ GW6C_HEAD(GW6C_FEATURE, "switch", ""), .opts = switch_opts,
	  .feature = &plain_ops },
	{ GW6C_HEAD(GW6C_TUNNEL, "m4", ""), .tunnel = &mode4_ops },
	{ GW6C_HEAD(GW6C_TUNNEL, "m6", ""), .tunnel = &mode6_ops },
};

static struct settings settings;
static struct feature_list list;
static struct gw6c_err err;
static char warning[200]; /* the first */
static bool marked; /* the first setting is read */

static void reset(void)
{
	for (size_t i = 0; i < sizeof(plugins) / sizeof(plugins[0]); i++)
		fake_plugins[i] = &plugins[i];
	fake_broken = NULL;
	err = (struct gw6c_err){ 0 };
	settings = (struct settings){ .tunnel_mode = "m6" };
}

static int want(const char *text)
{
	struct conf *conf = conf_new();
	int rc;

	conf_parse(conf, "t.conf", text, strlen(text), CONF_CLASSIC, NULL);
	rc = features_wanted(fake_loader(conf), conf, &settings, &list, &err);
	snprintf(warning, sizeof(warning), "%s",
		 conf_warning(conf, 0) ? conf_warning(conf, 0) : "");
	marked = conf_at(conf, 0) && conf_at(conf, 0)->used;
	CU_ASSERT_EQUAL(rc, err.rc);
	conf_free(conf);
	return rc;
}

/* The names in order, an implied one with "?". */
static const char *wanted(void)
{
	static char text[200];
	size_t used = 0;

	text[0] = 0;
	for (int i = 0; i < list.n; i++)
		used += (size_t)snprintf(text + used, sizeof(text) - used,
					 "%s%s ",
					 list.item[i].implied ? "?" : "",
					 list.item[i].plugin->name);
	return text;
}

static void those_that_are_named(void)
{
	reset();
	CU_ASSERT_EQUAL(want(""), GW6C_OK);
	CU_ASSERT_STRING_EQUAL(wanted(), "");
	settings.features[0] = "six";
	settings.features[1] = "named";
	CU_ASSERT_EQUAL(want(""), GW6C_OK);
	CU_ASSERT_STRING_EQUAL(wanted(), "six named ");
	settings.features[1] = "missing";
	CU_ASSERT_EQUAL(want("\nfeatures=six missing\n"), GW6C_ECONFIG);
	CU_ASSERT_STRING_EQUAL(err.text,
			       "t.conf:2: features: missing is missing");
}

bool plugin_index_package(const struct loader *loader, enum gw6c_kind kind,
			  const char *name, char package[OPTION_TEXT])
{
	(void)loader;
	snprintf(package, OPTION_TEXT, "pkg");
	return kind == GW6C_FEATURE &&
	       (strcmp(name, "boxed") == 0 || strcmp(name, "six") == 0);
}

static void the_package_of_a_missing_one_is_named(void)
{
	reset();
	settings.features[0] = "boxed";
	CU_ASSERT_EQUAL(want("features=boxed\n"), GW6C_ECONFIG);
	CU_ASSERT_STRING_EQUAL(err.text,
			       "t.conf:1: features: boxed is missing; install "
			       "the package pkg");
	/* What is there and broken would be no better installed again. */
	settings.features[0] = "six";
	fake_broken = "six";
	CU_ASSERT_EQUAL(want("features=six\n"), GW6C_ECONFIG);
	CU_ASSERT_STRING_EQUAL(err.text, "t.conf:1: features: six is broken");
}

static void those_that_an_option_switches_on(void)
{
	reset();
	CU_ASSERT_EQUAL(want("feature.switch.on=true\n"), GW6C_OK);
	CU_ASSERT_STRING_EQUAL(wanted(), "switch ");
	CU_ASSERT_EQUAL(want("feature.switch.on=no\n"
			     "feature.switch.other=yes\n"),
			GW6C_OK);
	CU_ASSERT_STRING_EQUAL(wanted(), "");
	CU_ASSERT_EQUAL(want("feature.switch.on=\n"), GW6C_OK);
	CU_ASSERT_STRING_EQUAL(wanted(), "");
	settings.features[0] = "switch";
	CU_ASSERT_EQUAL(want("feature.switch.on=yes\n"), GW6C_OK);
	CU_ASSERT_STRING_EQUAL(wanted(), "switch ");
	reset();
	CU_ASSERT_EQUAL(want("feature.switch.on=perhaps\n"), GW6C_ECONFIG);
	CU_ASSERT_PTR_NOT_NULL(strstr(err.text, "t.conf:1: feature.switch.on: "
						"expected yes or no"));
}

static void those_of_use_on_a_router_of_the_family(void)
{
	reset();
	settings.router = true;
	CU_ASSERT_EQUAL(want(""), GW6C_OK);
	CU_ASSERT_STRING_EQUAL(wanted(), "?six ");
	settings.features[0] = "six";
	CU_ASSERT_EQUAL(want(""), GW6C_OK);
	CU_ASSERT_STRING_EQUAL(wanted(), "six ");
	settings.features[0] = NULL;
	settings.tunnel_mode = "m4";
	CU_ASSERT_EQUAL(want(""), GW6C_OK);
	CU_ASSERT_STRING_EQUAL(wanted(), "?four ");
	settings.proxy_client = true;
	CU_ASSERT_EQUAL(want(""), GW6C_OK);
	CU_ASSERT_STRING_EQUAL(wanted(), "");
}

/* Once, and plugin_conf_doubt() says it no second time. */
static void an_implied_one_with_wrong_options_is_left_out(void)
{
	reset();
	settings.router = true;
	CU_ASSERT_EQUAL(want("feature.six.other=perhaps\n"), GW6C_OK);
	CU_ASSERT_STRING_EQUAL(wanted(), "");
	CU_ASSERT_STRING_EQUAL(warning,
			       "t.conf:1: feature.six.other: expected yes or "
			       "no, got \"perhaps\"; feature six is left out");
	CU_ASSERT_TRUE(marked);
	CU_ASSERT_EQUAL(want("\nfeature.four.x=1\n"), GW6C_OK);
	CU_ASSERT_STRING_EQUAL(wanted(), "?six ");
	CU_ASSERT_STRING_EQUAL(warning, "");
	CU_ASSERT_FALSE(marked);
}

static void a_broken_one_matters_only_if_it_is_asked_for(void)
{
	reset();
	settings.router = true;
	fake_broken = "six";
	CU_ASSERT_EQUAL(want("feature.switch.on=yes\n"), GW6C_OK);
	CU_ASSERT_STRING_EQUAL(wanted(), "switch ");
	settings.features[0] = "six";
	CU_ASSERT_EQUAL(want(""), GW6C_ECONFIG);
	CU_ASSERT_STRING_EQUAL(err.text, "six is broken");
	reset();
	settings.router = true;
	settings.tunnel_mode = "m7";
	CU_ASSERT_EQUAL(want(""), GW6C_ECONFIG);
}

static const struct unit_test tests[] = {
	UNIT_TEST(those_that_are_named),
	UNIT_TEST(the_package_of_a_missing_one_is_named),
	UNIT_TEST(those_that_an_option_switches_on),
	UNIT_TEST(those_of_use_on_a_router_of_the_family),
	UNIT_TEST(an_implied_one_with_wrong_options_is_left_out),
	UNIT_TEST(a_broken_one_matters_only_if_it_is_asked_for),
};

int main(void)
{
	return UNIT_RUN("wanted", tests);
}
