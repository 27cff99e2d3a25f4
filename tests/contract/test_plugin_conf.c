/* test_plugin_conf.c - settings of plugins: who asked, what changed, what is
 * left over. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/modules/plugin_conf.h"
#include "tests/unit/unit.h"
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static char path[] = "/tmp/gw6c-plugin-conf-XXXXXX";
static struct gw6c_err err;
static char doubts[2000];

static struct conf *loaded(const char *text)
{
	struct conf *conf = conf_new();
	FILE *file = fopen(path, "w");

	CU_ASSERT_TRUE_FATAL(conf && file);
	fputs(text, file);
	fclose(file);
	CU_ASSERT_EQUAL_FATAL(conf_load(conf, path, &err), GW6C_OK);
	return conf;
}

static int line_of(const char *text, const char *feature)
{
	struct conf *conf = loaded(text);
	const struct setting *at = plugin_conf_feature(conf, feature);
	int line = at ? at->line : 0;

	conf_free(conf);
	return line;
}

static void the_line_that_asks_for_a_feature_is_found(void)
{
	static const char both[] = "x=1\nfeatures=one two-words\n"
				   "hap6_web_enabled=yes\n";

	CU_ASSERT_EQUAL(line_of(both, "one"), 2);
	CU_ASSERT_EQUAL(line_of(both, "two_words"), 2);
	CU_ASSERT_EQUAL(line_of(both, "two"), 0);
	CU_ASSERT_EQUAL(line_of(both, "home-web"), 0);
	/* libconfig tells the line of the list. */
	CU_ASSERT_EQUAL(line_of("\nfeatures = [ \"one\",\n\"two\" ];\n", "two"),
			2);
}

/* The same in both directions. */
static enum plugin_conf_change change(const char *one, const char *other)
{
	struct conf *a = loaded(one), *b = loaded(other);
	enum plugin_conf_change is;
	struct loader *loader;

	CU_ASSERT_EQUAL_FATAL(loader_new(MODULES, a, &loader, &err), GW6C_OK);
	is = plugin_conf_change(loader, a, b);
	CU_ASSERT_EQUAL(is, plugin_conf_change(loader, b, a));
	loader_free(loader);
	conf_free(a);
	conf_free(b);
	return is;
}

static void what_plugins_find_is_compared(void)
{
	static const char *const same[][2] = {
		{ "", "" },
		{ "os.linux.x=1\nserver=a\n",
		  "server=b\nos.linux.x=1\nmtu=1400\n" },
		{ "os.two-words.x-y=1\n", "os.two_words.x_y=1\n" },
	};
	static const char *const more[][2] = {
		{ "os.linux.x=1\n", "os.linux.x=2\n" },
		{ "os.linux.x=1\n", "" },
		{ "os.linux.x=1\n", "os.linux.y=1\n" },
		{ "os.linux.x=1\n", "os.null.x=1\n" },
		{ "feature.a.x=1\nos.linux.x=1\n",
		  "feature.a.x=2\nos.linux.x=2\n" },
		{ "os.linux.x=1\nfeature.a.x=1\n",
		  "os.linux.x=2\nfeature.a.x=2\n" },
	};
	static const char *const features[][2] = {
		{ "feature.a.x=1\n", "feature.a.x=2\n" },
		{ "feature.a.x=1\nos.linux.x=1\n", "os.linux.x=1\n" },
	};

	for (size_t i = 0; i < sizeof(same) / sizeof(same[0]); i++)
		CU_ASSERT_EQUAL(change(same[i][0], same[i][1]),
				PLUGIN_CONF_SAME);
	for (size_t i = 0; i < sizeof(more) / sizeof(more[0]); i++)
		CU_ASSERT_EQUAL(change(more[i][0], more[i][1]),
				PLUGIN_CONF_MORE);
	for (size_t i = 0; i < sizeof(features) / sizeof(features[0]); i++)
		CU_ASSERT_EQUAL(change(features[i][0], features[i][1]),
				PLUGIN_CONF_FEATURES);
}

static void note(const char *text)
{
	size_t used = strlen(doubts);

	snprintf(doubts + used, sizeof(doubts) - used, "%s\n",
		 text + (strncmp(text, path, strlen(path)) ? 0 : strlen(path)));
}

static const char *doubted(const char *text, const char *used)
{
	const struct gw6c_plugin *plugin;
	struct conf *conf = loaded(text);
	struct loader *loader;

	doubts[0] = 0;
	err = (struct gw6c_err){ 0 };
	CU_ASSERT_EQUAL_FATAL(loader_new(MODULES, conf, &loader, &err),
			      GW6C_OK);
	if (used)
		CU_ASSERT_EQUAL(loader_get(loader, GW6C_AUTH, used, NULL,
					   &plugin, &err),
				GW6C_OK);
	plugin_conf_doubt(loader, conf, note);
	loader_free(loader);
	conf_free(conf);
	return doubts;
}

static void settings_that_nobody_reads_are_told(void)
{
	/* In use, and right. */
	CU_ASSERT_STRING_EQUAL(doubted("auth.good.rounds=20\n", "good"), "");
	/* Not in use: right, wrong, unknown. */
	CU_ASSERT_STRING_EQUAL(doubted("auth.good.rounds=20\n", NULL), "");
	CU_ASSERT_STRING_EQUAL(doubted("\nauth.good.rounds=0\n", NULL),
			       ":2: auth.good.rounds: expected a number from 1 "
			       "to 4096, got \"0\"\n");
	/* All that is wrong, in order. */
	CU_ASSERT_STRING_EQUAL(
		doubted("auth.good.rounds=0\nauth.good.x=1\n", NULL),
		":1: auth.good.rounds: expected a number from 1 to 4096, got "
		"\"0\"\n:2: auth.good.x: auth 'good' has no such option; gw6c "
		"--describe auth:good lists all\n");
	CU_ASSERT_STRING_EQUAL(doubted("auth.good.round=1\n", NULL),
			       ":1: auth.good.round: auth 'good' has no such "
			       "option; did you mean 'rounds'?\n");
	/* Not installed: once, however much is set. */
	CU_ASSERT_STRING_EQUAL(doubted("os.absent.a=1\nos.absent.b=2\n", NULL),
			       ":1: os.absent.a: ignored: no os plugin "
			       "'absent' is installed; gw6c --list-plugins "
			       "lists all\n");
	CU_ASSERT_STRING_EQUAL(doubted("server=x\nosmosis.absent.a=1\n", NULL),
			       "");
}

int main(void)
{
	static const struct unit_test tests[] = {
		UNIT_TEST(the_line_that_asks_for_a_feature_is_found),
		UNIT_TEST(what_plugins_find_is_compared),
		UNIT_TEST(settings_that_nobody_reads_are_told),
	};
	struct stat info;
	int bad, fd;

	if (geteuid() == 0 && (stat(MODULES, &info) < 0 || info.st_uid != 0 ||
			       info.st_mode & (S_IWGRP | S_IWOTH))) {
		puts("skipped: root does not load from " MODULES);
		return 77;
	}
	fd = mkstemp(path);
	if (fd < 0)
		return 1;
	close(fd);
	bad = UNIT_RUN("plugin conf", tests);
	unlink(path);
	return bad;
}
